package openledger.settlement;

import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import openledger.commitment.leaf.LeafMode;
import openledger.fairness.Attribution;
import openledger.inference.Timekeeper;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.PlannedRequest;
import openledger.inference.record.TimeSplit;
import openledger.inference.upstream.AnswerForm;
import openledger.routing.DecisionStatus;
import openledger.routing.Operation;
import openledger.routing.Plan;
import openledger.routing.Trigger;
import openledger.settlement.cut.DecisionSource;
import openledger.settlement.cut.DecisionSource.Placed;
import openledger.settlement.cut.JournalOffset;
import openledger.settlement.cut.PlanSource;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.RouteId;
import openledger.unit.TargetId;

/** A lane's journal in memory, one record a chunk; each answer takes a millisecond. Confined to one thread. */
final class FakeJournal {
    private static final int BUDGET = 4;

    private final Timekeeper time;
    private final LaneId lane;
    private final BooleanSupplier down;
    private final List<Object> records = new ArrayList<>();
    private final Deque<PlannedRequest> open = new ArrayDeque<>();
    private long requests;
    private long snapshots;

    FakeJournal(Timekeeper time, LaneId lane, BooleanSupplier down) {
        this.time = time;
        this.lane = lane;
        this.down = down;
    }

    @SuppressWarnings("ArrayRecordComponent") // nobody compares it
    private record Snapped(long number, byte[] bytes) {}

    /** A request in mode fast ends. */
    void decide(int route) {
        records.add(decision(++requests, intent(route, LeafMode.FAST), Optional.empty()));
    }

    /** An epoch ends in which so many requests got a plan. */
    void epoch(int plans, int route) {
        long number = ++snapshots;
        records.add(new Snapped(
                number, ByteBuffer.allocate(Long.BYTES).putLong(number).array()));
        for (int i = 0; i < plans; i++) {
            Plan plan = new Plan(number, number, number, 0, i, plans, 0, List.of(1, 2, 1, 3));
            PlannedRequest planned = new PlannedRequest(
                    new RequestId(lane.value(), ++requests),
                    intent(route, LeafMode.CONFIRMED_RESPONSE),
                    plan,
                    0,
                    time.epochMillis());
            records.add(planned);
            open.add(planned);
        }
    }

    /** So many of those that got a plan end, the oldest first. */
    void end(int count) {
        for (int i = 0; i < count && !open.isEmpty(); i++) {
            PlannedRequest planned = open.remove();
            records.add(decision(planned.id().counter(), planned.intent(), Optional.of(planned.plan())));
        }
    }

    /** Counters of all outcomes, in order. */
    List<Long> outcomes() {
        return all(Decision.class).map(decision -> decision.id().counter()).toList();
    }

    /** All plans, in order. */
    List<PlannedRequest> plans() {
        return all(PlannedRequest.class).toList();
    }

    long snapshots() {
        return snapshots;
    }

    private <T> java.util.stream.Stream<T> all(Class<T> kind) {
        return records.stream().filter(kind::isInstance).map(kind::cast);
    }

    DecisionSource decisions() {
        return new DecisionSource() {
            @Override
            public Uni<List<Placed>> after(JournalOffset place, int atMost) {
                return answer(() -> from(place)
                        .filter(at -> records.get(at) instanceof Decision)
                        .limit(atMost)
                        .mapToObj(at -> new Placed((Decision) records.get(at), behind(at)))
                        .toList());
            }

            @Override
            public Uni<Long> countAfter(JournalOffset place) {
                return Uni.createFrom()
                        .item(from(place)
                                .filter(at -> records.get(at) instanceof Decision)
                                .count());
            }
        };
    }

    /** Snapshots count as plans, so that it happens that a snapshot is read without its plans. */
    PlanSource planSource() {
        return (place, atMost) -> answer(() -> from(place)
                .filter(at -> !(records.get(at) instanceof Decision))
                .limit(atMost)
                .mapToObj(this::entry)
                .toList());
    }

    private PlanSource.Entry entry(int at) {
        return switch (records.get(at)) {
            case Snapped(var number, var bytes) -> new PlanSource.Entry.OfSnapshot(number, bytes, behind(at));
            case PlannedRequest plan -> new PlanSource.Entry.OfPlan(plan, behind(at));
            default -> throw new IllegalStateException("neither snapshot nor plan");
        };
    }

    private IntStream from(JournalOffset place) {
        return IntStream.range(Math.toIntExact(place.chunk()), records.size());
    }

    private static JournalOffset behind(int at) {
        return new JournalOffset(at + 1L, 0);
    }

    private <T> Uni<T> answer(Supplier<T> what) {
        return Uni.createFrom()
                .emitter(to -> time.after(Duration.ofMillis(1), () -> {
                    if (down.getAsBoolean()) {
                        to.fail(new IllegalStateException("the database is out of reach"));
                    } else {
                        to.complete(what.get());
                    }
                }));
    }

    private Intent intent(int route, LeafMode mode) {
        return new Intent(
                time.epochMillis(),
                "tenant",
                new RouteId(route),
                Operation.CHAT,
                mode,
                BUDGET,
                AnswerForm.PLAIN,
                new byte[32],
                "",
                "");
    }

    private Decision decision(long counter, Intent intent, Optional<Plan> plan) {
        return new Decision(
                new RequestId(lane.value(), counter),
                intent,
                DecisionStatus.SERVED,
                List.of(),
                0,
                TargetId.NONE,
                0,
                0,
                Trigger.NONE,
                Attribution.NONE,
                0,
                TimeSplit.ZERO,
                new byte[Decision.DIGEST_BYTES],
                intent.mode(),
                plan);
    }
}
