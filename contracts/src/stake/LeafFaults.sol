// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../IRoutingBatchRegistry.sol";
import {Fault} from "./Fault.sol";
import {LeafFields} from "./LeafFields.sol";
import {LeafView} from "./LeafView.sol";

/// @title What leaves and headers prove against the lane that committed them
/// @notice The twin of `openledger.commitment.leaf.LeafFaults` and `openledger.commitment.HeaderFaults`: the same
/// rules, held by `vectors/faults.json`. No sequence of events makes an honest router break one of them.
library LeafFaults {
    using LeafView for bytes;

    uint256 private constant SERVED = 1;
    uint256 private constant FELL_BACK = 2;
    uint256 private constant EXHAUSTED = 3;
    uint256 private constant INTERRUPTED = 5;
    uint256 private constant CANCELLED = 6;
    uint256 private constant MOST_LEAVES = 1200;
    uint256 private constant BITS_PER_TIER = 8;

    /// @notice What a leaf alone proves. Bytes of any content and length have a result. Each rule stands by itself, and
    /// they are checked in the order of their codes, so the first that is broken is the one that is named.
    /// @param header Of its batch.
    /// @param leaf Its bytes.
    /// @param upTo Cumulative attempts of its route's tiers, as the registry has them, a byte a tier, the best in the
    /// lowest; 0 if the route was not published when the batch was committed.
    /// @return fault NONE if it breaks no rule.
    function single(IRoutingBatchRegistry.Header calldata header, bytes calldata leaf, uint64 upTo)
        internal
        pure
        returns (Fault fault)
    {
        if (!leaf.isLeaf()) return Fault.OUT_OF_RANGE;
        LeafFields f = leaf.fields();
        bool isPlan = f.kind() == LeafView.PLAN;
        if (!isPlan && _contradicts(f)) return Fault.CONTRADICTS_ITSELF;
        if (_isOutside(header, leaf.counter(), f)) return Fault.OUTSIDE_HEADER;
        if (f.attempts() > f.budget()) return Fault.OVER_BUDGET;
        if (upTo == 0) return Fault.ROUTE_UNPUBLISHED;
        if (f.budget() != _budget(upTo)) return Fault.WRONG_BUDGET;
        return isPlan ? _plan(f, leaf.end(), upTo) : _outcome(f, leaf.end(), upTo);
    }

    /// @notice What the two leaves of a request prove against the outcome. Of bytes that are no leaf, of two numbers or
    /// of other kinds: nothing.
    /// @param plan Bytes of the plan.
    /// @param planSequence Of the plan's batch.
    /// @param outcome Bytes of the outcome.
    /// @param outcomeSequence Of the outcome's batch.
    /// @return fault NONE if nothing.
    function pair(bytes calldata plan, uint64 planSequence, bytes calldata outcome, uint64 outcomeSequence)
        internal
        pure
        returns (Fault fault)
    {
        if (!plan.isLeaf() || !outcome.isLeaf() || plan.counter() != outcome.counter()) return Fault.NONE;
        if (plan.fields().kind() != LeafView.PLAN || outcome.fields().kind() != LeafView.OUTCOME) return Fault.NONE;
        if (!_follows(plan, outcome)) return Fault.NOT_AS_PLANNED;
        return planSequence > outcomeSequence ? Fault.PLAN_AFTER_OUTCOME : Fault.NONE;
    }

    /// @notice Whether two leaves at two places of a log are of one kind and number. Of bytes that are no leaf: false.
    /// @param first Bytes of one leaf.
    /// @param firstIndex Its place in the log.
    /// @param second Bytes of the other leaf.
    /// @param secondIndex Its place in the log.
    /// @return fault TWICE, or NONE.
    function twice(bytes calldata first, uint64 firstIndex, bytes calldata second, uint64 secondIndex)
        internal
        pure
        returns (Fault fault)
    {
        return firstIndex != secondIndex && first.isLeaf() && second.isLeaf() && first.counter() == second.counter()
            && first.fields().kind() == second.fields().kind()
            ? Fault.TWICE
            : Fault.NONE;
    }

    /// @notice Two plans of a lane and route, both first pinned in the best tier. The passed one waited in the snapshot
    /// that the first was pinned in, since it had arrived, and its turn, which never changes, is before that of the
    /// first. So the allocator came to it before, and the slot that the first got was free then.
    /// @param passed Bytes of the plan that was pinned later although it stood before.
    /// @param first Bytes of the plan that was pinned before it.
    /// @return fault OVERTAKEN, or NONE.
    function overtaken(bytes calldata passed, bytes calldata first) internal pure returns (Fault fault) {
        if (!passed.isLeaf() || !first.isLeaf()) return Fault.NONE;
        LeafFields p = passed.fields();
        LeafFields f = first.fields();
        if (p.kind() != LeafView.PLAN || f.kind() != LeafView.PLAN || p.route() != f.route()) return Fault.NONE;
        uint256 end = passed.end();
        return p.selectedTier() == 0 && f.selectedTier() == 0 && LeafView.turn(end) < LeafView.turn(first.end())
            && LeafView.arrival(end) <= f.snapshot() && f.snapshot() < p.snapshot()
            ? Fault.OVERTAKEN
            : Fault.NONE;
    }

    /// @notice What two headers of a lane prove, of which the second has the higher sequence. The registry takes no
    /// such headers.
    /// @param earlier The header before.
    /// @param next The header with the higher sequence.
    /// @return fault COMPLETE_THROUGH_FALLS, SIZE_GAP, or NONE.
    function continued(IRoutingBatchRegistry.Header calldata earlier, IRoutingBatchRegistry.Header calldata next)
        internal
        pure
        returns (Fault fault)
    {
        if (next.completeThrough < earlier.completeThrough) return Fault.COMPLETE_THROUGH_FALLS;
        uint256 between = uint256(next.sequence) - earlier.sequence - 1;
        uint256 first = uint256(earlier.size) + next.count;
        uint256 last = first + MOST_LEAVES * between;
        return next.size < first + between || next.size > last ? Fault.SIZE_GAP : Fault.NONE;
    }

    /// @notice What two headers of a lane prove whose logs are of one size.
    /// @param one A header.
    /// @param other Another header.
    /// @return fault LOG_FORKED, or NONE.
    function forked(IRoutingBatchRegistry.Header calldata one, IRoutingBatchRegistry.Header calldata other)
        internal
        pure
        returns (Fault fault)
    {
        return one.size == other.size && one.root != other.root ? Fault.LOG_FORKED : Fault.NONE;
    }

    /// @dev Status, tier, target and attempts exclude each other.
    function _contradicts(LeafFields f) private pure returns (bool contradicts) {
        uint256 tier = f.servedTier();
        bool isServed = tier != LeafView.NO_TIER;
        if (isServed == (f.servedTarget() == LeafView.NO_TARGET)) return true;
        if (isServed && f.attempts() == 0) return true;
        uint256 status = f.status();
        if (status == INTERRUPTED || status == CANCELLED) return false;
        if (status == SERVED) return tier != 0;
        if (status == FELL_BACK) return tier == 0 || !isServed;
        return isServed;
    }

    function _isOutside(IRoutingBatchRegistry.Header calldata header, uint64 counter, LeafFields f)
        private
        pure
        returns (bool isOutside)
    {
        return counter < header.firstCounter || counter > header.lastCounter || f.millis() < header.firstMillis
            || f.millis() > header.lastMillis || (f.kind() == LeafView.PLAN && f.snapshot() > header.lastSnapshot);
    }

    function _plan(LeafFields f, uint256 end, uint64 upTo) private pure returns (Fault fault) {
        uint256 attempts = f.attempts();
        (uint256 used,) = LeafView.places(end);
        bool isFounded = used == f.budget() && attempts < used && f.selectedTarget() == LeafView.pinned(end, attempts)
            && f.selectedTier() == _tierAfter(upTo, attempts) && LeafView.rank(end) < LeafView.open(end)
            && LeafView.arrival(end) <= f.snapshot() && LeafView.arrival(end) <= LeafView.turn(end);
        return isFounded ? Fault.NONE : Fault.PLAN_UNFOUNDED;
    }

    function _outcome(LeafFields f, uint256 end, uint64 upTo) private pure returns (Fault fault) {
        uint256 tier = f.servedTier();
        if (tier != LeafView.NO_TIER && tier != 0) {
            bool isOfRoute = _upTo(upTo, tier) != 0;
            if (!isOfRoute || f.attempts() <= _upTo(upTo, tier - 1)) return Fault.FELL_BACK_EARLY;
        }
        if (f.status() == EXHAUSTED && f.attempts() < f.budget()) return Fault.EXHAUSTED_EARLY;
        if (f.mode() == LeafView.FAST || f.servedTarget() == LeafView.NO_TARGET) return Fault.NONE;
        return f.snapshot() == LeafView.NO_SNAPSHOT || !_isServedBy(end, f) ? Fault.NOT_AS_PLANNED : Fault.NONE;
    }

    /// @dev The outcome is of this plan.
    function _follows(bytes calldata plan, bytes calldata outcome) private pure returns (bool follows) {
        LeafFields p = plan.fields();
        LeafFields o = outcome.fields();
        if (plan.requestKey() != outcome.requestKey()) return false;
        if (o.mode() & ~LeafView.RELEASED != p.mode()) return false;
        if (o.route() != p.route() || o.budget() != p.budget() || o.snapshot() != p.snapshot()) return false;
        if (plan.end() >> 128 != outcome.end() >> 128) return false;
        if (o.attempts() < p.attempts() || o.attempts() > o.budget()) return false;
        return o.servedTarget() == LeafView.NO_TARGET || _isServedBy(plan.end(), o);
    }

    /// @dev Whoever served was pinned for that attempt.
    function _isServedBy(uint256 end, LeafFields outcome) private pure returns (bool isServedBy) {
        uint256 attempts = outcome.attempts();
        (uint256 used,) = LeafView.places(end);
        return attempts != 0 && attempts <= used && LeafView.pinned(end, attempts - 1) == outcome.servedTarget();
    }

    function _upTo(uint64 upTo, uint256 tier) private pure returns (uint256 attempts) {
        return uint8(upTo >> (BITS_PER_TIER * tier));
    }

    function _budget(uint64 upTo) private pure returns (uint256 last) {
        for (uint256 rest = upTo; rest != 0; rest >>= BITS_PER_TIER) {
            last = uint8(rest);
        }
    }

    /// @dev Ends, because attempts are below the last number of `upTo`.
    function _tierAfter(uint64 upTo, uint256 attempts) private pure returns (uint256 tier) {
        while (attempts >= _upTo(upTo, tier)) ++tier;
    }
}
