package openledger.provider.error;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds a provider's error in a body or an event, in any form: OpenAI's and Anthropic's error object, vLLM's flat one, Google's array,
 * FastAPI's {@code detail}, RFC 9457, plain text, a document that was cut. Never fails. Long because there are so many forms.
 */
public final class ComplaintReader {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Pattern DATA_LINE = Pattern.compile("(?m)^data: ?(.*)$");
    private static final List<String> MESSAGES = List.of(
            "message",
            "Message",
            "msg",
            "detail",
            "error_description",
            "error_message",
            "status_msg",
            "description",
            "title",
            "error",
            "errors");
    private static final Set<String> SAID_ELSEWHERE =
            Set.of("message", "type", "param", "code", "object", "error", "openledger", "request_id");
    private static final int DEEPEST = 4;
    private static final int MOST_ELEMENTS = 10;
    private static final int LARGEST_TEXT = 8_000;
    private static final int LEAST_STATUS = 100;
    private static final int LAST_STATUS = 599;

    private ComplaintReader() {}

    /** The complaint in a body, or in the event of a stream; {@link Complaint#NONE} if it has none. */
    public static Complaint read(String body) {
        return read(data(body).strip(), 0);
    }

    private static Complaint read(String text, int depth) {
        if (text.isEmpty() || text.charAt(0) == '<') {
            return Complaint.NONE;
        }
        JsonNode root = tree(text);
        if (root != null) {
            return of(root, depth);
        }
        boolean cut = text.charAt(0) == '{' || text.charAt(0) == '[';
        return Complaint.ofWords(cut ? fromCut(text) : text);
    }

