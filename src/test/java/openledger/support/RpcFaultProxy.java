package openledger.support;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a router and its node and speaks for it what the node cannot be made to say, or not at the right moment: as
 * {@link RpcFault}s that are put in and taken out while it runs. On a port of its own, which stays when it is down. Faults
 * and counts may be touched by any thread.
 */
public final class RpcFaultProxy implements AutoCloseable {
    private final Vertx vertx;
    private final HttpClient client;
    private final URI node;
    private final List<RpcFault> faults = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private int port;
    private HttpServer server;

    private RpcFaultProxy(Vertx vertx, URI node) {
        this.vertx = vertx;
        this.node = node;
        this.client = vertx.createHttpClient();
        this.server = listen();
        this.port = server.actualPort();
    }

    /** Starts on a free port of 127.0.0.1. */
    public static RpcFaultProxy before(Vertx vertx, URI node) {
        return new RpcFaultProxy(vertx, node);
    }

    private HttpServer listen() {
        return vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> answer(request, body)))
                .listen(port, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    public URI rpc() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Refuses connections, and drops those there are. */
    public void down() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }

    /** Accepts connections again. */
    public void up() {
        server = listen();
    }

    /** From now on. A fault that comes later is asked earlier. */
    public void put(RpcFault fault) {
        faults.addFirst(fault);
    }

    public void take(RpcFault fault) {
        faults.remove(fault);
    }

    /** All is well again. */
    public void heal() {
        faults.clear();
    }

    /** How often a method was asked for. */
    public long timesAsked(String method) {
        return asked.stream().filter(Predicate.isEqual(method)).count();
    }

    private void answer(HttpServerRequest request, Buffer body) {
        Object said = Json.decodeValue(body);
        if (said instanceof JsonArray batch) {
            answerBatch(request, batch);
        } else {
            JsonObject question = (JsonObject) said;
            one(question, new Reply() {
                @Override
                public void answer(JsonObject answer) {
                    send(request, answer.toBuffer());
                }

                @Override
                public void hangUp() {
                    request.connection().close();
                }
            });
        }
    }

    private void answerBatch(HttpServerRequest request, JsonArray batch) {
        JsonArray answers = new JsonArray();
        for (int i = 0; i < batch.size(); i++) {
            one(batch.getJsonObject(i), new Reply() {
                @Override
                public void answer(JsonObject answer) {
                    answers.add(answer);
                    if (answers.size() == batch.size()) {
                        send(request, answers.toBuffer());
                    }
                }

                @Override
                public void hangUp() {
                    request.connection().close();
                }
            });
        }
    }

    private static void send(HttpServerRequest request, Buffer body) {
        if (!request.response().closed() && !request.response().ended()) {
            request.response().putHeader("content-type", "application/json").end(body);
        }
    }

    private void one(JsonObject question, Reply reply) {
        asked.add(question.getString("method"));
        Optional<RpcFault> fault = faults.stream()
                .filter(candidate -> candidate.concerns(question))
                .findFirst();
        if (fault.isPresent()) {
            fault.get().befall(question, new Passage(question, reply));
        } else {
            forward(question, reply::answer, reply::hangUp);
        }
    }

    private void forward(JsonObject question, Consumer<JsonObject> then, Runnable lost) {
        RequestOptions to = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(node.getHost())
                .setPort(node.getPort())
                .putHeader("content-type", "application/json");
        client.request(to)
                .compose(request -> request.send(question.toBuffer()))
                .compose(response -> response.body())
                .onSuccess(body -> then.accept(body.toJsonObject()))
                .onFailure(gone -> lost.run());
    }

    @Override
    public void close() {
        down();
        client.close();
    }

    private interface Reply {
        void answer(JsonObject answer);

        void hangUp();
    }

    /** What a fault may do with a question. */
    public final class Passage {
        private final JsonObject question;
        private final Reply reply;

        private Passage(JsonObject question, Reply reply) {
            this.question = question;
            this.reply = reply;
        }

        /** What was asked. */
        JsonObject question() {
            return question;
        }

        /** Asks the node, and hands its answer to {@code then} instead of to who asked. */
        public void ask(Consumer<JsonObject> then) {
            forward(question, then, reply::hangUp);
        }

        /** Asks the node something else. */
        public void ask(JsonObject other, Consumer<JsonObject> then) {
            forward(other, then, reply::hangUp);
        }

        /** Answers with a result. */
        public void result(@Nullable Object result) {
            answer(new JsonObject().put("result", result));
        }

        /** Answers with an error. */
        public void error(int code, String message) {
            answer(new JsonObject()
                    .put("error", new JsonObject().put("code", code).put("message", message)));
        }

        /** Answers with what the node said. */
        public void answer(JsonObject answer) {
            reply.answer(answer.put("jsonrpc", "2.0").put("id", question.getValue("id")));
        }

        /** Drops the connection without an answer. */
        public void hangUp() {
            reply.hangUp();
        }

        /** Goes on later. */
        public void after(long millis, Runnable then) {
            vertx.setTimer(millis, due -> then.run());
        }
    }
}
