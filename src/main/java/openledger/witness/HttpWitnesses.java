package openledger.witness;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import openledger.settlement.witness.WitnessSettings;
import openledger.settlement.witness.WitnessSettings.Peer;
import openledger.settlement.witness.Witnesses;
import org.jspecify.annotations.Nullable;

/**
 * Asks witnesses over HTTP (C2SP tlog-witness), each request bounded in time and its answer in size. A connection carries one request:
 * few are made, and none has been closed unnoticed. Redirects are not followed. Thread-safe.
 */
public final class HttpWitnesses implements Witnesses, AutoCloseable {
    /** Several signatures of the largest kind. */
    static final int LONGEST_ANSWER = 16 << 10;

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final Vertx vertx;
    private final HttpClient client;
    private final Duration timeout;

    /**
     * A client.
     *
     * @param timeout for a request, its answer included
     */
    public HttpWitnesses(Vertx vertx, Duration timeout) {
        this.vertx = vertx;
        this.timeout = timeout;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout((int) timeout.toMillis())
                        .setKeepAlive(false)
                        .setDecompressionSupported(false)
                        .setMaxRedirects(0),
                new PoolOptions().setHttp1MaxSize(WitnessSettings.MOST_WITNESSES));
    }

    @Override
    public Uni<Reply> add(Peer witness, String body) {
        return Uni.createFrom().emitter(to -> new Exchange(to).begin(request(witness.address()), Buffer.buffer(body)));
    }

    private static RequestOptions request(URI address) {
        boolean isTls = "https".equals(address.getScheme());
        String path = address.getRawPath() == null ? "" : address.getRawPath();
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(address.getHost())
                .setPort(address.getPort() >= 0 ? address.getPort() : isTls ? HTTPS : HTTP)
                .setSsl(isTls)
                .setURI((path.endsWith("/") ? path : path + "/") + "add-checkpoint")
                .setFollowRedirects(false)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                .putHeader(HttpHeaders.USER_AGENT, "openledger");
    }

    /** Ends the connections. */
    @Override
    public void close() {
        client.close();
    }

    /** One request. Ends once, whatever happens first. */
    private final class Exchange {
        private final UniEmitter<? super Reply> reply;
        private final Buffer collected = Buffer.buffer();
        private final AtomicBoolean over = new AtomicBoolean();
        private volatile @Nullable HttpClientRequest request;
        private long timer;

        Exchange(UniEmitter<? super Reply> reply) {
            this.reply = reply;
        }

        void begin(RequestOptions options, Buffer body) {
            timer = vertx.setTimer(timeout.toMillis(), due -> end(new Reply.Silent("no answer in time")));
            reply.onTermination(this::drop);
            client.request(options).onComplete(made -> send(made, body));
        }

        private void send(AsyncResult<HttpClientRequest> made, Buffer body) {
            if (made.failed()) {
                lost();
                return;
            }
            HttpClientRequest started = made.result();
            request = started;
            // Vert.x logs what no handler takes.
            started.exceptionHandler(cause -> lost());
            if (over.get()) {
                started.reset();
                return;
            }
            started.send(body).onSuccess(this::read).onFailure(cause -> lost());
        }

        private void read(HttpClientResponse head) {
            String type = head.getHeader(HttpHeaders.CONTENT_TYPE);
            head.exceptionHandler(cause -> lost());
            head.handler(chunk -> {
                if (collected.length() + chunk.length() > LONGEST_ANSWER) {
                    end(new Reply.TooLong());
                } else {
                    collected.appendBuffer(chunk);
                }
            });
            head.endHandler(whole ->
                    end(new Reply.Answered(head.statusCode(), type == null ? "" : type, collected.toString())));
        }

        private void lost() {
            end(new Reply.Silent("not reachable, or hung up"));
        }

        private void end(Reply with) {
            if (drop()) {
                reply.complete(with);
            }
        }

        /** Ends it without a reply; false if it had ended. */
        private boolean drop() {
            if (!over.compareAndSet(false, true)) {
                return false;
            }
            vertx.cancelTimer(timer);
            HttpClientRequest started = request;
            if (started != null) {
                started.reset();
            }
            return true;
        }
    }
}
