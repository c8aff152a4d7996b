// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "./IRoutingBatchRegistry.sol";

/// @title A contract that is asked before a lane commits
/// @notice For example a vault that demands a stake. A lane's owner chooses the gate; from then on the gate alone
/// decides whether it may go again, so whoever relies on it need not trust the owner.
interface IBatchGate {
    /// @notice Called within each commit of a lane whose gate this is, once the batch has passed every check. The
    /// registry already answers with the new head; a revert undoes all of it.
    /// @dev Must check that the caller is the registry if it keeps state.
    /// @param header The batch's header.
    /// @param head The batch's head: the header's hash.
    function beforeCommit(IRoutingBatchRegistry.Header calldata header, bytes32 head) external;

    /// @notice Whether the lane may change or remove this gate now.
    /// @param lane The lane whose owner asks.
    /// @return consent True if it may.
    function mayRelease(uint64 lane) external view returns (bool consent);
}
