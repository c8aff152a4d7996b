// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Bytes 32 to 63 of a leaf as one word: all of its fields that are numbers in both kinds.
type LeafFields is uint256;

using LeafNumbers for LeafFields global;

/// @title The numbers in the middle of a leaf
/// @notice Each by its name in the table of `docs/explanation/0025-what-leaves-prove.md`.
library LeafNumbers {
    function version(LeafFields f) internal pure returns (uint256 value) {
        return uint8(LeafFields.unwrap(f) >> 248);
    }

    function kind(LeafFields f) internal pure returns (uint256 value) {
        return uint8(LeafFields.unwrap(f) >> 240);
    }

    function mode(LeafFields f) internal pure returns (uint256 value) {
        return uint8(LeafFields.unwrap(f) >> 232);
    }

    function cohort(LeafFields f) internal pure returns (uint256 value) {
        return uint8(LeafFields.unwrap(f) >> 224);
    }

    function route(LeafFields f) internal pure returns (uint16 value) {
        return uint16(LeafFields.unwrap(f) >> 208);
    }

    function budget(LeafFields f) internal pure returns (uint256 value) {
        return uint8(LeafFields.unwrap(f) >> 200);
    }

    function attempts(LeafFields f) internal pure returns (uint256 value) {
        return uint8(LeafFields.unwrap(f) >> 192);
    }

    function millis(LeafFields f) internal pure returns (uint256 value) {
        return uint48(LeafFields.unwrap(f) >> 144);
    }

    function snapshot(LeafFields f) internal pure returns (uint256 value) {
        return uint32(LeafFields.unwrap(f) >> 112);
    }

    function selectedTier(LeafFields f) internal pure returns (uint256 value) {
        return uint8(LeafFields.unwrap(f) >> 104);
    }

    function servedTier(LeafFields f) internal pure returns (uint256 value) {
        return uint8(LeafFields.unwrap(f) >> 96);
    }

    function selectedTarget(LeafFields f) internal pure returns (uint256 value) {
        return uint16(LeafFields.unwrap(f) >> 80);
    }

    function servedTarget(LeafFields f) internal pure returns (uint256 value) {
        return uint16(LeafFields.unwrap(f) >> 64);
    }

    function trigger(LeafFields f) internal pure returns (uint256 value) {
        return uint8(LeafFields.unwrap(f) >> 56);
    }

    function status(LeafFields f) internal pure returns (uint256 value) {
        return uint8(LeafFields.unwrap(f) >> 48);
    }

    function attribution(LeafFields f) internal pure returns (uint256 value) {
        return uint8(LeafFields.unwrap(f) >> 40);
    }

    /// @dev Resends and total time.
    function afterAttribution(LeafFields f) internal pure returns (uint256 value) {
        return uint40(LeafFields.unwrap(f));
    }
}
