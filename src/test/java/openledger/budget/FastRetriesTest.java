package openledger.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import openledger.budget.RetryStep.Call;
import openledger.budget.RetryStep.End;
import openledger.budget.RetryStep.Refuse;
import openledger.budget.RetryStep.Wait;
import openledger.fairness.Attribution.BestTierView;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long because every answer of the world to every question is tried, and held against the rules as one would say them. */
final class FastRetriesTest {
    private static final int TARGETS = 2;

    /** Whatever the world answers, step by step; and what it was asked. */
    private static final class World implements FastRetries.View {
        private final AllAnswers answers;
        private final Trigger[] closed;
        private int chosen;
        private boolean isUntriedFree;
        private Optional<Boolean> granted = Optional.empty();
        private boolean canRecord = true;
        private long tried;
        private int waitsDrawn;
        private boolean hasRoom;
        private int questionsOnLeaving;

        World(AllAnswers answers, int tiers) {
            this.answers = answers;
            this.closed = new Trigger[tiers];
            for (int tier = 0; tier < tiers; tier++) {
                closed[tier] = answers.yesOrNo() ? Trigger.NONE : Trigger.UNTRANSLATABLE;
            }
        }

        void nextStep() {
            granted = Optional.empty();
            waitsDrawn = 0;
        }

        @Override
        public int choose(int tier, long seen) {
            tried = seen;
            chosen = answers.of(TARGETS + 1) - 1;
            return chosen;
        }

        @Override
        public boolean hasUntried(int tier, long seen) {
            isUntriedFree = answers.yesOrNo();
            return isUntriedFree;
        }

        @Override
        public Trigger closed(int tier) {
            return closed[tier];
        }

        @Override
        public boolean grantsRetry() {
            assertThat(granted).as("asked once").isEmpty();
            granted = Optional.of(answers.yesOrNo());
            return granted.get();
        }

        @Override
        public boolean canRecord() {
            canRecord = answers.yesOrNo();
            return canRecord;
        }

        @Override
        public double jitter() {
            waitsDrawn++;
            return answers.yesOrNo() ? 0.5 : 0;
        }

        @Override
        public int overtakes() {
            questionsOnLeaving++;
            return 7;
        }

        @Override
        public boolean hasRoomInBestTier() {
            hasRoom = answers.yesOrNo();
            return hasRoom;
        }
    }

    /** One way that a request may take, and what must hold on it. */
    private static final class Walk {
        private final Route route;
        private final FastRetries retries;
        private final World world;
        private final AllAnswers answers;
        private int taken;
        private int tier = -1;
        private int round;
        private long tried;
        private boolean wasDenied;

        Walk(Route route, AllAnswers answers) {
            this.route = route;
            this.answers = answers;
            this.retries = new FastRetries(route);
            this.world = new World(answers, route.tiers().size());
        }

        void toItsEnd() {
            Optional<RetryStep> step = Optional.of(next());
            while (step.isPresent() && !(step.get() instanceof End)) {
                step = switch (step.get()) {
                    case Call call -> called();
                    case Refuse refusal -> Optional.of(afterFailure(refusal.trigger()));
                    case Wait wait -> Optional.of(next());
                    case End end -> Optional.empty();
                };
            }
            step.ifPresent(end -> {
                boolean hasLeft = taken < route.budget();
                assertThat(end).isEqualTo(hasLeft ? End.UNRECORDABLE : End.SPENT);
                assertThat(hasLeft).isEqualTo(hasLeft && !world.canRecord);
            });
        }

        /** It is served, or fails; or a hedge goes beside it and both fail. */
        private Optional<RetryStep> called() {
            return switch (answers.of(3)) {
                case 0 -> Optional.empty();
                case 1 -> Optional.of(afterFailure(Trigger.SERVER_ERROR));
                default -> {
                    hedge();
                    yield Optional.of(afterFailure(Trigger.RATE_LIMITED));
                }
            };
        }

        private RetryStep next() {
            world.nextStep();
            return checked(retries.next(world), Optional.empty());
        }

        private RetryStep afterFailure(Trigger trigger) {
            world.nextStep();
            return checked(retries.afterFailure(trigger, world), Optional.of(trigger));
        }

        private void hedge() {
            world.nextStep();
            int spent = retries.spent();
            Optional<Call> hedge = retries.hedge(world);
            assertThat(retries.spent()).isEqualTo(hedge.isPresent() ? spent + 1 : spent);
            hedge.ifPresent(call -> {
                assertThat(call.permit().tier()).isEqualTo(tier);
                assertThat(tried >>> call.target() & 1).as("untried").isZero();
                assertThat(world.granted).contains(true);
                take(call.permit(), call.target());
            });
        }

