package openledger.lab;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import openledger.budget.FastRetries;
import openledger.budget.RetryStep;
import openledger.budget.RetryStep.Call;
import openledger.budget.RetryStep.End;
import openledger.budget.RetryStep.Refuse;
import openledger.budget.RetryStep.Wait;
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
            world.agenda.at(at, one::arrive);
        }
        world.agenda.run();
        world.log.sort(Comparator.comparingDouble(LoggedRequest::millis));
        return world.log;
    }

    private final class One implements FastRetries.View {
        private final int number;
        private final double arrival;
        private final int cohort;
        private final double service;
        private final FastRetries retries = new FastRetries(route);
        private final List<LoggedAttempt> attempts = new ArrayList<>();

        One(int number, double arrival, int cohort, double service) {
            this.number = number;
            this.arrival = arrival;
            this.cohort = cohort;
            this.service = service;
        }

        void arrive() {
            follow(retries.next(this));
        }

        private void follow(RetryStep step) {
            switch (step) {
                case Call call -> call(call.permit().tier(), call.target());
                case Refuse refusal -> follow(retries.afterFailure(refusal.trigger(), this));
                case Wait wait -> agenda.at(agenda.now() + wait.delay().toNanos() / NANOS_A_MILLI, this::arrive);
                case End end -> end(LoggedRequest.NO_TIER, 0);
            }
        }

        private void call(int tier, int index) {
            double now = agenda.now();
            int place = tier == 0 ? index : Market.PROVIDERS;
            double share = tier == 0 ? congestion.share(index, now) : 1;
            boolean isRefused = tier == 0 && inFlight[place] >= Math.max(1, 48 * share);
            attempts.add(new LoggedAttempt(
                    tier,
                    targets(tier).get(index).name(),
                    isRefused ? Trigger.RATE_LIMITED : Trigger.NONE,
                    now - arrival,
                    isRefused ? 40 : service / 3));
            if (isRefused) {
                agenda.at(now + 40, () -> follow(retries.afterFailure(Trigger.RATE_LIMITED, this)));
            } else {
                inFlight[place]++;
                agenda.at(now + service, () -> inFlight[place]--);
                end(tier, service);
            }
        }

        private List<Target> targets(int tier) {
            return route.tiers().get(tier).targets();
        }

        @Override
        public int choose(int tier, long tried) {
            int index;
            do {
                index = random.nextInt(targets(tier).size());
            } while ((tried >>> index & 1) != 0);
            return index;
        }

        @Override
        public boolean hasUntried(int tier, long tried) {
            return Long.bitCount(tried) < targets(tier).size();
        }

        @Override
        public boolean grantsRetry() {
            return true;
        }

        @Override
        public double jitter() {
            return random.nextDouble();
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
