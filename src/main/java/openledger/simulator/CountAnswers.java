package openledger.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** Anthropic's count of tokens: a quarter of the characters. There is no stream of it. */
final class CountAnswers implements SimulatedDialect {
    private static final int CHARACTERS_A_TOKEN = 4;

    private final MessagesAnswers messages;

    CountAnswers(MessagesAnswers messages) {
        this.messages = messages;
    }

    @Override
    public String path() {
        return messages.path() + "/count_tokens";
    }

    @Override
    public Optional<Buffer> refusal(HttpServerRequest request, JsonNode root) {
        return MessagesAnswers.rules(request, root)
                .also(MessagesRules.objection(root))
                .objection()
                .map(objection -> error(400, objection.message()));
    }

    @Override
    public SimulatedAnswer to(HttpServerRequest request, JsonNode root) {
        return new Answer(1 + root.path("messages").toString().length() / CHARACTERS_A_TOKEN);
    }

    @Override
    public Buffer error(int status, String message) {
        return messages.error(status, message);
    }

    @Override
    public String credential(HttpServerRequest request) {
        return messages.credential(request);
    }

    @Override
    public String requestIdHeader() {
        return messages.requestIdHeader();
    }

    /** To one request. */
    private final class Answer implements SimulatedAnswer {
        private final int tokens;

        private Answer(int tokens) {
            this.tokens = tokens;
        }

        @Override
        public Buffer document() {
            return SimulatedWords.document(count());
        }

        /** A member that nobody knows makes up the size, and clients have to bear it. */
        @Override
        public Buffer huge(int bytes) {
            return SimulatedWords.document(count().put("padding", "x".repeat(bytes)));
        }

        private ObjectNode count() {
            return SimulatedWords.object().put("input_tokens", tokens);
        }

        @Override
        public Buffer errorDocument() {
            return messages.error(529, "simulated overload");
        }
    }
}
