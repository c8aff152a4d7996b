package openledger.chain;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import openledger.commitment.evm.SignatureRecovery;
import openledger.settlement.ledger.DigestSigner;
import openledger.unit.Address;
import openledger.unit.Hash32;
import org.web3j.crypto.Sign;

/**
 * Signs digests with the lane's key. A signature has 65 bytes: r, s, and v as 27 or 28, as {@code ecrecover} takes it; {@link
 * SignatureRecovery} finds the signer again. Thread-safe.
 */
public final class LaneSigner implements DigestSigner {
    private static final int WORD = 32;

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
        byte[] signature = new byte[SignatureRecovery.SIGNATURE_BYTES];
        System.arraycopy(made.getR(), 0, signature, 0, WORD);
        System.arraycopy(made.getS(), 0, signature, WORD, WORD);
        signature[SignatureRecovery.SIGNATURE_BYTES - 1] = made.getV()[0];
        return signature;
    }
}
