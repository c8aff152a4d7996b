// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBatchGate} from "./IBatchGate.sol";

/// @title Registry of routing batches
/// @notice Each lane commits its routing decisions here, in batches whose heads form a chain. Nobody has power over all
/// lanes, and nothing that was committed can be changed. Each lane has one append-only log of its leaves, of 96 bytes
/// each (RFC 9162, SHA-256); a batch is a stretch of it.
/// Long because all that anyone may call, read or be told is described in one place.
interface IRoutingBatchRegistry {
    /// @notice What goes on chain of a batch. `keccak256(abi.encode(header))` is its head.
    /// @param version 2.
    /// @param chainId The chain it is for.
    /// @param registry The contract it is for.
    /// @param lane Whose batch it is.
    /// @param sequence From 1, without a gap.
    /// @param previousHead Head of the batch before; zero for the first.
    /// @param policyHash Hash of a policy that the lane has published.
    /// @param firstSnapshot The lane's last snapshot before this batch, plus 1.
    /// @param lastSnapshot At least `firstSnapshot - 1`, which means that there is none; below 2^32 - 1, which in a
    /// leaf means that there is none.
    /// @param snapshotRoot Root over the snapshots; zero exactly if there is none.
    /// @param firstCounter Lowest request counter among the leaves, from 1.
    /// @param lastCounter Highest request counter among the leaves.
    /// @param completeThrough Each request up to this counter has its outcome in this batch or in an earlier one. Never
    /// falls, and is at most the highest counter of all batches so far.
    /// @param count Leaves, 1 to 1,200.
    /// @param outcomes How many of the leaves are outcomes.
    /// @param size Leaves of the lane's log after this batch: those before it, plus `count`.
    /// @param root Root of the lane's log at that size: RFC 9162 with SHA-256.
    /// @param recordsRoot Root over the records for those who replay, one for each leaf of this batch, in the same
    /// order: RFC 9162 with SHA-256. The records are served off chain.
    /// @param firstMillis Earliest time of a leaf, Unix ms.
    /// @param lastMillis Latest time of a leaf, Unix ms.
    struct Header {
        uint256 version;
        uint256 chainId;
        address registry;
        uint64 lane;
        uint64 sequence;
        bytes32 previousHead;
        bytes32 policyHash;
        uint64 firstSnapshot;
        uint64 lastSnapshot;
        bytes32 snapshotRoot;
        uint64 firstCounter;
        uint64 lastCounter;
        uint64 completeThrough;
        uint32 count;
        uint32 outcomes;
        uint64 size;
        bytes32 root;
        bytes32 recordsRoot;
        uint64 firstMillis;
        uint64 lastMillis;
    }

    /// @notice What one version of a route may spend.
    /// @param route Its number in leaves.
    /// @param upTo Cumulative attempts up to and including each tier, best first: 1 to 8 tiers, strictly increasing, at
    /// most 64. The last is the budget.
    struct RouteBudget {
        uint16 route;
        uint8[] upTo;
    }

    /// @notice A lane was opened.
    /// @param lane The lane.
    /// @param owner Who opened it and owns it.
    /// @param committer Who commits.
    event LaneOpened(uint64 indexed lane, address indexed owner, address indexed committer);

    /// @notice Another key commits from now on.
    /// @param lane The lane.
    /// @param previous Who commits no more.
    /// @param committer Who commits from now on.
    event CommitterRotated(uint64 indexed lane, address indexed previous, address indexed committer);

    /// @notice Another key signs from now on. Also when a lane is opened.
    /// @param lane The lane.
    /// @param previous Whose signatures count no more from this block's time on; zero when the lane is opened.
    /// @param signer Who signs from now on.
    event SignerChanged(uint64 indexed lane, address indexed previous, address indexed signer);

    /// @notice The lane was offered to another owner; zero takes an offer back.
    /// @param lane The lane.
    /// @param owner Who offers it.
    /// @param pendingOwner To whom.
    event LaneOffered(uint64 indexed lane, address indexed owner, address indexed pendingOwner);

    /// @notice The lane has another owner.
    /// @param lane The lane.
    /// @param previous Who owned it.
    /// @param owner Who owns it from now on.
    event LaneAccepted(uint64 indexed lane, address indexed previous, address indexed owner);

    /// @notice The lane has another gate; zero means none.
    /// @param lane The lane.
    /// @param previous The gate before; zero for none.
    /// @param gate The gate from now on; zero for none.
    event GateChanged(uint64 indexed lane, address indexed previous, address indexed gate);

    /// @notice A policy was published, with its full text.
    /// @param lane The lane it is of.
    /// @param hash keccak-256 of the text.
    /// @param policy The text.
    /// @param routes What each of its routes may spend.
    event PolicyPublished(uint64 indexed lane, bytes32 indexed hash, bytes policy, RouteBudget[] routes);

    /// @notice A batch was committed.
    /// @param lane The lane it is of.
    /// @param sequence Its number.
    /// @param head Hash of the header.
    /// @param header The header.
    /// @param committedAt Time of the block, Unix seconds; who proves something to this contract has to bring it.
    event BatchCommitted(
        uint64 indexed lane, uint64 indexed sequence, bytes32 indexed head, Header header, uint64 committedAt
    );

