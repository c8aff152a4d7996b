// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBatchGate} from "../src/IBatchGate.sol";
import {IRoutingBatchRegistry} from "../src/IRoutingBatchRegistry.sol";
import {FakeGate} from "./FakeGate.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @notice A gate that is also the lane's committer and commits the next batch while it is asked about the one before.
contract EagerGate is IBatchGate {
    IRoutingBatchRegistry.Header private _following;
    bool private _done;

    function follow(IRoutingBatchRegistry.Header calldata following) external {
        _following = following;
    }

    function commit(IRoutingBatchRegistry registry, IRoutingBatchRegistry.Header calldata header) external {
        registry.commitBatch(header);
    }

    function beforeCommit(IRoutingBatchRegistry.Header calldata, bytes32) external {
        if (_done) return;
        _done = true;
        IRoutingBatchRegistry(msg.sender).commitBatch(_following);
    }

    function mayRelease(uint64) external pure returns (bool consent) {
        return false;
    }
}

contract GatesTest is RegistryTest {
    FakeGate private gate;

    function setUp() public override {
        super.setUp();
        gate = new FakeGate();
    }

    function test_setGate_asksItBeforeEachCommit() public {
        vm.expectEmit(address(registry));
        emit IRoutingBatchRegistry.GateChanged(LANE, address(0), address(gate));
        _setGate(gate);
        IRoutingBatchRegistry.Header memory header = _next();
        vm.expectCall(address(gate), abi.encodeCall(IBatchGate.beforeCommit, (header, _headOf(header))));
        _commit(header);

        vm.assertEq(gate.asked(), 1);
        vm.assertEq(gate.lastHead(), _headOf(header));
    }

    function test_commit_closedGate_reverts() public {
        _setGate(gate);
        gate.set(true, false);
        IRoutingBatchRegistry.Header memory header = _next();

        vm.expectRevert(FakeGate.Closed.selector);
        _commit(header);
        vm.assertEq(registry.batchRecord(LANE, 1), bytes32(0));
        (uint64 sequence, bytes32 head,,,,) = registry.headOf(LANE);
        vm.assertEq(sequence, 0);
        vm.assertEq(head, bytes32(0));
    }

    function test_commitWithData_closedGate_reverts() public {
        _setGate(gate);
        gate.set(true, false);
        IRoutingBatchRegistry.Header memory header = _next();
        bytes memory leaves = new bytes(960);

        vm.expectRevert(FakeGate.Closed.selector);
        vm.prank(COMMITTER);
        registry.commitBatchWithData(header, leaves);
    }

    function test_setGate_withoutConsent_reverts() public {
        _setGate(gate);
        FakeGate other = new FakeGate();

        bytes memory holds = abi.encodeWithSelector(IRoutingBatchRegistry.GateHolds.selector, LANE, address(gate));
        vm.expectRevert(holds);
        _setGate(IBatchGate(address(0)));
        vm.expectRevert(holds);
        _setGate(other);
        _expectGate(address(gate));
    }

    function test_setGate_withConsent_removesIt() public {
        _setGate(gate);
        gate.set(true, true);
        vm.expectEmit(address(registry));
        emit IRoutingBatchRegistry.GateChanged(LANE, address(gate), address(0));
        _setGate(IBatchGate(address(0)));

        _commit(_next());
        _expectGate(address(0));
        vm.assertEq(gate.asked(), 0);
    }

    function test_setGate_withConsent_changesIt() public {
        _setGate(gate);
        gate.set(true, true);
        FakeGate other = new FakeGate();
        _setGate(other);
        _commit(_next());

        vm.assertEq(gate.asked(), 0);
        vm.assertEq(other.asked(), 1);
    }

    function test_setGate_byTheCommitter_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.NotOwner.selector, LANE, COMMITTER));
        vm.prank(COMMITTER);
        registry.setGate(LANE, gate);
    }

    function test_setGate_withoutCode_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.GateWithoutCode.selector, STRANGER));
        _setGate(IBatchGate(STRANGER));
    }

    function test_gate_staysWithANewOwner() public {
        _setGate(gate);
        vm.prank(OWNER);
        registry.offerLane(LANE, STRANGER);
        vm.prank(STRANGER);
        registry.acceptLane(LANE);

        _expectGate(address(gate));
        vm.expectRevert(abi.encodeWithSelector(IRoutingBatchRegistry.GateHolds.selector, LANE, address(gate)));
        vm.prank(STRANGER);
        registry.setGate(LANE, IBatchGate(address(0)));
    }

    function test_gate_thatCommitsWhileItIsAsked_meetsALaneThatIsDone() public {
        EagerGate eager = new EagerGate();
        _setGate(eager);
        vm.prank(OWNER);
        registry.rotateCommitter(LANE, address(eager));
        IRoutingBatchRegistry.Header memory first = _next();
        IRoutingBatchRegistry.Header memory second = _next();
        second.sequence = 2;
        second.previousHead = _headOf(first);
        second.firstSnapshot = 3;
        second.lastSnapshot = 4;
        second.size = 20;
        eager.follow(second);
        eager.commit(registry, first);

        (uint64 sequence, bytes32 head,,,,) = registry.headOf(LANE);
        vm.assertEq(sequence, 2);
        vm.assertEq(head, _headOf(second));
        vm.assertEq(registry.batchRecord(LANE, 1), _recordOf(first, NOW));
        vm.assertEq(registry.batchRecord(LANE, 2), _recordOf(second, NOW));
    }

    function _setGate(IBatchGate to) private {
        vm.prank(OWNER);
        registry.setGate(LANE, to);
    }

    function _expectGate(address expected) private view {
        (,,, IBatchGate has,) = registry.laneOf(LANE);
        vm.assertEq(address(has), expected);
    }
}
