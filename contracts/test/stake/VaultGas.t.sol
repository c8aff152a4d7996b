// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBatchGate} from "../../src/IBatchGate.sol";
import {IRoutingBatchRegistry} from "../../src/IRoutingBatchRegistry.sol";
import {Answers} from "../../src/stake/Answers.sol";
import {IStakeVault} from "../../src/stake/IStakeVault.sol";
import {Equivocation, LeafAt, LeafPromise, Placed, SignedHead, Terms} from "../../src/stake/StakeTypes.sol";
import {StakeVault} from "../../src/stake/StakeVault.sol";
import {LeafTree} from "../LeafTree.sol";
import {Leaves} from "./Leaves.sol";
import {StakeTest} from "./StakeTest.sol";

/// @notice Creates what it is sent: a salt, and code.
contract Proxy {
    fallback() external {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let code := mload(0x40)
            let size := sub(calldatasize(), 0x20)
            calldatacopy(code, 0x20, size)
            if iszero(create2(0, code, size, calldataload(0))) { revert(0, 0) }
        }
    }
}

/// @notice Gas of whole transactions, as snapshots/VaultGasTest.json keeps them: intrinsic cost and call data included,
/// storage cold. Leaves stand in a log of a million, so their proofs have 19 or 20 neighbours.
/// Long because each call has its own figure.
contract VaultGasTest is StakeTest {
    uint64 private constant MILLION = 1_000_000;
    uint256 private constant BOND = 0.05 ether;
    uint256 private constant MOST_BYTES = 24_576;

    function setUp() public override {
        super.setUp();
        // In production it exists.
        vm.deal(BURN, 1);
        _pretendSize(MILLION);
        _commit(_full());
    }

    function test_size() public view {
        vm.assertLe(address(vault).code.length, MOST_BYTES, "EIP-170");
    }

    function test_gas_commit_behindTheGate() public {
        _commit(_full());
        vm.snapshotGasLastCall("commitBatch, 1200 leaves, behind the vault");
    }

    function test_gas_commit_behindTheGate_volume() public {
        Terms memory terms = _terms();
        terms.stakePerLeaf = 1;
        vault = new StakeVault(registry, terms);
        vm.prank(OWNER);
        vault.deposit{value: STAKE}(LANE);
        _gate(address(vault));
        _commit(_full());
        _commit(_full());
        vm.snapshotGasLastCall("commitBatch, 1200 leaves, behind the vault, stake by volume");
    }

    function test_gas_proveLeaf() public {
        Placed memory it = _in(Leaves.lazy(1));
        vm.prank(AUDITOR);
        vault.proveLeaf(it);
        vm.snapshotGasLastCall("proveLeaf");
    }

    function test_gas_proveTwice() public {
        Placed memory first = _in(Leaves.fast(1));
        Placed memory second = _in(Leaves.exhausted(1));
        vault.proveTwice(first, second);
        vm.snapshotGasLastCall("proveTwice");
    }

    function test_gas_provePair() public {
        Placed memory plan = _in(Leaves.plan(1));
        Placed memory outcome = _in(Leaves.strayed(1));
        vault.provePair(plan, outcome);
        vm.snapshotGasLastCall("provePair");
    }

    function test_gas_proveOvertaken() public {
        Placed memory first = _in(Leaves.planOf(1, 7, 6, 6));
        Placed memory passed = _in(Leaves.planOf(2, 9, 5, 5));
        vault.proveOvertaken(passed, first);
        vm.snapshotGasLastCall("proveOvertaken");
    }

    /// @dev Of two leaves at one place of the log: the later header is that of another log.
    function test_gas_proveForked() public {
        Placed memory earlier = _in(Leaves.fast(1));
        Placed memory later = _in(_full(), Leaves.fast(2), earlier.index);
        vault.proveForked(earlier, later);
        vm.snapshotGasLastCall("proveForked");
    }

    function test_gas_proveEquivocation() public {
        Placed memory it = _in(Leaves.fast(1));
        (bytes32 head, uint64 sequence) = (_headOf(it.header), it.header.sequence);
        SignedHead memory one = SignedHead(head, _signature(this.headDigest(sequence, head), KEY));
        SignedHead memory other = SignedHead(~head, _signature(this.headDigest(sequence, ~head), KEY));
        vault.proveEquivocation(Equivocation(LANE, sequence, head, NOW, one, other));
        vm.snapshotGasLastCall("proveEquivocation");
    }

    function test_gas_proveDiffers() public {
        Placed memory it = _in(Leaves.exhausted(1));
        LeafPromise memory promised = _promised(Leaves.fast(1), NOW);
        bytes memory signature = _signed(promised, KEY);
        vault.proveDiffers(promised, signature, it);
        vm.snapshotGasLastCall("proveDiffers");
    }

    function test_gas_game_withheld() public {
        Placed memory it = _in(Leaves.fast(1));
        vm.prank(AUDITOR);
        bytes32 id = vault.openWithheld{value: BOND}(it.header, NOW, it.index);
        vm.snapshotGasLastCall("openWithheld");
        vault.answerWithheld(it);
        vm.snapshotGasLastCall("answerWithheld");
        it = _in(Leaves.fast(2));
        vm.prank(AUDITOR);
        id = vault.openWithheld{value: BOND}(it.header, NOW, it.index);
        vm.warp(NOW + 4 days);
        vault.conclude(id);
        vm.snapshotGasLastCall("conclude");
    }

    function test_gas_game_omitted() public {
        Placed memory it = _in(Leaves.fast(1));
        LeafPromise memory promised = _promised(Leaves.fast(1), NOW);
        bytes memory signature = _signed(promised, KEY);
        vm.warp(NOW + 2 hours);
        vm.prank(AUDITOR);
        vault.openOmitted{value: BOND}(promised, signature);
        vm.snapshotGasLastCall("openOmitted");
        vault.answerOmitted(promised, it);
        vm.snapshotGasLastCall("answerOmitted");
    }

    function test_gas_game_planMissing() public {
        Placed memory plan = _in(Leaves.plan(1));
        Placed memory outcome = _in(Leaves.followed(1));
        vm.prank(AUDITOR);
        vault.openPlanMissing{value: BOND}(outcome);
        vm.snapshotGasLastCall("openPlanMissing");
        vault.answerPlanMissing(plan);
        vm.snapshotGasLastCall("answerPlanMissing");
    }

    function test_gas_game_record() public {
        bytes memory record = new bytes(4096);
        for (uint256 i = 0; i < record.length; ++i) {
            record[i] = bytes1(uint8(i) | 1);
        }
        bytes32[] memory proof = new bytes32[](11);
        for (uint256 i = 0; i < proof.length; ++i) {
            proof[i] = keccak256(abi.encode("record", i));
        }
        IRoutingBatchRegistry.Header memory header = _full();
        header.recordsRoot = LeafTree.rootOver(sha256(bytes.concat(bytes1(0), record)), 0, 1200, proof);
        _commit(header);
        uint64 index = header.size - 1200;
        vm.prank(AUDITOR);
        vault.openRecordWithheld{value: BOND}(header, NOW, index);
        vm.snapshotGasLastCall("openRecordWithheld");
        vault.answerRecordWithheld(header, NOW, LeafAt(record, index, proof));
        vm.snapshotGasLastCall("answerRecordWithheld, 4096 bytes");
    }

    function test_gas_money() public {
        vm.prank(BACKER);
        vault.deposit{value: 1 ether}(LANE);
        vm.snapshotGasLastCall("deposit");
        vm.prank(BACKER);
        vault.askWithdrawal(LANE, 1 ether);
        vm.snapshotGasLastCall("askWithdrawal");
        vm.warp(NOW + vault.delay());
        vm.prank(BACKER);
        vault.withdraw(LANE, payable(BACKER));
        vm.snapshotGasLastCall("withdraw");
    }

    function test_gas_game_outcomeMissing() public {
        Placed memory plan = _in(Leaves.plan(1));
        Placed memory outcome = _in(Leaves.followed(1));
        vm.warp(NOW + 2 hours);
        vm.prank(AUDITOR);
        vault.openOutcomeMissing{value: BOND}(plan);
        vm.snapshotGasLastCall("openOutcomeMissing");
        vault.answerOutcomeMissing(outcome, 0);
        vm.snapshotGasLastCall("answerOutcomeMissing");
    }

    function test_gas_game_counterMissing() public {
        IRoutingBatchRegistry.Header memory earlier = _full();
        _commit(earlier);
        uint64 counter = earlier.completeThrough + 1;
        Placed memory outcome = _in(Leaves.fast(counter));
        vm.prank(AUDITOR);
        vault.openCounterMissing{value: BOND}(earlier, outcome.header, NOW, counter);
        vm.snapshotGasLastCall("openCounterMissing");
        vault.answerOutcomeMissing(outcome, outcome.header.sequence);
        vm.snapshotGasLastCall("answerOutcomeMissing, of a counter");
    }

    function test_gas_proveLeaves() public {
        Placed memory it = _in(Leaves.lazy(1));
        LeafAt[] memory leaves = new LeafAt[](1);
        leaves[0] = _leafAt(it);
        vault.proveLeaves(it.header, NOW, leaves);
        vm.snapshotGasLastCall("proveLeaves, of one");
    }

    function test_gas_answerMany() public {
        bytes[] memory calls = new bytes[](10);
        for (uint64 i = 0; i < 10; ++i) {
            Placed memory it = _in(Leaves.fast(i));
            vm.prank(AUDITOR);
            vault.openWithheld{value: BOND}(it.header, NOW, it.index);
            calls[i] = abi.encodeCall(IStakeVault.answerWithheld, (it));
        }
        new Answers().answerMany(vault, calls);
        vm.snapshotGasLastCall("answerMany, 10 leaves");
    }

    function test_gas_deployment() public {
        bytes memory terms = abi.encode(registry, t);
        _deploy("StakeVault", bytes.concat(type(StakeVault).creationCode, terms));
        _deploy("Answers", type(Answers).creationCode);
        bytes memory code = vm.parseJsonBytes(vm.readFile("artifacts/RoutingBatchRegistry.json"), ".bytecode");
        _deploy("RoutingBatchRegistry", code);
    }

    /// @dev As the proxy that chains are born with does it.
    function _deploy(string memory name, bytes memory code) private {
        // solhint-disable-next-line avoid-low-level-calls
        (bool done,) = address(new Proxy()).call(bytes.concat(bytes32(0), code));
        vm.snapshotGasLastCall(string.concat("deployment of ", name));
        vm.assertTrue(done);
    }

    /// @dev Committed as the first leaf of a full batch.
    function _in(bytes memory leaf) private returns (Placed memory it) {
        IRoutingBatchRegistry.Header memory header = _full();
        return _in(header, leaf, header.size - 1200);
    }

    /// @dev Committed by that header, at a place of the log. A log as large cannot be made in a test, so the neighbours
    /// are arbitrary words, and the root is computed from them.
    function _in(IRoutingBatchRegistry.Header memory header, bytes memory leaf, uint64 index)
        private
        returns (Placed memory it)
    {
        it.index = index;
        it.leaf = leaf;
        it.proof = new bytes32[](LeafTree.pathLength(index, header.size));
        for (uint256 i = 0; i < it.proof.length; ++i) {
            it.proof[i] = keccak256(abi.encode("neighbour", i));
        }
        header.root = LeafTree.rootOver(sha256(bytes.concat(bytes1(0), leaf)), index, header.size, it.proof);
        _commit(header);
        it.header = header;
        it.committedAt = NOW;
    }

    function _full() private view returns (IRoutingBatchRegistry.Header memory header) {
        header = _next();
        header.firstCounter = 1;
        header.lastCounter = (uint64(1) << 32) + header.sequence * 1200;
        header.completeThrough = header.lastCounter - 100;
        header.count = 1200;
        header.outcomes = 1150;
        header.size += 1190;
        header.lastSnapshot = header.firstSnapshot + 30;
    }

    /// @dev Another gate, whatever the one before says.
    function _gate(address gate) private {
        bytes32 slot = bytes32(uint256(keccak256(abi.encode(uint256(LANE), uint256(0)))) + 5);
        vm.store(address(registry), slot, bytes32(uint256(uint160(gate))));
        (,,, IBatchGate has,) = registry.laneOf(LANE);
        vm.assertEq(address(has), gate);
    }
}
