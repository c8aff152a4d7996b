package openledger.bench.faults;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What providers of the peers' comparison say: OpenAI's chat completions, plain and streamed. */
final class ProviderWords {
    static final String MODEL = "told";
    /** What the first target says: every kind of text that is easily damaged. */
    static final String FIRST = "Grüße \"so\" \\ \n\t你好 🙂 from the first.";

    static final String SECOND = "A good answer of the second.";
    static final String DONE = "data: [DONE]\n\n";
    static final String TOTAL_TOKENS = "7";

    private static final String USAGE =
            "{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":" + TOTAL_TOKENS + "}";
    private static final int PART = 9;

    private ProviderWords() {}

    /** A whole document. */
    static String document(String content) {
        return document(content, "");
    }

    /** A whole document; {@code first} are members before all others, each with a comma behind it. */
    static String document(String content, String first) {
        return "{" + first + "\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"" + MODEL
                + "\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + escaped(content)
                + "\"},\"finish_reason\":\"stop\"}],\"usage\":" + USAGE + "}";
    }

    /** A whole stream, as the standard provider sends it. */
    static String stream(String content) {
        return role() + deltas(content) + finish("stop") + DONE;
    }

    /** The same with a chunk of usage, which has no choices. */
    static String streamWithUsage(String content) {
        return role() + deltas(content) + finish("stop") + event(chunk("", ",\"usage\":" + USAGE)) + DONE;
    }

    static String role() {
        return event(chunk(choice("{\"role\":\"assistant\",\"content\":\"\"}", "null"), ""));
    }

    static String deltas(String content) {
        return parts(content).stream()
                .map(part -> event(chunk(choice("{\"content\":\"" + escaped(part) + "\"}", "null"), "")))
                .collect(Collectors.joining());
    }

    static String finish(String reason) {
        return event(chunk(choice("{}", "\"" + reason + "\""), ""));
    }

    static String choice(String delta, String finish) {
        return "{\"index\":0,\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":" + finish + "}";
    }

    /** One chunk; {@code more} are members behind {@code choices}, each with a comma before it. */
    static String chunk(String choices, String more) {
        return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"" + MODEL
                + "\",\"system_fingerprint\":\"fp_1\",\"choices\":[" + choices + "]" + more + "}";
    }

    static String event(String data) {
        return "data: " + data + "\n\n";
    }

    private static List<String> parts(String content) {
        int[] points = content.codePoints().toArray();
        List<String> parts = new ArrayList<>();
        for (int at = 0; at < points.length; at += PART) {
            parts.add(new String(points, at, Math.min(PART, points.length - at)));
        }
        return parts;
    }

    private static String escaped(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }
}
