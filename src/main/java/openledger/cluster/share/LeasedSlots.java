package openledger.cluster.share;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import openledger.cluster.share.ShareEngine.SlotGrant;
import openledger.cluster.share.ShareEngine.SlotWish;

/**
 * This router's places of a key, by a lease from the engine that is renewed while it is used. Who takes is on any thread and changes
 * atomics only; what the engine says comes on one event loop. What is given back leaves here before the engine hears of it.
 */
final class LeasedSlots extends Leased implements Slots {
    private static final int HALF = Integer.SIZE;
    private static final long LOW = (1L << HALF) - 1;
    private static final long GONE = -1;
    /** After the engine had none: as long as a question is in a hurry, others have given some back. */
    private static final long DRY = 20_000_000L;

    private final KeyShares board;
    /** Places that are ours, and, in the lower half, those that are taken. */
    private final AtomicLong state = new AtomicLong();

    private final AtomicInteger waiting = new AtomicInteger();
    private volatile int most;
    private volatile long ends;
    private volatile long dryUntil;

    LeasedSlots(KeyShares board, ShareName name, int most, long nowNanos) {
        super(name);
        this.board = board;
        this.most = most;
        this.ends = nowNanos;
        this.dryUntil = nowNanos;
    }

    private static long packed(int ours, int inside) {
        return ((long) ours << HALF) | inside;
    }

    private static int ours(long state) {
        return (int) (state >> HALF);
    }

    private static int inside(long state) {
        return (int) (state & LOW);
    }

    @Override
    public Taken take(long nowNanos) {
        while (true) {
            long now = state.get();
            if (now == GONE) {
                return RETIRED;
            }
            boolean isOurs = nowNanos - ends < 0;
            if (inside(now) >= (isOurs ? Math.min(ours(now), most) : 0)) {
                return board.isWithoutHope(nowNanos) ? UNKNOWN : nowNanos - dryUntil < 0 ? FULL : ask();
            }
            if (state.compareAndSet(now, now + 1)) {
                return FREE;
            }
        }
    }

    private Taken ask() {
        waiting.incrementAndGet();
        return new Asked(board.ask(this));
    }

    @Override
    public void giveBack() {
        long now = state.decrementAndGet();
        if (ours(now) > inside(now) + ahead(inside(now))) {
            board.want(this);
        }
    }

    @Override
    public void most(int next) {
        most = next;
    }

    @Override
    public boolean retire(long nowNanos) {
        return (!isInLine.get() && waiting.get() == 0 && state.compareAndSet(0, GONE)) || state.get() == GONE;
    }

    /** A quarter of what is used, so far as that is a fair part; few are never kept for nobody. */
    private int ahead(int inside) {
        return inside == 0 ? 0 : Math.min(1 + inside / 4, largestAhead());
    }

    private int largestAhead() {
        return most / (4 * board.members());
    }

    /** What is to be asked for now; what is not needed is ours no more. */
    SlotWish wish(long nowNanos) {
        int wait = waiting.getAndSet(0);
        while (true) {
            long now = state.get();
            if (now == GONE) {
                return new SlotWish(name, most, 0, 0, 0, 0);
            }
            int inside = inside(now);
            int had = nowNanos - ends < 0 ? ours(now) : 0;
            int want = inside + wait;
            int kept = Math.max(inside, Math.min(had, want + ahead(inside)));
            if (state.compareAndSet(now, packed(kept, inside))) {
                return new SlotWish(
                        name, most, kept, Math.max(kept, want), ahead(want), 2 * board.members() * largestAhead());
            }
        }
    }

    /** The answer to a wish: never less than what was kept. */
    void granted(SlotWish wish, SlotGrant grant, long askedAt, long nowNanos) {
        dryUntil = grant.granted() < wish.want() ? nowNanos + DRY : nowNanos;
        long now = state.get();
        while (now != GONE && !state.compareAndSet(now, packed(grant.granted(), inside(now)))) {
            now = state.get();
        }
        ends = askedAt + KeyShares.SLOT_USE;
        if (grant.granted() > 0) {
            board.holds(this);
        }
    }

    @Override
    boolean look(long nowNanos) {
        long now = state.get();
        if (now == GONE || now == 0) {
            return false;
        }
        if (ends - nowNanos < KeyShares.SLOT_USE - KeyShares.SLOT_RENEWAL
                || ours(now) > inside(now) + ahead(inside(now))) {
            board.want(this);
        }
        return true;
    }

    boolean isGone() {
        return state.get() == GONE;
    }
}
