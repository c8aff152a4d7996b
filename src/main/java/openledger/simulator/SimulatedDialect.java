package openledger.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** An API that a simulated provider offers at one address. */
interface SimulatedDialect {
    /** Where a client finds it, e.g. {@code /v1/chat/completions}. */
    String path();

    /** The body of the 400 with which the real API refuses a request; empty if it takes it. */
    Optional<Buffer> refusal(HttpServerRequest request, JsonNode body);

    /** What is said to a request; one that is refused or cannot be read has an answer all the same, for scripted faults. */
    SimulatedAnswer to(HttpServerRequest request, JsonNode body);

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
