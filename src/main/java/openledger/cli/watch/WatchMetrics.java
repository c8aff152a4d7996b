package openledger.cli.watch;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Serves the figures of an auditor to Prometheus on this machine, at {@code /metrics}. Thread-safe. */
final class WatchMetrics {
    private static final String HOST = "127.0.0.1";
    private static final int LONGEST_IDLE = 10;

    private final int port;

    private WatchMetrics(int port) {
        this.port = port;
    }

    /** @throws IOException if the port is taken */
    static WatchMetrics listen(Vertx vertx, int port, WatchReport report) throws IOException, InterruptedException {
        try {
            HttpServer server = vertx.createHttpServer(
                            new HttpServerOptions().setIdleTimeout(LONGEST_IDLE).setHttp2ClearTextEnabled(false))
                    .requestHandler(request -> {
                        boolean isIt = "/metrics".equals(request.path());
                        request.response()
                                .setStatusCode(isIt ? 200 : 404)
                                .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                                .end(isIt ? report.metrics() : "There is only /metrics.\n");
                    })
                    .listen(port, HOST)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(LONGEST_IDLE, TimeUnit.SECONDS);
            return new WatchMetrics(server.actualPort());
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("nothing can listen at " + HOST + ":" + port, e);
        }
    }

    String address() {
        return "http://" + HOST + ":" + port + "/metrics";
    }
}
