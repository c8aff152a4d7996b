// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../../src/IRoutingBatchRegistry.sol";
import {IStakeVault} from "../../src/stake/IStakeVault.sol";
import {Placed} from "../../src/stake/StakeTypes.sol";
import {Leaves} from "./Leaves.sol";
import {StakeTest} from "./StakeTest.sol";

/// @notice When a lane may commit: the floor, the grace of a lane that a penalty made short, and how it gets away.
contract GateTest is StakeTest {
    function test_gate_needsTheFloor() public {
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, STAKE - t.floor);
        _commit(Leaves.fast(1));
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, 1);
        IRoutingBatchRegistry.Header memory header = _headerOf(_list(Leaves.fast(2)));
        vm.prank(COMMITTER);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.StakeShort.selector, LANE, t.floor - 1, t.floor));
        registry.commitBatch(header);
    }

    function test_gate_asksForTheRegistryOnly() public {
        IRoutingBatchRegistry.Header memory header = _next();
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotRegistry.selector, STRANGER));
        vault.beforeCommit(header, 0);
    }

    function test_slashedBelowTheFloor_hasTimeToFillUp() public {
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, STAKE - t.floor);
        vault.proveLeaf(_commit(Leaves.lazy(1)));
        vm.assertEq(vault.poolOf(LANE).shortUntil, NOW + t.grace);
        vm.warp(NOW + t.grace);
        _commit(Leaves.fast(2));
        vm.warp(NOW + t.grace + 1);
        IRoutingBatchRegistry.Header memory header = _headerOf(_list(Leaves.fast(3)));
        vm.prank(COMMITTER);
        vm.expectPartialRevert(IStakeVault.StakeShort.selector);
        registry.commitBatch(header);
        vm.prank(BACKER);
        vault.deposit{value: 1 ether}(LANE);
        vm.assertEq(vault.poolOf(LANE).shortUntil, 0);
        _commit(header);
    }

    function test_slashedToTheFloor_isNotShort() public {
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, STAKE - t.floor - t.leafPenalty);
        vm.warp(NOW + vault.delay());
        vm.prank(OWNER);
        vault.withdraw(LANE, payable(OWNER));
        vault.proveLeaf(_commit(Leaves.lazy(1)));
        vm.assertEq(vault.active(LANE), t.floor);
        vm.assertEq(vault.poolOf(LANE).shortUntil, 0);
    }

    function test_deposit_ofWhatIsMissing_endsShortness() public {
        uint256 missing = _shortAfterItsGrace();
        vm.prank(BACKER);
        vault.deposit{value: missing}(LANE);
        vm.assertEq(vault.active(LANE), t.floor);
        vm.assertEq(vault.poolOf(LANE).shortUntil, 0);
    }

    function test_deposit_ofLessThanIsMissing_endsNothing() public {
        uint256 missing = _shortAfterItsGrace();
        vm.prank(BACKER);
        vault.deposit{value: missing - 1}(LANE);
        vm.assertTrue(vault.poolOf(LANE).shortUntil != 0);
    }

    function test_graceIsNoWayOut() public {
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, STAKE - t.floor);
        vault.proveLeaf(_commit(Leaves.lazy(1)));
        // All of the rest, in the grace that a fault of its own has opened.
        vm.prank(BACKER);
        vault.deposit{value: 0.01 ether}(LANE);
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, t.floor);
        vm.assertTrue(vault.active(LANE) <= 0.01 ether);
        vm.warp(NOW + t.grace);
        Placed memory last = _commit(Leaves.lazy(2));
        vm.warp(NOW + t.grace + t.window);
        uint256 before = _assets();
        vault.proveLeaf(last);
        vm.assertEq(_assets(), before - t.leafPenalty);
        uint64 until = NOW + t.grace + uint64(vault.delay());
        vm.warp(until - 1);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.TooEarly.selector, until));
        vault.withdraw(LANE, payable(OWNER));
    }

    function test_noStakerCanEndAGrace() public {
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, STAKE - t.floor);
        vm.prank(STRANGER);
        vault.deposit{value: 1}(LANE);
        vault.proveLeaf(_commit(Leaves.lazy(1)));
        vm.prank(STRANGER);
        vault.askWithdrawal(LANE, 1);
        vm.assertEq(vault.poolOf(LANE).shortUntil, NOW + t.grace);
        _commit(Leaves.fast(2));
        // Afterwards, without a grace, a delay begins at once.
        vm.warp(NOW + t.grace + 1);
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, 1);
        vm.assertEq(vault.positionOf(LANE, OWNER).leavesAt, block.timestamp + vault.delay());
    }

    function test_noStrangerCanEndAGraceByFillingUp() public {
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, STAKE - t.floor);
        vault.proveLeaf(_commit(Leaves.lazy(1)));
        vm.prank(STRANGER);
        vault.deposit{value: 1 ether}(LANE);
        vm.assertTrue(vault.active(LANE) >= t.floor);
        uint256 shares = vault.positionOf(LANE, STRANGER).shares;
        vm.prank(STRANGER);
        vault.askWithdrawal(LANE, shares);
        vm.assertTrue(vault.active(LANE) < t.floor);
        vm.assertEq(vault.poolOf(LANE).shortUntil, NOW + t.grace);
        _commit(Leaves.fast(2));
        // What came in a grace stays for as long as all that was committed in it.
        vm.assertEq(vault.positionOf(LANE, STRANGER).leavesAt, NOW + t.grace + vault.delay());
    }

    function test_whoHasTooLittleGetsNoGraceByAFault() public {
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, STAKE - t.floor + 1);
        vault.proveLeaf(_commitUngated(Leaves.lazy(1)));
        vm.assertEq(vault.poolOf(LANE).shortUntil, 0);
    }

    function test_gateHoldsWhileThereIsStake() public {
        _commit(Leaves.fast(1));
        vm.assertFalse(vault.mayRelease(LANE));
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.GateHolds.selector, LANE, address(vault)));
        registry.setGate(LANE, vault);
    }

    function test_nobodyCanHoldALaneByADeposit() public {
        vm.prank(STRANGER);
        vault.deposit{value: 1}(LANE);
        _commit(Leaves.fast(1));
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, STAKE);
        uint64 until = NOW + uint64(vault.delay());
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.TooEarly.selector, until + 1));
        vault.release(LANE, NOW);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotCommitted.selector, LANE, 1));
        vault.release(LANE, NOW - 1);
        vm.warp(until + 1);
        vm.assertFalse(vault.mayRelease(LANE));
        vault.release(LANE, NOW);
        vm.assertTrue(vault.mayRelease(LANE));
        vm.prank(BACKER);
        vault.deposit{value: 10 ether}(LANE);
        // Another batch, and it is held again.
        _commit(Leaves.fast(2));
        vm.assertFalse(vault.mayRelease(LANE));
    }

    /// @dev A penalty has made it short, and its time to fill up is over; what it lacks.
    function _shortAfterItsGrace() private returns (uint256 missing) {
        vault.proveLeaf(_commit(Leaves.lazy(1)));
        // As many shares leave as bring what stays to a wei below the floor.
        uint256 leaving = ((vault.active(LANE) - t.floor) * STAKE) / _assets();
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, leaving);
        vault.proveLeaf(_commit(Leaves.lazy(2)));
        vm.assertTrue(vault.poolOf(LANE).shortUntil != 0);
        vm.warp(NOW + t.grace + 1);
        return t.floor - vault.active(LANE);
    }
}
