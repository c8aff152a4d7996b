package openledger.inference;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import openledger.inference.RequestBody.MalformedBody;
import openledger.inference.RequestBody.TopLevelMembers;

/**
 * One pass over a JSON object (RFC 8259) that checks its structure and notes where a few top-level members stand. It is
 * strict where leniency would let us and a provider read different things: names are compared unescaped, a member we
 * use may stand only once, nothing may follow the object. Text inside strings is passed on unread.
 *
 * <p>Long because it is a whole grammar, which no other class should know a part of.
 */
final class JsonScanner {
    private static final byte[] MODEL = "model".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STREAM = "stream".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OPENLEDGER = "openledger".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private final byte[] b;
    private final int mostDepth;
    private int at;
    private boolean streamSeen;

    JsonScanner(byte[] bytes, int mostDepth) {
        this.b = bytes;
        this.mostDepth = mostDepth;
    }

    TopLevelMembers scan() throws MalformedBody {
        TopLevelMembers found = new TopLevelMembers();
        space();
        if (at >= b.length || b[at] != '{') {
            throw malformed("The body must be a JSON object");
        }
        at++;
        space();
        if (peek() == '}') {
            at++;
        } else {
            int comma = -1;
            do {
                comma = member(found, comma);
            } while (comma >= 0);
        }
        space();
        if (at != b.length) {
            throw malformed("Something follows the JSON object");
        }
        return found;
    }

    /** Reads one member; returns the place of the comma after it, or -1 if it was the last. */
    private int member(TopLevelMembers found, int commaBefore) throws MalformedBody {
        space();
        int nameStart = at;
        string();
        int nameEnd = at;
        space();
        expect(':');
        space();
        int valueStart = at;
        boolean own = names(nameStart + 1, nameEnd - 1, OPENLEDGER);
        value(1);
        int valueEnd = at;
        space();
        int commaAfter = peek() == ',' ? at : -1;
        if (commaAfter < 0 && peek() != '}') {
            throw malformed("A comma or '}' is missing");
        }
        at++;
        if (own) {
            once(found.ownStart < 0, "openledger");
            found.ownStart = valueStart;
            found.ownEnd = valueEnd;
            found.cutStart = commaAfter < 0 && commaBefore >= 0 ? commaBefore : nameStart;
            found.cutEnd = commaAfter < 0 ? valueEnd : commaAfter + 1;
        } else if (names(nameStart + 1, nameEnd - 1, MODEL)) {
            once(found.modelStart < 0, "model");
            found.modelStart = valueStart;
            found.modelEnd = valueEnd;
        } else if (names(nameStart + 1, nameEnd - 1, STREAM)) {
            once(!streamSeen, "stream");
            streamSeen = true;
            found.stream = flag(valueStart, valueEnd);
        }
        return commaAfter;
    }

    private boolean flag(int from, int to) throws MalformedBody {
        if (Arrays.equals(b, from, to, TRUE, 0, TRUE.length)) {
            return true;
        }
        if (Arrays.equals(b, from, to, FALSE, 0, FALSE.length) || Arrays.equals(b, from, to, NULL, 0, NULL.length)) {
            return false;
        }
        throw new MalformedBody("stream", "The member 'stream' must be true or false.");
    }

    private static void once(boolean first, String name) throws MalformedBody {
        if (!first) {
            throw new MalformedBody(name, "The member '" + name + "' stands twice.");
        }
    }

    /** Iterative, so that depth costs a counter and not the stack. A bit per level says object (1) or array (0). */
    private void value(int depth) throws MalformedBody {
        long[] kinds = new long[(mostDepth >> 6) + 1];
        int level = depth;
        boolean done = false;
        while (!done) {
            space();
            int c = peek();
            if (c == '{' || c == '[') {
                level++;
                if (level > mostDepth) {
                    throw malformed("The body is nested deeper than " + mostDepth + " levels");
                }
                at++;
                mark(kinds, level, c == '{');
                space();
                if (peek() == (c == '{' ? '}' : ']')) {
                    at++;
                    level--;
                } else {
                    if (c == '{') {
                        name();
                    }
                    continue;
                }
            } else {
                scalar(c);
            }
            level = closeOrContinue(kinds, level, depth);
            done = level == depth;
            if (level < 0) {
                level = -level;
            }
        }
    }

