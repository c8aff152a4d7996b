package openledger.settlement.cut;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import openledger.commitment.BatchCut;
import openledger.commitment.BatchCut.Waiting;
import openledger.inference.record.Decision;
import openledger.settlement.BatchStore.Lease;
import openledger.settlement.LaneCache;
import openledger.settlement.LaneListener;
import openledger.settlement.LoopConfinement;
import openledger.settlement.SequencerPorts;
import openledger.settlement.SequencerSettings;
import openledger.settlement.cut.BatchAssembly.Predecessor;
import openledger.settlement.cut.DecisionSource.Placed;
import openledger.settlement.cut.PlanSource.Entry;
import openledger.unit.Hash32;
import openledger.unit.RouteId;

/**
 * Cuts batches from the journal, as long as the limit of batches in flight allows it: plans first, then outcomes. No outcome gets in before
 * its plan. Where somebody waits for witnesses, who need no chain, batches are cut beyond that limit. Confined to the sequencer's event loop.
 *
 * <p>Long because when a batch is cut and what is in it is read here, in one place.
 */
public final class Cutter {
    private static final long MICROS_A_MILLI = 1_000;

    private static final int PLACES_A_PLACE_FOR_PLANS = 4;
    /** Batches in no block, beyond which none is cut whoever waits: an hour of a silent chain and more. */
    private static final int MOST_WAITING = 4_096;

    private final SequencerSettings settings;
    private final SequencerPorts ports;
    private final Executor worker;
    private final LoopConfinement home;
    private final LaneCache book;
    private final BlockRhythm rhythm;
    private final PlanQueue plans;
    private final List<Waiter> waiting = new ArrayList<>();
    private Instant lastCut = Instant.EPOCH;
    private boolean caughtUp;

    /** A decision that was read, and since when its leaf waits. */
    private record Waiter(Placed placed, Instant since) {}

    public Cutter(
            SequencerSettings settings,
            SequencerPorts ports,
            Executor worker,
            LoopConfinement home,
            LaneCache book,
            BlockRhythm rhythm) {
        this.settings = settings;
        this.ports = ports;
        this.worker = worker;
        this.home = home;
        this.book = book;
        this.rhythm = rhythm;
        this.plans = new PlanQueue(book.plansEnd());
    }

    /** Plans and decisions read and not cut yet. */
    public int waiting() {
        return plans.plans() + waiting.size();
    }

    /** Whether all decisions of the journal have been read. */
    public boolean isCaughtUp() {
        return caughtUp;
    }

    /** Since when the oldest leaf waits. */
    public Optional<Instant> oldest() {
        return Stream.concat(oldestPlan().stream(), waiting.stream().limit(1).map(Waiter::since))
                .min(Instant::compareTo);
    }

    /** Since when the oldest plan waits. */
    public Optional<Instant> oldestPlan() {
        return plans.oldest();
    }

    /** Behind every decision that was read. */
    public JournalOffset place() {
        return waiting.isEmpty() ? book.end() : waiting.getLast().placed.behind();
    }

    /** How long until there is a batch to be cut for plans, as far as is known; empty if that cannot be said. */
    public Optional<Duration> untilPlans(Instant now) {
        if (!hasRoom()) {
            return Optional.empty();
        }
        // Plans that are still to be read are in time only if they are read at the last moment.
        return ports.registry().isPlanAwaited() && plans.plans() == 0
                ? settings.cut().untilMoment(rhythm.beat(now))
                : settings.cut().untilPlans(toBeCut(now));
    }

    /** Cuts one batch if there is one to be cut; the batch. */
    public Uni<Optional<CutBatch>> cut(Lease lease, Instant now) {
        if (!hasRoom()) {
            caughtUp = false;
            return Uni.createFrom().item(Optional.empty());
        }
        return readDecisions(now)
                .chain(this::readPlans)
                .chain(read -> settings.cut()
                        .decide(toBeCut(now))
                        .filter(this::hasPlace)
                        .map(reason -> assemble(lease, reason, now).map(Optional::of))
                        .orElseGet(() -> Uni.createFrom().item(Optional.empty())));
    }

    private boolean hasRoom() {
        int most = ports.registry().isWitnessAwaited() ? MOST_WAITING : settings.inFlight();
        return book.isComplete() && book.waiting().size() < most;
    }

    /** The last places on the way are for plans: a backlog of outcomes must not hold them up. */
    private boolean hasPlace(BatchCut.Reason reason) {
        int waits = book.waiting().size();
        int kept = settings.inFlight() / PLACES_A_PLACE_FOR_PLANS;
        return switch (reason) {
            case WITNESSES_AWAITED -> true;
            case PLAN_WAITS -> waits < settings.inFlight() || isForWitnesses();
            case FULL, OLDEST_WAITED -> waits < settings.inFlight() - kept;
        };
    }

    /** Whether a plan waits whose request waits for witnesses. */
    private boolean isForWitnesses() {
        return ports.registry().isWitnessAwaited() && plans.hasPlanOf(ports.registry()::isWitnessAwaited);
    }

