package openledger.identity;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;

/** Signers of notes made of their secrets alone: 32 bytes in hexadecimal digits, as an environment variable has them (Ed25519, RFC 8032). */
public final class NoteSecret {
    private static final int DIGITS = 2 * NoteSigner.SEED_BYTES;

    private NoteSecret() {}

    /**
     * The signer that a secret makes.
     *
     * @param secret 64 hexadecimal digits, with or without {@code 0x}; never part of a message
     * @throws IllegalArgumentException saying what is wrong, without the secret
     */
    public static NoteSigner signer(String name, NoteKey.Kind kind, String secret) {
        String digits = secret.strip();
        digits = digits.startsWith("0x") ? digits.substring(2) : digits;
        if (digits.length() != DIGITS || !digits.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException("the secret of an Ed25519 key is 64 hexadecimal digits");
        }
        byte[] seed = HexFormat.of().parseHex(digits);
        return new NoteSigner(name, kind, seed, publicKey(seed));
    }

    /** The platform makes a public key only together with a secret, which it takes from its source of chance. */
    private static byte[] publicKey(byte[] seed) {
        try {
            KeyPairGenerator pairs = KeyPairGenerator.getInstance("Ed25519");
            pairs.initialize(NamedParameterSpec.ED25519, new KnownChance(seed));
            byte[] info = pairs.generateKeyPair().getPublic().getEncoded();
            return Arrays.copyOfRange(info, info.length - NoteSigner.SEED_BYTES, info.length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has Ed25519", e);
        }
    }

    /** Gives the bytes that it was given. */
    private static final class KnownChance extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final byte[] known;

        KnownChance(byte[] known) {
            this.known = known.clone();
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(known, 0, bytes, 0, bytes.length);
        }
    }
}
