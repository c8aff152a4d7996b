// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../../src/IRoutingBatchRegistry.sol";
import {Equivocation, Game, LeafAt, LeafPromise, Placed, Position, SignedHead} from "../../src/stake/StakeTypes.sol";
import {StakeVault} from "../../src/stake/StakeVault.sol";
import {LeafTree} from "../LeafTree.sol";
import {HonestLane} from "./HonestLane.sol";
import {Leaves} from "./Leaves.sol";

/// @notice Everybody does all they may and much they may not, against a lane that is honest, keeps its promises and
/// answers each challenge a day before its deadline. Another lane plants faults.
/// Long because they have to do everything that the vault offers, right and wrong.
contract Crowd is HonestLane {
    using LeafTree for bytes32[];

    struct Open {
        bytes32 id;
        Asked asked;
        uint256 which;
        uint64 deadline;
    }

    uint256 private constant BOND = 0.05 ether;
    uint256 internal constant PEOPLE = 6;

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
            _meet(game);
            _games[i - 1] = _games[_games.length - 1];
            _games.pop();
        }
        _now = to;
        vm.warp(to);
    }

    function commit(uint64 chance) external {
        vm.warp(_now);
        _commitNext(chance);
    }

    function prove(uint256 a, uint256 b, uint8 how, uint8 who, uint8 bend) external {
        if (placed.length == 0) return;
        vm.warp(_now);
        Placed memory x = placed[a % placed.length];
        Placed memory y = placed[b % placed.length];
        bytes memory call = _proof(x, y, how % 8, bend);
        vm.prank(_who(who));
        // solhint-disable-next-line avoid-low-level-calls
        (bool done,) = address(vault).call(call);
        if (done) convicted = true;
    }

    function open(uint256 a, uint8 kind, uint8 who) external {
        if (placed.length == 0) return;
        vm.warp(_now);
        uint256 which = a % placed.length;
        (bytes memory call, Asked asked) = _opening(which, kind % 6);
        vm.prank(_who(who));
        // solhint-disable-next-line avoid-low-level-calls
        (bool done, bytes memory id) = address(vault).call{value: BOND}(call);
        if (!done) return;
        openBonds += BOND;
        ++gamesOpened;
        _games.push(Open(abi.decode(id, (bytes32)), asked, which, _now + 3 days));
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

    /// @dev How many leaves the honest lane has committed.
    function leaves() external view returns (uint256 count) {
        return placed.length;
    }

    /// @dev Place of the first plan among them, whose outcome follows.
    function planAt() external view returns (uint256 place) {
        while (uint8(placed[place].leaf[33]) != PLAN) ++place;
    }

    /// @dev How many kinds of games can be opened.
    function games() external view virtual returns (uint256 kinds) {
        return 6;
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

    function _meet(Open memory game) private {
        _answer(game.asked, game.which);
        vm.assertEq(uint8(vault.challengeOf(game.id).state), uint8(Game.ANSWERED));
        openBonds -= BOND;
        ++answered;
    }

    /// @dev A call that says that the lane broke a rule by one or two of its leaves, perhaps with something bent.
    function _proof(Placed memory x, Placed memory y, uint8 how, uint8 bend) private view returns (bytes memory call) {
        LeafPromise memory promised = _promiseOf(y);
        Equivocation memory heads = _heads(x, y);
        _bend(x, y, bend);
        if (how == 0) return abi.encodeCall(vault.proveLeaf, (x));
        if (how == 1) return abi.encodeCall(vault.provePair, (x, y));
        if (how == 2) return abi.encodeCall(vault.proveTwice, (x, y));
        if (how == 3) return abi.encodeCall(vault.proveOvertaken, (x, y));
        if (how == 4) return abi.encodeCall(vault.proveForked, (x, y));
        if (how == 5) return abi.encodeCall(vault.proveDiffers, (promised, _signed(promised, KEY), x));
        if (how == 6) return abi.encodeCall(vault.proveEquivocation, (heads));
        LeafAt[] memory both = new LeafAt[](2);
        (both[0], both[1]) = (_leafAt(x), _leafAt(y));
        return abi.encodeCall(vault.proveLeaves, (x.header, x.committedAt, both));
    }

    /// @dev What an honest lane has signed: the head of each of its batches.
    function _heads(Placed memory x, Placed memory y) private view returns (Equivocation memory heads) {
        (bytes32 one, bytes32 other) = (_headOf(x.header), _headOf(y.header));
        heads.lane = LANE;
        heads.sequence = x.header.sequence;
        heads.committed = one;
        heads.committedAt = x.committedAt;
        heads.one = SignedHead(one, _signature(this.headDigest(x.header.sequence, one), KEY));
        heads.other = SignedHead(other, _signature(this.headDigest(y.header.sequence, other), KEY));
    }

    function _opening(uint256 which, uint8 kind) private view returns (bytes memory call, Asked asked) {
        Placed memory it = placed[which];
        if (kind == 0) {
            LeafPromise memory promised = _promiseOf(it);
            return (abi.encodeCall(vault.openOmitted, (promised, _signed(promised, KEY))), Asked.PROMISED);
        }
        if (kind == 1) {
            call = abi.encodeCall(vault.openWithheld, (it.header, it.committedAt, it.index));
            return (call, Asked.LEAF);
        }
        if (kind == 2) return (abi.encodeCall(vault.openPlanMissing, (it)), Asked.PLAN);
        if (kind == 3) return (abi.encodeCall(vault.openOutcomeMissing, (it)), Asked.OUTCOME);
        if (kind == 4) {
            call = abi.encodeCall(vault.openRecordWithheld, (it.header, it.committedAt, it.index));
            return (call, Asked.RECORD);
        }
        call = abi.encodeCall(
            vault.openCounterMissing, (_headerBefore(which), it.header, it.committedAt, _counterOf(it.leaf))
        );
        return (call, Asked.COUNTER);
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