    private static @Nullable JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException noJson) {
            return null;
        }
    }

    /** The data of an event (WHATWG HTML, section 9.2); any other text as it is. */
    private static String data(String text) {
        if (!text.startsWith("data:") && !text.startsWith("event:") && !text.startsWith(":")) {
            return text;
        }
        return DATA_LINE
                .matcher(text.replace("\r\n", "\n").replace('\r', '\n'))
                .results()
                .map(line -> line.group(1))
                .collect(Collectors.joining("\n"));
    }

    private static Complaint of(JsonNode root, int depth) {
        if (root.isArray() && !root.isEmpty() && root.get(0).isObject()) {
            return of(root.get(0), depth);
        }
        if (!root.isObject()) {
            return Complaint.ofWords(text(root, depth));
        }
        JsonNode error = root.path("response").path("error").isObject()
                ? root.path("response").path("error")
                : root.has("error")
                        ? root.path("error")
                        : root.path("choices").path(0).path("error");
        JsonNode holder = error.isObject() ? error : error.path(0).isObject() ? error.path(0) : root;
        String message = error.isTextual() ? error.textValue() : text(holder, depth);
        Complaint said = new Complaint(
                message,
                type(holder, root),
                param(holder),
                firstValue(holder, root, "code", "error_code"),
                status(holder, root),
                names(holder, root),
                List.of(),
                rest(holder));
        return depth < DEEPEST ? unwrapped(said, holder, depth) : said;
    }

    /** Some pass on the complaint of another provider, as text within their own. */
    private static Complaint unwrapped(Complaint said, JsonNode holder, int depth) {
        if (said.message().stripLeading().startsWith("{")) {
            Complaint inner = read(said.message().strip(), depth + 1);
            if (!inner.message().isEmpty()) {
                return merged(said, inner, inner.message());
            }
        }
        JsonNode raw = holder.path("metadata").path("raw");
        if (raw.isTextual() && !raw.textValue().isBlank()) {
            Complaint inner = read(raw.textValue().strip(), depth + 1);
            if (!inner.message().isEmpty()) {
                return merged(said, inner, said.message() + ": " + inner.message());
            }
        }
        return said;
    }

    private static Complaint merged(Complaint outer, Complaint inner, String message) {
        List<String> quoted = new ArrayList<>(inner.names());
        quoted.addAll(inner.quoted());
        return new Complaint(
                message,
                outer.type().isEmpty() ? inner.type() : outer.type(),
                outer.param().isEmpty() ? inner.param() : outer.param(),
                outer.code().isEmpty() ? inner.code() : outer.code(),
                outer.status() == 0 ? inner.status() : outer.status(),
                outer.names(),
                quoted,
                outer.details().isEmpty() ? inner.details() : outer.details());
    }

    /** The words in a node: its own text, or those of the member that has them. */
    private static String text(JsonNode node, int depth) {
        if (node.isTextual()) {
            return node.textValue();
        }
        if (depth > DEEPEST) {
            return "";
        }
        if (node.isArray()) {
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < node.size() && parts.size() < MOST_ELEMENTS; i++) {
                String part = text(node.get(i), depth + 1);
                if (!part.isBlank()) {
                    parts.add(part);
                }
            }
            return String.join("; ", parts);
        }
        for (String name : MESSAGES) {
            JsonNode member = node.path(name);
            String words = member.isObject() ? inner(member, depth + 1) : text(member, depth + 1);
            if (!words.isBlank()) {
                String place = place(node);
                return place.isEmpty() ? words : place + ": " + words;
            }
        }
        return "";
    }

    /** An object in the place of words: its own words, else those of each of its members. */
    private static String inner(JsonNode object, int depth) {
        String words = text(object, depth);
        if (!words.isEmpty()) {
            return words;
        }
        return object.properties().stream()
                .limit(MOST_ELEMENTS)
                .map(member -> Map.entry(member.getKey(), text(member.getValue(), depth + 1)))
                .filter(member -> !member.getValue().isBlank())
                .map(member -> member.getKey() + ": " + member.getValue())
                .collect(Collectors.joining("; "));
    }

    /** Where in the request a fault is, as FastAPI says it: without the {@code body} that it begins with. */
    private static String place(JsonNode node) {
        JsonNode location = node.path("loc");
        if (!location.isArray()) {
            return "";
        }
        List<String> steps = new ArrayList<>();
        for (JsonNode step : location) {
            if (!(steps.isEmpty() && "body".equals(step.asText()))) {
                steps.add(step.asText());
            }
        }
        return String.join(".", steps);
    }

    private static String param(JsonNode holder) {
        String named = value(holder.path("param"));
        return named.isEmpty() ? place(holder.path("detail").path(0)) : named;
    }

    private static String type(JsonNode holder, JsonNode root) {
        for (JsonNode type :
                List.of(holder.path("type"), root.path("type"), root.path("error_type"), holder.path("status"))) {
            if (type.isTextual() && !"error".equals(type.textValue())) {
                return type.textValue();
            }
        }
        return "";
    }

    private static String firstValue(JsonNode holder, JsonNode root, String... names) {
        for (JsonNode in : List.of(holder, root)) {
            for (String name : names) {
                String value = value(in.path(name));
                if (!value.isEmpty()) {
                    return value;
                }
            }
        }
        return "";
    }

    private static String value(JsonNode node) {
        return node.isValueNode() && !node.isNull() ? node.asText() : "";
    }

    private static int status(JsonNode holder, JsonNode root) {
        for (JsonNode in : List.of(holder, root)) {
            for (String name : List.of("code", "status", "status_code")) {
                String text = value(in.path(name));
                if (text.matches("[1-5][0-9][0-9]")) {
                    int number = Integer.parseInt(text);
                    return number >= LEAST_STATUS && number <= LAST_STATUS ? number : 0;
                }
            }
        }
        return 0;
    }

    /** Only members that the provider fills: never what may repeat a request, such as FastAPI's {@code input}. */
    private static List<String> names(JsonNode holder, JsonNode root) {
        List<String> names = new ArrayList<>();
        for (JsonNode in : List.of(holder, root, holder.path("innererror"))) {
            for (String member : List.of("code", "type", "status", "error_code", "error_type")) {
                Optional.of(value(in.path(member)))
                        .filter(name -> !name.isEmpty())
                        .ifPresent(names::add);
            }
        }
        for (JsonNode detail : holder.path("details")) {
            if (!value(detail.path("reason")).isEmpty()) {
                names.add(value(detail.path("reason")));
            }
        }
        return names;
    }

    private static ObjectNode rest(JsonNode holder) {
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        holder.properties().forEach(member -> {
            JsonNode value = member.getValue();
            boolean empty = value.isNull() || (value.isContainerNode() && value.isEmpty());
            if (!empty && !SAID_ELSEWHERE.contains(member.getKey())) {
                rest.set(member.getKey(), value);
            }
        });
        return rest;
    }

    /** The message of a document whose end is missing; nothing else of it can be trusted to stand where it seems to. */
    private static String fromCut(String text) {
        for (String name : List.of("message", "msg", "detail", "error")) {
            int at = text.indexOf("\"" + name + "\"");
            int colon = at < 0 ? -1 : text.indexOf(':', at + name.length() + 2);
            if (colon < 0 || !text.substring(at + name.length() + 2, colon).isBlank()) {
                continue;
            }
            int quote = colon + 1;
            while (quote < text.length() && Character.isWhitespace(text.charAt(quote))) {
                quote++;
            }
            if (quote < text.length() && text.charAt(quote) == '"') {
                return unescaped(text, quote + 1);
            }
        }
        return "";
    }

    private static String unescaped(String text, int from) {
        int to = from;
        int last = Math.min(text.length(), from + LARGEST_TEXT);
        while (to < last && text.charAt(to) != '"') {
            to += text.charAt(to) == '\\' ? 2 : 1;
        }
        String escaped = text.substring(from, Math.min(to, last));
        for (int cut = 0; cut <= 6 && cut <= escaped.length(); cut++) {
            // An escape may have been cut, too.
            JsonNode whole = tree("\"" + escaped.substring(0, escaped.length() - cut) + "\"");
            if (whole != null) {
                return whole.asText();
            }
        }
        return "";
    }
}
