package openledger.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** What a simulated provider has made and can be asked to go on with; it refuses what another has made. Thread-safe. */
final class MadeResponses {
    private static final int MOST = 10_000;

    private final String provider;
    private final Set<String> known = new HashSet<>();
    private final Deque<String> byAge = new ArrayDeque<>();
    private long last;

    MadeResponses(String provider) {
        this.provider = provider;
    }

    /**
     * The names of an answer.
     *
     * @param response its id
     * @param conversation that it is part of, empty if it is of none
     * @param encrypted its encrypted reasoning, empty if it has none
     */
    record Names(String response, String conversation, String encrypted) {
        boolean hasReasoning() {
            return !encrypted.isEmpty();
        }

        ObjectNode reasoning() {
            ObjectNode item = SimulatedWords.object()
                    .put("id", response.replace("resp_", "rs_"))
                    .put("type", "reasoning")
                    .put("encrypted_content", encrypted);
            item.putArray("summary");
            return item;
        }
    }

    /** Those of the answer to a request. Conversations that are named after the provider are its own. */
    synchronized Names next(JsonNode request) {
        last++;
        String id = provider + "_" + last;
        boolean reasons = request.path("include").toString().contains("reasoning.encrypted_content");
        Names names = new Names("resp_" + id, conversation(request), reasons ? "sealed by " + id : "");
        remember(names.response);
        if (reasons) {
            remember(names.encrypted);
            remember("rs_" + id);
        }
        return names;
    }

    private void remember(String name) {
        if (known.add(name)) {
            byAge.add(name);
        }
        if (byAge.size() > MOST) {
            known.remove(byAge.removeFirst());
        }
    }

    /** What it says to a request that refers to what it has not made; empty if it does not. */
    synchronized String objectionTo(JsonNode request) {
        String previous = request.path("previous_response_id").asText("");
        if (!previous.isEmpty() && !known.contains(previous)) {
            return "Previous response with id '" + previous + "' not found.";
        }
        String conversation = conversation(request);
        if (!conversation.isEmpty() && !conversation.startsWith("conv_" + provider)) {
            return "Conversation with id '" + conversation + "' not found.";
        }
        for (JsonNode item : request.path("input")) {
            String encrypted = item.path("encrypted_content").asText("");
            if (!encrypted.isEmpty() && !known.contains(encrypted)) {
                return "The encrypted content could not be verified.";
            }
            boolean isReference = "item_reference".equals(item.path("type").asText());
            if (isReference && !known.contains(item.path("id").asText())) {
                return "Item with id '" + item.path("id").asText() + "' not found.";
            }
        }
        return "";
    }

    private static String conversation(JsonNode request) {
        JsonNode said = request.path("conversation");
        return said.isObject() ? said.path("id").asText("") : said.asText("");
    }
}