    /// @notice There is no lane 0: take another salt.
    error LaneZero();

    /// @notice The lane is open already: take another salt.
    error LaneTaken(uint64 lane);

    /// @notice Only the lane's owner may do that.
    error NotOwner(uint64 lane, address caller);

    /// @notice The lane was not offered to the caller.
    error NotPendingOwner(uint64 lane, address caller);

    /// @notice Only the lane's committer may do that.
    error NotCommitter(uint64 lane, address caller);

    /// @notice A lane needs somebody who commits.
    error CommitterZero();

    /// @notice A lane needs somebody who signs.
    error SignerZero();

    /// @notice That key signs already.
    error SignerUnchanged(uint64 lane, address signer);

    /// @notice That key was the lane's once, and a retired key never comes back.
    error SignerRetired(uint64 lane, address signer, uint64 retiredAt);

    /// @notice There is no contract at the gate's address, so no commit would ever pass.
    error GateWithoutCode(address gate);

    /// @notice The gate does not let the lane go.
    error GateHolds(uint64 lane, address gate);

    /// @notice The policy has no text.
    error PolicyEmpty();

    /// @notice A route has 1 to 8 tiers.
    error TiersOutOfRange(uint16 route, uint256 tiers);

    /// @notice Attempts up to a tier are more than up to the tier before, and at most 64.
    error AttemptsOutOfRange(uint16 route, uint256 tier, uint8 upTo);

    /// @notice A route number names one version for ever.
    error RouteChanged(uint64 lane, uint16 route);

    /// @notice The lane has published no such route.
    error RouteUnknown(uint64 lane, uint16 route);

    /// @notice The header has a version that this contract does not know.
    error WrongVersion(uint256 version);

    /// @notice The header is for another chain.
    error WrongChain(uint256 chainId);

    /// @notice The header is for another contract.
    error WrongRegistry(address registry);

    /// @notice The batch is not the next one.
    error SequenceGap(uint64 expected, uint64 given);

    /// @notice The batch follows another one than the last.
    error WrongPreviousHead(bytes32 expected, bytes32 given);

    /// @notice The snapshots do not follow the last ones, end before they begin, or reach 2^32 - 1.
    error SnapshotGap(uint64 expected, uint64 first, uint64 last);

    /// @notice Snapshots have a root, and where there are none there is none.
    error WrongSnapshotRoot(bytes32 snapshotRoot);

    /// @notice The lane has not published that policy.
    error PolicyNotPublished(uint64 lane, bytes32 hash);

    /// @notice A batch has 1 to 1,200 leaves.
    error CountOutOfRange(uint32 count);

    /// @notice There are more outcomes than leaves.
    error TooManyOutcomes(uint32 outcomes, uint32 count);

    /// @notice Counters begin at 1 and the first is not above the last.
    error CountersOutOfOrder(uint64 first, uint64 last);

    /// @notice The log's size is not the one before plus the leaves of this batch.
    error SizeGap(uint64 expected, uint64 given);

    /// @notice What is complete falls behind what was, or is more than was ever committed.
    error CompleteThroughOutOfOrder(uint64 least, uint64 most, uint64 given);

    /// @notice The first time is not after the last.
    error TimesOutOfOrder(uint64 first, uint64 last);

    /// @notice Each leaf has 96 bytes.
    error WrongLeavesLength(uint256 expected, uint256 given);

    /// @notice Opens a lane; the caller owns it from now on.
    /// @dev The number follows from caller and salt, so nobody can squat somebody else's: finding a salt for a given
    /// number takes 2^53 hashes, and its owner would just take another salt.
    /// @param salt Any word; another one for each lane of the same owner.
    /// @param committer Who commits.
    /// @param signer Who signs promises and heads. Should be another key than the committer's, so that whoever steals
    /// that one cannot promise anything.
    /// @return lane Its number, as `laneNumber` has it.
    function openLane(bytes32 salt, address committer, address signer) external returns (uint64 lane);

    /// @notice Lets another key commit; the one before can no more. By the owner.
    /// @param lane The lane.
    /// @param committer Who commits from now on.
    function rotateCommitter(uint64 lane, address committer) external;

    /// @notice Lets another key sign; the one before is retired for good. By the owner.
    /// @param lane The lane.
    /// @param signer Who signs from now on; a key that never was the lane's.
    function setSigner(uint64 lane, address signer) external;

    /// @notice Offers the lane to another owner, who has to accept. By the owner.
    /// @param lane The lane.
    /// @param pendingOwner To whom; zero takes the offer back.
    function offerLane(uint64 lane, address pendingOwner) external;

    /// @notice Accepts a lane that was offered to the caller. Committer, signer and gate stay.
    /// @param lane The lane.
    function acceptLane(uint64 lane) external;

