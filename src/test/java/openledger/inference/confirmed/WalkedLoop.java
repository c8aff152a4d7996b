package openledger.inference.confirmed;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import openledger.commitment.PlanLevel;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.LeafMode;
import openledger.inference.FakePorts;
import openledger.inference.InferenceRequest;
import openledger.inference.ServicePorts;
import openledger.inference.TurnedLoops;
import openledger.inference.admission.ModeOptions;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.inference.admission.ResendHint;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Intent;
import openledger.inference.record.PlanJournal;
import openledger.inference.record.PlannedRequest;
import openledger.inference.retry.AttemptLog;
import openledger.inference.retry.AttemptsEnd;
import openledger.inference.retry.RetryLoop.RequestContext;
import openledger.inference.retry.RouteTraffic;
import openledger.inference.upstream.ClosedTargets;
import openledger.inference.upstream.UpstreamRequest;
import openledger.routing.Gate;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import openledger.routing.allocation.Snapshot;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one confirmed request, with everything that may happen to them; the epochs pass on another event loop, whose messages
 * cross. What a session does not do is not possible here either. Long because it is the list of the events and of what must always hold.
 */
final class WalkedLoop {
    private static final RequestId ID = new RequestId(1, 1);
    private static final Duration LONG = Duration.ofHours(1);

    private final FakePorts world = new FakePorts();
    private final TurnedLoops loops = world.loops;
    private final ConfirmedWorld.Chain chain = new ConfirmedWorld.Chain();
    private final FailingPlans plans = new FailingPlans();
    private final Route route = TestRoutes.both(2, 1);
    private final AttemptLog log = new AttemptLog(world.clock.nanoTime(), (number, tier, target) -> {});
    private final List<FakePorts.Answer> answers = new ArrayList<>();
    private final List<AttemptsEnd> ends = new ArrayList<>();
    private final EpochScheduler epochs;
    private final UpstreamRequest asked;
    private final ConfirmedRetryLoop loop;
    private @Nullable UniEmitter<? super Void> witness;
    private @Nullable Cancellable running;
    private boolean isStarted;
    private boolean isClosed;
    private int begun;
    private int mostCalls = Integer.MAX_VALUE;
    private int cancelled;

    /** What may happen. */
    enum Event {
        START,
        /** What waits on the two event loops is done. */
        TURN,
        EPOCH_ENDS,
        /** By a bug, or because plans cannot be recorded. */
        FAILED_EPOCH,
        /** No target has a free slot from now on. */
        FILL,
        RECORDED,
        WITNESSED,
        CONFIRMED,
        /** It was not confirmed in time. */
        LATE,
        MISS,
        ANSWER,
        BUG,
        /** To the next point of the grid. */
        POINT,
        STOP_RETRYING,
        RESUME_RETRIES,
        CANCEL,
        GO_ON,
        /** The record is sealed. */
        OVER
    }

    /** What kind of request it is. */
    enum Kind {
        DISPATCH(Gate.DISPATCH, OnUnconfirmed.FAIL),
        RESPONSE(Gate.RESPONSE, OnUnconfirmed.FAIL),
        RELEASED(Gate.RESPONSE, OnUnconfirmed.RELEASE),
        SHOWN(Gate.DISPATCH, OnUnconfirmed.RELEASE);

        private final Gate gate;
        private final OnUnconfirmed then;

        Kind(Gate gate, OnUnconfirmed then) {
            this.gate = gate;
            this.then = then;
        }
    }

    /** It cannot happen now, whatever the loop does. */
    static final class Impossible extends RuntimeException {}

    WalkedLoop(Kind kind) {
        loops.setNext(loops.second);
        ConfirmedPorts lane = new ConfirmedPorts(
                plans,
                chain,
                new LaneSecret(new byte[LaneSecret.BYTES]),
                new LaneId(1),
                new ConfirmedSettings(ConfirmedWorld.EPOCH, 10));
        ServicePorts ports = new ServicePorts(
                world.providers, world.journal, loops, loops, world.counted.metrics, Optional.of(lane));
        this.epochs = new EpochScheduler(ports, lane);
        InferenceRequest request = world.request(route, ResendHint.NONE);
        this.asked = new UpstreamRequest(
                request.operation(),
                request.body(),
                request.form(),
                request.headers(),
                ID.toString(),
                request.view(),
                request.trace(),
                request.tenant(),
                request.place());
        Intent intent = new Intent(
                request.arrivalMillis(),
                request.tenant(),
                route.id(),
                request.operation(),
                LeafMode.CONFIRMED_RESPONSE,
                route.budget(),
                request.form(),
                new byte[32],
                "",
                "");
        this.loop = new ConfirmedRetryLoop(
                new RequestContext(
                        ID,
                        intent,
                        0,
                        asked,
                        kind == Kind.SHOWN
                                ? Optional.of(plan -> Uni.createFrom().emitter(to -> witness = to))
                                : Optional.empty()),
                route,
                ClosedTargets.NONE,
                log,
                new RouteTraffic(route, world.providers, () -> 1),
                ports,
                epochs,
                new PlanConfirmation(
                        ID,
                        route,
                        new ModeOptions.Confirmed(kind.gate, PlanLevel.SEQUENCED, ConfirmedWorld.MAX_WAIT, kind.then),
                        ports,
                        chain,
                        loops.here()));
    }

    /** Plans as they were recorded, unless they cannot be. */
    private static final class FailingPlans implements PlanJournal {
        private final ConfirmedWorld.Plans recorded = new ConfirmedWorld.Plans();
        private boolean fail;

        @Override
        public long lastSnapshot() {
            return recorded.lastSnapshot();
        }

        @Override
        public long append(Snapshot snapshot, List<PlannedRequest> plans) {
            if (fail) {
                throw new IllegalStateException("a bug");
            }
            return recorded.append(snapshot, plans);
        }
    }

