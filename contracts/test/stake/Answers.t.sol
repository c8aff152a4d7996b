// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Answers} from "../../src/stake/Answers.sol";
import {IStakeVault} from "../../src/stake/IStakeVault.sol";
import {Game, LeafAt, LeafPromise, Placed} from "../../src/stake/StakeTypes.sol";
import {LeafTree} from "../LeafTree.sol";
import {Leaves} from "./Leaves.sol";
import {StakeTest} from "./StakeTest.sol";

/// @notice Takes all gas that it is given.
contract Hungry {
    fallback() external {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            invalid()
        }
    }
}

/// @notice Many games answered in one transaction.
contract AnswersTest is StakeTest {
    using LeafTree for bytes32[];

    uint256 private constant BOND = 0.05 ether;

    Answers private answers;

    function setUp() public override {
        super.setUp();
        answers = new Answers();
    }

    function test_everyKindOfGame() public {
        Placed memory plan = _commit(Leaves.plan(1));
        Placed memory unended = _commit(Leaves.plan(2));
        bytes[] memory records = _list(bytes("a record"));
        bytes[] memory leaves = _list(Leaves.followed(1));
        Batch memory batch = _withRecords(leaves, LeafTree.leafHashes(records).root());
        Placed memory outcome = _place(batch, 0);
        LeafPromise memory promised = _promised(Leaves.fast(3), NOW);
        bytes memory signature = _signed(promised, KEY);
        vm.warp(NOW + 1 hours + 1);
        bytes32[] memory ids = new bytes32[](5);
        ids[0] = vault.openOmitted{value: BOND}(promised, signature);
        ids[1] = vault.openWithheld{value: BOND}(plan.header, NOW, plan.index);
        ids[2] = vault.openRecordWithheld{value: BOND}(outcome.header, NOW, outcome.index);
        ids[3] = vault.openPlanMissing{value: BOND}(outcome);
        ids[4] = vault.openOutcomeMissing{value: BOND}(unended);
        Placed memory late = _commit(Leaves.fast(3));
        Placed memory end = _commit(Leaves.followed(2));

        bytes[] memory calls = new bytes[](5);
        calls[0] = abi.encodeCall(IStakeVault.answerOmitted, (promised, late));
        calls[1] = abi.encodeCall(IStakeVault.answerWithheld, (plan));
        LeafAt memory record = LeafAt(records[0], outcome.index, new bytes32[](0));
        calls[2] = abi.encodeCall(IStakeVault.answerRecordWithheld, (outcome.header, NOW, record));
        calls[3] = abi.encodeCall(IStakeVault.answerPlanMissing, (plan));
        calls[4] = abi.encodeCall(IStakeVault.answerOutcomeMissing, (end, 0));
        vm.prank(STRANGER);
        bool[] memory answered = answers.answerMany(vault, calls);

        vm.assertEq(answered.length, 5);
        for (uint256 i = 0; i < 5; ++i) {
            vm.assertTrue(answered[i]);
            vm.assertEq(uint8(vault.challengeOf(ids[i]).state), uint8(Game.ANSWERED));
        }
        vm.assertEq(vault.creditOf(OWNER), 5 * BOND);
        vm.assertEq(vault.poolOf(LANE).locked, 0);
        vm.assertEq(address(answers).balance, 0);
    }

    function test_gamesThatAreOverArePassedOver() public {
        (bytes[] memory calls, bytes32[] memory ids) = _games(3);
        Placed memory early = _commit(Leaves.fast(9));
        bytes32 lost = vault.openWithheld{value: BOND}(early.header, NOW, early.index);
        vm.warp(NOW + 1);
        Placed memory last = _commit(Leaves.fast(10));
        bytes32 open = vault.openWithheld{value: BOND}(last.header, NOW + 1, last.index);
        // Of five games the first is answered by somebody else, and the time of all but the last is over.
        _call(calls[0]);
        vm.warp(NOW + t.response + 1);
        vault.conclude(lost);
        bytes[] memory all = new bytes[](5);
        (all[0], all[1], all[2]) = (calls[0], calls[1], calls[2]);
        all[3] = abi.encodeCall(IStakeVault.answerWithheld, (early));
        all[4] = abi.encodeCall(IStakeVault.answerWithheld, (last));

        vm.expectEmit(address(answers));
        emit Answers.PassedOver(address(vault), 0, abi.encodeWithSelector(IStakeVault.NoSuchGame.selector, ids[0]));
        vm.expectEmit(address(answers));
        emit Answers.PassedOver(
            address(vault), 1, abi.encodeWithSelector(IStakeVault.TooLate.selector, NOW + t.response)
        );
        bool[] memory answered = answers.answerMany(vault, all);

        for (uint256 i = 0; i < 5; ++i) {
            vm.assertEq(answered[i], i == 4, vm.toString(i));
        }
        vm.assertEq(uint8(vault.challengeOf(open).state), uint8(Game.ANSWERED));
        vm.assertEq(uint8(vault.challengeOf(lost).state), uint8(Game.LOST));
    }

    function test_aWrongAnswerUndoesAll() public {
        (bytes[] memory calls, bytes32[] memory ids) = _games(2);
        Placed memory it = _commit(Leaves.fast(9));
        vault.openWithheld{value: BOND}(it.header, NOW, it.index);
        it.leaf = Leaves.fast(10);
        bytes memory good = calls[1];
        calls[1] = abi.encodeCall(IStakeVault.answerWithheld, (it));
        vm.expectRevert(
            abi.encodeWithSelector(
                Answers.AnswerFailed.selector,
                1,
                abi.encodeWithSelector(IStakeVault.NotInBatch.selector, LANE, it.header.sequence, it.index)
            )
        );
        answers.answerMany(vault, calls);
        vm.assertEq(uint8(vault.challengeOf(ids[0]).state), uint8(Game.OPEN));
        calls[1] = good;
        answers.answerMany(vault, calls);
        vm.assertEq(uint8(vault.challengeOf(ids[0]).state), uint8(Game.ANSWERED));
    }

    /// @dev Else an estimate, which looks for the least gas that does not fail, would leave answers out.
    function test_whoRunsOutOfGasUndoesAll() public {
        (bytes[] memory calls,) = _games(2);
        IStakeVault hungry = IStakeVault(address(new Hungry()));
        vm.expectRevert(abi.encodeWithSelector(Answers.AnswerFailed.selector, 0, bytes("")));
        answers.answerMany(hungry, calls);
    }

    function test_nothingElseIsCalled() public {
        bytes[] memory calls = _list(abi.encodeCall(IStakeVault.claim, (payable(STRANGER))));
        vm.expectRevert(abi.encodeWithSelector(Answers.NotAnAnswer.selector, 0));
        answers.answerMany(vault, calls);
        calls[0] = hex"";
        vm.expectRevert(abi.encodeWithSelector(Answers.NotAnAnswer.selector, 0));
        answers.answerMany(vault, calls);
        vm.expectRevert(abi.encodeWithSelector(Answers.NoVault.selector, STRANGER));
        answers.answerMany(IStakeVault(STRANGER), calls);
        vm.assertEq(answers.answerMany(vault, new bytes[](0)).length, 0);
    }

    /// @dev Games about leaves of one batch, and their answers.
    function _games(uint64 count) private returns (bytes[] memory calls, bytes32[] memory ids) {
        bytes[] memory leaves = new bytes[](count);
        for (uint64 i = 0; i < count; ++i) {
            leaves[i] = Leaves.fast(i + 1);
        }
        Batch memory batch = _commit(leaves);
        calls = new bytes[](count);
        ids = new bytes32[](count);
        for (uint64 i = 0; i < count; ++i) {
            Placed memory it = _place(batch, i);
            ids[i] = vault.openWithheld{value: BOND}(it.header, NOW, it.index);
            calls[i] = abi.encodeCall(IStakeVault.answerWithheld, (it));
        }
    }

    function _withRecords(bytes[] memory leaves, bytes32 records) private returns (Batch memory batch) {
        batch.header = _headerOf(leaves);
        batch.header.recordsRoot = records;
        return _commit(batch.header, leaves);
    }

    function _call(bytes memory data) private {
        // solhint-disable-next-line avoid-low-level-calls
        (bool done,) = address(vault).call(data);
        vm.assertTrue(done);
    }
}
