package openledger.cluster.slot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import openledger.cluster.Leasing;
import openledger.cluster.TargetKey;
import openledger.cluster.slot.SlotEngine.Grant;
import openledger.cluster.slot.SlotEngine.Question;
import openledger.cluster.slot.SlotEngine.Wish;
import openledger.routing.SlotBounds;

/**
 * A router's parts of the slots that all routers of a cluster share, leased ahead of use. A lease that is not renewed ends by this router's
 * own clock, a second before the engine gives it to others, and then nothing is begun. What is not of {@link Leasing} is thread-safe, but for
 * {@link #isReady}.
 */
public final class TargetSlots implements SlotShares, Leasing<Question, List<Grant>> {
    /** For how long a part stays a router's in the engine after it has asked. */
    public static final Duration TERM = Duration.ofSeconds(10);

    /** For how long it is used: the holder's clock may be slow. */
    static final long USE = TERM.minusSeconds(1).toNanos();

    static final long PRESSING = Duration.ofMillis(20).toNanos();
    static final long LACKING = Duration.ofMillis(50).toNanos();
    static final long IN_USE = Duration.ofMillis(250).toNanos();
    static final long IDLE = Duration.ofSeconds(3).toNanos();
    private static final int MOST_AT_ONCE = 200;

    private final LongSupplier nanoTime;
    private final Runnable wanted;
    /** By the words of their keys. */
    private final Map<String, LeasedTarget> targets = new ConcurrentHashMap<>();

    private volatile Set<TargetKey> followed = Set.of();
    private volatile boolean isLost;
    private List<LeasedTarget> asked = List.of();
    private long number;

    /**
     * Parts of a router that has none yet.
     *
     * @param nanoTime this router's monotonic clock, ns
     * @param wanted run when there is something to ask that should not wait; on any thread
     */
    public TargetSlots(LongSupplier nanoTime, Runnable wanted) {
        this.nanoTime = nanoTime;
        this.wanted = wanted;
    }

    @Override
    public SlotLimit of(TargetKey target, SlotBounds bounds) {
        LeasedTarget leased = targets.computeIfAbsent(target.hex(), first -> new LeasedTarget(this, target, bounds));
        leased.bounds(bounds);
        return leased;
    }

    @Override
    public void follow(Set<TargetKey> those) {
        followed = Set.copyOf(those);
        wake();
    }

    /** Somebody lacks slots of a target, and we may have some that are ours no more. Whatever else is said is passed over. */
    public void heard(String target) {
        LeasedTarget leased = targets.get(target);
        if (leased != null) {
            leased.pressing();
        }
    }

    /** Whether the last question was not answered. */
    @Override
    public boolean isLost() {
        return isLost;
    }

    /** Whether each target of the policy has a part, as far as there is enough for each router. */
    public boolean isReady() {
        return followed.stream().allMatch(target -> {
            LeasedTarget leased = targets.get(target.hex());
            return leased == null || leased.isReady();
        });
    }

    /** Leases end by the clock, whoever looks. */
    @Override
    public void look(long now) {}

    @Override
    public boolean isDue(long now) {
        return targets.values().stream().anyMatch(leased -> isDue(leased, now));
    }

    private boolean isDue(LeasedTarget leased, long now) {
        return leased.isDue(now, followed.contains(leased.target));
    }

    long now() {
        return nanoTime.getAsLong();
    }

    void wake() {
        wanted.run();
    }

    @Override
    public Question question(long now) {
        asked = new ArrayList<>(targets.values().stream()
                .filter(leased -> isDue(leased, now))
                .limit(MOST_AT_ONCE)
                .toList());
        // Whoever locks several locks them in one order.
        asked.sort(Comparator.comparing(leased -> leased.target.hex()));
        return new Question(
                ++number, asked.stream().map(leased -> leased.wish(now)).toList());
    }

    /** The engine's answer. */
    @Override
    public void answered(Question question, List<Grant> grants, long askedAt, long now) {
        isLost = false;
        for (int i = 0; i < asked.size(); i++) {
            asked.get(i).granted(question.wishes().get(i), grants.get(i), now);
        }
    }

    @Override
    public void unanswered(Question question, long now) {
        isLost = true;
        List<Wish> wishes = question.wishes();
        for (int i = 0; i < asked.size(); i++) {
            asked.get(i).unanswered(wishes.get(i));
        }
    }
}
