package openledger.commitment.log;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/** Makes signers from their secrets alone. */
public final class SeededSigner {
    private SeededSigner() {}

    public static NoteSigner of(String name, NoteKey.Kind kind, byte[] seed) {
        return new NoteSigner(name, kind, seed, publicKey(seed));
    }

    /** The platform makes a public key only together with a secret, which it takes from its source of chance. */
    private static byte[] publicKey(byte[] seed) {
        try {
            KeyPairGenerator pairs = KeyPairGenerator.getInstance("Ed25519");
            pairs.initialize(NamedParameterSpec.ED25519, new SecureRandom() {
                @Override
                public void nextBytes(byte[] bytes) {
                    System.arraycopy(seed, 0, bytes, 0, bytes.length);
                }
            });
            byte[] info = pairs.generateKeyPair().getPublic().getEncoded();
            return Arrays.copyOfRange(info, info.length - NoteSigner.SEED_BYTES, info.length);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
