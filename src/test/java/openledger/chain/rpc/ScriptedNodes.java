package openledger.chain.rpc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import openledger.chain.ChainNode;
import openledger.chain.RpcSettings;
import openledger.chain.rpc.NodeAnswers.Text;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.core.Response;

/** Nodes that answer as a test says. Confined to one thread. */
final class ScriptedNodes implements AutoCloseable {
    static final long LIMIT_SECONDS = 30;
    private static final Duration LIMIT = Duration.ofSeconds(LIMIT_SECONDS);

    final Vertx vertx = Vertx.vertx();
    /** How often any of them was asked. */
    final AtomicInteger questions = new AtomicInteger();
    /** A client that nobody closes is closed by its finalizer, which may find that the event loop has ended before. */
    private final List<VertxWeb3jService> services = new ArrayList<>();

    VertxWeb3jService service(RpcSettings settings) {
        VertxWeb3jService service = new VertxWeb3jService(vertx, settings);
        services.add(service);
        return service;
    }

    VertxWeb3jService service(Duration timeout, List<BiConsumer<HttpServerRequest, Object>> behaviours) {
        List<URI> nodes = new ArrayList<>();
        behaviours.forEach(behaviour -> nodes.add(node(behaviour)));
        return service(RpcSettings.of(nodes, OptionalLong.empty(), timeout));
    }

    VertxWeb3jService service(Duration timeout, BiConsumer<HttpServerRequest, Object> behaviour) {
        return service(timeout, List.of(behaviour));
    }

    VertxWeb3jService service(
            Duration timeout,
            BiConsumer<HttpServerRequest, Object> first,
            BiConsumer<HttpServerRequest, Object> second) {
        return service(timeout, List.of(first, second));
    }

    URI node(BiConsumer<HttpServerRequest, Object> behaviour) {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    questions.incrementAndGet();
                    behaviour.accept(request, Json.decodeValue(body));
                }))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    static BiConsumer<HttpServerRequest, Object> wellBehaved(String result) {
        return (request, body) ->
                request.response().end(reply((JsonObject) body, result).toBuffer());
    }

    static BiConsumer<HttpServerRequest, Object> status(int status) {
        return (request, body) -> request.response().setStatusCode(status).end();
    }

    static JsonObject reply(JsonObject question, @Nullable String result) {
        return new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", question.getValue("id"))
                .put("result", result);
    }

    static Text answer(VertxWeb3jService service) {
        return service.send(ChainNode.chainId(), Text.class).await().atMost(LIMIT);
    }

    static List<Object> batch(VertxWeb3jService service) {
        return service
                .sendBatch(List.of(ChainNode.chainId(), ChainNode.send(new byte[1])))
                .await()
                .atMost(LIMIT)
                .stream()
                .<Object>map(Response::getResult)
                .toList();
    }

    static void assertFails(VertxWeb3jService service, String reason) {
        assertThatThrownBy(() -> answer(service)).isInstanceOf(RpcFailure.class).hasMessageContaining(reason);
    }

    @Override
    public void close() {
        services.forEach(VertxWeb3jService::close);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
