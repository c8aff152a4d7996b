// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../IRoutingBatchRegistry.sol";
import {Games} from "./Games.sol";
import {Terms} from "./StakeTypes.sol";
import {Stakes} from "./Stakes.sol";

/// @title The vault of one set of terms
/// @notice See `IStakeVault`. Other terms are another vault, at another address.
contract StakeVault is Games {
    /// @notice Fixes the terms, for ever; fails with BadTerms if one is out of its bounds.
    /// @param registry Whose lanes may have a stake here.
    /// @param t The terms.
    constructor(IRoutingBatchRegistry registry, Terms memory t) Stakes(registry, t) {}
}
