// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../IRoutingBatchRegistry.sol";
import {LeafProof} from "../LeafProof.sol";
import {Fault} from "./Fault.sol";
import {IStakeVault} from "./IStakeVault.sol";
import {LeafView} from "./LeafView.sol";
import {RuleBook} from "./RuleBook.sol";
import {Equivocation, LeafAt, LeafPromise, Placed} from "./StakeTypes.sol";
import {Stakes} from "./Stakes.sol";

/// @title Faults that are proved in one step
/// @notice Open to everybody, without a bond. A leaf, promise or head is punished once, whatever it breaks; each in the
/// window of the batch that is punished. The batch of another leaf of a proof may be older.
/// @dev Long because all that convicts in one step is read together.
abstract contract Proofs is Stakes {
    using LeafView for bytes;

    uint256 private constant COUNT_WORD = 4;
    uint256 private constant COUNT_BIT = 176;
    uint256 private constant HEADER_BYTES = 640;

    RuleBook internal immutable RULES = new RuleBook();

    /// @dev A bit a leaf; the highest 80 of the last word count those for which money was taken.
    mapping(uint64 lane => mapping(uint64 sequence => mapping(uint256 word => uint256 bits))) private _punished;
    mapping(bytes32 id => bool punished) internal _punishedOnce;
    /// @dev The last header that was punished for another log than before; what came before it is settled.
    mapping(uint64 lane => uint64 sequence) private _forkedAt;

    /// @inheritdoc IStakeVault
    function proveLeaf(Placed calldata it) external {
        _checkInWindow(it.committedAt);
        _checkPlaced(it);
        _convict(it.header, it.committedAt, it.leaf, it.index);
    }

    /// @inheritdoc IStakeVault
    function proveLeaves(IRoutingBatchRegistry.Header calldata header, uint64 committedAt, LeafAt[] calldata leaves)
        external
    {
        _checkInWindow(committedAt);
        _checkCommitted(header, committedAt);
        for (uint256 i = 0; i < leaves.length; ++i) {
            LeafAt calldata it = leaves[i];
            _checkInBatch(header, it.leaf, it.index, it.proof);
            _convict(header, committedAt, it.leaf, it.index);
        }
    }

    /// @inheritdoc IStakeVault
    function provePair(Placed calldata plan, Placed calldata outcome) external {
        _checkTwo(plan, outcome);
        Fault fault = RULES.pair(plan.leaf, plan.header.sequence, outcome.leaf, outcome.header.sequence);
        _punishLeaf(outcome.header, outcome.index, fault);
    }

    /// @inheritdoc IStakeVault
    function proveTwice(Placed calldata first, Placed calldata second) external {
        _checkTwo(first, second);
        if (first.index >= second.index) revert SameLeaf(first.index, second.index);
        Fault fault = RULES.twice(first.leaf, first.index, second.leaf, second.index);
        _punishLeaf(second.header, second.index, fault);
    }

    /// @inheritdoc IStakeVault
    function proveOvertaken(Placed calldata passed, Placed calldata first) external {
        _checkTwo(first, passed);
        _punishLeaf(passed.header, passed.index, RULES.overtaken(passed.leaf, first.leaf));
    }

    /// @inheritdoc IStakeVault
    function proveDiffers(LeafPromise calldata promised, bytes calldata signature, Placed calldata it) external {
        _checkInWindow(promised.anchorBy);
        bytes32 digest = RULES.bindingDigest(REGISTRY, promised, signature, ANCHOR_MOST);
        _checkPlaced(it);
        if (promised.lane != it.header.lane) revert OtherLane(promised.lane, it.header.lane);
        uint64 counter = uint64(uint256(promised.requestKey));
        uint256 kind = RULES.kindOf(it.leaf);
        if (kind == 0 || kind != promised.kind) revert WrongKind();
        if (it.leaf.counter() != counter) revert OtherRequest(counter, it.leaf.counter());
        if (promised.leafHash == 0 || LeafProof.leafHash(it.leaf) == promised.leafHash) revert NoFault();
        _punishOnce(digest);
        _penalise(promised.lane, it.header.sequence, Fault.DIFFERS, digest, PROMISE_PENALTY, msg.sender);
    }

    /// @inheritdoc IStakeVault
    function proveForked(Placed calldata earlier, Placed calldata later) external {
        uint64 lane = later.header.lane;
        uint64 sequence = later.header.sequence;
        _checkInWindow(later.committedAt);
        if (earlier.header.lane != lane) revert OtherLane(earlier.header.lane, lane);
        if (earlier.header.sequence >= sequence) revert SameLeaf(earlier.header.sequence, sequence);
        _checkCommitted(earlier.header, earlier.committedAt);
        _checkCommitted(later.header, later.committedAt);
        _checkInLog(earlier.header, earlier.leaf, earlier.index, earlier.proof);
        _checkInLog(later.header, later.leaf, later.index, later.proof);
        if (earlier.index != later.index || keccak256(earlier.leaf) == keccak256(later.leaf)) revert NoFault();
        if (earlier.header.sequence < _forkedAt[lane]) revert PunishedAlready();
        _forkedAt[lane] = sequence;
        _penalise(lane, sequence, Fault.LOG_FORKED, _subject(later.index), PROMISE_PENALTY, msg.sender);
    }

    /// @inheritdoc IStakeVault
    function proveEquivocation(Equivocation calldata it) external {
        _checkInWindow(it.committedAt);
        _checkRecord(it.lane, it.sequence, it.committed, it.committedAt);
        if (it.one.head == it.other.head) revert NoFault();
        RULES.checkHeads(REGISTRY, it, ANCHOR_MOST);
        bytes32 subject = keccak256(abi.encode(Fault.EQUIVOCATED, it.lane, it.sequence));
        _punishOnce(subject);
        _penalise(it.lane, it.sequence, Fault.EQUIVOCATED, subject, PROMISE_PENALTY, msg.sender);
    }

    /// @inheritdoc IStakeVault
    function isPunished(uint64 lane, uint64 sequence, uint256 place) external view returns (bool punished) {
        return place < COUNT_WORD * 256 + COUNT_BIT
            && _punished[lane][sequence][place >> 8] & (uint256(1) << (place & 0xff)) != 0;
    }

    /// @inheritdoc IStakeVault
    function faultOf(Placed calldata it) external view returns (Fault fault) {
        _checkInWindow(it.committedAt);
        _checkPlaced(it);
        return _faultOf(it.header, it.committedAt, it.leaf);
    }

    function _punishOnce(bytes32 id) internal {
        if (_punishedOnce[id]) revert PunishedAlready();
        _punishedOnce[id] = true;
    }

    /// @dev The leaf stands in the batch, which the registry has.
    function _checkPlaced(Placed calldata it) internal view {
        _checkCommitted(it.header, it.committedAt);
        _checkInBatch(it.header, it.leaf, it.index, it.proof);
    }

    function _checkCommitted(IRoutingBatchRegistry.Header calldata header, uint64 committedAt) internal view {
        _checkRecord(header.lane, header.sequence, keccak256(_wordsOf(header)), committedAt);
    }

    /// @dev As `abi.encode` has them: whatever else stands in the words of a header has another hash than any that the
    /// registry has.
    function _wordsOf(IRoutingBatchRegistry.Header calldata header) internal pure returns (bytes calldata words) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            words.offset := header
            words.length := HEADER_BYTES
        }
    }

    function _checkInWindow(uint64 from) internal view {
        uint256 until = uint256(from) + WINDOW;
        if (block.timestamp > until) revert WindowOver(until);
    }

    /// @dev Place of a leaf in its batch.
    function _placeIn(IRoutingBatchRegistry.Header calldata header, uint64 index)
        internal
        pure
        returns (uint256 place)
    {
        uint64 first = header.size - header.count;
        if (index < first || index >= header.size) revert NotInBatch(header.lane, header.sequence, index);
        return index - first;
    }

    function _subject(uint64 number) internal pure returns (bytes32 subject) {
        return bytes32(uint256(number));
    }

    function _convict(
        IRoutingBatchRegistry.Header calldata header,
        uint64 committedAt,
        bytes calldata leaf,
        uint64 index
    ) private {
        _punishLeaf(header, index, _faultOf(header, committedAt, leaf));
    }

    /// @dev Beyond some leaves of a batch only the mark is set: a bug must not be worth as many penalties as leaves.
    function _punishLeaf(IRoutingBatchRegistry.Header calldata header, uint64 index, Fault fault) private {
        if (fault == Fault.NONE) revert NoFault();
        uint256 place = _placeIn(header, index);
        mapping(uint256 => uint256) storage words = _punished[header.lane][header.sequence];
        uint256 bits = words[place >> 8];
        uint256 bit = uint256(1) << (place & 0xff);
        if (bits & bit != 0) revert PunishedAlready();
        words[place >> 8] = bits | bit;
        uint256 last = words[COUNT_WORD];
        bool costs = last >> COUNT_BIT < MOST_PER_BATCH;
        if (costs) words[COUNT_WORD] = last + (uint256(1) << COUNT_BIT);
        _penalise(header.lane, header.sequence, fault, _subject(index), costs ? LEAF_PENALTY : 0, msg.sender);
    }

    /// @dev A route that was published after the batch was not published. The order within a second is the chain's, and
    /// who commits also publishes.
    function _faultOf(IRoutingBatchRegistry.Header calldata header, uint64 committedAt, bytes calldata leaf)
        private
        view
        returns (Fault fault)
    {
        if (leaf.length != LeafView.BYTES) return Fault.OUT_OF_RANGE;
        (uint64 upTo, uint64 publishedAt) = REGISTRY.routeOf(header.lane, leaf.fields().route());
        return RULES.single(_wordsOf(header), leaf, publishedAt > committedAt ? 0 : upTo);
    }

    /// @dev Two leaves of a lane, of which the second is punished.
    function _checkTwo(Placed calldata other, Placed calldata punished) private view {
        _checkInWindow(punished.committedAt);
        if (other.header.lane != punished.header.lane) revert OtherLane(other.header.lane, punished.header.lane);
        _checkPlaced(other);
        _checkPlaced(punished);
    }

    function _checkInBatch(
        IRoutingBatchRegistry.Header calldata header,
        bytes calldata leaf,
        uint64 index,
        bytes32[] calldata proof
    ) private view {
        _placeIn(header, index);
        _checkInLog(header, leaf, index, proof);
    }

    /// @dev Also leaves of another length than 96: who commits one has committed it.
    function _checkInLog(
        IRoutingBatchRegistry.Header calldata header,
        bytes calldata leaf,
        uint64 index,
        bytes32[] calldata proof
    ) private view {
        if (!LeafProof.leadsTo(header.root, header.size, LeafProof.leafHash(leaf), index, proof)) {
            revert NotInBatch(header.lane, header.sequence, index);
        }
    }
}
