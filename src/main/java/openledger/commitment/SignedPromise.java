package openledger.commitment;

import java.util.HexFormat;
import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * A promise and the signature that binds a lane to it. Immutable.
 *
 * @param chainId of the chain that it is for (EIP-155); with the registry the domain of the signature
 * @param registry the contract that it is for
 * @param promise what was signed
 * @param signature r, s and v, 65 bytes; never changed after construction
 * @param signer who is said to have signed
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares signatures
public record SignedPromise(long chainId, Address registry, LeafPromise promise, byte[] signature, Address signer) {
    public static final int SIGNATURE_BYTES = 65;

    public SignedPromise {
        if (signature.length != SIGNATURE_BYTES) {
            throw new IllegalArgumentException("signature: 65 bytes, not " + signature.length);
        }
    }

    /** What was signed (EIP-712). */
    public Hash32 digest() {
        return promise.digest(chainId, registry);
    }

    /** The signature, {@code 0x} and 130 lower-case hex digits. */
    public String signatureText() {
        return "0x" + HexFormat.of().formatHex(signature);
    }
}
