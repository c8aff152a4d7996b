package openledger.access;

import java.util.Base64;
import java.util.random.RandomGenerator;

/**
 * A key in plain text, between its creation and the one time it is shown. Never stored.
 *
 * @param text {@code sk-openledger-} and 32 random bytes in base64url
 */
public record ApiKey(String text) {
    private static final String START = "sk-openledger-";
    private static final int RANDOM_BYTES = 32;
    /** 24 of the 256 random bits: enough to tell keys apart, no help in guessing one. */
    private static final int SHOWN = START.length() + 4;

    /** A new key; {@code random} must be fit for secrets. */
    public static ApiKey draw(RandomGenerator random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return new ApiKey(START + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** What is kept of it. */
    public KeyDigest digest() {
        return KeyDigest.of(text);
    }

    /** The first characters, by which a person knows it again. */
    public String prefix() {
        return text.substring(0, SHOWN);
    }

    /** Not the key: what is printed by accident must be no secret. */
    @Override
    public String toString() {
        return prefix() + "...";
    }
}
