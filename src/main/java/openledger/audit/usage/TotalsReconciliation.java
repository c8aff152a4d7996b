package openledger.audit.usage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import openledger.audit.usage.UsageDifference.Kind;
import openledger.audit.usage.UsageScope.Others;

/**
 * Holds calls of a log against a provider's totals by model and interval. For each interval, and for all of them together, the log gives
 * the least and the most that an honest provider can have counted: calls at a border count on the side that is kinder, calls that were
 * given up may have been counted or not, and a call whose tokens nobody knows took at most what the largest known call of the model did.
 * What is outside is a difference, and so the smallest one that there can be. No chance is involved: what is inside is not shown to be right.
 * Confined to one thread; a result is of one use. Long because it says why of each bound.
 */
public final class TotalsReconciliation {
    private final UsageScope scope;
    private final Map<String, List<ProviderTotal>> totals = new TreeMap<>();
    private final Map<String, List<Placed>> placed = new TreeMap<>();
    private final Reconciliation.Draft draft = new Reconciliation.Draft();
    private long compared;
    private long untold;

    private TotalsReconciliation(UsageScope scope) {
        this.scope = scope;
    }

    /**
     * Compares.
     *
     * @param covered all intervals that the provider counted, with calls or without, by their begin; those that the scope does not hold are
     *     left out
     * @param logged all calls of the log that may be in the totals: those of their time and of a margin around it
     * @param provided the totals of these intervals; a model without one in an interval had no calls
     * @param sameModel the provider's name of models that the log calls otherwise
     */
    public static Reconciliation of(
            UsageScope scope,
            SortedMap<Instant, Instant> covered,
            List<LoggedCall> logged,
            List<ProviderTotal> provided,
            Map<String, String> sameModel) {
        TotalsReconciliation one = new TotalsReconciliation(scope);
        TreeMap<Instant, Instant> intervals = new TreeMap<>(covered);
        intervals.entrySet().removeIf(interval -> !scope.holds(interval.getKey(), interval.getValue()));
        for (ProviderTotal total : provided) {
            if (intervals.containsKey(total.from())) {
                one.totals
                        .computeIfAbsent(total.model(), none -> new ArrayList<>())
                        .add(total);
            }
        }
        ModelNames names = ModelNames.of(logged, new TreeSet<>(one.totals.keySet()), sameModel);
        for (LoggedCall call : logged) {
            one.place(call, names.of(call));
        }
        new TreeSet<>(one.placed.keySet()).forEach(model -> one.judge(model, intervals));
        one.totals.keySet().stream()
                .filter(model -> !one.placed.containsKey(model))
                .forEach(model -> one.judge(model, intervals));
        return one.draft.done(one.compared, 0, one.untold, 0);
    }

    private void place(LoggedCall call, List<String> models) {
        if (call.claim() != ClaimedEnd.SERVED || !scope.holds(call)) {
            untold++;
        } else {
            compared++;
        }
        for (String model : models) {
            placed.computeIfAbsent(model, none -> new ArrayList<>())
                    .add(new Placed(
                            call,
                            call.start().minus(scope.skew()),
                            call.end().plus(scope.skew()),
                            models.size() == 1 && call.claim() == ClaimedEnd.SERVED));
        }
    }

    private void judge(String model, SortedMap<Instant, Instant> intervals) {
        List<ProviderTotal> counted = new ArrayList<>(totals.getOrDefault(model, List.of()));
        counted.sort(Comparator.comparing(ProviderTotal::from));
        List<Placed> calls = new ArrayList<>(placed.getOrDefault(model, List.of()));
        calls.sort(Comparator.comparing(Placed::from));
        TokenCount largest = largest(calls);
        Map<Instant, ProviderTotal> byStart = new TreeMap<>();
        counted.forEach(total -> byStart.merge(total.from(), total, ProviderTotal::plus));
        boolean single = false;
        TokenCount sum = new TokenCount(0, 0);
        long all = 0;
        Window window = new Window(calls);
        for (Map.Entry<Instant, Instant> interval : intervals.entrySet()) {
            // The provider lists no row for a model that had no calls.
            ProviderTotal total = Objects.requireNonNullElseGet(
                    byStart.get(interval.getKey()),
                    () -> new ProviderTotal(
                            interval.getKey(), interval.getValue(), model, none(counted), new TokenCount(0, 0)));
            sum = sum.plus(total.tokens());
            all = all == TokenCount.UNKNOWN || total.calls() == TokenCount.UNKNOWN
                    ? TokenCount.UNKNOWN
                    : Math.addExact(all, total.calls());
            single |= hold(total, window.within(total.from(), total.to()), largest);
        }
        if (!intervals.isEmpty() && !single && isGapless(intervals)) {
            Instant from = intervals.firstKey();
            Instant to = intervals.values().stream().max(Instant::compareTo).orElseThrow();
            hold(new ProviderTotal(from, to, model, all, sum), Bounds.of(calls, from, to), largest);
        }
    }

    /** A provider that counts no calls, but their tokens, counts none of an idle model either. */
    private static long none(List<ProviderTotal> counted) {
        return counted.stream().anyMatch(total -> total.calls() == TokenCount.UNKNOWN) ? TokenCount.UNKNOWN : 0;
    }

    private static boolean isGapless(SortedMap<Instant, Instant> intervals) {
        Instant end = intervals.firstKey();
        for (Map.Entry<Instant, Instant> interval : intervals.entrySet()) {
            if (!interval.getKey().equals(end)) {
                return false;
            }
            end = interval.getValue();
        }
        return true;
    }

