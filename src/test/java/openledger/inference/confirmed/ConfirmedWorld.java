package openledger.inference.confirmed;

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
import openledger.commitment.PlanLevel;
import openledger.commitment.leaf.LaneSecret;
import openledger.inference.Confirmations;
import openledger.inference.FakePorts;
import openledger.inference.InferenceOutcome;
import openledger.inference.InferenceRequest;
import openledger.inference.InferenceService;
import openledger.inference.ServicePorts;
import openledger.inference.TurnedLoops;
import openledger.inference.admission.ModeOptions;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.inference.admission.Permit;
import openledger.inference.admission.ResendHint;
import openledger.inference.record.Decision;
import openledger.inference.record.PlanJournal;
import openledger.inference.record.PlannedRequest;
import openledger.inference.resend.ResendSettings;
import openledger.routing.Gate;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.allocation.Snapshot;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;

/** A router that settles: {@link FakePorts} with a journal of plans in memory and a chain that confirms when told. */
public final class ConfirmedWorld {
    static final Duration EPOCH = TestRoutes.GRID.epoch();
    public static final Duration STEP = TestRoutes.GRID.step();
    static final Duration MAX_WAIT = Duration.ofSeconds(2);
    static final ResendHint KEYED = new ResendHint("key-1", 0);

    public final FakePorts ports = new FakePorts();
    final TurnedLoops loops = ports.loops;
    public final Plans plans = new Plans();
    public final Chain chain = new Chain();
    final InferenceService service;

    public ConfirmedWorld() {
        this(1_000);
    }

    ConfirmedWorld(int mostHeld) {
        this(mostHeld, false);
    }

    /** A router whose epochs pass on a loop of their own if {@code apart}, else on that of most requests. */
    ConfirmedWorld(int mostHeld, boolean apart) {
        if (apart) {
            loops.setNext(loops.second);
        }
        ConfirmedPorts lane = new ConfirmedPorts(
                plans,
                chain,
                new LaneSecret(new byte[LaneSecret.BYTES]),
                new LaneId(1),
                new ConfirmedSettings(EPOCH, mostHeld));
        service = new InferenceService(
                new ServicePorts(
                        ports.providers, ports.journal, loops, loops, ports.counted.metrics, Optional.of(lane)),
                new ResendSettings(
                        Duration.ofMinutes(30),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(60),
                        1_000,
                        2_000,
                        100,
                        ResendSettings.FirstCall.EAGER));
    }

    public static ModeOptions.Confirmed terms(Gate gate, OnUnconfirmed then) {
        return new ModeOptions.Confirmed(gate, PlanLevel.SEQUENCED, MAX_WAIT, then);
    }

    UniAssertSubscriber<InferenceOutcome> infer(Route route) {
        return infer(route, "tenant", terms(Gate.RESPONSE, OnUnconfirmed.FAIL), ResendHint.NONE);
    }

    public UniAssertSubscriber<InferenceOutcome> infer(Route route, String tenant, ModeOptions terms, ResendHint mark) {
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
                Permit.UNCOUNTED);
        return service.infer(request).subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    /** Lets epochs end. */
    public void epochs(int count) {
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

    public Decision decision() {
        return ports.journal.decisions.getFirst();
    }

    /** Slots that are taken and were neither used nor given back. */
    public long claimed() {
        return ports.providers.claimed.stream()
                .filter(slot -> !slot.used && !slot.released)
                .count();
    }

    /** Snapshots and plans as they were recorded. */
    public static final class Plans implements PlanJournal {
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

        public PlannedRequest only() {
            return planned.values().iterator().next();
        }
    }

    /** A chain that confirms when told. */
    public static final class Chain implements Confirmations {
        final Map<RequestId, UniEmitter<? super Void>> asked = new HashMap<>();
        Optional<Duration> lag = Optional.empty();
        Optional<Duration> witnessLag = Optional.empty();
        int calls;

        @Override
        public Standing standing() {
            calls++;
            return new Standing(Hash32.ZERO, 7, lag);
        }

        @Override
        public Optional<Duration> lag(PlanLevel level) {
            calls++;
            return level == PlanLevel.WITNESSED ? witnessLag : lag;
        }

        @Override
        public Uni<Void> reached(RequestId id, PlanLevel level) {
            calls++;
            return Uni.createFrom().emitter(to -> {
                asked.put(id, to);
                to.onTermination(() -> asked.remove(id));
            });
        }

        /** The plan of the n-th request of the lane has reached its level. */
        public void confirm(long counter) {
            UniEmitter<? super Void> to = asked.get(new RequestId(1, counter));
            if (to != null) {
                to.complete(null);
            }
        }
    }
}
