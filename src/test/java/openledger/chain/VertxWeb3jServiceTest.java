package openledger.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import openledger.chain.NodeAnswers.Text;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.web3j.protocol.core.BatchRequest;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;

final class VertxWeb3jServiceTest {
    private static final long LIMIT_SECONDS = 30;
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(200);

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger questions = new AtomicInteger();

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aQuestionGetsItsAnswer() throws Exception {
        assertThat(answer(service(LONG, wellBehaved("0x1"))).getResult()).isEqualTo("0x1");
    }

    @Test
    void aNodeThatFailsIsLeftForTheNextAndNotAskedAgain() throws Exception {
        VertxWeb3jService service = service(LONG, status(503), wellBehaved("0x2"));

        assertThat(answer(service).getResult()).isEqualTo("0x2");
        questions.set(0);
        assertThat(answer(service).getResult()).isEqualTo("0x2");
        assertThat(questions).hasValue(1);
    }

    @Test
    void aNodeThatRefusesConnectionsIsLeftForTheNext() throws Exception {
        VertxWeb3jService service = new VertxWeb3jService(
                vertx,
                RpcSettings.of(
                        List.of(URI.create("http://127.0.0.1:1"), node(wellBehaved("0x2"))),
                        OptionalLong.empty(),
                        LONG));

        assertThat(answer(service).getResult()).isEqualTo("0x2");
    }

    @Test
    void aNodeOfAnotherChainIsNotBelieved() throws Exception {
        VertxWeb3jService service = new VertxWeb3jService(
                vertx,
                RpcSettings.of(List.of(node(ofChain("0x1")), node(ofChain("0x385"))), OptionalLong.of(901), LONG));

        assertThat(answer(service).getResult()).isEqualTo("0x385");
    }

    @Test
    void whereAllNodesAreOfAnotherChainThatIsSaid() {
        VertxWeb3jService service =
                new VertxWeb3jService(vertx, RpcSettings.of(List.of(node(ofChain("0x1"))), OptionalLong.of(901), LONG));

        assertFails(service, "is of chain 1, not of 901");
    }

    @Test
    void silenceEndsWithTheTimeOut() {
        assertFails(service(SHORT, (request, body) -> {}), "did not answer within");
    }

    @Test
    void anAnswerThatIsTooLongIsNotRead() {
        RpcSettings settings = new RpcSettings(
                List.of(node(wellBehaved("0x" + "00".repeat(2_000)))),
                OptionalLong.empty(),
                LONG,
                1_000,
                4,
                SHORT,
                LONG);

        assertFails(new VertxWeb3jService(vertx, settings), "more than 1000 bytes");
    }

    @Test
    void whatIsNoAnswerIsNotTakenForOne() {
        assertFails(service(LONG, (request, body) -> request.response().end("<html>")), "not JSON-RPC");
        assertFails(service(LONG, (request, body) -> request.response().end("[".repeat(1_000))), "not JSON-RPC");
        assertFails(service(LONG, (request, body) -> request.response().end("null")), "not JSON-RPC");
        assertFails(
                service(
                        LONG,
                        (request, body) -> request.response()
                                .end(new JsonObject()
                                        .put("id", -5)
                                        .put("result", "0x1")
                                        .toBuffer())),
                "another question");
    }

    @Test
    void moreCallsThanTheBoundAreRefused() {
        VertxWeb3jService service = new VertxWeb3jService(
                vertx,
                new RpcSettings(
                        List.of(node((request, body) -> {})), OptionalLong.empty(), LONG, 1_000, 1, SHORT, LONG));
        CompletableFuture<Text> first = service.sendAsync(ChainNode.chainId(), Text.class);

        assertFails(service, "more than 1 calls");

        first.cancel(true);
    }

    @Test
    void aCallThatIsCancelledLetsItsConnectionGo() throws Exception {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        CompletableFuture<Void> gone = new CompletableFuture<>();
        VertxWeb3jService service = service(LONG, (request, body) -> {
            request.connection().closeHandler(closed -> gone.complete(null));
            asked.complete(null);
        });
        CompletableFuture<Text> call = service.sendAsync(ChainNode.chainId(), Text.class);
        asked.get(LIMIT_SECONDS, TimeUnit.SECONDS);

        call.cancel(true);

        gone.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(call).isCancelled();
    }

