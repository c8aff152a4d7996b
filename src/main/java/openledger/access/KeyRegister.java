package openledger.access;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Port: creates, lists, rotates and revokes keys. A call fails with {@link RegisterUnavailable} if the database does not answer. {@link
 * KeyDirectory} is what routers know of it. Thread-safe.
 */
public interface KeyRegister {
    /** Makes a key; it is in the answer and nowhere else. */
    Uni<Issued> create(KeyGrant grant);

    /** Keys, newest first, those that have ended included. */
    Uni<Page> list(Filter filter);

    /**
     * Makes a key like another and lets that end after {@code grace}; empty if there is no such key, or it has ended.
     *
     * @param grace 0 to {@link #LONGEST_GRACE}
     */
    Uni<Optional<Issued>> rotate(long id, Duration grace);

    /** Ends a key now; empty if there is no such key. Of a key that has ended, the end stays what it was. */
    Uni<Optional<Entry>> revoke(long id);

    /** The longest time for which a key may outlive its replacement. */
    Duration LONGEST_GRACE = Duration.ofDays(90);

    /**
     * What is known of a key.
     *
     * @param id its name; no secret
     * @param prefix its first characters
     * @param revoked when it was taken back, or will be if that is to come
     */
    record Entry(long id, KeyGrant grant, String prefix, Instant created, Optional<Instant> revoked) {}

    /** A key that was just made. */
    record Issued(Entry entry, ApiKey key) {}

    /**
     * Which keys.
     *
     * @param tenant whose; empty for everybody's
     * @param before only ids below; {@link Long#MAX_VALUE} for the first page
     * @param limit 1 to 1_000
     */
    record Filter(Optional<String> tenant, long before, int limit) {}

    /** Some keys; {@code next} is what the next page's ids are below, empty on the last page. */
    record Page(List<Entry> entries, Optional<Long> next) {}

    /** The register cannot be reached. */
    final class RegisterUnavailable extends RuntimeException {
        public RegisterUnavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
