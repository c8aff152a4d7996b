// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../IRoutingBatchRegistry.sol";
import {Games} from "./Games.sol";
import {IErc20} from "./IErc20.sol";
import {Terms} from "./StakeTypes.sol";
import {Stakes} from "./Stakes.sol";

/// @title The vault of one set of terms, for stakes in a token
/// @notice As `IStakeVault` says, but stakes, penalties and rewards are in the token's smallest unit; `claim` pays
/// bonds, which are in native coin here too, and `claimReward` pays rewards. Not for tokens whose balances change by
/// themselves, and not for those whose keeper may take them from the vault.
/// @dev Stake is what has arrived, so a token may keep a fee of a transfer. While the token runs, nothing else here
/// moves tokens. A vault that a token keeps from burning keeps what it would burn, for ever: it is nobody's asset.
contract StakeVaultErc20 is Games {
    /// @notice What stakes are in.
    IErc20 public immutable TOKEN;
    mapping(address reporter => uint256 amount) private _rewards;
    bool private transient _isMoving;

    /// @notice A reporter's rewards were paid out.
    /// @param reporter Whose they were.
    /// @param to Who got them.
    /// @param amount In the token's smallest unit.
    event RewardClaimed(address indexed reporter, address to, uint256 amount);

    /// @notice That is no token, or one that cannot be burned.
    error BadToken(address token);

    /// @notice The token calls the vault while it moves tokens for it.
    error Busy();

    /// @notice Fixes token and terms, for ever; fails with BadTerms if a term is out of its bounds, and with BadToken
    /// if the token refuses to send nothing to where it is burned.
    /// @param registry Whose lanes may have a stake here.
    /// @param token What stakes are in.
    /// @param t The terms.
    constructor(IRoutingBatchRegistry registry, IErc20 token, Terms memory t) Stakes(registry, t) {
        TOKEN = token;
        if (address(token).code.length == 0 || !_transfer(BURN, 0)) revert BadToken(address(token));
    }

    /// @notice Adds to a lane's stake what arrives of an amount, for which the vault needs an allowance. The shares are
    /// the caller's, whoever owns the lane.
    /// @param lane The lane.
    /// @param amount In the token's smallest unit.
    function deposit(uint64 lane, uint256 amount) external {
        uint256 before = _balance();
        if (!_move(abi.encodeCall(IErc20.transferFrom, (msg.sender, address(this), amount)))) {
            revert SendFailed(address(this));
        }
        _deposit(lane, _balance() - before);
    }

    /// @notice Pays out the caller's rewards.
    /// @param to Who gets them.
    function claimReward(address payable to) external {
        uint256 amount = _rewards[msg.sender];
        if (amount == 0) revert Nothing();
        _rewards[msg.sender] = 0;
        emit RewardClaimed(msg.sender, to, amount);
        _give(to, amount);
    }

    /// @notice What somebody may claim of rewards.
    /// @param reporter Who.
    /// @return amount In the token's smallest unit.
    function rewardOf(address reporter) external view returns (uint256 amount) {
        return _rewards[reporter];
    }

    function _give(address payable to, uint256 amount) internal override {
        if (!_transfer(to, amount)) revert SendFailed(to);
    }

    function _burn(uint256 amount) internal override {
        _transfer(BURN, amount);
    }

    function _reward(address reporter, uint256 amount) internal override {
        _rewards[reporter] += amount;
    }

    function _transfer(address to, uint256 amount) private returns (bool done) {
        return _move(abi.encodeCall(IErc20.transfer, (to, amount)));
    }

    /// @dev Some tokens give nothing when they have done it.
    function _move(bytes memory call) private returns (bool done) {
        if (_isMoving) revert Busy();
        _isMoving = true;
        bytes memory result;
        // solhint-disable-next-line avoid-low-level-calls
        (done, result) = address(TOKEN).call(call);
        _isMoving = false;
        if (result.length != 0) done = done && uint256(bytes32(result)) == 1;
    }

    function _balance() private view returns (uint256 amount) {
        return TOKEN.balanceOf(address(this));
    }
}
