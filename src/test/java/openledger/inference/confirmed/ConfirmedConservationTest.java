package openledger.inference.confirmed;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import openledger.commitment.SnapshotEncoding;
import openledger.commitment.SnapshotSeed;
import openledger.commitment.leaf.LeafMode;
import openledger.inference.EventLoops;
import openledger.inference.FakePorts;
import openledger.inference.InferenceOutcome;
import openledger.inference.InferenceOutcome.Served;
import openledger.inference.RecordedSink;
import openledger.inference.TurnedLoops;
import openledger.inference.admission.ModeOptions;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.inference.admission.ResendHint;
import openledger.inference.record.AttemptDetail;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Decision;
import openledger.inference.record.PlannedRequest;
import openledger.inference.upstream.CallResult;
import openledger.inference.upstream.UpstreamRejection;
import openledger.routing.DecisionStatus;
import openledger.routing.Gate;
import openledger.routing.Plan;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import openledger.routing.allocation.Allocation;
import openledger.routing.allocation.Allocator;
import openledger.routing.allocation.Snapshot;
import openledger.unit.RequestId;
import openledger.unit.TargetId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The laws of confirmed mode, whatever providers, the chain and clients do: a slot claimed is a slot used or given back, the
 * budget is kept, what was done is what was pinned, what was pinned can be made again from its snapshot, and each request has
 * one record. On two event loops whose messages cross. Long because the world, its laws and its mischief belong together.
 */
final class ConfirmedConservationTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    private static final class Client {
        final TurnedLoops.TurnedLoop loop;
        final UniAssertSubscriber<InferenceOutcome> subscriber;
        boolean drained;
        boolean gone;

