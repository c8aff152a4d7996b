package openledger.telemetry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.opentelemetry.api.trace.SpanContext;
import java.util.List;
import java.util.Objects;
import openledger.unit.RequestId;

/** Requests that were traced lately, so that the span of the batch that takes them can link to theirs. Bounded; thread-safe. */
final class TracedRequests {
    private static final int MOST = 10_000;
    /** Links of one span: what the SDK keeps. */
    private static final int MOST_LINKS = 128;

    private final Cache<Long, SpanContext> byCounter =
            Caffeine.newBuilder().maximumSize(MOST).build();

    void add(RequestId id, SpanContext span) {
        byCounter.put(id.counter(), span);
    }

    /** The spans of those requests of our lane that were traced. */
    List<SpanContext> among(List<Long> counters) {
        if (byCounter.estimatedSize() == 0) {
            return List.of();
        }
        return counters.stream()
                .distinct()
                .map(byCounter::getIfPresent)
                .filter(Objects::nonNull)
                .limit(MOST_LINKS)
                .toList();
    }
}
