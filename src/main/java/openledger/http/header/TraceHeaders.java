package openledger.http.header;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import openledger.inference.admission.TraceContext;
import openledger.inference.admission.TraceSampling;

/** The headers of W3C Trace Context. */
public final class TraceHeaders {
    private static final CharSequence PARENT = HttpHeaders.createOptimized("traceparent");
    private static final CharSequence STATE = HttpHeaders.createOptimized("tracestate");

    private TraceHeaders() {}

    /** A request's place in a trace; empty if it is not traced. */
    public static Optional<TraceContext> of(HttpServerRequest request, TraceSampling sampling) {
        return sampling.of(request.getHeader(PARENT), request.getHeader(STATE), ThreadLocalRandom.current());
    }
}
