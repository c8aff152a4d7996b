package openledger.provider.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import openledger.inference.Timekeeper;
import openledger.inference.TurnedClock;
import openledger.inference.upstream.AnswerForm;
import openledger.provider.ProviderEndpoint;
import openledger.provider.call.WalkedCall.Client;
import openledger.provider.call.WalkedCall.Event;
import openledger.provider.call.WalkedCall.Impossible;
import openledger.provider.target.GuardedTarget;
import openledger.support.EventWalk;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every event in every state of a call, and every two that follow each other. Long because the table is read as one. */
final class UpstreamCallTest {
    private static final int MOST_FOLLOWING = 2;

    private static final Vertx VERTX = Vertx.vertx();
    private static final Context LOOP = VERTX.getOrCreateContext();
    private static final Timekeeper STANDING_STILL = new TurnedClock();
    private static final ProviderEndpoint ENDPOINT = WalkedCall.endpoint(VERTX, STANDING_STILL);
    private static final GuardedTarget TARGET = WalkedCall.target(ENDPOINT, STANDING_STILL);

    /** A state, and what leads to it; some are one state of the call with something else that differs. */
    @SuppressWarnings("ImmutableEnumChecker") // lists that nobody changes
    private enum State {
        PREPARED,
        SENDING(Event.START, Event.SENT),
        HEARING(SENDING, Event.HEAD_OF_AN_ERROR),
        HOLDING(SENDING, Event.HEAD),
        OFFERED(HOLDING, Event.CONTENT),
        OFFERED_WHOLE(HOLDING, Event.DOCUMENT, Event.END),
        OFFERED_WITH_FAULT(HOLDING, Event.CONTENT_AND_FAULT),
        OFFERED_LOST(OFFERED, Event.LOST),
        FLOWING(OFFERED, Event.DRAIN),
        PAUSED(FLOWING, Event.PAUSE),
        PAUSED_LOST(PAUSED, Event.LOST),
        CLOSED_UNSTARTED(PREPARED, Event.DEPART),
        CLOSED_UNHEARD(SENDING, Event.HEAD_OF_A_BROKEN_ONE),
        CLOSED_UNREAD(OFFERED, Event.CANCEL),
        CLOSED_WHOLE(FLOWING, Event.DONE),
        CLOSED_BROKEN(FLOWING, Event.FAULT);

        private final List<Event> way;

        State(Event... way) {
            this.way = List.of(way);
        }

        State(State from, Event... then) {
            this.way = Stream.concat(from.way.stream(), Stream.of(then)).toList();
        }

        String unchanged() {
            return switch (this) {
                case PREPARED -> "Prepared";
                case SENDING -> "Sending";
                case HEARING -> "Hearing";
                case HOLDING -> "Holding";
                case OFFERED, OFFERED_WHOLE, OFFERED_WITH_FAULT, OFFERED_LOST -> "Offered";
                case FLOWING -> "Flowing";
                case PAUSED, PAUSED_LOST -> "Flowing paused";
                case CLOSED_UNSTARTED, CLOSED_UNHEARD, CLOSED_UNREAD, CLOSED_WHOLE, CLOSED_BROKEN -> "Closed";
            };
        }

        boolean isWaitedFor() {
            return compareTo(OFFERED) < 0;
        }

        boolean flows() {
            return unchanged().startsWith("Flowing");
        }

        boolean isClosed() {
            return unchanged().equals("Closed");
        }

        /** A head has come, the body has not ended, and the connection stands. */
        boolean hasMoreToCome() {
            return switch (this) {
                case HEARING, HOLDING, OFFERED, OFFERED_WITH_FAULT, FLOWING, PAUSED, CLOSED_UNHEARD, CLOSED_WHOLE ->
                    true;
                case PREPARED, SENDING, OFFERED_WHOLE, OFFERED_LOST, PAUSED_LOST -> false;
                case CLOSED_UNSTARTED, CLOSED_UNREAD, CLOSED_BROKEN -> false;
            };
        }
    }

