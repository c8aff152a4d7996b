package openledger.cluster.share;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import openledger.budget.MinuteRate;
import openledger.cluster.share.ShareEngine.RateGrant;
import openledger.cluster.share.ShareEngine.RateWish;

/**
 * This router's share of a rate, by leases from the engine. Who takes is on any thread and changes atomics only; what the engine says comes
 * on one event loop.
 *
 * <p>A token is used within {@link #hold} of its grant or given back, and the engine's bucket is smaller by what comes in that time: so
 * whoever counts in any window finds no more than one bucket of the whole rate would have let through.
 */
final class LeasedRate extends Leased implements Rate {
    private static final long NANOS_A_SECOND = 1_000_000_000L;
    private static final long NANOS_A_MINUTE = 60 * NANOS_A_SECOND;
    private static final long HOLD = NANOS_A_SECOND;
    /** Of who is granted what it waits for, and no more. */
    private static final long SHORT_HOLD = NANOS_A_SECOND / 10;
    /** With fewer a minute, half a second's worth is no token. */
    private static final int LEAST_FOR_AHEAD = 120;

    private static final long NEVER = Long.MAX_VALUE;
    /** So long what was said of an empty bucket counts: others may give back what they have not used. */
    private static final long DRY = NANOS_A_SECOND / 4;

    private static final Unknown UNKNOWN = new Unknown();

    private final KeyShares board;
    private final int perMinute;
    private final long share;
    private final long whole;
    private final AtomicLong need = new AtomicLong();
    private final AtomicLong first = new AtomicLong(NEVER);
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong debt = new AtomicLong();
    private final AtomicLong back = new AtomicLong();
    private final AtomicLong since = new AtomicLong(NEVER);
    private volatile List<Lease> leases = List.of();
    private volatile Known known;
    private long lookedAt;
    private double perNano;

    LeasedRate(KeyShares board, ShareName name, int perMinute, long nowNanos) {
        super(name);
        this.board = board;
        this.perMinute = perMinute;
        this.share = MinuteRate.share(perMinute);
        this.whole = whole(perMinute, share);
        this.known = new Known(0, nowNanos, Long.MIN_VALUE, false);
        this.lookedAt = nowNanos;
    }

    /** How much of a minute's worth may come at once: a minute's, but for what comes while leases are held. */
    private static long whole(int perMinute, long share) {
        return Math.max(share, Math.min(share * perMinute, NANOS_A_MINUTE) - hold(perMinute));
    }

    /** How long a token may be used after its grant. */
    static long hold(int perMinute) {
        return perMinute < LEAST_FOR_AHEAD ? SHORT_HOLD : HOLD;
    }

    /**
     * What the engine has said last.
     *
     * @param missing of the bucket, in nanoseconds
     * @param at when it was said, by our clock
     * @param clock the same by the engine's
     * @param isDry there was less than was needed
     */
    private record Known(long missing, long at, long clock, boolean isDry) {}

    @Override
    public Taken take(long amount, long nowNanos) {
        long wanted = Math.min(amount, whole / share);
        asked.addAndGet(wanted);
        for (Lease lease : leases) {
            if (lease.take(wanted, nowNanos)) {
                if (perMinute >= LEAST_FOR_AHEAD && lease.isHalfUsed()) {
                    board.want(this);
                }
                return new Granted(standing(nowNanos), lease.at);
            }
        }
        long dry = dryFor(wanted, nowNanos);
        if (dry > 0) {
            return new Refused(standing(nowNanos), Duration.ofNanos(dry));
        }
        if (board.isWithoutHope(nowNanos)) {
            return UNKNOWN;
        }
        need.addAndGet(wanted);
        first.accumulateAndGet(wanted, Math::min);
        return new Asked(board.ask(this));
    }

    /** In how many nanoseconds so many may be there; 0 or less if the engine is to be asked. */
    private long dryFor(long wanted, long nowNanos) {
        Known said = known;
        long since = nowNanos - said.at;
        return said.isDry && since < DRY ? said.missing - since + wanted * share - whole : 0;
    }

