package openledger.provider.call;

import io.vertx.core.http.HttpClientRequest;
import openledger.inference.admission.TraceContext;
import openledger.inference.upstream.UpstreamRequest;

/** The headers that a provider gets with an attempt. */
final class CallHeaders {
    private CallHeaders() {}

    /** Our name for the call, its place in a trace, and what of the client's belongs to the language. */
    static void put(HttpClientRequest to, UpstreamRequest asked, int attempt) {
        to.putHeader("x-request-id", asked.requestId() + "-" + attempt);
        if (asked.trace().isPresent()) {
            TraceContext trace = asked.trace().get();
            to.putHeader("traceparent", trace.traceparent(attempt));
            if (!trace.state().isEmpty()) {
                to.putHeader("tracestate", trace.state());
            }
        }
        asked.headers().forEach(to::putHeader);
    }
}
