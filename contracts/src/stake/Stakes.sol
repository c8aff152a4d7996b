// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBatchGate} from "../IBatchGate.sol";
import {IRoutingBatchRegistry} from "../IRoutingBatchRegistry.sol";
import {Fault} from "./Fault.sol";
import {IStakeVault} from "./IStakeVault.sol";
import {Pool, Position, Terms} from "./StakeTypes.sol";

/// @title The money of a vault, and its gate
/// @notice Stakes are pools with shares, which lose alike; rewards and bonds are credits that who has them fetches.
/// Effects come before sends, and the vault sends only to whom a caller names, and to where it burns. What is staked is
/// the business of three functions that a vault has of its own; bonds are in native coin, since they pay for gas.
/// @dev Long because every way of the money is read together. All that a vault holds is an asset of a pool, the bond of
/// an open game, or a credit. Shares are never fewer than assets, because only penalties change their ratio.
abstract contract Stakes is IStakeVault {
    /// @dev Leaves that a lane committed: since `from`, and in the window before that.
    struct Volume {
        uint64 from;
        uint64 leaves;
        uint64 earlier;
    }

    address internal constant BURN = 0x000000000000000000000000000000000000dEaD;
    uint256 private constant BPS = 10_000;
    uint256 private constant MOST_LEAVES = 1200;
    /// @dev What is less than this part of the smallest penalty after a penalty is burned too: else shares of almost
    /// nothing would grow without end.
    uint256 private constant DUST_PART = 1000;

    /// @inheritdoc IStakeVault
    IRoutingBatchRegistry public immutable REGISTRY;
    uint128 internal immutable FLOOR;
    uint128 internal immutable STAKE_PER_LEAF;
    uint128 internal immutable LEAF_PENALTY;
    uint128 internal immutable PROMISE_PENALTY;
    uint128 internal immutable BOND;
    uint32 internal immutable BOND_GAS;
    uint32 internal immutable VOLUME_WINDOW;
    uint16 internal immutable MOST_PER_BATCH;
    uint16 internal immutable REPORTER_BPS;
    uint32 internal immutable WINDOW;
    uint32 internal immutable RESPONSE;
    uint32 internal immutable ANCHOR_MOST;
    uint32 internal immutable GRACE;

    mapping(uint64 lane => Pool pool) internal _pools;
    mapping(address holder => uint256 amount) internal _credits;
    mapping(uint64 lane => mapping(address staker => Position position)) private _positions;
    mapping(uint64 lane => Volume volume) private _volumes;
    /// @dev The sequence that a lane was released at, plus 1.
    mapping(uint64 lane => uint256 sequence) private _released;

    constructor(IRoutingBatchRegistry registry, Terms memory t) {
        bool isBounded = t.leafPenalty != 0 && t.promisePenalty >= t.leafPenalty && t.floor >= t.promisePenalty
            && t.bond != 0 && t.mostPerBatch != 0 && t.mostPerBatch <= MOST_LEAVES && t.reporterBps <= BPS / 2
            && (t.stakePerLeaf == 0 || t.volumeWindow != 0);
        bool isInTime = t.window >= 1 days && t.window <= 365 days && t.response >= 1 days && t.response <= 365 days
            && t.anchorMost <= 1 days && t.grace <= t.window && t.volumeWindow <= t.window;
        if (!isBounded || !isInTime || address(registry).code.length == 0) revert BadTerms();
        REGISTRY = registry;
        FLOOR = t.floor;
        STAKE_PER_LEAF = t.stakePerLeaf;
        LEAF_PENALTY = t.leafPenalty;
        PROMISE_PENALTY = t.promisePenalty;
        BOND = t.bond;
        BOND_GAS = t.bondGas;
        VOLUME_WINDOW = t.volumeWindow;
        MOST_PER_BATCH = t.mostPerBatch;
        REPORTER_BPS = t.reporterBps;
        WINDOW = t.window;
        RESPONSE = t.response;
        ANCHOR_MOST = t.anchorMost;
        GRACE = t.grace;
    }

    /// @inheritdoc IStakeVault
    function askWithdrawal(uint64 lane, uint256 shares) external {
        if (shares == 0) revert Nothing();
        Pool storage pool = _pools[lane];
        Position storage position = _refreshed(lane, pool.generation);
        if (shares > position.shares) revert TooMuch(shares, position.shares);
        position.shares -= uint128(shares);
        position.leavingShares += uint128(shares);
        // What is committed in a grace is backed too: else a lane could report a fault of its own, and go on without a
        // stake. Ending the grace instead would let any staker stop the lane.
        uint256 from = _hasGrace(pool.shortUntil) ? pool.shortUntil : block.timestamp;
        position.leavesAt = uint64(from + delay());
        pool.leavingShares += uint128(shares);
        emit WithdrawalAsked(lane, msg.sender, shares, position.leavesAt);
    }

    /// @inheritdoc IStakeVault
    function withdraw(uint64 lane, address payable to) external {
        Pool storage pool = _pools[lane];
        Position storage position = _refreshed(lane, pool.generation);
        uint256 leaving = position.leavingShares;
        if (leaving == 0) revert Nothing();
        uint256 leavesAt = position.leavesAt;
        if (block.timestamp < leavesAt) revert TooEarly(leavesAt);
        uint256 assets = pool.assets;
        uint256 shares = pool.shares;
        uint256 amount = leaving * assets / shares;
        uint256 held = pool.locked;
        uint256 free = 0;
        unchecked {
            // Games about what it backed have a response more to be concluded; no others may hold it for ever.
            if (block.timestamp > leavesAt + RESPONSE) held = 0;
            if (assets > held) free = assets - held;
        }
        if (amount > free) {
            if (free == 0) revert Nothing();
            amount = free;
            leaving = _ceilDiv(free * shares, assets);
        }
        position.leavingShares -= uint128(leaving);
        pool.leavingShares -= uint128(leaving);
        pool.shares = uint128(shares - leaving);
        pool.assets = uint128(assets - amount);
        emit Withdrawn(lane, msg.sender, to, amount);
        _give(to, amount);
    }

    /// @inheritdoc IStakeVault
    function claim(address payable to) external {
        uint256 amount = _credits[msg.sender];
        if (amount == 0) revert Nothing();
        _credits[msg.sender] = 0;
        emit Claimed(msg.sender, to, amount);
        _send(to, amount);
    }

    /// @inheritdoc IStakeVault
    function release(uint64 lane, uint64 committedAt) external {
        (uint64 sequence, bytes32 head) = _headOf(lane);
        _checkRecord(lane, sequence, head, committedAt);
        uint256 from = committedAt + delay();
        if (block.timestamp <= from) revert TooEarly(from + 1);
        _released[lane] = uint256(sequence) + 1;
        emit Released(lane, sequence);
    }

    /// @inheritdoc IBatchGate
    function beforeCommit(IRoutingBatchRegistry.Header calldata header, bytes32) external {
        if (msg.sender != address(REGISTRY)) revert NotRegistry(msg.sender);
        uint64 lane = header.lane;
        uint256 stake = active(lane);
        if (STAKE_PER_LEAF == 0) {
            if (stake < FLOOR && !_hasGrace(_pools[lane].shortUntil)) revert StakeShort(lane, stake, FLOOR);
            return;
        }
        uint256 before = required(lane);
        _count(lane, header.count);
        _checkVolume(lane, stake, before, required(lane));
    }

    /// @inheritdoc IStakeVault
    function poolOf(uint64 lane) external view returns (Pool memory pool) {
        return _pools[lane];
    }

    /// @inheritdoc IStakeVault
    function positionOf(uint64 lane, address staker) external view returns (Position memory position) {
        position = _positions[lane][staker];
        uint32 generation = _pools[lane].generation;
        if (position.generation != generation) return Position(0, 0, 0, generation);
    }

    /// @inheritdoc IStakeVault
    function creditOf(address holder) external view returns (uint256 amount) {
        return _credits[holder];
    }

    /// @inheritdoc IBatchGate
    function mayRelease(uint64 lane) external view returns (bool consent) {
        Pool storage pool = _pools[lane];
        if (pool.locked != 0) return false;
        (uint64 sequence,) = _headOf(lane);
        return pool.shares == 0 || sequence == 0 || _released[lane] == uint256(sequence) + 1;
    }

    /// @inheritdoc IStakeVault
    function terms() external view returns (Terms memory all) {
        return Terms({
            floor: FLOOR,
            stakePerLeaf: STAKE_PER_LEAF,
            leafPenalty: LEAF_PENALTY,
            promisePenalty: PROMISE_PENALTY,
            bond: BOND,
            bondGas: BOND_GAS,
            volumeWindow: VOLUME_WINDOW,
            mostPerBatch: MOST_PER_BATCH,
            reporterBps: REPORTER_BPS,
            window: WINDOW,
            response: RESPONSE,
            anchorMost: ANCHOR_MOST,
            grace: GRACE
        });
    }

    /// @inheritdoc IStakeVault
    function delay() public view returns (uint256 time) {
        return uint256(ANCHOR_MOST) + WINDOW + RESPONSE;
    }

    /// @inheritdoc IStakeVault
    function active(uint64 lane) public view returns (uint256 amount) {
        Pool storage pool = _pools[lane];
        uint256 leaving = pool.leavingShares;
        amount = pool.assets;
        if (leaving != 0) amount -= _ceilDiv(amount * leaving, pool.shares);
    }

    /// @inheritdoc IStakeVault
    function required(uint64 lane) public view returns (uint256 amount) {
        amount = FLOOR;
        if (STAKE_PER_LEAF == 0) return amount;
        uint256 byVolume = STAKE_PER_LEAF * _leavesInWindow(lane);
        if (byVolume > amount) return byVolume;
    }

    /// @dev Nothing about a penalty shortens a delay or ends a liability.
    function _penalise(uint64 lane, uint64 sequence, Fault fault, bytes32 subject, uint256 penalty, address reporter)
        internal
    {
        (uint256 taken, uint256 reward, uint256 burned) = _cut(lane, penalty);
        _reward(reporter, reward);
        emit Penalised(lane, sequence, fault, subject, reporter, taken, reward);
        if (burned != 0) _burn(burned);
    }

    /// @dev Adds to a lane's stake what the vault has received.
    function _deposit(uint64 lane, uint256 amount) internal {
        if (_ownerOf(lane) == address(0)) revert LaneUnknown(lane);
        if (amount == 0) revert Nothing();
        Pool storage pool = _pools[lane];
        uint256 shares = pool.shares;
        uint256 minted = shares == 0 ? amount : amount * shares / pool.assets;
        Position storage position = _refreshed(lane, pool.generation);
        position.shares = _narrow(position.shares + minted);
        pool.assets = _narrow(pool.assets + amount);
        pool.shares = _narrow(shares + minted);
        uint256 stake = active(lane);
        emit Deposited(lane, msg.sender, amount, minted, stake);
        if (pool.shortUntil != 0 && stake >= required(lane)) _fill(lane, pool);
    }

    /// @dev Pays out stake.
    function _give(address payable to, uint256 amount) internal virtual;

    /// @dev Takes out of the world what a penalty has taken. Nothing may make it fail: else nothing could be punished.
    function _burn(uint256 amount) internal virtual;

    /// @dev Credits the reporter's part of a penalty.
    function _reward(address reporter, uint256 amount) internal virtual;

    function _send(address payable to, uint256 amount) internal {
        // solhint-disable-next-line avoid-low-level-calls
        (bool sent,) = to.call{value: amount}("");
        if (!sent) revert SendFailed(to);
    }

    function _checkRecord(uint64 lane, uint64 sequence, bytes32 head, uint64 committedAt) internal view {
        if (REGISTRY.batchRecord(lane, sequence) != keccak256(abi.encode(head, committedAt))) {
            revert NotCommitted(lane, sequence);
        }
    }

    function _ownerOf(uint64 lane) internal view returns (address owner) {
        (owner,,,,) = REGISTRY.laneOf(lane);
    }

    /// @dev From all shares alike.
    function _cut(uint64 lane, uint256 penalty) private returns (uint256 taken, uint256 reward, uint256 burned) {
        Pool storage pool = _pools[lane];
        uint256 assets = pool.assets;
        taken = penalty < assets ? penalty : assets;
        if (taken == 0) return (0, 0, 0);
        bool wasEnough = active(lane) >= required(lane);
        uint256 rest = assets - taken;
        reward = taken * REPORTER_BPS / BPS;
        burned = taken - reward;
        if (rest <= LEAF_PENALTY / DUST_PART) {
            burned += rest;
            rest = 0;
            pool.shares = 0;
            pool.leavingShares = 0;
            ++pool.generation;
        }
        pool.assets = uint128(rest);
        if (wasEnough) _shorten(lane, pool, GRACE);
    }

    /// @dev Owed leaves must not become a second fault: a lane that was made short has time to fill up.
    function _shorten(uint64 lane, Pool storage pool, uint256 grace) private {
        uint256 stake = active(lane);
        uint256 needed = required(lane);
        if (stake >= needed) return;
        pool.shortUntil = uint64(block.timestamp + grace);
        emit Short(lane, pool.shortUntil, stake, needed);
    }

    /// @dev Not in a grace: else whoever fills up a lane, and asks for it back, could end one and stop the lane.
    function _fill(uint64 lane, Pool storage pool) private {
        if (_hasGrace(pool.shortUntil)) return;
        pool.shortUntil = 0;
        emit Filled(lane);
    }

    /// @dev Only who had enough before this batch has grown; who took stake out has not.
    function _checkVolume(uint64 lane, uint256 stake, uint256 before, uint256 needed) private {
        Pool storage pool = _pools[lane];
        uint64 until = pool.shortUntil;
        if (stake >= needed) {
            if (until != 0) _fill(lane, pool);
            return;
        }
        if (_hasGrace(until)) return;
        if (stake < before) revert StakeShort(lane, stake, needed);
        _shorten(lane, pool, VOLUME_WINDOW);
    }

    /// @dev Shares of an earlier generation are gone.
    function _refreshed(uint64 lane, uint32 generation) private returns (Position storage position) {
        position = _positions[lane][msg.sender];
        if (position.generation != generation) {
            _positions[lane][msg.sender] = Position(0, 0, 0, generation);
        }
    }

    function _count(uint64 lane, uint32 leaves) private {
        Volume storage volume = _volumes[lane];
        uint256 age = block.timestamp - volume.from;
        if (age >= 2 * uint256(VOLUME_WINDOW)) {
            _volumes[lane] = Volume(uint64(block.timestamp), leaves, 0);
        } else if (age >= VOLUME_WINDOW) {
            _volumes[lane] = Volume(volume.from + VOLUME_WINDOW, leaves, volume.leaves);
        } else {
            volume.leaves += leaves;
        }
    }

    function _headOf(uint64 lane) private view returns (uint64 sequence, bytes32 head) {
        (sequence, head,,,,) = REGISTRY.headOf(lane);
    }

    /// @dev Those since `from`, and of those before as many as still reach into the window if they came evenly.
    function _leavesInWindow(uint64 lane) private view returns (uint256 leaves) {
        Volume storage volume = _volumes[lane];
        uint256 span = VOLUME_WINDOW;
        uint256 age = block.timestamp - volume.from;
        if (age >= 2 * span) return 0;
        if (age >= span) return volume.leaves * (2 * span - age) / span;
        return volume.leaves + volume.earlier * (span - age) / span;
    }

    function _hasGrace(uint64 until) private view returns (bool has) {
        return block.timestamp <= until;
    }

    function _narrow(uint256 amount) private pure returns (uint128 narrow) {
        if (amount > type(uint128).max) revert TooMuch(amount, type(uint128).max);
        return uint128(amount);
    }

    function _ceilDiv(uint256 amount, uint256 by) private pure returns (uint256 result) {
        return (amount + by - 1) / by;
    }
}
