package openledger.fairness.twin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleBiFunction;

/**
 * What some pairs of twins show. Immutable.
 *
 * @param pairs how many there were
 * @param refusals of all of them
 * @param tests of the outcomes that were tested
 * @param conclusion of all together
 */
public record TwinVerdict(int pairs, PairedShares refusals, List<Test> tests, Conclusion conclusion) {
    public TwinVerdict {
        tests = List.copyOf(tests);
    }

    /** What follows. */
    public enum Conclusion {
        /** Something differs by more than chance does, at a level of 5 % over all outcomes. */
        UNEQUAL,
        /** There were enough pairs, nothing was found, and the refusals differ by less than what was to be found. */
        NOTHING_FOUND,
        /** Neither can be said. */
        NOT_ENOUGH
    }

    /**
     * The test of one outcome.
     *
     * @param of which
     * @param pairs that could be compared in it
     * @param effect of the second twin against the first: a difference of shares for refusals and models, the middle of differences for retries
     *     and tokens, the middle of ratios for the time
     * @param probability of as much if twins are treated alike
     * @param adjusted the same over all outcomes (Holm 1979)
     */
    public record Test(TwinOutcome of, int pairs, double effect, double probability, double adjusted) {}

    /** Two twins. */
    public record Pair(TwinAnswer first, TwinAnswer second) {
        private boolean isAnswered() {
            return !first.isRefused() && !second.isRefused();
        }
    }

    /**
     * Judges.
     *
     * @param all pairs, in any order
     * @param tested outcomes that the twins' difference alone cannot explain, at least one
     */
    public static TwinVerdict of(List<Pair> all, Set<TwinOutcome> tested, TwinPlan plan) {
        PairedShares refusals = shares(all, TwinAnswer::isRefused);
        List<Test> raw = new ArrayList<>();
        for (TwinOutcome outcome : TwinOutcome.values()) {
            if (tested.contains(outcome)) {
                raw.add(test(outcome, all, refusals));
            }
        }
        List<Test> tests = adjusted(raw);
        boolean isUnequal = tests.stream().anyMatch(test -> test.adjusted <= TwinPlan.LEVEL);
        boolean isClose = refusals.low() > -plan.difference() && refusals.high() < plan.difference();
        Conclusion conclusion = isUnequal
                ? Conclusion.UNEQUAL
                : all.size() >= plan.floor() && isClose ? Conclusion.NOTHING_FOUND : Conclusion.NOT_ENOUGH;
        return new TwinVerdict(all.size(), refusals, tests, conclusion);
    }

    private static Test test(TwinOutcome outcome, List<Pair> all, PairedShares refusals) {
        List<Pair> answered = all.stream().filter(Pair::isAnswered).toList();
        return switch (outcome) {
            case REFUSALS -> of(outcome, refusals);
            case MODEL -> {
                List<Pair> named = answered.stream()
                        .filter(pair -> !pair.first.model().isEmpty()
                                && !pair.second.model().isEmpty())
                        .toList();
                String usual = usual(named).orElse("");
                yield of(outcome, shares(named, answer -> answer.model().equals(usual)));
            }
            case RETRIES ->
                ranks(
                        outcome,
                        answered,
                        pair -> known(pair.first.retries(), pair.second.retries()),
                        (one, other) -> (double) other.retries() - one.retries());
            case TOKENS ->
                ranks(
                        outcome,
                        answered,
                        pair -> known(pair.first.tokens(), pair.second.tokens()),
                        (one, other) -> (double) other.tokens() - one.tokens());
            case TIME -> {
                Test logarithms = ranks(
                        outcome, answered, pair -> true, (one, other) -> StrictMath.log(other.millis() / one.millis()));
                yield new Test(
                        outcome,
                        logarithms.pairs,
                        StrictMath.exp(logarithms.effect),
                        logarithms.probability,
                        logarithms.adjusted);
            }
        };
    }

    private static Test of(TwinOutcome outcome, PairedShares shares) {
        return new Test(outcome, shares.pairs(), shares.difference(), shares.probability(), 1);
    }

    private static Test ranks(
            TwinOutcome outcome,
            List<Pair> answered,
            Predicate<Pair> isComparable,
            ToDoubleBiFunction<TwinAnswer, TwinAnswer> more) {
        double[] differences = answered.stream()
                .filter(isComparable)
                .mapToDouble(pair -> more.applyAsDouble(pair.first, pair.second))
                .toArray();
        SignedRanks ranks = SignedRanks.of(differences);
        return new Test(outcome, differences.length, ranks.middle(), ranks.probability(), 1);
    }

    private static boolean known(long one, long other) {
        return one != TwinAnswer.UNKNOWN && other != TwinAnswer.UNKNOWN;
    }

    private static Optional<String> usual(List<Pair> named) {
        Map<String, Integer> counts = new HashMap<>();
        for (Pair pair : named) {
            counts.merge(pair.first.model(), 1, Integer::sum);
            counts.merge(pair.second.model(), 1, Integer::sum);
        }
        return counts.entrySet().stream()
                .max(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey);
    }

    private static PairedShares shares(List<Pair> pairs, Predicate<TwinAnswer> happened) {
        int[] counts = new int[4];
        for (Pair pair : pairs) {
            counts[(happened.test(pair.first) ? 2 : 0) + (happened.test(pair.second) ? 1 : 0)]++;
        }
        return new PairedShares(counts[3], counts[2], counts[1], counts[0]);
    }

    private static List<Test> adjusted(List<Test> raw) {
        List<Test> sorted = new ArrayList<>(raw);
        sorted.sort(Comparator.comparingDouble(Test::probability));
        Map<TwinOutcome, Double> adjusted = new HashMap<>();
        double least = 0;
        for (int i = 0; i < sorted.size(); i++) {
            least = Math.max(least, Math.min(1, (sorted.size() - i) * sorted.get(i).probability));
            adjusted.put(sorted.get(i).of, least);
        }
        return raw.stream()
                .map(test -> new Test(
                        test.of, test.pairs, test.effect, test.probability, adjusted.getOrDefault(test.of, 1.0)))
                .toList();
    }
}
