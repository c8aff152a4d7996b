package openledger.support;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Copies of a genuine receipt, each with one member or element changed, taken away, renamed, doubled or of another type: made from the receipt
 * itself, so that none is forgotten.
 */
public final class ChangedMembers {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String genuine;
    private final List<Changed> all = new ArrayList<>();

    private ChangedMembers(String genuine) {
        this.genuine = genuine;
    }

    /**
     * One copy.
     *
     * @param name what was done, and to which member
     * @param path of the member, as {@code openledger verify} writes it
     * @param receipt its JSON
     */
    public record Changed(String name, String path, String receipt) {
        /**
         * Whether the change went by unseen: the receipt is called verified, and neither the member, nor what it is in, nor what is in it is
         * among what is printed as the router's word.
         *
         * @param said a line of {@code openledger verify --json}
         */
        public boolean betrays(JsonNode said) {
            if (!"HOLDS".equals(said.path("verdict").asText())) {
                return false;
            }
            for (Map.Entry<String, JsonNode> told : said.path("routers_word").properties()) {
                String word = told.getKey();
                if (word.equals(path) || isIn(word, path) || isIn(path, word) || isBeside(word, path)) {
                    return false;
                }
            }
            return true;
        }

        /** Elements of one list, which is printed as it is. */
        private static boolean isBeside(String element, String other) {
            int index = other.endsWith("]") ? other.lastIndexOf('[') : -1;
            return index > 0 && element.startsWith(other.substring(0, index + 1));
        }

        private static boolean isIn(String inner, String outer) {
            return inner.startsWith(outer + ".") || inner.startsWith(outer + "[");
        }
    }

    /** Every change of every member. */
    public static List<Changed> of(String receipt) throws IOException {
        ChangedMembers changes = new ChangedMembers(receipt);
        changes.walk(JSON.readTree(receipt), "", JsonPointer.empty());
        return changes.all;
    }

    private void walk(JsonNode node, String path, JsonPointer place) throws IOException {
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                String name = member.getKey();
                String below = path.isEmpty() ? name : path + "." + name;
                JsonPointer at = place.appendProperty(name);
                each(below, at, member.getValue());
                add("renamed", below, at, parent -> {
                    ObjectNode object = (ObjectNode) parent;
                    object.set(name + "_", object.remove(name));
                });
                doubled(below, at, member.getValue());
                walk(member.getValue(), below, at);
            }
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                JsonPointer at = place.appendIndex(i);
                each(path + "[" + i + "]", at, node.get(i));
                int last = i;
                add("doubled", path + "[" + i + "]", at, parent -> ((ArrayNode) parent).insert(last, node.get(last)));
                walk(node.get(i), path + "[" + i + "]", at);
            }
        }
    }

    private void each(String path, JsonPointer at, JsonNode value) throws IOException {
        add("removed", path, at, parent -> remove(parent, at));
        add("null", path, at, parent -> set(parent, at, JSON.nullNode()));
        add("retyped", path, at, parent -> set(parent, at, retyped(value)));
        if (value.isValueNode()) {
            add("changed", path, at, parent -> set(parent, at, changed(value)));
        } else if (!value.isEmpty()) {
            add(
                    "emptied",
                    path,
                    at,
                    parent -> set(parent, at, value.isArray() ? JSON.createArrayNode() : JSON.createObjectNode()));
        }
    }

    private static JsonNode changed(JsonNode value) {
        if (value.isTextual()) {
            return TextNode.valueOf(changed(value.textValue()));
        }
        if (value.isBoolean()) {
            return JSON.getNodeFactory().booleanNode(!value.booleanValue());
        }
        return value.isIntegralNumber()
                ? JSON.getNodeFactory().numberNode(value.longValue() + 1)
                : JSON.getNodeFactory().numberNode(value.doubleValue() + 1);
    }

    /** The last letter or digit becomes another; a text stays of its form where it has one. */
    private static String changed(String text) {
        if (text.isEmpty()) {
            return "x";
        }
        int last = text.endsWith("Z") ? text.length() - 2 : text.length() - 1;
        char other = text.charAt(last) == '1' ? '2' : '1';
        return text.substring(0, last) + other + text.substring(last + 1);
    }

    private static JsonNode retyped(JsonNode value) {
        return value.isTextual()
                ? JSON.getNodeFactory().numberNode(7)
                : TextNode.valueOf(value.isContainerNode() ? "" : value.asText());
    }

    private static void remove(JsonNode parent, JsonPointer at) {
        if (parent instanceof ObjectNode object) {
            object.remove(at.last().getMatchingProperty());
        } else {
            ((ArrayNode) parent).remove(at.last().getMatchingIndex());
        }
    }

    private static void set(JsonNode parent, JsonPointer at, JsonNode value) {
        if (parent instanceof ObjectNode object) {
            object.set(at.last().getMatchingProperty(), value);
        } else {
            ((ArrayNode) parent).set(at.last().getMatchingIndex(), value);
        }
    }

    /** A tree has no member twice, so this is written: the changed one behind the true one, as a lax reader would take it. */
    private void doubled(String path, JsonPointer at, JsonNode value) throws IOException {
        String mark = "\"openledger-doubled\":0";
        JsonNode root = JSON.readTree(genuine);
        ((ObjectNode) root.at(at.head())).put("openledger-doubled", 0);
        JsonNode other = value.isValueNode() ? changed(value) : JSON.createArrayNode();
        String name = at.last().getMatchingProperty();
        all.add(new Changed("doubled " + path, path, root.toString().replace(mark, "\"" + name + "\":" + other)));
    }

    private void add(String what, String path, JsonPointer at, Change change) throws IOException {
        JsonNode root = JSON.readTree(genuine);
        change.on(root.at(at.head()));
        all.add(new Changed(what + " " + path, path, root.toString()));
    }

    private interface Change {
        void on(JsonNode parent);
    }
}
