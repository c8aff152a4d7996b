// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../../src/IRoutingBatchRegistry.sol";
import {IStakeVault} from "../../src/stake/IStakeVault.sol";
import {LeafPromise, Placed, Position, Terms} from "../../src/stake/StakeTypes.sol";
import {StakeVault} from "../../src/stake/StakeVault.sol";
import {Leaves} from "./Leaves.sol";
import {StakeTest} from "./StakeTest.sol";

/// @notice Deposits, withdrawals and penalties.
contract MoneyTest is StakeTest {
    function test_terms_outOfBounds() public {
        for (uint256 i = 0; i < 18; ++i) {
            Terms memory bad = _terms();
            if (i == 0) bad.leafPenalty = 0;
            if (i == 1) bad.promisePenalty = bad.leafPenalty - 1;
            if (i == 2) bad.floor = bad.promisePenalty - 1;
            if (i == 3) bad.bond = 0;
            if (i == 4) bad.mostPerBatch = 0;
            if (i == 5) bad.mostPerBatch = 1201;
            if (i == 6) bad.reporterBps = 5001;
            if (i == 7) (bad.stakePerLeaf, bad.volumeWindow) = (1, 0);
            if (i == 8) (bad.window, bad.grace) = (1 days - 1, 0);
            if (i == 9) bad.window = 365 days + 1;
            if (i == 10) bad.response = 1 days - 1;
            if (i == 11) bad.response = 365 days + 1;
            if (i == 12) bad.anchorMost = 1 days + 1;
            if (i == 13) bad.grace = bad.window + 1;
            if (i == 14) bad.volumeWindow = bad.window + 1;
            IRoutingBatchRegistry where = i == 15 ? IRoutingBatchRegistry(STRANGER) : registry;
            if (i < 16) vm.expectRevert(IStakeVault.BadTerms.selector);
            StakeVault made = new StakeVault(where, bad);
            if (i >= 16) vm.assertEq(keccak256(abi.encode(made.terms())), keccak256(abi.encode(bad)));
        }
        vm.assertEq(vault.delay(), 10 days + 1 hours);
    }

    function test_terms_atTheirBounds() public {
        for (uint256 i = 0; i < 2; ++i) {
            Terms memory good = _terms();
            (good.promisePenalty, good.floor) = (good.leafPenalty, good.leafPenalty);
            (good.mostPerBatch, good.reporterBps, good.anchorMost) = (1200, 5000, 1 days);
            (good.window, good.response) = i == 0 ? (1 days, 1 days) : (365 days, 365 days);
            (good.grace, good.volumeWindow) = (good.window, good.window);
            StakeVault made = new StakeVault(registry, good);
            vm.assertEq(keccak256(abi.encode(made.terms())), keccak256(abi.encode(good)));
        }
    }

    function test_deposit_asMuchAsItsWordHolds() public {
        _open(OTHER_SALT);
        uint256 most = type(uint128).max;
        vm.deal(BACKER, most + 1);
        vm.prank(BACKER);
        vault.deposit{value: most}(OTHER_LANE);
        vm.assertEq(vault.active(OTHER_LANE), most);
        vm.prank(BACKER);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.TooMuch.selector, most + 1, most));
        vault.deposit{value: 1}(OTHER_LANE);
    }

    function test_deposit_sharesByWhatTheyAreWorth() public {
        vm.prank(BACKER);
        vault.deposit{value: 4 ether}(LANE);
        vm.assertEq(vault.positionOf(LANE, BACKER).shares, 4 ether);
        _penalty(1);
        // 23.9 of 24 ether are left, and shares are worth as much less.
        vm.prank(STRANGER);
        vault.deposit{value: 1 ether}(LANE);
        uint256 shares = uint256(1 ether) * 24 ether / 23.9 ether;
        vm.assertEq(vault.positionOf(LANE, STRANGER).shares, shares);
        vm.assertEq(vault.active(LANE), 24.9 ether);
    }

    function test_deposit_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.LaneUnknown.selector, OTHER_LANE));
        vault.deposit{value: 1}(OTHER_LANE);
        vm.expectRevert(IStakeVault.Nothing.selector);
        vault.deposit(LANE);
    }

    function test_withdrawal_takesTheDelay() public {
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, 5 ether);
        vm.assertEq(vault.active(LANE), 15 ether);
        uint64 leavesAt = NOW + 10 days + 1 hours;
        vm.warp(leavesAt - 1);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.TooEarly.selector, leavesAt));
        vault.withdraw(LANE, payable(OWNER));
        vm.warp(leavesAt);
        vm.prank(OWNER);
        vault.withdraw(LANE, payable(address(0x77)));
        vm.assertEq(address(0x77).balance, 5 ether);
        vm.prank(OWNER);
        vm.expectRevert(IStakeVault.Nothing.selector);
        vault.withdraw(LANE, payable(OWNER));
    }

    function test_withdrawal_ofNobodyElse() public {
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.TooMuch.selector, 1, 0));
        vault.askWithdrawal(LANE, 1);
        vm.prank(STRANGER);
        vm.expectRevert(IStakeVault.Nothing.selector);
        vault.askWithdrawal(LANE, 0);
        vm.prank(STRANGER);
        vm.expectRevert(IStakeVault.Nothing.selector);
        vault.withdraw(LANE, payable(STRANGER));
    }

    function test_withdrawal_askingAgainBeginsAnew() public {
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, 1 ether);
        vm.warp(NOW + 5 days);
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, 1 ether);
        vm.assertEq(vault.positionOf(LANE, OWNER).leavesAt, NOW + 15 days + 1 hours);
        vm.assertEq(vault.positionOf(LANE, OWNER).leavingShares, 2 ether);
    }

    function test_withdrawal_staysLiableUntilItIsPaid() public {
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, STAKE);
        Placed memory it = _commitUngated(Leaves.lazy(1));
        vault.proveLeaf(it);
        vm.warp(NOW + vault.delay());
        vm.prank(OWNER);
        vault.withdraw(LANE, payable(address(0x77)));
        vm.assertEq(address(0x77).balance, STAKE - t.leafPenalty);
        vm.assertEq(_assets(), 0);
        vm.assertTrue(vault.mayRelease(LANE));
    }

    function test_withdrawal_refusedByTheReceiver() public {
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, 1 ether);
        vm.warp(NOW + vault.delay());
        address refuses = address(registry);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.SendFailed.selector, refuses));
        vault.withdraw(LANE, payable(refuses));
        vm.assertEq(_assets(), STAKE);
    }

    function test_withdrawal_nobodyCanHoldItByGames() public {
        vm.prank(BACKER);
        vault.deposit{value: 2 ether}(LANE);
        vm.prank(BACKER);
        vault.askWithdrawal(LANE, 2 ether);
        uint64 leavesAt = NOW + uint64(vault.delay());
        // About a batch that it does not back, for more than there is.
        vm.warp(leavesAt - 1);
        _challengeAll(1);
        vm.warp(leavesAt);
        vm.prank(BACKER);
        vm.expectRevert(IStakeVault.Nothing.selector);
        vault.withdraw(LANE, payable(address(0x77)));
        vm.warp(leavesAt + t.response);
        _challengeAll(100);
        vm.prank(BACKER);
        vm.expectRevert(IStakeVault.Nothing.selector);
        vault.withdraw(LANE, payable(address(0x77)));
        vm.warp(leavesAt + t.response + 1);
        vm.prank(BACKER);
        vault.withdraw(LANE, payable(address(0x77)));
        vm.assertEq(address(0x77).balance, 2 ether);
        vm.assertTrue(vault.poolOf(LANE).locked > _assets());
    }

    function test_selfReport_costsTheBurnedPart() public {
        Placed memory it = _commit(Leaves.lazy(1));
        uint256 before = OWNER.balance;
        vm.prank(OWNER);
        vault.proveLeaf(it);
        vm.assertEq(vault.creditOf(OWNER), 0.03 ether);
        vm.prank(OWNER);
        vault.claim(payable(OWNER));
        vm.assertEq(OWNER.balance - before, 0.03 ether);
        vm.assertEq(BURN.balance, 0.07 ether);
        vm.assertEq(_assets(), STAKE - 0.1 ether);
        vm.prank(OWNER);
        vm.expectRevert(IStakeVault.Nothing.selector);
        vault.claim(payable(OWNER));
    }

    function test_penalties_takeAllAndEndAGeneration() public {
        // 20 ether at 1 ether a promise, and dust that is burned too: shares of before are nothing.
        uint256 dust = t.leafPenalty / 1000;
        vm.prank(STRANGER);
        vault.deposit{value: dust}(LANE);
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, 3 ether);
        for (uint64 i = 1; i <= 20; ++i) {
            _lose(i);
        }
        vm.assertEq(_assets(), 0);
        vm.assertEq(vault.poolOf(LANE).shares, 0);
        vm.assertEq(vault.poolOf(LANE).generation, 1);
        Position memory gone = vault.positionOf(LANE, OWNER);
        vm.assertEq(uint256(gone.shares) + gone.leavingShares, 0);
        vm.assertEq(address(vault).balance, vault.creditOf(AUDITOR));
        vm.assertEq(BURN.balance, 14 ether + dust);
        vm.prank(BACKER);
        vault.deposit{value: 2 ether}(LANE);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.TooMuch.selector, 1, 0));
        vault.askWithdrawal(LANE, 1);
        vm.assertEq(vault.positionOf(LANE, BACKER).shares, 2 ether);
    }

    /// @dev More games about one batch than the lane can pay for.
    function _challengeAll(uint64 counter) private {
        bytes[] memory leaves = new bytes[](25);
        for (uint64 i = 0; i < 25; ++i) {
            leaves[i] = Leaves.fast(counter + i);
        }
        Batch memory batch = _commit(leaves);
        uint256 bond = vault.bondNow();
        for (uint64 i = 0; i < 25; ++i) {
            vm.prank(OWNER);
            vault.openWithheld{value: bond}(batch.header, batch.committedAt, batch.first + i);
        }
    }

    function _penalty(uint64 counter) private {
        vault.proveLeaf(_commit(Leaves.lazy(counter)));
    }

    /// @dev A promise that is not kept.
    function _lose(uint64 counter) private {
        LeafPromise memory promised = _promised(Leaves.fast(counter), NOW);
        bytes memory signature = _signed(promised, KEY);
        Placed memory it = _commitUngated(Leaves.exhausted(counter));
        vm.prank(AUDITOR);
        vault.proveDiffers(promised, signature, it);
    }
}
