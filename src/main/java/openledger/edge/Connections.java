package openledger.edge;

import io.netty.util.internal.PlatformDependent;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The connections of one listening port, all of them from the moment they are accepted. Where there is no place for another one,
 * another makes room ({@link ConnectionShare} says which), or at last one that does not read its answer; one with a request under way
 * never does. So connections that are merely held open keep nobody out. Memory outside of the heap is bounded by how many may leave their
 * answers unread, and by what heads that are not whole and requests that were sent early may take together. Thread-safe.
 */
final class Connections {
    /** Connections that have been told to go and have not gone yet: a little of what the process has to spare. */
    private static final int FEW_CLOSING = 64;
    /** Of a connection that does not read: two pieces, written and about to be. */
    private static final long UNREAD_OCTETS = 2L * PacedOutput.PIECE;

    private static final int FEW_UNREAD = 64;
    /** Of the memory outside of the heap for answers that are not read, and half of that for what has come too early: one in so many. */
    private static final int MEMORY_SHARE = 4;
    /** Before that a client may be merely slow. */
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final ConnectionLimits limits;
    private final int mostClosing;
    private final int mostUnread;
    private final long mostHeld;
    private final SequencedSet<ClientConnection> unread = new LinkedHashSet<>();
    private final AtomicLong held = new AtomicLong();
    private final ConnectionShare all = new ConnectionShare();
    private final Map<ClientNetwork, ConnectionShare> networks = new HashMap<>();
    private int closing;

    Connections(ConnectionLimits limits) {
        this(limits, PlatformDependent.maxDirectMemory());
    }

    Connections(ConnectionLimits limits, long memory) {
        this.limits = limits;
        this.mostClosing = FEW_CLOSING + limits.most() / 4;
        this.mostUnread = Math.clamp(memory / MEMORY_SHARE / UNREAD_OCTETS, FEW_UNREAD, Integer.MAX_VALUE);
        this.mostHeld = memory / MEMORY_SHARE / 2;
    }

    /** Takes a connection in, if there is a place or one can be made; else it must be closed. */
    synchronized boolean isAdmitted(ClientConnection connection) {
        ConnectionShare own = networks.computeIfAbsent(connection.network(), first -> new ConnectionShare());
        boolean placed = connection.isTrusted() || own.size() < limits.mostPerAddress() || isRoomMade(own);
        if (!placed || (all.size() >= limits.most() && !isRoomMade(all) && !isUnreadOneClosed())) {
            forgetIfEmpty(connection.network(), own);
            return false;
        }
        // Making room may have emptied and dropped the share.
        networks.computeIfAbsent(connection.network(), first -> new ConnectionShare())
                .add(connection);
        all.add(connection);
        return true;
    }

    private boolean isRoomMade(ConnectionShare share) {
        if (closing >= mostClosing) {
            return false;
        }
        Optional<ClientConnection> displaced = share.displaced();
        displaced.ifPresent(gone -> {
            closing++;
            drop(gone);
            gone.close();
        });
        return displaced.isPresent();
    }

    private boolean isUnreadOneClosed() {
        if (unread.isEmpty() || System.nanoTime() - unread.getFirst().unreadSince() < SLOW_NANOS) {
            return false;
        }
        closeEldestUnread();
        return true;
    }

    private void closeEldestUnread() {
        ClientConnection eldest = unread.getFirst();
        closing++;
        drop(eldest);
        eldest.close();
    }

    /** It has let an answer wait; the one that has done so for longest is closed if they are too many. */
    synchronized void unread(ClientConnection connection) {
        if (!all.has(connection)) {
            // It has been told to go.
            return;
        }
        unread.addLast(connection);
        if (unread.size() > mostUnread) {
            closeEldestUnread();
        }
    }

    /** It reads again. */
    synchronized void read(ClientConnection connection) {
        unread.remove(connection);
    }

    /** Takes some of the memory for what cannot be handed on yet; false if there is not so much. */
    boolean mayHold(int octets) {
        if (held.addAndGet(octets) <= mostHeld) {
            return true;
        }
        held.addAndGet(-octets);
        return false;
    }

    void holdNoMore(int octets) {
        held.addAndGet(-octets);
    }

    private void drop(ClientConnection connection) {
        unread.remove(connection);
        all.remove(connection);
        ConnectionShare own = networks.get(connection.network());
        if (own != null) {
            own.remove(connection);
            forgetIfEmpty(connection.network(), own);
        }
    }

    private void forgetIfEmpty(ClientNetwork network, ConnectionShare share) {
        if (share.size() == 0) {
            networks.remove(network);
        }
    }

    /** It only waits for the rest of a body that nobody needs. */
    synchronized void rests(ClientConnection connection) {
        ConnectionShare own = networks.get(connection.network());
        if (own != null) {
            all.rests(connection);
            own.rests(connection);
        }
    }

    /** The rest of the body has come. */
    synchronized void restIsOver(ClientConnection connection) {
        ConnectionShare own = networks.get(connection.network());
        if (own != null) {
            all.restIsOver(connection);
            own.restIsOver(connection);
        }
    }

    /** It has sent its first request. */
    synchronized void used(ClientConnection connection) {
        ConnectionShare own = networks.get(connection.network());
        if (own != null) {
            all.used(connection);
            own.used(connection);
        }
    }

    /** It has sent a request with a good key. */
    synchronized void known(ClientConnection connection) {
        ConnectionShare own = networks.get(connection.network());
        if (own != null) {
            all.known(connection);
            own.known(connection);
        }
    }

    /** It is closed. */
    synchronized void left(ClientConnection connection) {
        if (all.has(connection)) {
            drop(connection);
        } else {
            closing--;
        }
    }

    /** How many there are. */
    synchronized int size() {
        return all.size();
    }
}
