package openledger.inference.confirmed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.commitment.PlanLevel;
import openledger.inference.ServicePorts;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.inference.confirmed.PlanConfirmation.Verdict;
import openledger.routing.Gate;
import openledger.routing.Plan;
import openledger.routing.TestRoutes;
import openledger.unit.RequestId;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every event in every state of a plan's confirmation, in both policies for a plan that is not confirmed in time. */
final class PlanConfirmationTest {
    private static final RequestId ID = new RequestId(1, 1);
    private static final Plan PLAN = new Plan(1, 1, 1, 0, 0, 1, 0, List.of(1, 2));

    private final ConfirmedWorld world = new ConfirmedWorld();
    private final List<Verdict> told = new ArrayList<>();

    private enum State {
        UNPLANNED,
        REACHED_UNPLANNED,
        PINNED,
        WAITED,
        CONFIRMED,
        RELEASED,
        UNCONFIRMED
    }

    private enum Event {
        PIN,
        REACHED,
        DECIDE,
        TIME_PASSES,
        GIVE_UP,
        STOP_WAITING,
        CLOSE
    }

    /** What an event leads to, and what it tells: the waiter there was (waiter:) and the one that came with it (asker:). */
    private static String expected(State state, Event event, OnUnconfirmed then) {
        State late = then == OnUnconfirmed.FAIL ? State.UNCONFIRMED : State.RELEASED;
        return switch (event) {
            case PIN ->
                switch (state) {
                    case UNPLANNED -> "PINNED";
                    case REACHED_UNPLANNED -> "CONFIRMED";
                    case PINNED, WAITED, CONFIRMED, RELEASED, UNCONFIRMED -> "refused";
                };
            case REACHED ->
                switch (state) {
                    case UNPLANNED, REACHED_UNPLANNED -> "REACHED_UNPLANNED";
                    case PINNED -> "CONFIRMED";
                    case WAITED -> "CONFIRMED waiter:CONFIRMED";
                    case CONFIRMED, RELEASED, UNCONFIRMED -> state.name();
                };
            case DECIDE ->
                switch (state) {
                    case UNPLANNED, REACHED_UNPLANNED -> "refused";
                    case PINNED, WAITED -> "WAITED";
                    case CONFIRMED, RELEASED, UNCONFIRMED -> state + " asker:" + state;
                };
            case TIME_PASSES ->
                switch (state) {
                    // Nobody hears of it, but who asks now is answered at once.
                    case PINNED -> late.name();
                    case WAITED -> late + " waiter:" + late;
                    case UNPLANNED, REACHED_UNPLANNED, CONFIRMED, RELEASED, UNCONFIRMED -> state.name();
                };
            case GIVE_UP ->
                switch (state) {
                    case UNPLANNED, REACHED_UNPLANNED -> "refused";
                    case PINNED, WAITED -> "UNCONFIRMED";
                    case CONFIRMED, RELEASED, UNCONFIRMED -> state.name();
                };
            case STOP_WAITING, CLOSE -> state == State.WAITED ? "PINNED" : state.name();
        };
    }

    @TestFactory
    List<DynamicTest> everyEventInEveryState() {
        List<DynamicTest> all = new ArrayList<>();
        for (OnUnconfirmed then : OnUnconfirmed.values()) {
            for (State state : State.values()) {
                if (state == (then == OnUnconfirmed.FAIL ? State.RELEASED : State.UNCONFIRMED)) {
                    continue;
                }
                for (Event event : Event.values()) {
                    all.add(DynamicTest.dynamicTest(
                            then + ": " + event + " in " + state,
                            () -> assertThat(new PlanConfirmationTest().walk(state, event, then))
                                    .isEqualTo(expected(state, event, then))));
                }
            }
        }
        return all;
    }

    private String walk(State from, Event event, OnUnconfirmed then) {
        PlanConfirmation confirmation = in(from, then);
        String heard;
        try {
            heard = play(confirmation, event);
        } catch (IllegalStateException refused) {
            return "refused";
        }
        return state(confirmation) + heard;
    }

