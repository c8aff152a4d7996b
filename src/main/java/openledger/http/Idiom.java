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
        Buffer end(RequestFacts facts, Buffer lastEvent, long createdSeconds) {
            return FactsJson.lastChunk(facts, createdSeconds).appendBuffer(lastEvent);
        }

        @Override
        Buffer broken(Problem problem) {
            return Buffer.buffer("data: " + problem.toJson() + "\n\n");
        }
    },

    /** OpenAI's responses: every event has a type, and clients refuse types they do not know. */
    RESPONSES {
        @Override
        Buffer broken(Problem problem) {
            ObjectNode node = JSON.createObjectNode().put("type", "error");
            node.put("code", problem.type().errorCode()).put("message", problem.detail());
            node.putNull("param");
            problem.facts().ifPresent(facts -> node.set("openledger", FactsJson.of(facts)));
            return event("error", node);
        }
    },

    /** Anthropic's messages: errors have a form of their own. */
    MESSAGES {
        @Override
        Buffer broken(Problem problem) {
            return event("error", MessagesProblem.of(problem));
        }

        @Override
        String error(Problem problem) {
            return MessagesProblem.of(problem).toString();
        }
    };

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DATA = "data:";

    static Idiom of(Operation operation) {
        return switch (operation) {
            case CHAT, EMBEDDINGS -> CHAT;
            case RESPONSES -> RESPONSES;
            case MESSAGES -> MESSAGES;
        };
    }

    /** The end of a whole stream: the provider's last event, with our facts in it or before it. */
    Buffer end(RequestFacts facts, Buffer lastEvent, long createdSeconds) {
        return withFacts(lastEvent, facts);
    }

    /** The event that ends a stream that broke off. */
    abstract Buffer broken(Problem problem);

    /** The body of an error. */
    String error(Problem problem) {
        return problem.toJson();
    }

    /** The same event with the facts as the first member of its data; as it is if its data are no object with members. */
    private static Buffer withFacts(Buffer event, RequestFacts facts) {
        String text = event.toString();
        int data = text.startsWith(DATA) ? 0 : text.indexOf("\n" + DATA) + 1;
        int brace = text.indexOf('{', data);
        if (brace < 0 || !text.substring(data + DATA.length(), brace).isBlank() || text.startsWith("}", brace + 1)) {
            return event;
        }
        return Buffer.buffer(text.substring(0, brace + 1) + "\"openledger\":" + FactsJson.of(facts) + ","
                + text.substring(brace + 1));
    }

    private static Buffer event(String type, ObjectNode data) {
        return Buffer.buffer("event: " + type + "\ndata: " + data + "\n\n");
    }
}
