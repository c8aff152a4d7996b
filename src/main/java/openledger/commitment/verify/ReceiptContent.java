package openledger.commitment.verify;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The content of a receipt's JSON, as a flat list: each member and each element by its path, such as {@code attempt_list[0].tier}, in the
 * order in which it stands there. Immutable.
 *
 * @param values by path
 */
public record ReceiptContent(Map<String, Value> values) {
    /** Of a receipt without JSON, such as the plan that is a part of another. */
    public static final ReceiptContent NONE = new ReceiptContent(Map.of());

    private static final int LONGEST_SHOWN = 120;
    private static final Pattern PLACE = Pattern.compile("\\[[0-9]+\\]");
    private static final Pattern PLAIN = Pattern.compile("[a-z0-9_]{1,40}");

    public ReceiptContent {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** What kind of JSON a value is. */
    public enum Kind {
        OBJECT("an object"),
        ARRAY("an array"),
        TEXT("a string"),
        NUMBER("a whole number"),
        /** A number with a fraction or an exponent. */
        DECIMAL("a number"),
        TRUTH("true or false"),
        NULL("nothing");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** For a person. */
        public String words() {
            return words;
        }
    }

    /**
     * One value.
     *
     * @param text a string's characters, a number without an exponent, {@code true} or {@code false}; of an object or an array how many it
     *     has
     */
    public record Value(Kind kind, String text) {}

    /** A member's path below {@code parent}, which is empty for the outermost. A name that no receipt has is quoted: it meets no other. */
    public static String path(String parent, String name) {
        String step = PLAIN.matcher(name).matches() ? name : '"' + shown(name) + '"';
        return parent.isEmpty() ? step : parent + "." + step;
    }

    /** The same for all elements of an array: {@code attempt_list[].tier}. */
    static String pattern(String path) {
        return PLACE.matcher(path).replaceAll("[]");
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    boolean has(String path) {
        return values.containsKey(path);
    }

    /** A string, a number or a truth as text; empty if there is none. */
    Optional<String> text(String path) {
        Value value = values.get(path);
        if (value == null) {
            return Optional.empty();
        }
        return switch (value.kind) {
            case TEXT, NUMBER, DECIMAL, TRUTH -> Optional.of(value.text);
            case OBJECT, ARRAY, NULL -> Optional.empty();
        };
    }

    /** How many elements an array has; 0 if there is none. */
    int size(String path) {
        Value value = values.get(path);
        return value != null && value.kind == Kind.ARRAY ? Integer.parseInt(value.text) : 0;
    }

    /** Foreign text as it may be printed: printable ASCII, not long. */
    public static String shown(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length() && i < LONGEST_SHOWN; i++) {
            char c = text.charAt(i);
            out.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return text.length() > LONGEST_SHOWN ? out + "..." : out.toString();
    }
}
