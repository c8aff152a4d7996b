// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBatchGate} from "./IBatchGate.sol";
import {IRoutingBatchRegistry} from "./IRoutingBatchRegistry.sol";
import {LeafProof} from "./LeafProof.sol";

/// @title Registry of routing batches
/// @notice Keeps one word a batch, and a chain of heads a lane. Has no owner and cannot be upgraded.
/// @dev Long because who trusts it reads it once, from one end to the other.
contract RoutingBatchRegistry is IRoutingBatchRegistry {
    /// @dev A commit without a gate needs only the first three words of a lane. Sequence numbers come one at a time and
    /// do not reach 2^40; snapshots are held below 2^32 - 1.
    struct Lane {
        address committer;
        uint32 lastSnapshot;
        uint40 sequence;
        bool gated;
        bytes32 head;
        Log log;
        address owner;
        address pendingOwner;
        IBatchGate gate;
        address signer;
    }

    /// @dev One word.
    struct Log {
        uint64 size;
        uint64 completeThrough;
        uint64 highestCounter;
    }

    /// @dev One word. `upTo` is never zero for a known route, because each tier has an attempt.
    struct Route {
        uint64 upTo;
        uint64 publishedAt;
    }

    /// @inheritdoc IRoutingBatchRegistry
    uint256 public constant VERSION = 2;

    uint256 private constant MOST_LEAVES = 1200;
    uint256 private constant LEAF_BYTES = 96;
    uint64 private constant LAST_SNAPSHOT = type(uint32).max - 1;
    uint256 private constant MOST_TIERS = 8;
    uint256 private constant MOST_ATTEMPTS = 64;
    uint256 private constant BITS_PER_TIER = 8;
    uint64 private constant NOT_RETIRED = type(uint64).max;
    uint256 private constant BITS_PAST_A_DOUBLE = 11;

    mapping(uint64 lane => Lane state) private _lanes;
    mapping(uint64 lane => mapping(uint64 sequence => bytes32 record)) private _records;
    mapping(uint64 lane => mapping(bytes32 hash => uint64 publishedAt)) private _policies;
    mapping(uint64 lane => mapping(uint16 route => Route budget)) private _routes;
    mapping(uint64 lane => mapping(address signer => uint64 retiredAt)) private _signers;

    modifier onlyOwner(uint64 lane) {
        _checkOwner(lane);
        _;
    }

    modifier onlyCommitter(uint64 lane) {
        _checkCommitter(lane);
        _;
    }

    /// @inheritdoc IRoutingBatchRegistry
    function openLane(bytes32 salt, address committer, address signer) external returns (uint64 lane) {
        lane = laneNumber(msg.sender, salt);
        if (lane == 0) revert LaneZero();
        if (committer == address(0)) revert CommitterZero();
        Lane storage state = _lanes[lane];
        if (state.owner != address(0)) revert LaneTaken(lane);
        state.owner = msg.sender;
        state.committer = committer;
        emit LaneOpened(lane, msg.sender, committer);
        _keepSigner(lane, state, signer);
    }

    /// @inheritdoc IRoutingBatchRegistry
    function rotateCommitter(uint64 lane, address committer) external onlyOwner(lane) {
        if (committer == address(0)) revert CommitterZero();
        Lane storage state = _lanes[lane];
        address previous = state.committer;
        state.committer = committer;
        emit CommitterRotated(lane, previous, committer);
    }

    /// @inheritdoc IRoutingBatchRegistry
    function setSigner(uint64 lane, address signer) external onlyOwner(lane) {
        _keepSigner(lane, _lanes[lane], signer);
    }

    /// @inheritdoc IRoutingBatchRegistry
    function offerLane(uint64 lane, address pendingOwner) external onlyOwner(lane) {
        _lanes[lane].pendingOwner = pendingOwner;
        emit LaneOffered(lane, msg.sender, pendingOwner);
    }

    /// @inheritdoc IRoutingBatchRegistry
    function acceptLane(uint64 lane) external {
        Lane storage state = _lanes[lane];
        if (msg.sender != state.pendingOwner) revert NotPendingOwner(lane, msg.sender);
        address previous = state.owner;
        state.owner = msg.sender;
        state.pendingOwner = address(0);
        emit LaneAccepted(lane, previous, msg.sender);
    }

    /// @inheritdoc IRoutingBatchRegistry
    function setGate(uint64 lane, IBatchGate gate) external onlyOwner(lane) {
        if (address(gate) != address(0) && address(gate).code.length == 0) revert GateWithoutCode(address(gate));
        Lane storage state = _lanes[lane];
        IBatchGate previous = state.gate;
        // A static call: nothing can happen in it.
        if (state.gated && !previous.mayRelease(lane)) revert GateHolds(lane, address(previous));
        state.gate = gate;
        state.gated = address(gate) != address(0);
        emit GateChanged(lane, address(previous), address(gate));
    }

    /// @inheritdoc IRoutingBatchRegistry
    function publishPolicy(uint64 lane, bytes calldata policy, RouteBudget[] calldata routes)
        external
        onlyCommitter(lane)
    {
        if (policy.length == 0) revert PolicyEmpty();
        for (uint256 i = 0; i < routes.length; ++i) {
            _keepBudget(lane, routes[i]);
        }
        bytes32 hash = keccak256(policy);
        if (_policies[lane][hash] == 0) _policies[lane][hash] = uint64(block.timestamp);
        emit PolicyPublished(lane, hash, policy, routes);
    }

    /// @inheritdoc IRoutingBatchRegistry
    function commitBatch(Header calldata header) external onlyCommitter(header.lane) {
        _commit(header);
    }

    /// @inheritdoc IRoutingBatchRegistry
    function commitBatchWithData(Header calldata header, bytes calldata leaves) external onlyCommitter(header.lane) {
        if (leaves.length != LEAF_BYTES * header.count) {
            revert WrongLeavesLength(LEAF_BYTES * header.count, leaves.length);
        }
        _commit(header);
    }

    /// @inheritdoc IRoutingBatchRegistry
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
        )
    {
        Lane storage state = _lanes[lane];
        Log storage log = state.log;
        return (state.sequence, state.head, state.lastSnapshot, state.committer, log.size, log.completeThrough);
    }

    /// @inheritdoc IRoutingBatchRegistry
    function laneOf(uint64 lane)
        external
        view
        returns (address owner, address pendingOwner, address committer, IBatchGate gate, address signer)
    {
        Lane storage state = _lanes[lane];
        return (state.owner, state.pendingOwner, state.committer, state.gate, state.signer);
    }

    /// @inheritdoc IRoutingBatchRegistry
    function signerRetiredAt(uint64 lane, address signer) external view returns (uint64 retiredAt) {
        return _signers[lane][signer];
    }

    /// @inheritdoc IRoutingBatchRegistry
    function policyPublishedAt(uint64 lane, bytes32 hash) external view returns (uint64 publishedAt) {
        return _policies[lane][hash];
    }

    /// @inheritdoc IRoutingBatchRegistry
    function routeOf(uint64 lane, uint16 route) external view returns (uint64 upTo, uint64 publishedAt) {
        Route storage known = _routes[lane][route];
        return (known.upTo, known.publishedAt);
    }

    /// @inheritdoc IRoutingBatchRegistry
    function budgetOf(uint64 lane, uint16 route) external view returns (uint8 budget, uint8[] memory upTo) {
        uint256 packed = _routes[lane][route].upTo;
        if (packed == 0) revert RouteUnknown(lane, route);
        uint256 tiers = 0;
        while (packed >> (BITS_PER_TIER * tiers) != 0) ++tiers;
        upTo = new uint8[](tiers);
        for (uint256 tier = 0; tier < tiers; ++tier) {
            upTo[tier] = uint8(packed >> (BITS_PER_TIER * tier));
        }
        budget = upTo[tiers - 1];
    }

    /// @inheritdoc IRoutingBatchRegistry
    function batchRecord(uint64 lane, uint64 sequence) external view returns (bytes32 record) {
        return _records[lane][sequence];
    }

    /// @inheritdoc IRoutingBatchRegistry
    function verifyLeaf(
        Header calldata header,
        uint64 committedAt,
        bytes calldata leaf,
        uint64 index,
        bytes32[] calldata proof
    ) external view returns (bool verified) {
        if (_records[header.lane][header.sequence] != _record(keccak256(abi.encode(header)), committedAt)) return false;
        if (leaf.length != LEAF_BYTES || index < header.size - header.count) return false;
        return LeafProof.leadsTo(header.root, header.size, LeafProof.leafHash(leaf), index, proof);
    }

    /// @inheritdoc IRoutingBatchRegistry
    /// @dev Virtual for the test of `LaneZero`, which nobody finds a salt for.
    function laneNumber(address owner, bytes32 salt) public pure virtual returns (uint64 lane) {
        return uint64(uint256(keccak256(abi.encode(owner, salt)))) >> BITS_PAST_A_DOUBLE;
    }

    function _keepSigner(uint64 lane, Lane storage state, address signer) private {
        if (signer == address(0)) revert SignerZero();
        uint64 retiredAt = _signers[lane][signer];
        if (retiredAt == NOT_RETIRED) revert SignerUnchanged(lane, signer);
        if (retiredAt != 0) revert SignerRetired(lane, signer, retiredAt);
        address previous = state.signer;
        if (previous != address(0)) _signers[lane][previous] = uint64(block.timestamp);
        _signers[lane][signer] = NOT_RETIRED;
        state.signer = signer;
        emit SignerChanged(lane, previous, signer);
    }

    function _keepBudget(uint64 lane, RouteBudget calldata route) private {
        uint64 packed = _pack(route);
        uint64 known = _routes[lane][route.route].upTo;
        if (known == 0) {
            _routes[lane][route.route] = Route(packed, uint64(block.timestamp));
        } else if (known != packed) {
            revert RouteChanged(lane, route.route);
        }
    }

    function _commit(Header calldata header) private {
        uint64 lane = header.lane;
        Lane storage state = _lanes[lane];
        _checkPlace(header, state);
        _checkContent(header);
        Log memory log = _grown(header, state.log);

        bytes32 head = keccak256(abi.encode(header));
        uint64 sequence = header.sequence;
        uint64 committedAt = uint64(block.timestamp);
        _records[lane][sequence] = _record(head, committedAt);
        state.head = head;
        state.sequence = uint40(sequence);
        state.lastSnapshot = uint32(header.lastSnapshot);
        state.log = log;
        emit BatchCommitted(lane, sequence, head, header, committedAt);

        // Last, so that whatever the gate does meets a registry that is done with this batch.
        if (state.gated) state.gate.beforeCommit(header, head);
    }

    function _checkOwner(uint64 lane) private view {
        if (msg.sender != _lanes[lane].owner) revert NotOwner(lane, msg.sender);
    }

    function _checkCommitter(uint64 lane) private view {
        if (msg.sender != _lanes[lane].committer) revert NotCommitter(lane, msg.sender);
    }

    /// @dev Whether the batch is for here and the next of its lane.
    function _checkPlace(Header calldata header, Lane storage state) private view {
        if (header.version != VERSION) revert WrongVersion(header.version);
        if (header.chainId != block.chainid) revert WrongChain(header.chainId);
        if (header.registry != address(this)) revert WrongRegistry(header.registry);

        uint64 next = uint64(state.sequence) + 1;
        if (header.sequence != next) revert SequenceGap(next, header.sequence);
        if (header.previousHead != state.head) revert WrongPreviousHead(state.head, header.previousHead);

        uint64 first = uint64(state.lastSnapshot) + 1;
        if (header.firstSnapshot != first || header.lastSnapshot < first - 1 || header.lastSnapshot > LAST_SNAPSHOT) {
            revert SnapshotGap(first, header.firstSnapshot, header.lastSnapshot);
        }
        bool hasSnapshots = header.lastSnapshot >= first;
        if (hasSnapshots == (header.snapshotRoot == 0)) revert WrongSnapshotRoot(header.snapshotRoot);
    }

    /// @dev Whether the batch says nothing that cannot be.
    function _checkContent(Header calldata header) private view {
        if (_policies[header.lane][header.policyHash] == 0) revert PolicyNotPublished(header.lane, header.policyHash);
        if (header.count == 0 || header.count > MOST_LEAVES) revert CountOutOfRange(header.count);
        if (header.outcomes > header.count) revert TooManyOutcomes(header.outcomes, header.count);
        if (header.firstCounter == 0 || header.firstCounter > header.lastCounter) {
            revert CountersOutOfOrder(header.firstCounter, header.lastCounter);
        }
        if (header.firstMillis > header.lastMillis) revert TimesOutOfOrder(header.firstMillis, header.lastMillis);
    }

    /// @dev The log after the batch, if it grows as it has to.
    function _grown(Header calldata header, Log memory before) private pure returns (Log memory log) {
        uint64 size = before.size + header.count;
        if (header.size != size) revert SizeGap(size, header.size);

        uint64 highest = header.lastCounter > before.highestCounter ? header.lastCounter : before.highestCounter;
        if (header.completeThrough < before.completeThrough || header.completeThrough > highest) {
            revert CompleteThroughOutOfOrder(before.completeThrough, highest, header.completeThrough);
        }
        return Log(size, header.completeThrough, highest);
    }

    function _pack(RouteBudget calldata route) private pure returns (uint64 packed) {
        uint256 tiers = route.upTo.length;
        if (tiers == 0 || tiers > MOST_TIERS) revert TiersOutOfRange(route.route, tiers);
        uint8 before = 0;
        for (uint256 tier = 0; tier < tiers; ++tier) {
            uint8 upTo = route.upTo[tier];
            if (upTo <= before || upTo > MOST_ATTEMPTS) revert AttemptsOutOfRange(route.route, tier, upTo);
            packed |= uint64(upTo) << uint64(BITS_PER_TIER * tier);
            before = upTo;
        }
    }

    function _record(bytes32 head, uint64 committedAt) private pure returns (bytes32 record) {
        return keccak256(abi.encode(head, committedAt));
    }
}
