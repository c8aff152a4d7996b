package openledger.inference;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a request of the Responses API refers to that only its maker can continue: an earlier response, a conversation, items by their
 * ids, encrypted reasoning, a container. Immutable.
 *
 * @param all in the order of the body; of very many the last {@link #MOST}
 */
record OriginReferences(List<Reference> all) {
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
     * @param names any of which tells who made it; at least one
     */
    record Reference(String member, List<String> names) {}

    /** Those of a body; it is read once, however often they are asked for. */
    static OriginReferences of(RequestBody responses) {
        return responses.translated(OriginReferences.class, OriginReferences::in);
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
                case "conversation" ->
                    add(found, name, value == JsonToken.START_OBJECT ? item(parser).id : text(parser, value));
                case "input" -> elements(parser, value, name, found);
                case "tools" -> elements(parser, value, name, found);
                default -> parser.skipChildren();
            }
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
                case ID -> item.id = text(parser, value);
                case "type" -> item.type = text(parser, value);
                case "encrypted_content" -> item.encrypted = text(parser, value);
                case "approval_request_id" -> item.approval = text(parser, value);
                case "container" -> item.container = text(parser, value);
                case "role", "content" -> {
                    item.isMessage = true;
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
            found.add(new Reference(member, List.of(name)));
        }
    }

    /** What matters of an item of the input. */
    private static final class Item {
        private String id = "";
        private String type = "";
        private String encrypted = "";
        private String approval = "";
        private String container = "";
        private boolean isMessage;

        /** An item that says itself what it is can go anywhere, whatever its id. */
        void addTo(List<Reference> found, String place) {
            if (!encrypted.isEmpty()) {
                // Clients may leave the id out, and providers may give the same text another one.
                List<String> names = id.isEmpty() ? List.of(encrypted) : List.of(encrypted, id);
                found.add(new Reference(place + "encrypted_content", names));
            } else if ("reasoning".equals(type) || "item_reference".equals(type) || (type.isEmpty() && !isMessage)) {
                add(found, place + ID, id);
            }
            if ("mcp_approval_response".equals(type)) {
                add(found, place + "approval_request_id", approval);
            }
        }
    }
}
