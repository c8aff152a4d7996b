// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../src/IRoutingBatchRegistry.sol";
import {LeafTree} from "./LeafTree.sol";
import {RegistryTest} from "./RegistryTest.sol";

contract VerifyLeafTest is RegistryTest {
    using LeafTree for bytes32[];

    function test_verifyLeaf_everyPlaceOfEverySmallTree() public {
        for (uint256 count = 1; count <= 17; ++count) {
            bytes32[] memory hashes = LeafTree.leafHashes(_leaves(count));
            IRoutingBatchRegistry.Header memory header = _committed(count, hashes.root());
            for (uint256 index = 0; index < count; ++index) {
                vm.assertTrue(registry.verifyLeaf(header, NOW, _leaf(index), index, hashes.proof(index)));
            }
        }
    }

    function testFuzz_verifyLeaf_onlyThatLeafAtThatPlace(uint256 seed) public {
        uint256 count = seed % 1200 + 1;
        uint256 index = (seed >> 32) % count;
        bytes32[] memory hashes = LeafTree.leafHashes(_leaves(count));
        IRoutingBatchRegistry.Header memory header = _committed(count, hashes.root());
        bytes32[] memory proof = hashes.proof(index);
        bytes memory leaf = _leaf(index);
        vm.assertTrue(registry.verifyLeaf(header, NOW, leaf, index, proof));

        uint256 other = (seed >> 64) % 1300;
        vm.assertEq(registry.verifyLeaf(header, NOW, leaf, other, proof), other == index, "another place");
        leaf[(seed >> 96) % 96] ^= 0x01;
        vm.assertFalse(registry.verifyLeaf(header, NOW, leaf, index, proof));
        leaf = _leaf(index);
        if (proof.length == 0) return;
        proof[(seed >> 128) % proof.length] ^= bytes32(uint256(1) << (seed >> 248));
        vm.assertFalse(registry.verifyLeaf(header, NOW, leaf, index, proof));
    }

    function testFuzz_verifyLeaf_changedHeader(uint256 seed) public {
        (IRoutingBatchRegistry.Header memory header, bytes32[] memory proof) = _committedFive();
        bytes memory call = abi.encodeCall(IRoutingBatchRegistry.verifyLeaf, (header, NOW, _leaf(2), 2, proof));
        // Any bit of the header, or of the time behind it.
        call[4 + seed % (20 * 32)] ^= bytes1(uint8(1) << uint8(seed >> 250) % 8);
        (bool ok, bytes memory answer) = address(registry).staticcall(call);
        vm.assertFalse(ok && abi.decode(answer, (bool)));
    }

    function test_verifyLeaf_otherTime_isFalse() public {
        (IRoutingBatchRegistry.Header memory header, bytes32[] memory proof) = _committedFive();
        vm.assertTrue(registry.verifyLeaf(header, NOW, _leaf(2), 2, proof));
        vm.assertFalse(registry.verifyLeaf(header, NOW + 1, _leaf(2), 2, proof));
    }

    function test_verifyLeaf_notCommitted_isFalse() public {
        (, bytes32[] memory proof) = _committedFive();
        IRoutingBatchRegistry.Header memory header = _next();
        header.count = 5;
        header.root = LeafTree.leafHashes(_leaves(5)).root();
        vm.assertFalse(registry.verifyLeaf(header, NOW, _leaf(2), 2, proof));
    }

    function test_verifyLeaf_proofTooShortOrTooLong_isFalse() public {
        (IRoutingBatchRegistry.Header memory header, bytes32[] memory proof) = _committedFive();
        bytes32[] memory other = new bytes32[](proof.length - 1);
        for (uint256 i = 0; i < other.length; ++i) {
            other[i] = proof[i];
        }
        vm.assertFalse(registry.verifyLeaf(header, NOW, _leaf(2), 2, other));
        other = new bytes32[](proof.length + 1);
        for (uint256 i = 0; i < proof.length; ++i) {
            other[i] = proof[i];
        }
        vm.assertFalse(registry.verifyLeaf(header, NOW, _leaf(2), 2, other));
        vm.assertFalse(registry.verifyLeaf(header, NOW, _leaf(2), 2, new bytes32[](0)));
        vm.assertFalse(registry.verifyLeaf(header, NOW, _leaf(2), 2, new bytes32[](300)));
    }

    function test_verifyLeaf_indexBeyondCount_isFalse() public {
        (IRoutingBatchRegistry.Header memory header, bytes32[] memory proof) = _committedFive();
        vm.assertFalse(registry.verifyLeaf(header, NOW, _leaf(2), 5, proof));
        vm.assertFalse(registry.verifyLeaf(header, NOW, _leaf(2), 2 + 8, proof));
        vm.assertFalse(registry.verifyLeaf(header, NOW, _leaf(2), type(uint256).max, proof));
    }

    /// @dev An inner node has 64 bytes and another prefix; neither it nor anything but 96 bytes passes for a leaf.
    function test_verifyLeaf_otherLength_isFalse() public {
        bytes memory short = new bytes(95);
        bytes memory long = new bytes(97);
        bytes memory node = abi.encodePacked(keccak256("left"), keccak256("right"));
        _expectNoLeaf(short);
        _expectNoLeaf(long);
        _expectNoLeaf(node);
        _expectNoLeaf("");
    }

    function _expectNoLeaf(bytes memory leaf) private {
        bytes[] memory leaves = new bytes[](1);
        leaves[0] = leaf;
        IRoutingBatchRegistry.Header memory header = _committed(1, LeafTree.leafHashes(leaves).root());
        vm.assertFalse(registry.verifyLeaf(header, NOW, leaf, 0, new bytes32[](0)));
    }

    function _committedFive() private returns (IRoutingBatchRegistry.Header memory header, bytes32[] memory proof) {
        bytes32[] memory hashes = LeafTree.leafHashes(_leaves(5));
        header = _committed(5, hashes.root());
        proof = hashes.proof(2);
    }

    function _committed(uint256 count, bytes32 root) private returns (IRoutingBatchRegistry.Header memory header) {
        header = _next();
        header.count = uint32(count);
        header.outcomes = uint32(count);
        header.root = root;
        _commit(header);
    }

    function _leaves(uint256 count) private pure returns (bytes[] memory leaves) {
        leaves = new bytes[](count);
        for (uint256 i = 0; i < count; ++i) {
            leaves[i] = _leaf(i);
        }
    }

    function _leaf(uint256 index) private pure returns (bytes memory) {
        return abi.encode(index, ~index, keccak256(abi.encode(index)));
    }
}
