package openledger.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Optional;
import openledger.http.RouterUnderTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A provider that closes connections which nobody used for a while, at the moment at which they are used again. */
@QuarkusTest
@Tag("long") // starts the router
@QuarkusTestResource(RouterUnderTest.class)
final class ReusedConnectionTest {
    private static final Optional<String> GOOD = Optional.of(RawProvider.GOOD);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneThatBreaksBeforeAnyOctetOfAnAnswerCostsNothing(boolean isReset) throws Exception {
        Optional<String> broken = isReset ? Optional.empty() : Optional.of("");
        try (RawProvider provider =
                new RawProvider((connection, request) -> connection == 1 && request == 2 ? broken : GOOD)) {
            assertThat(provider.call()).isEqualTo(RawProvider.GOOD_TEXT);
            assertThat(provider.call()).isEqualTo(RawProvider.GOOD_TEXT);
            assertThat(provider.call()).isEqualTo(RawProvider.GOOD_TEXT);

            assertThat(provider.connections()).isGreaterThan(1);
            assertThat(provider.requests()).isEqualTo(4);
        }
    }

    @Test
    void oneThatIsNewIsAFailure() throws Exception {
        try (RawProvider provider =
                new RawProvider((connection, request) -> connection == 1 ? Optional.of("") : GOOD)) {
            assertThat(provider.call()).startsWith("failed").contains("CONNECTION_LOST");
            assertThat(provider.requests()).isOne();
        }
    }

    @Test
    void theRequestIsSentOnceMoreAndNoOftener() throws Exception {
        try (RawProvider provider =
                new RawProvider((connection, request) -> request == 1 && connection == 1 ? GOOD : Optional.of(""))) {
            assertThat(provider.call()).isEqualTo(RawProvider.GOOD_TEXT);
            assertThat(provider.call()).startsWith("failed").contains("CONNECTION_LOST");
            assertThat(provider.requests()).isEqualTo(3);
        }
    }

    @Test
    void oneThatBreaksWithinAHeadIsAFailure() throws Exception {
        try (RawProvider provider = new RawProvider(
                (connection, request) -> request == 1 ? GOOD : Optional.of("HTTP/1.1 200 OK\r\ncontent-le"))) {
            assertThat(provider.call()).isEqualTo(RawProvider.GOOD_TEXT);
            assertThat(provider.call()).startsWith("failed");
            assertThat(provider.requests()).isEqualTo(2);
        }
    }
}
