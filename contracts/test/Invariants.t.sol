// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBatchGate} from "../src/IBatchGate.sol";
import {IRoutingBatchRegistry} from "../src/IRoutingBatchRegistry.sol";
import {RoutingBatchRegistry} from "../src/RoutingBatchRegistry.sol";
import {FakeGate} from "./FakeGate.sol";
import {Vm} from "./Vm.sol";

/// @notice Two lanes whose people do all they may and much they may not, and a note of what the registry let pass.
contract Lanes {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    bytes private constant POLICY = "policy";
    uint64 public constant FIRST = 1;
    uint64 public constant LAST = 2;
    uint16 public constant ROUTES = 4;

    RoutingBatchRegistry public immutable registry;
    FakeGate[2] public gates;

    mapping(uint64 lane => IRoutingBatchRegistry.Header[] headers) private _passed;
    mapping(uint64 lane => uint64[] times) private _times;
    mapping(uint64 lane => mapping(uint16 route => uint8[] upTo)) private _published;
    mapping(uint64 lane => address gate) private _gate;
    uint256 public askedOf;
    uint256 public slipped;
    uint64 private _now = 1_790_000_000;

    constructor() {
        registry = new RoutingBatchRegistry();
        gates[0] = new FakeGate();
        gates[1] = new FakeGate();
        for (uint64 lane = FIRST; lane <= LAST; ++lane) {
            registry.openLane(lane, address(this));
            registry.publishPolicy(lane, POLICY, new IRoutingBatchRegistry.RouteBudget[](0));
        }
    }

    function commit(bool second, uint8 wrong, uint64 any) external {
        uint64 lane = second ? LAST : FIRST;
        IRoutingBatchRegistry.Header memory header = _next(lane, any);
        // More than half of the time as it should be.
        wrong %= 16;
        if (wrong == 1) header.sequence = any;
        if (wrong == 2) header.previousHead = keccak256(abi.encode(any));
        if (wrong == 3) header.firstSnapshot = any;
        if (wrong == 4) header.lastSnapshot = any;
        if (wrong == 5) header.lane = FIRST + LAST - lane;
        if (wrong == 6) header.count = uint32(any);
        if (wrong == 7) header.policyHash = keccak256(abi.encode(any));
        vm.warp(++_now);
        try registry.commitBatch(header) {
            address gate = _gate[header.lane];
            if (gate != address(0)) {
                ++askedOf;
                if (FakeGate(gate).closed()) ++slipped;
            }
            _passed[header.lane].push(header);
            _times[header.lane].push(_now);
        } catch {}
    }

    function publish(bool second, uint16 route, uint8 first, uint8 more) external {
        uint64 lane = second ? LAST : FIRST;
        IRoutingBatchRegistry.RouteBudget[] memory routes = new IRoutingBatchRegistry.RouteBudget[](1);
        routes[0].route = route % ROUTES;
        routes[0].upTo = new uint8[](2);
        routes[0].upTo[0] = first % 4;
        routes[0].upTo[1] = first % 4 + more % 3;
        try registry.publishPolicy(lane, abi.encode(routes), routes) {
            if (_published[lane][routes[0].route].length == 0) _published[lane][routes[0].route] = routes[0].upTo;
        } catch {}
    }

    function setGate(bool second, uint8 which) external {
        uint64 lane = second ? LAST : FIRST;
        address to = which % 3 == 2 ? address(0) : address(gates[which % 3]);
        try registry.setGate(lane, IBatchGate(to)) {
            address before = _gate[lane];
            if (before != address(0) && !FakeGate(before).releases()) ++slipped;
            _gate[lane] = to;
        } catch {}
    }

    function turnGate(bool second, bool closed, bool releases) external {
        gates[second ? 1 : 0].set(closed, releases);
    }

    function handOver(bool second) external {
        uint64 lane = second ? LAST : FIRST;
        registry.offerLane(lane, address(this));
        registry.acceptLane(lane);
        registry.rotateCommitter(lane, address(this));
    }

    function intrude(bool second, uint8 how, address who) external {
        uint64 lane = second ? LAST : FIRST;
        // Nobody can sign for address zero, to which every lane that is offered to nobody is offered.
        if (who == address(this) || who == address(0)) return;
        IRoutingBatchRegistry.Header memory header = _next(lane, 0);
        bytes[6] memory calls = [
            abi.encodeCall(IRoutingBatchRegistry.commitBatch, (header)),
            abi.encodeCall(IRoutingBatchRegistry.rotateCommitter, (lane, who)),
            abi.encodeCall(IRoutingBatchRegistry.openLane, (lane, who)),
            abi.encodeCall(IRoutingBatchRegistry.offerLane, (lane, who)),
            abi.encodeCall(IRoutingBatchRegistry.acceptLane, (lane)),
            abi.encodeCall(IRoutingBatchRegistry.setGate, (lane, IBatchGate(address(0))))
        ];
        vm.prank(who);
        (bool done,) = address(registry).call(calls[how % 6]);
        if (done) ++slipped;
    }

    function passed(uint64 lane) external view returns (IRoutingBatchRegistry.Header[] memory, uint64[] memory) {
        return (_passed[lane], _times[lane]);
    }

    function published(uint64 lane, uint16 route) external view returns (uint8[] memory) {
        return _published[lane][route];
    }

    function gateOf(uint64 lane) external view returns (address) {
        return _gate[lane];
    }

    function _next(uint64 lane, uint64 any) private view returns (IRoutingBatchRegistry.Header memory header) {
        (uint64 sequence, bytes32 head, uint64 lastSnapshot,) = registry.headOf(lane);
        header.version = 1;
        header.chainId = block.chainid;
        header.registry = address(registry);
        header.lane = lane;
        header.sequence = sequence + 1;
        header.previousHead = head;
        header.policyHash = keccak256(POLICY);
        header.firstSnapshot = lastSnapshot + 1;
        header.lastSnapshot = lastSnapshot + any % 3;
        if (any % 3 != 0) header.snapshotRoot = keccak256(abi.encode(any));
        header.firstCounter = 1;
        header.lastCounter = 1;
        header.count = 1;
        header.root = keccak256(abi.encode(lane, any));
    }
}

