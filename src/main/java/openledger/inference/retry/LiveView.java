package openledger.inference.retry;

import java.util.List;
import java.util.random.RandomGenerator;
import openledger.budget.FastRetries;
import openledger.budget.StormGuard;
import openledger.inference.InferenceRequest;
import openledger.inference.Timekeeper;
import openledger.inference.record.Journal;
import openledger.inference.record.JournalState;
import openledger.inference.upstream.ClosedTargets;
import openledger.routing.Route;
import openledger.routing.Trigger;
import openledger.routing.choice.PowerOfTwoChoices;
import openledger.routing.choice.TargetChoice;
import openledger.routing.choice.TargetLoad;

/**
 * What a request in fast mode sees of its route as it is now: loads, guard, journal, and who was served meanwhile. Its place in the
 * order of arrival is taken when it is made. Confined to the request's event loop.
 */
final class LiveView implements FastRetries.View {
    private static final long NANOS_A_MILLI = 1_000_000;

    private final String tenant;
    private final Route route;
    private final ClosedTargets closed;
    private final RouteTraffic traffic;
    private final Journal journal;
    private final Timekeeper time;
    private final RandomGenerator random;
    private final TargetChoice choice;
    private final long place;

    LiveView(InferenceRequest request, RouteTraffic traffic, Journal journal, Timekeeper time, RandomGenerator random) {
        this.tenant = request.tenant();
        this.route = request.route();
        this.closed = request.closed();
        this.traffic = traffic;
        this.journal = journal;
        this.time = time;
        this.random = random;
        this.choice = request.choice(random);
        this.place = traffic.overtakes.arrive();
    }

    /** The request's attempts begin: its share is deposited with the storm guard. */
    void begin() {
        traffic.stormGuard.request(nowMillis());
    }

    /** The best tier has served the request. */
    void servedByBestTier() {
        traffic.overtakes.servedByBestTier(place);
    }

    @Override
    public int choose(int tier, long tried) {
        return choice.choose(route.tiers().get(tier).targets(), loads(tier), tried);
    }

    @Override
    public boolean hasUntried(int tier, long tried) {
        return PowerOfTwoChoices.hasUntried(loads(tier), tried);
    }

    @Override
    public Trigger closed(int tier) {
        return closed.isWhole(route, tier) ? closed.trigger() : Trigger.NONE;
    }

    @Override
    public boolean grantsRetry() {
        return traffic.stormGuard.retry(tenant, nowMillis()) == StormGuard.Grant.GRANTED;
    }

    @Override
    public boolean canRecord() {
        return journal.state() == JournalState.OPEN;
    }

    @Override
    public double jitter() {
        return random.nextDouble();
    }

    @Override
    public int overtakes() {
        return traffic.overtakes.after(place);
    }

    @Override
    public boolean hasRoomInBestTier() {
        return loads(0).stream().anyMatch(TargetLoad::hasFreeSlot);
    }

    private List<TargetLoad> loads(int tier) {
        return closed.among(tier, traffic.loads(tier));
    }

    private long nowMillis() {
        return time.nanoTime() / NANOS_A_MILLI;
    }
}
