package openledger.telemetry;

import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.sdk.trace.IdGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gives spans the ids that were sent to others before the span is written. What is given on a thread is taken by the next span of that
 * thread; all others get random ones.
 */
final class PresetIdGenerator implements IdGenerator {
    private static final ThreadLocal<@Nullable Given> NEXT = new ThreadLocal<>();

    private final IdGenerator random = IdGenerator.random();

    /** The next span of this thread has these ids. */
    void give(String traceId, long span) {
        NEXT.set(new Given(traceId, SpanId.fromLong(span)));
    }

    @Override
    public String generateSpanId() {
        Given given = NEXT.get();
        if (given == null) {
            return random.generateSpanId();
        }
        NEXT.remove();
        return given.span;
    }

    /** Asked before the span's id, and only for spans without a parent. */
    @Override
    public String generateTraceId() {
        Given given = NEXT.get();
        return given == null ? random.generateTraceId() : given.trace;
    }

    private record Given(String trace, String span) {}
}
