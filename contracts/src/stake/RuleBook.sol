// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../IRoutingBatchRegistry.sol";
import {Fault} from "./Fault.sol";
import {IStakeVault} from "./IStakeVault.sol";
import {LeafFaults} from "./LeafFaults.sol";
import {LeafView} from "./LeafView.sol";
import {PromiseBook} from "./PromiseBook.sol";
import {Equivocation, LeafPromise} from "./StakeTypes.sol";

/// @title What leaves and signatures say, as a contract of its own
/// @notice `LeafFaults` and `PromiseBook` for whoever calls; without storage, money or owner. A vault creates its own,
/// because both together have more code than a contract may have.
contract RuleBook {
    using LeafView for bytes;

    uint256 private constant HEADER_BYTES = 640;

    /// @notice What is signed of a promise.
    /// @param registry Whose lane it is of.
    /// @param promised The promise.
    /// @return signed The digest (EIP-712).
    function digest(IRoutingBatchRegistry registry, LeafPromise calldata promised)
        external
        view
        returns (bytes32 signed)
    {
        return PromiseBook.digest(registry, promised);
    }

    /// @notice The same, if its signature binds the lane; reverts as `IStakeVault` says if it does not.
    /// @param registry Whose lane it is of.
    /// @param promised The promise.
    /// @param signature r, s and v.
    /// @param anchorMost Longest time that is promised, in seconds.
    /// @return signed The digest.
    function bindingDigest(
        IRoutingBatchRegistry registry,
        LeafPromise calldata promised,
        bytes calldata signature,
        uint256 anchorMost
    ) external view returns (bytes32 signed) {
        return PromiseBook.bindingDigest(registry, promised, signature, anchorMost);
    }

    /// @notice Checks that two signed heads bind the lane; reverts as `IStakeVault` says if one does not.
    /// @param registry Whose lane it is.
    /// @param it Both heads.
    /// @param anchorMost How long before the batch a key may have been retired, in seconds.
    function checkHeads(IRoutingBatchRegistry registry, Equivocation calldata it, uint256 anchorMost) external view {
        uint256 since = it.committedAt > anchorMost ? it.committedAt - anchorMost : 0;
        bytes32 one = PromiseBook.digest(registry, it.lane, it.sequence, it.one.head);
        PromiseBook.checkHead(registry, it.lane, one, it.one.signature, since);
        bytes32 other = PromiseBook.digest(registry, it.lane, it.sequence, it.other.head);
        PromiseBook.checkHead(registry, it.lane, other, it.other.signature, since);
    }

    /// @notice See `LeafFaults.single`.
    /// @param words Of the header of the leaf's batch.
    /// @param leaf Its bytes.
    /// @param upTo Of its route.
    /// @return fault NONE if it breaks no rule.
    function single(bytes calldata words, bytes calldata leaf, uint64 upTo) external pure returns (Fault fault) {
        if (words.length != HEADER_BYTES) revert IStakeVault.WrongKind();
        IRoutingBatchRegistry.Header calldata header;
        // As bytes it needs less code on its way here.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            header := words.offset
        }
        return LeafFaults.single(header, leaf, upTo);
    }

    /// @notice See `LeafFaults.pair`.
    /// @param plan Bytes of the plan.
    /// @param planSequence Of its batch.
    /// @param outcome Bytes of the outcome.
    /// @param outcomeSequence Of its batch.
    /// @return fault NONE if nothing.
    function pair(bytes calldata plan, uint64 planSequence, bytes calldata outcome, uint64 outcomeSequence)
        external
        pure
        returns (Fault fault)
    {
        return LeafFaults.pair(plan, planSequence, outcome, outcomeSequence);
    }

    /// @notice See `LeafFaults.twice`.
    /// @param first Bytes of one leaf.
    /// @param firstIndex Its place in the log.
    /// @param second Bytes of the other.
    /// @param secondIndex Its place in the log.
    /// @return fault TWICE, or NONE.
    function twice(bytes calldata first, uint64 firstIndex, bytes calldata second, uint64 secondIndex)
        external
        pure
        returns (Fault fault)
    {
        return LeafFaults.twice(first, firstIndex, second, secondIndex);
    }

    /// @notice See `LeafFaults.overtaken`.
    /// @param passed Bytes of the plan that was passed over.
    /// @param first Bytes of the other.
    /// @return fault OVERTAKEN, or NONE.
    function overtaken(bytes calldata passed, bytes calldata first) external pure returns (Fault fault) {
        return LeafFaults.overtaken(passed, first);
    }

    /// @notice What kind of leaf these bytes are.
    /// @param leaf Any bytes.
    /// @return kind 1 plan, 2 outcome, 0 no leaf.
    function kindOf(bytes calldata leaf) external pure returns (uint256 kind) {
        return leaf.isLeaf() ? leaf.fields().kind() : 0;
    }
}
