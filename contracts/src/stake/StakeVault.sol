// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../IRoutingBatchRegistry.sol";
import {Games} from "./Games.sol";
import {Terms} from "./StakeTypes.sol";
import {Stakes} from "./Stakes.sol";

/// @title The vault of one set of terms, for stakes in native coin
/// @notice See `IStakeVault`. Other terms are another vault, at another address.
contract StakeVault is Games {
    /// @notice Fixes the terms, for ever; fails with BadTerms if one is out of its bounds.
    /// @param registry Whose lanes may have a stake here.
    /// @param t The terms.
    constructor(IRoutingBatchRegistry registry, Terms memory t) Stakes(registry, t) {}

    /// @notice Adds to a lane's stake. The shares are the caller's, whoever owns the lane.
    /// @param lane The lane.
    function deposit(uint64 lane) external payable {
        _deposit(lane, msg.value);
    }

    function _give(address payable to, uint256 amount) internal override {
        _send(to, amount);
    }

    function _burn(uint256 amount) internal override {
        _send(payable(BURN), amount);
    }

    function _reward(address reporter, uint256 amount) internal override {
        _credits[reporter] += amount;
    }
}
