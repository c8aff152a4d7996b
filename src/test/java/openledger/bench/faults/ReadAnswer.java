package openledger.bench.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import openledger.bench.faults.EventReading.Event;
import openledger.bench.faults.UpstreamFault.Shape;

/** What an SDK makes of an answer of status 200: an error that it throws, a good answer, or something that it takes for one. */
sealed interface ReadAnswer {
    /** The SDK throws. */
    record Failure(String words) implements ReadAnswer {}

    /** A good answer. */
    record Good(String content) implements ReadAnswer {}

    /** Nothing is thrown, or not for what went wrong, and it is no good answer. */
    record Odd(String why) implements ReadAnswer {}

    static ReadAnswer of(String text, Shape shape) {
        return switch (shape) {
            case DOCUMENT -> document(text);
            case STREAM, STREAM_WITH_USAGE -> new StreamedAnswer(shape).read(EventReading.of(text));
        };
    }

    private static ReadAnswer document(String text) {
        JsonNode answer = StreamedAnswer.json(text);
        JsonNode choice = answer.path("choices").path(0);
        if (!answer.isObject()) {
            return new Odd("no JSON");
        }
        if (StreamedAnswer.isError(answer.path("error"))) {
            // SDKs look at the status alone.
            return new Odd("an error with status 200");
        }
        if (!choice.path("finish_reason").asText().equals("stop")) {
            return new Odd(choice.isMissingNode() ? "no choices" : "not finished");
        }
        return new Good(choice.path("message").path("content").asText());
    }

    /** Reads the events of a stream one after the other. Confined to one thread. */
    final class StreamedAnswer {
        private static final ObjectMapper JSON = new ObjectMapper();

        private final Shape shape;
        private final StringBuilder content = new StringBuilder();
        private final Set<String> ids = new HashSet<>();
        private String finish = "";
        private boolean usage;

        StreamedAnswer(Shape shape) {
            this.shape = shape;
        }

        ReadAnswer read(List<Event> events) {
            for (Event event : events) {
                if (event.data().strip().equals("[DONE]")) {
                    break;
                }
                JsonNode chunk = json(event.data());
                if (!chunk.isObject()) {
                    return new Odd("half an event");
                }
                if (event.name().equals("error") || isError(chunk.path("error"))) {
                    return new Failure(event.data());
                }
                if (chunk.path("choices").isEmpty() && shape == Shape.STREAM) {
                    return new Odd("a chunk without choices, not asked for");
                }
                add(chunk);
            }
            if (!finish.equals("stop")) {
                return new Odd(finish.isEmpty() ? "not finished" : "finish_reason " + finish);
            }
            if (ids.size() > 1) {
                return new Odd("chunks of several ids");
            }
            if (shape == Shape.STREAM_WITH_USAGE && !usage) {
                return new Odd("without usage");
            }
            return new Good(content.toString());
        }

        private void add(JsonNode chunk) {
            JsonNode choice = chunk.path("choices").path(0);
            content.append(choice.path("delta").path("content").asText(""));
            finish = choice.path("finish_reason").asText(finish);
            ids.add(chunk.path("id").asText());
            usage |= chunk.path("usage").path("total_tokens").asText().equals(ProviderWords.TOTAL_TOKENS);
        }

        static boolean isError(JsonNode error) {
            return error.isTextual() ? !error.asText().isEmpty() : error.isContainerNode() && !error.isEmpty();
        }

        static JsonNode json(String text) {
            try {
                JsonNode read = JSON.readTree(text);
                return read == null ? MissingNode.getInstance() : read;
            } catch (JsonProcessingException notJson) {
                return MissingNode.getInstance();
            }
        }
    }
}
