// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../../src/IRoutingBatchRegistry.sol";
import {IStakeVault} from "../../src/stake/IStakeVault.sol";
import {Game, LeafAt, LeafPromise, Placed} from "../../src/stake/StakeTypes.sol";
import {Leaves} from "./Leaves.sol";
import {StakeTest} from "./StakeTest.sol";

/// @notice What opens or ends a game has to stand in the log, and at its borders a number counts as the rules say.
contract ShownTest is StakeTest {
    uint256 private constant BOND = 0.05 ether;

    function test_answerOmitted_byALeafThatIsNowhere() public {
        LeafPromise memory promised = _promised(Leaves.fast(1), NOW);
        bytes memory signature = _signed(promised, KEY);
        Placed memory another = _commit(Leaves.fast(2));
        vm.warp(NOW + 2 hours);
        vault.openOmitted{value: BOND}(promised, signature);
        another.leaf = Leaves.fast(1);
        vm.expectPartialRevert(IStakeVault.NotInBatch.selector);
        vault.answerOmitted(promised, another);
    }

    function test_answerPlanMissing_byALeafThatIsNowhere() public {
        Placed memory outcome = _commit(Leaves.followed(1));
        vault.openPlanMissing{value: BOND}(outcome);
        outcome.leaf = Leaves.plan(1);
        vm.expectPartialRevert(IStakeVault.NotInBatch.selector);
        vault.answerPlanMissing(outcome);
    }

    function test_answerOutcomeMissing_byALeafThatIsNowhere() public {
        Placed memory plan = _commit(Leaves.plan(1));
        vm.warp(NOW + 1 hours + 1);
        vault.openOutcomeMissing{value: BOND}(plan);
        plan.leaf = Leaves.followed(1);
        vm.expectPartialRevert(IStakeVault.NotInBatch.selector);
        vault.answerOutcomeMissing(plan, 0);
    }

    function test_answerRecordWithheld_byAnotherHeader() public {
        (IRoutingBatchRegistry.Header memory header, LeafAt memory record) = _recorded(bytes("a record"));
        vault.openRecordWithheld{value: BOND}(header, NOW, record.index);
        record.leaf = bytes("another");
        header.recordsRoot = sha256(bytes.concat(bytes1(0), record.leaf));
        vm.expectPartialRevert(IStakeVault.NotCommitted.selector);
        vault.answerRecordWithheld(header, NOW, record);
    }

    function test_answerRecordWithheld_ofTheMostBytes() public {
        (IRoutingBatchRegistry.Header memory header, LeafAt memory record) = _recorded(new bytes(4096));
        bytes32 id = vault.openRecordWithheld{value: BOND}(header, NOW, record.index);
        vault.answerRecordWithheld(header, NOW, record);
        vm.assertEq(uint8(vault.challengeOf(id).state), uint8(Game.ANSWERED));
    }

    function test_openPlanMissing_ofALeafThatIsNowhere() public {
        Placed memory it = _commit(Leaves.fast(1));
        it.leaf = Leaves.followed(2);
        vm.expectPartialRevert(IStakeVault.NotInBatch.selector);
        vault.openPlanMissing{value: BOND}(it);
    }

    function test_openOutcomeMissing_ofALeafThatIsNowhere() public {
        Placed memory it = _commit(Leaves.fast(1));
        vm.warp(NOW + 2 hours);
        it.leaf = Leaves.plan(2);
        vm.expectPartialRevert(IStakeVault.NotInBatch.selector);
        vault.openOutcomeMissing{value: BOND}(it);
    }

    function test_openOutcomeMissing_notBeforeAnHourIsOver() public {
        Placed memory plan = _commit(Leaves.plan(1));
        vm.warp(NOW + 1 hours);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.TooEarly.selector, NOW + 1 hours + 1));
        vault.openOutcomeMissing{value: BOND}(plan);
    }

    function test_openCounterMissing_byAnotherHeader() public {
        Placed memory it = _commit(Leaves.fast(1));
        it.header.completeThrough = 1;
        vm.expectPartialRevert(IStakeVault.NotCommitted.selector);
        vault.openCounterMissing{value: BOND}(it.header, it.header, NOW, 1);
    }

    function test_bond_isAtMostWhatItsWordHolds() public {
        Placed memory it = _commit(Leaves.fast(1));
        uint256 most = type(uint128).max;
        vm.deal(AUDITOR, most + 1);
        vm.prank(AUDITOR);
        vm.expectPartialRevert(IStakeVault.WrongBond.selector);
        vault.openWithheld{value: most + 1}(it.header, NOW, 0);
        vm.prank(AUDITOR);
        bytes32 id = vault.openWithheld{value: most}(it.header, NOW, 0);
        vm.assertEq(vault.challengeOf(id).bond, most);
    }

    /// @dev A batch of one leaf with that record.
    function _recorded(bytes memory record)
        private
        returns (IRoutingBatchRegistry.Header memory header, LeafAt memory shown)
    {
        bytes[] memory leaves = _list(Leaves.fast(1));
        header = _headerOf(leaves);
        header.recordsRoot = sha256(bytes.concat(bytes1(0), record));
        _commit(header, leaves);
        shown.leaf = record;
        shown.index = header.size - 1;
    }
}