    @Test
    void answersOfABatchAreMatchedByTheirIds() throws Exception {
        VertxWeb3jService service = service(LONG, (request, body) -> {
            JsonArray answers = new JsonArray();
            for (int i = ((JsonArray) body).size() - 1; i >= 0; i--) {
                JsonObject question = ((JsonArray) body).getJsonObject(i);
                answers.add(reply(question, question.getString("method")));
            }
            request.response().end(answers.toBuffer());
        });

        assertThat(batch(service)).containsExactly("eth_chainId", "eth_sendRawTransaction");
    }

    @Test
    void aNodeThatTakesNoBatchesIsAskedOneByOne() throws Exception {
        VertxWeb3jService service = service(
                LONG,
                (request, body) -> request.response()
                        .end(
                                body instanceof JsonObject question
                                        ? reply(question, question.getString("method"))
                                                .toBuffer()
                                        : new JsonObject()
                                                .put("id", null)
                                                .put(
                                                        "error",
                                                        new JsonObject()
                                                                .put("code", -32600)
                                                                .put("message", "no batches"))
                                                .toBuffer()));

        assertThat(batch(service)).containsExactly("eth_chainId", "eth_sendRawTransaction");
        questions.set(0);
        assertThat(batch(service)).hasSize(2);
        assertThat(questions).hasValue(2);
    }

    @Test
    void anObjectionIsAnAnswer() throws Exception {
        VertxWeb3jService service = service(
                LONG,
                (request, body) -> request.response()
                        .setStatusCode(400)
                        .end(reply((JsonObject) body, null)
                                .put(
                                        "error",
                                        new JsonObject()
                                                .put("code", 3)
                                                .put("message", "no")
                                                .put("data", new JsonObject().put("a", 1)))
                                .toBuffer()));

        assertThat(answer(service).getError().getCode()).isEqualTo(3);
    }

    @Test
    @SuppressWarnings("rawtypes") // web3j's interface has them
    void nothingBlocks() {
        VertxWeb3jService service = service(LONG, wellBehaved("0x1"));
        Request question = ChainNode.chainId();

        assertThatThrownBy(() -> service.send(question, Text.class)).isInstanceOf(UnsupportedOperationException.class);
    }

    private VertxWeb3jService service(Duration timeout, List<BiConsumer<HttpServerRequest, Object>> behaviours) {
        List<URI> nodes = new ArrayList<>();
        behaviours.forEach(behaviour -> nodes.add(node(behaviour)));
        return new VertxWeb3jService(vertx, RpcSettings.of(nodes, OptionalLong.empty(), timeout));
    }

    private VertxWeb3jService service(Duration timeout, BiConsumer<HttpServerRequest, Object> behaviour) {
        return service(timeout, List.of(behaviour));
    }

    private VertxWeb3jService service(
            Duration timeout,
            BiConsumer<HttpServerRequest, Object> first,
            BiConsumer<HttpServerRequest, Object> second) {
        return service(timeout, List.of(first, second));
    }

    private URI node(BiConsumer<HttpServerRequest, Object> behaviour) {
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

    private static BiConsumer<HttpServerRequest, Object> wellBehaved(String result) {
        return (request, body) ->
                request.response().end(reply((JsonObject) body, result).toBuffer());
    }

    private static BiConsumer<HttpServerRequest, Object> ofChain(String id) {
        return wellBehaved(id);
    }

    private static BiConsumer<HttpServerRequest, Object> status(int status) {
        return (request, body) -> request.response().setStatusCode(status).end();
    }

    private static JsonObject reply(JsonObject question, @Nullable String result) {
        return new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", question.getValue("id"))
                .put("result", result);
    }

    private static Text answer(VertxWeb3jService service)
            throws InterruptedException, ExecutionException, TimeoutException {
        return service.sendAsync(ChainNode.chainId(), Text.class).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private static List<Object> batch(VertxWeb3jService service) throws Exception {
        return service
                .sendBatchAsync(
                        new BatchRequest(service).add(ChainNode.chainId()).add(ChainNode.send(new byte[1])))
                .get(LIMIT_SECONDS, TimeUnit.SECONDS)
                .getResponses()
                .stream()
                .<Object>map(Response::getResult)
                .toList();
    }

    private static void assertFails(VertxWeb3jService service, String reason) {
        assertThatThrownBy(() -> answer(service))
                .hasCauseInstanceOf(RpcFailure.class)
                .hasMessageContaining(reason);
    }
}
