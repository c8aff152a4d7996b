package openledger.inference.admission;

import java.nio.charset.StandardCharsets;
import openledger.inference.admission.RequestBody.MalformedBody;

/**
 * The strings of JSON by the letter of RFC 8259, section 7: no control character, none but the named escapes, four ASCII
 * hexadecimal digits behind {@code \\u}; and UTF-8 by the letter of RFC 3629. Half a surrogate pair written as an escape is in
 * the grammar and stays what it is: it is the receiver's business.
 */
final class JsonString {
    private static final int HEX_DIGITS = 4;

    private JsonString() {}

    /**
     * Finds the end of a string.
     *
     * @param from behind its opening quote
     * @return the place behind its closing quote
     * @throws MalformedBody if it has no end or holds what no string may hold
     */
    static int end(byte[] b, int from) throws MalformedBody {
        int at = from;
        while (at < b.length) {
            int c = b[at];
            if (c == '"') {
                return at + 1;
            } else if (c >= ' ' && c != '\\') {
                at++;
            } else if (c == '\\') {
                at = behindEscape(b, at);
            } else if (c < 0) {
                at = behindCharacter(b, at);
            } else {
                throw malformed("A string has a control character", at);
            }
        }
        throw malformed("A string is not terminated", b.length);
    }

    private static int behindEscape(byte[] b, int at) throws MalformedBody {
        if (at + 1 == b.length) {
            throw malformed("A string is not terminated", b.length);
        }
        return switch (b[at + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at + 2;
            case 'u' -> {
                for (int i = at + 2; i < at + 2 + HEX_DIGITS; i++) {
                    if (i >= b.length || !isHex(b[i])) {
                        throw malformed("An escape \\u does not have four hexadecimal digits", at);
                    }
                }
                yield at + 2 + HEX_DIGITS;
            }
            default -> throw malformed("A string has an unknown escape", at);
        };
    }

    private static boolean isHex(byte c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    /** The table of RFC 3629, section 4: no overlong form, no surrogate, nothing beyond U+10FFFF. */
    private static int behindCharacter(byte[] b, int at) throws MalformedBody {
        int first = b[at] & 0xff;
        int length;
        int least = 0x80;
        int most = 0xbf;
        if (first >= 0xc2 && first <= 0xdf) {
            length = 2;
        } else if (first >= 0xe0 && first <= 0xef) {
            length = 3;
            least = first == 0xe0 ? 0xa0 : least;
            most = first == 0xed ? 0x9f : most;
        } else if (first >= 0xf0 && first <= 0xf4) {
            length = 4;
            least = first == 0xf0 ? 0x90 : least;
            most = first == 0xf4 ? 0x8f : most;
        } else {
            throw malformed("A string is not UTF-8", at);
        }
        for (int i = at + 1; i < at + length; i++) {
            int next = i < b.length ? b[i] & 0xff : 0;
            if (next < least || next > most) {
                throw malformed("A string is not UTF-8", at);
            }
            least = 0x80;
            most = 0xbf;
        }
        return at + length;
    }

    /** The text of a string between its quotes, which {@link #end} has found sound. */
    static String unescape(byte[] b, int from, int to) {
        String raw = new String(b, from, to - from, StandardCharsets.UTF_8);
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        StringBuilder out = new StringBuilder(raw.length());
        int i = 0;
        while (i < raw.length()) {
            char c = raw.charAt(i);
            if (c != '\\') {
                out.append(c);
                i++;
            } else if (raw.charAt(i + 1) == 'u') {
                out.append((char) Integer.parseInt(raw, i + 2, i + 2 + HEX_DIGITS, 16));
                i += 2 + HEX_DIGITS;
            } else {
                out.append(plain(raw.charAt(i + 1)));
                i += 2;
            }
        }
        return out.toString();
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

    private static MalformedBody malformed(String what, int at) {
        return new MalformedBody("", what + " (at byte " + at + ").");
    }
}
