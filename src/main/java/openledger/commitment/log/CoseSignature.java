package openledger.commitment.log;

import java.util.Arrays;

/** The signature of a COSE_Sign1 (RFC 9052, section 4.2) with Ed25519, and the protected header that it covers. Immutable. */
public final class CoseSignature {
    static final int SIGN1 = 18;
    static final int ALGORITHM = 1;
    static final int EDDSA = -8;
    static final int CONTENT_TYPE = 3;
    static final int KEY_ID = 4;
    /** RFC 9597: claims about what is signed, of RFC 8392. */
    static final int CLAIMS = 15;

    static final int ISSUER = 1;
    static final int SUBJECT = 2;
    static final int ISSUED_AT = 6;

    private final byte[] header;
    private final byte[] signature;

    /**
     * A signature; nobody has checked it.
     *
     * @param header the protected header, CBOR
     * @param signature 64 bytes
     */
    CoseSignature(byte[] header, byte[] signature) {
        this.header = header.clone();
        this.signature = signature.clone();
    }

    /** Signs a payload. */
    static CoseSignature of(byte[] header, byte[] payload, NoteSigner by) {
        return new CoseSignature(header, by.sign(signed(header, payload)));
    }

    private static byte[] signed(byte[] header, byte[] payload) {
        return new CborWriter()
                .array(4)
                .text("Signature1")
                .bytes(header)
                .bytes(new byte[0])
                .bytes(payload)
                .encoded();
    }

    /** True if it is of this payload and header, by this key, whose owner is the issuer; a witness issues nothing. */
    boolean isOf(byte[] payload, byte[] itsHeader, String issuer, NoteKey key) {
        return key.kind() == NoteKey.Kind.NOTE
                && key.name().equals(issuer)
                && Arrays.equals(header, itsHeader)
                && key.verifies(signed(header, payload), signature);
    }

    byte[] header() {
        return header.clone();
    }

    byte[] signature() {
        return signature.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CoseSignature that
                && Arrays.equals(that.header, header)
                && Arrays.equals(that.signature, signature);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(signature);
    }
}
