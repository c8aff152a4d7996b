// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../src/IRoutingBatchRegistry.sol";
import {RegistryTest} from "./RegistryTest.sol";

contract PoliciesTest is RegistryTest {
    bytes private constant OTHER = '{"routes":["chat","batch"]}';

    function test_publishPolicy_keepsHashAndBudgets() public {
        IRoutingBatchRegistry.RouteBudget[] memory routes = _oneRoute(9, _upTo(4, 64));
        vm.expectEmit(address(registry));
        emit IRoutingBatchRegistry.PolicyPublished(LANE, keccak256(OTHER), OTHER, routes);
        _publish(OTHER, routes);

        _expectPolicy(LANE, OTHER, NOW);
        _expectPolicy(OTHER_LANE, OTHER, 0);
        _expectBudget(9, _upTo(4, 64));
        _expectRoute(9, 0x4004, NOW);
    }

    function test_publishPolicy_again_isHarmless_andTheFirstTimeCounts() public {
        vm.warp(NOW + 100);
        _publish(POLICY, _oneRoute(ROUTE, _upTo(3, 5)));
        _expectBudget(ROUTE, _upTo(3, 5));
        _expectRoute(ROUTE, 0x0503, NOW);
        _expectPolicy(LANE, POLICY, NOW);
    }

    function test_routeOf_unknownRoute_isZero() public view {
        _expectRoute(9, 0, 0);
    }

    function test_routeOf_eightTiers_fillTheWordsHalf() public {
        uint8[] memory upTo = _rising(8);
        upTo[7] = 64;
        vm.warp(type(uint64).max - 1);
        _publish(OTHER, _oneRoute(9, upTo));
        _expectRoute(9, 0x4007060504030201, type(uint64).max - 1);
    }

    function test_publishPolicy_otherTextWithAKnownRoute_isFine() public {
        vm.warp(NOW + 100);
        _publish(OTHER, _oneRoute(ROUTE, _upTo(3, 5)));
        _expectPolicy(LANE, POLICY, NOW);
        _expectPolicy(LANE, OTHER, NOW + 100);
        _expectRoute(ROUTE, 0x0503, NOW);
    }

    function test_publishPolicy_routeChanged_reverts() public {
        bytes memory changed = abi.encodeWithSelector(IRoutingBatchRegistry.RouteChanged.selector, LANE, ROUTE);
        _refuses(_oneRoute(ROUTE, _upTo(3, 6)), changed);
        _refuses(_oneRoute(ROUTE, _upTo(2, 5)), changed);
        uint8[] memory shorter = new uint8[](1);
        shorter[0] = 3;
        _refuses(_oneRoute(ROUTE, shorter), changed);
        _expectBudget(ROUTE, _upTo(3, 5));
    }

    function test_publishPolicy_routeTwiceWithOtherValues_reverts() public {
        IRoutingBatchRegistry.RouteBudget[] memory routes = new IRoutingBatchRegistry.RouteBudget[](2);
        routes[0] = IRoutingBatchRegistry.RouteBudget(9, _upTo(1, 2));
        routes[1] = IRoutingBatchRegistry.RouteBudget(9, _upTo(1, 3));
        _refuses(routes, abi.encodeWithSelector(IRoutingBatchRegistry.RouteChanged.selector, LANE, 9));
    }

    function test_publishPolicy_sameRouteOfAnotherLane_isAnother() public {
        _open(OTHER_SALT);
        vm.prank(COMMITTER);
        registry.publishPolicy(OTHER_LANE, POLICY, _oneRoute(ROUTE, _upTo(1, 2)));
        _expectBudget(ROUTE, _upTo(3, 5));
    }

    function test_publishPolicy_empty_reverts() public {
        vm.expectRevert(IRoutingBatchRegistry.PolicyEmpty.selector);
        _publish("", _oneRoute(9, _upTo(1, 2)));
    }

    function test_publishPolicy_byTheOwner_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.NotCommitter.selector, LANE, OWNER));
        vm.prank(OWNER);
        registry.publishPolicy(LANE, OTHER, _oneRoute(9, _upTo(1, 2)));
    }

    function test_publishPolicy_tiersOutOfRange_reverts() public {
        _refuses(_oneRoute(9, _rising(0)), _tiers(0));
        _refuses(_oneRoute(9, _rising(9)), _tiers(9));
    }

    function test_publishPolicy_attemptsOutOfRange_reverts() public {
        _refuses(_oneRoute(9, _upTo(0, 1)), _attempts(0, 0));
        _refuses(_oneRoute(9, _upTo(2, 2)), _attempts(1, 2));
        _refuses(_oneRoute(9, _upTo(3, 2)), _attempts(1, 2));
        _refuses(_oneRoute(9, _upTo(3, 65)), _attempts(1, 65));
    }

    function test_budgetOf_unknownRoute_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.RouteUnknown.selector, LANE, 9));
        registry.budgetOf(LANE, 9);
    }

    function testFuzz_budgetOf_isWhatWasPublished(uint16 route, uint8 tiers, uint256 seed) public {
        vm.assume(route != ROUTE);
        uint8[] memory upTo = _rising(tiers % 8 + 1);
        uint256 rest = 64 - upTo.length;
        for (uint256 tier = 0; tier < upTo.length; ++tier) {
            uint256 more = (seed >> (8 * tier)) % (rest / upTo.length + 1);
            for (uint256 later = tier; later < upTo.length; ++later) {
                upTo[later] += uint8(more);
            }
        }
        _publish(OTHER, _oneRoute(route, upTo));
        _expectBudget(route, upTo);
        uint256 packed = 0;
        for (uint256 tier = upTo.length; tier > 0; --tier) {
            packed = packed * 256 + upTo[tier - 1];
        }
        _expectRoute(route, packed, NOW);
    }

    function _rising(uint256 tiers) private pure returns (uint8[] memory upTo) {
        upTo = new uint8[](tiers);
        for (uint256 tier = 0; tier < tiers; ++tier) {
            upTo[tier] = uint8(tier + 1);
        }
    }

    function _tiers(uint256 tiers) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IRoutingBatchRegistry.TiersOutOfRange.selector, 9, tiers);
    }

    function _attempts(uint256 tier, uint8 upTo) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IRoutingBatchRegistry.AttemptsOutOfRange.selector, 9, tier, upTo);
    }

    function _publish(bytes memory policy, IRoutingBatchRegistry.RouteBudget[] memory routes) private {
        vm.prank(COMMITTER);
        registry.publishPolicy(LANE, policy, routes);
    }

    function _refuses(IRoutingBatchRegistry.RouteBudget[] memory routes, bytes memory why) private {
        vm.expectRevert(why);
        _publish(OTHER, routes);
        _expectPolicy(LANE, OTHER, 0);
    }

    function _expectPolicy(uint64 lane, bytes memory policy, uint64 publishedAt) private view {
        vm.assertEq(registry.policyPublishedAt(lane, keccak256(policy)), publishedAt);
    }

    function _expectRoute(uint16 route, uint256 upTo, uint64 publishedAt) private view {
        (uint64 has, uint64 since) = registry.routeOf(LANE, route);
        vm.assertEq(has, upTo);
        vm.assertEq(since, publishedAt);
    }

    function _expectBudget(uint16 route, uint8[] memory expected) private view {
        (uint8 budget, uint8[] memory upTo) = registry.budgetOf(LANE, route);
        vm.assertEq(budget, expected[expected.length - 1]);
        vm.assertEq(abi.encode(upTo), abi.encode(expected));
    }
}
