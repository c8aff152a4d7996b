// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../src/IRoutingBatchRegistry.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @notice Commits, one by one and together. Long because each rule of a header has its own breach.
contract CommitsTest is RegistryTest {
    function test_commit_keepsHeadAndTime() public {
        IRoutingBatchRegistry.Header memory header = _next();
        vm.expectEmit(address(registry));
        emit IRoutingBatchRegistry.BatchCommitted(LANE, 1, _headOf(header), header, NOW);
        _commit(header);

        vm.assertEq(registry.batchRecord(LANE, 1), _recordOf(header, NOW));
        (uint64 sequence, bytes32 head, uint64 lastSnapshot,, uint64 size, uint64 completeThrough) =
            registry.headOf(LANE);
        vm.assertEq(sequence, 1);
        vm.assertEq(head, _headOf(header));
        vm.assertEq(lastSnapshot, 2);
        vm.assertEq(size, 10);
        vm.assertEq(completeThrough, 8);
    }

    function test_commit_followsTheBatchBefore() public {
        _commit(_next());
        IRoutingBatchRegistry.Header memory second = _next();
        vm.warp(NOW + 5);
        _commit(second);

        vm.assertEq(registry.batchRecord(LANE, 2), _recordOf(second, NOW + 5));
        (uint64 sequence,,,, uint64 size, uint64 completeThrough) = registry.headOf(LANE);
        vm.assertEq(sequence, 2);
        vm.assertEq(size, 20);
        vm.assertEq(completeThrough, 18);
    }

    function test_commit_byTheOwner_reverts() public {
        IRoutingBatchRegistry.Header memory header = _next();
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.NotCommitter.selector, LANE, OWNER));
        vm.prank(OWNER);
        registry.commitBatch(header);
    }

    function test_commit_laneThatIsNotOpen_reverts() public {
        IRoutingBatchRegistry.Header memory header = _next();
        header.lane = OTHER_LANE;
        _refuses(header, abi.encodeWithSelector(IRoutingBatchRegistry.NotCommitter.selector, OTHER_LANE, COMMITTER));
    }

    function test_commit_wrongVersion_reverts() public {
        IRoutingBatchRegistry.Header memory header = _next();
        header.version = 1;
        _refuses(header, abi.encodeWithSelector(IRoutingBatchRegistry.WrongVersion.selector, 1));
    }

    function test_commit_wrongChain_reverts() public {
        IRoutingBatchRegistry.Header memory header = _next();
        vm.chainId(block.chainid + 1);
        _refuses(header, abi.encodeWithSelector(IRoutingBatchRegistry.WrongChain.selector, header.chainId));
    }

    function test_commit_wrongRegistry_reverts() public {
        IRoutingBatchRegistry.Header memory header = _next();
        header.registry = STRANGER;
        _refuses(header, abi.encodeWithSelector(IRoutingBatchRegistry.WrongRegistry.selector, STRANGER));
    }

    function test_commit_sequenceGap_reverts() public {
        IRoutingBatchRegistry.Header memory header = _next();
        header.sequence = 2;
        _refuses(header, abi.encodeWithSelector(IRoutingBatchRegistry.SequenceGap.selector, 1, 2));
    }

    function test_commit_twice_reverts() public {
        IRoutingBatchRegistry.Header memory header = _next();
        _commit(header);
        _refuses(header, abi.encodeWithSelector(IRoutingBatchRegistry.SequenceGap.selector, 2, 1));
    }

    function testFuzz_commit_anyOtherSequence_reverts(uint64 sequence) public {
        vm.assume(sequence != 1);
        IRoutingBatchRegistry.Header memory header = _next();
        header.sequence = sequence;
        _refuses(header, abi.encodeWithSelector(IRoutingBatchRegistry.SequenceGap.selector, 1, sequence));
    }

    function test_commit_wrongPreviousHead_reverts() public {
        IRoutingBatchRegistry.Header memory first = _next();
        _commit(first);
        IRoutingBatchRegistry.Header memory header = _next();
        header.previousHead = 0;
        _refuses(
            header, abi.encodeWithSelector(IRoutingBatchRegistry.WrongPreviousHead.selector, _headOf(first), bytes32(0))
        );
    }

    function test_commit_snapshotGap_reverts() public {
        _refusesSnapshots(2, 3);
        _refusesSnapshots(0, 1);
        _refusesSnapshots(type(uint64).max, type(uint64).max);
        _refusesSnapshots(1, type(uint32).max);
        _refusesSnapshots(1, type(uint64).max);
        _commit(_next());
        _refusesSnapshots(3, 1);
        _refusesSnapshots(2, 3);
        _refusesSnapshots(4, 4);
    }

    function test_commit_upToTheLastSnapshotThereIs() public {
        IRoutingBatchRegistry.Header memory header = _next();
        header.lastSnapshot = type(uint32).max - 1;
        _commit(header);
        header = _next();
        header.lastSnapshot = header.firstSnapshot - 1;
        header.snapshotRoot = 0;
        _commit(header);

        (uint64 sequence,, uint64 lastSnapshot, address committer,,) = registry.headOf(LANE);
        vm.assertEq(sequence, 2);
        vm.assertEq(lastSnapshot, type(uint32).max - 1);
        vm.assertEq(committer, COMMITTER);
    }

    function test_commit_withoutSnapshots_leavesThemWhereTheyWere() public {
        IRoutingBatchRegistry.Header memory header = _next();
        header.lastSnapshot = 0;
        header.snapshotRoot = 0;
        _commit(header);
        vm.assertEq(_next().firstSnapshot, 1);
    }

    function test_commit_snapshotRootWithoutSnapshots_reverts() public {
        IRoutingBatchRegistry.Header memory header = _next();
        header.lastSnapshot = 0;
        _refuses(header, abi.encodeWithSelector(IRoutingBatchRegistry.WrongSnapshotRoot.selector, header.snapshotRoot));
    }

    function test_commit_snapshotsWithoutRoot_reverts() public {
        IRoutingBatchRegistry.Header memory header = _next();
        header.snapshotRoot = 0;
        _refuses(header, abi.encodeWithSelector(IRoutingBatchRegistry.WrongSnapshotRoot.selector, bytes32(0)));
    }

    function test_commit_policyNotPublished_reverts() public {
        IRoutingBatchRegistry.Header memory header = _next();
        header.policyHash = keccak256("another");
        _refuses(
            header, abi.encodeWithSelector(IRoutingBatchRegistry.PolicyNotPublished.selector, LANE, header.policyHash)
        );
    }

    function test_commit_policyOfAnotherLane_reverts() public {
        _open(OTHER_SALT);
        IRoutingBatchRegistry.Header memory header = _next();
        header.lane = OTHER_LANE;
        _refuses(
            header,
            abi.encodeWithSelector(IRoutingBatchRegistry.PolicyNotPublished.selector, OTHER_LANE, keccak256(POLICY))
        );
    }

    function test_commit_countOutOfRange_reverts() public {
        IRoutingBatchRegistry.Header memory header = _next();
        header.count = 0;
        header.outcomes = 0;
        _refuses(header, abi.encodeWithSelector(IRoutingBatchRegistry.CountOutOfRange.selector, 0));
        header.count = 1201;
        _refuses(header, abi.encodeWithSelector(IRoutingBatchRegistry.CountOutOfRange.selector, 1201));
        header.count = 1200;
        header.size = 1200;
        _commit(header);
    }

    function test_commit_tooManyOutcomes_reverts() public {
        IRoutingBatchRegistry.Header memory header = _next();
        header.outcomes = 11;
        _refuses(header, abi.encodeWithSelector(IRoutingBatchRegistry.TooManyOutcomes.selector, 11, 10));
    }

    function test_commit_countersOutOfOrder_reverts() public {
        IRoutingBatchRegistry.Header memory header = _next();
        header.firstCounter = 0;
        _refuses(header, abi.encodeWithSelector(IRoutingBatchRegistry.CountersOutOfOrder.selector, 0, 10));
        header.firstCounter = 11;
        _refuses(header, abi.encodeWithSelector(IRoutingBatchRegistry.CountersOutOfOrder.selector, 11, 10));
    }

    function test_commit_sizeGap_reverts() public {
        _refusesSize(9);
        _refusesSize(11);
        _refusesSize(0);
        _commit(_next());
        _refusesSize(10);
        _refusesSize(19);
        _refusesSize(type(uint64).max);
    }

    function testFuzz_commit_sizeIsAllLeavesSoFar(uint32[8] calldata counts, uint64 wrong) public {
        uint64 sum = 0;
        for (uint256 i = 0; i < counts.length; ++i) {
            IRoutingBatchRegistry.Header memory header = _next();
            header.count = counts[i] % 1200 + 1;
            header.outcomes = 0;
            sum += header.count;
            header.size = wrong;
            if (wrong != sum) {
                _refuses(header, abi.encodeWithSelector(IRoutingBatchRegistry.SizeGap.selector, sum, wrong));
            }
            header.size = sum;
            _commit(header);
            (,,,, uint64 size,) = registry.headOf(LANE);
            vm.assertEq(size, sum);
        }
    }

    function test_commit_completeThroughFalls_reverts() public {
        _commit(_next());
        _refusesCompleteThrough(7, 8, 20);
        _refusesCompleteThrough(0, 8, 20);
    }

    function test_commit_completeThroughBeyondTheHighestCounter_reverts() public {
        _refusesCompleteThrough(11, 0, 10);
        _refusesCompleteThrough(type(uint64).max, 0, 10);
    }

    function test_commit_completeThroughMayStayOrReachTheHighestCounter() public {
        IRoutingBatchRegistry.Header memory header = _next();
        header.completeThrough = 10;
        _commit(header);
        header = _next();
        header.completeThrough = 10;
        _commit(header);
        (,,,,, uint64 completeThrough) = registry.headOf(LANE);
        vm.assertEq(completeThrough, 10);
    }

    /// @dev The outcome of an old request may come alone, long after newer requests were complete.
    function test_commit_highestCounterIsThatOfAllBatches() public {
        IRoutingBatchRegistry.Header memory header = _next();
        header.lastCounter = 1000;
        _commit(header);
        header = _next();
        header.firstCounter = 3;
        header.lastCounter = 3;
        header.completeThrough = 1001;
        _refuses(
            header, abi.encodeWithSelector(IRoutingBatchRegistry.CompleteThroughOutOfOrder.selector, 8, 1000, 1001)
        );
        header.completeThrough = 1000;
        _commit(header);
    }

    function testFuzz_commit_completeThrough(uint64 counter, uint64 before, uint64 last, uint64 after_) public {
        vm.assume(counter != 0 && last != 0);
        before %= counter;
        IRoutingBatchRegistry.Header memory header = _next();
        header.lastCounter = counter;
        header.completeThrough = before;
        _commit(header);

        uint64 most = last > counter ? last : counter;
        header = _next();
        header.firstCounter = 1;
        header.lastCounter = last;
        header.completeThrough = after_;
        if (after_ < before || after_ > most) {
            _refuses(
                header,
                abi.encodeWithSelector(IRoutingBatchRegistry.CompleteThroughOutOfOrder.selector, before, most, after_)
            );
        } else {
            _commit(header);
        }
    }

    function test_commit_timesOutOfOrder_reverts() public {
        IRoutingBatchRegistry.Header memory header = _next();
        header.firstMillis = header.lastMillis + 1;
        _refuses(
            header,
            abi.encodeWithSelector(
                IRoutingBatchRegistry.TimesOutOfOrder.selector, header.firstMillis, header.lastMillis
            )
        );
    }

    function test_commitWithData_keepsTheSameAsWithout() public {
        (IRoutingBatchRegistry.Header memory header, bytes memory leaves) = _withLeaves(10);
        vm.expectEmit(address(registry));
        emit IRoutingBatchRegistry.BatchCommitted(LANE, 1, _headOf(header), header, NOW);
        _commitWithData(header, leaves);
        vm.assertEq(registry.batchRecord(LANE, 1), _recordOf(header, NOW));
    }

    function test_commitWithData_wrongLeavesLength_reverts() public {
        (IRoutingBatchRegistry.Header memory header, bytes memory leaves) = _withLeaves(9);
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.WrongLeavesLength.selector, 960, 864));
        _commitWithData(header, leaves);
    }

    /// @dev Whoever reads them holds them against the root.
    function testFuzz_commitWithData_takesAnyBytesOfThatLength(uint256 seed) public {
        (IRoutingBatchRegistry.Header memory header, bytes memory leaves) = _withLeaves(10);
        leaves[seed % 960] = bytes1(uint8(seed >> 248));
        _commitWithData(header, leaves);
        vm.assertEq(registry.batchRecord(LANE, 1), _recordOf(header, NOW));
    }

    function test_commitWithData_byAStranger_reverts() public {
        (IRoutingBatchRegistry.Header memory header, bytes memory leaves) = _withLeaves(10);
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.NotCommitter.selector, LANE, STRANGER));
        vm.prank(STRANGER);
        registry.commitBatchWithData(header, leaves);
    }

    function testFuzz_commitWithData_checksTheHeaderToo(uint64 sequence) public {
        vm.assume(sequence != 1);
        (IRoutingBatchRegistry.Header memory header, bytes memory leaves) = _withLeaves(10);
        header.sequence = sequence;
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.SequenceGap.selector, 1, sequence));
        _commitWithData(header, leaves);
    }

    /// @dev Numbers wider than their field would give two encodings of one header.
    function test_commit_dirtyHeader_reverts() public {
        bytes memory data = abi.encodeCall(IRoutingBatchRegistry.commitBatch, (_next()));
        // Narrow words: registry, lane, sequence, snapshots, counters, completeThrough, count, outcomes, size, times.
        uint8[13] memory narrow = [2, 3, 4, 7, 8, 10, 11, 12, 13, 14, 15, 18, 19];
        for (uint256 i = 0; i < narrow.length; ++i) {
            bytes memory dirty = bytes.concat(data);
            dirty[4 + uint256(narrow[i]) * 32] = 0x01;
            vm.prank(COMMITTER);
            (bool taken,) = address(registry).call(dirty);
            vm.assertFalse(taken);
        }
        vm.prank(COMMITTER);
        (bool clean,) = address(registry).call(data);
        vm.assertTrue(clean);
    }

    function _refusesSnapshots(uint64 first, uint64 last) private {
        IRoutingBatchRegistry.Header memory header = _next();
        uint64 expected = header.firstSnapshot;
        header.firstSnapshot = first;
        header.lastSnapshot = last;
        _refuses(header, abi.encodeWithSelector(IRoutingBatchRegistry.SnapshotGap.selector, expected, first, last));
    }

    function _refusesSize(uint64 size) private {
        IRoutingBatchRegistry.Header memory header = _next();
        bytes memory why = abi.encodeWithSelector(IRoutingBatchRegistry.SizeGap.selector, header.size, size);
        header.size = size;
        _refuses(header, why);
    }

    function _refusesCompleteThrough(uint64 given, uint64 least, uint64 most) private {
        IRoutingBatchRegistry.Header memory header = _next();
        header.completeThrough = given;
        _refuses(
            header, abi.encodeWithSelector(IRoutingBatchRegistry.CompleteThroughOutOfOrder.selector, least, most, given)
        );
    }

    function _refuses(IRoutingBatchRegistry.Header memory header, bytes memory why) private {
        vm.expectRevert(why);
        _commit(header);
    }

    function _withLeaves(uint256 count)
        private
        view
        returns (IRoutingBatchRegistry.Header memory header, bytes memory leaves)
    {
        header = _next();
        leaves = new bytes(96 * count);
    }

    function _commitWithData(IRoutingBatchRegistry.Header memory header, bytes memory leaves) private {
        vm.prank(COMMITTER);
        registry.commitBatchWithData(header, leaves);
    }
}
