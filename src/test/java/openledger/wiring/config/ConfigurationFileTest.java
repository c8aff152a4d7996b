package openledger.wiring.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import openledger.unit.ShortDuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Faults of a file, all in one answer: a sentence each, with the key, what was given and what is allowed. */
final class ConfigurationFileTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void everyWrongTypeAndEveryUnknownKeyIsNamed() throws IOException {
        ConfigurationFile file = file(
                "openledger.lane=x",
                "openledger.admin.port=abc",
                "openledger.limits.body-timeout=soon",
                "openledger.telemetry.traced-percent=much",
                "openledger.settlement.profile=ether",
                "openledger.nonsense=7");

        assertThatThrownBy(file::read)
                .isInstanceOfSatisfying(
                        ConfigurationProblem.class,
                        found -> assertThat(found.problems())
                                .containsExactlyInAnyOrder(
                                        "openledger.lane: must be a whole number: x",
                                        "openledger.admin.port: must be a whole number: abc",
                                        "openledger.limits.body-timeout: must be a duration such as 500ms, 30s or 2h: soon",
                                        "openledger.telemetry.traced-percent: must be a number: much",
                                        "openledger.settlement.profile: must be one of standard,subsecond,flashblocks: ether",
                                        "openledger.nonsense: there is no such key; deploy/openledger.yaml documents all"));
    }

    @Test
    void aDurationIsEchoedAsAPersonWritesItAndAFaultIsReportedOnce() throws IOException {
        List<String> problems = problems(
                "openledger.limits.max-request-time=2h",
                "openledger.settlement.max-wait=PT1H30M",
                "openledger.settlement.rpc-urls=http://127.0.0.1:1",
                "openledger.keys.max-staleness=1s");

        assertThat(problems)
                .contains(
                        "openledger.limits.max-request-time: must be 1 s to 1 h: 2 h",
                        "openledger.keys.max-staleness: must be 5 s to 3650 days: 1 s",
                        "openledger.settlement.max-wait: must be more than 0 and at most 1 h: 1 h 30 min")
                .filteredOn(problem -> problem.contains("2 h"))
                .hasSize(1);
        assertThat(String.join(" ", problems)).doesNotContain("PT");
    }

    @ParameterizedTest
    @CsvSource({
        "PT2H,2 h",
        "PT8760H,365 d",
        "PT1M30S,1 min 30 s",
        "PT0.5S,500 ms",
        "PT0.0105S,10.5 ms",
        "PT0S,0 s",
        "PT-0.4S,-400 ms",
        "PT1000H,41 d 16 h",
    })
    void aDurationInWords(String written, String words) {
        assertThat(ShortDuration.words(Duration.parse(written))).isEqualTo(words);
    }

    private List<String> problems(String... lines) throws IOException {
        OpenLedgerConfig config = file(lines).read();
        try {
            CheckedConfiguration.of(config, name -> null);
            return List.of();
        } catch (ConfigurationProblem found) {
            return found.problems();
        }
    }

    private ConfigurationFile file(String... lines) throws IOException {
        return new ConfigurationFile(Files.write(folder.resolve("openledger.properties"), List.of(lines))
                .toUri());
    }
}
