package openledger.wiring.warmup;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends requests to one address, some at a time, each when one before has been answered. */
final class WarmUpClient {
    private static final int AT_ONCE = 16;
    private static final int MILLIS = 5_000;
    private static final int OK = 200;

    private final HttpClient client;
    private final int port;
    private final String key;

    WarmUpClient(Vertx vertx, int port, String key) {
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setMaxPoolSize(AT_ONCE).setConnectTimeout(MILLIS));
        this.port = port;
        this.key = key;
    }

    /** One that is sent: its path and its body. */
    record Sent(String path, Buffer body) {}

    /** Sends {@code count} of these in turns; completes when all are answered, and fails if one is not answered with 200. */
    Future<Void> send(List<Sent> kinds, int count) {
        AtomicInteger next = new AtomicInteger();
        List<Future<Void>> lines = new ArrayList<>();
        for (int i = 0; i < Math.min(AT_ONCE, count); i++) {
            Promise<Void> line = Promise.promise();
            sendNext(kinds, next, count, line);
            lines.add(line.future());
        }
        return Future.all(lines).mapEmpty();
    }

    private void sendNext(List<Sent> kinds, AtomicInteger next, int count, Promise<Void> line) {
        int turn = next.getAndIncrement();
        if (turn >= count) {
            line.complete();
            return;
        }
        send(kinds.get(turn % kinds.size()))
                .onSuccess(answered -> sendNext(kinds, next, count, line))
                .onFailure(line::tryFail);
    }

    private Future<Void> send(Sent sent) {
        return client.request(HttpMethod.POST, port, "127.0.0.1", sent.path())
                .compose(request -> request.putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + key)
                        .idleTimeout(MILLIS)
                        .send(sent.body()))
                .compose(WarmUpClient::whole);
    }

    private static Future<Void> whole(HttpClientResponse response) {
        return response.body()
                .compose(body -> response.statusCode() == OK
                        ? Future.succeededFuture()
                        : Future.failedFuture("answered " + response.statusCode() + ": " + body));
    }

    void close() {
        client.close();
    }
}
