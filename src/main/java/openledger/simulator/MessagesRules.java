package openledger.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** What Anthropic's API refuses of the messages in a request; our own translations are tested against it. */
final class MessagesRules {
    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_-]+");

    private final Set<String> used = new HashSet<>();
    private Set<String> called = Set.of();
    private String objection = "";

    private MessagesRules() {}

    /** The first thing that is wrong; empty if nothing is. */
    static String objection(JsonNode request) {
        MessagesRules rules = new MessagesRules();
        request.path("system").forEach(rules::block);
        for (JsonNode message : request.path("messages")) {
            rules.message(message);
        }
        for (JsonNode tool : request.path("tools")) {
            rules.require(
                    !tool.has("name") || ID.matcher(tool.path("name").asText()).matches(), "tools.name: illegal");
        }
        rules.require(
                !request.path("metadata").path("user_id").asText("").contains("@"),
                "metadata.user_id: an email address");
        return rules.objection;
    }

    private void message(JsonNode message) {
        Set<String> before = called;
        called = new HashSet<>();
        for (JsonNode block : message.path("content")) {
            block(block);
            String id = block.path("id").asText("");
            String result = block.path("tool_use_id").asText("");
            switch (block.path("type").asText()) {
                case "tool_use" -> {
                    require(ID.matcher(id).matches(), "tool_use.id: illegal");
                    require(used.add(id), "tool_use ids must be unique");
                    called.add(id);
                }
                case "tool_result" -> require(before.remove(result), "tool_use_id: not called in the message before");
                default -> {}
            }
        }
    }

    private void block(JsonNode block) {
        boolean isBlank =
                block.path("text").isTextual() && block.path("text").textValue().isBlank();
        require(!isBlank, "text content blocks must contain non-whitespace text");
        if (block.path("content").isArray()) {
            block.path("content").forEach(this::block);
        }
    }

    private void require(boolean holds, String otherwise) {
        if (!holds && objection.isEmpty()) {
            objection = otherwise;
        }
    }
}
