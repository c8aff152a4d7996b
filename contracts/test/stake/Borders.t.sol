// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../../src/IRoutingBatchRegistry.sol";
import {Fault} from "../../src/stake/Fault.sol";
import {IStakeVault} from "../../src/stake/IStakeVault.sol";
import {LeafFaults} from "../../src/stake/LeafFaults.sol";
import {RuleBook} from "../../src/stake/RuleBook.sol";
import {Game, LeafPromise} from "../../src/stake/StakeTypes.sol";
import {Leaves} from "./Leaves.sol";
import {StakeTest} from "./StakeTest.sol";

/// @notice The last value that counts, and the first that does not, where the other tests and vectors do not go.
contract BordersTest is StakeTest {
    uint256 private constant BOND = 0.05 ether;
    uint256 private constant HIGHEST_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    function single(IRoutingBatchRegistry.Header calldata header, bytes calldata leaf, uint64 upTo)
        external
        pure
        returns (Fault fault)
    {
        return LeafFaults.single(header, leaf, upTo);
    }

    function test_counter_isASignedNumberInJava() public view {
        IRoutingBatchRegistry.Header memory header = _next();
        header.firstCounter = 1;
        header.lastCounter = type(uint64).max;
        header.lastMillis = type(uint64).max;
        header.firstMillis = 0;
        uint64 most = uint64(type(int64).max);
        vm.assertEq(uint8(this.single(header, Leaves.fast(most), 0x0403)), uint8(Fault.NONE));
        vm.assertEq(uint8(this.single(header, Leaves.fast(most + 1), 0x0403)), uint8(Fault.OUT_OF_RANGE));
    }

    /// @dev A plan of eight places that says that all of them are spent. What follows its places in the leaf is the
    /// turn, so this one names as its target what stands there.
    function test_plan_afterItsLastPlace() public view {
        bytes memory leaf = Leaves.planOf(1, 5, 0x000b0000, 5);
        leaf[38] = bytes1(uint8(8));
        leaf[39] = bytes1(uint8(8));
        for (uint256 place = 64; place < 80; place += 2) {
            (leaf[place], leaf[place + 1]) = (bytes1(0), bytes1(uint8(0x0c)));
        }
        IRoutingBatchRegistry.Header memory header = _next();
        header.firstMillis = 0;
        header.lastMillis = type(uint64).max;
        header.lastSnapshot = 100;
        vm.assertEq(uint8(this.single(header, leaf, 8)), uint8(Fault.PLAN_UNFOUNDED));
    }

    function test_ruleBook_takesWholeHeaders() public {
        RuleBook rules = new RuleBook();
        vm.expectRevert(IStakeVault.WrongKind.selector);
        rules.single(new bytes(639), Leaves.fast(1), 0x0403);
    }

    function test_promise_thatIsDueAtOnce_binds() public {
        LeafPromise memory promised = _promised(Leaves.fast(1), NOW);
        promised.anchorBy = NOW;
        bytes memory signature = _signed(promised, KEY);
        vm.warp(NOW + 1);
        bytes32 id = vault.openOmitted{value: BOND}(promised, signature);
        vm.assertEq(uint8(vault.challengeOf(id).state), uint8(Game.OPEN));
    }

    /// @dev Any r and s are the signature of some key, so here the lane's key is that of the highest s.
    function test_signature_ofTheHighestS_binds() public {
        LeafPromise memory promised = _promised(Leaves.fast(1), NOW);
        bytes32 digest = this.digestOf(promised);
        (, bytes32 r,) = vm.sign(KEY, digest);
        address key = ecrecover(digest, 27, r, bytes32(HIGHEST_S));
        vm.prank(OWNER);
        registry.setSigner(LANE, key);
        vm.warp(NOW + 2 hours);
        vm.expectRevert(IStakeVault.BadSignature.selector);
        vault.openOmitted{value: BOND}(promised, abi.encodePacked(r, HIGHEST_S + 1, uint8(27)));
        bytes32 id = vault.openOmitted{value: BOND}(promised, abi.encodePacked(r, HIGHEST_S, uint8(27)));
        vm.assertEq(uint8(vault.challengeOf(id).state), uint8(Game.OPEN));
    }
}
