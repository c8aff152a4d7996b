// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Fault} from "../../src/stake/Fault.sol";
import {IStakeVault} from "../../src/stake/IStakeVault.sol";
import {Challenge, Game, LeafPromise, Placed} from "../../src/stake/StakeTypes.sol";
import {StakeVault} from "../../src/stake/StakeVault.sol";
import {Leaves} from "./Leaves.sol";
import {StakeTest} from "./StakeTest.sol";

/// @notice What somebody could try with a grace, with keys that change, and with games and evidence that were meant for
/// something else.
contract AbuseTest is StakeTest {
    uint256 private constant BOND = 0.05 ether;
    address private constant NEXT_COMMITTER = address(0xC0117EF);

    function test_grace_moreFaultsDoNotProlongIt() public {
        _leave(STAKE - t.floor);
        Placed memory one = _commit(Leaves.lazy(1));
        Placed memory other = _commit(Leaves.lazy(2));
        vault.proveLeaf(one);
        uint64 until = NOW + t.grace;
        vm.assertEq(vault.poolOf(LANE).shortUntil, until);
        vm.warp(NOW + 1 days);
        vault.proveLeaf(other);
        vm.assertEq(vault.poolOf(LANE).shortUntil, until);
        // Nor does one that is proved when it is over begin another.
        Placed memory last = _commit(Leaves.lazy(3));
        vm.warp(until + 1);
        vault.proveLeaf(last);
        vm.assertEq(vault.poolOf(LANE).shortUntil, until);
        _assertShort(4);
    }

    function test_grace_anotherOneTakesAFullStakeAndItsBurnedPart() public {
        _leave(STAKE - t.floor);
        uint256 burned = BURN.balance;
        vault.proveLeaf(_commit(Leaves.lazy(1)));
        vm.warp(NOW + t.grace + 1);
        // What leaves has lost its part of the penalty, so less is lacking.
        uint256 lacking = t.floor - vault.active(LANE);
        vm.assertEq(lacking, t.leafPenalty / 2);
        _deposit(BACKER, LANE, lacking - 1);
        _assertShort(2);
        _deposit(BACKER, LANE, 10);
        vm.assertEq(vault.poolOf(LANE).shortUntil, 0);
        vault.proveLeaf(_commit(Leaves.lazy(3)));
        vm.assertEq(vault.poolOf(LANE).shortUntil, NOW + 2 * t.grace + 1);
        vm.assertEq(BURN.balance - burned, 0.14 ether);
    }

    function test_grace_whatIsCommittedInItIsBackedUntilItsWindowIsOver() public {
        _leave(STAKE - t.floor);
        vault.proveLeaf(_commit(Leaves.lazy(1)));
        // Everything that is left leaves on the first day; the lane goes on to the last one.
        _leave(vault.positionOf(LANE, OWNER).shares);
        vm.assertEq(vault.active(LANE), 0);
        vm.warp(NOW + t.grace);
        Placed memory last = _commit(Leaves.lazy(2));
        vm.warp(NOW + t.grace + t.window);
        uint64 leavesAt = NOW + t.grace + uint64(vault.delay());
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.TooEarly.selector, leavesAt));
        vault.withdraw(LANE, payable(OWNER));
        vault.proveLeaf(last);
        vm.assertEq(_assets(), STAKE - 2 * t.leafPenalty);
    }

    function test_rotation_whatTheOldKeyPromisedIsStillAskedFor() public {
        LeafPromise memory promised = _promised(Leaves.fast(1), NOW);
        bytes memory signature = _signed(promised, KEY);
        _rotate();
        bytes32 id = _openOmitted(promised, signature);
        vm.warp(vault.challengeOf(id).deadline + 1);
        vault.conclude(id);
        vm.assertEq(_assets(), STAKE - t.promisePenalty);
    }

    function test_rotation_inAGame_theNewKeysLeafAnswers() public {
        LeafPromise memory promised = _promised(Leaves.fast(1), NOW);
        bytes32 id = _openOmitted(promised, _signed(promised, KEY));
        _rotate();
        Batch memory batch;
        batch.leaves = _list(Leaves.fast(1));
        batch.header = _headerOf(batch.leaves);
        batch.committedAt = uint64(block.timestamp);
        vm.prank(NEXT_COMMITTER);
        registry.commitBatch(batch.header);
        vault.answerOmitted(promised, _place(batch, 0));
        _assertAnswered(id);
    }

    function test_rotation_aRetiredKeyIsDeadAfterItsTime() public {
        _rotate();
        LeafPromise memory last = _promised(Leaves.fast(1), NOW);
        bytes memory signature = _signed(last, KEY);
        uint64 dead = last.anchorBy + t.window;
        // A thief of it who wants more time has to say that it signed later, or for longer.
        LeafPromise memory late = _promised(Leaves.fast(2), NOW + 1);
        bytes memory stolen = _signed(late, KEY);
        LeafPromise memory long = _promised(Leaves.fast(3), NOW);
        long.anchorBy += 1;
        bytes memory longer = _signed(long, KEY);
        vm.warp(dead);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotTheLanesKey.selector, LANE, vm.addr(KEY)));
        vault.openOmitted{value: BOND}(late, stolen);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotTheLanesKey.selector, LANE, vm.addr(KEY)));
        vault.openOmitted{value: BOND}(long, longer);
        vm.warp(dead + 1);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.WindowOver.selector, dead));
        vault.openOmitted{value: BOND}(last, signature);
        vm.warp(dead);
        vault.openOmitted{value: BOND}(last, signature);
    }

    function test_replay_aPromiseOfAnotherLaneChainOrRegistry() public {
        LeafPromise memory promised = _promised(Leaves.fast(1), NOW);
        bytes memory signature = _signed(promised, KEY);
        vm.warp(promised.anchorBy + 1);
        uint256 here = block.chainid;
        vm.chainId(here + 1);
        vm.expectPartialRevert(IStakeVault.NotTheLanesKey.selector);
        vault.openOmitted{value: BOND}(promised, signature);
        vm.chainId(here);
        StakeVault other = new StakeVault(_newRegistry(), t);
        vm.expectPartialRevert(IStakeVault.NotTheLanesKey.selector);
        other.openOmitted{value: BOND}(promised, signature);
        _open(OTHER_SALT);
        vm.prank(OWNER);
        registry.setSigner(OTHER_LANE, vm.addr(KEY));
        promised.lane = OTHER_LANE;
        vm.expectPartialRevert(IStakeVault.NotTheLanesKey.selector);
        vault.openOmitted{value: BOND}(promised, signature);
        promised.lane = LANE;
        vault.openOmitted{value: BOND}(promised, signature);
    }

    function test_twoVaults_eachTakesFromItsOwnStake() public {
        StakeVault other = _newVault();
        vm.prank(OWNER);
        other.deposit{value: 5 ether}(LANE);
        Placed memory it = _commit(Leaves.lazy(1));
        other.proveLeaf(it);
        vm.assertEq(other.poolOf(LANE).assets, 5 ether - t.leafPenalty);
        vm.assertEq(_assets(), STAKE);
        vault.proveLeaf(it);
        vm.assertEq(_assets(), STAKE - t.leafPenalty);
        vm.expectRevert(IStakeVault.PunishedAlready.selector);
        other.proveLeaf(it);
    }

    function test_selfChallenge_costsTheBurnedPart() public {
        Placed memory it = _commit(Leaves.fast(1));
        uint256 before = OWNER.balance;
        vm.prank(OWNER);
        bytes32 id = vault.openWithheld{value: BOND}(it.header, NOW, 0);
        // Whoever misses the leaf cannot ask for it meanwhile, and need not: the game has the same end.
        vm.prank(AUDITOR);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.GameExists.selector, id));
        vault.openWithheld{value: BOND}(it.header, NOW, 0);
        vm.warp(NOW + t.response + 1);
        vault.conclude(id);
        vm.prank(OWNER);
        vault.claim(payable(OWNER));
        vm.assertEq(OWNER.balance, before + 0.3 ether);
        vm.assertEq(_assets(), STAKE - 1 ether);
        vm.assertEq(BURN.balance, 0.7 ether);
    }

    function test_griefing_noGameHoldsALaneLongerThanItsDelay() public {
        Placed memory it = _commit(Leaves.fast(1));
        _leave(STAKE);
        vm.warp(NOW + t.window);
        vm.prank(AUDITOR);
        bytes32 id = vault.openWithheld{value: BOND}(it.header, NOW, 0);
        vm.assertTrue(vault.challengeOf(id).deadline < NOW + vault.delay());
        vm.warp(vault.challengeOf(id).deadline);
        vault.answerWithheld(it);
        vm.warp(NOW + vault.delay());
        vm.prank(AUDITOR);
        vm.expectPartialRevert(IStakeVault.WindowOver.selector);
        vault.openRecordWithheld{value: BOND}(it.header, NOW, 0);
        vm.prank(OWNER);
        vault.withdraw(LANE, payable(address(0x77)));
        vm.assertEq(address(0x77).balance, STAKE);
        vm.assertEq(vault.creditOf(OWNER), BOND);
        vm.assertTrue(vault.mayRelease(LANE));
    }

    function _leave(uint256 shares) private {
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, shares);
    }

    function _rotate() private {
        vm.prank(OWNER);
        registry.setSigner(LANE, vm.addr(NEXT_KEY));
        vm.prank(OWNER);
        registry.rotateCommitter(LANE, NEXT_COMMITTER);
    }

    function _openOmitted(LeafPromise memory promised, bytes memory signature) private returns (bytes32 id) {
        vm.warp(promised.anchorBy + 1);
        vm.prank(AUDITOR);
        id = vault.openOmitted{value: BOND}(promised, signature);
        Challenge memory game = vault.challengeOf(id);
        vm.assertEq(uint8(game.fault), uint8(Fault.OMITTED));
    }

    function _assertAnswered(bytes32 id) private view {
        vm.assertEq(uint8(vault.challengeOf(id).state), uint8(Game.ANSWERED));
        vm.assertEq(_assets(), STAKE);
        vm.assertEq(vault.creditOf(OWNER), BOND);
    }

    function _assertShort(uint64 counter) private {
        (bool done,) = address(this).call(abi.encodeCall(this.commitAlone, (counter)));
        vm.assertFalse(done);
    }

    /// @dev In a frame of its own, so that nothing of it stays where it fails.
    function commitAlone(uint64 counter) external {
        _commit(Leaves.fast(counter));
    }
}
