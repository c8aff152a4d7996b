package openledger.cluster.slot;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import openledger.cluster.TargetKey;
import openledger.cluster.slot.SlotEngine.Grant;
import openledger.cluster.slot.SlotEngine.Question;
import openledger.routing.SlotBounds;
import org.jspecify.annotations.Nullable;

/**
 * A target that several routers call in simulated time, a step a millisecond. Clients of each router want to have so many calls in flight,
 * and the provider refuses those that are beyond what it can bear.
 */
final class SharedTarget {
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;
    static final TargetKey TARGET = TargetKey.of("north", URI.create("http://north/v1"), "large");
    private static final long BEGIN = 1_000_000 * SECOND;
    private static final long LONGEST_QUESTION = 500 * MILLI;

    final SimulatedSlots engine = new SimulatedSlots(BEGIN - 3_600 * SECOND);
    final List<Router> routers = new ArrayList<>();
    private final Random random;
    private final SlotBounds bounds;
    /** Calls that the provider bears at once. */
    private final int room;

    long now = BEGIN;
    boolean isEngineDown;
    int longestMillis = 400;
    int shortestMillis = 100;
    /** How many questions of a thousand are not answered in time, and heard seconds later or never. */
    int lateOfThousand;

    int mostInFlight;
    int mostGranted;
    long usedMillis;
    long answers;
    long refusals;

    SharedTarget(SlotBounds bounds, int room, int routers, long seed) {
        this.random = new Random(seed);
        this.bounds = bounds;
        this.room = room;
        for (int i = 0; i < routers; i++) {
            this.routers.add(new Router("r" + i, i - 1));
        }
    }

    /** A router that is alone, and has learnt its limit by itself. */
    static SharedTarget alone(SlotBounds bounds, int room, long seed) {
        SharedTarget target = new SharedTarget(bounds, room, 0, seed);
        target.routers.add(target.new Router(new AimdLimit(bounds)));
        return target;
    }

    /** Forgets what was counted so far. */
    void count() {
        mostInFlight = 0;
        mostGranted = 0;
        usedMillis = 0;
        answers = 0;
        refusals = 0;
    }

    /** Calls that the provider has, whatever their routers know. */
    int inFlight() {
        return routers.stream()
                .mapToInt(router ->
                        (int) router.calls.stream().filter(end -> end > now).count())
                .sum();
    }

    /** Runs on; {@code wanted} are the calls that clients of each router want to have in flight. */
    void run(long nanos, int... wanted) {
        for (long end = now + nanos; now < end; now += MILLI) {
            for (int i = 0; i < routers.size(); i++) {
                routers.get(i).step(wanted[i]);
            }
            int inFlight = inFlight();
            mostInFlight = Math.max(mostInFlight, inFlight);
            mostGranted = Math.max(mostGranted, engine.granted(TARGET, now));
            usedMillis += inFlight;
        }
    }

    /** One router. */
    final class Router {
        private final String name;
        /** In percent, how much too slow its clock is. */
        private final int slow;

        private final @Nullable TargetSlots slots;
        final SlotLimit limit;
        private final List<Long> calls = new ArrayList<>();
        private final List<Late> late = new ArrayList<>();
        private long askedAt = BEGIN - 10 * SECOND;
        private long restedAt = BEGIN;
        private @Nullable Question question;
        private @Nullable List<Grant> grants;
        private long answerAt;
        boolean isDead;
        /** It does nothing until then. */
        long stalledUntil = BEGIN;

        private Router(String name, int slow) {
            this.name = name;
            this.slow = slow;
            TargetSlots shared = new TargetSlots(this::clock, () -> {});
            this.slots = shared;
            this.limit = shared.of(TARGET, bounds);
            shared.follow(Set.of(TARGET));
        }

        private Router(SlotLimit limit) {
            this.name = "alone";
            this.slow = 0;
            this.slots = null;
            this.limit = limit;
        }

        private record Late(Question question, long hearsAt) {}

        private long clock() {
            return now - now / 100 * slow;
        }

        /** Dies with its calls. */
        void die() {
            isDead = true;
            calls.clear();
        }

        private void step(int wanted) {
            late.removeIf(some -> {
                boolean isHeard = now >= some.hearsAt;
                if (isHeard && !isEngineDown) {
                    engine.answer(name, some.question, now);
                }
                return isHeard;
            });
            if (isDead || now < stalledUntil) {
                return;
            }
            for (int i = calls.size() - 1; i >= 0; i--) {
                if (now >= calls.get(i)) {
                    calls.remove(i);
                    answers++;
                    limit.answered();
                    limit.giveBack();
                }
            }
            int tries = 3;
            while (calls.size() < wanted && tries > 0 && limit.take()) {
                if (inFlight() < room) {
                    calls.add(now + MILLI * (shortestMillis + random.nextInt(longestMillis - shortestMillis + 1)));
                } else {
                    refusals++;
                    limit.refused();
                    limit.giveBack();
                    tries--;
                }
            }
            limit.missed(wanted - calls.size());
            if (slots != null) {
                ask(slots);
            }
        }

        private void ask(TargetSlots shared) {
            Question under = question;
            List<Grant> known = grants;
            if (under == null && isTime(shared)) {
                askedAt = now;
                Question next = shared.question(clock());
                question = next;
                if (random.nextInt(1_000) < lateOfThousand) {
                    grants = null;
                    if (random.nextBoolean()) {
                        late.add(new Late(next, now + MILLI * random.nextInt(4_000)));
                    }
                } else {
                    grants = isEngineDown ? null : heard(next, engine.answer(name, next, now + MILLI));
                    answerAt = now + MILLI * (2 + random.nextInt(8));
                }
            } else if (under != null && known != null && now >= answerAt) {
                shared.answered(under, known, clock(), clock());
                question = null;
                restedAt = now;
            } else if (under != null && known == null && now - askedAt >= LONGEST_QUESTION) {
                shared.unanswered(under, clock());
                question = null;
                restedAt = now;
            }
        }

        /** Others are told what is lacking here, mostly. */
        private List<Grant> heard(Question said, List<Grant> told) {
            for (int i = 0; i < told.size(); i++) {
                int lacks = Math.min(
                        told.get(i).share(), Math.max(1, said.wishes().get(i).need()));
                if (told.get(i).granted() < lacks && random.nextInt(10) > 0) {
                    routers.stream()
                            .filter(other -> !other.name.equals(name))
                            .flatMap(other -> Stream.ofNullable(other.slots))
                            .forEach(other -> other.heard(TARGET.hex()));
                }
            }
            return told;
        }

        private boolean isTime(TargetSlots shared) {
            if (shared.isLost()) {
                return now - askedAt >= SECOND / 5;
            }
            return now - askedAt >= SECOND || (now - restedAt >= 10 * MILLI && shared.isDue(clock()));
        }
    }

    /** Nobody has more than there are together, and no more is in flight. */
    void hold(int total) {
        assertThat(mostGranted).as("granted").isLessThanOrEqualTo(total);
        assertThat(mostInFlight).as("in flight").isLessThanOrEqualTo(total);
    }
}
