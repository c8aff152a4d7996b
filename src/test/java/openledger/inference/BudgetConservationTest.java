package openledger.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import openledger.inference.InferenceOutcome.Served;
import openledger.inference.admission.ResendHint;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Decision;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BudgetConservationTest {
    private static final ResendHint KEYED = new ResendHint("key-1", 0);
    private static final Duration LONG = Duration.ofMinutes(2);

    /** The conservation law: attempts recorded never exceed the budget, and every call in the air is one of them. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void conservesTheBudgetUnderAnyInterleavingOfFaultsHedgesDeparturesAndReturns(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 150; run++) {
            FakePorts world = new FakePorts();
            Optional<Duration> hedge =
                    random.nextBoolean() ? Optional.of(Duration.ofMillis(1 + random.nextInt(400))) : Optional.empty();
            Route route = TestRoutes.of(
                    hedge,
                    TestRoutes.GENEROUS,
                    random.ints(1 + random.nextInt(3), 1, 5).toArray());
            ResendHint mark = random.nextBoolean() ? ResendHint.NONE : KEYED;
            List<UniAssertSubscriber<InferenceOutcome>> clients = new ArrayList<>();
            List<UniAssertSubscriber<InferenceOutcome>> here = new ArrayList<>();
            here.add(arrive(world, route, mark));
            clients.addAll(here);
            for (int step = 0; step < 60 && world.journal.decisions.isEmpty(); step++) {
                step(world, here, random);
                if (random.nextInt(8) == 0 && world.journal.decisions.isEmpty() && (mark.isKeyed() || here.isEmpty())) {
                    // Without a key only an orphan is joined.
                    here.add(arrive(world, route, mark.isKeyed() ? mark : new ResendHint("", 1)));
                    clients.add(here.getLast());
                }
            }
            clients.forEach(BudgetConservationTest::leave);
            world.clock.advance(LONG);
            world.providers.calls.stream()
                    .filter(call -> !call.landed && !call.cancelled)
                    .forEach(call -> call.land(FakePorts.failed(Trigger.SERVER_ERROR)));
            world.clock.advance(LONG);

            assertThat(world.journal.intents).hasSize(1);
            Decision decision = world.journal.decisions.getFirst();
            assertThat(world.journal.decisions).hasSize(1);
            assertThat(world.counted.decisions).containsExactly(decision);
            assertThat(decision.attempts().size()).isLessThanOrEqualTo(route.budget());
            assertThat(decision.attempts().stream().map(AttemptRecord::number))
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, decision.attempts().size())
                                    .boxed()
                                    .toList());
            assertThat(world.providers.calls.size()).isEqualTo((int) decision.attempts().stream()
                    .filter(attempt -> !attempt.trigger().isRefusal())
                    .count());
            assertThat(world.providers.inFlight()).isZero();
        }
    }

    private static UniAssertSubscriber<InferenceOutcome> arrive(FakePorts world, Route route, ResendHint mark) {
        return world.service.infer(world.request(route, mark)).subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    private static void leave(UniAssertSubscriber<InferenceOutcome> client) {
        if (client.getItem() instanceof Served served) {
            served.answer().cancel();
        } else {
            client.cancel();
        }
    }

    private static void step(FakePorts world, List<UniAssertSubscriber<InferenceOutcome>> here, Random random) {
        List<FakePorts.Call> open = world.providers.calls.stream()
                .filter(call -> !call.landed && !call.cancelled)
                .toList();
        world.providers.loads.values().forEach(load -> load.open = random.nextInt(4) != 0);
        switch (random.nextInt(open.isEmpty() ? 2 : 8)) {
            case 0 -> world.clock.advance(Duration.ofMillis(random.nextInt(900)));
            case 1 -> {
                if (random.nextInt(8) == 0 && !here.isEmpty()) {
                    leave(here.remove(random.nextInt(here.size())));
                }
            }
            case 2 -> open.getFirst().land(FakePorts.answered(new FakePorts.Answer()));
            default -> open.get(random.nextInt(open.size())).land(FakePorts.failed(Trigger.RATE_LIMITED));
        }
    }
}
