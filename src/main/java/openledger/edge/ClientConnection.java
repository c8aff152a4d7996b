package openledger.edge;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import openledger.http.KnownClients;
import org.jspecify.annotations.Nullable;

/**
 * The state of a client's connection, and its deadline. Confined to the connection's event loop, except for whether it may be displaced,
 * which any thread may read. Long because every state of a connection and its deadline are one thing.
 */
final class ClientConnection {
    private static final int WAITING = 0;
    private static final int BUSY = 1;
    private static final int GONE = 2;
    /** The 408 of the router comes before this is over. */
    private static final Duration BODY_GRACE = Duration.ofSeconds(5);
    /** For the body of a request that is answered already: its sender may read the answer only once it has sent all. */
    private static final Duration AFTER_ANSWER = Duration.ofSeconds(6);
    /** What is left of an answer once it is whole must be taken within so many times the limit for taking nothing. */
    private static final int LAST_READ = 10;

    private final Channel channel;
    private final ConnectionLimits limits;
    private final Connections connections;
    private final ClientNetwork network;
    private final boolean trusted;
    private final long acceptedAt = System.nanoTime();
    private final AtomicInteger state = new AtomicInteger(WAITING);

    private Phase phase = Phase.NONE;
    private boolean used;
    private boolean known;
    private boolean resting;
    private boolean headOpen;
    private boolean bodyOpen;
    private boolean muted;
    private int outstanding;
    private int begun;
    private long deadline;
    private long timerAt;
    private @Nullable Future<?> timer;
    private @Nullable Runnable onLateHead;
    private @Nullable Runnable onAnswered;

    private @Nullable ChannelFuture marker;
    private long markedAt;
    private long pendingAtMarker;
    private long wholeAt;
    private volatile long unreadSince;

    private enum Phase {
        NONE,
        FIRST,
        HEAD,
        BODY,
        /** The answer is whole and the body is not. */
        REST,
        ANSWER,
        IDLE
    }

    ClientConnection(Channel channel, ConnectionLimits limits, Connections connections) {
        this.channel = channel;
        this.limits = limits;
        this.connections = connections;
        SocketAddress remote = channel.remoteAddress();
        this.network = ClientNetwork.of(remote);
        this.trusted = ClientNetwork.address(remote)
                .map(known -> limits.trusted().stream().anyMatch(range -> range.contains(known)))
                // The other end of a Unix socket: whoever may open it is on this machine.
                .orElse(true);
    }

    ClientNetwork network() {
        return network;
    }

    long acceptedAt() {
        return acceptedAt;
    }

    boolean isTrusted() {
        return trusted;
    }

    /** Whether any of its requests came with a good key; asked on its event loop. */
    boolean isKnown() {
        return known;
    }

    /** Whether it waits for a request, and from now on for nothing; called by any thread, at most one gets true. */
    boolean isDisplaced() {
        return state.compareAndSet(WAITING, GONE);
    }

    /** At once; asked in the usual way, Vert.x would first wait for what it has written to be taken. Called by any thread. */
    void close() {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        var _ = first == null ? channel.close() : first.close();
    }

    /** Counts from here; {@code lateHead} is what happens to a head that is not whole in time. */
    void open(Runnable lateHead) {
        onLateHead = lateHead;
        review();
    }

    /** A head is whole; false if the connection has been displaced, so that nothing more is to be read from it. */
    boolean isBegun() {
        if (state.get() == WAITING && !state.compareAndSet(WAITING, BUSY)) {
            return false;
        }
        if (state.get() == GONE) {
            return false;
        }
        if (!used) {
            used = true;
            connections.used(this);
        }
        headOpen = false;
        bodyOpen = true;
        outstanding++;
        phase = Phase.NONE;
        return true;
    }

    void bodyIsWhole() {
        bodyOpen = false;
        if (resting) {
            resting = false;
            connections.restIsOver(this);
        }
        settle();
    }

    /** A head has begun and is not whole. */
    void headIsOpen() {
        headOpen = true;
    }

    /** All that has arrived has been looked at. */
    void readIsOver() {
        review();
    }

    int outstanding() {
        return outstanding;
    }

    boolean isBodyOpen() {
        return bodyOpen;
    }

    void answerBegins() {
        begun++;
    }

    boolean isAnswerBegun() {
        return begun > 0;
    }

    /** An answer has been written as a whole, but the client has not taken all of it. */
    void answerIsWritten() {
        wholeAt = System.nanoTime();
    }

