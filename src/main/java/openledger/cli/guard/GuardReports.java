package openledger.cli.guard;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import openledger.verifier.PromiseWatch;
import openledger.verifier.PromiseWatch.Counts;

/** What the guard has found, on a port of its own: {@code GET /metrics} for Prometheus, {@code GET /unproved} as JSON. */
final class GuardReports {
    private static final String PREFIX = "openledger_guard_";
    private static final int IDLE_SECONDS = 60;

    private final HttpServer server;
    private final PromiseWatch watch;
    private final UnprovedList unproved;
    private final AddedLatency added;

    GuardReports(Vertx vertx, PromiseWatch watch, UnprovedList unproved, AddedLatency added) {
        this.watch = watch;
        this.unproved = unproved;
        this.added = added;
        this.server = vertx.createHttpServer(
                        new HttpServerOptions().setHttp2ClearTextEnabled(false).setIdleTimeout(IDLE_SECONDS))
                .requestHandler(this::answer);
    }

    /** The port that it listens at. */
    Future<Integer> listen(String host, int port) {
        return server.listen(port, host).map(HttpServer::actualPort);
    }

    private void answer(HttpServerRequest request) {
        boolean isRead = HttpMethod.GET.equals(request.method());
        if (isRead && "/metrics".equals(request.path())) {
            request.response()
                    .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                    .end(metrics());
        } else if (isRead && "/unproved".equals(request.path())) {
            request.response().putHeader("content-type", "application/json").end(unproved.json());
        } else {
            request.response().setStatusCode(404).end("There are GET /metrics and GET /unproved.\n");
        }
    }

    private String metrics() {
        Counts counts = watch.counts();
        StringBuilder out = new StringBuilder();
        head(out, "checked_total", "counter", "Answers of inference requests whose promise was looked at.");
        out.append(PREFIX).append("checked_total ").append(counts.checked()).append('\n');
        head(out, "proved_total", "counter", "Promises that a receipt and the chain have proved.");
        out.append(PREFIX).append("proved_total ").append(counts.proved()).append('\n');
        head(out, "unproved_total", "counter", "Answers whose promise is missing, wrong, or was not kept.");
        counts.unproved()
                .forEach((reason, count) -> out.append(PREFIX)
                        .append("unproved_total{reason=\"")
                        .append(reason.word())
                        .append("\"} ")
                        .append(count)
                        .append('\n'));
        head(out, "pending", "gauge", "Promises that wait for their proof.");
        out.append(PREFIX).append("pending ").append(counts.pending()).append('\n');
        head(out, "added_seconds", "histogram", "How long requests were in the guard itself.");
        added.write(out, PREFIX + "added_seconds");
        return out.toString();
    }

    private static void head(StringBuilder out, String name, String type, String help) {
        out.append("# HELP ")
                .append(PREFIX)
                .append(name)
                .append(' ')
                .append(help)
                .append('\n');
        out.append("# TYPE ")
                .append(PREFIX)
                .append(name)
                .append(' ')
                .append(type)
                .append('\n');
    }
}
