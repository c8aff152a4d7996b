package openledger.lab.replay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import openledger.lab.engine.LaneTimes;
import openledger.lab.report.Measured;
import openledger.lab.sequencing.SequencingTiming;
import openledger.routing.Gate;
import openledger.routing.Route;
import openledger.routing.RouteModes;
import openledger.routing.RoutingMode;
import openledger.routing.Tier;

/**
 * Replays the requests of a decision log under another budget, or in another mode. The decisions are exact: they are made by the code that
 * serves traffic. The outcomes are modelled: what a provider would have answered to a call that was not made is drawn from what it answered
 * to others at that time ({@link ProviderModel}). So the log is replayed twice over the same model, with the same chance, once as it was
 * and once with the change, and what differs is the change's.
 */
public final class WhatIf {
    private static final double MILLIS_A_BLOCK_OF_REQUESTS = 10_000;
    private static final double TAIL = 0.025;
    private static final double PINS_MILLIS = 60_000;

    private WhatIf() {}

    /**
     * How requests are settled.
     *
     * @param mode of all of them
     * @param gate of confirmed ones
     * @param block from one block of the chain to the next
     */
    public record Manners(RoutingMode mode, Gate gate, Duration block) {}

    /**
     * A question.
     *
     * @param route as it is
     * @param logged how most of the log was settled
     * @param changed the route as it might be
     * @param instead how all would be settled
     */
    public record Question(Route route, Manners logged, Route changed, Manners instead) {}

    /**
     * What was found about some requests. Intervals hold 95 % of the draws, each of which has other chance and other stretches of the
     * log; a share or a mean without requests is 0.
     *
     * @param requests how many
     * @param loggedFallBack share that the best tier did not serve, in the log
     * @param modelledFallBack the same as the model has it, under the log's own settings: how good the model is
     * @param fallBack the same with the change
     * @param rescued share of the requests that fall back as it was, and not with the change
     * @param harmed share of the requests that fall back with the change, and not as it was
     * @param addedMillis until the first content, with the change less as it was, mean
     */
    public record Found(
            int requests,
            double loggedFallBack,
            Measured modelledFallBack,
            Measured fallBack,
            Measured rescued,
            Measured harmed,
            Measured addedMillis) {}

    /**
     * The best tier's attempts set to a number; the others keep theirs. A route with more attempts than a plan has places can be asked
     * in fast mode only.
     */
    public static Route withBudget(Route route, int attempts) {
        List<Tier> tiers = new ArrayList<>(route.tiers());
        Tier best = tiers.getFirst();
        tiers.set(0, new Tier(best.name(), attempts, best.targets()));
        int budget = tiers.stream().mapToInt(Tier::attempts).sum();
        RouteModes modes = budget <= RouteModes.LARGEST_CONFIRMED_BUDGET
                ? route.modes()
                : new RouteModes(
                        Set.of(RoutingMode.FAST),
                        RoutingMode.FAST,
                        route.modes().grid());
        return new Route(
                route.id(),
                route.name(),
                tiers,
                route.operations(),
                route.backoff(),
                route.hedgeAfter(),
                route.stormLimits(),
                modes,
                route.deadline());
    }

    /**
     * Answers a question.
     *
     * @param log of one route, in the order of arrival, not empty
     * @param cohorts how many there are
     * @param draws at least 2
     * @return of all requests, then of each cohort
     */
    public static List<Found> ask(List<LoggedRequest> log, int cohorts, Question question, int draws) {
        List<Draw> all = LongStream.rangeClosed(1, draws)
                .parallel()
                .mapToObj(seed -> draw(log, question, seed))
                .toList();
        List<Found> found = new ArrayList<>();
        found.add(found(log, all, -1));
        for (int cohort = 0; cohort < cohorts; cohort++) {
            found.add(found(log, all, cohort));
        }
        return found;
    }

