// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBatchGate} from "../src/IBatchGate.sol";
import {IRoutingBatchRegistry} from "../src/IRoutingBatchRegistry.sol";
import {RegistryTest} from "./RegistryTest.sol";

contract LanesTest is RegistryTest {
    uint64 private constant OTHER = 8;

    function test_openLane_makesTheCallerItsOwner() public {
        vm.expectEmit(address(registry));
        emit IRoutingBatchRegistry.LaneOpened(OTHER, STRANGER, COMMITTER);
        vm.prank(STRANGER);
        registry.openLane(OTHER, COMMITTER);

        _expectLane(OTHER, STRANGER, address(0), COMMITTER);
        _expectNothingCommitted(OTHER, COMMITTER);
    }

    function test_openLane_zero_reverts() public {
        vm.expectRevert(IRoutingBatchRegistry.LaneZero.selector);
        registry.openLane(0, COMMITTER);
    }

    function test_openLane_taken_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.LaneTaken.selector, LANE));
        vm.prank(OWNER);
        registry.openLane(LANE, STRANGER);
    }

    function test_openLane_withoutCommitter_reverts() public {
        vm.expectRevert(IRoutingBatchRegistry.CommitterZero.selector);
        registry.openLane(OTHER, address(0));
    }

    function testFuzz_openLane_anyNumberBelongsToTheFirst(uint64 lane, address first, address second) public {
        vm.assume(lane != 0 && lane != LANE && first != address(0) && second != address(0));
        vm.prank(first);
        registry.openLane(lane, COMMITTER);

        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.LaneTaken.selector, lane));
        vm.prank(second);
        registry.openLane(lane, second);
        _expectLane(lane, first, address(0), COMMITTER);
    }

    function test_lanes_notOpen_areAllZero() public view {
        _expectLane(OTHER, address(0), address(0), address(0));
        _expectNothingCommitted(OTHER, address(0));
    }

    function test_rotateCommitter_letsOnlyTheNewOneCommit() public {
        IRoutingBatchRegistry.Header memory header = _next();
        vm.expectEmit(address(registry));
        emit IRoutingBatchRegistry.CommitterRotated(LANE, COMMITTER, STRANGER);
        vm.prank(OWNER);
        registry.rotateCommitter(LANE, STRANGER);

        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.NotCommitter.selector, LANE, COMMITTER));
        _commit(header);
        vm.prank(STRANGER);
        registry.commitBatch(header);
        (uint64 sequence,,,) = registry.headOf(LANE);
        vm.assertEq(sequence, 1);
    }

    function test_rotateCommitter_keepsWhereTheLaneIs() public {
        IRoutingBatchRegistry.Header memory header = _next();
        _commit(header);
        vm.prank(OWNER);
        registry.rotateCommitter(LANE, STRANGER);

        (uint64 sequence, bytes32 head, uint64 lastSnapshot, address committer) = registry.headOf(LANE);
        vm.assertEq(sequence, 1);
        vm.assertEq(head, _headOf(header));
        vm.assertEq(lastSnapshot, 2);
        vm.assertEq(committer, STRANGER);
    }

    function test_rotateCommitter_byTheCommitter_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.NotOwner.selector, LANE, COMMITTER));
        vm.prank(COMMITTER);
        registry.rotateCommitter(LANE, STRANGER);
    }

    function test_rotateCommitter_toNobody_reverts() public {
        vm.expectRevert(IRoutingBatchRegistry.CommitterZero.selector);
        vm.prank(OWNER);
        registry.rotateCommitter(LANE, address(0));
    }

    function test_offerLane_changesNothingUntilItIsAccepted() public {
        vm.expectEmit(address(registry));
        emit IRoutingBatchRegistry.LaneOffered(LANE, OWNER, STRANGER);
        vm.prank(OWNER);
        registry.offerLane(LANE, STRANGER);

        _expectLane(LANE, OWNER, STRANGER, COMMITTER);
    }

    function test_offerLane_byAStranger_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.NotOwner.selector, LANE, STRANGER));
        vm.prank(STRANGER);
        registry.offerLane(LANE, STRANGER);
    }

    function test_acceptLane_handsItOver() public {
        vm.prank(OWNER);
        registry.offerLane(LANE, STRANGER);
        vm.expectEmit(address(registry));
        emit IRoutingBatchRegistry.LaneAccepted(LANE, OWNER, STRANGER);
        vm.prank(STRANGER);
        registry.acceptLane(LANE);

        _expectLane(LANE, STRANGER, address(0), COMMITTER);
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.NotOwner.selector, LANE, OWNER));
        vm.prank(OWNER);
        registry.rotateCommitter(LANE, OWNER);
    }

    function test_acceptLane_notOffered_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.NotPendingOwner.selector, LANE, STRANGER));
        vm.prank(STRANGER);
        registry.acceptLane(LANE);
    }

    function test_acceptLane_takenBack_reverts() public {
        vm.prank(OWNER);
        registry.offerLane(LANE, STRANGER);
        vm.prank(OWNER);
        registry.offerLane(LANE, address(0));

        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.NotPendingOwner.selector, LANE, STRANGER));
        vm.prank(STRANGER);
        registry.acceptLane(LANE);
    }

    function _expectLane(uint64 lane, address owner, address pendingOwner, address committer) private view {
        (address hasOwner, address hasPending, address hasCommitter, IBatchGate gate) = registry.laneOf(lane);
        vm.assertEq(hasOwner, owner);
        vm.assertEq(hasPending, pendingOwner);
        vm.assertEq(hasCommitter, committer);
        vm.assertEq(address(gate), address(0));
    }

    function _expectNothingCommitted(uint64 lane, address committer) private view {
        (uint64 sequence, bytes32 head, uint64 lastSnapshot, address hasCommitter) = registry.headOf(lane);
        vm.assertEq(sequence, 0);
        vm.assertEq(head, bytes32(0));
        vm.assertEq(lastSnapshot, 0);
        vm.assertEq(hasCommitter, committer);
    }
}
