// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBatchGate} from "./IBatchGate.sol";
import {IRoutingBatchRegistry} from "./IRoutingBatchRegistry.sol";
import {LeafProof} from "./LeafProof.sol";

/// @title Registry of routing batches
/// @notice Keeps one word a batch, and a chain of heads a lane. Has no owner and cannot be upgraded.
contract RoutingBatchRegistry is IRoutingBatchRegistry {
    /// @dev All that a commit without a gate needs of a lane is in the first two words. Sequence numbers come one at a
    /// time and do not reach 2^40; snapshots are held below 2^48.
    struct Lane {
        address committer;
        uint48 lastSnapshot;
        uint40 sequence;
        bool gated;
        bytes32 head;
        address owner;
        address pendingOwner;
        IBatchGate gate;
    }

    /// @inheritdoc IRoutingBatchRegistry
    uint256 public constant VERSION = 1;

    uint256 private constant MOST_LEAVES = 1200;
    uint256 private constant LEAF_BYTES = 96;
    uint256 private constant MOST_TIERS = 8;
    uint256 private constant MOST_ATTEMPTS = 64;
    uint256 private constant BITS_PER_TIER = 8;

    mapping(uint64 lane => Lane state) private _lanes;
    mapping(uint64 lane => mapping(uint64 sequence => bytes32 record)) private _records;
    mapping(uint64 lane => mapping(bytes32 hash => bool published)) private _policies;
    /// @dev A byte a tier, the best in the lowest; never zero for a known route, because each tier has an attempt.
    mapping(uint64 lane => mapping(uint16 route => uint256 packed)) private _budgets;

    modifier onlyOwner(uint64 lane) {
        _checkOwner(lane);
        _;
    }

    modifier onlyCommitter(uint64 lane) {
        _checkCommitter(lane);
        _;
    }

    /// @inheritdoc IRoutingBatchRegistry
    function openLane(uint64 lane, address committer) external {
        if (lane == 0) revert LaneZero();
        if (committer == address(0)) revert CommitterZero();
        Lane storage state = _lanes[lane];
        if (state.owner != address(0)) revert LaneTaken(lane);
        state.owner = msg.sender;
        state.committer = committer;
        emit LaneOpened(lane, msg.sender, committer);
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
        _policies[lane][hash] = true;
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
        bytes32 hash = keccak256(leaves);
        if (hash != header.leavesHash) revert WrongLeavesHash(header.leavesHash, hash);
        _commit(header);
    }

    /// @inheritdoc IRoutingBatchRegistry
    function headOf(uint64 lane)
        external
        view
        returns (uint64 sequence, bytes32 head, uint64 lastSnapshot, address committer)
    {
        Lane storage state = _lanes[lane];
        return (state.sequence, state.head, state.lastSnapshot, state.committer);
    }

    /// @inheritdoc IRoutingBatchRegistry
    function laneOf(uint64 lane)
        external
        view
        returns (address owner, address pendingOwner, address committer, IBatchGate gate)
    {
        Lane storage state = _lanes[lane];
        return (state.owner, state.pendingOwner, state.committer, state.gate);
    }

    /// @inheritdoc IRoutingBatchRegistry
    function policyPublished(uint64 lane, bytes32 hash) external view returns (bool published) {
        return _policies[lane][hash];
    }

    /// @inheritdoc IRoutingBatchRegistry
    function budgetOf(uint64 lane, uint16 route) external view returns (uint8 budget, uint8[] memory upTo) {
        uint256 packed = _budgets[lane][route];
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
        uint256 index,
        bytes32[] calldata proof
    ) external view returns (bool verified) {
        if (_records[header.lane][header.sequence] != _record(keccak256(abi.encode(header)), committedAt)) return false;
        return leaf.length == LEAF_BYTES && LeafProof.leadsTo(header.root, header.count, leaf, index, proof);
    }

    function _keepBudget(uint64 lane, RouteBudget calldata route) private {
        uint256 packed = _pack(route);
        uint256 known = _budgets[lane][route.route];
        if (known == 0) {
            _budgets[lane][route.route] = packed;
        } else if (known != packed) {
            revert RouteChanged(lane, route.route);
        }
    }

    function _commit(Header calldata header) private {
        Lane storage state = _lanes[header.lane];
        _checkPlace(header, state);
        _checkContent(header);

        bytes32 head = keccak256(abi.encode(header));
        uint64 committedAt = uint64(block.timestamp);
        _records[header.lane][header.sequence] = _record(head, committedAt);
        state.head = head;
        state.sequence = uint40(header.sequence);
        state.lastSnapshot = uint48(header.lastSnapshot);
        emit BatchCommitted(header.lane, header.sequence, head, header, committedAt);

        // Last, so that whatever the gate does meets a registry that is done with this batch.
        if (state.gated) state.gate.beforeCommit(header.lane, header.sequence, head);
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
        if (header.firstSnapshot != first || header.lastSnapshot < first - 1 || header.lastSnapshot > type(uint48).max)
        {
            revert SnapshotGap(first, header.firstSnapshot, header.lastSnapshot);
        }
        bool hasSnapshots = header.lastSnapshot >= first;
        if (hasSnapshots == (header.snapshotRoot == 0)) revert WrongSnapshotRoot(header.snapshotRoot);
    }

    /// @dev Whether the batch says nothing that cannot be.
    function _checkContent(Header calldata header) private view {
        if (!_policies[header.lane][header.policyHash]) revert PolicyNotPublished(header.lane, header.policyHash);
        if (header.count == 0 || header.count > MOST_LEAVES) revert CountOutOfRange(header.count);
        if (header.outcomes > header.count) revert TooManyOutcomes(header.outcomes, header.count);
        if (header.firstCounter == 0 || header.firstCounter > header.lastCounter) {
            revert CountersOutOfOrder(header.firstCounter, header.lastCounter);
        }
        if (header.firstMillis > header.lastMillis) revert TimesOutOfOrder(header.firstMillis, header.lastMillis);
    }

    function _pack(RouteBudget calldata route) private pure returns (uint256 packed) {
        uint256 tiers = route.upTo.length;
        if (tiers == 0 || tiers > MOST_TIERS) revert TiersOutOfRange(route.route, tiers);
        uint8 before = 0;
        for (uint256 tier = 0; tier < tiers; ++tier) {
            uint8 upTo = route.upTo[tier];
            if (upTo <= before || upTo > MOST_ATTEMPTS) revert AttemptsOutOfRange(route.route, tier, upTo);
            packed |= uint256(upTo) << (BITS_PER_TIER * tier);
            before = upTo;
        }
    }

    function _record(bytes32 head, uint64 committedAt) private pure returns (bytes32 record) {
        return keccak256(abi.encode(head, committedAt));
    }
}
