package openledger.lab;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import openledger.budget.AttemptLedger;
import openledger.budget.AttemptPermit;
import openledger.budget.TierRounds;
import openledger.lab.engine.TaskQueue;
import openledger.lab.replay.LoggedRequest;
import openledger.lab.replay.LoggedRequest.LoggedAttempt;
import openledger.lab.world.CongestionParameters;
import openledger.lab.world.CongestionWorld;
import openledger.lab.world.LogNormal;
import openledger.lab.world.Market;
import openledger.routing.Route;
import openledger.routing.RoutingMode;
import openledger.routing.Target;
import openledger.routing.Tier;
import openledger.routing.Trigger;

/** A congested market whose rules are known, and the decision log that a router in fast mode would leave in it. */
public final class TrueWorld {
    private static final double UNIX_MILLIS = 1_800_000_000_000.0;
    private static final double NANOS_A_MILLI = 1e6;
    private static final int COHORTS = 3;

    private final TaskQueue agenda = new TaskQueue();
    private final CongestionWorld congestion;
    private final SplittableRandom random;
    private final Route route;
    private final int[] inFlight = new int[Market.PROVIDERS + 1];
    private final List<LoggedRequest> log = new ArrayList<>();

    private TrueWorld(Route route, long seed) {
        this.route = route;
        this.congestion = new CongestionWorld(CongestionParameters.REFERENCE, Market.PROVIDERS, seed);
        this.random = new SplittableRandom(seed);
    }

    /** What a router leaves behind that has so many attempts for the best tier, at 60 requests a second. */
    public static List<LoggedRequest> log(Route route, long seed, int requests) {
        TrueWorld world = new TrueWorld(route, seed);
        SplittableRandom arrivals = new SplittableRandom(~seed);
        double at = 0;
        for (int i = 0; i < requests; i++) {
            at += -Math.log(1 - arrivals.nextDouble()) * 1_000 / 60;
            One one = world.new One(i, at, arrivals.nextInt(COHORTS), new LogNormal(1_200, 0.5).draw(arrivals));
            world.agenda.at(at, one::next);
        }
        world.agenda.run();
        world.log.sort(Comparator.comparingDouble(LoggedRequest::millis));
        return world.log;
    }

    private final class One {
        private final int number;
        private final double arrival;
        private final int cohort;
        private final double service;
        private final AttemptLedger ledger = new AttemptLedger(route);
        private final TierRounds rounds = new TierRounds();
        private final List<LoggedAttempt> attempts = new ArrayList<>();
        private int tier;

        One(int number, double arrival, int cohort, double service) {
            this.number = number;
            this.arrival = arrival;
            this.cohort = cohort;
            this.service = service;
        }

        void next() {
            Optional<AttemptPermit> permit = ledger.take();
            if (permit.isEmpty()) {
                end(LoggedRequest.NO_TIER, 0);
                return;
            }
            if (permit.get().tier() != tier) {
                tier = permit.get().tier();
                rounds.enter();
            }
            Tier at = route.tiers().get(tier);
            int index = fresh(at);
            rounds.call(index);
            Target target = at.targets().get(index);
            double now = agenda.now();
            int place = tier == 0 ? index : Market.PROVIDERS;
            double share = tier == 0 ? congestion.share(index, now) : 1;
            boolean isRefused = tier == 0 && inFlight[place] >= Math.max(1, 48 * share);
            attempts.add(new LoggedAttempt(
                    tier,
                    target.name(),
                    isRefused ? Trigger.RATE_LIMITED : Trigger.NONE,
                    now - arrival,
                    isRefused ? 40 : service / 3));
            if (isRefused) {
                double wait = ledger.nextTier() == tier
                        ? rounds.afterFailure(
                                                Trigger.RATE_LIMITED,
                                                Long.bitCount(rounds.tried())
                                                        < at.targets().size(),
                                                route.backoff(),
                                                random::nextDouble)
                                        .toNanos()
                                / NANOS_A_MILLI
                        : 0;
                agenda.at(now + 40 + wait, this::next);
            } else {
                inFlight[place]++;
                agenda.at(now + service, () -> inFlight[place]--);
                end(tier, service);
            }
        }

        private int fresh(Tier at) {
            int index;
            do {
                index = random.nextInt(at.targets().size());
            } while ((rounds.tried() >>> index & 1) != 0);
            return index;
        }

        private void end(int servedBy, double after) {
            log.add(new LoggedRequest(
                    "request-" + number,
                    cohort,
                    UNIX_MILLIS + arrival,
                    RoutingMode.FAST,
                    servedBy,
                    agenda.now() + after - arrival,
                    attempts));
        }
    }
}
