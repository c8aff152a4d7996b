package openledger.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a log can be called. */
final class LogSettingsTest {
    @ParameterizedTest
    @ValueSource(strings = {"log.example", "log.example:8443/a", "eip155-901.0x00/openledger/lane/1"})
    void aHostAndAPathIsAName(String origin) {
        assertThat(LogSettings.checked(origin)).isEqualTo(origin);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a/", "a//b", "https://a", "a b", "a+b", "a:b", "a\nb", "\u00e4"})
    void nothingElseIs(String origin) {
        assertThatThrownBy(() -> LogSettings.checked(origin))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be a host and a path");
    }
}