        Client(TurnedLoops.TurnedLoop loop, UniAssertSubscriber<InferenceOutcome> subscriber) {
            this.loop = loop;
            this.subscriber = subscriber;
        }
    }

    private record Answering(FakePorts.Answer answer, EventLoops.Loop loop) {
        void end() {
            loop.execute(() -> {
                if (!answer.cancelled) {
                    answer.sink().end();
                }
            });
        }
    }

    private ConfirmedWorld world = new ConfirmedWorld();
    private Route route = TestRoutes.both(1);
    private final List<Client> clients = new ArrayList<>();
    private final List<Answering> answers = new ArrayList<>();
    private final Set<Long> confirmed = new HashSet<>();
    private Random random = new Random();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void holdWhateverHappens(long seed) {
        random = new Random(seed);
        Set<DecisionStatus> seen = new HashSet<>();
        for (int run = 0; run < 120; run++) {
            world = new ConfirmedWorld(4 + random.nextInt(8), random.nextBoolean());
            world.loops.turnedOnly();
            route = TestRoutes.both(random.ints(1 + random.nextInt(3), 1, 3).toArray());
            clients.clear();
            answers.clear();
            confirmed.clear();
            for (int tier = 0; tier < route.tiers().size(); tier++) {
                world.fill(route, tier);
            }
            for (int step = 0; step < 80; step++) {
                step();
            }
            end();
            checkSlots();
            checkSnapshots();
            world.ports.journal.decisions.forEach(this::check);
            world.ports.journal.decisions.forEach(decision -> seen.add(decision.status()));
        }
        // The mischief reaches every way to end, or this proves little.
        assertThat(seen)
                .contains(
                        DecisionStatus.SERVED,
                        DecisionStatus.EXHAUSTED,
                        DecisionStatus.CANCELLED,
                        DecisionStatus.UNCONFIRMED,
                        DecisionStatus.REJECTED);
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0, 1 -> arrive();
            case 2, 3, 4 -> world.ports.clock.advance(Duration.ofMillis(random.nextInt(250)));
            case 5 -> {
                List<TargetId> targets = route.tiers().stream()
                        .flatMap(tier -> tier.targets().stream())
                        .map(target -> target.id())
                        .toList();
                FakePorts.Load load = Objects.requireNonNull(
                        world.ports.providers.loads.get(targets.get(random.nextInt(targets.size()))));
                load.open = random.nextInt(4) != 0;
                load.limit = random.nextInt(3);
            }
            case 6 -> confirm(1 + random.nextInt(world.ports.journal.intents.size() + 1));
            case 7, 8 -> land();
            case 9 -> leave();
            case 10 -> drain();
            default -> {
                world.chain.lag = random.nextInt(6) == 0
                        ? Optional.of(ConfirmedWorld.MAX_WAIT.multipliedBy(2))
                        : Optional.empty();
                world.loops.settle();
            }
        }
        if (random.nextInt(3) == 0) {
            world.loops.first.turn();
        }
        if (random.nextInt(3) == 0) {
            world.loops.second.turn();
        }
    }

    private void arrive() {
        TurnedLoops.TurnedLoop loop = random.nextBoolean() ? world.loops.first : world.loops.second;
        ModeOptions terms = ConfirmedWorld.terms(
                random.nextBoolean() ? Gate.RESPONSE : Gate.DISPATCH,
                random.nextBoolean() ? OnUnconfirmed.FAIL : OnUnconfirmed.RELEASE);
        ResendHint mark = random.nextBoolean() ? ResendHint.NONE : new ResendHint("key-" + random.nextInt(3), 0);
        String tenant = mark.isKeyed() ? "keyed" : "tenant-" + random.nextInt(3);
        loop.at(() -> clients.add(new Client(loop, world.infer(route, tenant, terms, mark))));
    }

    private void confirm(long counter) {
        if (world.chain.asked.containsKey(new RequestId(1, counter))
                && world.plans.planned.containsKey(new RequestId(1, counter))) {
            confirmed.add(counter);
            world.chain.confirm(counter);
        }
    }

    private void land() {
        List<FakePorts.Call> open = world.ports.providers.calls.stream()
                .filter(call -> !call.landed && !call.cancelled)
                .toList();
        if (open.isEmpty()) {
            return;
        }
        FakePorts.Call call = open.get(random.nextInt(open.size()));
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> {
                FakePorts.Answer answer = new FakePorts.Answer();
                answers.add(new Answering(answer, call.loop));
                call.land(FakePorts.answered(answer));
            }
            case 3 ->
                call.land(new CallResult.Rejected(
                        new UpstreamRejection("no", "", "", ""), 400, "up", AttemptDetail.NONE));
            default -> call.land(FakePorts.failed(Trigger.RATE_LIMITED));
        }
    }

    private void leave() {
        if (!clients.isEmpty()) {
            leave(clients.get(random.nextInt(clients.size())));
        }
    }

    private void leave(Client client) {
        if (client.gone || client.drained) {
            return;
        }
        client.gone = true;
        client.loop.at(() -> {
            if (client.subscriber.getItem() instanceof Served served) {
                served.answer().cancel();
            } else {
                client.subscriber.cancel();
            }
        });
    }

    /** Clients read their answers, and providers come to their ends. */
    private void drain() {
        for (Client client : clients) {
            if (!client.gone && !client.drained && client.subscriber.getItem() instanceof Served served) {
                client.drained = true;
                client.loop.at(() -> served.answer().drainTo(new RecordedSink()));
            }
        }
        world.loops.settle();
        List<Answering> read =
                answers.stream().filter(one -> one.answer.isRead()).toList();
        answers.removeAll(read);
        read.forEach(Answering::end);
    }

    private void end() {
        drain();
        clients.forEach(this::leave);
        for (int minute = 0; minute < 3; minute++) {
            world.loops.settle();
            world.ports.clock.advance(LONG);
        }
        world.loops.settle();
    }

    private void checkSlots() {
        assertThat(world.ports.providers.claimed)
                .allSatisfy(slot -> assertThat(slot.used ^ slot.released)
                        .as("used or given back, once")
                        .isTrue());
        assertThat(world.ports.providers.inFlight()).isZero();
        assertThat(world.ports.providers.loads.values())
                .allSatisfy(load -> assertThat(load.inFlight).isZero());
        assertThat(world.ports.clock.pending()).isZero();
        assertThat(world.chain.asked).isEmpty();
        assertThat(world.ports.journal.decisions)
                .extracting(Decision::id)
                .doesNotHaveDuplicates()
                .hasSameSizeAs(world.ports.journal.intents);
    }

    /** Anybody can do the allocator's work again, from the bytes alone. */
    private void checkSnapshots() {
        List<Plan> replayed = new ArrayList<>();
        long number = 0;
        for (Snapshot snapshot : world.plans.snapshots) {
            assertThat(snapshot.number()).isEqualTo(++number);
            assertThat(snapshot.open()).isNotEmpty();
            Snapshot read = SnapshotEncoding.decode(SnapshotEncoding.encode(snapshot));
            Allocation again = Allocator.allocate(read, SnapshotSeed.LOTS);
            again.pinned().forEach(pinned -> replayed.add(pinned.plan()));
        }
        assertThat(world.plans.planned.values())
                .extracting(PlannedRequest::plan)
                .containsExactlyElementsOf(replayed);
    }

    private void check(Decision decision) {
        Optional<Plan> plan =
                Optional.ofNullable(world.plans.planned.get(decision.id())).map(PlannedRequest::plan);
        assertThat(decision.plan()).isEqualTo(plan);
        int heldFor = plan.map(Plan::spent).orElse(route.budget());
        int number = 0;
        for (AttemptRecord attempt : decision.attempts()) {
            assertThat(attempt.number()).isEqualTo(++number);
            assertThat(number).isLessThanOrEqualTo(route.budget());
            boolean whileHeld = number <= heldFor;
            assertThat(attempt.target())
                    .isEqualTo(whileHeld ? TargetId.NONE : plan.orElseThrow().target(number));
            assertThat(number).isLessThanOrEqualTo(route.upTo(attempt.tier()));
            if (whileHeld) {
                assertThat(attempt.trigger()).isEqualTo(Trigger.NO_CAPACITY);
            }
        }
        assertThat(decision.status() == DecisionStatus.EXHAUSTED && number < route.budget())
                .as("exhausted with attempts left")
                .isFalse();
        checkConfirmation(decision);
    }

    private void checkConfirmation(Decision decision) {
        boolean served = decision.servedTier() != Decision.NO_TIER;
        boolean called = decision.attempts().stream()
                .anyMatch(attempt -> !attempt.trigger().isRefusal());
        boolean insists = !decision.mode().isReleased();
        if (insists && served && decision.status() != DecisionStatus.CANCELLED) {
            assertThat(confirmed).contains(decision.id().counter());
        }
        if (decision.mode() == LeafMode.CONFIRMED_DISPATCH && called) {
            assertThat(confirmed).contains(decision.id().counter());
        }
        if (decision.status() == DecisionStatus.UNCONFIRMED) {
            assertThat(decision.plan()).isPresent();
            assertThat(insists).isTrue();
            assertThat(served).isFalse();
        }
    }
}
