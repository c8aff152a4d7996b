package openledger.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Optional;
import openledger.unit.Hash32;

/**
 * A node's answer to one question, of which anything can be wrong: what is malformed is a {@link NodeSilence} that names the member.
 *
 * @param node an object of JSON-RPC
 */
record NodeAnswer(JsonNode node) {
    private static final int LONGEST_NUMBER = 2 + 64;
    private static final int LONGEST_MESSAGE = 200;
    private static final int LONG_BITS = 63;
    private static final int HEX = 16;

    /** What the node has, empty if nothing. A refusal to say must not pass for nothing. */
    Optional<JsonNode> orNone(String what) {
        if (isThere(node.get("error"))) {
            throw new NodeSilence(
                    "a node refuses " + what + ": " + cleaned(node.get("error").path("message")));
        }
        return result();
    }

    /** The result; empty if there is none, for whatever reason. */
    Optional<JsonNode> result() {
        return member(node, "result");
    }

    /** What a call of a contract returned. */
    byte[] bytes(String what) {
        return bytes(what, orNone(what));
    }

    /** A member of an object; empty if it is absent or null. */
    static Optional<JsonNode> member(JsonNode object, String name) {
        JsonNode value = object.get(name);
        return isThere(value) ? Optional.of(value) : Optional.empty();
    }

    /** A number of at most 63 bits. */
    static long number(String member, Optional<JsonNode> value) {
        return number(member, text(member, value));
    }

    static long number(String member, String text) {
        boolean fits = text.length() > 2
                && text.length() <= LONGEST_NUMBER
                && text.startsWith("0x")
                && text.chars().skip(2).allMatch(HexFormat::isHexDigit);
        BigInteger number = fits ? new BigInteger(text.substring(2), HEX) : BigInteger.ONE.negate();
        if (number.signum() < 0 || number.bitLength() > LONG_BITS) {
            throw NodeSilence.malformed(member);
        }
        return number.longValue();
    }

    static Hash32 hash(String member, Optional<JsonNode> value) {
        byte[] bytes = bytes(member, value);
        if (bytes.length != Hash32.BYTES) {
            throw NodeSilence.malformed(member);
        }
        return Hash32.of(bytes);
    }

    static byte[] bytes(String member, Optional<JsonNode> value) {
        String text = text(member, value);
        if (!text.startsWith("0x")) {
            throw NodeSilence.malformed(member);
        }
        try {
            return HexFormat.of().parseHex(text, 2, text.length());
        } catch (IllegalArgumentException notHex) {
            throw NodeSilence.malformed(member);
        }
    }

    private static String text(String member, Optional<JsonNode> value) {
        return value.filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .orElseThrow(() -> NodeSilence.malformed(member));
    }

    private static boolean isThere(@org.jspecify.annotations.Nullable JsonNode value) {
        return value != null && !value.isNull();
    }

    /** A node's words, fit to be shown: printable ASCII, not long. */
    private static String cleaned(JsonNode message) {
        if (!message.isTextual()) {
            return "without a reason";
        }
        StringBuilder out = new StringBuilder();
        String words = message.textValue();
        for (int i = 0; i < words.length() && out.length() < LONGEST_MESSAGE; i++) {
            char c = words.charAt(i);
            out.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return out.toString();
    }
}
