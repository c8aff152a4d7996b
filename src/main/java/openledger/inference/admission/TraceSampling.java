package openledger.inference.admission;

import java.util.Optional;
import java.util.random.RandomGenerator;
import openledger.inference.admission.TraceContext.Recording;
import org.jspecify.annotations.Nullable;

/**
 * Which requests are traced: those whose client records a trace, and a share of those that say nothing.
 *
 * @param share of the requests without a context of their own that begin a trace, 0 to 1
 * @param ifAsked what becomes of those whose client records
 */
public record TraceSampling(double share, Recording ifAsked) {
    /** Nothing is recorded; a client's context is still passed on to providers. */
    public static final TraceSampling OFF = new TraceSampling(0, Recording.PASSED_ON);

    public TraceSampling {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a share must be 0..1: " + share);
        }
    }

    /** The context of a request with these headers; empty for one that is not traced. */
    public Optional<TraceContext> of(
            @Nullable String traceparent, @Nullable String tracestate, RandomGenerator chance) {
        if (traceparent != null) {
            Optional<TraceContext> sent = TraceContext.of(traceparent, tracestate, ifAsked, chance);
            if (sent.isPresent()) {
                return sent;
            }
        }
        return share > 0 && chance.nextDouble() < share ? Optional.of(TraceContext.begun(chance)) : Optional.empty();
    }
}
