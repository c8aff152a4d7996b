package openledger.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import openledger.provider.answer.NoAnswer;
import openledger.provider.translation.OpaqueId;
import openledger.provider.translation.StrictJson;

/**
 * A candidate, or the part of one in an event, in the form of chat completions. Parts of other kinds than texts and calls are passed over:
 * a translated request cannot ask for them.
 *
 * @param calls as a chat completion has them
 * @param ending the {@code finish_reason}, empty if it is not over
 */
record GeminiCandidate(int index, String text, String thoughts, List<ObjectNode> calls, String ending) {
    private static final int MOST = 128;
    private static final int MOST_CALLS = 1_024;

    /** The candidates of an answer or an event; a prompt that was blocked has one that says nothing. */
    static List<GeminiCandidate> in(JsonNode answer, CallNumbers numbers) throws NoAnswer {
        if (!answer.isObject() || answer.hasNonNull("error")) {
            throw new NoAnswer("an error");
        }
        List<GeminiCandidate> all = new ArrayList<>();
        for (JsonNode candidate : answer.path("candidates")) {
            all.add(of(candidate, answer.path("responseId").asText(""), numbers));
        }
        if (all.isEmpty() && answer.path("promptFeedback").hasNonNull("blockReason")) {
            all.add(new GeminiCandidate(0, "", "", List.of(), "content_filter"));
        }
        return all;
    }

    /** Numbers the calls of a choice, over all events. */
    interface CallNumbers {
        int next(int choice);
    }

    private static GeminiCandidate of(JsonNode candidate, String answerId, CallNumbers numbers) throws NoAnswer {
        int index = candidate.path("index").asInt(0);
        if (index < 0 || index >= MOST) {
            throw new NoAnswer("too many candidates");
        }
        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        List<ObjectNode> calls = new ArrayList<>();
        for (JsonNode part : candidate.path("content").path("parts")) {
            if (part.path("functionCall").isObject()) {
                int number = numbers.next(index);
                if (number >= MOST_CALLS) {
                    throw new NoAnswer("too many calls");
                }
                calls.add(call(part, answerId + ":" + index + ":" + number));
            } else if (part.path("thought").asBoolean()) {
                thoughts.append(part.path("text").asText(""));
            } else {
                text.append(part.path("text").asText(""));
            }
        }
        return new GeminiCandidate(
                index, text.toString(), thoughts.toString(), calls, ending(candidate.path("finishReason")));
    }

    /**
     * A call. Where Gemini gives it no id, it gets one that is the same whenever the answer is read.
     *
     * @param place which call of which answer it is
     */
    private static ObjectNode call(JsonNode part, String place) {
        JsonNode said = part.path("functionCall");
        String name = said.path("name").asText("");
        String arguments = said.path("args").isObject()
                ? StrictJson.write(said.path("args")).toString()
                : "{}";
        String id = said.path("id").asText("");
        ObjectNode call = JsonNodeFactory.instance
                .objectNode()
                .put("id", id.isEmpty() ? "call_" + OpaqueId.of(place + ":" + name + ":" + arguments) : id)
                .put("type", "function");
        call.putObject("function").put("name", name).put("arguments", arguments);
        if (part.hasNonNull("thoughtSignature")) {
            call.putObject(GeminiTurns.EXTRA)
                    .putObject("google")
                    .set("thought_signature", part.path("thoughtSignature"));
        }
        return call;
    }

    /** A reason that is new to us is an ordinary end; one that says that the model has failed makes no answer. */
    private static String ending(JsonNode reason) throws NoAnswer {
        return switch (reason.asText("")) {
            case "", "FINISH_REASON_UNSPECIFIED" -> "";
            case "MAX_TOKENS" -> "length";
            case "SAFETY",
                    "RECITATION",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "MODEL_ARMOR",
                    "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT",
                    "IMAGE_RECITATION" -> "content_filter";
            case "MALFORMED_FUNCTION_CALL",
                    "UNEXPECTED_TOOL_CALL",
                    "TOO_MANY_TOOL_CALLS",
                    "MISSING_THOUGHT_SIGNATURE",
                    "MALFORMED_RESPONSE" -> throw new NoAnswer("the model has failed");
            default -> "stop";
        };
    }
}
