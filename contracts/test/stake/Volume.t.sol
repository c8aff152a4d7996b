// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../../src/IRoutingBatchRegistry.sol";
import {IStakeVault} from "../../src/stake/IStakeVault.sol";
import {Terms} from "../../src/stake/StakeTypes.sol";
import {StakeTest} from "./StakeTest.sol";

/// @notice The stake that grows with what the lane commits.
contract VolumeTest is StakeTest {
    function _terms() internal pure override returns (Terms memory terms) {
        terms = super._terms();
        terms.stakePerLeaf = 4 ether;
    }

    function test_volume_growsAndDecays() public {
        // 20 ether are enough for 5 leaves an hour.
        _many(5);
        vm.assertEq(vault.required(LANE), 20 ether);
        vm.warp(NOW + 1 hours + 30 minutes);
        vm.assertEq(vault.required(LANE), 10 ether);
        vm.warp(NOW + 2 hours);
        vm.assertEq(vault.required(LANE), 10 ether, "the floor");
        _many(4);
        vm.assertEq(vault.required(LANE), 16 ether);
        vm.warp(NOW + 2 hours + 30 minutes);
        vm.assertEq(vault.required(LANE), 16 ether, "what came half an hour ago counts whole");
    }

    function test_volume_decaysEvenly() public {
        _many(5);
        vm.warp(NOW + 1 hours + 6 minutes);
        vm.assertEq(vault.required(LANE), 16 ether, "nine tenths of 5");
    }

    function test_volume_ofTheWindowBefore() public {
        _many(2);
        vm.warp(NOW + 1 hours);
        _many(2);
        vm.assertEq(vault.required(LANE), 16 ether);
        vm.warp(NOW + 1 hours + 30 minutes);
        vm.assertEq(vault.required(LANE), 12 ether, "half of those before, and all since");
    }

    function test_volume_growthHasTime() public {
        _many(5);
        // One more, and an hour to fill up.
        _many(1);
        vm.assertEq(vault.poolOf(LANE).shortUntil, NOW + 1 hours);
        vm.warp(NOW + 1 hours);
        _many(1);
        vm.warp(NOW + 1 hours + 1);
        _refused(1, 20 ether);
        vm.prank(BACKER);
        vault.deposit{value: 20 ether}(LANE);
        vm.assertEq(vault.poolOf(LANE).shortUntil, 0);
        _many(1);
    }

    function test_volume_noStrangerCanEndTheTimeByFillingUp() public {
        _many(6);
        vm.prank(BACKER);
        vault.deposit{value: 40 ether}(LANE);
        _many(1);
        vm.prank(BACKER);
        vault.askWithdrawal(LANE, 40 ether);
        _many(1);
        vm.assertEq(vault.poolOf(LANE).shortUntil, NOW + 1 hours);
        // Nor is there any for whoever had too little before it grew.
        vm.warp(NOW + 1 hours + 1);
        _refused(1, 20 ether);
    }

    function test_volume_whoTakesStakeOutHasNoTime() public {
        _many(5);
        vm.prank(OWNER);
        vault.askWithdrawal(LANE, 1 ether);
        _refused(1, 19 ether);
    }

    function test_volume_decayEndsShortness() public {
        _many(6);
        vm.assertEq(vault.poolOf(LANE).shortUntil, NOW + 1 hours);
        vm.warp(NOW + 2 hours);
        // As many as the stake is just enough for.
        _many(5);
        vm.assertEq(vault.poolOf(LANE).shortUntil, 0);
    }

    function _many(uint64 count) private {
        _commit(_headerFor(count));
    }

    function _refused(uint64 count, uint256 stake) private {
        IRoutingBatchRegistry.Header memory header = _headerFor(count);
        vm.prank(COMMITTER);
        vm.expectPartialRevert(IStakeVault.StakeShort.selector);
        registry.commitBatch(header);
        vm.assertEq(vault.active(LANE), stake);
    }

    function _headerFor(uint64 count) private view returns (IRoutingBatchRegistry.Header memory header) {
        header = _next();
        _grow(header, header.size - 10, header.size - 10 + count);
        header.completeThrough = 0;
        header.lastCounter = 100;
        header.firstCounter = 1;
    }
}