contract InvariantsTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    Lanes private lanes;
    RoutingBatchRegistry private registry;

    function setUp() public {
        lanes = new Lanes();
        registry = lanes.registry();
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](8);
        // Commits are the most of it.
        selectors[0] = Lanes.commit.selector;
        selectors[1] = Lanes.publish.selector;
        selectors[2] = Lanes.setGate.selector;
        selectors[3] = Lanes.turnGate.selector;
        selectors[4] = Lanes.handOver.selector;
        selectors[5] = Lanes.intrude.selector;
        selectors[6] = Lanes.commit.selector;
        selectors[7] = Lanes.commit.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(lanes), selectors);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(lanes);
    }

    /// @dev Sequence numbers have no gap, heads and snapshots follow each other, nothing that was kept changes.
    function invariant_headsFormAChain() public view {
        for (uint64 lane = lanes.FIRST(); lane <= lanes.LAST(); ++lane) {
            (IRoutingBatchRegistry.Header[] memory headers, uint64[] memory times) = lanes.passed(lane);
            bytes32 head = 0;
            uint64 snapshot = 0;
            for (uint64 i = 0; i < headers.length; ++i) {
                vm.assertEq(headers[i].lane, lane);
                vm.assertEq(headers[i].sequence, i + 1);
                vm.assertEq(headers[i].previousHead, head);
                vm.assertEq(headers[i].firstSnapshot, snapshot + 1);
                head = keccak256(abi.encode(headers[i]));
                snapshot = headers[i].lastSnapshot;
                vm.assertEq(registry.batchRecord(lane, i + 1), keccak256(abi.encode(head, times[i])));
            }
            (uint64 sequence, bytes32 lastHead, uint64 lastSnapshot, address committer) = registry.headOf(lane);
            vm.assertEq(sequence, headers.length);
            vm.assertEq(lastHead, head);
            vm.assertEq(lastSnapshot, snapshot);
            vm.assertEq(committer, address(lanes));
            vm.assertEq(registry.batchRecord(lane, sequence + 1), bytes32(0));
        }
    }

    function invariant_routesNeverChange() public view {
        for (uint64 lane = lanes.FIRST(); lane <= lanes.LAST(); ++lane) {
            for (uint16 route = 0; route < lanes.ROUTES(); ++route) {
                uint8[] memory first = lanes.published(lane, route);
                if (first.length == 0) continue;
                (uint8 budget, uint8[] memory upTo) = registry.budgetOf(lane, route);
                vm.assertEq(abi.encode(upTo), abi.encode(first));
                vm.assertEq(budget, first[1]);
            }
        }
    }

    /// @dev No commit without the gate's leave, no gate gone without its consent, nothing by a stranger.
    function invariant_gatesCannotBePassedBy() public view {
        vm.assertEq(lanes.slipped(), 0);
        vm.assertEq(lanes.gates(0).asked() + lanes.gates(1).asked(), lanes.askedOf());
        for (uint64 lane = lanes.FIRST(); lane <= lanes.LAST(); ++lane) {
            (address owner,,, IBatchGate gate) = registry.laneOf(lane);
            vm.assertEq(owner, address(lanes));
            vm.assertEq(address(gate), lanes.gateOf(lane));
        }
    }
}