    /** After a value: closes what ends here. Returns the level, negated if a further value follows in it. */
    private int closeOrContinue(long[] kinds, int from, int depth) throws MalformedBody {
        int level = from;
        while (level > depth) {
            space();
            boolean object = (kinds[level >> 6] >>> level & 1) != 0;
            int c = peek();
            if (c == ',') {
                at++;
                if (object) {
                    space();
                    name();
                }
                return -level;
            }
            if (c != (object ? '}' : ']')) {
                throw malformed(object ? "A comma or '}' is missing" : "A comma or ']' is missing");
            }
            at++;
            level--;
        }
        return level;
    }

    private static void mark(long[] kinds, int level, boolean object) {
        if (object) {
            kinds[level >> 6] |= 1L << level;
        } else {
            kinds[level >> 6] &= ~(1L << level);
        }
    }

    private void name() throws MalformedBody {
        string();
        space();
        expect(':');
    }

    private void scalar(int c) throws MalformedBody {
        switch (c) {
            case '"' -> string();
            case 't' -> word(TRUE);
            case 'f' -> word(FALSE);
            case 'n' -> word(NULL);
            default -> number();
        }
    }

    private void word(byte[] word) throws MalformedBody {
        if (b.length - at < word.length || !Arrays.equals(b, at, at + word.length, word, 0, word.length)) {
            throw malformed("A value is missing or misspelt");
        }
        at += word.length;
    }

    private void number() throws MalformedBody {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        int first = at;
        digits();
        if (b[first] == '0' && at > first + 1) {
            throw malformed("A number starts with 0");
        }
        if (peek() == '.') {
            at++;
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits();
        }
        if (at == start) {
            throw malformed("A value is missing");
        }
    }

    private void digits() throws MalformedBody {
        int start = at;
        while (at < b.length && b[at] >= '0' && b[at] <= '9') {
            at++;
        }
        if (at == start) {
            throw malformed("A value is missing or not a number");
        }
    }

    private void string() throws MalformedBody {
        expect('"');
        while (at < b.length) {
            byte c = b[at];
            if (c == '"') {
                at++;
                return;
            }
            if (c >= 0 && c < 0x20) {
                throw malformed("A string holds a control character");
            }
            at += c == '\\' ? 2 : 1;
        }
        throw malformed("A string has no end");
    }

    private void expect(char c) throws MalformedBody {
        if (peek() != c) {
            throw malformed("'" + c + "' is missing");
        }
        at++;
    }

    private int peek() {
        return at < b.length ? b[at] : -1;
    }

    private void space() {
        while (at < b.length && (b[at] == ' ' || b[at] == '\n' || b[at] == '\r' || b[at] == '\t')) {
            at++;
        }
    }

    private boolean names(int from, int to, byte[] name) {
        if (to - from == name.length) {
            return Arrays.equals(b, from, to, name, 0, name.length);
        }
        return to - from > name.length && new String(name, StandardCharsets.US_ASCII).equals(unescapeOrRaw(from, to));
    }

    private String unescapeOrRaw(int from, int to) {
        for (int i = from; i < to; i++) {
            if (b[i] == '\\') {
                return unescape(b, from, to);
            }
        }
        return "";
    }

    /** The text of a string between its quotes; an escape that is none stays as it is. */
    static String unescape(byte[] b, int from, int to) {
        String raw = new String(b, from, to - from, StandardCharsets.UTF_8);
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        StringBuilder out = new StringBuilder(raw.length());
        int i = 0;
        while (i < raw.length()) {
            char c = raw.charAt(i);
            if (c != '\\' || i + 1 == raw.length()) {
                out.append(c);
                i++;
            } else if (raw.charAt(i + 1) == 'u' && isHex(raw, i + 2)) {
                out.append((char) Integer.parseInt(raw, i + 2, i + 6, 16));
                i += 6;
            } else {
                out.append(plain(raw.charAt(i + 1)));
                i += 2;
            }
        }
        return out.toString();
    }

    private static boolean isHex(String raw, int from) {
        if (from + 4 > raw.length()) {
            return false;
        }
        for (int i = from; i < from + 4; i++) {
            if (Character.digit(raw.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private static char plain(char escaped) {
        return switch (escaped) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> escaped;
        };
    }

    private MalformedBody malformed(String what) {
        return new MalformedBody("", what + " (at byte " + Math.min(at, b.length) + ").");
    }
}