    @AfterAll
    static void stop() throws Exception {
        VERTX.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Where an event leads to, and what the caller and the sink hear of it. */
    private static String expected(State state, Event event) {
        return switch (event) {
            case START ->
                switch (state) {
                    case PREPARED -> "Sending";
                    case CLOSED_UNSTARTED -> "Closed: blameless CONNECTION_LOST";
                    default -> state.isClosed() ? "Closed" : "refused";
                };
            case SENT -> state == State.SENDING ? "Sending" : "refused";
            case HEAD -> state == State.SENDING ? "Holding" : "refused";
            case HEAD_OF_AN_ERROR -> state == State.SENDING ? "Hearing" : "refused";
            case HEAD_OF_A_FULL_ONE -> state == State.SENDING ? "Closed: blameless RATE_LIMITED" : "refused";
            case HEAD_OF_A_BROKEN_ONE, HEAD_WITHOUT_BODY ->
                state == State.SENDING ? "Closed: failed SERVER_ERROR" : "refused";
            case ROLE, CONTENT, DOCUMENT, CONTENT_AND_FAULT, FAULT, DONE, END -> {
                if (!state.hasMoreToCome()) {
                    yield "impossible";
                }
                yield switch (state) {
                    case HEARING -> event == Event.END ? "Closed: rejected" : state.unchanged();
                    case HOLDING -> expectedOfWhatIsHeld(event);
                    case FLOWING -> expectedOfWhatFlows(event);
                    // It waits, or is dropped.
                    default -> state.unchanged();
                };
            }
            case LOST ->
                switch (state) {
                    case PREPARED -> "refused";
                    case SENDING, HEARING, HOLDING -> "Closed: failed CONNECTION_LOST";
                    case FLOWING -> "Closed: broken CONNECTION_LOST";
                    case OFFERED, OFFERED_WITH_FAULT, PAUSED, CLOSED_UNSTARTED, CLOSED_UNHEARD, CLOSED_WHOLE ->
                        state.unchanged();
                    case OFFERED_WHOLE, OFFERED_LOST, PAUSED_LOST, CLOSED_UNREAD, CLOSED_BROKEN -> "impossible";
                };
            case SILENCE ->
                switch (state) {
                    case PREPARED -> state.unchanged();
                    case HEARING -> "Closed: rejected";
                    case SENDING, HOLDING -> "Closed: failed FIRST_TOKEN_TIMEOUT";
                    case FLOWING -> "Closed: broken IDLE_TIMEOUT";
                    case PAUSED, PAUSED_LOST -> "Closed: broken TOTAL_TIMEOUT";
                    default -> "Closed";
                };
            case DRAIN, DRAIN_BY_ONE_WHO_PAUSES, DRAIN_BY_ONE_WHO_LEAVES ->
                switch (state) {
                    case OFFERED, OFFERED_LOST ->
                        event == Event.DRAIN_BY_ONE_WHO_LEAVES
                                ? "Closed: chunk"
                                : event == Event.DRAIN_BY_ONE_WHO_PAUSES
                                        ? "Flowing paused: chunk"
                                        : state == State.OFFERED
                                                ? "Flowing: chunk"
                                                : "Closed: chunk, broken CONNECTION_LOST";
                    // What is known of a fault is not kept back until something else comes.
                    case OFFERED_WITH_FAULT ->
                        event == Event.DRAIN_BY_ONE_WHO_LEAVES
                                ? "Closed: chunk"
                                : "Closed: chunk, broken IN_BAND_ERROR";
                    case OFFERED_WHOLE ->
                        event == Event.DRAIN_BY_ONE_WHO_LEAVES ? "Closed: chunk" : "Closed: chunk, end";
                    default -> state.isClosed() ? "Closed: broken CONNECTION_LOST" : "refused";
                };
            case PAUSE -> state.flows() ? "Flowing paused" : state.isClosed() ? "Closed" : "refused";
            case RESUME ->
                state == State.PAUSED_LOST
                        ? "Closed: broken CONNECTION_LOST"
                        : state.flows() ? "Flowing" : state.isClosed() ? "Closed" : "refused";
            case CANCEL -> state.isWaitedFor() ? "refused" : "Closed";
            case DEPART, SUBSCRIPTION_OVER ->
                switch (state) {
                    // Nobody is there yet who could hear of it.
                    case PREPARED -> "Closed";
                    case SENDING, HEARING, HOLDING -> "Closed: blameless CONNECTION_LOST";
                    default -> event == Event.DEPART ? "Closed" : state.unchanged();
                };
        };
    }

    private static String expectedOfWhatIsHeld(Event event) {
        return switch (event) {
            case CONTENT, CONTENT_AND_FAULT -> "Offered: answered";
            case FAULT, DONE -> "Closed: failed IN_BAND_ERROR";
            case END -> "Closed: failed CONNECTION_LOST";
            default -> "Holding";
        };
    }

    private static String expectedOfWhatFlows(Event event) {
        return switch (event) {
            case ROLE, CONTENT -> "Flowing: chunk";
            case CONTENT_AND_FAULT -> "Closed: chunk, broken IN_BAND_ERROR";
            case FAULT -> "Closed: broken IN_BAND_ERROR";
            case DONE -> "Closed: end";
            case END -> "Closed: broken CONNECTION_LOST";
            default -> "Flowing";
        };
    }

    @TestFactory
    List<DynamicTest> everyEventInEveryState() {
        List<DynamicTest> all = new ArrayList<>();
        for (State state : State.values()) {
            for (Event event : Event.values()) {
                all.add(DynamicTest.dynamicTest(
                        event + " in " + state,
                        () -> assertThat(outcome(state, event)).isEqualTo(expected(state, event))));
            }
        }
        return all;
    }

    private static String outcome(State state, Event event) throws Exception {
        WalkedCall call = call(state, Client.WAITS);
        turns(call, state.way);
        int before = call.heard.size();
        String left;
        try {
            turns(call, List.of(event));
            left = call.state();
        } catch (Impossible impossible) {
            left = "impossible";
        } catch (IllegalStateException refused) {
            left = "refused";
        }
        String heard = call.heard.stream().skip(before).collect(Collectors.joining(", "));
        conclude(call, state.way);
        return heard.isEmpty() ? left : left + ": " + heard;
    }

    private static WalkedCall call(State towards, Client client) {
        AnswerForm form = towards == State.OFFERED_WHOLE ? AnswerForm.PLAIN : AnswerForm.STREAM;
        return new WalkedCall(ENDPOINT, TARGET, LOOP, form, client);
    }

    /** Whatever two events follow each other in whatever state: one result, one end, one slot given back, no timer left. */
    @ParameterizedTest
    @EnumSource
    void whateverHappensEndsOnce(Client client) throws Exception {
        int walked = 0;
        for (State state : State.values()) {
            walked += EventWalk.deeper(Event.values(), state.way, MOST_FOLLOWING, way -> happens(state, client, way));
        }
        assertThat(walked).isGreaterThan(500);
    }

    private static boolean happens(State from, Client client, List<Event> way) throws Exception {
        WalkedCall call = call(from, client);
        boolean happens = true;
        try {
            turns(call, way);
        } catch (Impossible | IllegalStateException no) {
            happens = false;
        }
        conclude(call, way);
        return happens;
    }

    private static void conclude(WalkedCall call, List<Event> way) throws Exception {
        try {
            onLoop(List.of(call::conclude));
        } catch (AssertionError wrong) {
            throw new AssertionError(way + ": " + call.heard, wrong);
        }
    }

    /** Each in a turn of its own, behind what the one before it left for later turns. */
    private static void turns(WalkedCall call, List<Event> way) throws Exception {
        onLoop(way.stream()
                .<Runnable>map(event -> () -> {
                    call.play(event);
                    call.check();
                })
                .toList());
    }

    private static void onLoop(List<Runnable> turns) throws Exception {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        LOOP.exceptionHandler(done::completeExceptionally);
        next(turns, 0, done);
        try {
            done.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof RuntimeException bug) {
                throw bug;
            }
            if (cause instanceof AssertionError wrong) {
                throw wrong;
            }
            throw e;
        }
    }

    private static void next(List<Runnable> turns, int at, CompletableFuture<Boolean> done) {
        LOOP.runOnContext(turn -> {
            if (at == turns.size()) {
                done.complete(true);
            } else {
                turns.get(at).run();
                next(turns, at + 1, done);
            }
        });
    }
}
