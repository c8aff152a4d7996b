package openledger.settlement.receipt;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;

/**
 * A promise and the signature that binds us to it.
 *
 * @param chainId of the chain it is meant for (EIP-155); with the registry the domain of the signature (EIP-712)
 * @param registry the contract it is meant for
 * @param lane where the leaf will be
 * @param request whose leaf it will be
 * @param commitment to the request that its leaf will have
 * @param anchorBy by when, whole seconds
 * @param leafHash keccak-256 of the leaf; empty if it was signed before there was one
 * @param signature r, s and v, 65 bytes; never changed after construction
 * @param signer whose it is
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares signatures
public record SignedReceipt(
        long chainId,
        Address registry,
        LaneId lane,
        RequestId request,
        Hash32 commitment,
        Instant anchorBy,
        Optional<Hash32> leafHash,
        byte[] signature,
        Address signer) {
    private static final int SIGNATURE_BYTES = 65;

    public SignedReceipt {
        if (signature.length != SIGNATURE_BYTES) {
            throw new IllegalArgumentException("a signature has 65 bytes: " + signature.length);
        }
    }

    /** The signature, {@code 0x} and 130 lower-case hex digits. */
    public String signatureText() {
        return "0x" + HexFormat.of().formatHex(signature);
    }
}
