package openledger.chain;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.web3j.crypto.Sign;

/**
 * The accounts of all lanes from one secret, so that a router can bring the lane of another to the chain. The key of lane n is
 * HKDF-SHA256 (RFC 5869, without a salt) of the seed with the info {@code "openledger lane" ‖ n}, n as 8 bytes, big-endian. Should that be
 * no key of secp256k1, which no seed will ever meet, a byte is added to the info, from 1 on. Immutable; its text form shows nothing.
 */
public final class LaneSeed {
    /** Length of a seed. */
    public static final int BYTES = 32;

    private static final byte[] LABEL = "openledger lane".getBytes(StandardCharsets.US_ASCII);
    private static final String HMAC = "HmacSHA256";
    private static final int TRIES = 256;

    private final byte[] pseudorandom;

    private LaneSeed(byte[] seed) {
        this.pseudorandom = hmac(new byte[BYTES], seed);
    }

    /**
     * Reads a seed: 64 hex digits, with or without {@code 0x}.
     *
     * @throws IllegalArgumentException for anything else; the message does not have the seed
     */
    public static LaneSeed of(String text) {
        String digits = text.strip();
        if (digits.startsWith("0x")) {
            digits = digits.substring(2);
        }
        if (digits.length() != 2 * BYTES || !digits.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException("a seed must have 64 hex digits");
        }
        return new LaneSeed(HexFormat.of().parseHex(digits));
    }

    /**
     * The account that commits for a lane.
     *
     * @param number of the lane's router in {@code openledger.lanes}, 1 or more
     */
    public LaneAccount account(long number) {
        for (int more = 0; more < TRIES; more++) {
            byte[] key = expand(number, more);
            BigInteger value = new BigInteger(1, key);
            if (value.signum() > 0 && value.compareTo(Sign.CURVE_PARAMS.getN()) < 0) {
                return LaneAccount.of(HexFormat.of().formatHex(key));
            }
        }
        throw new IllegalStateException("no account for lane " + number);
    }

    /** One block of output is as long as a key. */
    private byte[] expand(long number, int more) {
        ByteBuffer info =
                ByteBuffer.allocate(LABEL.length + Long.BYTES + 2).put(LABEL).putLong(number);
        if (more > 0) {
            info.put((byte) more);
        }
        info.put((byte) 1).flip();
        byte[] input = new byte[info.remaining()];
        info.get(input);
        return hmac(pseudorandom, input);
    }

    private static byte[] hmac(byte[] key, byte[] input) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "LaneSeed";
    }
}
