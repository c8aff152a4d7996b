// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../IRoutingBatchRegistry.sol";
import {Fault} from "./Fault.sol";

/// @notice All amounts and times of a vault, fixed at its birth. Amounts are in the smallest unit of what is staked,
/// the bond is in wei, and times are in seconds.
/// @param floor Least active stake with which a lane commits; at least `promisePenalty`.
/// @param stakePerLeaf Active stake for each leaf that the lane committed within `volumeWindow`; 0 for none.
/// @param leafPenalty Taken for a leaf that breaks a rule; above 0.
/// @param promisePenalty Taken for what was promised and not kept, and for what is not shown; at least `leafPenalty`.
/// @param bond Least bond of a game; above 0.
/// @param bondGas Gas that the bond pays for at the base fee of the block that opens the game.
/// @param volumeWindow Over which leaves count, and how long a lane may commit with less than they ask for.
/// @param mostPerBatch Leaves of one batch for which money is taken; from 1 to 1,200.
/// @param reporterBps What of a penalty its reporter gets, in 1/10,000; at most half. The rest is burned.
/// @param window How long after its block a batch can be challenged; from 1 day to a year.
/// @param response How long there is for an answer; from 1 day to a year.
/// @param anchorMost Longest time from a promise to its fulfilment; at most 1 day.
/// @param grace How long a lane that a penalty has made short may commit; at most `window`.
struct Terms {
    uint128 floor;
    uint128 stakePerLeaf;
    uint128 leafPenalty;
    uint128 promisePenalty;
    uint128 bond;
    uint32 bondGas;
    uint32 volumeWindow;
    uint16 mostPerBatch;
    uint16 reporterBps;
    uint32 window;
    uint32 response;
    uint32 anchorMost;
    uint32 grace;
}

/// @notice The stake of a lane, of which each staker has shares.
/// @param assets Wei, all of which penalties can take.
/// @param shares Of all stakers, those that leave included.
/// @param leavingShares What of them leaves. It stays liable until it is paid out.
/// @param shortUntil Until when the lane may commit although its active stake is short, Unix s; 0 if it may not. A time
/// that is not over stays although the stake is enough again.
/// @param generation How often penalties have taken everything; shares of an earlier generation are nothing.
/// @param locked Wei that open games may still take.
struct Pool {
    uint128 assets;
    uint128 shares;
    uint128 leavingShares;
    uint64 shortUntil;
    uint32 generation;
    uint128 locked;
}

/// @notice What a staker has of a lane's pool.
/// @param shares That stay.
/// @param leavingShares That leave.
/// @param leavesAt When those that leave are paid out, Unix s.
/// @param generation Of the pool that they are shares of.
struct Position {
    uint128 shares;
    uint128 leavingShares;
    uint64 leavesAt;
    uint32 generation;
}

/// @notice Where a game stands. From ANSWERED and LOST no way leads back.
enum Game {
    NONE,
    OPEN,
    ANSWERED,
    LOST
}

/// @notice A game: something is asked for that only the lane may have, and is answered in time or not.
/// @param challenger Who has opened it.
/// @param deadline Last second for an answer, Unix s.
/// @param state Where it stands.
/// @param fault What it is if nobody answers.
/// @param lane Whose answer is asked for.
/// @param sequence Batch that it is about, and after which no leaf is an answer; 0 if any batch will do.
/// @param bond Wei.
struct Challenge {
    address challenger;
    uint64 deadline;
    Game state;
    Fault fault;
    uint64 lane;
    uint64 sequence;
    uint128 bond;
}

/// @notice A leaf, its place in its lane's log, and its way to the root.
/// @param leaf Its bytes.
/// @param index Its place, from 0.
/// @param proof Neighbours on the way up, from the bottom (RFC 9162).
struct LeafAt {
    bytes leaf;
    uint64 index;
    bytes32[] proof;
}

/// @notice A leaf and the batch that was committed with it.
/// @param header Of the batch.
/// @param committedAt Time of the batch's block, Unix s.
/// @param leaf Its bytes.
/// @param index Its place in the lane's log, from 0.
/// @param proof Neighbours on the way up, from the bottom (RFC 9162).
struct Placed {
    IRoutingBatchRegistry.Header header;
    uint64 committedAt;
    bytes leaf;
    uint64 index;
    bytes32[] proof;
}

/// @notice That a leaf of a request will be on chain by a certain time, as a lane's key signs it (EIP-712).
/// @param lane In whose log.
/// @param requestKey Bytes 0 to 31 of the leaf.
/// @param kind 1 plan, 2 outcome.
/// @param leafHash SHA-256(0x00 || leaf); zero if it was not known.
/// @param signedAt Unix s.
/// @param anchorBy Unix s.
struct LeafPromise {
    uint64 lane;
    bytes32 requestKey;
    uint8 kind;
    bytes32 leafHash;
    uint64 signedAt;
    uint64 anchorBy;
}

/// @notice A head of a batch that a lane's key has signed (EIP-712).
/// @param head The head.
/// @param signature r, s and v, 65 bytes.
struct SignedHead {
    bytes32 head;
    bytes signature;
}

/// @notice Two heads of one batch.
/// @param lane Whose batch.
/// @param sequence Its number.
/// @param committed Head that the registry has by now: one of the two, or another.
/// @param committedAt Time of its block, Unix s.
/// @param one A head that was signed.
/// @param other Another head that was signed.
struct Equivocation {
    uint64 lane;
    uint64 sequence;
    bytes32 committed;
    uint64 committedAt;
    SignedHead one;
    SignedHead other;
}
