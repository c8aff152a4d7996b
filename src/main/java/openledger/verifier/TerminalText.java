package openledger.verifier;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/**
 * Text of others on its way to a terminal. A terminal obeys control characters: it moves its cursor, changes its title, shows a line
 * backwards. So each character that shows nothing by itself is written as {@code \}{@code u001b}, which is harmless, says what was there,
 * and means the same in JSON.
 */
public final class TerminalText {
    private static final int LONGEST = 400;
    private static final String CUT = "...";

    private TerminalText() {}

    /** One line of at most 400 characters, whatever the text is. */
    public static String line(String foreign) {
        return line(foreign, LONGEST);
    }

    /** One line of at most so many characters and an ellipsis. */
    public static String line(String foreign, int most) {
        StringBuilder clean = new StringBuilder(Math.min(foreign.length(), most));
        for (int i = 0; i < foreign.length(); i++) {
            if (clean.length() >= most) {
                clean.setLength(most);
                return clean.append(CUT).toString();
            }
            append(clean, foreign, i);
        }
        return clean.length() > most ? clean.substring(0, most) + CUT : clean.toString();
    }

    /** The same output, through which nothing but text and ends of lines pass. */
    public static PrintWriter writer(PrintWriter terminal) {
        return new PrintWriter(new Cleaning(terminal), false);
    }

    private static void append(StringBuilder to, CharSequence text, int at) {
        char c = text.charAt(at);
        if (isShown(text, at)) {
            to.append(c);
        } else {
            to.append(String.format("\\u%04x", (int) c));
        }
    }

    /** Half of a pair is judged by the pair. */
    private static boolean isShown(CharSequence text, int at) {
        char c = text.charAt(at);
        int point = c;
        if (Character.isHighSurrogate(c) && at + 1 < text.length()) {
            point = Character.codePointAt(text, at);
        } else if (Character.isLowSurrogate(c) && at > 0 && Character.isHighSurrogate(text.charAt(at - 1))) {
            point = Character.codePointAt(text, at - 1);
        }
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** A lone carriage return goes back to the beginning of the line, so it is none of the ends of lines. */
    private static final class Cleaning extends FilterWriter {
        private final String end = System.lineSeparator();

        Cleaning(Writer to) {
            super(to);
        }

        @Override
        public void write(int c) throws IOException {
            write(String.valueOf((char) c), 0, 1);
        }

        @Override
        public void write(char[] text, int from, int length) throws IOException {
            write(String.valueOf(text, from, length), 0, length);
        }

        @Override
        public void write(String text, int from, int length) throws IOException {
            CharSequence part = text.subSequence(from, from + length);
            StringBuilder clean = new StringBuilder(length);
            for (int i = 0; i < length; i++) {
                boolean isEnd =
                        part.charAt(i) == '\n' || (i + end.length() <= length && text.startsWith(end, from + i));
                if (isEnd) {
                    clean.append(part.charAt(i));
                } else {
                    TerminalText.append(clean, part, i);
                }
            }
            out.write(clean.toString());
        }
    }
}
