package openledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class LabCommandTest {
    /** What programs may rely on, whatever else there is. */
    private static final List<String> PROMISED = List.of(
            "/budget/fallback_b3",
            "/budget/change_b7",
            "/budget/latency_added_ms",
            "/sequencing/change_naive",
            "/sequencing/change_pinned",
            "/sequencing/pins_stale",
            "/sequencing/confirmation_reference_p50_ms",
            "/stake/reduction_relative",
            "/stake/reduction_points");

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new LabCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void theSameSeedsGiveTheSameFiles() throws IOException {
        Path one = folder.resolve("one");
        Path other = folder.resolve("other");

        assertThat(run("--seeds", "2", "--out", one.toString())).isZero();
        assertThat(run("--seeds", "2", "--out", other.toString())).isZero();

        for (String name : new String[] {"report.json", "report.html"}) {
            assertThat(Files.readAllBytes(one.resolve(name))).isEqualTo(Files.readAllBytes(other.resolve(name)));
        }
        assertThat(out.toString()).contains("Hidden privilege", "Written: ");
        JsonNode report = new ObjectMapper().readTree(Files.readString(one.resolve("report.json")));
        assertThat(PROMISED)
                .allSatisfy(figure -> assertThat(report.at(figure).properties())
                        .as(figure)
                        .extracting(Map.Entry::getKey)
                        .contains("value", "low", "high", "seeds"));
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertThat(run("--experiment", "luck")).isEqualTo(2);
        assertThat(err.toString()).contains("Unknown experiment \"luck\"; the experiments are budget,");
        assertThat(run("--seeds", "1")).isEqualTo(2);
        assertThat(err.toString()).contains("--seeds must be 2 to 1000.");
    }

    @Test
    void helpSaysWhatItNeedsAndWrites() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("Needs no database", "report.json", "report.html", "--seeds", "--list");
    }

    @Test
    void listNamesTheExperiments() {
        assertThat(run("--list")).isZero();
        assertThat(out.toString()).contains("budget", "resends", "privilege", "modes");
    }
}
