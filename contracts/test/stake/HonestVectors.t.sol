// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../../src/IRoutingBatchRegistry.sol";
import {Fault} from "../../src/stake/Fault.sol";
import {LeafFaults} from "../../src/stake/LeafFaults.sol";
import {Placed} from "../../src/stake/StakeTypes.sol";
import {Vm} from "../Vm.sol";
import {GROUP, Group, PAIR, Pair} from "./LeafVectors.sol";
import {StakeTest} from "./StakeTest.sol";

/// @notice No rule convicts an honest leaf: of lanes of the lab and of a router whose requests end in every way, as
/// vectors/honest.json has them.
contract HonestVectorsTest {
    struct Plans {
        string name;
        bytes leaves;
    }

    string private constant PLANS = "Plans(string name,bytes leaves)";

    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint256 private constant LEAF_BYTES = 96;

    string private json;

    function setUp() public {
        json = vm.readFile("vectors/honest.json");
    }

    /// @dev All leaves of a group, by one call.
    function singles(IRoutingBatchRegistry.Header calldata header, bytes calldata leaves, uint64 upTo)
        external
        pure
        returns (bytes memory faults)
    {
        faults = new bytes(leaves.length / LEAF_BYTES);
        for (uint256 i = 0; i < faults.length; ++i) {
            faults[i] = bytes1(uint8(LeafFaults.single(header, _at(leaves, i), upTo)));
        }
    }

    /// @dev How many pairs of plans of one lane prove that one was passed, or that one number has two plans.
    function passed(bytes calldata leaves) external pure returns (uint256 count) {
        uint256 all = leaves.length / LEAF_BYTES;
        for (uint64 i = 0; i < all; ++i) {
            for (uint64 k = 0; k < all; ++k) {
                if (LeafFaults.overtaken(_at(leaves, i), _at(leaves, k)) != Fault.NONE) ++count;
                if (LeafFaults.twice(_at(leaves, i), i, _at(leaves, k), k) != Fault.NONE) ++count;
            }
        }
    }

    function pair(Pair calldata it) external pure returns (Fault fault) {
        return LeafFaults.pair(it.plan, it.plan_sequence, it.outcome, it.outcome_sequence);
    }

    function test_honest_noLeafIsConvicted() public view {
        Group[] memory groups = abi.decode(_read(".singles", GROUP), (Group[]));
        uint256 leaves = 0;
        for (uint256 i = 0; i < groups.length; ++i) {
            vm.assertTrue(groups[i].published_at <= groups[i].committed_at, groups[i].name);
            bytes memory faults = this.singles(_header(groups[i]), groups[i].leaves, _packed(groups[i].up_to));
            vm.assertEq(faults, new bytes(faults.length), groups[i].name);
            leaves += faults.length;
        }
        vm.assertTrue(leaves >= 2_000, "thousands of leaves");
    }

    function test_honest_noPairIsConvicted() public view {
        Pair[] memory pairs = abi.decode(_read(".pairs", PAIR), (Pair[]));
        vm.assertTrue(pairs.length >= 200);
        for (uint256 i = 0; i < pairs.length; ++i) {
            vm.assertEq(uint8(this.pair(pairs[i])), 0, vm.toString(i));
        }
    }

    function test_honest_nobodyWasOvertaken() public view {
        Plans[] memory lanes = abi.decode(_read(".plans", PLANS), (Plans[]));
        vm.assertTrue(lanes.length >= 3);
        for (uint256 i = 0; i < lanes.length; ++i) {
            vm.assertEq(this.passed(lanes[i].leaves), 0, lanes[i].name);
        }
    }

    function _read(string memory key, string memory typeDescription) private view returns (bytes memory) {
        return vm.parseJsonTypeArray(json, key, typeDescription);
    }

    function _at(bytes calldata leaves, uint256 place) private pure returns (bytes calldata leaf) {
        return leaves[place * LEAF_BYTES:(place + 1) * LEAF_BYTES];
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
}

/// @notice The vault itself finds nothing in them either, once they are committed.
contract HonestVaultTest is StakeTest {
    uint256 private constant LEAF_BYTES = 96;
    uint256 private constant COMMITTED = 60;

    function test_honest_theVaultFindsNothing() public {
        Group[] memory groups =
            abi.decode(vm.parseJsonTypeArray(vm.readFile("vectors/honest.json"), ".singles", GROUP), (Group[]));
        // The first is of the lab, whose times lie ahead of the registry's test.
        Group memory group = groups[0];
        bytes[] memory leaves = new bytes[](COMMITTED);
        for (uint256 i = 0; i < COMMITTED; ++i) {
            leaves[i] = _leaf(group.leaves, i);
        }
        vm.prank(COMMITTER);
        registry.publishPolicy(LANE, "lab", _oneRoute(_route(leaves[0]), group.up_to));
        IRoutingBatchRegistry.Header memory header = _headerOf(leaves);
        header.firstCounter = group.first_counter;
        header.lastCounter = group.last_counter;
        header.firstMillis = group.first_millis;
        header.lastMillis = group.last_millis;
        header.lastSnapshot = group.last_snapshot;
        Batch memory batch = _commit(header, leaves);
        for (uint64 i = 0; i < COMMITTED; ++i) {
            Placed memory it = _place(batch, i);
            vm.assertEq(uint8(vault.faultOf(it)), 0, vm.toString(i));
        }
        vm.assertEq(_assets(), STAKE);
    }

    function _leaf(bytes memory leaves, uint256 place) private pure returns (bytes memory leaf) {
        leaf = new bytes(LEAF_BYTES);
        for (uint256 i = 0; i < LEAF_BYTES; ++i) {
            leaf[i] = leaves[place * LEAF_BYTES + i];
        }
    }

    function _route(bytes memory leaf) private pure returns (uint16 route) {
        return uint16(uint8(leaf[36])) << 8 | uint16(uint8(leaf[37]));
    }
}
