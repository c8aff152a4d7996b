package openledger.cli.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import openledger.audit.usage.ProviderCall;
import openledger.audit.usage.ProviderTotal;
import openledger.audit.usage.TokenCount;

/**
 * What the files of an export have, put together: single calls, or totals. Rows of one model and interval, which an export by key or project
 * has several of, are added up. Bounded at a million of each. Confined to one thread.
 */
final class UsageExport {
    static final int MOST = 1_000_000;

    private final List<ProviderCall> calls = new ArrayList<>();
    private final Map<Slot, ProviderTotal> totals = new HashMap<>();
    private final TreeMap<Instant, Instant> intervals = new TreeMap<>();
    private boolean hasIds = true;
    private int pagesWithANext;
    private int lastPages;

    private record Slot(Instant from, String model) {}

    void add(ProviderCall call, boolean hasId) throws UnreadableExport {
        if (calls.size() == MOST || !totals.isEmpty()) {
            throw new UnreadableExport(
                    "an export has at most " + MOST + " calls, and single calls or totals, not both");
        }
        calls.add(call);
        hasIds &= hasId;
    }

    /** An interval that the export covers, with calls or without. */
    void covers(Instant from, Instant to) throws UnreadableExport {
        if (!from.isBefore(to)) {
            throw new UnreadableExport("an interval does not end after it begins: " + from);
        }
        Map.Entry<Instant, Instant> before = intervals.lowerEntry(to);
        boolean isOther = before != null && before.getValue().isAfter(from) && !before.equals(Map.entry(from, to));
        if (isOther) {
            throw new UnreadableExport("intervals overlap without being the same, at " + from
                    + ": are there exports of different steps, or one twice?");
        }
        intervals.put(from, to);
        if (intervals.size() > MOST) {
            throw new UnreadableExport("an export has at most " + MOST + " intervals");
        }
    }

    void add(ProviderTotal total) throws UnreadableExport {
        covers(total.from(), total.to());
        if (totals.size() == MOST || !calls.isEmpty()) {
            throw new UnreadableExport(
                    "an export has at most " + MOST + " totals, and totals or single calls, not both");
        }
        try {
            totals.merge(new Slot(total.from(), total.model()), total, ProviderTotal::plus);
        } catch (ArithmeticException e) {
            throw new UnreadableExport("totals are too large", e);
        }
    }

    /** Notes a page of an API, and whether another follows. */
    void page(boolean hasNext) {
        pagesWithANext += hasNext ? 1 : 0;
        lastPages += hasNext ? 0 : 1;
    }

    /** True if pages were read, and the last was not among them. */
    boolean isCutOff() {
        return pagesWithANext > 0 && lastPages == 0;
    }

    boolean isOfCalls() {
        return !calls.isEmpty() && hasIds;
    }

    boolean isEmpty() {
        return calls.isEmpty() && intervals.isEmpty();
    }

    List<ProviderCall> calls() {
        return calls;
    }

    /** All intervals that are covered, by their begin: between those of one length, and for single calls, those without a row as well. */
    SortedMap<Instant, Instant> intervals() {
        TreeMap<Instant, Instant> all = new TreeMap<>(intervals);
        totals().forEach(total -> all.put(total.from(), total.to()));
        Set<Duration> lengths = new HashSet<>();
        all.forEach((from, to) -> lengths.add(Duration.between(from, to)));
        if (lengths.size() == 1) {
            Duration step = lengths.iterator().next();
            Instant last = all.lastKey();
            if (Duration.between(all.firstKey(), last).dividedBy(step) < MOST) {
                for (Instant at = all.firstKey(); at.isBefore(last); at = at.plus(step)) {
                    Instant covered = all.floorEntry(at).getValue();
                    if (!covered.isAfter(at)) {
                        all.put(at, at.plus(step));
                    }
                }
            }
        }
        return all;
    }

    /** Totals as the export has them; of single calls, counted by the hour, since their times alone find no one of them. */
    List<ProviderTotal> totals() {
        if (calls.isEmpty()) {
            return List.copyOf(totals.values());
        }
        Map<Slot, ProviderTotal> counted = new HashMap<>();
        for (ProviderCall call : calls) {
            if (call.result() == ProviderCall.Result.REFUSED) {
                continue;
            }
            Instant hour = Instant.ofEpochSecond(Math.floorDiv(call.time().getEpochSecond(), 3_600L) * 3_600L);
            counted.merge(
                    new Slot(hour, call.model()),
                    new ProviderTotal(hour, hour.plus(Duration.ofHours(1)), call.model(), 1, call.tokens()),
                    ProviderTotal::plus);
        }
        return List.copyOf(counted.values());
    }

    /** When what it covers begins. */
    Instant from() {
        return calls.isEmpty()
                ? intervals.firstKey()
                : calls.stream().map(ProviderCall::time).min(Instant::compareTo).orElseThrow();
    }

    /** When what it covers ends. */
    Instant to() {
        return calls.isEmpty()
                ? intervals.lastEntry().getValue()
                : calls.stream().map(ProviderCall::time).max(Instant::compareTo).orElseThrow();
    }

    /** True if it has calls that the provider refused. */
    boolean hasRefusals() {
        return calls.stream().anyMatch(call -> call.result() == ProviderCall.Result.REFUSED);
    }

    /** True if its totals count calls, and not tokens alone. */
    boolean countsCalls() {
        return totals().stream().anyMatch(total -> total.calls() != TokenCount.UNKNOWN);
    }
}
