package openledger.edge;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the head of an HTTP/1 request by the letter of RFC 9112 and refuses what two readers could read in two ways. Nothing is mended:
 * a line is folded, a length is given twice, a header that has one value has two, and the request is not let through.
 *
 * <p>Not thread-safe; one is made for each head. Long because the rules of a head are read best on one page.
 */
final class RequestHead {
    private static final byte[] CHUNKED = ascii("chunked");
    private static final byte[] VERSION = ascii("HTTP/1.");
    private static final int LONGEST_LENGTH = 18;
    private static final int MOST_PORT_DIGITS = 5;

    /** The headers that have one value, so that the second one is a contradiction; ours and those that decide who asks what. */
    private static final byte[][] SINGLE = single(
            "host",
            "content-length",
            "transfer-encoding",
            "authorization",
            "proxy-authorization",
            "x-api-key",
            "content-type",
            "content-encoding",
            "content-range",
            "content-location",
            "idempotency-key",
            "openledger-mode",
            "openledger-nonce",
            "openledger-deadline-ms",
            "openledger-session",
            "openledger-receipt",
            "x-request-id",
            "x-stainless-retry-count",
            "anthropic-version",
            "openai-organization",
            "openai-project",
            "expect",
            "range",
            "if-range",
            "if-modified-since",
            "if-unmodified-since",
            "max-forwards",
            "origin",
            "referer",
            "cookie",
            "date",
            "from");

    private static final int HOST = 0;
    private static final int LENGTH = 1;
    private static final int ENCODING = 2;

    private final byte[] head;
    private final int end;
    private boolean old;
    private long seen;
    private long length;

