package openledger.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public final class TerminalTextTest {
    /** Whether a terminal shows all of it and obeys none of it. */
    public static boolean isHarmless(String text) {
        return text.codePoints().allMatch(point -> switch (Character.getType(point)) {
            case Character.CONTROL -> point == '\n';
            case Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        });
    }

    @ParameterizedTest
    @CsvSource({
        "1b, \\u001b",
        "7, \\u0007",
        "8, \\u0008",
        "9, \\u0009",
        "a, \\u000a",
        "d, \\u000d",
        "7f, \\u007f",
        "9b, \\u009b",
        "ad, \\u00ad",
        "61c, \\u061c",
        "200b, \\u200b",
        "200f, \\u200f",
        "2028, \\u2028",
        "202e, \\u202e",
        "2067, \\u2067",
        "d800, \\ud800",
        "dc00, \\udc00",
        "feff, \\ufeff",
        "e000, \\ue000",
        "e0041, \\udb40\\udc41",
    })
    void whatShowsNothingIsWrittenOut(String point, String written) {
        String hostile = "a" + Character.toString(Integer.parseInt(point, 16)) + "b";

        assertThat(TerminalText.line(hostile)).isEqualTo("a" + written + "b");
    }

    @Test
    void whatShowsSomethingStays() {
        String text = "Größe 漢字 😀 – “x” \\ 100 %";

        assertThat(TerminalText.line(text)).isEqualTo(text);
    }

    @Test
    void aLineIsNeverLong() {
        assertThat(TerminalText.line("x".repeat(1_000_000))).hasSize(403).endsWith("x...");
        assertThat(TerminalText.line("\u001b".repeat(1_000_000))).hasSizeLessThan(410);
        assertThat(TerminalText.line("abc", 3)).isEqualTo("abc");
        assertThat(TerminalText.line("abcd", 3)).isEqualTo("abc...");
    }

    @Test
    void anyTextIsHarmless() {
        for (int seed = 1; seed <= 500; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append((char) (random.nextBoolean() ? random.nextInt(0x100) : random.nextInt(0x10000)));
            }
            StringWriter terminal = new StringWriter();
            PrintWriter writer = TerminalText.writer(new PrintWriter(terminal));
            writer.println(text);
            writer.printf("%s%n", text);
            writer.write(text.toString().toCharArray());
            writer.flush();

            assertThat(isHarmless(TerminalText.line(text.toString())))
                    .as("seed %d", seed)
                    .isTrue();
            assertThat(isHarmless(terminal.toString())).as("seed %d", seed).isTrue();
        }
    }

    @Test
    void aWriterKeepsLinesAndStopsReturns() {
        StringWriter terminal = new StringWriter();
        PrintWriter writer = TerminalText.writer(new PrintWriter(terminal));
        writer.println("VERIFIED");
        writer.print("ok\rREFUTED");
        writer.flush();

        assertThat(terminal.toString()).isEqualTo("VERIFIED" + System.lineSeparator() + "ok\\u000dREFUTED");
    }
}
