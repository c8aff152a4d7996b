package openledger.http.inference;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import openledger.http.problem.MessagesProblem;
import openledger.http.problem.Problem;
import openledger.inference.RequestFacts;
import openledger.routing.Operation;

/** The format of what the router itself sends to the clients of an operation: errors, and the facts in a stream. */
public enum ApiFlavor {
    /** OpenAI's chat completions, and what has no streams. */
    CHAT {
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
        public String error(Problem problem) {
            return MessagesProblem.of(problem).toString();
        }
    };

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DATA = "data:";

    static ApiFlavor of(Operation operation) {
        return switch (operation) {
            case CHAT, EMBEDDINGS -> CHAT;
            case RESPONSES -> RESPONSES;
            case MESSAGES, COUNT_TOKENS -> MESSAGES;
        };
    }

    /** The one in which errors are said at an address, whether there is an operation or not. */
    public static ApiFlavor ofPath(String path) {
        String messages = InferenceRoutes.path(Operation.MESSAGES);
        return path.equals(messages) || path.startsWith(messages + "/") ? MESSAGES : CHAT;
    }

    /** The event that ends a stream that broke off. */
    abstract Buffer broken(Problem problem);

    /** The body of an error. */
    public String error(Problem problem) {
        return problem.toJson();
    }

    /**
     * The end of a whole stream, with the facts as the last member of the last of its data that are an object: nothing that a provider
     * says of a request comes after them. As it is if none are, which a whole stream never ends with.
     */
    Buffer end(RequestFacts facts, Buffer lastEvents) {
        String text = lastEvents.toString();
        int brace = closingBrace(text);
        if (brace < 0) {
            return lastEvents;
        }
        int open = text.indexOf('{', text.startsWith(DATA) ? 0 : text.indexOf("\n" + DATA));
        String comma = text.substring(open, brace).indexOf('"') < 0 ? "" : ",";
        return Buffer.buffer(
                text.substring(0, brace) + comma + "\"openledger\":" + FactsJson.of(facts) + text.substring(brace));
    }

    /** Where the object of an event's data ends: the last brace of the last line of data that has one; -1 if none has. */
    private static int closingBrace(String event) {
        int end = event.length();
        while (end > 0) {
            int start = event.lastIndexOf('\n', end - 1) + 1;
            int brace = event.lastIndexOf('}', end - 1);
            if (event.startsWith(DATA, start) && brace >= start + DATA.length()) {
                return brace;
            }
            end = start - 1;
        }
        return -1;
    }

    private static Buffer event(String type, ObjectNode data) {
        return Buffer.buffer("event: " + type + "\ndata: " + data + "\n\n");
    }
}
