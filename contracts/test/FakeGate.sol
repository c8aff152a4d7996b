// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBatchGate} from "../src/IBatchGate.sol";
import {IRoutingBatchRegistry} from "../src/IRoutingBatchRegistry.sol";

/// @notice A gate that does as it is told.
contract FakeGate is IBatchGate {
    error Closed();

    bool public closed;
    bool public releases;
    uint256 public asked;
    bytes32 public lastHead;

    function set(bool closed_, bool releases_) external {
        closed = closed_;
        releases = releases_;
    }

    function beforeCommit(IRoutingBatchRegistry.Header calldata, bytes32 head) external {
        if (closed) revert Closed();
        ++asked;
        lastHead = head;
    }

    function mayRelease(uint64) external view returns (bool consent) {
        return releases;
    }
}
