// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBatchGate} from "../src/IBatchGate.sol";
import {IRoutingBatchRegistry} from "../src/IRoutingBatchRegistry.sol";
import {RoutingBatchRegistry} from "../src/RoutingBatchRegistry.sol";
import {FakeGate} from "./FakeGate.sol";
import {Vm} from "./Vm.sol";

/// @notice Two lanes whose people do all they may and much they may not, and a note of what the registry let pass.
/// Long because they have to do everything that the registry offers, right and wrong.
contract Lanes {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    bytes private constant POLICY = "policy";
    uint16 public constant ROUTES = 4;
    uint160 public constant SIGNERS = 6;

    RoutingBatchRegistry public immutable registry;
    FakeGate[2] public gates;
    uint64[2] public numbers;

    mapping(uint64 lane => IRoutingBatchRegistry.Header[] headers) private _passed;
    mapping(uint64 lane => uint64[] times) private _times;
    mapping(uint64 lane => mapping(uint16 route => uint8[] upTo)) private _published;
    mapping(uint64 lane => mapping(uint16 route => uint64 time)) public publishedAt;
    mapping(uint64 lane => address gate) private _gate;
    mapping(uint64 lane => address signer) public signerOf;
    mapping(uint64 lane => mapping(address signer => uint64 time)) public retiredAt;
    uint256 public askedOf;
    uint256 public slipped;
    uint64 private _now = 1_790_000_000;

    constructor() {
        registry = new RoutingBatchRegistry();
        for (uint256 i = 0; i < 2; ++i) {
            gates[i] = new FakeGate();
            numbers[i] = registry.openLane(bytes32(i), address(this), address(1));
            signerOf[numbers[i]] = address(1);
            registry.publishPolicy(numbers[i], POLICY, new IRoutingBatchRegistry.RouteBudget[](0));
        }
    }

    function commit(bool second, uint8 wrong, uint64 any) external {
        uint64 lane = _lane(second);
        IRoutingBatchRegistry.Header memory header = _next(lane, any);
        // More than half of the time as it should be.
        wrong %= 20;
        if (wrong == 1) header.sequence = any;
        if (wrong == 2) header.previousHead = keccak256(abi.encode(any));
        if (wrong == 3) header.firstSnapshot = any;
        if (wrong == 4) header.lastSnapshot = any;
        if (wrong == 5) header.lane = _lane(!second);
        if (wrong == 6) header.count = uint32(any);
        if (wrong == 7) header.policyHash = keccak256(abi.encode(any));
        if (wrong == 8) header.size ^= 1 + any % 2;
        if (wrong == 9) header.completeThrough = any % 64;
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

    function setSigner(bool second, uint160 which) external {
        uint64 lane = _lane(second);
        address signer = address(which % SIGNERS);
        vm.warp(++_now);
        try registry.setSigner(lane, signer) {
            if (signer == address(0) || signer == signerOf[lane] || retiredAt[lane][signer] != 0) ++slipped;
            retiredAt[lane][signerOf[lane]] = _now;
            signerOf[lane] = signer;
        } catch {}
    }

    /// @dev Whoever else opens lanes, with these salts or others, gets other lanes.
    function openElsewhere(address who, bytes32 salt, bool sameSalt, bool second) external {
        if (who == address(this) || who == address(0)) return;
        if (sameSalt) salt = bytes32(uint256(second ? 1 : 0));
        vm.prank(who);
        try registry.openLane(salt, who, who) returns (uint64 lane) {
            if (lane != registry.laneNumber(who, salt)) ++slipped;
            if (lane == numbers[0] || lane == numbers[1]) ++slipped;
        } catch {}
        try registry.openLane(bytes32(uint256(second ? 1 : 0)), who, who) {
            ++slipped;
        } catch {}
    }

    function publish(bool second, uint16 route, uint8 first, uint8 more) external {
        uint64 lane = _lane(second);
        IRoutingBatchRegistry.RouteBudget[] memory routes = new IRoutingBatchRegistry.RouteBudget[](1);
        routes[0].route = route % ROUTES;
        routes[0].upTo = new uint8[](2);
        routes[0].upTo[0] = first % 4;
        routes[0].upTo[1] = first % 4 + more % 3;
        vm.warp(++_now);
        try registry.publishPolicy(lane, abi.encode(routes), routes) {
            if (_published[lane][routes[0].route].length != 0) return;
            _published[lane][routes[0].route] = routes[0].upTo;
            publishedAt[lane][routes[0].route] = _now;
        } catch {}
    }

    function setGate(bool second, uint8 which) external {
        uint64 lane = _lane(second);
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
        uint64 lane = _lane(second);
        registry.offerLane(lane, address(this));
        registry.acceptLane(lane);
        registry.rotateCommitter(lane, address(this));
    }

    function intrude(bool second, uint8 how, address who) external {
        uint64 lane = _lane(second);
        // Nobody can sign for address zero, to which every lane that is offered to nobody is offered.
        if (who == address(this) || who == address(0)) return;
        IRoutingBatchRegistry.Header memory header = _next(lane, 0);
        bytes[6] memory calls = [
            abi.encodeCall(IRoutingBatchRegistry.commitBatch, (header)),
            abi.encodeCall(IRoutingBatchRegistry.rotateCommitter, (lane, who)),
            abi.encodeCall(IRoutingBatchRegistry.setSigner, (lane, who)),
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
        (uint64 sequence, bytes32 head, uint64 lastSnapshot,, uint64 size, uint64 completeThrough) =
            registry.headOf(lane);
        header.version = 2;
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
        header.lastCounter = completeThrough + 1 + any % 4;
        header.completeThrough = completeThrough + any % 2;
        header.count = uint32(any % 1200 + 1);
        header.size = size + header.count;
        header.root = keccak256(abi.encode(lane, any));
    }

    function _lane(bool second) private view returns (uint64) {
        return numbers[second ? 1 : 0];
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
        bytes4[] memory selectors = new bytes4[](10);
        // Commits are the most of it.
        selectors[0] = Lanes.commit.selector;
        selectors[1] = Lanes.publish.selector;
        selectors[2] = Lanes.setGate.selector;
        selectors[3] = Lanes.turnGate.selector;
        selectors[4] = Lanes.handOver.selector;
        selectors[5] = Lanes.intrude.selector;
        selectors[6] = Lanes.commit.selector;
        selectors[7] = Lanes.commit.selector;
        selectors[8] = Lanes.setSigner.selector;
        selectors[9] = Lanes.openElsewhere.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(lanes), selectors);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(lanes);
    }

    /// @dev Sequence numbers have no gap, heads and snapshots follow each other, nothing that was kept changes.
    function invariant_headsFormAChain() public view {
        for (uint256 which = 0; which < 2; ++which) {
            uint64 lane = lanes.numbers(which);
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
            (uint64 sequence, bytes32 lastHead, uint64 lastSnapshot, address committer,,) = registry.headOf(lane);
            vm.assertEq(sequence, headers.length);
            vm.assertEq(lastHead, head);
            vm.assertEq(lastSnapshot, snapshot);
            vm.assertEq(committer, address(lanes));
            vm.assertEq(registry.batchRecord(lane, sequence + 1), bytes32(0));
        }
    }

    /// @dev The log has all leaves that were committed; what is complete never falls, nor passes the highest counter.
    function invariant_logsGrow() public view {
        for (uint256 which = 0; which < 2; ++which) {
            (IRoutingBatchRegistry.Header[] memory headers,) = lanes.passed(lanes.numbers(which));
            uint64 size = 0;
            uint64 completeThrough = 0;
            uint64 highest = 0;
            for (uint64 i = 0; i < headers.length; ++i) {
                size += headers[i].count;
                vm.assertEq(headers[i].size, size);
                if (headers[i].lastCounter > highest) highest = headers[i].lastCounter;
                vm.assertLe(completeThrough, headers[i].completeThrough, "fell");
                vm.assertLe(headers[i].completeThrough, highest, "passed the highest");
                completeThrough = headers[i].completeThrough;
            }
            (,,,, uint64 hasSize, uint64 hasComplete) = registry.headOf(lanes.numbers(which));
            vm.assertEq(hasSize, size);
            vm.assertEq(hasComplete, completeThrough);
        }
    }

    /// @dev One signs, and whoever was replaced stays so, as of then.
    function invariant_signersNeverComeBack() public view {
        for (uint256 which = 0; which < 2; ++which) {
            uint64 lane = lanes.numbers(which);
            (,,,, address present) = registry.laneOf(lane);
            vm.assertEq(present, lanes.signerOf(lane));
            for (uint160 i = 0; i < lanes.SIGNERS(); ++i) {
                address signer = address(i);
                uint64 expected = signer == present ? type(uint64).max : lanes.retiredAt(lane, signer);
                vm.assertEq(registry.signerRetiredAt(lane, signer), expected);
            }
        }
    }

    function invariant_laneNumbersFollowFromOwnerAndSalt() public view {
        for (uint256 which = 0; which < 2; ++which) {
            vm.assertEq(lanes.numbers(which), registry.laneNumber(address(lanes), bytes32(which)));
            vm.assertLe(lanes.numbers(which), 2 ** 53 - 1, "a double keeps it");
        }
    }

    function invariant_routesNeverChange() public view {
        for (uint256 which = 0; which < 2; ++which) {
            uint64 lane = lanes.numbers(which);
            for (uint16 route = 0; route < lanes.ROUTES(); ++route) {
                uint8[] memory first = lanes.published(lane, route);
                if (first.length == 0) continue;
                (uint8 budget, uint8[] memory upTo) = registry.budgetOf(lane, route);
                vm.assertEq(abi.encode(upTo), abi.encode(first));
                vm.assertEq(budget, first[1]);
                (uint64 packed, uint64 publishedAt) = registry.routeOf(lane, route);
                vm.assertEq(packed, uint256(first[1]) << 8 | first[0]);
                vm.assertEq(publishedAt, lanes.publishedAt(lane, route));
            }
        }
    }

    /// @dev No commit without the gate's leave, no gate gone without its consent, nothing by a stranger.
    function invariant_gatesCannotBePassedBy() public view {
        vm.assertEq(lanes.slipped(), 0);
        vm.assertEq(lanes.gates(0).asked() + lanes.gates(1).asked(), lanes.askedOf());
        for (uint256 which = 0; which < 2; ++which) {
            uint64 lane = lanes.numbers(which);
            (address owner,,, IBatchGate gate,) = registry.laneOf(lane);
            vm.assertEq(owner, address(lanes));
            vm.assertEq(address(gate), lanes.gateOf(lane));
        }
    }
}
