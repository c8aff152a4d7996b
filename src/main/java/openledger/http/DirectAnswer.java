package openledger.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import openledger.http.inference.ApiFlavor;
import openledger.http.problem.Problem;

/** An answer to a request that no resource sees. The rest of the request is dropped, and its connection is closed. */
final class DirectAnswer {
    /** How long the rest of a request is still read, so that its client can read the answer: ms. */
    private static final long LINGER = 1_000;

    private DirectAnswer() {}

    static void send(RoutingContext context, Problem problem) {
        send(
                context,
                problem.status(),
                Problem.CONTENT_TYPE,
                ApiFlavor.ofPath(context.normalizedPath()).error(problem));
    }

    static void send(RoutingContext context, int status, String type, String body) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = request.response();
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, type);
        // Quarkus has paused it, and Vert.x would wait for its end.
        request.resume();
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        boolean hasBody =
                (length != null && !length.equals("0")) || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
        if (hasBody && !request.isEnded()) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            context.vertx().setTimer(LINGER, late -> {
                if (!request.isEnded()) {
                    request.connection().close();
                }
            });
        }
        if (HttpMethod.HEAD.equals(request.method())) {
            response.end();
        } else {
            response.end(body);
        }
    }
}
