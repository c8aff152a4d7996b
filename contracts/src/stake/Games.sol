// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../IRoutingBatchRegistry.sol";
import {LeafProof} from "../LeafProof.sol";
import {Fault} from "./Fault.sol";
import {IStakeVault} from "./IStakeVault.sol";
import {LeafView} from "./LeafView.sol";
import {Proofs} from "./Proofs.sol";
import {Challenge, Game, LeafAt, LeafPromise, Placed} from "./StakeTypes.sol";

/// @title Games about what is missing
/// @notice Whoever misses something puts up a bond and asks for it. An answer before the deadline, by anybody, ends the
/// game for good, and the bond is the lane owner's, whoever answers: else a challenger would answer itself and have
/// annoyed the lane for nothing. Without an answer the challenger gets the bond back, and its share of the penalty.
abstract contract Games is Proofs {
    using LeafView for bytes;

    uint256 private constant LONGEST_RECORD = 4096;

    mapping(bytes32 id => Challenge challenge) private _challenges;

    /// @inheritdoc IStakeVault
    function openOmitted(LeafPromise calldata promised, bytes calldata signature)
        external
        payable
        returns (bytes32 id)
    {
        if (block.timestamp <= promised.anchorBy) revert NotDueYet(promised.anchorBy);
        _checkInWindow(promised.anchorBy);
        if (promised.kind != LeafView.PLAN && promised.kind != LeafView.OUTCOME) revert WrongKind();
        id = RULES.bindingDigest(REGISTRY, promised, signature, ANCHOR_MOST);
        if (_punishedOnce[id]) revert PunishedAlready();
        _open(id, promised.lane, 0, Fault.OMITTED, promised.requestKey);
    }

    /// @inheritdoc IStakeVault
    function answerOmitted(LeafPromise calldata promised, Placed calldata it) external {
        bytes32 id = RULES.digest(REGISTRY, promised);
        Challenge storage game = _openGame(id);
        _checkPlaced(it);
        bool answers = it.header.lane == promised.lane && _isOf(it.leaf, promised.requestKey, promised.kind)
            && (promised.leafHash == 0 || LeafProof.leafHash(it.leaf) == promised.leafHash);
        if (!answers) revert DoesNotAnswer();
        _answered(id, game);
    }

    /// @inheritdoc IStakeVault
    function openWithheld(IRoutingBatchRegistry.Header calldata header, uint64 committedAt, uint64 index)
        external
        payable
        returns (bytes32 id)
    {
        return _openPlace(header, committedAt, index, Fault.WITHHELD);
    }

    /// @inheritdoc IStakeVault
    function answerWithheld(Placed calldata it) external {
        bytes32 id = _idOf(Fault.WITHHELD, it.header.lane, _subject(it.index), it.header.sequence);
        Challenge storage game = _openGame(id);
        _checkPlaced(it);
        _answered(id, game);
    }

    /// @inheritdoc IStakeVault
    function openRecordWithheld(IRoutingBatchRegistry.Header calldata header, uint64 committedAt, uint64 index)
        external
        payable
        returns (bytes32 id)
    {
        return _openPlace(header, committedAt, index, Fault.RECORD_WITHHELD);
    }

    /// @inheritdoc IStakeVault
    function answerRecordWithheld(
        IRoutingBatchRegistry.Header calldata header,
        uint64 committedAt,
        LeafAt calldata record
    ) external {
        bytes32 id = _idOf(Fault.RECORD_WITHHELD, header.lane, _subject(record.index), header.sequence);
        Challenge storage game = _openGame(id);
        _checkCommitted(header, committedAt);
        uint64 place = uint64(_placeIn(header, record.index));
        bytes32 hash = LeafProof.leafHash(record.leaf);
        bool answers = record.leaf.length <= LONGEST_RECORD
            && LeafProof.leadsTo(header.recordsRoot, header.count, hash, place, record.proof);
        if (!answers) revert DoesNotAnswer();
        _answered(id, game);
    }

    /// @inheritdoc IStakeVault
    function openPlanMissing(Placed calldata outcome) external payable returns (bytes32 id) {
        _checkInWindow(outcome.committedAt);
        _checkPlaced(outcome);
        bytes32 key = outcome.leaf.requestKey();
        bool namesAPlan =
            _isOf(outcome.leaf, key, LeafView.OUTCOME) && outcome.leaf.fields().snapshot() != LeafView.NO_SNAPSHOT;
        if (!namesAPlan) revert WrongKind();
        id = _idOf(Fault.PLAN_MISSING, outcome.header.lane, key, 0);
        _open(id, outcome.header.lane, outcome.header.sequence, Fault.PLAN_MISSING, key);
    }

    /// @inheritdoc IStakeVault
    function answerPlanMissing(Placed calldata plan) external {
        _checkPlaced(plan);
        bytes32 key = plan.leaf.requestKey();
        bytes32 id = _idOf(Fault.PLAN_MISSING, plan.header.lane, key, 0);
        Challenge storage game = _openGame(id);
        if (!_isOf(plan.leaf, key, LeafView.PLAN) || plan.header.sequence > game.sequence) revert DoesNotAnswer();
        _answered(id, game);
    }

    /// @inheritdoc IStakeVault
    function openOutcomeMissing(Placed calldata plan) external payable returns (bytes32 id) {
        _checkInWindow(plan.committedAt);
        uint256 from = uint256(plan.committedAt) + ANCHOR_MOST;
        if (block.timestamp <= from) revert TooEarly(from + 1);
        _checkPlaced(plan);
        if (!_isOf(plan.leaf, plan.leaf.requestKey(), LeafView.PLAN)) revert WrongKind();
        return _openOutcome(plan.header.lane, plan.leaf.counter(), 0);
    }

    /// @inheritdoc IStakeVault
    function openCounterMissing(
        IRoutingBatchRegistry.Header calldata earlier,
        IRoutingBatchRegistry.Header calldata header,
        uint64 committedAt,
        uint64 counter
    ) external payable returns (bytes32 id) {
        _checkInWindow(committedAt);
        _checkCommitted(header, committedAt);
        uint64 before = 0;
        if (header.sequence != 1) {
            if (keccak256(_wordsOf(earlier)) != header.previousHead) {
                revert NotCommitted(header.lane, header.sequence - 1);
            }
            before = earlier.completeThrough;
        }
        // Of older requests an older header says it; its window may be over, and nobody keeps leaves for ever.
        if (counter <= before || counter > header.completeThrough) revert NoFault();
        return _openOutcome(header.lane, counter, header.sequence);
    }

    /// @inheritdoc IStakeVault
    function answerOutcomeMissing(Placed calldata outcome, uint64 sequence) external {
        _checkPlaced(outcome);
        uint64 counter = outcome.leaf.counter();
        bytes32 id = _idOf(Fault.OUTCOME_MISSING, outcome.header.lane, _subject(counter), sequence);
        Challenge storage game = _openGame(id);
        bool isInTime = sequence == 0 || outcome.header.sequence <= sequence;
        if (!isInTime || !_isOf(outcome.leaf, outcome.leaf.requestKey(), LeafView.OUTCOME)) revert DoesNotAnswer();
        _answered(id, game);
    }

    /// @inheritdoc IStakeVault
    function conclude(bytes32 id) external {
        Challenge storage game = _challenges[id];
        if (game.state != Game.OPEN) revert NoSuchGame(id);
        if (block.timestamp <= game.deadline) revert TooEarly(uint256(game.deadline) + 1);
        game.state = Game.LOST;
        uint64 lane = game.lane;
        _pools[lane].locked -= PROMISE_PENALTY;
        _credits[game.challenger] += game.bond;
        emit Lost(id, lane);
        // What was proved to differ meanwhile is punished.
        if (_punishedOnce[id]) return;
        _punishedOnce[id] = true;
        _penalise(lane, game.sequence, game.fault, id, PROMISE_PENALTY, game.challenger);
    }

    /// @inheritdoc IStakeVault
    function challengeOf(bytes32 id) external view returns (Challenge memory challenge) {
        return _challenges[id];
    }

    /// @inheritdoc IStakeVault
    function bondNow() public view returns (uint256 least) {
        least = uint256(BOND_GAS) * block.basefee;
        if (least < BOND) return BOND;
    }

    function _openPlace(IRoutingBatchRegistry.Header calldata header, uint64 committedAt, uint64 index, Fault fault)
        private
        returns (bytes32 id)
    {
        _checkInWindow(committedAt);
        _checkCommitted(header, committedAt);
        _placeIn(header, index);
        bytes32 subject = _subject(index);
        id = _idOf(fault, header.lane, subject, header.sequence);
        _open(id, header.lane, header.sequence, fault, subject);
    }

    function _openOutcome(uint64 lane, uint64 counter, uint64 sequence) private returns (bytes32 id) {
        bytes32 subject = _subject(counter);
        id = _idOf(Fault.OUTCOME_MISSING, lane, subject, sequence);
        _open(id, lane, sequence, Fault.OUTCOME_MISSING, subject);
    }

    function _open(bytes32 id, uint64 lane, uint64 sequence, Fault fault, bytes32 subject) private {
        uint256 least = bondNow();
        if (msg.value < least || msg.value > type(uint128).max) revert WrongBond(least);
        if (_challenges[id].state != Game.NONE) revert GameExists(id);
        uint64 deadline = uint64(block.timestamp + RESPONSE);
        _challenges[id] = Challenge(msg.sender, deadline, Game.OPEN, fault, lane, sequence, uint128(msg.value));
        _pools[lane].locked += PROMISE_PENALTY;
        emit Challenged(id, lane, fault, msg.sender, deadline, subject);
    }

    function _answered(bytes32 id, Challenge storage game) private {
        uint64 lane = game.lane;
        game.state = Game.ANSWERED;
        _pools[lane].locked -= PROMISE_PENALTY;
        _credits[_ownerOf(lane)] += game.bond;
        emit Answered(id, lane);
    }

    function _openGame(bytes32 id) private view returns (Challenge storage game) {
        game = _challenges[id];
        if (game.state != Game.OPEN) revert NoSuchGame(id);
        if (block.timestamp > game.deadline) revert TooLate(game.deadline);
    }

    function _isOf(bytes calldata leaf, bytes32 key, uint256 kind) private view returns (bool isOf) {
        return leaf.requestKey() == key && RULES.kindOf(leaf) == kind;
    }

    function _idOf(Fault fault, uint64 lane, bytes32 subject, uint64 sequence) private pure returns (bytes32 id) {
        return keccak256(abi.encode(fault, lane, subject, sequence));
    }
}
