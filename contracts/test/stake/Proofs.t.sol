// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Fault} from "../../src/stake/Fault.sol";
import {IStakeVault} from "../../src/stake/IStakeVault.sol";
import {Equivocation, LeafAt, LeafPromise, Placed, SignedHead} from "../../src/stake/StakeTypes.sol";
import {Leaves} from "./Leaves.sol";
import {StakeTest} from "./StakeTest.sol";

/// @notice Each proof in one step: what it takes, and what it does not take.
/// Long because there are many.
contract ProofsTest is StakeTest {
    event Penalised(
        uint64 indexed lane,
        uint64 indexed sequence,
        Fault indexed fault,
        bytes32 subject,
        address reporter,
        uint256 taken,
        uint256 reward
    );

    function test_proveLeaf() public {
        Placed memory it = _commit(Leaves.lazy(7));
        vm.assertEq(uint8(vault.faultOf(it)), uint8(Fault.FELL_BACK_EARLY));
        vm.expectEmit(address(vault));
        emit Penalised(LANE, 1, Fault.FELL_BACK_EARLY, 0, AUDITOR, 0.1 ether, 0.03 ether);
        vm.prank(AUDITOR);
        vault.proveLeaf(it);
        vm.assertEq(vault.creditOf(AUDITOR), 0.03 ether);
        vm.assertTrue(vault.isPunished(LANE, 1, 0));
        vm.assertFalse(vault.isPunished(LANE, 1, 1));
        vm.assertFalse(vault.isPunished(LANE, 1, 1200));
        vm.expectRevert(IStakeVault.PunishedAlready.selector);
        vault.proveLeaf(it);
    }

    function test_proveLeaf_honest() public {
        bytes[] memory leaves = new bytes[](5);
        (leaves[0], leaves[1], leaves[2]) = (Leaves.fast(1), Leaves.fellBack(2), Leaves.exhausted(3));
        (leaves[3], leaves[4]) = (Leaves.plan(4), Leaves.followed(4));
        Batch memory batch = _commit(leaves);
        for (uint64 i = 0; i < 5; ++i) {
            Placed memory it = _place(batch, i);
            vm.assertEq(uint8(vault.faultOf(it)), 0);
            vm.expectRevert(IStakeVault.NoFault.selector);
            vault.proveLeaf(it);
        }
    }

    function test_proveLeaf_untilTheWindowIsOver() public {
        Placed memory it = _commit(Leaves.lazy(1));
        vm.warp(NOW + 7 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.WindowOver.selector, NOW + 7 days));
        vault.proveLeaf(it);
        vm.warp(NOW + 7 days);
        vault.proveLeaf(it);
    }

    function test_proveLeaf_notOfTheBatch() public {
        Placed memory old = _commit(Leaves.lazy(1));
        Placed memory it = _commit(Leaves.lazy(2));
        it.committedAt += 1;
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotCommitted.selector, LANE, 2));
        vault.proveLeaf(it);
        it.committedAt -= 1;
        it.header.lastMillis += 1;
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotCommitted.selector, LANE, 2));
        vault.proveLeaf(it);
        it.header.lastMillis -= 1;
        it.leaf[95] ^= 0x01;
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotInBatch.selector, LANE, 2, 1));
        vault.proveLeaf(it);
        // Of the log, but of a batch before.
        it.leaf = old.leaf;
        it.index = 0;
        it.proof = _proofIn(2, 0);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotInBatch.selector, LANE, 2, 0));
        vault.proveLeaf(it);
        it.index = 2;
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotInBatch.selector, LANE, 2, 2));
        vault.proveLeaf(it);
    }

    function test_proveLeaf_ofAnyLength() public {
        for (uint256 length = 0; length < 200; length += 33) {
            Placed memory it = _commit(new bytes(length));
            vm.assertEq(uint8(vault.faultOf(it)), uint8(Fault.OUT_OF_RANGE));
            vault.proveLeaf(it);
        }
    }

    function test_routePublishedAfterTheBatch_isStillUnpublished() public {
        Leaves.Leaf memory leaf = Leaves.Leaf(1, 2, 1, 1, type(uint32).max, 0, 11, 1, 0);
        Placed memory it = _commit(Leaves.encode(leaf, Leaves.UNKNOWN_ROUTE));
        vm.warp(NOW + 1);
        vm.prank(COMMITTER);
        registry.publishPolicy(LANE, "late", _oneRoute(Leaves.UNKNOWN_ROUTE, _upTo(3, 4)));
        vm.assertEq(uint8(vault.faultOf(it)), uint8(Fault.ROUTE_UNPUBLISHED));
        leaf.counter = 2;
        vm.assertEq(uint8(vault.faultOf(_commit(Leaves.encode(leaf, Leaves.UNKNOWN_ROUTE)))), 0);
    }

    function test_proveLeaves_beyondTheMostOfABatchOnlyMarks() public {
        bytes[] memory leaves = new bytes[](5);
        for (uint64 i = 0; i < 5; ++i) {
            leaves[i] = Leaves.lazy(i + 1);
        }
        Batch memory batch = _commit(leaves);
        LeafAt[] memory them = new LeafAt[](5);
        for (uint64 i = 0; i < 5; ++i) {
            them[i] = _leafAt(_place(batch, i));
        }
        vm.prank(AUDITOR);
        vault.proveLeaves(batch.header, batch.committedAt, them);
        vm.assertEq(_assets(), STAKE - 3 * t.leafPenalty);
        vm.assertTrue(vault.isPunished(LANE, 1, 4));
        vm.expectRevert(IStakeVault.PunishedAlready.selector);
        vault.proveLeaves(batch.header, batch.committedAt, them);
        them[0].index = 1;
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotInBatch.selector, LANE, 1, 1));
        vault.proveLeaves(batch.header, batch.committedAt, them);
        vm.warp(NOW + 7 days + 1);
        vm.expectPartialRevert(IStakeVault.WindowOver.selector);
        vault.proveLeaves(batch.header, batch.committedAt, them);
    }

    function test_provePair() public {
        Placed memory plan = _commit(Leaves.plan(1));
        Placed memory followed = _commit(Leaves.followed(1));
        vm.expectRevert(IStakeVault.NoFault.selector);
        vault.provePair(plan, followed);
        Placed memory other = _commit(Leaves.plan(2));
        Placed memory strayed = _commit(Leaves.strayed(2));
        vm.assertEq(uint8(vault.faultOf(strayed)), 0);
        vm.expectRevert(IStakeVault.NoFault.selector);
        vault.provePair(plan, strayed);
        vm.expectRevert(IStakeVault.NoFault.selector);
        vault.provePair(strayed, other);
        // The plan may be older than the window.
        vm.warp(NOW + 7 days);
        vault.provePair(other, strayed);
        vm.assertTrue(vault.isPunished(LANE, 4, 0));
    }

    function test_provePair_planAfterOutcome() public {
        Placed memory outcome = _commit(Leaves.followed(1));
        Placed memory plan = _commit(Leaves.plan(1));
        vm.expectEmit(address(vault));
        emit Penalised(LANE, 1, Fault.PLAN_AFTER_OUTCOME, 0, address(this), 0.1 ether, 0.03 ether);
        vault.provePair(plan, outcome);
    }

    function test_proveTwice() public {
        Placed memory first = _commit(Leaves.fast(1));
        Placed memory second = _commit(Leaves.exhausted(1));
        Placed memory other = _commit(Leaves.fast(2));
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.SameLeaf.selector, 1, 0));
        vault.proveTwice(second, first);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.SameLeaf.selector, 1, 1));
        vault.proveTwice(second, second);
        vm.expectRevert(IStakeVault.NoFault.selector);
        vault.proveTwice(first, other);
        vault.proveTwice(first, second);
        vm.assertTrue(vault.isPunished(LANE, 2, 0));
        vm.assertFalse(vault.isPunished(LANE, 1, 0));
    }

    function test_overtaken() public {
        // Both were there in snapshot 7; that with the later turn got its slot then, the other one in snapshot 9.
        Placed memory first = _commit(Leaves.planOf(1, 7, 6, 6));
        Placed memory passed = _commit(Leaves.planOf(2, 9, 5, 5));
        vm.expectRevert(IStakeVault.NoFault.selector);
        vault.proveOvertaken(first, passed);
        vault.proveOvertaken(passed, first);
        vm.assertTrue(vault.isPunished(LANE, 2, 0));
    }

    function test_twoLanes() public {
        Placed memory one = _commit(Leaves.fast(1));
        Placed memory other = one;
        Placed memory second = _commit(Leaves.fast(1));
        other.header.lane = OTHER_LANE;
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.OtherLane.selector, OTHER_LANE, LANE));
        vault.proveTwice(other, second);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.OtherLane.selector, OTHER_LANE, LANE));
        vault.proveForked(other, second);
    }

    function test_proveDiffers() public {
        LeafPromise memory promised = _promised(Leaves.fast(1), NOW);
        bytes memory signature = _signed(promised, KEY);
        Placed memory kept = _commit(Leaves.fast(1));
        vm.expectRevert(IStakeVault.NoFault.selector);
        vault.proveDiffers(promised, signature, kept);
        Placed memory plan = _commit(Leaves.plan(1));
        vm.expectRevert(IStakeVault.WrongKind.selector);
        vault.proveDiffers(promised, signature, plan);
        Placed memory another = _commit(Leaves.fast(2));
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.OtherRequest.selector, 1, 2));
        vault.proveDiffers(promised, signature, another);
        Placed memory it = _commit(Leaves.exhausted(1));
        vm.prank(AUDITOR);
        vault.proveDiffers(promised, signature, it);
        vm.assertEq(vault.creditOf(AUDITOR), 0.3 ether);
        vm.expectRevert(IStakeVault.PunishedAlready.selector);
        vault.proveDiffers(promised, signature, it);
        promised.leafHash = 0;
        signature = _signed(promised, KEY);
        vm.expectRevert(IStakeVault.NoFault.selector);
        vault.proveDiffers(promised, signature, it);
        promised.leafHash = bytes32(uint256(1));
        signature = _signed(promised, KEY);
        vm.warp(promised.anchorBy + 7 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.WindowOver.selector, promised.anchorBy + 7 days));
        vault.proveDiffers(promised, signature, it);
    }

    function test_rotatedKey_staysLiable_andCannotSignAnew() public {
        Placed memory it = _commit(Leaves.exhausted(1));
        vm.warp(NOW + 10);
        vm.prank(OWNER);
        registry.setSigner(LANE, vm.addr(NEXT_KEY));
        LeafPromise memory late = _promised(Leaves.fast(1), NOW + 11);
        bytes memory signature = _signed(late, KEY);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotTheLanesKey.selector, LANE, vm.addr(KEY)));
        vault.proveDiffers(late, signature, it);
        LeafPromise memory old = _promised(Leaves.fast(1), NOW + 10);
        signature = _signed(old, KEY);
        vault.proveDiffers(old, signature, it);
        signature = _signed(late, NEXT_KEY);
        vault.proveDiffers(late, signature, it);
    }

    function test_promise_ofNobodyOrForTooLong() public {
        Placed memory it = _commit(Leaves.exhausted(1));
        LeafPromise memory promised = _promised(Leaves.fast(1), NOW);
        bytes memory signature = _signed(promised, NEXT_KEY);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotTheLanesKey.selector, LANE, vm.addr(NEXT_KEY)));
        vault.proveDiffers(promised, signature, it);
        promised.anchorBy += 1;
        signature = _signed(promised, KEY);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotTheLanesKey.selector, LANE, vm.addr(KEY)));
        vault.proveDiffers(promised, signature, it);
        promised.anchorBy = promised.signedAt - 1;
        signature = _signed(promised, KEY);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotTheLanesKey.selector, LANE, vm.addr(KEY)));
        vault.proveDiffers(promised, signature, it);
    }

    function test_signature_bent() public {
        Placed memory it = _commit(Leaves.exhausted(1));
        LeafPromise memory promised = _promised(Leaves.fast(1), NOW);
        bytes memory signature = _signed(promised, KEY);
        vm.expectRevert(IStakeVault.BadSignature.selector);
        vault.proveDiffers(promised, bytes.concat(signature, hex"00"), it);
        bytes memory bent = bytes.concat(signature);
        bent[64] = 0x00;
        vm.expectRevert(IStakeVault.BadSignature.selector);
        vault.proveDiffers(promised, bent, it);
        // The other of the two signatures that one can be turned into.
        (bytes32 r, uint256 s, uint8 v) = (_word(signature, 0), uint256(_word(signature, 32)), uint8(signature[64]));
        uint256 order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        bent = abi.encodePacked(r, order - s, v == 27 ? uint8(28) : uint8(27));
        vm.expectRevert(IStakeVault.BadSignature.selector);
        vault.proveDiffers(promised, bent, it);
        vault.proveDiffers(promised, signature, it);
    }

    function test_proveForked() public {
        Placed memory earlier = _commit(Leaves.fast(1));
        // The lane commits another first leaf from now on.
        log[0] = sha256(bytes.concat(bytes1(0), Leaves.fast(9)));
        Placed memory later = _commit(Leaves.fast(2));
        later.leaf = Leaves.fast(9);
        later.index = 0;
        later.proof = _proofIn(2, 0);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.SameLeaf.selector, 2, 1));
        vault.proveForked(later, earlier);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.SameLeaf.selector, 2, 2));
        vault.proveForked(later, later);
        vm.prank(AUDITOR);
        vault.proveForked(earlier, later);
        vm.assertEq(_assets(), STAKE - 1 ether);
        vm.expectRevert(IStakeVault.PunishedAlready.selector);
        vault.proveForked(earlier, later);
        // What came before the fork is settled, whatever header comes after it.
        Placed memory next = _commit(Leaves.fast(3));
        next.leaf = later.leaf;
        next.index = 0;
        next.proof = _proofIn(3, 0);
        vm.expectRevert(IStakeVault.PunishedAlready.selector);
        vault.proveForked(earlier, next);
        vm.expectRevert(IStakeVault.NoFault.selector);
        vault.proveForked(later, next);
    }

    function test_proveForked_honest() public {
        Placed memory earlier = _commit(Leaves.fast(1));
        Placed memory later = _commit(Leaves.fast(2));
        vm.expectRevert(IStakeVault.NoFault.selector);
        vault.proveForked(earlier, later);
        later.index = 0;
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotInBatch.selector, LANE, 2, 0));
        vault.proveForked(earlier, later);
        vm.warp(NOW + 7 days + 1);
        vm.expectPartialRevert(IStakeVault.WindowOver.selector);
        vault.proveForked(earlier, later);
    }

    function test_proveEquivocation() public {
        Placed memory it = _commit(Leaves.fast(1));
        Equivocation memory two = _equivocation(it, KEY, KEY);
        vm.prank(AUDITOR);
        vault.proveEquivocation(two);
        vm.assertEq(_assets(), STAKE - 1 ether);
        vm.expectRevert(IStakeVault.PunishedAlready.selector);
        vault.proveEquivocation(two);
        two.other = two.one;
        vm.expectRevert(IStakeVault.NoFault.selector);
        vault.proveEquivocation(two);
        two.committed = bytes32(uint256(1));
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotCommitted.selector, LANE, 1));
        vault.proveEquivocation(two);
    }

    function test_proveEquivocation_keys() public {
        vm.prank(OWNER);
        registry.setSigner(LANE, vm.addr(NEXT_KEY));
        vm.warp(NOW + 1 hours);
        Placed memory soon = _commit(Leaves.fast(1));
        vm.warp(NOW + 1 hours + 1);
        Placed memory late = _commit(Leaves.fast(2));
        Equivocation memory two = _equivocation(late, NEXT_KEY, KEY);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotTheLanesKey.selector, LANE, vm.addr(KEY)));
        vault.proveEquivocation(two);
        two = _equivocation(soon, 0x5A5A, KEY);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotTheLanesKey.selector, LANE, vm.addr(0x5A5A)));
        vault.proveEquivocation(two);
        vault.proveEquivocation(_equivocation(soon, NEXT_KEY, KEY));
        vm.warp(NOW + 1 hours + 1 + 7 days + 1);
        two = _equivocation(late, NEXT_KEY, NEXT_KEY);
        vm.expectPartialRevert(IStakeVault.WindowOver.selector);
        vault.proveEquivocation(two);
    }

    function _equivocation(Placed memory it, uint256 one, uint256 other)
        private
        view
        returns (Equivocation memory two)
    {
        bytes32 head = _headOf(it.header);
        uint64 sequence = it.header.sequence;
        return Equivocation(
            LANE,
            sequence,
            head,
            it.committedAt,
            SignedHead(head, _signature(this.headDigest(sequence, head), one)),
            SignedHead(~head, _signature(this.headDigest(sequence, ~head), other))
        );
    }

    function _word(bytes memory data, uint256 offset) private pure returns (bytes32 word) {
        for (uint256 i = 0; i < 32; ++i) {
            word |= bytes32(data[offset + i]) >> (8 * i);
        }
    }
}
