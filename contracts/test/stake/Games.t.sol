// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../../src/IRoutingBatchRegistry.sol";
import {Fault} from "../../src/stake/Fault.sol";
import {IStakeVault} from "../../src/stake/IStakeVault.sol";
import {Challenge, Game, LeafAt, LeafPromise, Placed} from "../../src/stake/StakeTypes.sol";
import {LeafTree} from "../LeafTree.sol";
import {Leaves} from "./Leaves.sol";
import {StakeTest} from "./StakeTest.sol";

/// @notice Each game: opened, answered, and lost.
/// Long because there are many.
contract GamesTest is StakeTest {
    using LeafTree for bytes32[];

    uint256 private constant BOND = 0.05 ether;

    function test_omitted_answered() public {
        LeafPromise memory promised = _promised(Leaves.fast(1), NOW);
        bytes32 id = _openOmitted(promised);
        Challenge memory game = vault.challengeOf(id);
        vm.assertEq(uint8(game.state), uint8(Game.OPEN));
        vm.assertEq(uint8(game.fault), uint8(Fault.OMITTED));
        vm.assertEq(game.deadline, block.timestamp + 3 days);
        vm.assertEq(vault.poolOf(LANE).locked, 1 ether);
        // Late is late, not omitted: the leaf comes after its promise was due.
        Placed memory it = _commit(Leaves.fast(1));
        vm.warp(game.deadline);
        vault.answerOmitted(promised, it);
        _assertAnswered(id);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NoSuchGame.selector, id));
        vault.answerOmitted(promised, it);
    }

    function test_omitted_lost() public {
        LeafPromise memory promised = _promised(Leaves.fast(1), NOW);
        bytes memory signature = _signed(promised, KEY);
        bytes32 id = _openOmitted(promised);
        Placed memory it = _commit(Leaves.fast(1));
        _lose(id);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NoSuchGame.selector, id));
        vault.answerOmitted(promised, it);
        vm.expectRevert(IStakeVault.PunishedAlready.selector);
        vault.openOmitted{value: BOND}(promised, signature);
    }

    function test_omitted_tooLateToAnswer() public {
        LeafPromise memory promised = _promised(Leaves.fast(1), NOW);
        bytes32 id = _openOmitted(promised);
        Placed memory it = _commit(Leaves.fast(1));
        uint64 deadline = vault.challengeOf(id).deadline;
        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.TooLate.selector, deadline));
        vault.answerOmitted(promised, it);
    }

    function test_omitted_whenItCanBeOpened() public {
        LeafPromise memory promised = _promised(Leaves.fast(1), NOW);
        bytes memory signature = _signed(promised, KEY);
        vm.warp(promised.anchorBy);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotDueYet.selector, promised.anchorBy));
        vault.openOmitted{value: BOND}(promised, signature);
        vm.warp(promised.anchorBy + 7 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.WindowOver.selector, promised.anchorBy + 7 days));
        vault.openOmitted{value: BOND}(promised, signature);
        vm.warp(promised.anchorBy + 7 days);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.WrongBond.selector, BOND));
        vault.openOmitted{value: BOND - 1}(promised, signature);
        vault.openOmitted{value: BOND}(promised, signature);
        vm.expectPartialRevert(IStakeVault.GameExists.selector);
        vault.openOmitted{value: BOND}(promised, signature);
        promised.kind = 3;
        signature = _signed(promised, KEY);
        vm.expectRevert(IStakeVault.WrongKind.selector);
        vault.openOmitted{value: BOND}(promised, signature);
        promised.kind = 1;
        vm.expectPartialRevert(IStakeVault.NotTheLanesKey.selector);
        vault.openOmitted{value: BOND}(promised, signature);
    }

    function test_omitted_aPlanDoesNotAnswerForAnOutcome() public {
        LeafPromise memory promised = _promised(Leaves.followed(1), NOW);
        promised.leafHash = 0;
        bytes32 id = _openOmitted(promised);
        Placed memory plan = _commit(Leaves.plan(1));
        vm.expectRevert(IStakeVault.DoesNotAnswer.selector);
        vault.answerOmitted(promised, plan);
        Placed memory other = _commit(Leaves.followed(2));
        vm.expectRevert(IStakeVault.DoesNotAnswer.selector);
        vault.answerOmitted(promised, other);
        Placed memory outcome = _commit(Leaves.strayed(1));
        vault.answerOmitted(promised, outcome);
        _assertAnswered(id);
    }

    function test_omitted_anotherLeafDoesNotAnswer() public {
        LeafPromise memory promised = _promised(Leaves.fast(1), NOW);
        bytes32 id = _openOmitted(promised);
        Placed memory it = _commit(Leaves.exhausted(1));
        vm.expectRevert(IStakeVault.DoesNotAnswer.selector);
        vault.answerOmitted(promised, it);
        // It differs, which costs once, whatever becomes of the game.
        bytes memory signature = _signed(promised, KEY);
        vault.proveDiffers(promised, signature, it);
        vm.assertEq(_assets(), STAKE - 1 ether);
        vm.warp(block.timestamp + 3 days + 1);
        vault.conclude(id);
        vm.assertEq(_assets(), STAKE - 1 ether);
        vm.assertEq(vault.creditOf(AUDITOR), BOND);
        vm.assertEq(vault.poolOf(LANE).locked, 0);
    }

    function test_withheld() public {
        Batch memory batch = _commit(_list(Leaves.fast(1), Leaves.fast(2)));
        _commit(Leaves.fast(3));
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotInBatch.selector, LANE, 1, 2));
        vault.openWithheld{value: BOND}(batch.header, NOW, 2);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotCommitted.selector, LANE, 1));
        vault.openWithheld{value: BOND}(batch.header, NOW + 1, 1);
        vm.prank(AUDITOR);
        bytes32 id = vault.openWithheld{value: BOND}(batch.header, NOW, 1);
        Placed memory it = _place(batch, 0);
        vm.expectPartialRevert(IStakeVault.NoSuchGame.selector);
        vault.answerWithheld(it);
        it.index = 1;
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotInBatch.selector, LANE, 1, 1));
        vault.answerWithheld(it);
        it = _place(batch, 1);
        vault.answerWithheld(it);
        _assertAnswered(id);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.GameExists.selector, id));
        vault.openWithheld{value: BOND}(batch.header, NOW, 1);
        vm.prank(AUDITOR);
        id = vault.openWithheld{value: BOND}(batch.header, NOW, 0);
        _lose(id);
        vm.warp(NOW + 7 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.WindowOver.selector, NOW + 7 days));
        vault.openWithheld{value: BOND}(batch.header, NOW, 1);
    }

    function test_recordWithheld() public {
        bytes[] memory records = _list(bytes("a record"), new bytes(4097));
        bytes[] memory leaves = _list(Leaves.fast(1), Leaves.fast(2));
        _commit(Leaves.fast(9));
        IRoutingBatchRegistry.Header memory header = _headerOf(leaves);
        bytes32[] memory hashes = LeafTree.leafHashes(records);
        header.recordsRoot = hashes.root();
        _commit(header);
        vm.prank(AUDITOR);
        bytes32 id = vault.openRecordWithheld{value: BOND}(header, NOW, 1);
        LeafAt memory record = LeafAt(records[1], 1, hashes.proof(0));
        vm.expectRevert(IStakeVault.DoesNotAnswer.selector);
        vault.answerRecordWithheld(header, NOW, record);
        record.leaf = records[0];
        vault.answerRecordWithheld(header, NOW, record);
        _assertAnswered(id);
        // A record that is too long to be posted is none.
        vm.prank(AUDITOR);
        id = vault.openRecordWithheld{value: BOND}(header, NOW, 2);
        record = LeafAt(records[1], 2, hashes.proof(1));
        vm.expectRevert(IStakeVault.DoesNotAnswer.selector);
        vault.answerRecordWithheld(header, NOW, record);
        _lose(id);
    }

    function test_planMissing() public {
        Placed memory early = _commit(Leaves.plan(1));
        Placed memory outcome = _commit(Leaves.followed(1));
        Placed memory other = _commit(Leaves.followed(2));
        Placed memory late = _commit(Leaves.plan(2));
        Placed memory fast = _commit(Leaves.fast(3));
        vm.expectRevert(IStakeVault.WrongKind.selector);
        vault.openPlanMissing{value: BOND}(early);
        vm.expectRevert(IStakeVault.WrongKind.selector);
        vault.openPlanMissing{value: BOND}(fast);
        vm.prank(AUDITOR);
        bytes32 id = vault.openPlanMissing{value: BOND}(outcome);
        vm.expectRevert(IStakeVault.DoesNotAnswer.selector);
        vault.answerPlanMissing(outcome);
        vault.answerPlanMissing(early);
        _assertAnswered(id);
        vm.prank(AUDITOR);
        id = vault.openPlanMissing{value: BOND}(other);
        vm.expectRevert(IStakeVault.DoesNotAnswer.selector);
        vault.answerPlanMissing(late);
        _lose(id);
        vm.warp(NOW + 7 days + 1);
        vm.expectPartialRevert(IStakeVault.WindowOver.selector);
        vault.openPlanMissing{value: BOND}(other);
    }

    function test_outcomeMissing() public {
        Placed memory plan = _commit(Leaves.plan(1));
        Placed memory other = _commit(Leaves.plan(2));
        Placed memory fast = _commit(Leaves.fast(9));
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.TooEarly.selector, NOW + 1 hours + 1));
        vault.openOutcomeMissing{value: BOND}(plan);
        vm.warp(NOW + 1 hours + 1);
        vm.prank(AUDITOR);
        bytes32 id = vault.openOutcomeMissing{value: BOND}(plan);
        vm.expectRevert(IStakeVault.DoesNotAnswer.selector);
        vault.answerOutcomeMissing(plan, 0);
        Placed memory outcome = _commit(Leaves.followed(1));
        vm.expectRevert(IStakeVault.WrongKind.selector);
        vault.openOutcomeMissing{value: BOND}(fast);
        vault.answerOutcomeMissing(outcome, 0);
        _assertAnswered(id);
        vm.prank(AUDITOR);
        id = vault.openOutcomeMissing{value: BOND}(other);
        _lose(id);
        vm.warp(NOW + 7 days + 1);
        vm.expectPartialRevert(IStakeVault.WindowOver.selector);
        vault.openOutcomeMissing{value: BOND}(other);
    }

    function test_counterMissing() public {
        bytes[] memory leaves = _list(Leaves.fast(1), Leaves.fast(2));
        IRoutingBatchRegistry.Header memory first = _headerOf(leaves);
        first.completeThrough = 2;
        Batch memory batch = _commit(first, leaves);
        leaves = _list(Leaves.fast(3), Leaves.fast(5));
        IRoutingBatchRegistry.Header memory second = _headerOf(leaves);
        second.completeThrough = 5;
        _commit(second);
        Placed memory late = _commit(Leaves.fast(4));

        vm.prank(AUDITOR);
        bytes32 id = vault.openCounterMissing{value: BOND}(first, first, NOW, 2);
        Placed memory it = _place(batch, 0);
        vm.expectPartialRevert(IStakeVault.NoSuchGame.selector);
        vault.answerOutcomeMissing(it, 1);
        it = _place(batch, 1);
        vault.answerOutcomeMissing(it, 1);
        _assertAnswered(id);

        vm.expectRevert(IStakeVault.NoFault.selector);
        vault.openCounterMissing{value: BOND}(first, second, NOW, 2);
        vm.expectRevert(IStakeVault.NoFault.selector);
        vault.openCounterMissing{value: BOND}(first, second, NOW, 6);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotCommitted.selector, LANE, 1));
        vault.openCounterMissing{value: BOND}(second, second, NOW, 4);
        vm.prank(AUDITOR);
        id = vault.openCounterMissing{value: BOND}(first, second, NOW, 4);
        // It is there, but later than the header says.
        vm.expectRevert(IStakeVault.DoesNotAnswer.selector);
        vault.answerOutcomeMissing(late, 2);
        _lose(id);
        vm.warp(NOW + 7 days + 1);
        vm.expectPartialRevert(IStakeVault.WindowOver.selector);
        vault.openCounterMissing{value: BOND}(first, second, NOW, 3);
    }

    function test_bond_followsTheBaseFee() public {
        vm.assertEq(vault.bondNow(), BOND);
        vm.fee(1000 gwei);
        vm.assertEq(vault.bondNow(), 0.25 ether);
    }

    function test_whoAnswersItselfLosesItsBond() public {
        Placed memory it = _commit(Leaves.fast(1));
        uint256 before = AUDITOR.balance;
        vm.prank(AUDITOR);
        vault.openWithheld{value: BOND}(it.header, NOW, 0);
        vm.prank(AUDITOR);
        vault.answerWithheld(it);
        vm.assertEq(vault.creditOf(AUDITOR), 0);
        vm.assertEq(before - AUDITOR.balance, BOND);
        vm.assertEq(vault.creditOf(OWNER), BOND);
    }

    function test_openGamesHoldWhatTheyMayTake() public {
        Placed memory it = _commit(Leaves.fast(1));
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, STAKE);
        vm.warp(NOW + 7 days);
        vm.prank(AUDITOR);
        bytes32 id = vault.openWithheld{value: BOND}(it.header, NOW, 0);
        vm.warp(NOW + vault.delay());
        vm.prank(OWNER);
        vault.withdraw(LANE, payable(address(0x77)));
        vm.assertEq(address(0x77).balance, STAKE - 1 ether);
        vm.prank(OWNER);
        vm.expectRevert(IStakeVault.Nothing.selector);
        vault.withdraw(LANE, payable(OWNER));
        vm.assertFalse(vault.mayRelease(LANE));
        vault.conclude(id);
        vm.assertEq(_assets(), 0);
        vm.assertTrue(vault.mayRelease(LANE));
        vm.assertEq(vault.creditOf(AUDITOR), BOND + 0.3 ether);
    }

    function test_whatAGameHeld_isPaidAfterItsAnswer() public {
        Placed memory it = _commit(Leaves.fast(1));
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, STAKE);
        vm.warp(NOW + 7 days);
        LeafPromise memory promised = _promised(Leaves.fast(1), NOW);
        bytes memory signature = _signed(promised, KEY);
        vault.openWithheld{value: BOND}(it.header, NOW, 0);
        vm.warp(NOW + 7 days + 1 hours);
        vault.openOmitted{value: BOND}(promised, signature);
        vault.answerWithheld(it);
        vm.warp(NOW + vault.delay());
        vm.prank(OWNER);
        vault.withdraw(LANE, payable(address(0x77)));
        vm.assertEq(address(0x77).balance, STAKE - 1 ether);
        vm.assertEq(vault.positionOf(LANE, OWNER).leavingShares, 1 ether);
        vault.answerOmitted(promised, it);
        vm.prank(OWNER);
        vault.withdraw(LANE, payable(address(0x77)));
        vm.assertEq(address(0x77).balance, STAKE);
    }

    function test_conclude_notBeforeTheDeadline() public {
        Placed memory it = _commit(Leaves.fast(1));
        vm.prank(AUDITOR);
        bytes32 id = vault.openWithheld{value: BOND}(it.header, NOW, 0);
        vm.warp(NOW + 3 days);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.TooEarly.selector, NOW + 3 days + 1));
        vault.conclude(id);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NoSuchGame.selector, bytes32(0)));
        vault.conclude(0);
    }

    function _openOmitted(LeafPromise memory promised) private returns (bytes32 id) {
        bytes memory signature = _signed(promised, KEY);
        vm.warp(promised.anchorBy + 1);
        vm.prank(AUDITOR);
        id = vault.openOmitted{value: BOND}(promised, signature);
        vm.assertEq(id, this.digestOf(promised));
    }

    function _assertAnswered(bytes32 id) private view {
        vm.assertEq(uint8(vault.challengeOf(id).state), uint8(Game.ANSWERED));
        vm.assertEq(vault.poolOf(LANE).locked, 0);
        vm.assertEq(_assets(), STAKE);
        vm.assertEq(vault.creditOf(OWNER), BOND);
    }

    function _lose(bytes32 id) private {
        vm.warp(vault.challengeOf(id).deadline + 1);
        vault.conclude(id);
        vm.assertEq(uint8(vault.challengeOf(id).state), uint8(Game.LOST));
        vm.assertEq(vault.poolOf(LANE).locked, 0);
        vm.assertEq(_assets(), STAKE - 1 ether);
        vm.assertEq(vault.creditOf(AUDITOR), BOND + 0.3 ether);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NoSuchGame.selector, id));
        vault.conclude(id);
    }
}
