// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBatchGate} from "../src/IBatchGate.sol";
import {IRoutingBatchRegistry} from "../src/IRoutingBatchRegistry.sol";
import {RoutingBatchRegistry} from "../src/RoutingBatchRegistry.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @notice A registry in which a lane has its salt for a number, so that two owners can meet at one number, or at 0.
contract SaltIsNumber is RoutingBatchRegistry {
    function laneNumber(address, bytes32 salt) public pure override returns (uint64 lane) {
        return uint64(uint256(salt));
    }
}

/// @notice Lanes, their owners, signers and policies. Long because each call has its own right and wrong callers.
contract LanesTest is RegistryTest {
    address private constant SECOND_SIGNER = address(0x2516E3);

    function test_openLane_makesTheCallerItsOwner() public {
        uint64 lane = registry.laneNumber(STRANGER, SALT);
        vm.expectEmit(address(registry));
        emit IRoutingBatchRegistry.LaneOpened(lane, STRANGER, COMMITTER);
        vm.expectEmit(address(registry));
        emit IRoutingBatchRegistry.SignerChanged(lane, address(0), SIGNER);
        vm.prank(STRANGER);
        vm.assertEq(registry.openLane(SALT, COMMITTER, SIGNER), lane);

        _expectLane(lane, STRANGER, address(0), COMMITTER, SIGNER);
        _expectNothingCommitted(lane, COMMITTER);
        vm.assertEq(registry.signerRetiredAt(lane, SIGNER), type(uint64).max);
    }

    /// @dev Known before it is open, and the same in the service.
    function test_laneNumber_isWhatTheDesignSays() public view {
        bytes32 hash = keccak256(bytes.concat(bytes32(uint256(uint160(OWNER))), SALT));
        vm.assertEq(registry.laneNumber(OWNER, SALT), uint64(uint256(hash)) / 2048);
        vm.assertEq(registry.laneNumber(OWNER, SALT), LANE);
    }

    function testFuzz_laneNumber_hasAtMost53Bits_andIsAnothersOnlyByChance(
        address one,
        bytes32 oneSalt,
        address other,
        bytes32 otherSalt
    ) public view {
        vm.assertLe(registry.laneNumber(one, oneSalt), 2 ** 53 - 1, "bits");
        vm.assertEq(
            registry.laneNumber(one, oneSalt) == registry.laneNumber(other, otherSalt),
            one == other && oneSalt == otherSalt,
            "same number"
        );
    }

    function testFuzz_openLane_givesTheNumberOfCallerAndSalt(address owner, bytes32 salt) public {
        vm.assume(owner != address(0) && (owner != OWNER || salt != SALT));
        uint64 lane = registry.laneNumber(owner, salt);
        vm.prank(owner);
        vm.assertEq(registry.openLane(salt, COMMITTER, SIGNER), lane);
        _expectLane(lane, owner, address(0), COMMITTER, SIGNER);

        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.LaneTaken.selector, lane));
        vm.prank(owner);
        registry.openLane(salt, STRANGER, STRANGER);
    }

    /// @dev With the salt of somebody else's lane, the caller only gets another lane.
    function test_openLane_withAnothersSalt_isAnotherLane() public {
        vm.prank(STRANGER);
        uint64 lane = registry.openLane(SALT, STRANGER, STRANGER);
        vm.assertTrue(lane != LANE);
        _expectLane(LANE, OWNER, address(0), COMMITTER, SIGNER);
    }

    function test_openLane_taken_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.LaneTaken.selector, LANE));
        vm.prank(OWNER);
        registry.openLane(SALT, STRANGER, STRANGER);
    }

    function test_openLane_numberOfAnother_reverts() public {
        SaltIsNumber open = new SaltIsNumber();
        vm.prank(OWNER);
        open.openLane(bytes32(uint256(5)), COMMITTER, SIGNER);
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.LaneTaken.selector, 5));
        vm.prank(STRANGER);
        open.openLane(bytes32(uint256(5)), STRANGER, STRANGER);
    }

    function test_openLane_zero_reverts() public {
        SaltIsNumber open = new SaltIsNumber();
        vm.expectRevert(IRoutingBatchRegistry.LaneZero.selector);
        open.openLane(0, COMMITTER, SIGNER);
    }

    function test_openLane_withoutCommitter_reverts() public {
        vm.expectRevert(IRoutingBatchRegistry.CommitterZero.selector);
        registry.openLane(SALT, address(0), SIGNER);
    }

    function test_openLane_withoutSigner_reverts() public {
        vm.expectRevert(IRoutingBatchRegistry.SignerZero.selector);
        registry.openLane(SALT, COMMITTER, address(0));
    }

    function test_setSigner_retiresTheOneBefore() public {
        vm.warp(NOW + 7);
        vm.expectEmit(address(registry));
        emit IRoutingBatchRegistry.SignerChanged(LANE, SIGNER, SECOND_SIGNER);
        _setSigner(SECOND_SIGNER);

        _expectLane(LANE, OWNER, address(0), COMMITTER, SECOND_SIGNER);
        vm.assertEq(registry.signerRetiredAt(LANE, SIGNER), NOW + 7);
        vm.assertEq(registry.signerRetiredAt(LANE, SECOND_SIGNER), type(uint64).max);
        vm.assertEq(registry.signerRetiredAt(LANE, STRANGER), 0);
        vm.assertEq(registry.signerRetiredAt(OTHER_LANE, SIGNER), 0);
    }

    function test_setSigner_retiredOne_reverts() public {
        _setSigner(SECOND_SIGNER);
        vm.warp(NOW + 100);
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.SignerRetired.selector, LANE, SIGNER, NOW));
        _setSigner(SIGNER);
        vm.assertEq(registry.signerRetiredAt(LANE, SIGNER), NOW);
        vm.assertEq(registry.signerRetiredAt(LANE, SECOND_SIGNER), type(uint64).max);
    }

    function test_setSigner_sameOne_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.SignerUnchanged.selector, LANE, SIGNER));
        _setSigner(SIGNER);
    }

    function test_setSigner_toNobody_reverts() public {
        vm.expectRevert(IRoutingBatchRegistry.SignerZero.selector);
        _setSigner(address(0));
    }

    function test_setSigner_byTheCommitter_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.NotOwner.selector, LANE, COMMITTER));
        vm.prank(COMMITTER);
        registry.setSigner(LANE, COMMITTER);
    }

    function test_setSigner_byTheSigner_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.NotOwner.selector, LANE, SIGNER));
        vm.prank(SIGNER);
        registry.setSigner(LANE, STRANGER);
    }

    function test_setSigner_laneThatIsNotOpen_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.NotOwner.selector, OTHER_LANE, OWNER));
        vm.prank(OWNER);
        registry.setSigner(OTHER_LANE, STRANGER);
    }

    /// @dev One key may sign for several lanes; each has a history of its own.
    function test_setSigner_ofAnotherLane_changesNothingHere() public {
        _open(OTHER_SALT);
        vm.prank(OWNER);
        registry.setSigner(OTHER_LANE, SECOND_SIGNER);
        vm.assertEq(registry.signerRetiredAt(OTHER_LANE, SIGNER), NOW);
        vm.assertEq(registry.signerRetiredAt(LANE, SIGNER), type(uint64).max);
        _setSigner(SECOND_SIGNER);
    }

    function test_rotateCommitter_leavesTheSigner() public {
        vm.prank(OWNER);
        registry.rotateCommitter(LANE, STRANGER);
        _expectLane(LANE, OWNER, address(0), STRANGER, SIGNER);
        vm.assertEq(registry.signerRetiredAt(LANE, SIGNER), type(uint64).max);
    }

    function test_signer_mayNotCommit() public {
        IRoutingBatchRegistry.Header memory header = _next();
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.NotCommitter.selector, LANE, SIGNER));
        vm.prank(SIGNER);
        registry.commitBatch(header);
    }

    function testFuzz_setSigner_oneSignsAtATime(uint8[12] calldata picks) public {
        uint64[4] memory retiredAt;
        address[4] memory keys = [SIGNER, address(0x51), address(0x52), address(0x53)];
        retiredAt[0] = type(uint64).max;
        uint256 present = 0;
        for (uint64 i = 0; i < picks.length; ++i) {
            vm.warp(NOW + i);
            uint256 pick = picks[i] % 4;
            vm.prank(OWNER);
            try registry.setSigner(LANE, keys[pick]) {
                vm.assertEq(retiredAt[pick], 0);
                retiredAt[present] = NOW + i;
                retiredAt[pick] = type(uint64).max;
                present = pick;
            } catch {
                vm.assertTrue(retiredAt[pick] != 0);
            }
            for (uint256 k = 0; k < keys.length; ++k) {
                vm.assertEq(registry.signerRetiredAt(LANE, keys[k]), retiredAt[k]);
            }
        }
        _expectLane(LANE, OWNER, address(0), COMMITTER, keys[present]);
    }

    function test_lanes_notOpen_areAllZero() public view {
        _expectLane(OTHER_LANE, address(0), address(0), address(0), address(0));
        _expectNothingCommitted(OTHER_LANE, address(0));
        vm.assertEq(registry.signerRetiredAt(OTHER_LANE, SIGNER), 0);
        vm.assertEq(registry.signerRetiredAt(LANE, address(0)), 0);
    }

    function test_rotateCommitter_letsOnlyTheNewOneCommit() public {
        IRoutingBatchRegistry.Header memory header = _next();
        vm.expectEmit(address(registry));
        emit IRoutingBatchRegistry.CommitterRotated(LANE, COMMITTER, STRANGER);
        vm.prank(OWNER);
        registry.rotateCommitter(LANE, STRANGER);

        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.NotCommitter.selector, LANE, COMMITTER));
        _commit(header);
        vm.prank(STRANGER);
        registry.commitBatch(header);
        (uint64 sequence,,,,,) = registry.headOf(LANE);
        vm.assertEq(sequence, 1);
    }

    function test_rotateCommitter_keepsWhereTheLaneIs() public {
        IRoutingBatchRegistry.Header memory header = _next();
        _commit(header);
        vm.prank(OWNER);
        registry.rotateCommitter(LANE, STRANGER);

        (uint64 sequence, bytes32 head, uint64 lastSnapshot, address committer,,) = registry.headOf(LANE);
        vm.assertEq(sequence, 1);
        vm.assertEq(head, _headOf(header));
        vm.assertEq(lastSnapshot, 2);
        vm.assertEq(committer, STRANGER);
    }

    function test_rotateCommitter_byTheCommitter_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.NotOwner.selector, LANE, COMMITTER));
        vm.prank(COMMITTER);
        registry.rotateCommitter(LANE, STRANGER);
    }

    function test_rotateCommitter_toNobody_reverts() public {
        vm.expectRevert(IRoutingBatchRegistry.CommitterZero.selector);
        vm.prank(OWNER);
        registry.rotateCommitter(LANE, address(0));
    }

    function test_offerLane_changesNothingUntilItIsAccepted() public {
        vm.expectEmit(address(registry));
        emit IRoutingBatchRegistry.LaneOffered(LANE, OWNER, STRANGER);
        vm.prank(OWNER);
        registry.offerLane(LANE, STRANGER);

        _expectLane(LANE, OWNER, STRANGER, COMMITTER, SIGNER);
    }

    function test_offerLane_byAStranger_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.NotOwner.selector, LANE, STRANGER));
        vm.prank(STRANGER);
        registry.offerLane(LANE, STRANGER);
    }

    function test_acceptLane_handsItOver() public {
        vm.prank(OWNER);
        registry.offerLane(LANE, STRANGER);
        vm.expectEmit(address(registry));
        emit IRoutingBatchRegistry.LaneAccepted(LANE, OWNER, STRANGER);
        vm.prank(STRANGER);
        registry.acceptLane(LANE);

        _expectLane(LANE, STRANGER, address(0), COMMITTER, SIGNER);
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.NotOwner.selector, LANE, OWNER));
        vm.prank(OWNER);
        registry.rotateCommitter(LANE, OWNER);
    }

    function test_acceptLane_notOffered_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.NotPendingOwner.selector, LANE, STRANGER));
        vm.prank(STRANGER);
        registry.acceptLane(LANE);
    }

    function test_acceptLane_takenBack_reverts() public {
        vm.prank(OWNER);
        registry.offerLane(LANE, STRANGER);
        vm.prank(OWNER);
        registry.offerLane(LANE, address(0));

        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.NotPendingOwner.selector, LANE, STRANGER));
        vm.prank(STRANGER);
        registry.acceptLane(LANE);
    }

    function _setSigner(address signer) private {
        vm.prank(OWNER);
        registry.setSigner(LANE, signer);
    }

    function _expectLane(uint64 lane, address owner, address pendingOwner, address committer, address signer)
        private
        view
    {
        (address hasOwner, address hasPending, address hasCommitter, IBatchGate gate, address hasSigner) =
            registry.laneOf(lane);
        vm.assertEq(hasOwner, owner);
        vm.assertEq(hasPending, pendingOwner);
        vm.assertEq(hasCommitter, committer);
        vm.assertEq(address(gate), address(0));
        vm.assertEq(hasSigner, signer);
    }

    function _expectNothingCommitted(uint64 lane, address committer) private view {
        (
            uint64 sequence,
            bytes32 head,
            uint64 lastSnapshot,
            address hasCommitter,
            uint64 size,
            uint64 completeThrough
        ) = registry.headOf(lane);
        vm.assertEq(sequence, 0);
        vm.assertEq(head, bytes32(0));
        vm.assertEq(lastSnapshot, 0);
        vm.assertEq(hasCommitter, committer);
        vm.assertEq(size, 0);
        vm.assertEq(completeThrough, 0);
    }
}
