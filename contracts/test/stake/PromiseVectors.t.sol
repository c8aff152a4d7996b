// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../../src/IRoutingBatchRegistry.sol";
import {PromiseBook} from "../../src/stake/PromiseBook.sol";
import {LeafPromise} from "../../src/stake/StakeTypes.sol";
import {Vm} from "../Vm.sol";

/// @notice Holds what is signed against vectors/commitments.json, which Java writes.
contract PromiseVectorsTest {
    struct PromiseCase {
        uint256 chain_id;
        address registry;
        uint64 lane;
        bytes32 request_key;
        uint8 kind;
        bytes32 leaf_hash;
        uint64 signed_at;
        uint64 anchor_by;
        bytes32 digest;
    }

    struct HeadCase {
        uint256 chain_id;
        address registry;
        uint64 lane;
        uint64 sequence;
        bytes32 head;
        bytes32 digest;
    }

    string private constant PROMISE = "PromiseCase(uint256 chain_id,address registry,uint64 lane,bytes32 request_key,"
        "uint8 kind,bytes32 leaf_hash,uint64 signed_at,uint64 anchor_by,bytes32 digest)";
    string private constant HEAD =
        "HeadCase(uint256 chain_id,address registry,uint64 lane,uint64 sequence,bytes32 head,bytes32 digest)";

    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function digest(IRoutingBatchRegistry registry, LeafPromise calldata promised) external view returns (bytes32) {
        return PromiseBook.digest(registry, promised);
    }

    function test_promises() public {
        string memory json = vm.readFile("vectors/commitments.json");
        PromiseCase[] memory cases = abi.decode(vm.parseJsonTypeArray(json, ".promises", PROMISE), (PromiseCase[]));
        vm.assertTrue(cases.length >= 2);
        for (uint256 i = 0; i < cases.length; ++i) {
            PromiseCase memory it = cases[i];
            vm.chainId(it.chain_id);
            LeafPromise memory promised =
                LeafPromise(it.lane, it.request_key, it.kind, it.leaf_hash, it.signed_at, it.anchor_by);
            vm.assertEq(this.digest(IRoutingBatchRegistry(it.registry), promised), it.digest, vm.toString(i));
        }
    }

    function test_heads() public {
        string memory json = vm.readFile("vectors/commitments.json");
        HeadCase[] memory cases = abi.decode(vm.parseJsonTypeArray(json, ".heads", HEAD), (HeadCase[]));
        vm.assertTrue(cases.length >= 2);
        for (uint256 i = 0; i < cases.length; ++i) {
            HeadCase memory it = cases[i];
            vm.chainId(it.chain_id);
            bytes32 signed = PromiseBook.digest(IRoutingBatchRegistry(it.registry), it.lane, it.sequence, it.head);
            vm.assertEq(signed, it.digest, vm.toString(i));
        }
    }
}
