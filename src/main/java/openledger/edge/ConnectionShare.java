package openledger.edge;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * Connections in the order in which they make room: those without a request yet, those with one, those whose client is known by a key;
 * of each the oldest first. Not thread-safe.
 */
final class ConnectionShare {
    /** Connections with a request under way that are passed over in search of one that may go: bounds the work of an accept. */
    private static final int MOST_LOOKED_AT = 256;

    private final SequencedSet<ClientConnection> fresh = new LinkedHashSet<>();
    private final SequencedSet<ClientConnection> used = new LinkedHashSet<>();
    private final SequencedSet<ClientConnection> known = new LinkedHashSet<>();

    int size() {
        return fresh.size() + used.size() + known.size();
    }

    boolean has(ClientConnection connection) {
        return fresh.contains(connection) || used.contains(connection) || known.contains(connection);
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

    void remove(ClientConnection connection) {
        if (!fresh.remove(connection) && !used.remove(connection)) {
            known.remove(connection);
        }
    }

    /** It makes room before its like. */
    void moveToFront(ClientConnection connection) {
        if (used.contains(connection)) {
            used.addFirst(connection);
        } else if (known.contains(connection)) {
            known.addFirst(connection);
        }
    }

    /** One that has been told to go; those with a request under way are looked at last next time. */
    Optional<ClientConnection> displaced() {
        return displaced(fresh).or(() -> displaced(used)).or(() -> displaced(known));
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
