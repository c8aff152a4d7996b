package openledger.commitment.evm;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * Finds who signed a hash: public key recovery on secp256k1 (SEC 1, section 4.1.6), as {@code ecrecover} does it. The JDK does not have this
 * curve. Takes a few tenths of a millisecond; not in constant time, for nothing here is secret.
 */
public final class SignatureRecovery {
    /** Bytes of a signature: r, s, and v as 27 or 28. */
    public static final int SIGNATURE_BYTES = 65;

    private static final int WORD = 32;
    private static final int LOWEST_V = 27;
    private static final int HIGHEST_V = 28;
    /** Of the two forms of a signature only the one with the lower s is taken, so none can be bent into another. */
    private static final BigInteger HIGHEST_S = CurvePoint.ORDER.shiftRight(1);

    private SignatureRecovery() {}

    /** Who signed a hash; empty if these bytes are no signature of anybody. */
    public static Optional<Address> signer(Hash32 digest, byte[] signature) {
        if (signature.length != SIGNATURE_BYTES) {
            return Optional.empty();
        }
        BigInteger r = new BigInteger(1, signature, 0, WORD);
        BigInteger s = new BigInteger(1, signature, WORD, WORD);
        int v = signature[SIGNATURE_BYTES - 1];
        boolean isInRange = v >= LOWEST_V
                && v <= HIGHEST_V
                && r.signum() > 0
                && r.compareTo(CurvePoint.ORDER) < 0
                && s.signum() > 0
                && s.compareTo(HIGHEST_S) <= 0;
        return isInRange
                ? CurvePoint.of(FieldElement.of(r), v == HIGHEST_V).flatMap(nonce -> signer(digest, r, s, nonce))
                : Optional.empty();
    }

    private static Optional<Address> signer(Hash32 digest, BigInteger r, BigInteger s, CurvePoint nonce) {
        BigInteger inverse = r.modInverse(CurvePoint.ORDER);
        BigInteger hash = new BigInteger(1, digest.bytes());
        CurvePoint key = nonce.plusGenerator(
                s.multiply(inverse).mod(CurvePoint.ORDER),
                hash.negate().multiply(inverse).mod(CurvePoint.ORDER));
        if (key.isInfinity()) {
            return Optional.empty();
        }
        CurvePoint account = key.affine();
        byte[] hashed = new Keccak256()
                .add(account.x().bytes())
                .add(account.y().bytes())
                .finish()
                .bytes();
        return Optional.of(Address.of(Arrays.copyOfRange(hashed, WORD - Address.BYTES, WORD)));
    }
}
