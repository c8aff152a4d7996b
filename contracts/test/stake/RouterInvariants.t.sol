// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Crowd} from "./Crowd.sol";
import {RouterCrowd} from "./RouterCrowd.sol";
import {VaultInvariantsTest} from "./VaultInvariants.t.sol";

/// @notice The same about leaves that a router has made.
contract RouterVaultInvariantsTest is VaultInvariantsTest {
    function _newCrowd() internal override returns (Crowd made) {
        return new RouterCrowd();
    }
}
