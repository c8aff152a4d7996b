// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../../src/IRoutingBatchRegistry.sol";
import {LeafFields} from "../../src/stake/LeafFields.sol";
import {LeafView} from "../../src/stake/LeafView.sol";
import {Crowd} from "./Crowd.sol";
import {GROUP, Group} from "./LeafVectors.sol";

/// @notice The same about a lane whose leaves a router has made: of vectors/honest.json, requests that ended in every
/// way, on routes of one, two and four tiers, with the plans of some of them.
contract RouterCrowd is Crowd {
    /// @dev A request's leaves; a plan is empty if it has none.
    struct Request {
        bytes plan;
        bytes outcome;
    }

    uint256 private constant LEAF_BYTES = 96;
    /// @dev Where those of the router begin in the file, how many routes it has, and how many of them are used: the
    /// numbers of the others have budgets already.
    uint256 private constant FIRST_GROUP = 3;
    uint256 private constant ROUTES = 5;
    uint256 private constant USED_ROUTES = 3;
    uint256 private constant BATCHES = 2;

    Request[] private _all;
    mapping(uint64 counter => bytes leaf) private _plans;
    uint256 private _at;
    uint64 private _firstMillis = type(uint64).max;
    uint64 private _lastMillis;
    uint64 private _lastSnapshot;

    constructor() {
        Group[] memory groups =
            abi.decode(vm.parseJsonTypeArray(vm.readFile("vectors/honest.json"), ".singles", GROUP), (Group[]));
        IRoutingBatchRegistry.RouteBudget[] memory budgets = new IRoutingBatchRegistry.RouteBudget[](USED_ROUTES);
        for (uint256 batch = 0; batch < BATCHES; ++batch) {
            for (uint16 route = 0; route < USED_ROUTES; ++route) {
                Group memory group = groups[FIRST_GROUP + batch * ROUTES + route];
                budgets[route] = IRoutingBatchRegistry.RouteBudget(route, group.up_to);
                _keep(group);
            }
        }
        vm.prank(COMMITTER);
        registry.publishPolicy(LANE, "router", budgets);
    }

    /// @dev Its requests have numbers that are not here, so it cannot say that all before one have ended.
    function games() external pure override returns (uint256 kinds) {
        return 5;
    }

    function _requests(uint64 chance) internal override returns (bytes[] memory leaves) {
        if (_at == 0) _at = chance % (_all.length / 2);
        bytes[] memory all = new bytes[](6);
        uint256 count = 0;
        for (uint256 i = 0; i < 3 && _at < _all.length; ++i) {
            Request memory request = _all[_at];
            if (request.plan.length != 0) all[count++] = request.plan;
            all[count++] = request.outcome;
            _at += 1 + (chance >> (8 * i + 8)) % 5;
        }
        leaves = new bytes[](count);
        for (uint256 i = 0; i < count; ++i) {
            leaves[i] = all[i];
        }
    }

    function _describe(IRoutingBatchRegistry.Header memory header) internal view override {
        header.firstMillis = _firstMillis;
        header.lastMillis = _lastMillis;
        if (header.lastSnapshot < _lastSnapshot) header.lastSnapshot = _lastSnapshot;
    }

    /// @dev Requests whose leaves are all there.
    function _keep(Group memory group) private {
        if (group.first_millis < _firstMillis) _firstMillis = group.first_millis;
        if (group.last_millis > _lastMillis) _lastMillis = group.last_millis;
        if (group.last_snapshot > _lastSnapshot) _lastSnapshot = group.last_snapshot;
        uint256 count = group.leaves.length / LEAF_BYTES;
        for (uint256 i = 0; i < count; ++i) {
            bytes memory leaf = _leafAt(group.leaves, i);
            LeafFields fields = _fieldsOf(leaf);
            if (fields.kind() == LeafView.PLAN) {
                _plans[_counterOf(leaf)] = leaf;
            } else if (fields.snapshot() == LeafView.NO_SNAPSHOT) {
                _all.push(Request("", leaf));
            } else if (_plans[_counterOf(leaf)].length != 0) {
                _all.push(Request(_plans[_counterOf(leaf)], leaf));
            }
        }
    }

    function _leafAt(bytes memory leaves, uint256 place) private pure returns (bytes memory leaf) {
        leaf = new bytes(LEAF_BYTES);
        for (uint256 i = 0; i < LEAF_BYTES; ++i) {
            leaf[i] = leaves[place * LEAF_BYTES + i];
        }
    }

    function _fieldsOf(bytes memory leaf) private pure returns (LeafFields fields) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            fields := mload(add(leaf, 0x40))
        }
    }
}
