package openledger.chain;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.math.BigInteger;
import java.security.SignatureException;
import java.util.Optional;
import openledger.settlement.ledger.DigestSigner;
import openledger.unit.Address;
import openledger.unit.Hash32;
import org.web3j.crypto.Keys;
import org.web3j.crypto.Sign;

/**
 * Signs digests with the lane's key, and recovers the signer of a signature. A signature has 65 bytes: r, s, and v as 27 or 28, as {@code
 * ecrecover} takes it. Thread-safe.
 */
public final class LaneSigner implements DigestSigner {
    /** Bytes of a signature. */
    public static final int SIGNATURE_BYTES = 65;

    private static final int WORD = 32;
    private static final int LOWEST_V = 27;
    private static final int HIGHEST_V = 28;
    /** Of the two forms of a signature only the one with the lower s is taken, so none can be bent into another. */
    private static final BigInteger HIGHEST_S = Sign.CURVE_PARAMS.getN().shiftRight(1);

    private final Vertx vertx;
    private final LaneAccount account;

    public LaneSigner(Vertx vertx, LaneAccount account) {
        this.vertx = vertx;
        this.account = account;
    }

    @Override
    public Address address() {
        return account.address();
    }

    @Override
    public Uni<byte[]> sign(Hash32 digest) {
        return OffLoop.run(vertx, () -> signNow(digest));
    }

    private byte[] signNow(Hash32 digest) {
        Sign.SignatureData made =
                Sign.signMessage(digest.bytes(), account.credentials().getEcKeyPair(), false);
        byte[] signature = new byte[SIGNATURE_BYTES];
        System.arraycopy(made.getR(), 0, signature, 0, WORD);
        System.arraycopy(made.getS(), 0, signature, WORD, WORD);
        signature[SIGNATURE_BYTES - 1] = made.getV()[0];
        return signature;
    }

    /** Who signed a digest; empty if these bytes are no signature of anybody. Takes about a millisecond. */
    public static Optional<Address> recover(Hash32 digest, byte[] signature) {
        if (signature.length != SIGNATURE_BYTES) {
            return Optional.empty();
        }
        int v = signature[SIGNATURE_BYTES - 1];
        byte[] r = new byte[WORD];
        byte[] s = new byte[WORD];
        System.arraycopy(signature, 0, r, 0, WORD);
        System.arraycopy(signature, WORD, s, 0, WORD);
        if (v < LOWEST_V || v > HIGHEST_V || new BigInteger(1, s).compareTo(HIGHEST_S) > 0) {
            return Optional.empty();
        }
        try {
            BigInteger key = Sign.signedMessageHashToKey(digest.bytes(), new Sign.SignatureData((byte) v, r, s));
            return Optional.of(Address.parse("0x" + Keys.getAddress(key)));
        } catch (SignatureException | RuntimeException none) {
            return Optional.empty();
        }
    }
}
