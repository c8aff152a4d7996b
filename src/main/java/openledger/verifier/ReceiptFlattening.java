package openledger.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import openledger.commitment.verify.ReceiptContent;
import openledger.commitment.verify.ReceiptContent.Kind;
import openledger.commitment.verify.ReceiptContent.Value;

/** Makes the flat list of a receipt's members from its JSON. */
final class ReceiptFlattening {
    /** No number of a receipt has more digits before or behind its point. */
    private static final int MOST_DIGITS = 40;

    private final Map<String, Value> values = new LinkedHashMap<>();

    private ReceiptFlattening() {}

    /**
     * The members of an object, in its order.
     *
     * @throws IllegalArgumentException for a number that is too long to be written out
     */
    static ReceiptContent of(JsonNode root) {
        ReceiptFlattening flat = new ReceiptFlattening();
        flat.members("", root);
        return new ReceiptContent(flat.values);
    }

    private void members(String parent, JsonNode object) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            value(ReceiptContent.path(parent, member.getKey()), member.getValue());
        }
    }

    private void value(String path, JsonNode node) {
        values.putIfAbsent(path, value(node));
        if (node.isObject()) {
            members(path, node);
        } else {
            for (int i = 0; i < node.size(); i++) {
                value(path + "[" + i + "]", node.get(i));
            }
        }
    }

    private static Value value(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> new Value(Kind.OBJECT, Integer.toString(node.size()));
            case ARRAY -> new Value(Kind.ARRAY, Integer.toString(node.size()));
            case STRING -> new Value(Kind.TEXT, node.textValue());
            case BOOLEAN -> new Value(Kind.TRUTH, node.asText());
            case NUMBER ->
                node.isIntegralNumber()
                        ? new Value(Kind.NUMBER, node.bigIntegerValue().toString())
                        : new Value(Kind.DECIMAL, plain(node.decimalValue()));
            case NULL, MISSING, BINARY, POJO -> new Value(Kind.NULL, "");
        };
    }

    private static String plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        if (Math.abs((long) stripped.scale()) > MOST_DIGITS) {
            throw new IllegalArgumentException("a number is too long");
        }
        return stripped.signum() == 0 ? "0" : stripped.toPlainString();
    }
}
