package openledger.cluster.share;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import openledger.cluster.share.ShareEngine.Answer;
import openledger.cluster.share.ShareEngine.Question;
import openledger.cluster.share.ShareEngine.RateGrant;
import openledger.cluster.share.ShareEngine.RateWish;
import openledger.cluster.share.ShareEngine.SlotGrant;
import openledger.cluster.share.ShareEngine.SlotWish;

/** The arithmetic of an engine, with its clock as an argument; its time follows the clock as in migration V19. */
final class SimulatedEngine {
    private static final long GRACE = 5_000_000_000L;
    private static final long MOST_OWED = 3_600_000_000_000L;
    private static final long MOST_OLD = 60_000_000_000L;

    private static final long LONGEST_LEAP = 3_000_000_000L;

    private final Map<ShareName, long[]> buckets = new HashMap<>();
    private final Map<ShareName, Map<String, long[]>> slots = new HashMap<>();
    private long born;
    private long noted;
    private long clock;

    /** One that was born at {@code born}, and that was asked last at {@code clock}. */
    SimulatedEngine(long born, long clock) {
        this.born = born;
        this.noted = clock;
        this.clock = clock;
    }

    /** As after a crash of one that keeps nothing. */
    void forget(long now) {
        buckets.clear();
        slots.clear();
        born = now;
        noted = now;
        clock = now;
    }

    /** As if somebody had asked something every second until then. */
    void pass(long now) {
        noted += now - clock;
        clock = now;
    }

    Answer answer(String router, Question question, long now) {
        noted += Math.clamp(now - clock, 0, LONGEST_LEAP);
        clock = now;
        List<RateGrant> rates = new ArrayList<>();
        question.rates().forEach(wish -> rates.add(rate(wish, question.epoch(), noted)));
        List<SlotGrant> places = new ArrayList<>();
        question.slots().forEach(wish -> places.add(slot(wish, router, noted)));
        return new Answer(born, rates, places);
    }

    private RateGrant rate(RateWish wish, long epoch, long moment) {
        long[] bucket = buckets.computeIfAbsent(wish.name(), name -> new long[2]);
        bucket[0] = Math.max(bucket[0], born + wish.whole());
        if (bucket[0] <= moment) {
            bucket[0] = moment;
            bucket[1] = moment;
        }
        if (epoch == born) {
            bucket[0] += wish.debt() * wish.share();
        }
        bucket[0] = Math.min(bucket[0], moment + wish.whole() + MOST_OWED);
        if (wish.back() > 0
                && Math.max(bucket[1], born) <= wish.since()
                && wish.since() <= moment
                && moment - wish.since() <= MOST_OLD) {
            bucket[0] = Math.max(moment, bucket[0] - wish.back() * wish.share());
        }
        long free = Math.max(0, wish.whole() - (bucket[0] - moment)) / wish.share();
        long granted = free < wish.first() ? 0 : Math.min(wish.need(), free);
        if (granted == wish.need() && free - granted >= wish.low()) {
            granted += Math.min(wish.ahead(), free - granted);
        }
        bucket[0] += granted * wish.share();
        return new RateGrant(granted, bucket[0] - moment, moment);
    }

    private SlotGrant slot(SlotWish wish, String router, long moment) {
        Map<String, long[]> of = slots.computeIfAbsent(wish.name(), name -> new HashMap<>());
        of.remove(router);
        of.values().removeIf(lease -> lease[1] <= moment);
        int others = of.values().stream().mapToInt(lease -> (int) lease[0]).sum();
        int free = Math.max(0, wish.most() - others);
        int granted = moment < born + GRACE ? wish.kept() : Math.max(wish.kept(), Math.min(wish.want(), free));
        if (moment >= born + GRACE && granted == wish.want() && free - granted >= wish.low()) {
            granted += Math.min(wish.ahead(), free - granted);
        }
        if (granted > 0) {
            of.put(router, new long[] {granted, moment + KeyShares.SLOT_TERM.toNanos()});
        }
        return new SlotGrant(granted);
    }
}
