// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../../src/IRoutingBatchRegistry.sol";
import {Fault} from "../../src/stake/Fault.sol";
import {LeafFaults} from "../../src/stake/LeafFaults.sol";
import {Vm} from "../Vm.sol";
import {GROUP, Group, PAIR, Pair} from "./LeafVectors.sol";

/// @notice Holds the rule book in Solidity against vectors/faults.json, which that in Java writes.
/// Long because every kind of vector has its own reader.
contract FaultVectorsTest {
    struct Name {
        string name;
        uint8 code;
    }

    struct Twice {
        bytes first;
        uint64 first_index;
        bytes second;
        uint64 second_index;
        uint8 fault;
    }

    struct Overtaken {
        bytes passed;
        bytes first;
        uint8 fault;
    }

    struct Brief {
        uint64 sequence;
        uint64 complete_through;
        uint32 count;
        uint64 size;
        bytes32 root;
    }

    struct Headers {
        string what;
        Brief before;
        Brief next;
        uint8 fault;
    }

    string private constant NAME = "Name(string name,uint8 code)";
    string private constant TWICE =
        "Twice(bytes first,uint64 first_index,bytes second,uint64 second_index,uint8 fault)";
    string private constant OVERTAKEN = "Overtaken(bytes passed,bytes first,uint8 fault)";
    string private constant HEADERS = "Headers(string what,Brief before,Brief next,uint8 fault)"
        "Brief(uint64 sequence,uint64 complete_through,uint32 count,uint64 size,bytes32 root)";

    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint256 private constant LEAF_BYTES = 96;

    string private json;

    function setUp() public {
        json = vm.readFile("vectors/faults.json");
    }

    /// @dev All leaves of a group, by one call.
    function singles(IRoutingBatchRegistry.Header calldata header, bytes calldata leaves, uint64 upTo)
        external
        pure
        returns (bytes memory faults)
    {
        faults = new bytes(leaves.length / LEAF_BYTES);
        for (uint256 i = 0; i < faults.length; ++i) {
            faults[i] = bytes1(uint8(single(header, leaves[i * LEAF_BYTES:(i + 1) * LEAF_BYTES], upTo)));
        }
    }

    function single(IRoutingBatchRegistry.Header calldata header, bytes calldata leaf, uint64 upTo)
        public
        pure
        returns (Fault fault)
    {
        return LeafFaults.single(header, leaf, upTo);
    }

    function pair(Pair calldata it) external pure returns (Fault fault) {
        return LeafFaults.pair(it.plan, it.plan_sequence, it.outcome, it.outcome_sequence);
    }

    function twice(Twice calldata it) external pure returns (Fault fault) {
        return LeafFaults.twice(it.first, it.first_index, it.second, it.second_index);
    }

    function overtaken(Overtaken calldata it) external pure returns (Fault fault) {
        return LeafFaults.overtaken(it.passed, it.first);
    }

    function continued(IRoutingBatchRegistry.Header calldata earlier, IRoutingBatchRegistry.Header calldata next)
        external
        pure
        returns (Fault fault)
    {
        return LeafFaults.continued(earlier, next);
    }

    function forked(IRoutingBatchRegistry.Header calldata one, IRoutingBatchRegistry.Header calldata other)
        external
        pure
        returns (Fault fault)
    {
        return LeafFaults.forked(one, other);
    }

    function test_faults_names() public view {
        Name[] memory names = abi.decode(_read(".faults", NAME), (Name[]));
        string[23] memory here = _names();
        uint256 proved = 0;
        for (uint256 i = 0; i < names.length; ++i) {
            vm.assertEq(bytes(here[names[i].code]), bytes(names[i].name), names[i].name);
            ++proved;
        }
        // All but NONE and the four of promises and of answers that are not given.
        vm.assertEq(proved, here.length - 5, "a fault that the vectors do not have");
    }

    function test_faults_singles() public view {
        Group[] memory groups = abi.decode(_read(".singles", GROUP), (Group[]));
        uint256[11] memory found;
        uint256 leaves = 0;
        for (uint256 i = 0; i < groups.length; ++i) {
            bool isPublished = groups[i].published_at != 0 && groups[i].published_at <= groups[i].committed_at;
            uint64 upTo = isPublished ? _packed(groups[i].up_to) : 0;
            bytes memory faults = this.singles(_header(groups[i]), groups[i].leaves, upTo);
            vm.assertEq(faults, groups[i].faults, groups[i].name);
            leaves += faults.length;
            for (uint256 k = 0; k < faults.length; ++k) {
                ++found[uint8(faults[k])];
            }
        }
        vm.assertTrue(leaves >= 2_500, "thousands of leaves");
        for (uint256 code = 0; code < found.length; ++code) {
            vm.assertTrue(found[code] != 0, vm.toString(code));
        }
    }

    function test_faults_pairs() public view {
        Pair[] memory pairs = abi.decode(_read(".pairs", PAIR), (Pair[]));
        vm.assertTrue(pairs.length >= 200);
        for (uint256 i = 0; i < pairs.length; ++i) {
            vm.assertEq(uint8(this.pair(pairs[i])), pairs[i].fault, vm.toString(i));
            // Neither of other kinds, nor of bytes that are no leaf, nor of two numbers.
            (pairs[i].plan, pairs[i].outcome) = (pairs[i].outcome, pairs[i].plan);
            vm.assertEq(uint8(this.pair(pairs[i])), 0, "the wrong way round");
            (pairs[i].plan, pairs[i].outcome) = (pairs[i].outcome, pairs[i].plan);
            pairs[i].plan[31] ^= 0x01;
            vm.assertEq(uint8(this.pair(pairs[i])), 0, "of two numbers");
            pairs[i].plan[31] ^= 0x01;
            pairs[i].plan[32] = 0x01;
            vm.assertEq(uint8(this.pair(pairs[i])), 0, "of no leaf");
        }
    }

    function test_faults_twices() public view {
        Twice[] memory twices = abi.decode(_read(".twices", TWICE), (Twice[]));
        vm.assertTrue(twices.length >= 90);
        for (uint256 i = 0; i < twices.length; ++i) {
            vm.assertEq(uint8(this.twice(twices[i])), twices[i].fault, vm.toString(i));
            twices[i].second[32] = 0x01;
            vm.assertEq(uint8(this.twice(twices[i])), 0, "of no leaf");
        }
    }

    function test_faults_overtakens() public view {
        Overtaken[] memory overtakens = abi.decode(_read(".overtakens", OVERTAKEN), (Overtaken[]));
        vm.assertTrue(overtakens.length >= 400);
        for (uint256 i = 0; i < overtakens.length; ++i) {
            vm.assertEq(uint8(this.overtaken(overtakens[i])), overtakens[i].fault, vm.toString(i));
            overtakens[i].first[32] = 0x01;
            vm.assertEq(uint8(this.overtaken(overtakens[i])), 0, "of no leaf");
        }
    }

    function test_faults_headers() public view {
        Headers[] memory cases = abi.decode(_read(".headers", HEADERS), (Headers[]));
        vm.assertTrue(cases.length >= 90);
        for (uint256 i = 0; i < cases.length; ++i) {
            IRoutingBatchRegistry.Header memory earlier = _header(cases[i].before);
            IRoutingBatchRegistry.Header memory next = _header(cases[i].next);
            bool isFork = keccak256(bytes(cases[i].what)) == keccak256("forked");
            Fault fault = isFork ? this.forked(earlier, next) : this.continued(earlier, next);
            vm.assertEq(uint8(fault), cases[i].fault, vm.toString(i));
        }
    }

    function test_faults_anyLengthHasAResult() public view {
        IRoutingBatchRegistry.Header memory header;
        for (uint256 length = 0; length < 2 * LEAF_BYTES; ++length) {
            vm.assertEq(uint8(this.single(header, new bytes(length), 0x0403)), uint8(Fault.OUT_OF_RANGE));
        }
    }

    function _read(string memory key, string memory typeDescription) private view returns (bytes memory) {
        return vm.parseJsonTypeArray(json, key, typeDescription);
    }

    function _packed(uint8[] memory upTo) private pure returns (uint64 packed) {
        for (uint256 tier = 0; tier < upTo.length; ++tier) {
            packed |= uint64(upTo[tier]) << uint64(8 * tier);
        }
    }

    function _header(Group memory from) private pure returns (IRoutingBatchRegistry.Header memory header) {
        header.firstCounter = from.first_counter;
        header.lastCounter = from.last_counter;
        header.firstMillis = from.first_millis;
        header.lastMillis = from.last_millis;
        header.lastSnapshot = from.last_snapshot;
    }

    function _header(Brief memory from) private pure returns (IRoutingBatchRegistry.Header memory header) {
        header.sequence = from.sequence;
        header.completeThrough = from.complete_through;
        header.count = from.count;
        header.size = from.size;
        header.root = from.root;
    }

    function _names() private pure returns (string[23] memory names) {
        names[uint8(Fault.OUT_OF_RANGE)] = "OUT_OF_RANGE";
        names[uint8(Fault.CONTRADICTS_ITSELF)] = "CONTRADICTS_ITSELF";
        names[uint8(Fault.OUTSIDE_HEADER)] = "OUTSIDE_HEADER";
        names[uint8(Fault.OVER_BUDGET)] = "OVER_BUDGET";
        names[uint8(Fault.ROUTE_UNPUBLISHED)] = "ROUTE_UNPUBLISHED";
        names[uint8(Fault.WRONG_BUDGET)] = "WRONG_BUDGET";
        names[uint8(Fault.FELL_BACK_EARLY)] = "FELL_BACK_EARLY";
        names[uint8(Fault.EXHAUSTED_EARLY)] = "EXHAUSTED_EARLY";
        names[uint8(Fault.PLAN_UNFOUNDED)] = "PLAN_UNFOUNDED";
        names[uint8(Fault.NOT_AS_PLANNED)] = "NOT_AS_PLANNED";
        names[uint8(Fault.PLAN_AFTER_OUTCOME)] = "PLAN_AFTER_OUTCOME";
        names[uint8(Fault.TWICE)] = "TWICE";
        names[uint8(Fault.OVERTAKEN)] = "OVERTAKEN";
        names[uint8(Fault.COMPLETE_THROUGH_FALLS)] = "COMPLETE_THROUGH_FALLS";
        names[uint8(Fault.COMPLETE_THROUGH_BEYOND)] = "COMPLETE_THROUGH_BEYOND";
        names[uint8(Fault.SIZE_GAP)] = "SIZE_GAP";
        names[uint8(Fault.LOG_FORKED)] = "LOG_FORKED";
        names[uint8(Fault.EQUIVOCATED)] = "EQUIVOCATED";
    }
}
