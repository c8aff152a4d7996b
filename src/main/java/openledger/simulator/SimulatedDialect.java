package openledger.simulator;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** An API that a simulated provider offers at one address. */
interface SimulatedDialect {
    /** Where a client finds it, e.g. {@code /v1/chat/completions}. */
    String path();

    /** What is said to a request; one that cannot be read gets an answer all the same. */
    SimulatedAnswer to(HttpServerRequest request, Buffer body);

    /** The body that goes with a status. */
    Buffer error(int status, String message);

    /** The credential as the client sent it, empty without one. */
    default String credential(HttpServerRequest request) {
        String sent = request.getHeader("authorization");
        return sent == null ? "" : sent;
    }

    /** The header in which this provider tells its own name for a call. */
    default String requestIdHeader() {
        return "x-request-id";
    }
}
