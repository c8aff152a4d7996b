// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../../src/IRoutingBatchRegistry.sol";
import {RoutingBatchRegistry} from "../../src/RoutingBatchRegistry.sol";
import {PromiseBook} from "../../src/stake/PromiseBook.sol";
import {LeafAt, LeafPromise, Placed, Terms} from "../../src/stake/StakeTypes.sol";
import {StakeVault} from "../../src/stake/StakeVault.sol";
import {LeafTree} from "../LeafTree.sol";
import {RegistryTest} from "../RegistryTest.sol";
import {Leaves} from "./Leaves.sol";

/// @notice A registry, a vault, and a lane with a stake behind its gate, whose route has tiers of 3 and 1 attempts.
abstract contract StakeTest is RegistryTest {
    using LeafTree for bytes32[];

    struct Batch {
        IRoutingBatchRegistry.Header header;
        uint64 committedAt;
        bytes[] leaves;
        uint64 first;
    }

    uint256 internal constant KEY = 0xA11CE;
    uint256 internal constant NEXT_KEY = 0xB0B;
    uint256 internal constant STAKE = 20 ether;
    address internal constant AUDITOR = address(0xA0D1);
    address internal constant BACKER = address(0xBAC);
    address internal constant BURN = 0x000000000000000000000000000000000000dEaD;

    StakeVault internal vault;
    Terms internal t;
    /// @dev The lane's log, as far as it goes.
    bytes32[] internal log;

    function setUp() public virtual override {
        super.setUp();
        t = _terms();
        vault = _newVault();
        vm.prank(OWNER);
        registry.setSigner(LANE, vm.addr(KEY));
        vm.prank(COMMITTER);
        registry.publishPolicy(LANE, "stake", _oneRoute(Leaves.ROUTE, _upTo(3, 4)));
        vm.deal(OWNER, 100 ether);
        vm.deal(AUDITOR, 100 ether);
        vm.deal(BACKER, 100 ether);
        vm.deal(STRANGER, 100 ether);
        _deposit(OWNER, LANE, STAKE);
        vm.prank(OWNER);
        registry.setGate(LANE, vault);
    }

    /// @dev Vaults for other stakes have the same functions, but for `deposit`.
    function _newVault() internal virtual returns (StakeVault made) {
        return new StakeVault(registry, t);
    }

    /// @dev Adds to a lane's stake.
    function _deposit(address staker, uint64 lane, uint256 amount) internal virtual returns (uint256 arrived) {
        vm.prank(staker);
        vault.deposit{value: amount}(lane);
        return amount;
    }

    /// @dev That of the artifact, whose code is made for more calls than the vault's.
    function _newRegistry() internal override returns (RoutingBatchRegistry made) {
        bytes memory code = vm.parseJsonBytes(vm.readFile("artifacts/RoutingBatchRegistry.json"), ".bytecode");
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            made := create(0, add(code, 0x20), mload(code))
        }
        vm.assertTrue(address(made).code.length != 0);
    }

    /// @dev As the design's defaults, with amounts that are easy to read.
    function _terms() internal pure virtual returns (Terms memory terms) {
        return Terms({
            floor: 10 ether,
            stakePerLeaf: 0,
            leafPenalty: 0.1 ether,
            promisePenalty: 1 ether,
            bond: 0.05 ether,
            bondGas: 250_000,
            volumeWindow: 1 hours,
            mostPerBatch: 3,
            reporterBps: 3_000,
            window: 7 days,
            response: 3 days,
            anchorMost: 1 hours,
            grace: 7 days
        });
    }

    /// @dev The header of the next batch with these leaves; they become part of the log.
    function _headerOf(bytes[] memory leaves) internal returns (IRoutingBatchRegistry.Header memory header) {
        header = _next();
        for (uint256 i = 0; i < leaves.length; ++i) {
            log.push(sha256(bytes.concat(bytes1(0), leaves[i])));
        }
        header.count = uint32(leaves.length);
        header.outcomes = 0;
        header.size = uint64(log.length);
        bytes32[] memory hashes = log;
        header.root = hashes.root();
        header.firstCounter = 1;
        header.lastCounter = 1_000_000;
        (,,,,, header.completeThrough) = registry.headOf(LANE);
        header.lastSnapshot = header.firstSnapshot + 30;
        header.firstMillis = NOW * 1000;
        header.lastMillis = NOW * 1000 + 1_000_000_000;
    }

    function _commit(bytes[] memory leaves) internal returns (Batch memory batch) {
        return _commit(_headerOf(leaves), leaves);
    }

    function _commit(IRoutingBatchRegistry.Header memory header, bytes[] memory leaves)
        internal
        returns (Batch memory batch)
    {
        _commit(header);
        return Batch(header, uint64(block.timestamp), leaves, uint64(header.size - header.count));
    }

    function _commit(bytes memory leaf) internal returns (Placed memory it) {
        return _place(_commit(_list(leaf)), 0);
    }

    /// @dev A leaf of a batch that was the log's last when its header was made.
    function _place(Batch memory batch, uint64 place) internal view returns (Placed memory it) {
        it.header = batch.header;
        it.committedAt = batch.committedAt;
        it.leaf = batch.leaves[place];
        it.index = batch.first + place;
        it.proof = _proofIn(batch.header.size, it.index);
    }

    function _proofIn(uint64 size, uint64 index) internal view returns (bytes32[] memory proof) {
        bytes32[] memory hashes = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) {
            hashes[i] = log[i];
        }
        return hashes.proof(index);
    }

    function _leafAt(Placed memory it) internal pure returns (LeafAt memory there) {
        return LeafAt(it.leaf, it.index, it.proof);
    }

    /// @dev That a leaf will be committed, with its hash.
    function _promised(bytes memory leaf, uint64 signedAt) internal pure returns (LeafPromise memory promised) {
        promised.lane = LANE;
        promised.requestKey = bytes32(leaf);
        promised.kind = uint8(leaf[33]);
        promised.leafHash = sha256(bytes.concat(bytes1(0), leaf));
        promised.signedAt = signedAt;
        promised.anchorBy = signedAt + 1 hours;
    }

    function digestOf(LeafPromise calldata promised) external view returns (bytes32 digest) {
        return PromiseBook.digest(registry, promised);
    }

    function headDigest(uint64 sequence, bytes32 head) external view returns (bytes32 digest) {
        return PromiseBook.digest(registry, LANE, sequence, head);
    }

    function _signed(LeafPromise memory promised, uint256 key) internal view returns (bytes memory signature) {
        return _signature(this.digestOf(promised), key);
    }

    function _signature(bytes32 digest, uint256 key) internal pure returns (bytes memory signature) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _list(bytes memory leaf) internal pure returns (bytes[] memory leaves) {
        leaves = new bytes[](1);
        leaves[0] = leaf;
    }

    function _list(bytes memory one, bytes memory other) internal pure returns (bytes[] memory leaves) {
        leaves = new bytes[](2);
        (leaves[0], leaves[1]) = (one, other);
    }

    function _assets() internal view returns (uint256 assets) {
        return vault.poolOf(LANE).assets;
    }

    /// @dev As if the gate were not there, so that a lane without stake can do wrong.
    function _commitUngated(bytes memory leaf) internal returns (Placed memory it) {
        uint256 lane = uint256(keccak256(abi.encode(uint256(LANE), uint256(0))));
        bytes32 word = vm.load(address(registry), bytes32(lane));
        // The flag `gated` is the 30th byte from below.
        vm.store(address(registry), bytes32(lane), word & ~(bytes32(uint256(0xff)) << 232));
        Batch memory batch = _commit(_list(leaf));
        word = vm.load(address(registry), bytes32(lane));
        vm.store(address(registry), bytes32(lane), word | bytes32(uint256(1) << 232));
        return _place(batch, 0);
    }
}
