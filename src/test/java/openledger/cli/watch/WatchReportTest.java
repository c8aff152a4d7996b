package openledger.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class WatchReportTest {
    private static final Path PAGE = Path.of("docs/how-to/watch-a-lane.md");

    /** The boards are held against that page. */
    @Test
    void thePageHasTheFiguresThatAreServed() throws IOException {
        String served = new WatchReport(new PrintWriter(Writer.nullWriter()), false).metrics();

        assertThat(found("(?m)^\\| `(openledger_audit_\\w+` \\| \\w+) \\|", Files.readString(PAGE)))
                .isNotEmpty()
                .isEqualTo(found("(?m)^# TYPE (openledger_audit_\\w+ \\w+)$", served));
    }

    private static Set<String> found(String pattern, String text) {
        Set<String> all = new TreeSet<>();
        Pattern.compile(pattern)
                .matcher(text)
                .results()
                .forEach(hit -> all.add(hit.group(1).replace("` |", "")));
        return all;
    }
}
