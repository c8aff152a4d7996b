// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IErc20} from "../../src/stake/IErc20.sol";
import {IStakeVault} from "../../src/stake/IStakeVault.sol";
import {Game, Placed} from "../../src/stake/StakeTypes.sol";
import {StakeVault} from "../../src/stake/StakeVault.sol";
import {StakeVaultErc20} from "../../src/stake/StakeVaultErc20.sol";
import {Leaves} from "./Leaves.sol";
import {StakeTest} from "./StakeTest.sol";
import {Token} from "./Token.sol";

/// @notice A vault for stakes in a token, good or bad.
contract TokenVaultTest is StakeTest {
    uint256 private constant BOND = 0.05 ether;

    Token private token;
    StakeVaultErc20 private tokens;

    function test_size() public view {
        vm.assertLe(address(tokens).code.length, 24_576, "EIP-170");
    }

    function test_stakeComesAndGoes() public {
        vm.assertEq(address(tokens.TOKEN()), address(token));
        vm.assertEq(_held(), STAKE);
        vm.assertEq(address(vault).balance, 0);
        _deposit(BACKER, LANE, 4 ether);
        vm.prank(BACKER);
        vault.askWithdrawal(LANE, 1 ether);
        vm.warp(NOW + vault.delay());
        vm.prank(BACKER);
        vault.withdraw(LANE, payable(address(0x77)));
        vm.assertEq(token.balanceOf(address(0x77)), 1 ether);
        vm.assertEq(_held(), STAKE + 3 ether);
    }

    function test_deposit_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.LaneUnknown.selector, OTHER_LANE));
        tokens.deposit(OTHER_LANE, 0);
        vm.expectRevert(IStakeVault.Nothing.selector);
        tokens.deposit(LANE, 0);
        // More than one has.
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.SendFailed.selector, address(vault)));
        tokens.deposit(LANE, 1);
        token.mint(address(this), type(uint128).max);
        vm.expectPartialRevert(IStakeVault.TooMuch.selector);
        tokens.deposit(LANE, type(uint128).max);
    }

    function test_penalty_isBurnedAndRewarded() public {
        Placed memory it = _commit(Leaves.lazy(1));
        vm.prank(AUDITOR);
        vault.proveLeaf(it);
        vm.assertEq(token.balanceOf(BURN), 0.07 ether);
        vm.assertEq(tokens.rewardOf(AUDITOR), 0.03 ether);
        vm.assertEq(vault.creditOf(AUDITOR), 0);
        vm.assertEq(_assets(), STAKE - 0.1 ether);
        vm.prank(AUDITOR);
        vm.expectRevert(IStakeVault.Nothing.selector);
        vault.claim(payable(AUDITOR));
        vm.prank(AUDITOR);
        vm.expectEmit(address(vault));
        emit StakeVaultErc20.RewardClaimed(AUDITOR, address(0x77), 0.03 ether);
        tokens.claimReward(payable(address(0x77)));
        vm.assertEq(token.balanceOf(address(0x77)), 0.03 ether);
        vm.assertEq(_held(), _assets());
        vm.prank(AUDITOR);
        vm.expectRevert(IStakeVault.Nothing.selector);
        tokens.claimReward(payable(AUDITOR));
    }

    function test_bondsAreCoin() public {
        Placed memory it = _commit(Leaves.fast(1));
        Placed memory other = _commit(Leaves.fast(2));
        vm.prank(AUDITOR);
        vault.openWithheld{value: BOND}(it.header, NOW, it.index);
        vault.answerWithheld(it);
        vm.assertEq(vault.creditOf(OWNER), BOND);
        vm.assertEq(tokens.rewardOf(OWNER), 0);
        vm.prank(AUDITOR);
        bytes32 id = vault.openWithheld{value: BOND}(other.header, NOW, other.index);
        vm.warp(NOW + t.response + 1);
        vault.conclude(id);
        vm.assertEq(vault.creditOf(AUDITOR), BOND);
        vm.assertEq(tokens.rewardOf(AUDITOR), 0.3 ether);
        vm.assertEq(address(vault).balance, 2 * BOND);
        uint256 before = AUDITOR.balance;
        vm.prank(AUDITOR);
        vault.claim(payable(AUDITOR));
        vm.assertEq(AUDITOR.balance - before, BOND);
    }

    function test_feeOnTransfer_stakeIsWhatArrives() public {
        token.setFees(10, 10);
        vm.assertEq(_deposit(BACKER, LANE, 10 ether), 9 ether);
        vm.assertEq(vault.positionOf(LANE, BACKER).shares, 9 ether);
        vm.assertEq(_assets(), STAKE + 9 ether);
        vm.prank(BACKER);
        vault.askWithdrawal(LANE, 9 ether);
        vm.warp(NOW + vault.delay());
        vm.prank(BACKER);
        vault.withdraw(LANE, payable(address(0x77)));
        vm.assertEq(token.balanceOf(address(0x77)), 8.1 ether);
        vm.assertEq(_held(), STAKE);
        token.setFees(100, 0);
        token.mint(BACKER, 1);
        vm.prank(BACKER);
        vm.expectRevert(IStakeVault.Nothing.selector);
        tokens.deposit(LANE, 1);
    }

    function test_givesNothing() public {
        token.setGives(Token.Gives.NOTHING);
        _deposit(BACKER, LANE, 4 ether);
        _proveOne();
        vm.assertEq(token.balanceOf(BURN), 0.07 ether);
        vm.prank(AUDITOR);
        tokens.claimReward(payable(AUDITOR));
        vm.assertEq(token.balanceOf(AUDITOR), 0.03 ether);
        // A constructor takes such a token, too.
        vm.assertEq(address(_made(address(token)).TOKEN()), address(token));
    }

    function test_givesFalse() public {
        _proveOne();
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, 1 ether);
        vm.warp(NOW + vault.delay());
        token.setGives(Token.Gives.FALSE);
        token.mint(BACKER, 1 ether);
        vm.prank(BACKER);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.SendFailed.selector, address(vault)));
        tokens.deposit(LANE, 1 ether);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.SendFailed.selector, OWNER));
        vault.withdraw(LANE, payable(OWNER));
        vm.prank(AUDITOR);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.SendFailed.selector, AUDITOR));
        tokens.claimReward(payable(AUDITOR));
        vm.assertEq(tokens.rewardOf(AUDITOR), 0.03 ether);
    }

    function test_tokensThatCannotBeBurned() public {
        _badToken(STRANGER);
        token.setGives(Token.Gives.FALSE);
        _badToken(address(token));
        token.setGives(Token.Gives.TRUE);
        token.setBlocked(BURN, true);
        _badToken(address(token));
        token.setBlocked(BURN, false);
        _made(address(token));
    }

    /// @dev What cannot be burned stays, and is nobody's.
    function test_noTokenStopsAPenalty() public {
        token.setBlocked(BURN, true);
        _proveOne();
        vm.assertEq(_assets(), STAKE - 0.1 ether);
        vm.assertEq(tokens.rewardOf(AUDITOR), 0.03 ether);
        vm.assertEq(_held(), STAKE);
        token.setBlocked(BURN, false);
        token.setGives(Token.Gives.FALSE);
        vault.proveLeaf(_commit(Leaves.lazy(2)));
        vm.assertEq(_assets(), STAKE - 0.2 ether);
        token.setGives(Token.Gives.TRUE);
        // Nor does the next deposit get it.
        _deposit(BACKER, LANE, 1 ether);
        vm.assertEq(_assets(), STAKE + 0.8 ether);
    }

    function test_reentrance_depositsAreCountedOnce() public {
        token.mint(address(token), 10 ether);
        token.setCall(address(vault), abi.encodeCall(StakeVaultErc20.deposit, (LANE, 5 ether)));
        _deposit(BACKER, LANE, 2 ether);
        vm.assertFalse(token.hasCalled());
        vm.assertEq(_assets(), STAKE + 2 ether);
        vm.assertEq(_held(), STAKE + 2 ether);
    }

    function test_reentrance_nothingLeavesMeanwhile() public {
        _deposit(address(token), LANE, 3 ether);
        vm.prank(address(token));
        vault.askWithdrawal(LANE, 3 ether);
        Placed memory it = _commit(Leaves.lazy(1));
        token.setCall(address(vault), abi.encodeCall(IStakeVault.proveLeaf, (it)));
        _deposit(BACKER, LANE, 2 ether);
        vm.assertFalse(token.hasCalled());
        vm.warp(NOW + vault.delay());
        token.setCall(address(vault), abi.encodeCall(IStakeVault.withdraw, (LANE, payable(address(token)))));
        _deposit(BACKER, LANE, 2 ether);
        vm.assertFalse(token.hasCalled());
        token.setCall(address(0), "");
        vm.prank(address(token));
        vault.withdraw(LANE, payable(address(token)));
        vm.assertEq(token.balanceOf(address(token)), 3 ether);
        vm.assertEq(_held(), _assets());
    }

    function test_gas() public {
        token.mint(BACKER, 2 ether);
        token.mint(BURN, 1);
        vm.prank(BACKER);
        tokens.deposit(LANE, 1 ether);
        vm.snapshotGasLastCall("VaultGasTest", "deposit, of a token");
        Placed memory it = _commit(Leaves.fast(1));
        bytes32 id = vault.openWithheld{value: BOND}(it.header, NOW, it.index);
        vm.warp(NOW + t.response + 1);
        vault.conclude(id);
        vm.snapshotGasLastCall("VaultGasTest", "conclude, of a token");
        vm.assertEq(uint8(vault.challengeOf(id).state), uint8(Game.LOST));
    }

    function _newVault() internal override returns (StakeVault made) {
        token = new Token();
        tokens = _made(address(token));
        return StakeVault(address(tokens));
    }

    function _deposit(address staker, uint64 lane, uint256 amount) internal override returns (uint256 arrived) {
        token.mint(staker, amount);
        uint256 before = _held();
        vm.prank(staker);
        tokens.deposit(lane, amount);
        return _held() - before;
    }

    function _proveOne() private {
        Placed memory it = _commit(Leaves.lazy(1));
        vm.prank(AUDITOR);
        vault.proveLeaf(it);
    }

    function _made(address its) private returns (StakeVaultErc20 made) {
        return new StakeVaultErc20(registry, IErc20(its), t);
    }

    function _badToken(address its) private {
        vm.expectRevert(abi.encodeWithSelector(StakeVaultErc20.BadToken.selector, its));
        _made(its);
    }

    function _held() private view returns (uint256 amount) {
        return token.balanceOf(address(vault));
    }
}