    private Uni<Void> readDecisions(Instant now) {
        int most = settings.cut().mostLeaves();
        if (waiting.size() >= most) {
            caughtUp = false;
            return Uni.createFrom().voidItem();
        }
        return home.bring(ports.decisions().after(place(), most))
                .invoke(read -> {
                    caughtUp = read.isEmpty();
                    read.forEach(placed -> waiting.add(new Waiter(placed, since(placed.decision(), now))));
                })
                .replaceWithVoid();
    }

    /** After the decisions: what is read now is durable, so a plan before it is not missed. */
    private Uni<Void> readPlans() {
        int most = settings.cut().mostLeaves();
        if (!plans.hasRoom(most)) {
            return Uni.createFrom().voidItem();
        }
        JournalOffset seen = place();
        return home.bring(ports.plans().after(plans.place(), most))
                .invoke(read -> {
                    if (read.isEmpty()) {
                        plans.none(seen);
                    } else {
                        plans.add(read);
                    }
                })
                .replaceWithVoid();
    }

    private Waiting toBeCut(Instant now) {
        int outcomes = outcomes(settings.cut().mostLeaves());
        Optional<Duration> plan = plans.oldest().map(since -> age(since, now));
        Duration outcome = outcomes == 0 ? Duration.ZERO : age(waiting.getFirst().since, now);
        return new Waiting(
                plans.plans() + outcomes,
                plan.filter(age -> age.compareTo(outcome) > 0).orElse(outcome),
                plan,
                Duration.between(lastCut, now),
                rhythm.beat(now),
                isForWitnesses()
                        ? Optional.of(settings.cut()
                                .betweenWitnessedCuts(book.waiting().size(), settings.inFlight()))
                        : Optional.empty());
    }

    /** How many of the first decisions can be taken; an outcome whose plan may not have been read yet waits for it. */
    private int outcomes(int most) {
        int taken = 0;
        for (Waiter waiter : waiting) {
            boolean early = waiter.placed.decision().plan().isPresent()
                    && waiter.placed.behind().compareTo(plans.place()) > 0;
            if (taken == most || early) {
                break;
            }
            taken++;
        }
        return taken;
    }

    private static Duration age(Instant since, Instant now) {
        Duration age = Duration.between(since, now);
        return age.isNegative() ? Duration.ZERO : age;
    }

    /** A leaf waits from the request's end on; if that is still to come, a clock was set back. */
    private static Instant since(Decision decision, Instant now) {
        Instant end = Instant.ofEpochMilli(decision.intent().arrivalMillis())
                .plusMillis(decision.timeSplit().total() / MICROS_A_MILLI);
        return end.isBefore(now) ? end : now;
    }

    private Uni<CutBatch> assemble(Lease lease, BatchCut.Reason reason, Instant now) {
        // What is cut beyond the limit is not sent soon, and tells nothing of how long that takes.
        if (reason == BatchCut.Reason.PLAN_WAITS && book.waiting().size() < settings.inFlight()) {
            rhythm.cut(book.last() + 1, now);
        }
        BatchInput taken = take();
        Set<RouteId> routes = PlanQueue.routes(taken.plans());
        taken.decisions()
                .forEach(placed -> routes.add(placed.decision().intent().route()));
        return home.bring(ports.policies().covering(routes))
                .chain(policies -> assemble(taken, policies)
                        .invoke(batch -> ports.listener().passed(LaneListener.Step.ASSEMBLED))
                        .call(batch -> home.bring(ports.store().append(lease, batch, policies, now)))
                        .invoke(batch -> cut(batch, taken, policies, reason, now)));
    }

    private BatchInput take() {
        int most = settings.cut().mostLeaves();
        List<Entry> entries = plans.next(most);
        int room = most
                - (int) entries.stream().filter(Entry.OfPlan.class::isInstance).count();
        List<Placed> decisions =
                waiting.stream().limit(outcomes(room)).map(Waiter::placed).toList();
        JournalOffset end =
                decisions.isEmpty() ? book.end() : decisions.getLast().behind();
        return new BatchInput(entries, plans.behind(entries.size()), decisions, end);
    }

    private Uni<CutBatch> assemble(BatchInput taken, List<Hash32> policies) {
        if (policies.isEmpty()) {
            throw new IllegalStateException("there are leaves and no policy");
        }
        Predecessor before = book.newest();
        Uni<CutBatch> assembled = Uni.createFrom()
                .item(() -> ports.assembly().cut(before, policies.getLast(), taken))
                .runSubscriptionOn(worker);
        return home.bring(assembled);
    }

    private void cut(CutBatch batch, BatchInput taken, List<Hash32> policies, BatchCut.Reason reason, Instant now) {
        plans.drop(taken.plans().size());
        waiting.subList(0, taken.decisions().size()).clear();
        lastCut = now;
        book.cut(batch, policies, now);
        ports.listener().cut(reason, batch);
    }
}
