package openledger.cluster.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import openledger.budget.MinuteRate;
import openledger.cluster.share.ShareEngine.Answer;
import openledger.cluster.share.ShareEngine.Question;
import org.jspecify.annotations.Nullable;

/**
 * A key that is used at several routers in simulated time, a step a millisecond. What they let through goes through one bucket of the whole
 * rate as well, which must never find it too much.
 */
final class SharedKey {
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;
    private static final long BEGIN = 1_000_000 * SECOND;
    private static final long LONGEST_QUESTION = 500 * MILLI;
    private static final ShareName RATE = ShareName.of(ShareName.Kind.REQUESTS, "k");
    private static final ShareName PLACES = ShareName.of(ShareName.Kind.SLOTS, "k");

    final SimulatedEngine engine = new SimulatedEngine(BEGIN - 3_600 * SECOND, BEGIN);
    final List<Router> routers = new ArrayList<>();
    private final Random random;
    private final int perMinute;
    private final int most;
    private final MinuteRate one;
    long now = BEGIN;
    boolean isEngineDown;
    /** How far the engine's clock is from the true time. */
    long clockOff;

    /** Of how long a request takes. */
    int longestMillis = 400;

    long admitted;
    long refused;
    int inside;
    int mostInside;

    SharedKey(int perMinute, int most, int routers, long seed) {
        this.random = new Random(seed);
        this.perMinute = perMinute;
        this.most = most;
        this.one = new MinuteRate(perMinute, now);
        for (int i = 0; i < routers; i++) {
            this.routers.add(new Router("r" + i, routers));
        }
    }

    /** Runs on; {@code perSecond} are the requests of each router. */
    void run(long nanos, double... perSecond) {
        for (long end = now + nanos; now < end; now += MILLI) {
            for (int i = 0; i < routers.size(); i++) {
                Router router = routers.get(i);
                for (double left = perSecond[i] / 1_000; left > 0; left--) {
                    if (random.nextDouble() < left && !router.isDead) {
                        router.arrive(3);
                    }
                }
                router.step();
            }
        }
    }

    /** One router. */
    final class Router {
        private final String name;
        private final KeyShares shares;
        private final Rate rate;
        private final Slots slots;
        private final Deque<Long> ends = new ArrayDeque<>();
        private final Map<CompletionStage<Void>, List<Integer>> waiting = new HashMap<>();
        private long askedAt = BEGIN;
        private long answeredAt = BEGIN;
        private @Nullable Question question;
        private @Nullable Answer answer;
        boolean isDead;
        boolean isCutOff;
        long let;

        private Router(String name, int routers) {
            this.name = name;
            this.shares = new KeyShares(() -> routers, () -> {});
            this.rate = shares.rate(RATE, perMinute, now);
            this.slots = shares.slots(PLACES, most, now);
        }

        private long duration() {
            return MILLI * (1 + random.nextInt(longestMillis));
        }

        private void arrive(int tries) {
            Slots.Taken place = slots.take(now);
            if (place instanceof Slots.Asked(var later)) {
                await(later, tries);
                return;
            }
            if (!(place instanceof Slots.Free)) {
                refused++;
                return;
            }
            switch (rate.take(1, now)) {
                case Rate.Granted granted -> {
                    assertThat(one.take(now))
                            .as("at " + (now - BEGIN) / MILLI + " ms")
                            .isInstanceOf(MinuteRate.Granted.class);
                    admitted++;
                    let++;
                    inside++;
                    mostInside = Math.max(mostInside, inside);
                    ends.add(now + duration());
                }
                case Rate.Refused no -> {
                    slots.giveBack();
                    refused++;
                }
                case Rate.Asked(var later) -> {
                    slots.giveBack();
                    await(later, tries);
                }
                case Rate.Unknown lost -> {
                    slots.giveBack();
                    refused++;
                }
            }
        }

        private void await(CompletionStage<Void> later, int tries) {
            if (tries == 0) {
                refused++;
            } else {
                waiting.computeIfAbsent(later, any -> new ArrayList<>()).add(tries - 1);
            }
        }

        private void step() {
            int before = ends.size();
            ends.removeIf(end -> now >= end);
            for (int i = ends.size(); i < before; i++) {
                inside--;
                slots.giveBack();
            }
            if (isDead) {
                return;
            }
            Question under = question;
            Answer known = answer;
            if (under == null && isTime()) {
                askedAt = now;
                Question next = shares.question(now);
                question = next;
                answer = isEngineDown || isCutOff ? null : engine.answer(name, next, now + MILLI + clockOff);
            } else if (under != null && known != null && now - askedAt >= 2 * MILLI) {
                shares.answered(under, known, askedAt, now);
                over();
            } else if (under != null && now - askedAt >= LONGEST_QUESTION) {
                shares.unanswered(under, now);
                over();
            }
            if ((now - BEGIN) % (100 * MILLI) == 0) {
                shares.look(now);
            }
        }

        private boolean isTime() {
            boolean isLost = shares.isLost();
            return now - askedAt >= (isLost ? SECOND / 5 : SECOND)
                    || (!isLost && shares.isDue(now) && now - answeredAt >= 5 * MILLI);
        }

        private void over() {
            question = null;
            answeredAt = now;
            List<Integer> again = new ArrayList<>();
            waiting.entrySet().removeIf(entry -> {
                boolean isDone = entry.getKey().toCompletableFuture().isDone();
                if (isDone) {
                    again.addAll(entry.getValue());
                }
                return isDone;
            });
            again.forEach(this::arrive);
        }
    }
}
