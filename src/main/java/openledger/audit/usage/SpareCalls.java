package openledger.audit.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Pairs calls of a provider that the log does not name with calls of the log that have no name, by their times alone: as many pairs as
 * there can be, so that nothing counts as left over that could have been a pair. Earliest deadline first, which is a largest matching of
 * points and intervals (Glover 1967).
 */
final class SpareCalls {
    private SpareCalls() {}

    /**
     * What is left over.
     *
     * @param calls of the provider that have no partner
     * @param intervals of the log that have none, as often as they could have been one
     */
    record LeftOver(List<ProviderCall> calls, List<LoggedCall> intervals) {}

    static LeftOver match(List<ProviderCall> calls, List<LoggedCall> unnamed, Duration skew) {
        List<ProviderCall> points = new ArrayList<>(calls);
        points.sort(Comparator.comparing(ProviderCall::time));
        List<LoggedCall> intervals = new ArrayList<>(unnamed);
        intervals.sort(Comparator.comparing(LoggedCall::start));
        PriorityQueue<Open> open = new PriorityQueue<>(Comparator.comparing(Open::until));
        List<ProviderCall> lonely = new ArrayList<>();
        List<LoggedCall> never = new ArrayList<>();
        int next = 0;
        for (ProviderCall point : points) {
            for (; next < intervals.size() && begun(intervals.get(next), point, skew); next++) {
                LoggedCall interval = intervals.get(next);
                for (int i = 0; i < interval.most(); i++) {
                    open.add(new Open(interval.end().plus(skew), interval));
                }
            }
            while (!open.isEmpty() && open.peek().until.isBefore(point.time())) {
                never.add(open.remove().call);
            }
            if (open.isEmpty()) {
                lonely.add(point);
            } else {
                open.remove();
            }
        }
        open.forEach(left -> never.add(left.call));
        for (; next < intervals.size(); next++) {
            never.add(intervals.get(next));
        }
        return new LeftOver(lonely, never);
    }

    private static boolean begun(LoggedCall interval, ProviderCall point, Duration skew) {
        return !interval.start().minus(skew).isAfter(point.time());
    }

    /** A call of the log that is not taken. */
    private record Open(Instant until, LoggedCall call) {}
}
