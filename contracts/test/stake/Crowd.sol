// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../../src/IRoutingBatchRegistry.sol";
import {Game, LeafPromise, Placed, Position} from "../../src/stake/StakeTypes.sol";
import {StakeVault} from "../../src/stake/StakeVault.sol";
import {LeafTree} from "../LeafTree.sol";
import {Leaves} from "./Leaves.sol";
import {StakeTest} from "./StakeTest.sol";

/// @notice Everybody does all they may and much they may not. One lane is honest: its leaves, made by chance, follow
/// the rules, its promises are kept, and it answers each challenge a day before its deadline. Another plants faults.
/// Long because they have to do everything that the vault offers, right and wrong.
contract Crowd is StakeTest {
    using LeafTree for bytes32[];

    struct Open {
        bytes32 id;
        uint8 kind;
        uint256 which;
        uint64 deadline;
    }

    uint256 private constant BOND = 0.05 ether;
    uint256 internal constant PEOPLE = 6;
    uint256 private constant MOST_LEAVES = 40;

    uint256 public deposited = STAKE;
    uint256 public withdrawn;
    uint256 public openBonds;
    uint256 public gamesOpened;
    uint256 public answered;
    uint256 public planted;
    uint256 public proved;
    bool public convicted;
    bool public early;
    bool public twice;
    uint64 private _now = NOW;
    uint64 private _counter;
    Placed[] private _placed;
    Open[] private _games;
    bytes32[] private _guiltyLog;
    Placed[] private _faults;
    mapping(address staker => uint64 time) private _asked;

    constructor() {
        setUp();
        vm.deal(address(this), 1000 ether);
        for (uint160 i = 0; i < PEOPLE; ++i) {
            vm.deal(_who(uint8(i)), 1000 ether);
        }
        _open(OTHER_SALT);
        vm.prank(COMMITTER);
        registry.publishPolicy(OTHER_LANE, POLICY, _oneRoute(Leaves.ROUTE, _upTo(3, 4)));
        _deposit(address(this), OTHER_LANE, STAKE);
    }

    function pass(uint32 time) external {
        uint64 to = _now + time % 2 days;
        // Time does not pass a deadline that the lane has not met.
        for (uint256 i = _games.length; i > 0; --i) {
            Open memory game = _games[i - 1];
            if (game.deadline > to + 1 days) continue;
            _answer(game);
            _games[i - 1] = _games[_games.length - 1];
            _games.pop();
        }
        _now = to;
        vm.warp(to);
    }

    /// @dev A fast request and the two leaves of a confirmed one, honest, in one batch or in two.
    function commit(uint64 chance) external {
        vm.warp(_now);
        if (log.length > MOST_LEAVES || vault.active(LANE) < t.floor) return;
        bytes[] memory leaves = new bytes[](4);
        uint64 counter = _counter;
        _counter += 4;
        leaves[0] = _fast(counter + 1, chance);
        leaves[1] = Leaves.plan(counter + 2);
        leaves[2] = _end(counter + 2, chance >> 8);
        leaves[3] = _fast(counter + 3, chance >> 16);
        Batch memory batch = _commit(leaves);
        for (uint64 i = 0; i < 4; ++i) {
            _placed.push();
            _store(_placed[_placed.length - 1], _place(batch, i));
        }
    }

    function prove(uint256 a, uint256 b, uint8 how, uint8 who, uint8 bend) external {
        if (_placed.length == 0) return;
        vm.warp(_now);
        Placed memory x = _placed[a % _placed.length];
        Placed memory y = _placed[b % _placed.length];
        _bend(x, y, bend);
        LeafPromise memory promised = _promised(y.leaf, y.committedAt);
        bytes memory signature = _signed(promised, KEY);
        how %= 6;
        vm.prank(_who(who));
        if (how == 0) {
            try vault.proveLeaf(x) {
                convicted = true;
            } catch {}
        }
        if (how == 1) {
            try vault.provePair(x, y) {
                convicted = true;
            } catch {}
        }
        if (how == 2) {
            try vault.proveTwice(x, y) {
                convicted = true;
            } catch {}
        }
        if (how == 3) {
            try vault.proveOvertaken(x, y) {
                convicted = true;
            } catch {}
        }
        if (how == 4) {
            try vault.proveForked(x, y) {
                convicted = true;
            } catch {}
        }
        if (how == 5) {
            try vault.proveDiffers(promised, signature, x) {
                convicted = true;
            } catch {}
        }
    }

    function open(uint256 a, uint8 kind, uint8 who) external {
        if (_placed.length == 0) return;
        vm.warp(_now);
        uint256 which = a % _placed.length;
        Placed memory it = _placed[which];
        LeafPromise memory promised = _promised(it.leaf, it.committedAt);
        bytes memory signature = _signed(promised, KEY);
        kind %= 4;
        vm.prank(_who(who));
        if (kind == 0) {
            try vault.openOmitted{value: BOND}(promised, signature) returns (bytes32 id) {
                _opened(id, kind, which);
            } catch {}
        } else if (kind == 1) {
            try vault.openWithheld{value: BOND}(it.header, it.committedAt, it.index) returns (bytes32 id) {
                _opened(id, kind, which);
            } catch {}
        } else if (kind == 2) {
            try vault.openPlanMissing{value: BOND}(it) returns (bytes32 id) {
                _opened(id, kind, which);
            } catch {}
        } else {
            try vault.openOutcomeMissing{value: BOND}(it) returns (bytes32 id) {
                _opened(id, kind, which);
            } catch {}
        }
    }

    function conclude(uint256 a) external {
        if (_games.length == 0) return;
        vm.warp(_now);
        try vault.conclude(_games[a % _games.length].id) {
            convicted = true;
        } catch {}
    }

    function deposit(uint256 amount, uint8 who) external {
        vm.warp(_now);
        amount = amount % 3 ether + 1;
        deposited += _deposit(_who(who), LANE, amount);
    }

    function askWithdrawal(uint256 amount, uint8 who) external {
        vm.warp(_now);
        address staker = _stakerOf(who);
        vm.prank(staker);
        try vault.askWithdrawal(LANE, amount % 8 ether) {
            _asked[staker] = _now;
        } catch {}
    }

    function withdraw(uint8 who) external {
        vm.warp(_now);
        address staker = _stakerOf(who);
        uint256 before = _balanceOf(staker);
        vm.prank(staker);
        try vault.withdraw(LANE, payable(staker)) {
            withdrawn += _balanceOf(staker) - before;
            if (_now < _asked[staker] + vault.delay()) early = true;
        } catch {}
    }

    function claim(uint8 who) external {
        vm.warp(_now);
        _claim(_stakerOf(who));
    }

    function plant() external {
        if (_faults.length > 20) return;
        vm.warp(_now);
        bytes memory leaf = Leaves.lazy(uint64(++planted));
        _guiltyLog.push(sha256(bytes.concat(bytes1(0), leaf)));
        bytes32[] memory hashes = _guiltyLog;
        IRoutingBatchRegistry.Header memory header = _next();
        (uint64 sequence, bytes32 head, uint64 last,,,) = registry.headOf(OTHER_LANE);
        header.lane = OTHER_LANE;
        header.sequence = sequence + 1;
        header.previousHead = head;
        (header.firstSnapshot, header.lastSnapshot, header.snapshotRoot) = (last + 1, last, 0);
        (header.firstCounter, header.lastCounter, header.completeThrough) = (1, 1000, 0);
        (header.count, header.outcomes, header.size) = (1, 1, uint64(hashes.length));
        header.root = hashes.root();
        _commit(header);
        _faults.push();
        Placed memory it = Placed(header, _now, leaf, header.size - 1, hashes.proof(hashes.length - 1));
        _store(_faults[_faults.length - 1], it);
    }

    function proveFault(uint256 a, uint8 who) external {
        if (_faults.length == 0) return;
        vm.warp(_now);
        Placed memory it = _faults[a % _faults.length];
        bool isPunished = vault.isPunished(OTHER_LANE, it.header.sequence, 0);
        vm.prank(_who(who));
        try vault.proveLeaf(it) {
            ++proved;
            if (isPunished || _now > it.committedAt + t.window) twice = true;
        } catch {
            if (!isPunished && _now <= it.committedAt + t.window) twice = true;
        }
    }

    function vaultIs() external view returns (StakeVault) {
        return vault;
    }

    function lanes() external pure returns (uint64 honest, uint64 guilty) {
        return (LANE, OTHER_LANE);
    }

    function terms() external view returns (uint256 leafPenalty) {
        return t.leafPenalty;
    }

    /// @dev What the vault has and what it owes, of what is staked and of coin for bonds, if that is apart.
    function money() external view virtual returns (uint256[2] memory has, uint256[2] memory owes) {
        has[0] = address(vault).balance;
        owes[0] = _assetsOfBoth() + openBonds + _sum(vault.creditOf);
    }

    /// @dev All shares of the honest lane's stakers, those that leave apart.
    function shares() external view returns (uint256 all, uint256 leaving) {
        for (uint8 i = 0; i <= PEOPLE; ++i) {
            Position memory position = vault.positionOf(LANE, _stakerOf(i));
            all += uint256(position.shares) + position.leavingShares;
            leaving += position.leavingShares;
        }
    }

    function _claim(address holder) internal virtual {
        vm.prank(holder);
        try vault.claim(payable(holder)) {} catch {}
    }

    function _balanceOf(address staker) internal view virtual returns (uint256 balance) {
        return staker.balance;
    }

    function _assetsOfBoth() internal view returns (uint256 assets) {
        return uint256(vault.poolOf(LANE).assets) + vault.poolOf(OTHER_LANE).assets;
    }

    /// @dev Over all who may have a credit.
    function _sum(function(address) external view returns (uint256) creditOf) internal view returns (uint256 sum) {
        for (uint8 i = 0; i <= PEOPLE; ++i) {
            sum += creditOf(_stakerOf(i));
        }
    }

    function _who(uint8 who) internal pure returns (address person) {
        return address(uint160(0xC0000 + who % PEOPLE));
    }

    /// @dev The lane's owner among them.
    function _stakerOf(uint8 who) internal pure returns (address staker) {
        return who % (PEOPLE + 1) == PEOPLE ? OWNER : _who(uint8(who % (PEOPLE + 1)));
    }

    function _opened(bytes32 id, uint8 kind, uint256 which) private {
        openBonds += BOND;
        ++gamesOpened;
        _games.push(Open(id, kind, which, _now + 3 days));
    }

    function _answer(Open memory game) private {
        Placed memory it = _placed[game.which];
        if (game.kind == 0) vault.answerOmitted(_promised(it.leaf, it.committedAt), it);
        if (game.kind == 1) vault.answerWithheld(it);
        // A plan stands before its outcome.
        if (game.kind == 2) vault.answerPlanMissing(_placed[game.which - 1]);
        if (game.kind == 3) vault.answerOutcomeMissing(_placed[game.which + 1], 0);
        vm.assertEq(uint8(vault.challengeOf(game.id).state), uint8(Game.ANSWERED));
        openBonds -= BOND;
        ++answered;
    }

    function _store(Placed storage to, Placed memory it) private {
        to.header = it.header;
        to.committedAt = it.committedAt;
        to.leaf = it.leaf;
        to.index = it.index;
        to.proof = it.proof;
    }

    function _fast(uint64 counter, uint64 chance) private pure returns (bytes memory leaf) {
        if (chance % 3 == 0) return Leaves.fast(counter);
        return chance % 3 == 1 ? Leaves.fellBack(counter) : Leaves.exhausted(counter);
    }

    /// @dev An end of `Leaves.plan` by any of its places, or by none.
    function _end(uint64 counter, uint64 chance) private pure returns (bytes memory leaf) {
        uint8 attempts = uint8(chance % 4) + 1;
        bytes16 end = bytes16(keccak256(abi.encode(chance)));
        if (chance & 0x80 != 0) return Leaves.encode(Leaves.Leaf(counter, 2, 2, attempts, 5, 0xff, 0xffff, 7, end));
        if (attempts == 4) return Leaves.encode(Leaves.Leaf(counter, 2, 0x82, 4, 5, 1, 21, 2, end));
        uint16 target = attempts == 2 ? 12 : 11;
        return Leaves.encode(Leaves.Leaf(counter, 2, 2, attempts, 5, 0, target, 1, end));
    }

    function _bend(Placed memory x, Placed memory y, uint8 bend) private pure {
        if (bend == 1) x.index = y.index;
        if (bend == 2) x.leaf = y.leaf;
        if (bend == 3) x.header.root = keccak256(x.leaf);
        if (bend == 4) x.proof = y.proof;
        if (bend == 5) x.leaf[39] = 0x09;
        if (bend == 6) x.header = y.header;
        if (bend == 7) x.committedAt += 1;
    }
}
