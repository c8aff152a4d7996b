package openledger.lab.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import openledger.lab.TraceExperiment;
import openledger.lab.report.Figure;
import openledger.lab.report.Progress;
import openledger.lab.report.Section;
import openledger.lab.report.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TraceTest {
    private static final Path SAMPLE = Path.of("src/test/resources/traces/azure-code-2023-sample.csv");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void requestsComeInOrderAtTheRateThatIsAskedFor() throws IOException {
        Trace trace = Trace.read(SAMPLE);

        Trace.Requested twice = trace.requests(7, 2 * trace.count(), 60);

        assertThat(twice.arrivals()).isSortedAccordingTo((one, other) -> Double.compare(one.millis(), other.millis()));
        double seconds = twice.arrivals().getLast().millis() / 1_000;
        assertThat(2 * trace.count() / seconds).isCloseTo(60, offset(1.0));
    }

    @Test
    void sizesAreThoseOfTheTraceAndOneOnAverage() throws IOException {
        Trace trace = Trace.read(SAMPLE);

        double[] stretch = trace.requests(3, trace.count(), 10).stretch();

        assertThat(Arrays.stream(stretch).average().orElseThrow()).isCloseTo(1, offset(1e-9));
        assertThat(Arrays.stream(stretch).distinct().count()).isGreaterThan(100);
    }

    @Test
    void seedsBeginElsewhereAndTheSameSeedIsTheSame() throws IOException {
        Trace trace = Trace.read(SAMPLE);

        assertThat(trace.requests(1, 50, 10).arrivals())
                .isEqualTo(trace.requests(1, 50, 10).arrivals());
        assertThat(trace.requests(1, 50, 10).stretch())
                .isNotEqualTo(trace.requests(2, 50, 10).stretch());
    }

    @Test
    void whatIsNoTraceIsRefusedWithItsLine() throws IOException {
        Path wrong = folder.resolve("wrong.csv");
        Files.write(
                wrong,
                List.of("TIMESTAMP,ContextTokens,GeneratedTokens", "2023-11-16 18:17:03.9,1,2", "yesterday,1,2"));
        Path short_ = folder.resolve("short.csv");
        Files.write(short_, List.of("TIMESTAMP,ContextTokens,GeneratedTokens", "2023-11-16 18:17:03.9,1,2"));

        assertThatThrownBy(() -> Trace.read(wrong))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 3");
        assertThatThrownBy(() -> Trace.read(short_))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1 requests");
    }

    @Test
    void theExperimentsRunOverATrace() throws IOException {
        Section section = new TraceExperiment(Trace.read(SAMPLE), 0.5).run(new Seeds(2), Progress.NONE);

        assertThat(section.figures())
                .extracting(Figure::key)
                .contains("fallback_b3", "change_b7", "change_naive", "change_pinned", "pins_stale");
        assertThat(section.figures())
                .filteredOn(figure -> figure.key().equals("settlement_mismatch"))
                .allMatch(figure -> figure.measured().value() == 0);
    }
}
