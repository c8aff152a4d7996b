package openledger.edge;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;

/**
 * Connections in the order in which they make room. First those that only wait for the rest of a body that is answered already; then
 * those that have not sent a request for a second; those that wait between two requests; those that are new, for their request may have
 * come and not been read; at last those between two requests whose client is known by a key. Of each the oldest first. Not thread-safe.
 */
final class ConnectionShare {
    /** Connections with a request under way that are passed over in search of one that may go: bounds the work of an accept. */
    private static final int MOST_LOOKED_AT = 256;
    /** A busy event loop reads the first request of a connection later than it was sent. */
    private static final long NEW_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final SequencedSet<ClientConnection> resting = new LinkedHashSet<>();
    private final SequencedSet<ClientConnection> fresh = new LinkedHashSet<>();
    private final SequencedSet<ClientConnection> used = new LinkedHashSet<>();
    private final SequencedSet<ClientConnection> known = new LinkedHashSet<>();

    int size() {
        return resting.size() + fresh.size() + used.size() + known.size();
    }

    boolean has(ClientConnection connection) {
        return fresh.contains(connection)
                || used.contains(connection)
                || known.contains(connection)
                || resting.contains(connection);
    }

    void add(ClientConnection connection) {
        fresh.add(connection);
    }

    /** It has sent its first request. */
    void used(ClientConnection connection) {
        if (fresh.remove(connection)) {
            used.add(connection);
        }
    }

    /** It has presented a good key. */
    void known(ClientConnection connection) {
        if (used.remove(connection)) {
            known.add(connection);
        }
    }

    /** Its request is answered, and the rest of its body has not come. */
    void rests(ClientConnection connection) {
        if (used.remove(connection) || known.remove(connection)) {
            resting.add(connection);
        }
    }

    /** The rest has come. */
    void restIsOver(ClientConnection connection) {
        if (resting.remove(connection)) {
            (connection.isKnown() ? known : used).add(connection);
        }
    }

    void remove(ClientConnection connection) {
        if (!fresh.remove(connection) && !used.remove(connection) && !known.remove(connection)) {
            resting.remove(connection);
        }
    }

    /** One that has been told to go; those with a request under way are looked at last next time. */
    Optional<ClientConnection> displaced() {
        return displaced(resting)
                .or(() -> isSilent() ? displaced(fresh) : Optional.empty())
                .or(() -> displaced(used))
                .or(() -> displaced(fresh))
                .or(() -> displaced(known));
    }

    private boolean isSilent() {
        return !fresh.isEmpty() && System.nanoTime() - fresh.getFirst().acceptedAt() >= NEW_NANOS;
    }

    private static Optional<ClientConnection> displaced(SequencedSet<ClientConnection> candidates) {
        int most = Math.min(candidates.size(), MOST_LOOKED_AT);
        for (int i = 0; i < most; i++) {
            Iterator<ClientConnection> oldest = candidates.iterator();
            ClientConnection candidate = oldest.next();
            if (candidate.isDisplaced()) {
                return Optional.of(candidate);
            }
            candidates.addLast(candidate);
        }
        return Optional.empty();
    }
}
