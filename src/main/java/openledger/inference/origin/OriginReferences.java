package openledger.inference.origin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import openledger.inference.admission.RequestBody;

/**
 * What a request of the Responses API refers to that only its maker can continue: an earlier response, a conversation, items by their
 * ids, encrypted reasoning, a container. Immutable.
 *
 * @param all in the order of the body; of very many the last {@link #MOST}
 */
public record OriginReferences(List<Reference> all) {
    /** References that are looked at. A conversation that refers to more is of one provider, or its last ones tell. */
    static final int MOST = 512;

    private static final OriginReferences NONE = new OriginReferences(List.of());
    private static final String ID = "id";

    /** The scanner has read the body before, with bounds of its own; here nothing may be too long. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build();

    /**
     * One of them.
     *
     * @param member where it stands, e.g. {@code input[2].encrypted_content}
     * @param name by which its maker knows it
     */
    public record Reference(String member, String name) {}

    /** Those of a body; it is read once, however often they are asked for. */
    static OriginReferences of(RequestBody responses) {
        return responses.translated(OriginReferences.class, OriginReferences.class, OriginReferences::in);
    }

    /** Those of a JSON object. */
    static OriginReferences in(byte[] body) {
        List<Reference> found = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                members(parser, found);
            }
        } catch (IOException cutOff) {
            // What stood before it counts.
        }
        return found.isEmpty()
                ? NONE
                : new OriginReferences(List.copyOf(found.subList(Math.max(0, found.size() - MOST), found.size())));
    }

    private static void members(JsonParser parser, List<Reference> found) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "previous_response_id" -> add(found, name, text(parser, value));
                case "conversation" -> addConversation(parser, value, found);
                case "input" -> elements(parser, value, name, found);
                case "tools" -> elements(parser, value, name, found);
                default -> parser.skipChildren();
            }
        }
    }

    private static void addConversation(JsonParser parser, JsonToken value, List<Reference> found) throws IOException {
        if (value == JsonToken.START_OBJECT) {
            item(parser).ids.forEach(id -> add(found, "conversation", id));
        } else {
            add(found, "conversation", text(parser, value));
        }
    }

    private static void elements(JsonParser parser, JsonToken value, String array, List<Reference> found)
            throws IOException {
        if (value != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        int index = 0;
        for (JsonToken element = parser.nextToken();
                element != JsonToken.END_ARRAY && element != null;
                element = parser.nextToken()) {
            if (element == JsonToken.START_OBJECT) {
                String place = array + "[" + index + "].";
                if ("tools".equals(array)) {
                    add(found, place + "container", item(parser).container);
                } else {
                    item(parser).addTo(found, place);
                }
            } else {
                parser.skipChildren();
            }
            index++;
        }
    }

    private static Item item(JsonParser parser) throws IOException {
        Item item = new Item();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case ID -> item.ids.add(text(parser, value));
                case "type" -> item.type = text(parser, value);
                case "encrypted_content" -> item.encrypted.add(text(parser, value));
                case "approval_request_id" -> item.approval = text(parser, value);
                case "container" -> item.container = text(parser, value);
                case "container_id" -> item.containerId = text(parser, value);
                case "role", "content", "result" -> {
                    item.isWhole |= value != JsonToken.VALUE_NULL;
                    parser.skipChildren();
                }
                default -> parser.skipChildren();
            }
        }
        return item;
    }

    /** A string, else empty; goes to the end of the value. */
    private static String text(JsonParser parser, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        return "";
    }

    private static void add(List<Reference> found, String member, String name) {
        if (!name.isEmpty()) {
            found.add(new Reference(member, name));
        }
    }

    /** What matters of an item of the input. Of a member that is there twice both count: nobody knows which one a provider takes. */
    private static final class Item {
        private final List<String> ids = new ArrayList<>(1);
        private final List<String> encrypted = new ArrayList<>(0);
        private String type = "";
        private String approval = "";
        private String container = "";
        private String containerId = "";
        /** It has something to say by itself. */
        private boolean isWhole;

        /** An item that says itself what it is can go anywhere, whatever its id. */
        void addTo(List<Reference> found, String place) {
            // Clients may leave the id of what is encrypted out, and providers may give the same text another one.
            boolean isById = encrypted.isEmpty()
                    && ("reasoning".equals(type)
                            || (!isWhole && (type.isEmpty() || "image_generation_call".equals(type))));
            if (isById || "item_reference".equals(type)) {
                ids.forEach(id -> add(found, place + ID, id));
            }
            encrypted.forEach(text -> add(found, place + "encrypted_content", text));
            add(found, place + "container_id", containerId);
            if ("mcp_approval_response".equals(type)) {
                add(found, place + "approval_request_id", approval);
            }
        }
    }
}
