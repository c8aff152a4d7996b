package openledger.store.journal;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import openledger.inference.record.Decision;
import openledger.inference.record.FormerRequest;
import openledger.inference.record.Intent;
import openledger.routing.DecisionStatus;
import openledger.store.journal.FormerRequestReader.Bounds;
import openledger.store.journal.RecordEncoding.JournalRecord;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.ResendKey;

/**
 * The keys that stand in the chunks of a lane, read in order. A call is made only when the attempt before it is durable, so a request
 * without an end may have taken one attempt more than stands there. Used by one thread at a time.
 */
final class FormerRequestScan {
    private static final long MICROS_A_MILLI = 1_000;
    /** As many as a router keeps are looked for in several lanes. */
    private static final int MOST_TIMES = 8;

    private final LaneId lane;
    private final Set<Integer> ranges;
    private final Bounds bounds;
    private final long nowMillis;
    private final Map<Long, Open> open = new HashMap<>();
    private final Map<ResendKey, FormerRequest> found = new HashMap<>();

    FormerRequestScan(LaneId lane, Set<Integer> ranges, Bounds bounds, long nowMillis) {
        this.lane = lane;
        this.ranges = ranges;
        this.bounds = bounds;
        this.nowMillis = nowMillis;
    }

    /** The latest time that a chunk tells, Unix ms; empty if it tells none. */
    static OptionalLong latestMillis(byte[] chunk, LaneId lane) {
        long[] latest = {Long.MIN_VALUE};
        RecordEncoding.read(
                chunk,
                lane,
                record -> latest[0] = Math.max(
                        latest[0],
                        switch (record) {
                            case JournalRecord.OfIntent(var _, var intent) -> intent.arrivalMillis();
                            // When it was interrupted stands nowhere; it may have come in long before.
                            case JournalRecord.OfDecision(var _, var decision)
                            when decision.status() == DecisionStatus.INTERRUPTED -> Long.MIN_VALUE;
                            case JournalRecord.OfDecision(var _, var decision) -> endMillis(decision);
                            case JournalRecord.OfPlan(var _, var plan) -> plan.pinnedMillis();
                            case JournalRecord.OfAttempt _, JournalRecord.OfSnapshot _ -> Long.MIN_VALUE;
                        }));
        return latest[0] == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(latest[0]);
    }

    private static long endMillis(Decision decision) {
        return decision.intent().arrivalMillis() + decision.timeSplit().total() / MICROS_A_MILLI;
    }

    void take(byte[] chunk) {
        RecordEncoding.scan(chunk, record -> {
            switch (record.kind()) {
                case INTENT, DECISION -> take(record.decode(lane));
                case ATTEMPT -> {
                    if (open.containsKey(record.number())) {
                        take(record.decode(lane));
                    }
                }
                case PLAN, SNAPSHOT -> {}
            }
        });
    }

    private void take(JournalRecord record) {
        switch (record) {
            case JournalRecord.OfIntent(var counter, var intent) ->
                intent.resendKey().filter(this::isWanted).ifPresent(key -> open.put(counter, new Open(key, intent, 0)));
            case JournalRecord.OfAttempt(var mark) ->
                open.computeIfPresent(mark.id().counter(), (counter, before) -> before.with(mark.number()));
            case JournalRecord.OfDecision(var counter, var decision) -> {
                open.remove(counter);
                decision.intent().resendKey().filter(this::isWanted).ifPresent(key -> end(key, decision));
            }
            case JournalRecord.OfPlan _, JournalRecord.OfSnapshot _ -> {}
        }
    }

    private boolean isWanted(ResendKey key) {
        return ranges.contains(key.range());
    }

    private void end(ResendKey key, Decision decision) {
        boolean isInterrupted = decision.status() == DecisionStatus.INTERRUPTED;
        int spent = decision.attempts().size();
        if (isInterrupted && isTooOld(decision.intent())) {
            return;
        }
        keep(new FormerRequest(
                key,
                decision.intent().tenant(),
                decision.id(),
                decision.intent().operation(),
                decision.intent().bodyDigest(),
                decision.status(),
                isInterrupted ? atMost(spent, decision.intent()) : spent,
                until(isInterrupted ? nowMillis : endMillis(decision))));
    }

    /** When it was interrupted stands nowhere; but each attempt is the last of a client that waits or may come back. */
    private boolean isTooOld(Intent intent) {
        long attempt = bounds.window().plus(bounds.longestRequest()).toMillis();
        return intent.arrivalMillis()
                        + intent.budget() * attempt
                        + bounds.apart().toMillis()
                <= nowMillis;
    }

    /** The other router's clock may be behind ours. */
    private long until(long endMillis) {
        return endMillis + bounds.window().plus(bounds.apart()).toMillis();
    }

    /** One attempt more than is known, within the budget. */
    private static int atMost(int spent, Intent intent) {
        return Math.min(spent + 1, intent.budget());
    }

    private void keep(FormerRequest request) {
        if (request.untilMillis() <= nowMillis) {
            return;
        }
        found.merge(request.key(), request, FormerRequest::later);
        if (found.size() > MOST_TIMES * bounds.most()) {
            List<FormerRequest> newest = newest();
            found.clear();
            newest.forEach(each -> found.put(each.key(), each));
        }
    }

    /** Who has them shares them among tenants; here memory is all that counts. */
    private List<FormerRequest> newest() {
        return found.values().stream()
                .sorted(Comparator.comparing(FormerRequest::hasEnded)
                        .thenComparing(Comparator.comparingLong(FormerRequest::untilMillis)
                                .reversed()))
                .limit((long) MOST_TIMES * bounds.most() / 2)
                .toList();
    }

    /** All that are not free yet, in no order. */
    List<FormerRequest> found() {
        open.forEach((counter, request) -> keep(new FormerRequest(
                request.key,
                request.intent.tenant(),
                new RequestId(lane.value(), counter),
                request.intent.operation(),
                request.intent.bodyDigest(),
                DecisionStatus.INTERRUPTED,
                atMost(request.spent, request.intent),
                until(nowMillis))));
        open.clear();
        return List.copyOf(found.values());
    }

    /** A request without a decision so far. */
    private record Open(ResendKey key, Intent intent, int spent) {
        Open with(int number) {
            return new Open(key, intent, Math.max(spent, number));
        }
    }
}
