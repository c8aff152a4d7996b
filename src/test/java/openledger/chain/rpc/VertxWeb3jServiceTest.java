package openledger.chain.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class VertxWeb3jServiceTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final ScriptedNodes nodes = new ScriptedNodes();

    @AfterEach
    void stop() {
        nodes.close();
    }

    @Test
    void aQuestionGetsItsAnswer() throws Exception {
        assertThat(ScriptedNodes.answer(nodes.service(LONG, ScriptedNodes.wellBehaved("0x1")))
                        .getResult())
                .isEqualTo("0x1");
    }

    @Test
    void whatIsNoAnswerIsNotTakenForOne() {
        ScriptedNodes.assertFails(
                nodes.service(LONG, (request, body) -> request.response().end("<html>")), "invalid JSON-RPC");
        ScriptedNodes.assertFails(
                nodes.service(LONG, (request, body) -> request.response().end("[".repeat(1_000))), "invalid JSON-RPC");
        ScriptedNodes.assertFails(
                nodes.service(LONG, (request, body) -> request.response().end("null")), "invalid JSON-RPC");
        ScriptedNodes.assertFails(
                nodes.service(
                        LONG,
                        (request, body) -> request.response()
                                .end(new JsonObject()
                                        .put("id", -5)
                                        .put("result", "0x1")
                                        .toBuffer())),
                "another request");
    }

    @Test
    void answersOfABatchAreMatchedByTheirIds() throws Exception {
        VertxWeb3jService service = nodes.service(LONG, (request, body) -> {
            JsonArray answers = new JsonArray();
            for (int i = ((JsonArray) body).size() - 1; i >= 0; i--) {
                JsonObject question = ((JsonArray) body).getJsonObject(i);
                answers.add(ScriptedNodes.reply(question, question.getString("method")));
            }
            request.response().end(answers.toBuffer());
        });

        assertThat(ScriptedNodes.batch(service)).containsExactly("eth_chainId", "eth_sendRawTransaction");
    }

    @Test
    void aNodeThatTakesNoBatchesIsAskedOneByOne() throws Exception {
        VertxWeb3jService service = nodes.service(
                LONG,
                (request, body) -> request.response()
                        .end(
                                body instanceof JsonObject question
                                        ? ScriptedNodes.reply(question, question.getString("method"))
                                                .toBuffer()
                                        : new JsonObject()
                                                .put("id", null)
                                                .put(
                                                        "error",
                                                        new JsonObject()
                                                                .put("code", -32600)
                                                                .put("message", "no batches"))
                                                .toBuffer()));

        assertThat(ScriptedNodes.batch(service)).containsExactly("eth_chainId", "eth_sendRawTransaction");
        nodes.questions.set(0);
        assertThat(ScriptedNodes.batch(service)).hasSize(2);
        assertThat(nodes.questions).hasValue(2);
    }

    @Test
    void anObjectionIsAnAnswer() throws Exception {
        VertxWeb3jService service = nodes.service(
                LONG,
                (request, body) -> request.response()
                        .setStatusCode(400)
                        .end(ScriptedNodes.reply((JsonObject) body, null)
                                .put(
                                        "error",
                                        new JsonObject()
                                                .put("code", 3)
                                                .put("message", "no")
                                                .put("data", new JsonObject().put("a", 1)))
                                .toBuffer()));

        assertThat(ScriptedNodes.answer(service).getError().getCode()).isEqualTo(3);
    }
}
