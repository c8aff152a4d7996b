// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// What faults.json and honest.json have in common. In a file of its own, because forge looks a struct of a type
// description up by its name, and refuses a name that stands twice.

/// @dev Leaves of batches with one header.
struct Group {
    string name;
    uint64 first_counter;
    uint64 last_counter;
    uint64 first_millis;
    uint64 last_millis;
    uint64 last_snapshot;
    uint8[] up_to;
    uint64 published_at;
    uint64 committed_at;
    bytes leaves;
    bytes faults;
}

/// @dev A plan and an outcome, each with its batch.
struct Pair {
    bytes plan;
    uint64 plan_sequence;
    bytes outcome;
    uint64 outcome_sequence;
    uint8 fault;
}

string constant GROUP = "Group(string name,uint64 first_counter,uint64 last_counter,uint64 first_millis,"
    "uint64 last_millis,uint64 last_snapshot,uint8[] up_to,uint64 published_at,uint64 committed_at,bytes leaves,"
    "bytes faults)";

string constant PAIR = "Pair(bytes plan,uint64 plan_sequence,bytes outcome,uint64 outcome_sequence,uint8 fault)";
