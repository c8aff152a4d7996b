// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../src/IRoutingBatchRegistry.sol";
import {FakeGate} from "./FakeGate.sol";
import {LeafTree} from "./LeafTree.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @notice Gas of whole transactions, as snapshots/GasTest.json keeps them: intrinsic cost and call data included,
/// storage cold. Of verifyLeaf the execution only: it is for other contracts to call.
contract GasTest is RegistryTest {
    using LeafTree for bytes32[];

    uint256 private constant MOST_FOR_A_COMMIT = 85_000;

    function setUp() public override {
        super.setUp();
        _commit(_full());
    }

    function test_gas_commit() public {
        IRoutingBatchRegistry.Header memory header = _full();
        _commit(header);
        uint256 used = vm.snapshotGasLastCall("commitBatch, 1200 leaves");
        vm.assertLe(used, MOST_FOR_A_COMMIT, "the bound of the design");
    }

    function test_gas_commit_first() public {
        vm.prank(OWNER);
        registry.openLane(LANE + 1, COMMITTER);
        vm.prank(COMMITTER);
        registry.publishPolicy(LANE + 1, POLICY, _oneRoute(ROUTE, _upTo(3, 5)));
        vm.snapshotGasLastCall("publishPolicy, one route");
        IRoutingBatchRegistry.Header memory header = _full();
        header.lane = LANE + 1;
        header.sequence = 1;
        header.previousHead = 0;
        header.firstSnapshot = 1;
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
        header.leavesHash = keccak256(leaves);
        vm.prank(COMMITTER);
        registry.commitBatchWithData(header, leaves);
        vm.snapshotGasLastCall("commitBatchWithData, 1200 leaves");
    }

    function test_gas_verifyLeaf() public {
        bytes[] memory leaves = new bytes[](1200);
        for (uint256 i = 0; i < leaves.length; ++i) {
            leaves[i] = _leaf(i);
        }
        bytes32[] memory hashes = LeafTree.leafHashes(leaves);
        IRoutingBatchRegistry.Header memory header = _full();
        header.root = hashes.root();
        _commit(header);
        bytes32[] memory proof = hashes.proof(777);
        vm.assertTrue(registry.verifyLeaf(header, NOW, leaves[777], 777, proof));
        vm.snapshotGasLastCall("verifyLeaf, 1200 leaves, without call data");
    }

    function test_gas_lanes() public {
        vm.prank(OWNER);
        registry.openLane(LANE + 1, COMMITTER);
        vm.snapshotGasLastCall("openLane");
        vm.prank(OWNER);
        registry.rotateCommitter(LANE, STRANGER);
        vm.snapshotGasLastCall("rotateCommitter");
    }

    /// @dev Every hash and number as wide as in a batch of a busy lane that has committed for a while.
    function _full() private view returns (IRoutingBatchRegistry.Header memory header) {
        header = _next();
        header.firstCounter = (uint64(1) << 32) + header.firstCounter;
        header.lastCounter = header.firstCounter + 1199;
        header.count = 1200;
        header.outcomes = 1150;
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
