package openledger.commitment.leaf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.LocalDate;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import openledger.unit.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * The secret of a lane, which keeps leaves from revealing tenants to outsiders: HMAC-SHA256 (RFC 2104) under 32 secret bytes, each use
 * under its own first byte. In a cluster one more secret, which all its lanes share, says the cohorts of a lane's requests from one of them
 * on: those before keep theirs, so that each leaf stays what it was. Never printed. Safe for several threads.
 */
public final class LaneSecret {
    public static final int BYTES = 32;
    public static final int SALT_BYTES = 16;
    public static final int TAG_BYTES = 16;

    private static final String ALGORITHM = "HmacSHA256";
    private static final byte SALT = 1;
    private static final byte COHORT = 2;
    private static final byte TAG = 3;
    private static final byte NAME = 4;
    private static final int DAYS_A_WEEK = 7;
    /** The first of January 1970 was a Thursday, the fourth day of its week. */
    private static final int DAYS_SINCE_MONDAY = 3;

    private final Mac fresh;
    private volatile @Nullable Shared shared;

    /**
     * A lane's secret.
     *
     * @param secret 32 random bytes
     */
    public LaneSecret(byte[] secret) {
        if (secret.length != BYTES) {
            throw new IllegalArgumentException("a lane's secret has 32 bytes: " + secret.length);
        }
        fresh = keyed(secret);
    }

    private static Mac keyed(byte[] secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has HMAC-SHA256", impossible);
        }
    }

    /**
     * From a request on the lane's cohorts are those of its cluster. For ever: what was said once is said again.
     *
     * @param secret 32 random bytes, the same for all lanes
     * @param counter of the lane's first request of which that holds
     * @throws IllegalStateException if something else was said before
     */
    public synchronized void shareCohorts(byte[] secret, long counter) {
        if (secret.length != BYTES) {
            throw new IllegalArgumentException("a cluster's secret of cohorts has 32 bytes: " + secret.length);
        }
        Shared next = new Shared(keyed(secret), counter, name(secret));
        Shared before = shared;
        if (before != null && (before.from != counter || before.name != next.name)) {
            throw new IllegalStateException("a lane's cohorts cannot be shared from two requests on");
        }
        shared = next;
    }

    /** Whether the cohort of the request of that counter is one of the cluster's. */
    public boolean sharesCohort(long counter) {
        Shared known = shared;
        return known != null && counter >= known.from;
    }

    /** Eight bytes that tell one secret of cohorts from another, and nothing else. */
    private static long name(byte[] secret) {
        byte[] mac = mac(keyed(secret), new byte[] {NAME});
        return ByteBuffer.wrap(mac).getLong();
    }

    /** Which secret the cohorts of requests that come now are of, as a name that reveals nothing of it; 0 for the lane's own. */
    public long cohortsName() {
        Shared known = shared;
        return known == null ? 0 : known.name;
    }

    /** The salt of a request, 16 bytes; disclosed in its receipt. */
    public byte[] salt(RequestId id) {
        byte[] message = ByteBuffer.allocate(1 + 2 * Long.BYTES)
                .put(SALT)
                .putLong(id.lane())
                .putLong(id.counter())
                .array();
        return Arrays.copyOf(mac(fresh, message), SALT_BYTES);
    }

    /** The bucket of a tenant whose request comes now, 0 to 63; another in every week, which begins on Monday, UTC. */
    public int cohort(String tenant, LocalDate day) {
        return cohort(Long.MAX_VALUE, tenant, day);
    }

    /** The bucket of a tenant, 0 to 63, as the leaf of a request of that counter says it; another in every week. */
    public int cohort(long counter, String tenant, LocalDate day) {
        long week = Math.floorDiv(day.toEpochDay() + DAYS_SINCE_MONDAY, DAYS_A_WEEK);
        Shared known = shared;
        return mac(known == null || counter < known.from ? fresh : known.mac, named(COHORT, week, tenant))[0]
                & Leaf.COHORTS - 1;
    }

    /** What auditors see in place of a tenant on that day, 16 bytes. */
    public byte[] tenantTag(String tenant, LocalDate day) {
        return Arrays.copyOf(mac(fresh, named(TAG, day.toEpochDay(), tenant)), TAG_BYTES);
    }

    private static byte[] named(byte use, long period, String tenant) {
        byte[] name = tenant.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + Long.BYTES + name.length)
                .put(use)
                .putLong(period)
                .put(name)
                .array();
    }

    private static byte[] mac(Mac of, byte[] message) {
        try {
            return ((Mac) of.clone()).doFinal(message);
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("Java's own HMAC can be copied", impossible);
        }
    }

    /** The cohorts of a cluster, from a request on. */
    private record Shared(Mac mac, long from, long name) {}
}
