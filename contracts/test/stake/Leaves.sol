// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Leaves by request number. All are honest for a route of 3 and 1 attempts unless a name says what is wrong.
library Leaves {
    struct Leaf {
        uint64 counter;
        uint8 kind;
        uint8 mode;
        uint8 attempts;
        uint32 snapshot;
        uint8 servedTier;
        uint16 servedTarget;
        uint8 status;
        bytes16 end;
    }

    uint16 internal constant ROUTE = 4;
    uint16 internal constant UNKNOWN_ROUTE = 999;
    uint48 internal constant MILLIS = 1_790_000_000_000;

    bytes16 private constant NO_PLAN = bytes16(type(uint128).max);
    /// @dev Targets 11, 12, 11 of the best tier, then 21.
    bytes16 private constant PLAN = 0x000b000c000b0015ffffffffffffffff;

    /// @dev Mode fast, served by the first attempt.
    function fast(uint64 counter) internal pure returns (bytes memory leaf) {
        return encode(Leaf(counter, 2, 1, 1, type(uint32).max, 0, 11, 1, _outcome(counter)));
    }

    /// @dev Mode fast, served by the second tier after all attempts of the first.
    function fellBack(uint64 counter) internal pure returns (bytes memory leaf) {
        return encode(Leaf(counter, 2, 1, 4, type(uint32).max, 1, 21, 2, _outcome(counter)));
    }

    /// @dev Mode fast, given up.
    function exhausted(uint64 counter) internal pure returns (bytes memory leaf) {
        return encode(Leaf(counter, 2, 1, 4, type(uint32).max, 0xff, 0xffff, 3, _outcome(counter)));
    }

    /// @dev Served by the second tier after one attempt of three: FELL_BACK_EARLY.
    function lazy(uint64 counter) internal pure returns (bytes memory leaf) {
        return encode(Leaf(counter, 2, 1, 1, type(uint32).max, 1, 21, 2, _outcome(counter)));
    }

    /// @dev Pinned in snapshot 5, with turn and arrival 5.
    function plan(uint64 counter) internal pure returns (bytes memory leaf) {
        return planOf(counter, 5, 5, 5);
    }

    function planOf(uint64 counter, uint32 snapshot, uint32 turn, uint32 arrival)
        internal
        pure
        returns (bytes memory leaf)
    {
        bytes16 end = bytes16(abi.encodePacked(turn, arrival, uint32(0), uint32(9)));
        return encode(Leaf(counter, 1, 2, 0, snapshot, 0xff, 0xffff, 0, end));
    }

    /// @dev The end of `plan`: served by what was pinned for the first attempt.
    function followed(uint64 counter) internal pure returns (bytes memory leaf) {
        return encode(Leaf(counter, 2, 2, 1, 5, 0, 11, 1, _outcome(counter)));
    }

    /// @dev An end of `plan` of another snapshot: NOT_AS_PLANNED, but only beside the plan.
    function strayed(uint64 counter) internal pure returns (bytes memory leaf) {
        return encode(Leaf(counter, 2, 2, 1, 6, 0, 11, 1, _outcome(counter)));
    }

    function encode(Leaf memory leaf) internal pure returns (bytes memory encoded) {
        return encode(leaf, ROUTE);
    }

    function encode(Leaf memory leaf, uint16 route) internal pure returns (bytes memory encoded) {
        bytes memory first = abi.encodePacked(
            bytes24(keccak256(abi.encode("request", leaf.counter))), leaf.counter, uint8(2), leaf.kind
        );
        bytes memory middle =
            abi.encodePacked(leaf.mode, uint8(7), route, uint8(4), leaf.attempts, MILLIS, leaf.snapshot);
        bytes memory second = abi.encodePacked(
            uint8(0),
            leaf.servedTier,
            uint16(11),
            leaf.servedTarget,
            uint8(0),
            leaf.status,
            uint8(0),
            uint8(0),
            uint32(0)
        );
        return abi.encodePacked(first, middle, second, leaf.mode == 1 ? NO_PLAN : PLAN, leaf.end);
    }

    function _outcome(uint64 counter) private pure returns (bytes16 end) {
        return bytes16(keccak256(abi.encode("outcome", counter)));
    }
}