    private RequestHead(byte[] head, int end) {
        this.head = head;
        this.end = end;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    private static byte[][] single(String... names) {
        return Arrays.stream(names).map(RequestHead::ascii).toArray(byte[][]::new);
    }

    /** What is found: a head that may be let through, with the framing of its body, or one that may not. */
    sealed interface Found {}

    /** @param length octets of the body, {@link BodyFraming#CHUNKED} if they come in chunks */
    record Sound(long length) implements Found {}

    /** @param objection a sentence */
    record Unsound(String objection) implements Found {}

    /** Reads a head from its first octet to the empty line that ends it; every line of it ends in CR LF. */
    static Found of(byte[] head) {
        RequestHead read = new RequestHead(head, head.length);
        String objection = read.objection();
        if (objection != null) {
            return new Unsound(objection);
        }
        return new Sound(read.has(ENCODING) ? BodyFraming.CHUNKED : read.length);
    }

    /** What is wrong with a line in the form of a header, null if nothing is; trailers may not have what frames or decides. */
    static @Nullable String trailerObjection(byte[] line) {
        RequestHead read = new RequestHead(line, line.length);
        String objection = read.lineObjection(0, line.length);
        if (objection != null) {
            return objection;
        }
        return read.seen == 0 ? null : "A trailer has a header that is only allowed in the head.";
    }

    private boolean has(int header) {
        return (seen & 1L << header) != 0;
    }

    private @Nullable String objection() {
        int line = lineEnd(0);
        String objection = requestLineObjection(line);
        int at = line + 2;
        while (objection == null && at < end) {
            int next = lineEnd(at);
            if (next == at) {
                return whole();
            }
            objection = lineObjection(at, next);
            at = next + 2;
        }
        return objection == null ? "The head is not complete." : objection;
    }

    /** Where the CR LF of the line is; a CR alone is part of the line and is found to be none of its characters. */
    private int lineEnd(int from) {
        int at = from;
        while (at < end && head[at] != '\n') {
            at++;
        }
        return at - 1;
    }

    private @Nullable String requestLineObjection(int to) {
        int method = 0;
        while (method < to && Octets.isToken(head[method])) {
            method++;
        }
        int target = method + 1;
        while (target < to && head[target] != ' ') {
            target++;
        }
        int version = target + 1;
        boolean one = to - version == VERSION.length + 1
                && Arrays.equals(head, version, version + VERSION.length, VERSION, 0, VERSION.length);
        if (method == 0 || method >= to || head[method] != ' ' || !one) {
            return "The first line of a request must be a method, a path and HTTP/1.1, with a space between them.";
        }
        byte minor = head[to - 1];
        if (minor != '0' && minor != '1') {
            return "This router supports HTTP/1.1 and HTTP/1.0.";
        }
        old = minor == '0';
        return RequestTarget.objection(head, method + 1, target);
    }

    private @Nullable String lineObjection(int from, int to) {
        int colon = from;
        while (colon < to && Octets.isToken(head[colon])) {
            colon++;
        }
        if (colon == from || colon == to || head[colon] != ':') {
            return "A header must be a name, a colon and a value on one line.";
        }
        for (int i = colon + 1; i < to; i++) {
            if (!Octets.isValue(head[i])) {
                return "A header's value has a control character.";
            }
        }
        int header = indexOf(from, colon);
        if (header < 0) {
            return null;
        }
        if (has(header)) {
            return "The header " + new String(SINGLE[header], StandardCharsets.US_ASCII)
                    + " can have one value only, and is repeated.";
        }
        seen |= 1L << header;
        return valueObjection(header, colon + 1, to);
    }

    private int indexOf(int from, int colon) {
        int length = colon - from;
        for (int i = 0; i < SINGLE.length; i++) {
            byte[] name = SINGLE[i];
            if (name.length == length && (head[from] | 0x20) == name[0] && isSame(from, name)) {
                return i;
            }
        }
        return -1;
    }

    private boolean isSame(int from, byte[] name) {
        for (int i = 0; i < name.length; i++) {
            byte octet = head[from + i];
            // Only letters have two forms: a digit, a dash or an underscore is not folded into another character.
            int low = octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet;
            if (low != name[i]) {
                return false;
            }
        }
        return true;
    }

    private @Nullable String valueObjection(int header, int after, int to) {
        int from = after;
        int last = to;
        while (from < last && isSpace(head[from])) {
            from++;
        }
        while (last > from && isSpace(head[last - 1])) {
            last--;
        }
        return switch (header) {
            case HOST ->
                isHost(from, last) ? null : "The header Host must be a name or an address, optionally with a port.";
            case LENGTH -> readLength(from, last) ? null : "The header Content-Length must be one number of octets.";
            case ENCODING ->
                Arrays.equals(head, from, last, CHUNKED, 0, CHUNKED.length)
                        ? null
                        : "The header Transfer-Encoding must be 'chunked' or absent.";
            default -> null;
        };
    }

    private static boolean isSpace(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    private boolean readLength(int from, int to) {
        if (from == to || to - from > LONGEST_LENGTH) {
            return false;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            if (!Octets.isDigit(head[i])) {
                return false;
            }
            number = number * 10 + (head[i] - '0');
        }
        length = number;
        return true;
    }

    private boolean isHost(int from, int to) {
        if (from == to) {
            return false;
        }
        int name = from;
        boolean literal = head[from] == '[';
        while (name < to && Octets.isHost(head[name]) && (literal || isName(head[name]))) {
            name++;
            if (literal && head[name - 1] == ']') {
                break;
            }
        }
        if (name == from || (literal && head[name - 1] != ']')) {
            return false;
        }
        if (name == to) {
            return true;
        }
        if (head[name] != ':' || to - name - 1 > MOST_PORT_DIGITS) {
            return false;
        }
        for (int i = name + 1; i < to; i++) {
            if (!Octets.isDigit(head[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isName(byte octet) {
        return octet != ':' && octet != '[' && octet != ']';
    }

    private @Nullable String whole() {
        if (!old && !has(HOST)) {
            return "A request of HTTP/1.1 must have the header Host.";
        }
        if (has(ENCODING) && has(LENGTH)) {
            return "A request must not have both Content-Length and Transfer-Encoding.";
        }
        return old && has(ENCODING) ? "A request of HTTP/1.0 must not have a Transfer-Encoding." : null;
    }
}
