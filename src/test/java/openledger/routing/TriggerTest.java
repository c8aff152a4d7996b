package openledger.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

final class TriggerTest {
    @ParameterizedTest
    @EnumSource
    void isFoundByItsCode(Trigger trigger) {
        assertThat(Trigger.ofCode(trigger.code())).isEqualTo(trigger);
        assertThat(Trigger.NAMES.split(", ", -1)[trigger.code()]).isEqualTo(trigger.name());
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void isExplainedToPeople(Trigger trigger) throws IOException {
        Path page = Path.of("docs/explanation/retries.md");

        assertThat(Files.readString(page)).as("%s", page).containsPattern("(?m)^\\|.*`" + trigger + "`.*\\|.*\\|$");
    }
}