    private static TokenCount largest(List<Placed> calls) {
        long input = TokenCount.UNKNOWN;
        long output = TokenCount.UNKNOWN;
        for (Placed one : calls) {
            input = Math.max(input, one.call.tokens().input());
            output = Math.max(output, one.call.tokens().output());
        }
        return new TokenCount(input, output);
    }

    /** True if there is a difference. */
    private boolean hold(ProviderTotal total, Bounds log, TokenCount largest) {
        boolean differs = false;
        String when = "From " + total.from() + " to " + total.to() + ": ";
        if (total.calls() != TokenCount.UNKNOWN && total.calls() < log.leastCalls) {
            differs = add(
                    Kind.NEVER_SEEN,
                    total,
                    log.leastCalls - total.calls(),
                    when + "the log has " + log.leastCalls + " answers at least, the provider " + total.calls() + ".");
        }
        boolean isOurs = scope.others() == Others.NONE;
        if (isOurs && total.calls() != TokenCount.UNKNOWN && total.calls() > log.mostCalls) {
            differs = add(
                    Kind.NOT_IN_LOG,
                    total,
                    total.calls() - log.mostCalls,
                    when + "the provider counts " + total.calls() + " calls, the log has " + log.mostCalls
                            + " at most that it can have answered, and claims " + log.refused + " refusals.");
        }
        differs |= tokens(total, when + "tokens of prompts: ", total.tokens().input(), log.input(largest.input()));
        differs |= tokens(total, when + "tokens of answers: ", total.tokens().output(), log.output(largest.output()));
        return differs;
    }

    private boolean tokens(ProviderTotal total, String what, long counted, long[] leastAndMost) {
        if (counted == TokenCount.UNKNOWN) {
            return false;
        }
        if (counted < leastAndMost[0]) {
            return add(
                    Kind.TOKENS_DIFFER,
                    total,
                    leastAndMost[0] - counted,
                    what + leastAndMost[0] + " at least in the log, " + counted + " at the provider.");
        }
        if (scope.others() == Others.NONE && counted > leastAndMost[1]) {
            return add(
                    Kind.TOKENS_DIFFER,
                    total,
                    counted - leastAndMost[1],
                    what + leastAndMost[1] + " at most in the log, " + counted + " at the provider.");
        }
        return false;
    }

    private boolean add(Kind kind, ProviderTotal total, long amount, String text) {
        draft.add(new UsageDifference(kind, total.from(), total.model(), "", "", amount, text));
        return true;
    }

    /**
     * A call and when the provider can have counted it.
     *
     * @param from the earliest
     * @param to the latest
     * @param isCertain whether it must have been counted, and for this model
     */
    private record Placed(LoggedCall call, Instant from, Instant to, boolean isCertain) {}

    /** Calls in order of their begin, read interval by interval. */
    private static final class Window {
        private final List<Placed> calls;
        private final List<Placed> open = new ArrayList<>();
        private int next;

        Window(List<Placed> calls) {
            this.calls = calls;
        }

        Bounds within(Instant from, Instant to) {
            open.removeIf(one -> one.to.isBefore(from));
            for (; next < calls.size() && calls.get(next).from.isBefore(to); next++) {
                if (!calls.get(next).to.isBefore(from)) {
                    open.add(calls.get(next));
                }
            }
            return Bounds.of(open, from, to);
        }
    }

    /** What an honest provider counts of some calls at least and at most. */
    private static final class Bounds {
        private long leastCalls;
        private long mostCalls;
        private long refused;
        private long leastInput;
        private long mostInput;
        private long leastOutput;
        private long mostOutput;
        private long unknownInputs;
        private long unknownOutputs;

        static Bounds of(List<Placed> calls, Instant from, Instant to) {
            Bounds bounds = new Bounds();
            for (Placed one : calls) {
                boolean touches = one.from.isBefore(to) && !one.to.isBefore(from);
                if (touches) {
                    bounds.add(one, one.isCertain && !one.from.isBefore(from) && one.to.isBefore(to));
                }
            }
            return bounds;
        }

        private void add(Placed one, boolean isInside) {
            if (one.call.claim() == ClaimedEnd.REFUSED) {
                refused++;
                return;
            }
            mostCalls += one.call.most();
            TokenCount tokens = one.call.tokens();
            // A call that was sent again may have cost its prompt twice, and its first answer anything.
            unknownInputs += one.call.most() - (tokens.input() == TokenCount.UNKNOWN ? 0 : 1);
            unknownOutputs += one.call.most() - (tokens.output() == TokenCount.UNKNOWN ? 0 : 1);
            mostInput += Math.max(0, tokens.input());
            mostOutput += Math.max(0, tokens.output());
            if (isInside) {
                leastCalls++;
                leastInput += Math.max(0, tokens.input());
                leastOutput += Math.max(0, tokens.output());
            }
        }

        long[] input(long largest) {
            return new long[] {leastInput, most(mostInput, unknownInputs, largest)};
        }

        long[] output(long largest) {
            return new long[] {leastOutput, most(mostOutput, unknownOutputs, largest)};
        }

        /** Where no call of the model says what it took, one of them may have taken anything. */
        private static long most(long known, long unknown, long largest) {
            if (unknown == 0) {
                return known;
            }
            return largest < 0 || largest > (Long.MAX_VALUE - known) / unknown
                    ? Long.MAX_VALUE
                    : known + unknown * largest;
        }
    }
}
