package openledger.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import openledger.provider.translation.Translation;
import openledger.provider.translation.Translation.Translated;
import org.junit.jupiter.api.Test;

/** Whatever is said in a conversation is said in its translation too, once and in order. */
final class MessagesTurnsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CASES = 1_000;

    @Test
    void keepsEveryTextOfEachSideInOrderAndAlternates() throws IOException {
        for (int seed = 0; seed < CASES; seed++) {
            Conversation said = new Conversation(new Random(seed));

            JsonNode out = translated(said.request);

            assertThat(texts(out.path("system"))).as("seed %d", seed).isEqualTo(said.system);
            List<String> turns = new ArrayList<>();
            String last = "";
            for (JsonNode turn : out.path("messages")) {
                assertThat(turn.path("role").asText()).as("seed %d", seed).isNotEqualTo(last);
                last = turn.path("role").asText();
                turns.addAll(texts(turn.path("content")));
            }
            assertThat(turns).as("seed %d", seed).isEqualTo(said.others);
        }
    }

    private static List<String> texts(JsonNode blocks) {
        List<String> texts = new ArrayList<>();
        for (JsonNode block : blocks) {
            switch (block.path("type").asText()) {
                case "text" -> texts.add(block.path("text").asText());
                case "tool_use" -> texts.add(block.path("input").path("text").asText());
                case "tool_result" -> texts.addAll(texts(block.path("content")));
                default -> texts.add("unexpected");
            }
        }
        return texts;
    }

    private static JsonNode translated(ObjectNode request) throws IOException {
        Translation translation = MessagesRequest.translate(JSON.writeValueAsBytes(request));
        assertThat(translation).isInstanceOf(Translated.class);
        return JSON.readTree(
                ((Translated) translation).body(JSON.writeValueAsBytes("sim")).getBytes());
    }

    /** A conversation by chance that ends with the user. */
    private static final class Conversation {
        private final ObjectNode request = JSON.createObjectNode().put("model", "assistant");
        private final List<String> system = new ArrayList<>();
        private final List<String> others = new ArrayList<>();
        private final Random random;
        private int said;

        private Conversation(Random random) {
            this.random = random;
            ArrayNode messages = request.putArray("messages");
            for (int i = random.nextInt(10); i > 0; i--) {
                switch (random.nextInt(4)) {
                    case 0 -> say(message(messages, random.nextBoolean() ? "system" : "developer"), system);
                    case 1 -> say(message(messages, "user"), others);
                    case 2 -> call(message(messages, "assistant"));
                    default -> say(message(messages, "tool").put("tool_call_id", "t"), others);
                }
            }
            say(message(messages, "user"), others);
        }

        private static ObjectNode message(ArrayNode messages, String role) {
            return messages.addObject().put("role", role);
        }

        private void say(ObjectNode message, List<String> saidBy) {
            if (random.nextBoolean()) {
                message.put("content", text(saidBy));
                return;
            }
            ArrayNode parts = message.putArray("content");
            for (int i = random.nextInt(3); i >= 0; i--) {
                parts.addObject().put("type", "text").put("text", text(saidBy));
            }
        }

        private void call(ObjectNode message) {
            boolean calls = random.nextBoolean();
            if (calls && random.nextBoolean()) {
                message.putNull("content");
            } else {
                say(message, others);
            }
            for (int i = calls ? random.nextInt(3) : -1; i >= 0; i--) {
                message.withArray("tool_calls")
                        .addObject()
                        .put("id", "t")
                        .put("type", "function")
                        .putObject("function")
                        .put("name", "f")
                        .put("arguments", "{\"text\":\"" + text(others) + "\"}");
            }
        }

        private String text(List<String> saidBy) {
            String text = "h\u00e9 \ud83d\ude00 " + said++;
            saidBy.add(text);
            return text;
        }
    }
}
