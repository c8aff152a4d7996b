package openledger.provider.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Finds by which names an answer of the Responses API, and what it is made of, can be referred to: its id, that of its conversation, those
 * of its items and their containers, and encrypted reasoning, which is its own name. Takes the response in pieces of any size, alone
 * or as the member {@code response} of an event. Confined to one thread.
 */
final class AnswerNames {
    /** Names of one answer that are told. */
    private static final int MOST = 512;
    /** Characters of a text that is kept until its end; behind a longer one no more names are found. */
    private static final int LONGEST = 1 << 20;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxStringLength(LONGEST).build())
            .build();

    private final Consumer<String> found;
    private final JsonParser parser;
    private final ByteArrayFeeder feeder;
    private int names;
    private boolean over;

    /**
     * A reader of one response.
     *
     * @param found told each name, the same one perhaps more than once
     */
    AnswerNames(Consumer<String> found) {
        this.found = found;
        try {
            parser = JSON.createNonBlockingByteArrayParser();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
    }

    /** Those in a whole text. */
    static void in(byte[] json, Consumer<String> found) {
        new AnswerNames(found).accept(json);
    }

    /** Takes some more. */
    void accept(Buffer piece) {
        if (!over) {
            accept(piece.getBytes());
        }
    }

    private void accept(byte[] bytes) {
        try {
            feeder.feedInput(bytes, 0, bytes.length);
            for (JsonToken token = parser.nextToken();
                    token != null && token != JsonToken.NOT_AVAILABLE && !over;
                    token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING && isName(parser.getParsingContext())) {
                    tell(parser.getText());
                }
            }
        } catch (IOException unreadable) {
            // Whether that is an answer at all is not judged here.
            over = true;
        }
    }

    private void tell(String name) {
        if (!name.isEmpty()) {
            found.accept(name);
            over = ++names == MOST;
        }
    }

    private static boolean isName(JsonStreamContext at) {
        if (!at.inObject()) {
            return false;
        }
        return switch (String.valueOf(at.getCurrentName())) {
            case "id" -> isResponse(at) || isItem(at) || isConversation(at);
            case "conversation" -> isResponse(at);
            case "encrypted_content", "container_id" -> isItem(at);
            default -> false;
        };
    }

    private static boolean isResponse(JsonStreamContext object) {
        JsonStreamContext holder = object.getParent();
        return holder.inRoot()
                || ("response".equals(holder.getCurrentName())
                        && holder.inObject()
                        && holder.getParent().inRoot());
    }

    private static boolean isConversation(JsonStreamContext object) {
        JsonStreamContext holder = object.getParent();
        return holder.inObject() && "conversation".equals(holder.getCurrentName()) && isResponse(holder);
    }

    private static boolean isItem(JsonStreamContext object) {
        JsonStreamContext list = object.getParent();
        return list.inArray()
                && list.getParent().inObject()
                && "output".equals(list.getParent().getCurrentName())
                && isResponse(list.getParent());
    }
}
