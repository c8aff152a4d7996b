package openledger.commitment;

import openledger.unit.Address;
import openledger.unit.Hash32;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Sign;

/** Signs heads with keys that tests know. */
public final class HeadSigning {
    public static final Credentials KEY = Credentials.create("0x" + "11".repeat(32));
    public static final Credentials OTHER_KEY = Credentials.create("0x" + "22".repeat(32));
    public static final Address SIGNER = Address.parse(KEY.getAddress());

    private static final int WORD = 32;

    private HeadSigning() {}

    /** A digest, signed: r, s and v. */
    public static byte[] sign(Hash32 digest, Credentials key) {
        Sign.SignatureData made = Sign.signMessage(digest.bytes(), key.getEcKeyPair(), false);
        byte[] signature = new byte[2 * WORD + 1];
        System.arraycopy(made.getR(), 0, signature, 0, WORD);
        System.arraycopy(made.getS(), 0, signature, WORD, WORD);
        signature[2 * WORD] = made.getV()[0];
        return signature;
    }

    /** A head, signed for a registry. */
    public static SignedHead sign(long chainId, Address registry, LaneHead head, Credentials key) {
        return new SignedHead(
                chainId, registry, head, sign(head.digest(chainId, registry), key), Address.parse(key.getAddress()));
    }
}
