package openledger.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import openledger.inference.InferenceOutcome.Served;
import openledger.inference.InferenceRequest.Departure;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BudgetConservationTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    /** The conservation law: attempts recorded never exceed the budget, and every call in the air is one of them. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void conservesTheBudgetUnderAnyInterleavingOfFaultsHedgesAndCancels(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 150; run++) {
            FakePorts world = new FakePorts();
            Optional<Duration> hedge =
                    random.nextBoolean() ? Optional.of(Duration.ofMillis(1 + random.nextInt(400))) : Optional.empty();
            Route route = TestRoutes.of(
                    hedge,
                    TestRoutes.GENEROUS,
                    random.ints(1 + random.nextInt(3), 1, 5).toArray());
            Departure departure = random.nextBoolean() ? Departure.CANCEL : Departure.GRACE;
            UniAssertSubscriber<InferenceOutcome> client = world.service
                    .infer(world.request(route, departure))
                    .subscribe()
                    .withSubscriber(UniAssertSubscriber.create());
            for (int step = 0; step < 60 && world.journal.decisions.isEmpty(); step++) {
                step(world, client, random);
            }
            client.cancel();
            world.clock.advance(LONG);
            world.providers.calls.stream()
                    .filter(call -> !call.landed && !call.cancelled)
                    .forEach(call -> call.land(FakePorts.failed(Trigger.SERVER_ERROR)));
            if (client.getItem() instanceof Served served) {
                served.answer().cancel();
                world.clock.advance(LONG);
            }

            Decision decision = world.journal.decisions.getFirst();
            assertThat(world.journal.decisions).hasSize(1);
            assertThat(world.counted).containsExactly(decision);
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

    private static void step(FakePorts world, UniAssertSubscriber<InferenceOutcome> client, Random random) {
        List<FakePorts.Call> open = world.providers.calls.stream()
                .filter(call -> !call.landed && !call.cancelled)
                .toList();
        world.providers.loads.values().forEach(load -> load.open = random.nextInt(4) != 0);
        switch (random.nextInt(open.isEmpty() ? 2 : 8)) {
            case 0 -> world.clock.advance(Duration.ofMillis(random.nextInt(900)));
            case 1 -> {
                if (random.nextInt(20) == 0) {
                    client.cancel();
                }
            }
            case 2 -> open.getFirst().land(FakePorts.answered(new FakePorts.Answer()));
            default -> open.get(random.nextInt(open.size())).land(FakePorts.failed(Trigger.RATE_LIMITED));
        }
    }
}
