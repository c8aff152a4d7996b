// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Crowd} from "./Crowd.sol";
import {TokenCrowd} from "./TokenCrowd.sol";
import {VaultInvariantsTest} from "./VaultInvariants.t.sol";

/// @notice The same of a vault for a token, whose coin is apart.
contract TokenVaultInvariantsTest is VaultInvariantsTest {
    function _newCrowd() internal override returns (Crowd made) {
        return new TokenCrowd();
    }
}
