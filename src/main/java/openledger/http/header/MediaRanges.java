package openledger.http.header;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Media types and lists of media ranges (RFC 9110, sections 8.3.1 and 12.5.1), read in one pass without a backward step. */
public final class MediaRanges {
    private static final String SEPARATORS = "()<>@,;:\\\"/[]?={} \t";
    private static final Pattern WIDE = Pattern.compile("(x-)?(utf-?|ucs-?|iso-10646-ucs-)(16|32|2|4).*");

    private final String text;
    private int at;
    private String charset = "";

    private MediaRanges(String text) {
        this.text = text;
    }

    /** Whether {@code text} is a list of ranges; empty places in it count for nothing. */
    public static boolean isList(String text) {
        MediaRanges reader = new MediaRanges(text);
        while (true) {
            reader.space();
            if (!reader.atEnd() && reader.peek() != ',' && !reader.range()) {
                return false;
            }
            reader.space();
            if (reader.atEnd()) {
                return true;
            }
            if (!reader.take(',')) {
                return false;
            }
        }
    }

    /** Whether {@code text} is one type. */
    public static boolean isType(String text) {
        MediaRanges reader = new MediaRanges(text);
        reader.space();
        if (!reader.range() || text.split(";", 2)[0].indexOf('*') >= 0) {
            return false;
        }
        reader.space();
        return reader.atEnd();
    }

    /** Whether a type names no charset, or one in which JSON could be UTF-8 as well: a known one whose ASCII is one byte each. */
    public static boolean isBytewise(String type) {
        MediaRanges reader = new MediaRanges(type);
        reader.space();
        reader.range();
        return reader.charset.isEmpty()
                || (isKnown(reader.charset) && !WIDE.matcher(reader.charset).matches());
    }

    private static boolean isKnown(String charset) {
        try {
            return Charset.isSupported(charset);
        } catch (IllegalCharsetNameException none) {
            return false;
        }
    }

    private boolean range() {
        if (!token()) {
            return false;
        }
        boolean subtype = take('/') ? token() : text.charAt(at - 1) == '*';
        if (!subtype) {
            return false;
        }
        while (true) {
            int before = at;
            space();
            if (!take(';')) {
                at = before;
                return true;
            }
            space();
            if (!parameter()) {
                return false;
            }
        }
    }

    /** One parameter, or none at all, which is allowed behind a semicolon. */
    private boolean parameter() {
        int start = at;
        if (!token()) {
            return atEnd() || peek() == ',' || peek() == ';';
        }
        String name = text.substring(start, at).toLowerCase(Locale.ROOT);
        if (!take('=')) {
            return false;
        }
        int value = at;
        boolean sound = (!atEnd() && peek() == '"') ? quoted() : token();
        String said = text.substring(value, at);
        if (name.equals("charset")) {
            charset = said.replace("\"", "").toLowerCase(Locale.ROOT);
        }
        return sound && (!name.equals("q") || isWeight(said));
    }

    /** RFC 9110, section 12.4.2; some clients leave the 0 before the point away. */
    private static boolean isWeight(String said) {
        int point = said.indexOf('.');
        String whole = point < 0 ? said : said.substring(0, point);
        String rest = point < 0 ? "" : said.substring(point + 1);
        boolean digits = rest.length() <= 3 && rest.chars().allMatch(c -> c >= '0' && c <= '9');
        boolean most = whole.equals("1") && rest.chars().allMatch(c -> c == '0');
        return digits && (most || whole.equals("0") || (whole.isEmpty() && !rest.isEmpty()));
    }

    private boolean quoted() {
        at++;
        while (!atEnd()) {
            char c = peek();
            at++;
            if (c == '"') {
                return true;
            }
            if (c == '\\' && !atEnd()) {
                at++;
            }
        }
        return false;
    }

    private boolean token() {
        int start = at;
        while (!atEnd() && peek() > ' ' && peek() < 0x7f && SEPARATORS.indexOf(peek()) < 0) {
            at++;
        }
        return at > start;
    }

    private void space() {
        while (!atEnd() && (peek() == ' ' || peek() == '\t')) {
            at++;
        }
    }

    private boolean take(char c) {
        boolean there = !atEnd() && peek() == c;
        at += there ? 1 : 0;
        return there;
    }

    private char peek() {
        return text.charAt(at);
    }

    private boolean atEnd() {
        return at == text.length();
    }
}