    /** One replay of both, and how often each request counts in it. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares draws
    private record Draw(List<Replayed> before, List<Replayed> after, int[] weights) {}

    private static Draw draw(List<LoggedRequest> log, Question question, long seed) {
        return new Draw(
                replay(log, question.route, question.logged, seed),
                replay(log, question.changed, question.instead, seed),
                weights(log, seed));
    }

    private static List<Replayed> replay(List<LoggedRequest> log, Route route, Manners manners, long seed) {
        ModelWorld world = new ModelWorld(route, log, seed);
        return switch (manners.mode) {
            case FAST -> FastReplay.of(log, world, seed);
            case CONFIRMED -> ConfirmedReplay.of(log, world, manners.gate, delays(manners.block, route, seed), seed);
        };
    }

    /** From a plan to its confirmation, if there are plans in each epoch, ms. */
    private static double[] delays(Duration block, Route route, long seed) {
        double epoch = route.modes().grid().epoch().toMillis();
        double[] pinned = IntStream.rangeClosed(1, (int) (PINS_MILLIS / epoch))
                .mapToDouble(i -> i * epoch)
                .toArray();
        double[] confirmed = LaneTimes.confirmed(SequencingTiming.ours(block), pinned, seed);
        return IntStream.range(0, pinned.length)
                .mapToDouble(i -> confirmed[i] - pinned[i])
                .toArray();
    }

    /** Stretches of ten seconds are drawn with replacement: neighbours share their congestion, so they are no single observations. */
    private static int[] weights(List<LoggedRequest> log, long seed) {
        double start = log.getFirst().millis();
        int blocks = (int) ((log.getLast().millis() - start) / MILLIS_A_BLOCK_OF_REQUESTS) + 1;
        int[] drawn = new int[blocks];
        SplittableRandom random = new SplittableRandom(~seed);
        for (int i = 0; i < blocks; i++) {
            drawn[random.nextInt(blocks)]++;
        }
        return log.stream()
                .mapToInt(request -> drawn[(int) ((request.millis() - start) / MILLIS_A_BLOCK_OF_REQUESTS)])
                .toArray();
    }

    private static Found found(List<LoggedRequest> log, List<Draw> draws, int cohort) {
        int[] members = IntStream.range(0, log.size())
                .filter(i -> cohort < 0 || log.get(i).cohort() == cohort)
                .toArray();
        double fellBack =
                Arrays.stream(members).filter(i -> !log.get(i).isBest()).count();
        return new Found(
                members.length,
                members.length == 0 ? 0 : fellBack / members.length,
                measured(draws, members, (before, after) -> before.isBest() ? 0 : 1),
                measured(draws, members, (before, after) -> after.isBest() ? 0 : 1),
                measured(draws, members, (before, after) -> !before.isBest() && after.isBest() ? 1 : 0),
                measured(draws, members, (before, after) -> before.isBest() && !after.isBest() ? 1 : 0),
                measured(draws, members, (before, after) -> after.latencyMillis() - before.latencyMillis()));
    }

    /** What differs, of one request. */
    private interface Difference {
        double of(Replayed before, Replayed after);
    }

    private static Measured measured(List<Draw> draws, int[] members, Difference difference) {
        ToDoubleFunction<Draw> plain = draw -> mean(draw, members, difference, i -> 1);
        ToDoubleFunction<Draw> resampled = draw -> mean(draw, members, difference, i -> draw.weights[i]);
        double value = draws.stream().mapToDouble(plain).average().orElse(0);
        double[] sorted = draws.stream().mapToDouble(resampled).sorted().toArray();
        double low = sorted[(int) (TAIL * sorted.length)];
        double high = sorted[(int) Math.min(sorted.length - 1, (1 - TAIL) * sorted.length)];
        return new Measured(value, Math.min(low, value), Math.max(high, value), draws.size());
    }

    private static double mean(Draw draw, int[] members, Difference difference, IntToDoubleFunction weight) {
        double sum = 0;
        double weights = 0;
        for (int i : members) {
            sum += weight.applyAsDouble(i) * difference.of(draw.before.get(i), draw.after.get(i));
            weights += weight.applyAsDouble(i);
        }
        return weights == 0 ? 0 : sum / weights;
    }
}
