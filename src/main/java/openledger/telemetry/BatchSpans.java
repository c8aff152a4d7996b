package openledger.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.cut.CutBatch;

/**
 * A span for each batch with traced requests in it, from its cut until it is SEQUENCED, linked to theirs. One that does not get so far in
 * the life of the process is not written. Thread-safe.
 */
final class BatchSpans {
    private static final AttributeKey<Long> SEQUENCE = AttributeKey.longKey("openledger.batch");
    private static final AttributeKey<Long> LEAVES = AttributeKey.longKey("openledger.leaves");
    private static final int MOST_OPEN = 1_000;

    private final Tracer tracer;
    private final TracedRequests traced;
    private final Map<Long, Span> open = new ConcurrentHashMap<>();

    BatchSpans(Tracer tracer, TracedRequests traced) {
        this.tracer = tracer;
        this.traced = traced;
    }

    void cut(CutBatch batch) {
        List<SpanContext> requests = traced.among(batch.counters());
        if (requests.isEmpty() || open.size() >= MOST_OPEN) {
            return;
        }
        SpanBuilder builder = tracer.spanBuilder("batch").setParent(Context.root());
        requests.forEach(builder::addLink);
        open.put(
                batch.header().sequence(),
                builder.startSpan()
                        .setAttribute(SEQUENCE, batch.header().sequence())
                        .setAttribute(LEAVES, (long) batch.header().count()));
    }

    void reached(long sequence, ConfirmationLevel level) {
        Span span = open.get(sequence);
        if (span == null) {
            return;
        }
        span.addEvent(level.name());
        if (level.reaches(ConfirmationLevel.SEQUENCED)) {
            open.remove(sequence);
            span.end();
        }
    }
}
