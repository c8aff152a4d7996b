// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Pool} from "../../src/stake/StakeTypes.sol";
import {StakeVault} from "../../src/stake/StakeVault.sol";
import {Vm} from "../Vm.sol";
import {Crowd} from "./Crowd.sol";

/// @notice What holds whatever anybody does.
contract VaultInvariantsTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    Crowd internal crowd;
    StakeVault private vault;
    uint64 private honest;
    uint64 private guilty;

    function setUp() public {
        crowd = _newCrowd();
        vault = crowd.vaultIs();
        (honest, guilty) = crowd.lanes();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(crowd);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](11);
        selectors[0] = Crowd.pass.selector;
        selectors[1] = Crowd.commit.selector;
        selectors[2] = Crowd.prove.selector;
        selectors[3] = Crowd.open.selector;
        selectors[4] = Crowd.conclude.selector;
        selectors[5] = Crowd.deposit.selector;
        selectors[6] = Crowd.askWithdrawal.selector;
        selectors[7] = Crowd.withdraw.selector;
        selectors[8] = Crowd.claim.selector;
        selectors[9] = Crowd.plant.selector;
        selectors[10] = Crowd.proveFault.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(crowd), selectors);
    }

    /// @dev The balance is what is owed; an honest lane is not touched; no penalty without a proof, and of a leaf only
    /// one; nothing leaves before the delay is over; shares are those of the stakers, and never fewer than assets.
    /// One campaign for all, because each has to make the same calls.
    function invariant_vault() public view {
        Pool memory pool = vault.poolOf(honest);
        Pool memory other = vault.poolOf(guilty);
        (uint256[2] memory has, uint256[2] memory owes) = crowd.money();
        vm.assertEq(has[0], owes[0], "the balance is what is owed");
        vm.assertEq(has[1], owes[1], "so is that of coin");

        vm.assertFalse(crowd.convicted());
        vm.assertEq(pool.assets, crowd.deposited() - crowd.withdrawn(), "an honest lane is not touched");
        vm.assertEq(
            pool.locked, (crowd.gamesOpened() - crowd.answered()) * 1 ether, "open games hold what they may take"
        );

        vm.assertEq(20 ether - other.assets, crowd.proved() * crowd.terms(), "no penalty without proof");
        vm.assertTrue(crowd.proved() <= crowd.planted());
        vm.assertFalse(crowd.twice());
        vm.assertFalse(crowd.early());

        (uint256 all, uint256 leaving) = crowd.shares();
        vm.assertEq(all, pool.shares, "shares are the stakers'");
        vm.assertEq(leaving, pool.leavingShares);
        vm.assertTrue(pool.shares >= pool.assets);
        vm.assertTrue(vault.active(honest) <= pool.assets);
    }

    /// @dev The crowd does what it says: games are opened and answered, faults are proved, money moves.
    function test_theCrowdWorks() public {
        for (uint64 i = 0; crowd.leaves() < 30; ++i) {
            crowd.commit(uint64(uint256(keccak256(abi.encode(i)))));
        }
        crowd.pass(2 hours);
        // 3 asks for the outcome of a plan, all others for something about an outcome.
        for (uint8 kind = 0; kind < 6; ++kind) {
            crowd.open(kind == 3 ? crowd.planAt() : crowd.planAt() + 1, kind, 2);
        }
        vm.assertEq(crowd.gamesOpened(), crowd.games());
        crowd.conclude(0);
        crowd.plant();
        crowd.proveFault(0, 1);
        crowd.proveFault(0, 1);
        vm.assertEq(crowd.proved(), 1);
        invariant_vault();
        crowd.pass(2 days - 1);
        crowd.pass(2 days - 1);
        vm.assertEq(crowd.answered(), crowd.games());
        crowd.askWithdrawal(7 ether, 6);
        crowd.deposit(1 ether, 0);
        for (uint256 i = 0; i < 6; ++i) {
            crowd.pass(2 days - 1);
        }
        crowd.withdraw(6);
        crowd.claim(6);
        crowd.claim(1);
        vm.assertEq(crowd.withdrawn(), 7 ether);
        invariant_vault();
    }

    function _newCrowd() internal virtual returns (Crowd made) {
        return new Crowd();
    }
}