    /** The client's side has taken the last of an answer. */
    void answerIsSent() {
        outstanding--;
        wholeAt = 0;
        begun--;
        settle();
        review();
    }

    /** The client takes what is written to it, or has let so much wait that no more is handed on. */
    void isTaken(boolean taken) {
        if (taken || !channel.isOpen()) {
            connections.read(this);
        } else {
            unreadSince = System.nanoTime();
            connections.unread(this);
        }
    }

    /** Since when it is among the {@linkplain Connections#unread unread}; asked by any thread. */
    long unreadSince() {
        return unreadSince;
    }

    /** Octets that have arrived and wait here; false if all connections together hold too many. */
    boolean mayHold(int octets) {
        return connections.mayHold(octets);
    }

    void holdsNoMore(int octets) {
        connections.holdNoMore(octets);
    }

    private void settle() {
        if (outstanding > 0) {
            return;
        }
        if (!known && KnownClients.isKnown(channel)) {
            known = true;
            connections.known(this);
        }
        if (bodyOpen) {
            if (state.compareAndSet(BUSY, WAITING)) {
                resting = true;
                connections.rests(this);
            }
            return;
        }
        if (onAnswered != null) {
            Runnable then = onAnswered;
            onAnswered = null;
            then.run();
        } else {
            state.compareAndSet(BUSY, WAITING);
        }
    }

    /** Runs once no answer is on its way. */
    void afterAnswers(Runnable then) {
        if (outstanding == 0) {
            then.run();
        } else {
            onAnswered = then;
        }
    }

    /** Nothing more is read, and nothing more that comes from the router is written. */
    void mute() {
        muted = true;
        state.set(GONE);
    }

    boolean isMuted() {
        return muted;
    }

    private void review() {
        Phase next = Phase.FIRST;
        if (bodyOpen) {
            next = outstanding == 0 ? Phase.REST : Phase.BODY;
        } else if (outstanding > 0) {
            next = Phase.ANSWER;
        } else if (headOpen) {
            next = Phase.HEAD;
        } else if (used) {
            next = Phase.IDLE;
        }
        if (next != phase) {
            phase = next;
            arm(allowed(next));
        }
    }

    private Duration allowed(Phase next) {
        return switch (next) {
            case NONE, FIRST -> limits.firstRequest();
            case HEAD -> limits.head();
            case BODY -> limits.body().plus(BODY_GRACE);
            case REST -> AFTER_ANSWER;
            case ANSWER -> limits.unread().dividedBy(2);
            case IDLE -> limits.keepAlive();
        };
    }

    /** One timer at most: it is moved only if it would come too late, and looks at the deadline when it comes. */
    private void arm(Duration allowed) {
        deadline = System.nanoTime() + allowed.toNanos();
        if (timer != null && timerAt - deadline > 0) {
            timer.cancel(false);
            timer = null;
        }
        if (timer == null) {
            schedule(allowed.toNanos());
        }
    }

    private void schedule(long nanos) {
        timerAt = System.nanoTime() + nanos;
        timer = channel.eventLoop().schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        timer = null;
        if (!channel.isOpen() || muted) {
            return;
        }
        long now = System.nanoTime();
        if (deadline - now > 0) {
            schedule(deadline - now);
            return;
        }
        switch (phase) {
            case NONE, FIRST, IDLE -> {
                if (isDisplaced()) {
                    close();
                }
            }
            case HEAD -> {
                if (onLateHead != null) {
                    onLateHead.run();
                }
            }
            case BODY, REST -> close();
            case ANSWER -> lookWhetherItIsRead(now);
        }
    }

    /** What a client takes is seen by an empty write behind all that waits: when it is done, everything before it is gone. */
    private void lookWhetherItIsRead(long now) {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        long pending = out == null ? 0 : out.totalPendingWriteBytes();
        long limit = limits.unread().toNanos();
        if (pending == 0) {
            marker = null;
        } else if (marker == null || marker.isDone()) {
            markedAt = now;
            pendingAtMarker = pending;
            marker = channel.pipeline().firstContext().writeAndFlush(Unpooled.EMPTY_BUFFER);
        } else if (pending < pendingAtMarker) {
            markedAt = now;
            pendingAtMarker = pending;
        } else if (now - markedAt >= limit) {
            close();
            return;
        }
        if (pending > 0 && wholeAt != 0 && now - wholeAt >= LAST_READ * limit) {
            close();
            return;
        }
        arm(allowed(Phase.ANSWER));
    }

    void closed() {
        if (timer != null) {
            timer.cancel(false);
        }
        connections.left(this);
    }
}
