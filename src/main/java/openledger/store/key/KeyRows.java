package openledger.store.key;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import openledger.access.Caller;
import openledger.access.KeyDigest;
import openledger.access.KeyLimits;
import openledger.routing.RoutingMode;
import openledger.store.key.KeyWatch.Changed;
import openledger.store.key.StoredKeys.StoredKey;
import org.jboss.logging.Logger;

/**
 * The live keys as rows. When a key ends is read as a time left, by the database's clock, so that a router's clock may be
 * wrong.
 */
final class KeyRows {
    private static final Logger LOG = Logger.getLogger(KeyRows.class);

    /** One row a live key, each with the version; one row with nothing else if there is no key. */
    static final String READ = "select v.version, k.id, k.tenant, k.digest, k.requests_per_minute,"
            + " k.concurrent_requests, k.tokens_per_minute, k.default_mode,"
            + " extract(epoch from least(k.expires, k.revoked) - clock_timestamp())::float8 as seconds_left"
            + " from api_key_version v left join api_key k"
            + " on coalesce(least(k.expires, k.revoked) > clock_timestamp(), true)";

    /** A hundred years: an end may be further away than nanoseconds reach. */
    private static final double FAR_SECONDS = 100 * 365.25 * 86_400;

    private static final double NANOS_A_SECOND = 1e9;

    private KeyRows() {}

    /** What was read by {@link #READ}, which was sent at {@code at}. */
    static Changed changed(RowSet<Row> rows, long at) {
        Map<KeyDigest, StoredKey> keys = new HashMap<>();
        long version = KeyWatch.NEVER_READ;
        for (Row row : rows) {
            version = row.getLong("version");
            if (row.getLong("id") != null) {
                enter(keys, row, at);
            }
        }
        return new Changed(version, Map.copyOf(keys), at);
    }

    private static void enter(Map<KeyDigest, StoredKey> keys, Row row, long at) {
        try {
            keys.put(KeyDigest.of(row.getBuffer("digest").getBytes()), key(row, at));
        } catch (IllegalArgumentException e) {
            // A newer router may know more modes than we do; its keys must not keep ours from being read.
            LOG.warnf("a key cannot be used by this version, id=%d reason=%s", row.getLong("id"), e.getMessage());
        }
    }

    private static StoredKey key(Row row, long at) {
        Integer mode = row.getInteger("default_mode");
        Caller caller = new Caller(
                row.getString("tenant"),
                Long.toString(row.getLong("id")),
                limits(row),
                mode == null ? Optional.empty() : Optional.of(RoutingMode.ofCode(mode)));
        Double left = row.getDouble("seconds_left");
        double bounded = left == null ? FAR_SECONDS : Math.min(left, FAR_SECONDS);
        return new StoredKey(caller, at + (long) (bounded * NANOS_A_SECOND));
    }

    static KeyLimits limits(Row row) {
        return new KeyLimits(
                limit(row, "requests_per_minute"), limit(row, "concurrent_requests"), limit(row, "tokens_per_minute"));
    }

    private static OptionalInt limit(Row row, String column) {
        Integer limit = row.getInteger(column);
        return limit == null ? OptionalInt.empty() : OptionalInt.of(limit);
    }
}
