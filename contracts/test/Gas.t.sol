// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../src/IRoutingBatchRegistry.sol";
import {FakeGate} from "./FakeGate.sol";
import {LeafTree} from "./LeafTree.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @notice Gas of whole transactions, as snapshots/GasTest.json keeps them: intrinsic cost and call data included,
/// storage cold. Of verifyLeaf the execution only: it is for other contracts to call.
contract GasTest is RegistryTest {
    uint256 private constant MOST_FOR_A_COMMIT = 85_000;

    function setUp() public override {
        super.setUp();
        _pretendSize(uint64(1) << 32);
        _commit(_full());
    }

    function test_gas_commit() public {
        IRoutingBatchRegistry.Header memory header = _full();
        _commit(header);
        uint256 used = vm.snapshotGasLastCall("commitBatch, 1200 leaves");
        vm.assertLe(used, MOST_FOR_A_COMMIT, "the bound of the design");
    }

    function test_gas_commit_first() public {
        _open(OTHER_SALT);
        vm.prank(COMMITTER);
        registry.publishPolicy(OTHER_LANE, POLICY, _oneRoute(ROUTE, _upTo(3, 5)));
        vm.snapshotGasLastCall("publishPolicy, one route");
        IRoutingBatchRegistry.Header memory header = _full();
        header.lane = OTHER_LANE;
        header.sequence = 1;
        header.previousHead = 0;
        header.firstSnapshot = 1;
        header.size = 1200;
        _commit(header);
        vm.snapshotGasLastCall("commitBatch, first of a lane");
    }

    function test_gas_commit_gated() public {
        FakeGate gate = new FakeGate();
        vm.prank(OWNER);
        registry.setGate(LANE, gate);
        _commit(_full());
        _commit(_full());
        vm.snapshotGasLastCall("commitBatch, gate that keeps a word and a count");
    }

    function test_gas_commit_withData() public {
        IRoutingBatchRegistry.Header memory header = _full();
        bytes memory leaves = new bytes(96 * 1200);
        for (uint256 i = 0; i < 1200; ++i) {
            bytes memory leaf = _leaf(i);
            for (uint256 k = 0; k < 96; ++k) {
                leaves[96 * i + k] = leaf[k];
            }
        }
        vm.prank(COMMITTER);
        registry.commitBatchWithData(header, leaves);
        vm.snapshotGasLastCall("commitBatchWithData, 1200 leaves");
    }

    function test_gas_verifyLeaf_inAThousand() public {
        _verifyInLogOf(1000);
        vm.snapshotGasLastCall("verifyLeaf, log of 10^3, without call data");
    }

    function test_gas_verifyLeaf_inAMillion() public {
        _verifyInLogOf(1_000_000);
        vm.snapshotGasLastCall("verifyLeaf, log of 10^6, without call data");
    }

    function test_gas_verifyLeaf_inABillion() public {
        _verifyInLogOf(1_000_000_000);
        vm.snapshotGasLastCall("verifyLeaf, log of 10^9, without call data");
    }

    function test_gas_lanes() public {
        _open(OTHER_SALT);
        vm.snapshotGasLastCall("openLane");
        vm.prank(OWNER);
        registry.rotateCommitter(LANE, STRANGER);
        vm.snapshotGasLastCall("rotateCommitter");
        vm.prank(OWNER);
        registry.setSigner(LANE, STRANGER);
        vm.snapshotGasLastCall("setSigner");
    }

    /// @dev Of the last thousand leaves the one with the longest way up. A log as large cannot be made in a test, so
    /// the neighbours are arbitrary words, and the root is computed from them.
    function _verifyInLogOf(uint64 size) private {
        uint64 index = size - 1;
        for (uint64 other = size - 1000; other < size; ++other) {
            if (LeafTree.pathLength(other, size) > LeafTree.pathLength(index, size)) index = other;
        }
        bytes32[] memory proof = new bytes32[](LeafTree.pathLength(index, size));
        for (uint256 i = 0; i < proof.length; ++i) {
            proof[i] = keccak256(abi.encode("neighbour", i));
        }
        bytes memory leaf = _leaf(index);
        _pretendSize(size - 1000);
        IRoutingBatchRegistry.Header memory header = _full();
        _grow(header, size - 1000, size);
        header.root = LeafTree.rootOver(sha256(bytes.concat(bytes1(0), leaf)), index, size, proof);
        _commit(header);
        vm.assertTrue(registry.verifyLeaf(header, NOW, leaf, index, proof));
    }

    /// @dev Every hash and number as wide as in a batch of a busy lane that has committed for a while.
    function _full() private view returns (IRoutingBatchRegistry.Header memory header) {
        header = _next();
        header.firstCounter = (uint64(1) << 32) + header.firstCounter;
        header.lastCounter = header.firstCounter + 1199;
        header.completeThrough = header.firstCounter + 1000;
        header.count = 1200;
        header.outcomes = 1150;
        header.size += 1190;
    }

    /// @dev As a fast outcome's leaf: two hashes' worth of noise, the rest numbers that are often zero or 0xff.
    function _leaf(uint256 index) private pure returns (bytes memory) {
        bytes32 hash = keccak256(abi.encode(index));
        return abi.encodePacked(
            hash,
            bytes18(0x0102010700030500018f2b3c4d5effffffff),
            bytes14(0x0000000100010001000101000000),
            bytes16(type(uint128).max),
            bytes16(keccak256(abi.encode(hash)))
        );
    }
}