    @Override
    public void settle(long at, long taken, long used, long nowNanos) {
        long more = used - Math.min(taken, whole / share);
        if (more > 0) {
            owe(more);
        } else if (more < 0) {
            giveBack(-more, at);
        }
    }

    private void owe(long amount) {
        long most = MinuteRate.MOST_OWED_NANOS / share;
        debt.accumulateAndGet(Math.min(amount, most), (before, more) -> Math.min(before + more, most));
        board.want(this);
    }

    /** What is too old would not be taken back, nor would what is said together with it. */
    private void giveBack(long amount, long at) {
        if (known.clock - at > NANOS_A_MINUTE) {
            return;
        }
        since.accumulateAndGet(at, Math::min);
        back.addAndGet(amount);
        board.want(this);
    }

    @Override
    public MinuteRate.Standing standing(long nowNanos) {
        Known said = known;
        long missing = Math.max(0, said.missing - (nowNanos - said.at));
        long held = 0;
        for (Lease lease : leases) {
            held += lease.isOver(nowNanos) ? 0 : lease.left();
        }
        long free = Math.max(0, whole - missing) / share;
        return new MinuteRate.Standing(perMinute, (int) Math.min(perMinute, held + free), Duration.ofNanos(missing));
    }

    @Override
    public boolean isFull(long nowNanos) {
        Known said = known;
        return leases.isEmpty()
                && said.missing - (nowNanos - said.at) <= 0
                && need.get() == 0
                && debt.get() == 0
                && back.get() == 0;
    }

    /** What is to be asked for now. */
    RateWish wish(long nowNanos) {
        long all = need.getAndSet(0);
        long least = first.getAndSet(NEVER);
        long ahead = ahead(nowNanos);
        long given = back.getAndSet(0);
        return new RateWish(
                name,
                share,
                whole,
                all == 0 ? 0 : Math.min(least, all),
                Math.min(all, whole / share),
                ahead,
                low(),
                debt.getAndSet(0),
                given,
                given == 0 ? 0 : oldest());
    }

    /** When the first of what is given back was granted; long ago if somebody is about to say it. */
    private long oldest() {
        long at = since.getAndSet(NEVER);
        return at == NEVER ? 0 : at;
    }

    /** Half a second of what is asked for here, so far as that is a fair part, and it is not there already. */
    private long ahead(long nowNanos) {
        long passed = nowNanos - lookedAt;
        if (passed >= NANOS_A_SECOND / 20) {
            double now = (double) asked.getAndSet(0) / passed;
            perNano = passed > NANOS_A_SECOND ? now : (perNano + now) / 2;
            lookedAt = nowNanos;
        }
        if (perMinute < LEAST_FOR_AHEAD) {
            return 0;
        }
        long held = leases.stream().mapToLong(Lease::left).sum();
        long wanted = Math.min((long) (perNano * NANOS_A_SECOND / 2), most());
        return Math.max(0, wanted - held);
    }

    /** The most that is leased ahead. */
    private long most() {
        return Math.min(perMinute / LEAST_FOR_AHEAD, perMinute / (4L * board.members()));
    }

    /** Near the end nobody has more than it needs. */
    private long low() {
        return 2L * board.members() * most();
    }

    /** The answer to a wish. */
    void granted(RateWish wish, RateGrant grant, long askedAt, long nowNanos) {
        known = new Known(grant.missing(), nowNanos, grant.at(), grant.granted() < wish.need());
        if (grant.granted() > 0) {
            List<Lease> now = new ArrayList<>(leases);
            now.add(new Lease(grant.granted(), grant.at(), askedAt + hold(perMinute)));
            leases = now;
            board.holds(this);
        }
    }

    /** Nobody knows whether it was heard: what was to be given back is lost, what was taken is said again. */
    void unanswered(RateWish wish) {
        if (wish.debt() > 0) {
            owe(wish.debt());
        }
    }

    @Override
    boolean look(long nowNanos) {
        List<Lease> now = new ArrayList<>();
        for (Lease lease : leases) {
            if (!lease.isOver(nowNanos)) {
                now.add(lease);
                continue;
            }
            long left = lease.drain();
            if (left > 0) {
                giveBack(left, lease.at);
            }
        }
        leases = now;
        return !now.isEmpty();
    }
}
