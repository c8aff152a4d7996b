package openledger.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import openledger.inference.RequestFacts;
import openledger.routing.Operation;

/** How the clients of an operation are spoken to, where the words are ours: errors, and the facts in a stream. */
enum Idiom {
    /** OpenAI's chat completions, and what has no streams. */
    CHAT {
        @Override
        Buffer facts(RequestFacts facts, long createdSeconds) {
            return FactsJson.lastChunk(facts, createdSeconds);
        }

        @Override
        Buffer broken(Problem problem) {
            return Buffer.buffer("data: " + problem.toJson() + "\n\n");
        }

        @Override
        String error(Problem problem) {
            return problem.toJson();
        }
    },

    /** OpenAI's responses: every event has a type, which its data repeat. */
    RESPONSES {
        @Override
        Buffer facts(RequestFacts facts, long createdSeconds) {
            ObjectNode node = JSON.createObjectNode().put("type", FACTS);
            node.set("openledger", FactsJson.of(facts));
            return event(FACTS, node);
        }

        @Override
        Buffer broken(Problem problem) {
            ObjectNode node = JSON.createObjectNode().put("type", "error");
            node.put("code", problem.type().errorCode()).put("message", problem.detail());
            node.putNull("param");
            problem.facts().ifPresent(facts -> node.set("openledger", FactsJson.of(facts)));
            return event("error", node);
        }

        @Override
        String error(Problem problem) {
            return problem.toJson();
        }
    },

    /** Anthropic's messages: errors have a form of their own. */
    MESSAGES {
        @Override
        Buffer facts(RequestFacts facts, long createdSeconds) {
            return RESPONSES.facts(facts, createdSeconds);
        }

        @Override
        Buffer broken(Problem problem) {
            return event("error", MessagesProblem.of(problem));
        }

        @Override
        String error(Problem problem) {
            return MessagesProblem.of(problem).toString();
        }
    };

    /** Type of the event that carries our facts, where events have types. */
    static final String FACTS = "openledger.facts";

    private static final ObjectMapper JSON = new ObjectMapper();

    static Idiom of(Operation operation) {
        return switch (operation) {
            case CHAT, EMBEDDINGS -> CHAT;
            case RESPONSES -> RESPONSES;
            case MESSAGES -> MESSAGES;
        };
    }

    /** The event that goes before a stream's last. */
    abstract Buffer facts(RequestFacts facts, long createdSeconds);

    /** The event that ends a stream that broke off. */
    abstract Buffer broken(Problem problem);

    /** The body of an error. */
    abstract String error(Problem problem);

    private static Buffer event(String type, ObjectNode data) {
        return Buffer.buffer("event: " + type + "\ndata: " + data + "\n\n");
    }
}
