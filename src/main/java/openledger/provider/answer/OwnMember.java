package openledger.provider.answer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;

/**
 * Finds the top-level member {@code openledger} in a JSON document that a provider sends, however it is spelled (case, escapes), and cuts
 * it: only the router may send it, or a provider could forge a request's facts. Takes the document in pieces of any size; nested members
 * are left alone. Confined to one thread.
 *
 * <p>One pass over the bytes without a parser, because every answer passes through it; only a document that has the member is read
 * properly.
 */
public final class OwnMember {
    private static final String NAME = "openledger";
    private static final int HEX_DIGITS = 4;
    private static final int HEX_BITS = 4;
    private static final JsonFactory JSON = new JsonFactory();

    private int depth;
    private boolean begun;
    private boolean isObject;
    private boolean nameComes;
    private boolean inString;
    private boolean inName;
    private boolean escaped;
    private int hexLeft;
    private int hex;
    private int matched;
    private boolean matches;
    private boolean found;

    /** True for an event's type that is ours, or one of ours. */
    public static boolean isType(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return NAME.equals(lower) || lower.startsWith(NAME + ".");
    }

    /** True for the name in any case. */
    static boolean isName(String text) {
        return NAME.equals(text.toLowerCase(Locale.ROOT));
    }

    /** True if {@code b[from..to)} has the member. */
    public static boolean in(byte[] b, int from, int to) {
        OwnMember scan = new OwnMember();
        scan.accept(b, from, to);
        return scan.found;
    }

    /** Takes some more of the document. */
    @SuppressWarnings("deprecation") // Vert.x has no other way to its bytes but a copy
    void accept(Buffer piece) {
        ByteBuf raw = piece.getByteBuf();
        if (raw.hasArray()) {
            int from = raw.arrayOffset() + raw.readerIndex();
            accept(raw.array(), from, from + raw.readableBytes());
        } else {
            byte[] bytes = piece.getBytes();
            accept(bytes, 0, bytes.length);
        }
    }

    /** Takes some more of the document: {@code b[from..to)}. */
    public void accept(byte[] b, int from, int to) {
        for (int i = from; i < to && !found; i++) {
            if (inString) {
                i = inName ? i : plainText(b, i, to);
                if (i < to) {
                    text(b[i]);
                }
            } else {
                structure(b[i]);
            }
        }
    }

    /** True once the member has been seen. */
    public boolean found() {
        return found;
    }

    /** True once the document has begun and come to its end. */
    boolean isAtEnd() {
        return begun && depth == 0 && !inString;
    }

    /** Forgets all: another document begins. */
    public void reset() {
        depth = 0;
        inString = false;
        inName = false;
        escaped = false;
        hexLeft = 0;
        found = false;
    }

    /** Of a string that is no name only its end matters. */
    private int plainText(byte[] b, int from, int to) {
        int i = from;
        if (!escaped) {
            while (i < to && b[i] != '"' && b[i] != '\\') {
                i++;
            }
        }
        return i;
    }

    private void text(byte c) {
        if (hexLeft > 0) {
            hex = hex << HEX_BITS | Character.digit(c, 1 << HEX_BITS);
            if (--hexLeft == 0) {
                match(hex);
            }
        } else if (escaped) {
            escaped = false;
            if (c == 'u' && inName) {
                hexLeft = HEX_DIGITS;
                hex = 0;
            } else {
                match(-1);
            }
        } else if (c == '\\') {
            escaped = true;
        } else if (c == '"') {
            inString = false;
            found = inName && matches && matched == NAME.length();
            inName = false;
        } else {
            match(c);
        }
    }

    private void match(int c) {
        int lower = c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
        matches &= matched < NAME.length() && lower == NAME.charAt(matched);
        matched++;
    }

    private void structure(byte c) {
        switch (c) {
            case '"' -> {
                inString = true;
                inName = depth == 1 && isObject && nameComes;
                nameComes = false;
                matched = 0;
                matches = true;
            }
            case '{', '[' -> {
                depth++;
                begun = true;
                if (depth == 1) {
                    isObject = c == '{';
                    nameComes = isObject;
                }
            }
            case '}', ']' -> depth = Math.max(0, depth - 1);
            case ',' -> nameComes |= depth == 1;
            default -> {}
        }
    }

    /**
     * The document without the member, all else to the byte but for blanks between members.
     *
     * @throws IOException if it is not one JSON object
     */
    public static byte[] cut(byte[] document) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(document.length);
        try (JsonParser parser = JSON.createParser(document)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no object");
            }
            out.write('{');
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean own = isName(parser.currentName());
                int from = (int) parser.currentTokenLocation().getByteOffset();
                parser.nextToken();
                parser.skipChildren();
                parser.finishToken();
                int to = (int) parser.currentLocation().getByteOffset();
                if (!own) {
                    if (out.size() > 1) {
                        out.write(',');
                    }
                    out.write(document, from, to - from);
                }
            }
            out.write('}');
            if (parser.nextToken() != null) {
                throw new IOException("something follows the object");
            }
        }
        return out.toByteArray();
    }
}