        private RetryStep checked(RetryStep step, Optional<Trigger> failure) {
            boolean staysInTier = taken < route.budget() && tierOf(taken + 1) == tier;
            boolean endsRound = failure.isPresent()
                    && staysInTier
                    && world.closed[tier] == Trigger.NONE
                    && (failure.get().isRefusal() || !world.isUntriedFree);
            assertThat(world.waitsDrawn).isEqualTo(endsRound ? 1 : 0);
            if (endsRound) {
                round++;
                tried = 0;
            }
            switch (step) {
                case Wait(Duration delay) -> {
                    assertThat(endsRound).isTrue();
                    assertThat(delay).isEqualTo(BackoffSchedule.delay(route.backoff(), round, 0.5));
                }
                case Call call -> {
                    boolean isFirst = enter(call.permit());
                    assertThat(world.closed[tier]).isEqualTo(Trigger.NONE);
                    assertThat(call.target()).isEqualTo(world.chosen).isNotNegative();
                    assertThat(world.tried).isEqualTo(tried);
                    assertThat(world.granted).isEqualTo(isFirst ? Optional.empty() : Optional.of(true));
                    take(call.permit(), call.target());
                }
                case Refuse(AttemptPermit permit, int target, Trigger trigger) -> {
                    boolean isFirst = enter(permit);
                    taken++;
                    if (world.closed[tier] != Trigger.NONE) {
                        assertThat(trigger).isEqualTo(world.closed[tier]);
                        assertThat(target).isEqualTo(RetryStep.NO_TARGET);
                    } else if (world.chosen < 0) {
                        assertThat(trigger).isEqualTo(Trigger.NO_CAPACITY);
                        assertThat(target).isEqualTo(RetryStep.NO_TARGET);
                    } else {
                        assertThat(isFirst)
                                .as("the way down is never the guard's")
                                .isFalse();
                        assertThat(world.granted).contains(false);
                        assertThat(trigger).isEqualTo(Trigger.STORM_GUARD);
                        assertThat(target).isEqualTo(world.chosen);
                        wasDenied |= tier == 0;
                    }
                }
                case End end -> {
                    if (end == End.SPENT && tier == 0) {
                        assertThat(world.questionsOnLeaving).isOne();
                    }
                }
            }
            conserves();
            return step;
        }

        private boolean enter(AttemptPermit permit) {
            assertThat(permit.number()).isEqualTo(taken + 1);
            assertThat(permit.tier()).isEqualTo(tierOf(taken + 1));
            boolean isFirst = permit.tier() != tier;
            if (isFirst) {
                tier = permit.tier();
                tried = 0;
                round = 0;
            }
            return isFirst;
        }

        private void take(AttemptPermit permit, int target) {
            assertThat(permit.number()).isEqualTo(++taken);
            tried |= 1L << target;
        }

        /** The tier that an attempt of that number belongs to. */
        private int tierOf(int number) {
            int of = 0;
            while (route.upTo(of) < number) {
                of++;
            }
            return of;
        }

        private void conserves() {
            assertThat(retries.spent()).isEqualTo(taken).isLessThanOrEqualTo(route.budget());
            assertThat(retries.isOpen()).isEqualTo(taken < route.budget());
            boolean hasLeft = world.questionsOnLeaving > 0;
            assertThat(world.questionsOnLeaving).isLessThanOrEqualTo(1);
            assertThat(retries.overtakes()).isEqualTo(hasLeft ? 7 : 0);
            assertThat(retries.bestTier())
                    .isEqualTo(
                            wasDenied || (hasLeft && world.hasRoom)
                                    ? BestTierView.SHOWED_ROOM
                                    : BestTierView.SHOWED_NONE);
            assertThat(tier <= 0 || hasLeft).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "1,1", "2,1", "1,2", "1,1,1"})
    void keepsEveryRuleWhateverTheWorldAnswers(String attempts) {
        int[] each =
                Arrays.stream(attempts.split(",")).mapToInt(Integer::parseInt).toArray();
        Route route = TestRoutes.of(each);

        int ways = AllAnswers.walk(answers -> new Walk(route, answers).toItsEnd());

        assertThat(ways).isGreaterThan(route.budget() * 10);
    }

    @Test
    void makesNoFurtherAttemptOnceItIsClosed() {
        AllAnswers.walk(answers -> {
            FastRetries retries = new FastRetries(TestRoutes.of(3, 1));
            World world = new World(answers, 2);
            retries.close();

            assertThat(retries.next(world)).isEqualTo(End.SPENT);
            assertThat(retries.afterFailure(Trigger.SERVER_ERROR, world)).isEqualTo(End.SPENT);
            assertThat(retries.hedge(world)).isEmpty();
            assertThat(retries.spent()).isZero();
        });
    }
}
