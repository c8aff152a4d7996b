package openledger.commitment.leaf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.LocalDate;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import openledger.unit.RequestId;

/**
 * The secret of a lane, which keeps leaves from revealing tenants to outsiders: HMAC-SHA256 (RFC 2104) under 32 secret bytes, each use
 * under its own first byte. Never printed. Safe for several threads.
 */
public final class LaneSecret {
    public static final int BYTES = 32;
    public static final int SALT_BYTES = 16;
    public static final int TAG_BYTES = 16;

    private static final String ALGORITHM = "HmacSHA256";
    private static final byte SALT = 1;
    private static final byte COHORT = 2;
    private static final byte TAG = 3;
    private static final int DAYS_A_WEEK = 7;
    /** The first of January 1970 was a Thursday, the fourth day of its week. */
    private static final int DAYS_SINCE_MONDAY = 3;

    private final Mac fresh;

    /**
     * A lane's secret.
     *
     * @param secret 32 random bytes
     */
    public LaneSecret(byte[] secret) {
        if (secret.length != BYTES) {
            throw new IllegalArgumentException("a lane's secret has 32 bytes: " + secret.length);
        }
        try {
            fresh = Mac.getInstance(ALGORITHM);
            fresh.init(new SecretKeySpec(secret, ALGORITHM));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has HMAC-SHA256", impossible);
        }
    }

    /** The salt of a request, 16 bytes; disclosed in its receipt. */
    public byte[] salt(RequestId id) {
        byte[] message = ByteBuffer.allocate(1 + 2 * Long.BYTES)
                .put(SALT)
                .putLong(id.lane())
                .putLong(id.counter())
                .array();
        return Arrays.copyOf(mac(message), SALT_BYTES);
    }

    /** The bucket of a tenant, 0 to 63; another in every week, which begins on Monday, UTC. */
    public int cohort(String tenant, LocalDate day) {
        long week = Math.floorDiv(day.toEpochDay() + DAYS_SINCE_MONDAY, DAYS_A_WEEK);
        return mac(named(COHORT, week, tenant))[0] & Leaf.COHORTS - 1;
    }

    /** What auditors see in place of a tenant on that day, 16 bytes. */
    public byte[] tenantTag(String tenant, LocalDate day) {
        return Arrays.copyOf(mac(named(TAG, day.toEpochDay(), tenant)), TAG_BYTES);
    }

    private static byte[] named(byte use, long period, String tenant) {
        byte[] name = tenant.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + Long.BYTES + name.length)
                .put(use)
                .putLong(period)
                .put(name)
                .array();
    }

    private byte[] mac(byte[] message) {
        try {
            return ((Mac) fresh.clone()).doFinal(message);
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("Java's own HMAC can be copied", impossible);
        }
    }
}
