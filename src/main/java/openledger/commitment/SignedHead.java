package openledger.commitment;

import java.util.HexFormat;
import java.util.Optional;
import openledger.commitment.evm.SignatureRecovery;
import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * A head and the signature that binds a lane to it. Immutable.
 *
 * @param chainId of the chain that it is for (EIP-155); with the registry the domain of the signature
 * @param registry the contract that it is for
 * @param head what was signed
 * @param signature r, s and v, 65 bytes; never changed after construction
 * @param signer who is said to have signed
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares signatures
public record SignedHead(long chainId, Address registry, LaneHead head, byte[] signature, Address signer) {
    public SignedHead {
        if (signature.length != SignatureRecovery.SIGNATURE_BYTES) {
            throw new IllegalArgumentException("signature: 65 bytes, not " + signature.length);
        }
    }

    /** That of a batch. */
    public static SignedHead of(BatchHeader header, byte[] signature, Address signer) {
        return new SignedHead(header.chainId(), header.registry(), LaneHead.of(header), signature, signer);
    }

    /** What was signed (EIP-712). */
    public Hash32 digest() {
        return head.digest(chainId, registry);
    }

    /** Whose signature it is, whatever is said; empty if it is nobody's. Takes some milliseconds. */
    public Optional<Address> recovered() {
        return SignatureRecovery.signer(digest(), signature);
    }

    /** The signature, {@code 0x} and 130 lower-case hex digits. */
    public String signatureText() {
        return "0x" + HexFormat.of().formatHex(signature);
    }
}