    /** Where the loop stands. It shows it to nobody; a walk has to know. */
    String stage() {
        try {
            Field field = ConfirmedRetryLoop.class.getDeclaredField("stage");
            field.setAccessible(true);
            return field.get(loop).getClass().getSimpleName();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /**
     * It happens.
     *
     * @throws Impossible if it cannot
     */
    void play(Event event) {
        switch (event) {
            case START -> {
                possible(!isStarted);
                isStarted = true;
                assertThat(epochs.places().take("tenant")).isTrue();
                begin(loop.start());
            }
            case TURN -> loops.settle();
            case EPOCH_ENDS -> world.clock.advance(ConfirmedWorld.EPOCH);
            case FAILED_EPOCH -> {
                plans.fail = true;
                world.clock.advance(ConfirmedWorld.EPOCH);
                plans.fail = false;
            }
            case FILL ->
                route.tiers().forEach(tier -> tier.targets().forEach(target -> world.providers.load(target).limit = 0));
            case RECORDED -> world.journal.commit();
            case WITNESSED -> {
                UniEmitter<? super Void> to = witness;
                if (to == null) {
                    throw new Impossible();
                }
                to.complete(null);
            }
            case CONFIRMED -> chain.confirm(1);
            case LATE -> world.clock.advance(ConfirmedWorld.MAX_WAIT);
            case MISS -> call().land(FakePorts.failed(Trigger.SERVER_ERROR));
            case ANSWER -> {
                FakePorts.Call call = call();
                FakePorts.Answer answer = new FakePorts.Answer();
                answers.add(answer);
                call.land(FakePorts.answered(answer));
            }
            case BUG -> call().fail(new IllegalStateException("a bug"));
            case POINT -> world.clock.advance(ConfirmedWorld.STEP);
            case STOP_RETRYING -> {
                // Who has nothing in flight is cancelled at once.
                possible(running != null && loop.isInFlight());
                loop.stopRetrying();
                mostCalls = world.providers.calls.size();
            }
            case RESUME_RETRIES -> {
                possible(running != null);
                mostCalls = Integer.MAX_VALUE;
                loop.resumeRetries();
            }
            case CANCEL -> cancel();
            case GO_ON -> {
                possible(isStarted && !isClosed && running == null);
                begin(loop.goOn(asked));
            }
            case OVER -> {
                possible(isStarted && !isClosed && running == null);
                isClosed = true;
                loop.close();
            }
        }
    }

    private static void possible(boolean is) {
        if (!is) {
            throw new Impossible();
        }
    }

    private FakePorts.Call call() {
        return world.providers.calls.stream()
                .filter(call -> !call.landed && !call.cancelled)
                .findFirst()
                .orElseThrow(Impossible::new);
    }

    /** As a session does it: nobody waits for the end any more, and nobody is there. */
    private void cancel() {
        Cancellable now = running;
        if (now == null) {
            throw new Impossible();
        }
        running = null;
        cancelled++;
        now.cancel();
        loop.cancel();
        loop.rest();
    }

    private void begin(Uni<AttemptsEnd> attempts) {
        int number = ++begun;
        mostCalls = Integer.MAX_VALUE;
        boolean[] isOver = new boolean[1];
        Cancellable made = attempts.subscribe()
                .with(
                        end -> {
                            isOver[0] = true;
                            ended(number, end);
                        },
                        bug -> {
                            isOver[0] = true;
                            ended(number, new AttemptsEnd.Unrecordable());
                        });
        running = isOver[0] ? null : made;
    }

    /** What has ended is let rest, as what is over is. */
    private void ended(int number, AttemptsEnd end) {
        assertThat(number).as("the attempts that end are those that run").isEqualTo(begun);
        running = null;
        ends.add(end);
        assertThat(ends.size() + cancelled).as("ends").isEqualTo(begun);
    }

    /** Whatever has happened so far. */
    void check() {
        assertThat(log.records().stream().map(AttemptRecord::number).sorted())
                .as("attempts")
                .isEqualTo(
                        IntStream.rangeClosed(1, log.records().size()).boxed().toList());
        assertThat(world.providers.calls.size()).as("calls").isLessThanOrEqualTo(mostCalls);
        assertThat(loop.spent()).as("spent").isBetween(0, route.budget());
        if (running == null) {
            assertThat(world.providers.inFlight()).as("calls in flight").isZero();
            assertThat(stage()).isIn("Resting", "Leaving");
        }
    }

    /** Nobody is there any more, and much time passes: nothing is left. */
    void conclude() {
        check();
        if (running != null) {
            cancel();
        }
        boolean[] isStill = new boolean[1];
        loop.whenStill(() -> isStill[0] = true);
        loops.settle();
        assertThat(isStill[0]).as("still").isTrue();
        if (!isClosed) {
            loop.close();
        }
        world.clock.advance(LONG);
        loops.settle();
        check();
        assertThat(stage()).isEqualTo("Resting");
        assertThat(log.records()).as("attempts").hasSize(loop.spent());
        assertThat(epochs.places().taken()).as("places").isZero();
        assertThat(chain.asked).as("the chain is asked").isEmpty();
        assertThat(world.clock.pending()).as("timers").isZero();
        assertThat(world.providers.claimed).as("slots that were claimed").allMatch(slot -> slot.used || slot.released);
        assertThat(world.providers.loads.values()).as("slots").allMatch(load -> load.inFlight == 0);
        assertThat(answers)
                .as("answers")
                .allMatch(answer -> answer.cancelled
                        || ends.stream()
                                .anyMatch(end -> end instanceof AttemptsEnd.Answered(var from, var given)
                                        && given.equals(answer)));
    }
}
