// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IErc20} from "../../src/stake/IErc20.sol";
import {StakeVault} from "../../src/stake/StakeVault.sol";
import {StakeVaultErc20} from "../../src/stake/StakeVaultErc20.sol";
import {Crowd} from "./Crowd.sol";
import {Token} from "./Token.sol";

/// @notice The same with stakes in a token, which keeps a part of each deposit, and gives nothing when it is done.
contract TokenCrowd is Crowd {
    Token private _token;

    constructor() {
        _token.setFees(3, 0);
    }

    function money() external view override returns (uint256[2] memory has, uint256[2] memory owes) {
        has[0] = _token.balanceOf(address(vault));
        owes[0] = _assetsOfBoth() + _sum(_tokenVault().rewardOf);
        has[1] = address(vault).balance;
        owes[1] = openBonds + _sum(vault.creditOf);
    }

    function _newVault() internal override returns (StakeVault made) {
        _token = new Token();
        _token.setGives(Token.Gives.NOTHING);
        return StakeVault(address(new StakeVaultErc20(registry, IErc20(address(_token)), t)));
    }

    function _deposit(address staker, uint64 lane, uint256 amount) internal override returns (uint256 arrived) {
        _token.mint(staker, amount);
        uint256 before = _token.balanceOf(address(vault));
        vm.prank(staker);
        _tokenVault().deposit(lane, amount);
        return _token.balanceOf(address(vault)) - before;
    }

    function _claim(address holder) internal override {
        super._claim(holder);
        vm.prank(holder);
        try _tokenVault().claimReward(payable(holder)) {} catch {}
    }

    function _balanceOf(address staker) internal view override returns (uint256 balance) {
        return _token.balanceOf(staker);
    }

    function _tokenVault() private view returns (StakeVaultErc20) {
        return StakeVaultErc20(address(vault));
    }
}
