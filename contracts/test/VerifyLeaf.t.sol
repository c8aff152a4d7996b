// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../src/IRoutingBatchRegistry.sol";
import {LeafTree} from "./LeafTree.sol";
import {RegistryTest} from "./RegistryTest.sol";

contract VerifyLeafTest is RegistryTest {
    using LeafTree for bytes32[];

    /// @dev Each batch of each small log: its own leaves verify, those of batches before do not.
    function test_verifyLeaf_everyPlaceOfEverySmallLog() public {
        for (uint64 size = 1; size <= 17; ++size) {
            bytes32[] memory hashes = LeafTree.leafHashes(_leaves(size));
            for (uint64 before = 0; before < size; before += 1 + before / 4) {
                IRoutingBatchRegistry.Header memory header = _committed(before, size, hashes.root());
                for (uint64 index = 0; index < size; ++index) {
                    bool verified = registry.verifyLeaf(header, NOW, _leaf(index), index, hashes.proof(index));
                    vm.assertEq(verified, index >= before, "of this batch");
                }
            }
        }
    }

    function testFuzz_verifyLeaf_onlyThatLeafAtThatPlace(uint256 seed) public {
        uint64 size = uint64(seed % 1200 + 1);
        uint64 index = uint64((seed >> 32) % size);
        uint64 before = uint64((seed >> 160) % (index + 1));
        bytes32[] memory hashes = LeafTree.leafHashes(_leaves(size));
        IRoutingBatchRegistry.Header memory header = _committed(before, size, hashes.root());
        bytes32[] memory proof = hashes.proof(index);
        bytes memory leaf = _leaf(index);
        vm.assertTrue(registry.verifyLeaf(header, NOW, leaf, index, proof));

        uint64 other = uint64((seed >> 64) % 1300);
        vm.assertEq(registry.verifyLeaf(header, NOW, leaf, other, proof), other == index, "another place");
        leaf[(seed >> 96) % 96] ^= 0x01;
        vm.assertFalse(registry.verifyLeaf(header, NOW, leaf, index, proof));
        leaf = _leaf(index);
        if (proof.length == 0) return;
        proof[(seed >> 128) % proof.length] ^= bytes32(uint256(1) << (seed >> 248));
        vm.assertFalse(registry.verifyLeaf(header, NOW, leaf, index, proof));
    }

    /// @dev Up to the largest log there could be, against the definition by recursion.
    function testFuzz_verifyLeaf_anySize(uint64 size, uint64 fromEnd, uint64 other, uint256 seed) public {
        vm.assume(size != 0);
        uint64 count = size < 1200 ? size : 1200;
        uint64 index = size - 1 - fromEnd % count;
        bytes32[] memory proof = new bytes32[](LeafTree.pathLength(index, size));
        for (uint256 i = 0; i < proof.length; ++i) {
            proof[i] = keccak256(abi.encode(seed, i));
        }
        bytes memory leaf = _leaf(seed);
        bytes32 root = LeafTree.rootOver(sha256(bytes.concat(bytes1(0), leaf)), index, size, proof);
        IRoutingBatchRegistry.Header memory header = _committed(size - count, size, root);
        vm.assertTrue(registry.verifyLeaf(header, NOW, leaf, index, proof));

        vm.assertEq(registry.verifyLeaf(header, NOW, leaf, other, proof), other == index, "another place");
        uint64 near = size - 1 - other % count;
        vm.assertEq(registry.verifyLeaf(header, NOW, leaf, near, proof), near == index, "another place of the batch");
        if (proof.length == 0) return;
        proof[seed % proof.length] ^= bytes32(uint256(1) << (seed >> 248));
        vm.assertFalse(registry.verifyLeaf(header, NOW, leaf, index, proof));
    }

    /// @dev The path leads to the later root, but that leaf is another batch's.
    function test_verifyLeaf_ofTheBatchBefore_isFalse() public {
        bytes32[] memory hashes = LeafTree.leafHashes(_leaves(3));
        IRoutingBatchRegistry.Header memory first = _committed(0, 3, hashes.root());
        bytes32[] memory all = LeafTree.leafHashes(_leaves(5));
        IRoutingBatchRegistry.Header memory second = _next();
        _grow(second, 3, 5);
        second.root = all.root();
        _commit(second);

        vm.assertTrue(registry.verifyLeaf(first, NOW, _leaf(2), 2, hashes.proof(2)));
        vm.assertFalse(registry.verifyLeaf(second, NOW, _leaf(2), 2, all.proof(2)));
        vm.assertTrue(registry.verifyLeaf(second, NOW, _leaf(3), 3, all.proof(3)));
        vm.assertFalse(registry.verifyLeaf(first, NOW, _leaf(3), 3, all.proof(3)));
    }

    function testFuzz_verifyLeaf_changedHeader(uint256 seed) public {
        (IRoutingBatchRegistry.Header memory header, bytes32[] memory proof) = _committedFive();
        bytes memory call = abi.encodeCall(IRoutingBatchRegistry.verifyLeaf, (header, NOW, _leaf(2), 2, proof));
        // Any bit of the header, or of the time behind it.
        call[4 + seed % (21 * 32)] ^= bytes1(uint8(1) << uint8(seed >> 250) % 8);
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
        _grow(header, 5, 10);
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

    /// @dev A lane may commit any root, also one to which a path of another length leads.
    function test_verifyLeaf_proofOfAnotherLengthThatLeadsToTheRoot_isFalse() public {
        bytes32 hash = sha256(bytes.concat(bytes1(0), _leaf(0)));
        bytes32[] memory one = new bytes32[](1);
        one[0] = keccak256("neighbour");
        bytes32 root = sha256(bytes.concat(bytes1(0x01), one[0], hash));
        vm.assertFalse(registry.verifyLeaf(_committed(0, 1, root), NOW, _leaf(0), 0, one));
        vm.assertFalse(registry.verifyLeaf(_committed(0, 2, hash), NOW, _leaf(0), 0, new bytes32[](0)));
        vm.assertTrue(registry.verifyLeaf(_committed(0, 2, root), NOW, _leaf(0), 1, one));
    }

    function test_verifyLeaf_indexBeyondSize_isFalse() public {
        (IRoutingBatchRegistry.Header memory header, bytes32[] memory proof) = _committedFive();
        vm.assertFalse(registry.verifyLeaf(header, NOW, _leaf(2), 5, proof));
        vm.assertFalse(registry.verifyLeaf(header, NOW, _leaf(2), 2 + 8, proof));
        vm.assertFalse(registry.verifyLeaf(header, NOW, _leaf(2), type(uint64).max, proof));
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
        IRoutingBatchRegistry.Header memory header = _committed(0, 1, LeafTree.leafHashes(leaves).root());
        vm.assertFalse(registry.verifyLeaf(header, NOW, leaf, 0, new bytes32[](0)));
    }

    function _committedFive() private returns (IRoutingBatchRegistry.Header memory header, bytes32[] memory proof) {
        bytes32[] memory hashes = LeafTree.leafHashes(_leaves(5));
        header = _committed(0, 5, hashes.root());
        proof = hashes.proof(2);
    }

    function _committed(uint64 before, uint64 size, bytes32 root)
        private
        returns (IRoutingBatchRegistry.Header memory header)
    {
        _pretendSize(before);
        header = _next();
        _grow(header, before, size);
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
