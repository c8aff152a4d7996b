// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What can be proved against a lane, or won against it because it does not answer. The numbers are those of
/// `vectors/faults.json` and never change their meaning. Of several faults of one leaf the lowest is named.
enum Fault {
    NONE,
    OUT_OF_RANGE,
    CONTRADICTS_ITSELF,
    OUTSIDE_HEADER,
    OVER_BUDGET,
    ROUTE_UNPUBLISHED,
    WRONG_BUDGET,
    FELL_BACK_EARLY,
    EXHAUSTED_EARLY,
    PLAN_UNFOUNDED,
    NOT_AS_PLANNED,
    PLAN_AFTER_OUTCOME,
    TWICE,
    DIFFERS,
    OMITTED,
    WITHHELD,
    PLAN_MISSING,
    OVERTAKEN,
    COMPLETE_THROUGH_FALLS,
    COMPLETE_THROUGH_BEYOND,
    SIZE_GAP,
    LOG_FORKED,
    EQUIVOCATED,
    OUTCOME_MISSING,
    RECORD_WITHHELD
}