    /// @notice Sets a gate, or changes or removes it if the present one consents. By the owner.
    /// @param lane The lane.
    /// @param gate A contract that is asked before each commit; zero removes the present one.
    function setGate(uint64 lane, IBatchGate gate) external;

    /// @notice Publishes a policy, before the first batch with a leaf under it. By the committer. Publishing again is
    /// harmless and changes nothing: of the policy, and of each route, the time of the first publication counts.
    /// @param lane The lane.
    /// @param policy The full text.
    /// @param routes What each of its routes may spend; what is known already has to be the same.
    function publishPolicy(uint64 lane, bytes calldata policy, RouteBudget[] calldata routes) external;

    /// @notice Commits a batch. By the committer.
    /// @param header The batch's header.
    function commitBatch(Header calldata header) external;

    /// @notice Commits a batch and posts its leaves as call data. By the committer.
    /// @dev Only the length of the leaves is checked. Leaves that do not lead from the size before to the header's root
    /// count as withheld.
    /// @param header The batch's header.
    /// @param leaves All leaves, 96 bytes each, one behind the other.
    function commitBatchWithData(Header calldata header, bytes calldata leaves) external;

    /// @notice Version of the headers that are taken.
    /// @return version 2.
    function VERSION() external view returns (uint256 version);

    /// @notice Where a lane is; all zero if it is not open.
    /// @param lane The lane.
    /// @return sequence Number of the last batch, 0 before the first.
    /// @return head Head of the last batch.
    /// @return lastSnapshot Number of the last snapshot.
    /// @return committer Who commits.
    /// @return size Leaves of its log.
    /// @return completeThrough Each request up to this counter has its outcome in the log.
    function headOf(uint64 lane)
        external
        view
        returns (
            uint64 sequence,
            bytes32 head,
            uint64 lastSnapshot,
            address committer,
            uint64 size,
            uint64 completeThrough
        );

    /// @notice Whose a lane is; all zero if it is not open.
    /// @param lane The lane.
    /// @return owner Who owns it.
    /// @return pendingOwner To whom it is offered.
    /// @return committer Who commits.
    /// @return gate Who is asked before each commit.
    /// @return signer Who signs.
    function laneOf(uint64 lane)
        external
        view
        returns (address owner, address pendingOwner, address committer, IBatchGate gate, address signer);

    /// @notice Number of the lane that an account opens with a salt. It has 53 bits, so that a reader of JSON whose
    /// numbers are doubles keeps all of them.
    /// @param owner Who opens it.
    /// @param salt With which salt.
    /// @return lane Its number; with 0, which no lane has, another salt is needed.
    function laneNumber(address owner, bytes32 salt) external view returns (uint64 lane);

    /// @notice Until when a key signs for a lane.
    /// @param lane The lane.
    /// @param signer The key.
    /// @return retiredAt 0 if it never did, 2^64 - 1 while it does, else the time of the block that replaced it, in
    /// Unix seconds.
    function signerRetiredAt(uint64 lane, address signer) external view returns (uint64 retiredAt);

    /// @notice When a lane published a policy for the first time.
    /// @param lane The lane.
    /// @param hash keccak-256 of its text.
    /// @return publishedAt Time of the block, Unix s; 0 if it has not.
    function policyPublishedAt(uint64 lane, bytes32 hash) external view returns (uint64 publishedAt);

    /// @notice What a route may spend, and since when that is published. Both are 0 if the lane has published no such
    /// route.
    /// @param lane The lane.
    /// @param route Its number.
    /// @return upTo Cumulative attempts up to and including each tier: a byte a tier, the best in the lowest.
    /// @return publishedAt Time of the block that published it first, Unix s.
    function routeOf(uint64 lane, uint16 route) external view returns (uint64 upTo, uint64 publishedAt);

    /// @notice The same in long form; reverts if the lane has published no such route.
    /// @param lane The lane.
    /// @param route Its number.
    /// @return budget All attempts of all tiers.
    /// @return upTo Cumulative attempts up to and including each tier, best first.
    function budgetOf(uint64 lane, uint16 route) external view returns (uint8 budget, uint8[] memory upTo);

    /// @notice What is kept of a batch.
    /// @param lane The lane.
    /// @param sequence The batch's number.
    /// @return record `keccak256(abi.encode(head, committedAt))`; zero if there is no such batch.
    function batchRecord(uint64 lane, uint64 sequence) external view returns (bytes32 record);

    /// @notice Whether a leaf of a batch that was committed here stands at a place of the lane's log.
    /// @param header The batch's header.
    /// @param committedAt Time of the block that has the batch, from its event.
    /// @param leaf 96 bytes.
    /// @param index Place of the leaf in the log, from 0: from `size - count` to `size - 1`.
    /// @param proof Neighbours on the way up, from the bottom: RFC 9162, section 2.1.3.
    /// @return verified False if the header was not committed at that time, the place is in another batch, or the proof
    /// does not lead to the header's root.
    function verifyLeaf(
        Header calldata header,
        uint64 committedAt,
        bytes calldata leaf,
        uint64 index,
        bytes32[] calldata proof
    ) external view returns (bool verified);
}
