package openledger.cli.witness;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import openledger.commitment.witness.AddCheckpoint;
import openledger.commitment.witness.Witness;
import openledger.commitment.witness.Witness.Answer;

/**
 * Serves a witness by HTTP: {@code POST /add-checkpoint} (C2SP tlog-witness). One request is answered at a time, on a thread that may
 * block; a few wait, and others are told to come again. A connection carries one request and has a few seconds for it; beyond some
 * hundred connections a new one is closed. Thread-safe.
 */
public final class WitnessServer {
    private static final int MOST_WAITING = 64;
    /** More than can wait, so that who comes too late can be told. */
    static final int MOST_CONNECTIONS = 4 * MOST_WAITING;

    private static final String PATH = "/add-checkpoint";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String SIZE = "text/x.tlog.size";

    private final Witness witness;
    private final InstantSource clock;
    private final Consumer<String> log;
    private final HttpServer server;
    private final WorkerExecutor worker;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final Vertx vertx;
    private final Duration longest;

    /**
     * One that does not listen yet.
     *
     * @param longest that a connection lasts, however slowly its request comes
     * @param log is told of each answer in a line
     */
    public WitnessServer(Vertx vertx, Witness witness, InstantSource clock, Duration longest, Consumer<String> log) {
        this.vertx = vertx;
        this.witness = witness;
        this.clock = clock;
        this.longest = longest;
        this.log = log;
        this.worker = vertx.createSharedWorkerExecutor("witness", 1);
        this.server = vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
                .connectionHandler(this::bound)
                .requestHandler(this::handle);
    }

    private void bound(HttpConnection connection) {
        if (connections.incrementAndGet() > MOST_CONNECTIONS) {
            connections.decrementAndGet();
            connection.close();
            return;
        }
        long end = vertx.setTimer(longest.toMillis(), late -> connection.close());
        connection.closeHandler(closed -> {
            vertx.cancelTimer(end);
            connections.decrementAndGet();
        });
    }

    /** Listens; the port. Fails if the address is taken. */
    public Future<Integer> listen(String host, int port) {
        return server.listen(port, host).map(HttpServer::actualPort);
    }

    private record Reply(int status, String type, String text) {}

    private void handle(HttpServerRequest request) {
        if (!PATH.equals(request.path())) {
            send(request.response(), new Reply(404, TEXT, "There is only POST " + PATH + "."));
        } else if (!HttpMethod.POST.equals(request.method())) {
            request.response().putHeader("allow", "POST");
            send(request.response(), new Reply(405, TEXT, "Send a checkpoint by POST."));
        } else {
            read(request);
        }
    }

    private void read(HttpServerRequest request) {
        Buffer body = Buffer.buffer();
        request.handler(piece -> {
            if (body.length() + piece.length() > AddCheckpoint.LONGEST) {
                request.handler(ignored -> {});
                request.endHandler(ignored -> {});
                send(
                        request.response(),
                        new Reply(413, TEXT, "A request has at most " + AddCheckpoint.LONGEST + " bytes."));
            } else {
                body.appendBuffer(piece);
            }
        });
        request.endHandler(end -> answer(body.getBytes(), request.response()));
    }

    private void answer(byte[] body, HttpServerResponse to) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            send(to.putHeader("retry-after", "1"), new Reply(503, TEXT, "Too many requests wait."));
            return;
        }
        worker.executeBlocking(() -> reply(body))
                .eventually(() -> {
                    waiting.decrementAndGet();
                    return Future.succeededFuture();
                })
                .onSuccess(reply -> send(to, reply))
                .onFailure(bug -> send(to, new Reply(500, TEXT, "The witness could not keep the checkpoint.")));
    }

    private Reply reply(byte[] body) {
        AddCheckpoint request;
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            request = AddCheckpoint.parse(text);
        } catch (CharacterCodingException wrong) {
            return new Reply(400, TEXT, "A request is UTF-8.");
        } catch (IllegalArgumentException wrong) {
            return new Reply(400, TEXT, wrong.getMessage() + ".");
        }
        return switch (witness.answer(request, clock.instant().getEpochSecond())) {
            case Answer.Cosigned(var signature) -> new Reply(200, TEXT, signature.toString());
            case Answer.UnknownLog(var origin) -> new Reply(404, TEXT, "This witness does not watch this log.");
            case Answer.NotSigned(var why) -> new Reply(403, TEXT, "The checkpoint is refused: " + why + ".");
            case Answer.Backwards(var old, var size) ->
                new Reply(400, TEXT, "The old size " + old + " is larger than the checkpoint's, " + size + ".");
            case Answer.Conflict(var newest) -> new Reply(409, SIZE, Long.toString(newest));
            case Answer.Inconsistent(var why) -> new Reply(422, TEXT, "The checkpoint is refused: " + why + ".");
        };
    }

    private void send(HttpServerResponse to, Reply reply) {
        log.accept(reply.status + " " + (reply.status == 200 ? "cosigned" : reply.text));
        if (!to.ended() && !to.closed()) {
            to.setStatusCode(reply.status)
                    .putHeader("content-type", reply.type)
                    .putHeader("connection", "close")
                    .end(reply.text + "\n");
        }
    }
}
