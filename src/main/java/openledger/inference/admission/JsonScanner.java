package openledger.inference.admission;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import openledger.inference.admission.RequestBody.MalformedBody;

/**
 * One pass over a JSON object (RFC 8259) that checks its structure and notes where a few top-level members stand. It is
 * strict where leniency would let us and a provider read different things: names are compared unescaped, a member we
 * use may stand only once and in no other letter case, unless we only estimate by it, nothing may follow the object. The text of strings is checked by
 * {@link JsonString} and passed on unread.
 *
 * <p>Long because it is a whole grammar, which no other class should know a part of.
 */
final class JsonScanner {
    private static final int BYTES_OF_ESCAPE = 6;
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private static final int MOST_DIGITS = 9;

    private final byte[] b;
    private final int mostDepth;
    private int at;
    private boolean streamSeen;

    JsonScanner(byte[] bytes, int mostDepth) {
        this.b = bytes;
        this.mostDepth = mostDepth;
    }

    /** The members that we read ourselves. */
    private enum Member {
        MODEL("model"),
        STREAM("stream"),
        OPENLEDGER("openledger"),
        STREAM_OPTIONS("stream_options"),
        CACHE_KEY("prompt_cache_key"),
        MAX_TOKENS("max_tokens"),
        MAX_COMPLETION_TOKENS("max_completion_tokens"),
        MAX_OUTPUT_TOKENS("max_output_tokens"),
        CHOICES("n"),
        OTHER("");

        private static final List<Member> OURS = List.copyOf(EnumSet.complementOf(EnumSet.of(OTHER)));
        /** Bytes of the shortest name of ours, and of the longest if each letter is written as an escape. */
        private static final int SHORTEST =
                OURS.stream().mapToInt(our -> our.text.length()).min().orElseThrow();

        private static final int LONGEST = BYTES_OF_ESCAPE
                * OURS.stream().mapToInt(our -> our.text.length()).max().orElseThrow();
        /** By byte, whether a name of ours begins with it, in either case, or may: as an escape, or as a letter that is like one of ours. */
        private static final boolean[] BEGINS = begins();

        private final String text;

        Member(String text) {
            this.text = text;
        }

        /** Whether nothing but an estimate rests on it: then the largest counts, however it is written. */
        boolean isOnlyEstimated() {
            return switch (this) {
                case MAX_TOKENS, MAX_COMPLETION_TOKENS, MAX_OUTPUT_TOKENS, CHOICES -> true;
                case MODEL, STREAM, OPENLEDGER, STREAM_OPTIONS, CACHE_KEY, OTHER -> false;
            };
        }

        private static boolean[] begins() {
            boolean[] begins = new boolean[1 << Byte.SIZE];
            Arrays.fill(begins, 1 << (Byte.SIZE - 1), begins.length, true);
            begins['\\'] = true;
            for (Member our : OURS) {
                begins[our.text.charAt(0)] = true;
                begins[Character.toUpperCase(our.text.charAt(0))] = true;
            }
            return begins;
        }

        /** False for most names that are none of ours, which spares them the comparison. */
        static boolean isPossible(byte first, int length) {
            return length >= SHORTEST && length <= LONGEST && BEGINS[Byte.toUnsignedInt(first)];
        }
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
        Member member = memberOf(nameStart + 1, nameEnd - 1);
        value(1);
        int valueEnd = at;
        space();
        int commaAfter = peek() == ',' ? at : -1;
        if (commaAfter < 0 && peek() != '}') {
            throw malformed("A comma or '}' is missing");
        }
        at++;
        switch (member) {
            case OTHER -> {}
            case OPENLEDGER -> {
                once(found.ownStart < 0, "openledger");
                found.ownStart = valueStart;
                found.ownEnd = valueEnd;
                found.cutStart = commaAfter < 0 && commaBefore >= 0 ? commaBefore : nameStart;
                found.cutEnd = commaAfter < 0 ? valueEnd : commaAfter + 1;
            }
            case STREAM_OPTIONS -> {
                once(found.optionsStart < 0, "stream_options");
                found.optionsStart = valueStart;
                found.optionsEnd = valueEnd;
            }
            case CACHE_KEY -> {
                once(found.cacheKeyStart < 0, "prompt_cache_key");
                found.cacheKeyStart = valueStart;
                found.cacheKeyEnd = valueEnd;
            }
            case MAX_TOKENS, MAX_COMPLETION_TOKENS, MAX_OUTPUT_TOKENS ->
                found.mostOutput = Math.max(found.mostOutput, whole(valueStart, valueEnd));
            case CHOICES -> found.choices = Math.max(found.choices, whole(valueStart, valueEnd));
            case MODEL -> {
                once(found.modelStart < 0, "model");
                found.modelStart = valueStart;
                found.modelEnd = valueEnd;
            }
            case STREAM -> {
                once(!streamSeen, "stream");
                streamSeen = true;
                found.stream = flag(valueStart, valueEnd);
            }
        }
        return commaAfter;
    }

    /** A number without sign, fraction or exponent, of at most nine digits; -1 for anything else, which is the provider's to refuse. */
    private long whole(int from, int to) {
        if (to - from > MOST_DIGITS) {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            if (b[i] < '0' || b[i] > '9') {
                return -1;
            }
            number = 10 * number + (b[i] - '0');
        }
        return number;
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
            throw new MalformedBody(name, "The member '" + name + "' is repeated.");
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
        at = JsonString.end(b, at);
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

    /** Which of our members a name is; a name that differs from one of them only in letter case is refused. */
    private Member memberOf(int from, int to) throws MalformedBody {
        return Member.isPossible(b[from], to - from) ? memberOf(JsonString.unescape(b, from, to)) : Member.OTHER;
    }

    private static Member memberOf(String name) throws MalformedBody {
        for (Member member : Member.OURS) {
            if (name.equals(member.text) || (member.isOnlyEstimated() && name.equalsIgnoreCase(member.text))) {
                return member;
            }
            // Some parsers ignore case, among them ones that take the long s for an s, as this comparison does.
            if (name.equalsIgnoreCase(member.text)) {
                String shown = Admission.printable(name);
                throw new MalformedBody(
                        shown,
                        "The member '" + shown + "' differs from '" + member.text
                                + "' only in letter case, and a provider may read it as that: rename it or leave it out.");
            }
        }
        return Member.OTHER;
    }

    private MalformedBody malformed(String what) {
        return new MalformedBody("", what + " (at byte " + Math.min(at, b.length) + ").");
    }
}
