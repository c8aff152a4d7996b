package openledger.lab.replay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import openledger.budget.FastRetries;
import openledger.budget.RetryStep;
import openledger.budget.RetryStep.Call;
import openledger.budget.RetryStep.End;
import openledger.budget.RetryStep.Refuse;
import openledger.budget.RetryStep.Wait;
import openledger.budget.StormGuard;
import openledger.lab.replay.ModelWorld.Result;
import openledger.routing.Target;
import openledger.routing.Trigger;
import openledger.routing.choice.Latency;
import openledger.routing.choice.PowerOfTwoChoices;
import openledger.routing.choice.TargetLoad;

/** A log replayed in fast mode: retry loop, choice of a target and storm guard are the product's. Confined to one thread. */
final class FastReplay {
    private static final double NANOS_A_MILLI = 1e6;

    private final ModelWorld world;
    private final StormGuard guard;
    private final SplittableRandom choices;
    private final Replayed[] ends;
    private final Latency[] latencies;

    private FastReplay(ModelWorld world, int requests, long seed) {
        this.world = world;
        this.guard = new StormGuard(world.route().stormLimits());
        this.choices = new SplittableRandom(seed);
        this.ends = new Replayed[requests];
        this.latencies = new Latency[world.targets().size()];
        Arrays.fill(latencies, Latency.UNKNOWN);
    }

    /** What would become of each, in their order. */
    static List<Replayed> of(List<LoggedRequest> log, ModelWorld world, long seed) {
        FastReplay replay = new FastReplay(world, log.size(), seed);
        for (int i = 0; i < log.size(); i++) {
            LoggedRequest request = log.get(i);
            OneRequest one = replay.new OneRequest(request, i);
            world.agenda.at(request.millis(), one::arrive);
        }
        world.agenda.run();
        return List.of(replay.ends);
    }

    private final class OneRequest implements FastRetries.View {
        private final LoggedRequest request;
        private final int place;
        private final FastRetries retries = new FastRetries(world.route());

        OneRequest(LoggedRequest request, int place) {
            this.request = request;
            this.place = place;
        }

        void arrive() {
            guard.request((long) world.agenda.now());
            follow(retries.next(this));
        }

        /** Does what is decided. */
        private void follow(RetryStep step) {
            switch (step) {
                case Call call -> call(call);
                case Refuse refusal -> follow(retries.afterFailure(refusal.trigger(), this));
                case Wait(Duration delay) -> after(delay.toNanos() / NANOS_A_MILLI, () -> follow(retries.next(this)));
                case End end -> end(LoggedRequest.NO_TIER, 0);
            }
        }

        private void call(Call call) {
            int tier = call.permit().tier();
            int target = world.place(targets(tier).get(call.target()));
            Result result = world.call(request, call.permit().number(), target);
            if (result.trigger() == Trigger.NONE) {
                after(result.firstMillis(), () -> answered(target, result.firstMillis()));
                end(tier, result.firstMillis());
            } else {
                after(result.firstMillis(), () -> follow(retries.afterFailure(result.trigger(), this)));
            }
        }

        private void after(double millis, Runnable then) {
            world.agenda.at(world.agenda.now() + millis, then);
        }

        private void end(int servedBy, double after) {
            ends[place] = new Replayed(servedBy, world.agenda.now() + after - request.millis());
        }

        @Override
        public int choose(int tier, long tried) {
            return PowerOfTwoChoices.choose(targets(tier), loads(tier), tried, choices);
        }

        @Override
        public boolean hasUntried(int tier, long tried) {
            return PowerOfTwoChoices.hasUntried(loads(tier), tried);
        }

        @Override
        public boolean grantsRetry() {
            return guard.retry(String.valueOf(request.cohort()), (long) world.agenda.now()) == StormGuard.Grant.GRANTED;
        }

        @Override
        public double jitter() {
            return world.jitter(request, retries.spent());
        }
    }

    private List<Target> targets(int tier) {
        return world.route().tiers().get(tier).targets();
    }

    private List<TargetLoad> loads(int tier) {
        List<TargetLoad> loads = new ArrayList<>();
        for (Target target : targets(tier)) {
            int place = world.place(target);
            int inFlight = world.inFlight(place);
            Latency latency = latencies[place];
            loads.add(new Load(
                    inFlight,
                    target.slots().max(),
                    (long) latency.nanos(),
                    latency.evidence(nanos(world.agenda.now()), inFlight)));
        }
        return loads;
    }

    private void answered(int place, double tookMillis) {
        latencies[place] = latencies[place].answered(nanos(world.agenda.now()), nanos(tookMillis));
    }

    private static long nanos(double millis) {
        return (long) (millis * NANOS_A_MILLI);
    }

    /** A target as the router sees it; what its provider would bear, the router does not know. */
    private record Load(int inFlight, int limit, long latencyNanos, double latencyEvidence) implements TargetLoad {
        @Override
        public boolean isOpen() {
            return true;
        }
    }
}
