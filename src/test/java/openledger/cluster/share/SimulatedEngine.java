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

/** The arithmetic of an engine, with time as an argument. */
final class SimulatedEngine {
    private static final long GRACE = 5_000_000_000L;

    private final Map<ShareName, long[]> buckets = new HashMap<>();
    private final Map<ShareName, Map<String, long[]>> slots = new HashMap<>();
    private long ratesBorn;
    private long slotsBorn;

    SimulatedEngine(long born) {
        ratesBorn = born;
        slotsBorn = born;
    }

    /** As after a crash of one that keeps nothing. */
    void forget(long clock) {
        buckets.clear();
        slots.clear();
        ratesBorn = clock;
        slotsBorn = clock;
    }

    Answer answer(String router, Question question, long clock) {
        if (question.hasRatesAlone() && question.epoch() == ratesBorn) {
            ratesBorn = clock;
        }
        if (question.hasSlotsAlone()) {
            slotsBorn = clock;
        }
        List<RateGrant> rates = new ArrayList<>();
        question.rates().forEach(wish -> rates.add(rate(wish, question.epoch(), clock)));
        List<SlotGrant> places = new ArrayList<>();
        question.slots().forEach(wish -> places.add(slot(wish, router, clock)));
        return new Answer(ratesBorn, rates, places);
    }

    private RateGrant rate(RateWish wish, long epoch, long clock) {
        long[] bucket = buckets.computeIfAbsent(wish.name(), name -> new long[2]);
        bucket[0] = Math.max(bucket[0], ratesBorn + wish.whole());
        if (bucket[0] <= clock) {
            bucket[0] = clock;
            bucket[1] = clock;
        }
        if (epoch == ratesBorn) {
            bucket[0] += wish.debt() * wish.share();
        }
        if (wish.back() > 0 && Math.max(bucket[1], ratesBorn) <= wish.since()) {
            bucket[0] = Math.max(clock, bucket[0] - wish.back() * wish.share());
        }
        long free = Math.max(0, wish.whole() - (bucket[0] - clock)) / wish.share();
        long granted = free < wish.first() ? 0 : Math.min(wish.need(), free);
        if (granted == wish.need() && free - granted >= wish.low()) {
            granted += Math.min(wish.ahead(), free - granted);
        }
        bucket[0] += granted * wish.share();
        return new RateGrant(granted, bucket[0] - clock, clock);
    }

    private SlotGrant slot(SlotWish wish, String router, long clock) {
        Map<String, long[]> of = slots.computeIfAbsent(wish.name(), name -> new HashMap<>());
        of.remove(router);
        of.values().removeIf(lease -> lease[1] <= clock);
        int others = of.values().stream().mapToInt(lease -> (int) lease[0]).sum();
        int free = Math.max(0, wish.most() - others);
        int granted = clock < slotsBorn + GRACE ? wish.kept() : Math.max(wish.kept(), Math.min(wish.want(), free));
        if (clock >= slotsBorn + GRACE && granted == wish.want() && free - granted >= wish.low()) {
            granted += Math.min(wish.ahead(), free - granted);
        }
        if (granted > 0) {
            of.put(router, new long[] {granted, clock + KeyShares.SLOT_TERM.toNanos()});
        }
        return new SlotGrant(granted);
    }
}
