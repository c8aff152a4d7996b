package openledger.cluster.share;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntSupplier;
import openledger.cluster.Leasing;
import openledger.cluster.share.ShareEngine.Answer;
import openledger.cluster.share.ShareEngine.Question;
import openledger.cluster.share.ShareEngine.RateWish;
import openledger.cluster.share.ShareEngine.SlotWish;

/**
 * Shares of keys' limits among the routers of a cluster: it gathers what they want into one question at a time, and hands out what is
 * granted. Who asks the engine calls {@link #look} several times a second; what is not of {@link Leasing} is thread-safe.
 *
 * <p>What the engine has not granted is not used, whoever is cut off from it: while it does not answer, tokens that are leased are good for
 * their second, places for their seconds, and nothing else is given. Who asks within the first second of such an outage waits for its end.
 */
public final class KeyShares implements RateShares, Leasing<Question, Answer> {
    /** For how long places stay a router's in the engine after it has asked. */
    public static final Duration SLOT_TERM = Duration.ofSeconds(10);

    private static final long IN_REACH = Long.MIN_VALUE;
    /** For how long they are used: the holder's clock may be slow, and the engine's may leap by three seconds. */
    static final long SLOT_USE = SLOT_TERM.minusSeconds(4).toNanos();

    static final long SLOT_RENEWAL = Duration.ofSeconds(2).toNanos();
    /** So long a request waits for an engine that is lost: as a rule it is a connection that is made anew. */
    private static final long PATIENCE = Duration.ofSeconds(1).toNanos();

    private static final int MOST_AT_ONCE = 1_000;

    private final IntSupplier routers;
    private final Runnable wanted;
    private final Queue<Leased> line = new ConcurrentLinkedQueue<>();
    private final Map<ShareName, LeasedSlots> slots = new ConcurrentHashMap<>();
    private volatile CompletableFuture<Void> next = new CompletableFuture<>();
    private volatile long lostAt = IN_REACH;
    private List<Leased> holding = new ArrayList<>();
    private CompletableFuture<Void> under = CompletableFuture.completedFuture(null);
    private List<LeasedRate> ratesAsked = List.of();
    private List<LeasedSlots> slotsAsked = List.of();
    private long epoch;

    /**
     * Shares of a router that holds none yet.
     *
     * @param routers how many there are, as far as is known: how much is leased ahead of use, and nothing else, follows from it
     * @param wanted run whenever there is something to ask; on any thread
     */
    public KeyShares(IntSupplier routers, Runnable wanted) {
        this.routers = routers;
        this.wanted = wanted;
    }

    @Override
    public Rate rate(ShareName name, int perMinute, long nowNanos) {
        return new LeasedRate(this, name, perMinute, nowNanos);
    }

    @Override
    public Slots slots(ShareName name, int most, long nowNanos) {
        return slots.compute(name, (same, known) -> {
            if (known == null || known.isGone()) {
                return new LeasedSlots(this, name, most, nowNanos);
            }
            known.most(most);
            return known;
        });
    }

    /** While it is, nothing is given but what is leased. */
    @Override
    public boolean isLost() {
        return lostAt != IN_REACH;
    }

    @Override
    public boolean isDue(long nowNanos) {
        return !line.isEmpty();
    }

    /** Whether it is too long that the engine does not answer for a request to wait for it. */
    boolean isWithoutHope(long nowNanos) {
        long since = lostAt;
        return since != IN_REACH && nowNanos - since >= PATIENCE;
    }

    int members() {
        return Math.max(1, routers.getAsInt());
    }

    /** Into the line for the next question. */
    void want(Leased leased) {
        if (leased.isInLine.compareAndSet(false, true)) {
            line.add(leased);
            wanted.run();
        }
    }

    /** The same; completes when the question has been answered, or has not been in time. */
    CompletionStage<Void> ask(Leased leased) {
        // Before it is in line, so that it is not the one after that in any case.
        CompletableFuture<Void> answer = next;
        want(leased);
        return answer;
    }

    void holds(Leased leased) {
        if (!leased.holds) {
            leased.holds = true;
            holding.add(leased);
        }
    }

    @Override
    public Question question(long nowNanos) {
        under = next;
        next = new CompletableFuture<>();
        List<LeasedRate> rates = new ArrayList<>();
        List<LeasedSlots> places = new ArrayList<>();
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            Leased leased = line.poll();
            if (leased == null) {
                break;
            }
            leased.isInLine.set(false);
            switch (leased) {
                case LeasedRate rate -> rates.add(rate);
                case LeasedSlots some -> places.add(some);
            }
        }
        rates.sort(Comparator.comparing(rate -> rate.name));
        places.sort(Comparator.comparing(some -> some.name));
        ratesAsked = rates;
        slotsAsked = places;
        return new Question(
                epoch,
                rates.stream().map(rate -> rate.wish(nowNanos)).toList(),
                places.stream().map(some -> some.wish(nowNanos)).toList());
    }

    @Override
    public void answered(Question question, Answer answer, long askedAt, long nowNanos) {
        epoch = answer.epoch();
        lostAt = IN_REACH;
        for (int i = 0; i < ratesAsked.size(); i++) {
            RateWish wish = question.rates().get(i);
            ratesAsked.get(i).granted(wish, answer.rates().get(i), askedAt, nowNanos);
        }
        for (int i = 0; i < slotsAsked.size(); i++) {
            SlotWish wish = question.slots().get(i);
            slotsAsked.get(i).granted(wish, answer.slots().get(i), askedAt, nowNanos);
        }
        under.complete(null);
    }

    @Override
    public void unanswered(Question question, long nowNanos) {
        if (lostAt == IN_REACH) {
            lostAt = nowNanos == IN_REACH ? nowNanos + 1 : nowNanos;
        }
        for (int i = 0; i < ratesAsked.size(); i++) {
            ratesAsked.get(i).unanswered(question.rates().get(i));
        }
        slotsAsked.forEach(this::want);
        under.complete(null);
    }

    /** Gives back what was not used in time, renews what is used, and forgets what is neither. */
    @Override
    public void look(long nowNanos) {
        List<Leased> before = holding;
        holding = new ArrayList<>();
        for (Leased leased : before) {
            leased.holds = false;
            if (leased.look(nowNanos)) {
                holds(leased);
            }
        }
        slots.values().removeIf(LeasedSlots::isGone);
    }
}
