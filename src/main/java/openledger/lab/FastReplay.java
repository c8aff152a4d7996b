package openledger.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import openledger.budget.AttemptLedger;
import openledger.budget.AttemptPermit;
import openledger.budget.StormGuard;
import openledger.budget.TierRounds;
import openledger.lab.ModelWorld.Result;
import openledger.routing.PowerOfTwoChoices;
import openledger.routing.Target;
import openledger.routing.TargetLoad;
import openledger.routing.Tier;
import openledger.routing.Trigger;

/** A log replayed in fast mode: ledger, choice, rounds, back-off and storm guard are the product's. Confined to one thread. */
final class FastReplay {
    private static final double NANOS_A_MILLI = 1e6;

    private final ModelWorld world;
    private final StormGuard guard;
    private final SplittableRandom choices;
    private final Replayed[] ends;

    private FastReplay(ModelWorld world, int requests, long seed) {
        this.world = world;
        this.guard = new StormGuard(world.route().stormLimits());
        this.choices = new SplittableRandom(seed);
        this.ends = new Replayed[requests];
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
                failed(permit, Trigger.NO_CAPACITY, 0);
            } else if (!isFirst && !isGranted()) {
                failed(permit, Trigger.STORM_GUARD, 0);
            } else {
                rounds.call(index);
                Result result = world.call(
                        request, permit.number(), world.place(at.targets().get(index)));
                if (result.trigger() == Trigger.NONE) {
                    end(tier, result.firstMillis());
                } else {
                    failed(permit, result.trigger(), result.firstMillis());
                }
            }
        }

        private boolean isGranted() {
            return guard.retry(String.valueOf(request.cohort()), (long) world.agenda.now()) == StormGuard.Grant.GRANTED;
        }

        private void failed(AttemptPermit permit, Trigger trigger, double after) {
            double wait = 0;
            if (ledger.isOpen() && ledger.nextTier() == tier) {
                int targets = world.route().tiers().get(tier).targets().size();
                wait = rounds.afterFailure(
                                        trigger,
                                        targets,
                                        world.route().backoff(),
                                        () -> world.jitter(request, permit.number()))
                                .toNanos()
                        / NANOS_A_MILLI;
            }
            world.agenda.at(world.agenda.now() + after + wait, this::next);
        }

        private void end(int servedBy, double after) {
            ends[place] = new Replayed(servedBy, world.agenda.now() + after - request.millis());
        }
    }

    private List<TargetLoad> loads(Tier tier) {
        List<TargetLoad> loads = new ArrayList<>();
        for (Target target : tier.targets()) {
            int place = world.place(target);
            loads.add(new Load(world.inFlight(place), target.slots().max()));
        }
        return loads;
    }

    /** A target as the router sees it; what its provider would bear, the router does not know. */
    private record Load(int inFlight, int limit) implements TargetLoad {
        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public long latencyNanos() {
            return 0;
        }
    }
}
