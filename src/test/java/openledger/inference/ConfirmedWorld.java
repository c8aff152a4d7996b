package openledger.inference;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.LaneSecret;
import openledger.inference.ModeTerms.OnUnconfirmed;
import openledger.routing.Gate;
import openledger.routing.Route;
import openledger.routing.Snapshot;
import openledger.routing.TestRoutes;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;

/** A router that settles: {@link FakePorts} with a journal of plans in memory and a chain that confirms when told. */
final class ConfirmedWorld {
    static final Duration EPOCH = TestRoutes.GRID.epoch();
    static final Duration STEP = TestRoutes.GRID.step();
    static final Duration MAX_WAIT = Duration.ofSeconds(2);
    static final ResendMark KEYED = new ResendMark("key-1", 0);

    final FakePorts ports = new FakePorts();
    final TurnedLoops loops = new TurnedLoops(ports.clock);
    final Plans plans = new Plans();
    final Chain chain = new Chain();
    final InferenceService service;

    ConfirmedWorld() {
        this(1_000);
    }

    ConfirmedWorld(int mostHeld) {
        ConfirmedPorts lane = new ConfirmedPorts(
                plans,
                chain,
                new LaneSecret(new byte[LaneSecret.BYTES]),
                new LaneId(1),
                new ConfirmedSettings(EPOCH, mostHeld));
        ports.providers.here = loops::here;
        service = new InferenceService(
                new ServicePorts(ports.providers, ports.journal, loops, loops, ports.counted, Optional.of(lane)),
                new ResendSettings(
                        Duration.ofMinutes(30), Duration.ofSeconds(5), Duration.ofSeconds(60), 1_000, 2_000, 100));
    }

    static ModeTerms.Confirmed terms(Gate gate, OnUnconfirmed then) {
        return new ModeTerms.Confirmed(gate, ConfirmationLevel.SEQUENCED, MAX_WAIT, then);
    }

    UniAssertSubscriber<InferenceOutcome> infer(Route route) {
        return infer(route, "tenant", terms(Gate.RESPONSE, OnUnconfirmed.FAIL), ResendMark.NONE);
    }

    UniAssertSubscriber<InferenceOutcome> infer(Route route, String tenant, ModeTerms terms, ResendMark mark) {
        InferenceRequest fast = ports.request(route, mark, "{\"model\":\"assistant\",\"user\":\"" + tenant + "\"}");
        InferenceRequest request = new InferenceRequest(
                tenant,
                route,
                fast.operation(),
                terms,
                fast.body(),
                fast.headers(),
                "",
                "",
                mark,
                fast.deadline(),
                fast.arrivalMillis(),
                fast.arrivalNanos(),
                Optional.empty(),
                Optional.empty(),
                Place.UNCOUNTED);
        return service.infer(request).subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    /** Lets epochs end. */
    void epochs(int count) {
        for (int i = 0; i < count; i++) {
            ports.clock.advance(EPOCH);
        }
    }

    /** No target of a tier has a free slot from now on. */
    void fill(Route route, int tier) {
        route.tiers().get(tier).targets().forEach(target -> ports.providers.load(target).limit = 0);
    }

    /** One target of a tier has one free slot again. */
    void free(Route route, int tier) {
        ports.providers.load(route.tiers().get(tier).targets().getFirst()).limit++;
    }

    Decision decision() {
        return ports.journal.decisions.getFirst();
    }

    /** Slots that are taken and were neither used nor given back. */
    long claimed() {
        return ports.providers.claimed.stream()
                .filter(slot -> !slot.used && !slot.released)
                .count();
    }

    /** Snapshots and plans as they were recorded. */
    static final class Plans implements PlanJournal {
        final List<Snapshot> snapshots = new ArrayList<>();
        final Map<RequestId, PlannedRequest> planned = new LinkedHashMap<>();
        long last;
        int calls;

        @Override
        public long lastSnapshot() {
            calls++;
            return last;
        }

        @Override
        public long append(Snapshot snapshot, List<PlannedRequest> plans) {
            calls++;
            snapshots.add(snapshot);
            last = snapshot.number();
            for (PlannedRequest plan : plans) {
                if (planned.put(plan.id(), plan) != null) {
                    throw new AssertionError("two plans of one request");
                }
            }
            return 1_000L + planned.size();
        }

        PlannedRequest only() {
            return planned.values().iterator().next();
        }
    }

    /** A chain that confirms when told. */
    static final class Chain implements Confirmations {
        final Map<RequestId, UniEmitter<? super Void>> asked = new HashMap<>();
        Optional<Duration> lag = Optional.empty();
        int calls;

        @Override
        public Standing standing() {
            calls++;
            return new Standing(Hash32.ZERO, 7, lag);
        }

        @Override
        public Uni<Void> reached(RequestId id, ConfirmationLevel level) {
            calls++;
            return Uni.createFrom().emitter(to -> {
                asked.put(id, to);
                to.onTermination(() -> asked.remove(id));
            });
        }

        /** The plan of the n-th request of the lane has reached its level. */
        void confirm(long counter) {
            UniEmitter<? super Void> to = asked.get(new RequestId(1, counter));
            if (to != null) {
                to.complete(null);
            }
        }
    }
}
