package openledger.provider.error;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes keys out of a provider's words: our own, and whatever has the form of one. A client's own names, such as {@code key_metrics_v2},
 * stay: a key has a part that nobody would name anything.
 */
final class Redaction {
    private static final String REDACTED = "[redacted]";
    /** A word with the beginning of a key, a masked key, or what follows {@code Bearer}. */
    private static final Pattern SUSPECT =
            Pattern.compile("(?i)\\b(?:sk|pk|rk|key|gsk|xai|hf|pplx|nvapi|org|proj)[-_][A-Za-z0-9_*.-]{6,}"
                    + "|\\bAIza[A-Za-z0-9_-]{20,}"
                    + "|(?<![A-Za-z0-9_.-])[A-Za-z0-9_.-]{0,64}+\\*{4,}[A-Za-z0-9_*.-]*"
                    + "|\\bbearer\\s+[A-Za-z0-9._~+/*=-]{8,}");

    private static final Pattern SEPARATOR = Pattern.compile("[-_.~+/=\\s]");
    private static final int SHORTEST_RANDOM = 8;
    private static final int SHORTEST_RANDOM_OF_A_NAME = 16;
    private static final int MOST_LETTERS = 32;
    /** Longer than any key. */
    private static final int MARGIN = 1_024;

    private static final int DEEPEST = 8;
    private static final int MOST_ELEMENTS = 16;

    private final String secret;

    Redaction(String secret) {
        this.secret = secret;
    }

    /** A text without keys, cut to {@code longest} characters. */
    String clean(String text, int longest) {
        String read = beginning(text, 2 * longest + MARGIN);
        String known = secret.isEmpty() ? read : read.replace(secret, REDACTED);
        String safe = SUSPECT.matcher(known).replaceAll(Redaction::unlessAName);
        return safe.length() <= longest ? safe : safe.substring(0, longest);
    }

    /** No more than is looked at, and no part of a word at its end: it might be half a key. */
    private static String beginning(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = most;
        while (end > 0 && !Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end == 0 ? most : end);
    }

    private static String unlessAName(MatchResult found) {
        return isKey(found.group()) ? Matcher.quoteReplacement(REDACTED) : Matcher.quoteReplacement(found.group());
    }

    private static boolean isKey(String word) {
        if (word.contains("****") || word.startsWith("AIza")) {
            return true;
        }
        // Names begin with "key_" and "sk_"; keys of services that have dashes or a long beginning of their own seldom
        // do.
        boolean likeAName = word.regionMatches(true, 0, "key", 0, 3) || word.charAt(2) == '_';
        int least = likeAName ? SHORTEST_RANDOM_OF_A_NAME : SHORTEST_RANDOM;
        return SEPARATOR.splitAsStream(word).anyMatch(part -> isRandom(part, least));
    }

    private static boolean isRandom(String part, int least) {
        boolean digits = part.chars().anyMatch(Character::isDigit);
        boolean letters = part.chars().anyMatch(Character::isLetter);
        return part.length() >= MOST_LETTERS || (part.length() >= least && digits && letters);
    }

    /** An object whose texts are clean and at most {@code longest} characters; what is nested too deep is left out. */
    ObjectNode clean(ObjectNode object, int longest) {
        return (ObjectNode) clean(object, longest, 0);
    }

    private JsonNode clean(JsonNode node, int longest, int depth) {
        if (node.isTextual()) {
            return JsonNodeFactory.instance.textNode(clean(node.textValue(), longest));
        }
        if (!node.isContainerNode() || depth > DEEPEST) {
            return node.isContainerNode() ? JsonNodeFactory.instance.nullNode() : node;
        }
        if (node.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            for (int i = 0; i < node.size() && i < MOST_ELEMENTS; i++) {
                array.add(clean(node.get(i), longest, depth + 1));
            }
            return array;
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        node.properties().stream()
                .limit(MOST_ELEMENTS)
                .forEach(member ->
                        object.set(clean(member.getKey(), longest), clean(member.getValue(), longest, depth + 1)));
        return object;
    }
}
