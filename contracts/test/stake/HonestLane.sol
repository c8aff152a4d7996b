// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../../src/IRoutingBatchRegistry.sol";
import {LeafAt, LeafPromise, Placed} from "../../src/stake/StakeTypes.sol";
import {LeafTree} from "../LeafTree.sol";
import {Leaves} from "./Leaves.sol";
import {StakeTest} from "./StakeTest.sol";

/// @notice A lane that follows the rules: its leaves are made by chance, and it can show whatever may be asked for.
abstract contract HonestLane is StakeTest {
    using LeafTree for bytes32[];

    enum Asked {
        PROMISED,
        LEAF,
        RECORD,
        PLAN,
        OUTCOME,
        COUNTER
    }

    uint256 private constant MOST_LEAVES = 40;
    uint8 internal constant PLAN = 1;
    uint8 internal constant OUTCOME = 2;

    /// @dev All leaves that were committed, in their order, with their batches.
    Placed[] internal placed;
    uint64 private _counter;

    /// @dev The next batch, unless the log is as long as it should become, or too little is behind it.
    function _commitNext(uint64 chance) internal {
        if (log.length > MOST_LEAVES || vault.active(LANE) < t.floor) return;
        bytes[] memory leaves = _requests(chance);
        IRoutingBatchRegistry.Header memory header = _headerOf(leaves);
        header.recordsRoot = _recordHashes(leaves).root();
        _describe(header);
        Batch memory batch = _commit(header, leaves);
        for (uint64 i = 0; i < leaves.length; ++i) {
            placed.push();
            _store(placed[placed.length - 1], _place(batch, i));
        }
    }

    /// @dev Leaves of requests that have ended, plans before their outcomes. Here two fast ones, and a confirmed one
    /// between them.
    function _requests(uint64 chance) internal virtual returns (bytes[] memory leaves) {
        leaves = new bytes[](4);
        leaves[0] = _fast(_counter + 1, chance);
        leaves[1] = Leaves.plan(_counter + 2);
        leaves[2] = _end(_counter + 2, chance >> 8);
        leaves[3] = _fast(_counter + 3, chance >> 16);
        _counter += 3;
    }

    /// @dev What the header says of its leaves. Here that all requests so far have ended.
    function _describe(IRoutingBatchRegistry.Header memory header) internal virtual {
        header.completeThrough = _counter;
    }

    /// @dev Answers a game about a leaf, whatever it asks for.
    function _answer(Asked asked, uint256 which) internal {
        Placed memory it = placed[which];
        if (asked == Asked.PROMISED) vault.answerOmitted(_promiseOf(it), it);
        if (asked == Asked.LEAF) vault.answerWithheld(it);
        if (asked == Asked.RECORD) vault.answerRecordWithheld(it.header, it.committedAt, _recordOf(which));
        if (asked == Asked.PLAN) vault.answerPlanMissing(_partner(it, PLAN));
        if (asked == Asked.OUTCOME) vault.answerOutcomeMissing(_partner(it, OUTCOME), 0);
        if (asked == Asked.COUNTER) vault.answerOutcomeMissing(_partner(it, OUTCOME), it.header.sequence);
    }

    /// @dev What a client of that request has in hand.
    function _promiseOf(Placed memory it) internal pure returns (LeafPromise memory promised) {
        return _promised(it.leaf, it.committedAt);
    }

    /// @dev The header before that of a leaf; its own, if it is the first.
    function _headerBefore(uint256 which) internal view returns (IRoutingBatchRegistry.Header memory header) {
        uint256 first = _firstOf(which);
        return placed[first == 0 ? 0 : first - 1].header;
    }

    function _store(Placed storage to, Placed memory it) internal {
        to.header = it.header;
        to.committedAt = it.committedAt;
        to.leaf = it.leaf;
        to.index = it.index;
        to.proof = it.proof;
    }

    function _counterOf(bytes memory leaf) internal pure returns (uint64 counter) {
        return uint64(uint256(bytes32(leaf)));
    }

    /// @dev The first leaf of the same batch.
    function _firstOf(uint256 which) private view returns (uint256 first) {
        Placed storage it = placed[which];
        return which - (it.index - (it.header.size - it.header.count));
    }

    function _recordOf(uint256 which) private view returns (LeafAt memory record) {
        uint256 first = _firstOf(which);
        bytes[] memory leaves = new bytes[](placed[which].header.count);
        for (uint256 i = 0; i < leaves.length; ++i) {
            leaves[i] = placed[first + i].leaf;
        }
        bytes32[] memory hashes = _recordHashes(leaves);
        return LeafAt(_record(placed[which].leaf), placed[which].index, hashes.proof(which - first));
    }

    function _partner(Placed memory it, uint8 kind) private view returns (Placed memory partner) {
        for (uint256 i = 0; i < placed.length; ++i) {
            partner = placed[i];
            if (_counterOf(partner.leaf) == _counterOf(it.leaf) && uint8(partner.leaf[33]) == kind) return partner;
        }
        vm.assertTrue(false, "an honest lane has it");
    }

    function _recordHashes(bytes[] memory leaves) private pure returns (bytes32[] memory hashes) {
        bytes[] memory records = new bytes[](leaves.length);
        for (uint256 i = 0; i < leaves.length; ++i) {
            records[i] = _record(leaves[i]);
        }
        return LeafTree.leafHashes(records);
    }

    function _record(bytes memory leaf) private pure returns (bytes memory record) {
        return bytes.concat("record of ", leaf);
    }

    function _fast(uint64 counter, uint64 chance) private pure returns (bytes memory leaf) {
        if (chance % 3 == 0) return Leaves.fast(counter);
        return chance % 3 == 1 ? Leaves.fellBack(counter) : Leaves.exhausted(counter);
    }

    /// @dev An end of `Leaves.plan` by any of its places, or by none.
    function _end(uint64 counter, uint64 chance) private pure returns (bytes memory leaf) {
        uint8 attempts = uint8(chance % 4) + 1;
        bytes16 end = bytes16(keccak256(abi.encode(chance)));
        if (chance & 0x80 != 0) return Leaves.encode(Leaves.Leaf(counter, 2, 2, attempts, 5, 0xff, 0xffff, 7, end));
        if (attempts == 4) return Leaves.encode(Leaves.Leaf(counter, 2, 0x82, 4, 5, 1, 21, 2, end));
        uint16 target = attempts == 2 ? 12 : 11;
        return Leaves.encode(Leaves.Leaf(counter, 2, 2, attempts, 5, 0, target, 1, end));
    }
}
