package openledger.provider.translation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The ids of tool calls in one conversation, as every provider accepts them: letters, digits, {@code _} and {@code -}, and no
 * id for two calls. A legal id stays as it is where it names a call for the first time. Any other one is replaced by a digest of it, the
 * same one in the call and in its result, and the same one each time the conversation is sent.
 */
public final class ToolIds {
    /** The Messages API states no bound; Amazon Bedrock, which serves the same models, takes 64 characters. */
    static final int LONGEST = 64;

    private static final String PREFIX = "call_";

    /** Ids that keep their words, so that no digest may be one of them. */
    private final Set<String> legal = new HashSet<>();

    private final Set<String> given = new HashSet<>();
    private final Map<String, Integer> calls = new HashMap<>();
    private final Map<String, Deque<String>> withoutResult = new HashMap<>();
    private final Map<String, String> latest = new HashMap<>();

    /**
     * The ids of a conversation.
     *
     * @param messages as the client sent them; whatever is not of the expected type is passed over
     */
    public ToolIds(JsonNode messages) {
        for (JsonNode message : messages) {
            note(message.path("tool_call_id"));
            for (JsonNode call : message.path("tool_calls")) {
                note(call.path("id"));
            }
        }
    }

    private void note(JsonNode id) {
        if (id.isTextual() && isLegal(id.textValue())) {
            legal.add(id.textValue());
        }
    }

    /** What the next call of that id is called. */
    public String ofCall(String id) {
        int number = calls.merge(id, 1, Integer::sum);
        String name = number == 1 && isLegal(id) ? id : replacement(id, number);
        given.add(name);
        latest.put(id, name);
        withoutResult.computeIfAbsent(id, first -> new ArrayDeque<>()).add(name);
        return name;
    }

    /** Which call a result of that id belongs to: the first that has none yet, or else the latest. */
    public String ofResult(String id) {
        Deque<String> open = withoutResult.get(id);
        if (open != null && !open.isEmpty()) {
            return open.remove();
        }
        String known = latest.get(id);
        if (known != null) {
            return known;
        }
        return isLegal(id) ? id : replacement(id, 1);
    }

    private String replacement(String id, int number) {
        String name = PREFIX + OpaqueId.of(number + ":" + id);
        while (legal.contains(name) || given.contains(name)) {
            name = PREFIX + OpaqueId.of(name);
        }
        return name;
    }

    private static boolean isLegal(String id) {
        return !id.isEmpty() && id.length() <= LONGEST && id.chars().allMatch(ToolIds::isLegal);
    }

    private static boolean isLegal(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }
}
