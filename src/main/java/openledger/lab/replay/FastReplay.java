package openledger.lab.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import openledger.budget.AttemptLedger;
import openledger.budget.AttemptPermit;
import openledger.budget.StormGuard;
import openledger.budget.TierRounds;
import openledger.lab.replay.ModelWorld.Result;
import openledger.routing.Target;
import openledger.routing.Tier;
import openledger.routing.Trigger;
import openledger.routing.choice.Latency;
import openledger.routing.choice.PowerOfTwoChoices;
import openledger.routing.choice.TargetLoad;

/** A log replayed in fast mode: ledger, choice, rounds, back-off and storm guard are the product's. Confined to one thread. */
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

    private final class OneRequest {
        private final LoggedRequest request;
        private final int place;
        private final AttemptLedger ledger = new AttemptLedger(world.route());
        private final TierRounds rounds = new TierRounds();
        private int tier = -1;

        OneRequest(LoggedRequest request, int place) {
            this.request = request;
            this.place = place;
        }

        void arrive() {
            guard.request((long) world.agenda.now());
            next();
        }

        private void next() {
            Optional<AttemptPermit> permit = ledger.take();
            if (permit.isEmpty()) {
                end(LoggedRequest.NO_TIER, 0);
            } else {
                attempt(permit.get());
            }
        }

        private void attempt(AttemptPermit permit) {
            boolean isFirst = permit.tier() != tier;
            if (isFirst) {
                tier = permit.tier();
                rounds.enter();
            }
            Tier at = world.route().tiers().get(tier);
            int index = PowerOfTwoChoices.choose(at.targets(), loads(at), rounds.tried(), choices);
            if (index < 0) {
                failed(permit, Trigger.NO_CAPACITY);
            } else if (!isFirst && !isGranted()) {
                failed(permit, Trigger.STORM_GUARD);
            } else {
                rounds.call(index);
                int target = world.place(at.targets().get(index));
                Result result = world.call(request, permit.number(), target);
                double then = world.agenda.now() + result.firstMillis();
                if (result.trigger() == Trigger.NONE) {
                    world.agenda.at(then, () -> answered(target, result.firstMillis()));
                    end(tier, result.firstMillis());
                } else {
                    world.agenda.at(then, () -> failed(permit, result.trigger()));
                }
            }
        }

        private boolean isGranted() {
            return guard.retry(String.valueOf(request.cohort()), (long) world.agenda.now()) == StormGuard.Grant.GRANTED;
        }

        private void failed(AttemptPermit permit, Trigger trigger) {
            double wait = 0;
            if (ledger.isOpen() && ledger.nextTier() == tier) {
                Tier at = world.route().tiers().get(tier);
                wait = rounds.afterFailure(
                                        trigger,
                                        PowerOfTwoChoices.hasUntried(loads(at), rounds.tried()),
                                        world.route().backoff(),
                                        () -> world.jitter(request, permit.number()))
                                .toNanos()
                        / NANOS_A_MILLI;
            }
            world.agenda.at(world.agenda.now() + wait, this::next);
        }

        private void end(int servedBy, double after) {
            ends[place] = new Replayed(servedBy, world.agenda.now() + after - request.millis());
        }
    }

    private List<TargetLoad> loads(Tier tier) {
        List<TargetLoad> loads = new ArrayList<>();
        for (Target target : tier.targets()) {
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
