// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../../src/IRoutingBatchRegistry.sol";
import {IStakeVault} from "../../src/stake/IStakeVault.sol";
import {LeafAt, LeafPromise, Placed} from "../../src/stake/StakeTypes.sol";
import {LeafTree} from "../LeafTree.sol";
import {Leaves} from "./Leaves.sol";
import {StakeTest} from "./StakeTest.sol";

/// @notice What convicts has to stand in the log, in the batch that is named, of the lane that is punished.
contract ShownInProofsTest is StakeTest {
    using LeafTree for bytes32[];

    function test_faultOf_asTheProofWould() public {
        Placed memory it = _commit(Leaves.lazy(1));
        it.leaf = Leaves.lazy(2);
        vm.expectPartialRevert(IStakeVault.NotInBatch.selector);
        vault.faultOf(it);
        it.leaf = Leaves.lazy(1);
        vm.warp(NOW + 7 days + 1);
        vm.expectPartialRevert(IStakeVault.WindowOver.selector);
        vault.faultOf(it);
    }

    function test_proveLeaves_byAnotherHeader() public {
        Placed memory it = _commit(Leaves.fast(1));
        LeafAt[] memory leaves = new LeafAt[](1);
        leaves[0] = LeafAt(Leaves.lazy(1), 0, new bytes32[](0));
        it.header.root = sha256(bytes.concat(bytes1(0), leaves[0].leaf));
        vm.expectPartialRevert(IStakeVault.NotCommitted.selector);
        vault.proveLeaves(it.header, NOW, leaves);
    }

    function test_provePair_ofLeavesThatAreNowhere() public {
        Placed memory plan = _commit(Leaves.plan(1));
        Placed memory outcome = _commit(Leaves.followed(1));
        outcome.leaf = Leaves.strayed(1);
        vm.expectPartialRevert(IStakeVault.NotInBatch.selector);
        vault.provePair(plan, outcome);
        outcome.leaf = Leaves.followed(1);
        plan.leaf = Leaves.planOf(1, 6, 5, 5);
        vm.expectPartialRevert(IStakeVault.NotInBatch.selector);
        vault.provePair(plan, outcome);
    }

    function test_provePair_untilTheWindowIsOver() public {
        Placed memory plan = _commit(Leaves.plan(1));
        Placed memory outcome = _commit(Leaves.strayed(1));
        vm.warp(NOW + 7 days + 1);
        vm.expectPartialRevert(IStakeVault.WindowOver.selector);
        vault.provePair(plan, outcome);
    }

    /// @dev Each later batch has the plan in its log too. Shown there, an honest plan would come after its outcome.
    function test_provePair_byALaterHeader() public {
        Placed memory plan = _commit(Leaves.plan(1));
        Placed memory outcome = _commit(Leaves.followed(1));
        Placed memory later = _commit(Leaves.fast(2));
        later.leaf = plan.leaf;
        later.index = 0;
        later.proof = _proofIn(3, 0);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotInBatch.selector, LANE, 3, 0));
        vault.provePair(later, outcome);
    }

    /// @dev Two outcomes contradict each other, and are punished as TWICE.
    function test_provePair_ofTwoOutcomes() public {
        Placed memory one = _commit(Leaves.followed(1));
        Placed memory other = _commit(Leaves.strayed(1));
        vm.expectRevert(IStakeVault.NoFault.selector);
        vault.provePair(one, other);
    }

    function test_provePair_ofTwoPlans() public {
        Placed memory one = _commit(Leaves.plan(1));
        Placed memory other = _commit(Leaves.planOf(1, 6, 5, 5));
        vm.expectRevert(IStakeVault.NoFault.selector);
        vault.provePair(one, other);
    }

    function test_proveOvertaken_ofALeafThatIsNowhere() public {
        Placed memory first = _commit(Leaves.planOf(1, 7, 6, 6));
        Placed memory passed = _commit(Leaves.planOf(2, 7, 7, 7));
        passed.leaf = Leaves.planOf(2, 9, 5, 5);
        vm.expectPartialRevert(IStakeVault.NotInBatch.selector);
        vault.proveOvertaken(passed, first);
    }

    /// @dev Only plans have turns: where they would stand, an outcome has what its answer was.
    function test_proveOvertaken_byAnOutcome() public {
        bytes16 end = bytes16(abi.encodePacked(uint32(6), uint32(6), uint32(0), uint32(9)));
        Placed memory outcome = _commit(Leaves.encode(Leaves.Leaf(1, 2, 2, 1, 7, 0, 11, 1, end)));
        Placed memory passed = _commit(Leaves.planOf(2, 9, 5, 5));
        vm.expectRevert(IStakeVault.NoFault.selector);
        vault.proveOvertaken(passed, outcome);
    }

    function test_proveDiffers_byALeafThatIsNowhere() public {
        LeafPromise memory promised = _promised(Leaves.fast(1), NOW);
        bytes memory signature = _signed(promised, KEY);
        Placed memory it = _commit(Leaves.fast(1));
        it.leaf = Leaves.exhausted(1);
        vm.expectPartialRevert(IStakeVault.NotInBatch.selector);
        vault.proveDiffers(promised, signature, it);
    }

    function test_proveDiffers_byALeafOfAnotherLane() public {
        LeafPromise memory promised = _promised(Leaves.fast(1), NOW);
        bytes memory signature = _signed(promised, KEY);
        Placed memory it = _elsewhere(Leaves.exhausted(1));
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.OtherLane.selector, LANE, OTHER_LANE));
        vault.proveDiffers(promised, signature, it);
    }

    function test_proveForked_byWhatWasNeverCommitted() public {
        Placed memory earlier = _commit(Leaves.fast(1));
        Placed memory later = _commit(Leaves.fast(2));
        later.index = 0;
        later.leaf = Leaves.fast(1);
        later.proof = _proofIn(2, 0);

        earlier.leaf = Leaves.fast(9);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotInBatch.selector, LANE, 1, 0));
        vault.proveForked(earlier, later);
        earlier.header.root = sha256(bytes.concat(bytes1(0), earlier.leaf));
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotCommitted.selector, LANE, 1));
        vault.proveForked(earlier, later);

        earlier.leaf = Leaves.fast(1);
        earlier.header.root = log[0];
        bytes32[] memory another = new bytes32[](2);
        (another[0], another[1]) = (sha256(bytes.concat(bytes1(0), Leaves.fast(9))), log[1]);
        later.leaf = Leaves.fast(9);
        later.header.root = another.root();
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotCommitted.selector, LANE, 2));
        vault.proveForked(earlier, later);
    }

    function test_proveForked_eachTime() public {
        Placed memory one = _commit(Leaves.fast(1));
        Placed memory two = _rewritten(Leaves.fast(8));
        vault.proveForked(one, two);
        Placed memory three = _rewritten(Leaves.fast(9));
        vault.proveForked(two, three);
        vm.assertEq(_assets(), STAKE - 2 ether);
    }

    function test_isPunished_upToTheLastLeafOfABatch() public {
        IRoutingBatchRegistry.Header memory header = _headerOf(_list(Leaves.fast(1)));
        header.count = 1200;
        header.size = 1200;
        Placed memory it;
        it.leaf = Leaves.lazy(1);
        it.index = 1199;
        it.proof = new bytes32[](LeafTree.pathLength(it.index, header.size));
        bytes32 hash = sha256(bytes.concat(bytes1(0), it.leaf));
        header.root = LeafTree.rootOver(hash, it.index, header.size, it.proof);
        _commit(header);
        it.header = header;
        it.committedAt = NOW;
        vault.proveLeaf(it);
        vm.assertTrue(vault.isPunished(LANE, 1, 1199));
        vm.assertFalse(vault.isPunished(LANE, 1, 1198));
    }

    /// @dev The next batch is of a log whose first leaf is another.
    function _rewritten(bytes memory first) private returns (Placed memory it) {
        log[0] = sha256(bytes.concat(bytes1(0), first));
        it = _commit(Leaves.fast(uint64(log.length) + 20));
        it.leaf = first;
        it.index = 0;
        it.proof = _proofIn(it.header.size, 0);
    }

    /// @dev The first leaf of another lane.
    function _elsewhere(bytes memory leaf) private returns (Placed memory it) {
        _open(OTHER_SALT);
        IRoutingBatchRegistry.Header memory header = _headerOf(_list(leaf));
        header.lane = OTHER_LANE;
        header.policyHash = keccak256(POLICY);
        vm.prank(COMMITTER);
        registry.publishPolicy(OTHER_LANE, POLICY, _oneRoute(Leaves.ROUTE, _upTo(3, 4)));
        _commit(header);
        return Placed(header, NOW, leaf, 0, new bytes32[](0));
    }
}
