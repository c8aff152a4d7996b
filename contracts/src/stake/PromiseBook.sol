// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoutingBatchRegistry} from "../IRoutingBatchRegistry.sol";
import {IStakeVault} from "./IStakeVault.sol";
import {LeafPromise} from "./StakeTypes.sol";

/// @title What keys of lanes have signed
/// @notice Typed data of EIP-712 as `openledger.commitment.LeafPromise` and `LaneHead` make it; `commitments.json` in
/// `vectors/` holds both to the same digests.
library PromiseBook {
    // Types are texts, hashed when this is compiled.
    // solhint-disable gas-small-strings
    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant PROMISE_TYPE = keccak256(
        "Promise(uint64 lane,bytes32 requestKey,uint8 kind,bytes32 leafHash,uint64 signedAt,uint64 anchorBy)"
    );
    bytes32 private constant HEAD_TYPE = keccak256("Head(uint64 lane,uint64 sequence,bytes32 head)");
    // solhint-enable gas-small-strings
    bytes32 private constant NAME = keccak256("OpenLedger");
    bytes32 private constant VERSION = keccak256("2");
    /// @dev Half of the order of the curve: of the two forms of a signature only one is taken.
    uint256 private constant HIGHEST_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;
    uint256 private constant SIGNATURE_BYTES = 65;

    /// @dev What is signed of a promise.
    function digest(IRoutingBatchRegistry registry, LeafPromise calldata promised)
        internal
        view
        returns (bytes32 signed)
    {
        return _digest(
            registry,
            keccak256(
                abi.encode(
                    PROMISE_TYPE,
                    promised.lane,
                    promised.requestKey,
                    promised.kind,
                    promised.leafHash,
                    promised.signedAt,
                    promised.anchorBy
                )
            )
        );
    }

    /// @dev What is signed of a head.
    function digest(IRoutingBatchRegistry registry, uint64 lane, uint64 sequence, bytes32 head)
        internal
        view
        returns (bytes32 signed)
    {
        return _digest(registry, keccak256(abi.encode(HEAD_TYPE, lane, sequence, head)));
    }

    /// @dev The digest of a promise that binds the lane: its signer was a key of the lane when it signed, and did
    /// not promise for too long. A retired key can still be made to sign promises of before, but those are dead
    /// `anchorMost` and the window after it was retired.
    function bindingDigest(
        IRoutingBatchRegistry registry,
        LeafPromise calldata promised,
        bytes calldata signature,
        uint256 anchorMost
    ) internal view returns (bytes32 signed) {
        signed = digest(registry, promised);
        address key = signer(signed, signature);
        uint64 retiredAt = registry.signerRetiredAt(promised.lane, key);
        bool isBinding = retiredAt != 0 && promised.signedAt <= retiredAt && promised.signedAt <= promised.anchorBy
            && promised.anchorBy - promised.signedAt <= anchorMost;
        if (!isBinding) revert IStakeVault.NotTheLanesKey(promised.lane, key);
    }

    /// @dev Checks that a head binds the lane. Heads have no time: a key may have been retired between its signature
    /// and the batch, but not longer before than a promise may last.
    function checkHead(
        IRoutingBatchRegistry registry,
        uint64 lane,
        bytes32 signed,
        bytes calldata signature,
        uint256 since
    ) internal view {
        address key = signer(signed, signature);
        uint64 retiredAt = registry.signerRetiredAt(lane, key);
        if (retiredAt == 0 || retiredAt < since) revert IStakeVault.NotTheLanesKey(lane, key);
    }

    /// @dev Who has signed.
    function signer(bytes32 signed, bytes calldata signature) internal pure returns (address key) {
        if (signature.length != SIGNATURE_BYTES) revert IStakeVault.BadSignature();
        bytes32 s = bytes32(signature[32:]);
        if (uint256(s) > HIGHEST_S) revert IStakeVault.BadSignature();
        key = ecrecover(signed, uint8(signature[64]), bytes32(signature), s);
        if (key == address(0)) revert IStakeVault.BadSignature();
    }

    function _digest(IRoutingBatchRegistry registry, bytes32 structHash) private view returns (bytes32 signed) {
        bytes32 domain = keccak256(abi.encode(DOMAIN_TYPE, NAME, VERSION, block.chainid, registry));
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