    private PlanConfirmation in(State state, OnUnconfirmed then) {
        PlanConfirmation made = new PlanConfirmation(
                ID,
                TestRoutes.both(2),
                ConfirmedWorld.terms(Gate.RESPONSE, then),
                new ServicePorts(
                        world.ports.providers,
                        world.ports.journal,
                        world.ports.clock,
                        world.loops,
                        world.ports.counted.metrics),
                world.chain,
                world.loops.here());
        made.begin();
        switch (state) {
            case UNPLANNED -> {}
            case REACHED_UNPLANNED -> world.chain.confirm(1);
            case PINNED -> pin(made);
            case WAITED -> {
                pin(made);
                made.decide(told::add);
            }
            case CONFIRMED -> {
                pin(made);
                world.chain.confirm(1);
            }
            case RELEASED, UNCONFIRMED -> {
                pin(made);
                made.decide(verdict -> {});
                world.ports.clock.advance(ConfirmedWorld.MAX_WAIT);
            }
        }
        return made;
    }

    private String play(PlanConfirmation confirmation, Event event) {
        List<Verdict> answered = new ArrayList<>();
        switch (event) {
            case PIN -> pin(confirmation);
            case REACHED -> world.chain.confirm(1);
            case DECIDE -> confirmation.decide(answered::add);
            case TIME_PASSES -> world.ports.clock.advance(ConfirmedWorld.MAX_WAIT.plus(Duration.ofSeconds(1)));
            case GIVE_UP -> confirmation.giveUp();
            case STOP_WAITING -> confirmation.stopWaiting();
            case CLOSE -> confirmation.close();
        }
        StringBuilder heard = new StringBuilder();
        told.forEach(verdict -> heard.append(" waiter:").append(verdict));
        answered.forEach(verdict -> heard.append(" asker:").append(verdict));
        return heard.toString();
    }

    /** Which state it is in, by what can be seen and by what it does next. */
    private State state(PlanConfirmation confirmation) {
        if (confirmation.plan().isEmpty()) {
            pin(confirmation);
            return isReached(confirmation) ? State.REACHED_UNPLANNED : State.UNPLANNED;
        }
        if (world.ports.clock.pending() > 0) {
            return State.WAITED;
        }
        if (isReached(confirmation)) {
            return State.CONFIRMED;
        }
        List<Verdict> atOnce = new ArrayList<>();
        // Only a settled one answers at once.
        confirmation.decide(atOnce::add);
        return atOnce.isEmpty() ? State.PINNED : State.valueOf(atOnce.getFirst().name());
    }

    private static boolean isReached(PlanConfirmation confirmation) {
        return confirmation.facts(0).orElseThrow().reached().equals(Optional.of(PlanLevel.SEQUENCED));
    }

    private void pin(PlanConfirmation confirmation) {
        confirmation.pinned(PLAN, 7, world.ports.clock.nanoTime());
    }

    @Test
    void aPlanOfALaneThatIsBehindIsReleasedAtOnceIfItsClientAllows() {
        world.chain.lag = Optional.of(ConfirmedWorld.MAX_WAIT.plusMillis(1));

        PlanConfirmation confirmation = in(State.PINNED, OnUnconfirmed.RELEASE);
        confirmation.decide(told::add);

        assertThat(told).containsExactly(Verdict.RELEASED);
        assertThat(world.ports.counted.events).containsExactly("unconfirmed RESPONSE RELEASE");
    }

    @Test
    void aVerdictIsCountedOnce() {
        PlanConfirmation confirmation = in(State.UNCONFIRMED, OnUnconfirmed.FAIL);

        confirmation.decide(told::add);
        confirmation.giveUp();
        world.chain.confirm(1);

        assertThat(told).containsExactly(Verdict.UNCONFIRMED);
        assertThat(world.ports.counted.events).containsExactly("unconfirmed RESPONSE FAIL");
        assertThat(world.ports.counted.confirmations).isEmpty();
    }
}
