package openledger.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import openledger.budget.AttemptLedger;
import openledger.budget.AttemptPermit;
import openledger.budget.BackoffSchedule;
import openledger.routing.PowerOfTwoChoices;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.TargetLoad;

/**
 * Arrivals in fast mode: each request for itself, over a view that is a little old, with jittered waits between all attempts.
 * The route has as many retries as it wants (no storm guard), as in the experiments this is held against.
 */
final class FastRun {
    private static final double VIEW_MILLIS = 250;
    private static final double NANOS_A_MILLI = 1e6;

    private final Market market;
    private final CongestionWorld world;
    private final Route route;
    private final List<Target> best;
    private final SplittableRandom choices;
    private final Agenda agenda = new Agenda();
    private final int[] inFlight = new int[Market.PROVIDERS];
    private final List<Fate> fates = new ArrayList<>();
    private List<TargetLoad> view = List.of();
    private double viewed = Double.NEGATIVE_INFINITY;

    private FastRun(Market market, CongestionWorld world, long seed) {
        this.market = market;
        this.world = world;
        this.route = market.route();
        this.best = route.tiers().getFirst().targets();
        this.choices = new SplittableRandom(seed);
    }

    /** What becomes of them. */
    static Outcome of(List<Arrival> arrivals, Market market, CongestionWorld world, long seed) {
        FastRun run = new FastRun(market, world, seed);
        for (Arrival arrival : arrivals) {
            AttemptLedger ledger = new AttemptLedger(run.route);
            Luck luck = new Luck(arrival, market);
            run.agenda.at(arrival.millis(), () -> run.attempt(arrival, ledger, luck));
        }
        run.agenda.run();
        return new Outcome(run.fates, 0);
    }

    private void attempt(Arrival arrival, AttemptLedger ledger, Luck luck) {
        AttemptPermit permit = ledger.take().orElseThrow();
        double now = agenda.now();
        if (permit.tier() > 0) {
            decided(arrival, permit.tier());
            return;
        }
        look();
        int target = PowerOfTwoChoices.choose(best, view, 0, choices);
        if (target >= 0 && luck.refusal(permit.number()) >= refusal(target)) {
            inFlight[target]++;
            agenda.at(now + luck.service(), () -> inFlight[target]--);
            decided(arrival, 0);
            return;
        }
        double jitter = luck.jitter(permit.number());
        double wait = ledger.nextTier() > 0
                ? 0
                : BackoffSchedule.delay(route.backoff(), permit.number(), jitter)
                                .toNanos()
                        / NANOS_A_MILLI;
        agenda.at(now + Market.ROUND_TRIP_MILLIS + wait, () -> attempt(arrival, ledger, luck));
    }

    private double refusal(int target) {
        return world.refusal(inFlight[target] / market.capacity(world, target, agenda.now()));
    }

    private void decided(Arrival arrival, int tier) {
        long epoch = (long) (arrival.millis() / Market.GRID.epoch().toMillis());
        fates.add(new Fate(arrival, epoch, epoch, agenda.now(), agenda.now(), tier));
    }

    private void look() {
        if (agenda.now() - viewed < VIEW_MILLIS) {
            return;
        }
        viewed = agenda.now();
        List<TargetLoad> fresh = new ArrayList<>();
        for (int i = 0; i < Market.PROVIDERS; i++) {
            fresh.add(new Seen(inFlight[i], (int) market.capacity(world, i, viewed)));
        }
        view = fresh;
    }

    /** A target as it was when somebody looked. It is asked even where it seems full: it may not be so any more. */
    private record Seen(int inFlight, int limit) implements TargetLoad {
        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean hasFreeSlot() {
            return true;
        }

        @Override
        public long latencyNanos() {
            return 0;
        }
    }
}
