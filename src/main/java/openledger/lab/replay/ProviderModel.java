package openledger.lab.replay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import openledger.lab.replay.LoggedRequest.LoggedAttempt;
import openledger.routing.Target;
import openledger.routing.Trigger;

/**
 * How a target would have answered calls that were not made, read from those that were: in each half second, how many calls it bore
 * at once where it refused some, how many of the others failed, and how long its answers took. Immutable.
 */
final class ProviderModel {
    private static final double BIN_MILLIS = 500;
    /** Where so many of a bin's calls are refused, its slots are full; where fewer are, some are refused by chance. */
    private static final double FULL = 0.25;

    private final double start;
    private final int[] slots;
    private final double[] failures;
    private final double refusal;
    private final List<Answer> answers;
    private final double failedMillis;

    private ProviderModel(
            double start, int[] slots, double[] failures, double refusal, List<Answer> answers, double failedMillis) {
        this.start = start;
        this.slots = slots;
        this.failures = failures;
        this.refusal = refusal;
        this.answers = answers;
        this.failedMillis = failedMillis;
    }

    /**
     * An answer's length.
     *
     * @param first until its first content, ms
     * @param whole until its end, ms, at least {@code first}
     */
    record Answer(double first, double whole) {}

    private record Seen(double from, double to, Trigger trigger) {}

    /** A model of each target, in their order. */
    static List<ProviderModel> of(List<LoggedRequest> log, List<Target> targets) {
        Map<String, List<Seen>> calls = new HashMap<>();
        Map<String, List<Answer>> answers = new HashMap<>();
        double end = 0;
        for (LoggedRequest request : log) {
            end = Math.max(end, request.millis() + request.totalMillis());
            for (LoggedAttempt attempt : request.attempts()) {
                if (attempt.isCall()) {
                    boolean isServed = attempt.trigger() == Trigger.NONE;
                    double from = request.millis() + attempt.startMillis();
                    double whole = isServed
                            ? Math.max(attempt.millis(), request.totalMillis() - attempt.startMillis())
                            : attempt.millis();
                    calls.computeIfAbsent(attempt.target(), name -> new ArrayList<>())
                            .add(new Seen(from, from + whole, attempt.trigger()));
                    if (isServed) {
                        answers.computeIfAbsent(attempt.target(), name -> new ArrayList<>())
                                .add(new Answer(attempt.millis(), whole));
                    }
                }
            }
        }
        double start = log.stream().mapToDouble(LoggedRequest::millis).min().orElse(0);
        int bins = (int) ((end - start) / BIN_MILLIS) + 1;
        return targets.stream()
                .map(target -> of(
                        start,
                        bins,
                        calls.getOrDefault(target.name(), List.of()),
                        answers.getOrDefault(target.name(), List.of()),
                        target.slots().max()))
                .toList();
    }

    private static ProviderModel of(double start, int bins, List<Seen> unordered, List<Answer> answers, int mostSlots) {
        List<Seen> calls = new ArrayList<>(unordered);
        calls.sort(Comparator.comparingDouble(Seen::from));
        int[] all = new int[bins];
        int[] refused = new int[bins];
        int[] failed = new int[bins];
        int[] borne = new int[bins];
        // Ends of calls in flight, so that a call knows how many it found.
        PriorityQueue<Double> ends = new PriorityQueue<>();
        double failedMillis = 0;
        int failures = 0;
        for (Seen call : calls) {
            int bin = bin(start, call.from, bins);
            while (!ends.isEmpty() && ends.peek() <= call.from) {
                ends.remove();
            }
            all[bin]++;
            switch (call.trigger) {
                case NONE -> {
                    ends.add(call.to);
                    borne[bin] = Math.max(borne[bin], ends.size());
                }
                case RATE_LIMITED -> {
                    refused[bin]++;
                    borne[bin] = Math.max(borne[bin], Math.min(ends.size(), mostSlots));
                }
                default -> {
                    failed[bin]++;
                    failures++;
                    failedMillis += call.to - call.from;
                }
            }
        }
        return new ProviderModel(
                start,
                slots(all, refused, borne, mostSlots),
                rates(failed, all),
                byChance(all, refused),
                answers,
                failures == 0 ? 0 : failedMillis / failures);
    }

    private static int[] slots(int[] all, int[] refused, int[] borne, int mostSlots) {
        int[] slots = new int[all.length];
        for (int i = 0; i < all.length; i++) {
            slots[i] = isFull(all[i], refused[i]) ? Math.max(1, borne[i]) : mostSlots;
        }
        return slots;
    }

    private static double[] rates(int[] failed, int[] all) {
        double[] rates = new double[all.length];
        for (int i = 0; i < all.length; i++) {
            rates[i] = all[i] == 0 ? 0 : (double) failed[i] / all[i];
        }
        return rates;
    }

    private static double byChance(int[] all, int[] refused) {
        double calls = 0;
        double refusals = 0;
        for (int i = 0; i < all.length; i++) {
            if (!isFull(all[i], refused[i])) {
                calls += all[i];
                refusals += refused[i];
            }
        }
        return calls == 0 ? 0 : refusals / calls;
    }

    private static boolean isFull(int all, int refused) {
        return all > 0 && refused >= FULL * all;
    }

    private static int bin(double start, double millis, int bins) {
        return (int) Math.clamp((millis - start) / BIN_MILLIS, 0, bins - 1);
    }

    /** How many calls it bears at once at a moment, at least 1. */
    int slots(double millis) {
        return slots[bin(start, millis, slots.length)];
    }

    /**
     * What becomes of a call.
     *
     * @param inFlight calls that are there already
     * @param chance uniform in [0, 1)
     */
    Trigger outcome(double millis, int inFlight, double chance) {
        if (inFlight >= slots(millis) || chance < refusal) {
            return Trigger.RATE_LIMITED;
        }
        return chance < refusal + failures[bin(start, millis, failures.length)] ? Trigger.SERVER_ERROR : Trigger.NONE;
    }

    /** How long a call takes that fails and is not refused, ms. */
    double failedMillis() {
        return failedMillis;
    }

    /**
     * An answer like one of those it gave.
     *
     * @param chance uniform in [0, 1)
     * @param otherwise if it gave none
     */
    Answer answer(double chance, Answer otherwise) {
        return answers.isEmpty() ? otherwise : answers.get((int) (chance * answers.size()));
    }
}
