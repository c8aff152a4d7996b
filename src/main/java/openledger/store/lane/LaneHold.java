package openledger.store.lane;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import openledger.unit.LaneId;
import org.jspecify.annotations.Nullable;

/**
 * Our hold on a lane: a lease in the database, and the right to begin work under it. The right ends by our own monotonic clock, counted
 * from before the last question that the database has confirmed it by was sent; the lease lasts longer than that, by the database's clock,
 * whatever became of the answer. So nobody takes the lane while its holder begins anything, also if the holder was stopped in between.
 *
 * <p>{@link #mayBegin} and {@link #standing} may be asked on any thread; all else is confined to one event loop.
 */
public final class LaneHold {
    /** Of the right. Nothing begins two seconds after the database was last heard. */
    private static final Duration RIGHT = Duration.ofMillis(1_900);

    private static final Duration RENEW_EVERY = Duration.ofSeconds(1);

    /** Longer than {@link #LEFT_AT_LEAST}, and that is longer than the right. A crash costs the next router so long. */
    static final String TERM = "interval '4 seconds'";

    private static final String LEFT_AT_LEAST = "interval '2500 milliseconds'";

    /** Takes a lane that nobody holds, to serve it; gives the fence, or no row. Waits for a write of the old holder to end. */
    public static final String TAKE = "insert into lane_lease as l"
            + " (lane, holder, fence, expires, state, address, build, policy_hash)"
            + " values ($1, $2, 1, now() + " + TERM + ", " + State.SERVES.code() + ", $3, $5, $4)"
            + " on conflict (lane) do update set holder = $2, fence = l.fence + 1, expires = now() + " + TERM
            + ", state = " + State.SERVES.code() + ", address = $3, build = $5, policy_hash = $4"
            + " where l.expires < now() returning fence";

    /** Renews the lease, also one that has expired if nobody has taken it; gives the fence, or no row. */
    public static final String RENEW = "update lane_lease set expires = now() + " + TERM
            + ", address = $4, policy_hash = $5 where lane = $1 and holder = $2 and fence = $3 returning fence";

    /** Gives a row if the lease is ours and lasts for long enough. */
    public static final String LOOK =
            "select 1 from lane_lease where lane = $1 and holder = $2 and fence = $3 and expires > now() + "
                    + LEFT_AT_LEAST;

    /** The same for as long as the statement it is in lasts. */
    public static final String HELD =
            "select 1 from lane_lease where lane = $1 and holder = $2 and fence = $3 for share";

    public static final String RELEASE =
            "update lane_lease set expires = now() where lane = $1 and holder = $2 and fence = $3";

    private final LaneId lane;
    private final UUID holder;
    private final String build;
    private volatile long fence;
    private volatile String address = "";
    private volatile byte @Nullable [] policy;
    private volatile boolean kept;
    private long renewedNanos;
    private volatile long confirmedNanos;
    private volatile boolean held;

    /** What the holder does with a lane. */
    public enum State {
        SERVES(1),
        /** Brings what a router has left behind to its end. */
        FINISHES(2),
        /** Nothing is left of it, and nobody holds it. */
        FREE(3);

        private final int code;

        State(int code) {
            this.code = code;
        }

        /** As it stands in the database. */
        public int code() {
            return code;
        }
    }

    /** A lane that is not held yet, by a holder of its own. */
    public LaneHold(LaneId lane) {
        this(lane, UUID.randomUUID(), "");
    }

    /**
     * A lane that is not held yet.
     *
     * @param holder the process, for all of its lanes
     * @param build what the router was built from, for those who look
     */
    public LaneHold(LaneId lane, UUID holder, String build) {
        this.lane = lane;
        this.holder = holder;
        this.build = build;
    }

    /**
     * A holder that can be seen to be the same router as before a restart: the first half is the router's, the second is chance.
     *
     * @param router a name that no two running routers should have
     */
    public static UUID holder(String router, long chance) {
        return new UUID(
                UUID.nameUUIDFromBytes(router.getBytes(StandardCharsets.UTF_8)).getMostSignificantBits(), chance);
    }

    /** Lets others know where the holder takes requests of routers, from the next renewal on; any thread. */
    public void address(String hostAndPort) {
        address = hostAndPort;
    }

    /** Lets others know which policy the holder follows, from the next renewal on; any thread. */
    public void policy(byte[] hash) {
        policy = hash.clone();
    }

    /** Whoever writes the lane renews the lease from now on. */
    public void kept() {
        kept = true;
    }

    /** True once its journal renews the lease; any thread. */
    public boolean isKept() {
        return kept;
    }

    public UUID holder() {
        return holder;
    }

    /** 0 until it is taken; any thread. */
    public long fence() {
        return fence;
    }

    public LaneId lane() {
        return lane;
    }

    /** True if what begins at {@code nanos} begins while the lane is ours. */
    public boolean mayBegin(long nanos) {
        return held && nanos - confirmedNanos < RIGHT.toNanos();
    }

    /** The hold itself, on any thread; empty if there is none, or another router has it. */
    public Optional<HeldLane> standing() {
        // The fence was written before this.
        return held ? Optional.of(new HeldLane(lane, holder, fence)) : Optional.empty();
    }

    public boolean isTaken() {
        return fence > 0;
    }

    public boolean isHolder(UUID writer) {
        return holder.equals(writer);
    }

    public boolean isToBeRenewed(long nanos) {
        return nanos - renewedNanos >= RENEW_EVERY.toNanos();
    }

    public void renewing(long sentNanos) {
        renewedNanos = sentNanos;
    }

    /** The database has answered that the lane was ours when it was asked, not before {@code sentNanos}. */
    public void confirmed(long sentNanos) {
        if (sentNanos - confirmedNanos > 0) {
            confirmedNanos = sentNanos;
        }
    }

    /** Taken, or taken up again, by a question sent at {@code sentNanos}. */
    public void taken(long asFence, long sentNanos) {
        fence = asFence;
        renewedNanos = sentNanos;
        confirmedNanos = sentNanos;
        held = true;
    }

    public void lost() {
        held = false;
    }

    /** Values of {@link #TAKE}; may be added to. */
    public Tuple candidate() {
        return shown(key()).addString(build);
    }

    /** Values of {@link #RENEW}. */
    public Tuple renewal() {
        return shown(values());
    }

    /** The first three values of all the others; may be added to. */
    public Tuple values() {
        return key().addLong(fence);
    }

    private Tuple key() {
        return Tuple.tuple().addLong(lane.value()).addUUID(holder);
    }

    private Tuple shown(Tuple to) {
        byte[] hash = policy;
        return to.addString(address).addBuffer(hash == null ? null : Buffer.buffer(hash));
    }
}
