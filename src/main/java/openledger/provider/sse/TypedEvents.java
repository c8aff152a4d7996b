package openledger.provider.sse;

import static openledger.provider.sse.EventLines.startsWith;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import openledger.provider.answer.OwnMember;
import openledger.provider.sse.EventLines.Step;
import org.jspecify.annotations.Nullable;

/**
 * Combines lines to events that have a type: in their data's member {@code type}, else in the field {@code event}. Bytes go out a whole
 * event at a time, so that one can be withheld with all its lines. A member {@code openledger} is cut from an event's data, and an event of
 * that name is left out: only the router may send them.
 */
public final class TypedEvents implements EventLines.Reader {
    private static final byte[] DATA = EventLines.ascii("data:");
    private static final byte[] EVENT = EventLines.ascii("event:");
    private static final JsonFactory JSON = new JsonFactory();

    private final Listener listener;
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private String name = "";
    private @Nullable Buffer instead;

    public TypedEvents(Listener listener) {
        this.listener = listener;
    }

    /** Is told each event that has data, and decides whether it goes out. */
    public interface Listener {
        /** An event; {@code Step.KEEP} makes no sense here. */
        Step event(String type, byte[] data);
    }

    @Override
    public Step line(byte[] b, int start, int end) {
        if (start == end) {
            return endOfEvent();
        }
        if (startsWith(b, start, end, DATA)) {
            if (data.size() > 0) {
                data.write('\n');
            }
            int from = afterColon(b, start + DATA.length, end);
            data.write(b, from, end - from);
        } else if (startsWith(b, start, end, EVENT)) {
            int from = afterColon(b, start + EVENT.length, end);
            name = new String(b, from, end - from, StandardCharsets.UTF_8);
        }
        return Step.KEEP;
    }

    private Step endOfEvent() {
        byte[] text = data.toByteArray();
        String type = typeIn(text);
        if (type.isEmpty()) {
            type = name;
        }
        boolean ours = OwnMember.isType(type) || OwnMember.isType(name);
        instead = ours ? Buffer.buffer() : null;
        if (!ours && OwnMember.in(text, 0, text.length)) {
            text = cut(text);
            type = text.length == 0 ? "error" : type;
        }
        data.reset();
        name = "";
        return ours || (text.length == 0 && type.isEmpty()) ? Step.PASS : listener.event(type, text);
    }

    /** The data without our own member, which goes out in their place; empty if they cannot be read. */
    private byte[] cut(byte[] text) {
        try {
            byte[] rest = OwnMember.cut(text);
            String json = new String(rest, StandardCharsets.UTF_8).replaceAll("\\R", " ");
            instead = Buffer.buffer((name.isEmpty() ? "" : "event: " + name + "\n") + "data: " + json + "\n\n");
            return rest;
        } catch (IOException e) {
            return new byte[0];
        }
    }

    @Override
    public @Nullable Buffer instead() {
        return instead;
    }

    private static int afterColon(byte[] b, int from, int end) {
        return from < end && b[from] == ' ' ? from + 1 : from;
    }

    /** The text of the top-level member {@code type}; an object without one that has an {@code error} is of that type. */
    private static String typeIn(byte[] text) {
        boolean error = false;
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String member = parser.currentName();
                    JsonToken value = parser.nextToken();
                    if ("type".equals(member) && value == JsonToken.VALUE_STRING) {
                        return parser.getText();
                    }
                    error |= "error".equals(member) && value != JsonToken.VALUE_NULL;
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            return "";
        }
        return error ? "error" : "";
    }
}
