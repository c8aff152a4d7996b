// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LeafFields} from "./LeafFields.sol";

/// @title Reads the 96 bytes of a leaf, version 2
/// @notice The table of `docs/explanation/0025-what-leaves-prove.md`. All but `isLeaf` take bytes that are a leaf, or
/// at least 96 of them.
library LeafView {
    uint256 internal constant BYTES = 96;
    uint256 internal constant PLAN = 1;
    uint256 internal constant OUTCOME = 2;
    uint256 internal constant FAST = 1;
    uint256 internal constant RELEASED = 0x80;
    uint256 internal constant NO_TIER = 0xff;
    uint256 internal constant NO_TARGET = 0xffff;
    uint256 internal constant NO_SNAPSHOT = 0xffffffff;

    uint256 private constant VERSION = 2;
    uint256 private constant DISPATCH = 3;
    uint256 private constant LAST_COHORT = 63;
    uint256 private constant LARGEST_BUDGET = 64;
    uint256 private constant LAST_TIER = 7;
    uint256 private constant LAST_TRIGGER = 12;
    uint256 private constant LAST_STATUS = 8;
    uint256 private constant LAST_ATTRIBUTION = 3;
    uint256 private constant PLACES = 8;

    /// @dev Commitment and number of the request, as promises name it.
    function requestKey(bytes calldata leaf) internal pure returns (bytes32 key) {
        return bytes32(leaf);
    }

    /// @dev The number of the request in its lane.
    function counter(bytes calldata leaf) internal pure returns (uint64 number) {
        return uint64(uint256(bytes32(leaf)));
    }

    /// @dev The numbers that both kinds have.
    function fields(bytes calldata leaf) internal pure returns (LeafFields word) {
        return LeafFields.wrap(uint256(bytes32(leaf[32:])));
    }

    /// @dev Bytes 64 to 95: the plan, 8 targets of 2 bytes, in the upper half; then what differs by kind.
    function end(bytes calldata leaf) internal pure returns (uint256 word) {
        return uint256(bytes32(leaf[64:]));
    }

    /// @dev The target that is pinned for attempt `place` + 1.
    function pinned(uint256 end_, uint256 place) internal pure returns (uint256 target) {
        return uint16(end_ >> (240 - 16 * place));
    }

    /// @dev Bytes 80 to 83 of a plan.
    function turn(uint256 end_) internal pure returns (uint256 number) {
        return uint32(end_ >> 96);
    }

    /// @dev Bytes 84 to 87 of a plan.
    function arrival(uint256 end_) internal pure returns (uint256 number) {
        return uint32(end_ >> 64);
    }

    /// @dev Bytes 88 to 91 of a plan.
    function rank(uint256 end_) internal pure returns (uint256 number) {
        return uint32(end_ >> 32);
    }

    /// @dev Bytes 92 to 95 of a plan.
    function open(uint256 end_) internal pure returns (uint256 number) {
        return uint32(end_);
    }

    /// @dev How many places of a plan are used, if no unused one stands before a used one.
    function places(uint256 end_) internal pure returns (uint256 used, bool gapless) {
        while (used < PLACES && pinned(end_, used) != NO_TARGET) ++used;
        for (uint256 i = used; i < PLACES; ++i) {
            if (pinned(end_, i) != NO_TARGET) return (used, false);
        }
        return (used, true);
    }

    /// @dev Whether these are the bytes of a leaf: each field has a value that it may have.
    function isLeaf(bytes calldata leaf) internal pure returns (bool valid) {
        if (leaf.length != BYTES) return false;
        uint64 number = counter(leaf);
        if (number == 0 || number > uint64(type(int64).max)) return false;
        LeafFields f = fields(leaf);
        if (f.version() != VERSION || f.cohort() > LAST_COHORT || f.trigger() > LAST_TRIGGER) return false;
        if (f.budget() == 0 || f.budget() > LARGEST_BUDGET) return false;
        (uint256 used, bool gapless) = places(end(leaf));
        if (!gapless) return false;
        if (f.kind() == PLAN) return used != 0 && _isPlan(f);
        return f.kind() == OUTCOME && _isOutcome(f, used);
    }

    /// @dev What only an outcome has is empty, and what a plan needs is there.
    function _isPlan(LeafFields f) private pure returns (bool valid) {
        return f.mode() > FAST && f.mode() <= DISPATCH && f.snapshot() != NO_SNAPSHOT && f.selectedTier() <= LAST_TIER
            && f.servedTier() == NO_TIER && f.selectedTarget() != NO_TARGET && f.servedTarget() == NO_TARGET
            && f.status() == 0 && f.attribution() == 0 && f.afterAttribution() == 0;
    }

    function _isOutcome(LeafFields f, uint256 used) private pure returns (bool valid) {
        uint256 mode = f.mode();
        if (mode == FAST) {
            if (f.snapshot() != NO_SNAPSHOT || used != 0) return false;
        } else {
            mode &= ~RELEASED;
            if (mode <= FAST || mode > DISPATCH) return false;
        }
        return _isTierOrNone(f.selectedTier()) && _isTierOrNone(f.servedTier()) && f.status() != 0
            && f.status() <= LAST_STATUS && f.attribution() <= LAST_ATTRIBUTION;
    }

    function _isTierOrNone(uint256 tier) private pure returns (bool valid) {
        return tier <= LAST_TIER || tier == NO_TIER;
    }
}
