package openledger.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import openledger.http.RouterUnderTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A provider that sends bytes where none may be: they are never taken for the answer of another request. */
@QuarkusTest
@Tag("long") // starts the router
@QuarkusTestResource(RouterUnderTest.class)
final class LeftoverBytesTest {
    private static final String FORGED =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 22\r\n\r\n{\"choices\":[\"forged\"]}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 204 No Content\r\ncontent-length: 97\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
                "HTTP/1.1 199 What\r\n\r\n",
            })
    void afterAHeadWithoutBody(String head) throws Exception {
        try (RawProvider provider = first(head + FORGED)) {
            assertThat(provider.call()).startsWith("failed");
            assertThat(provider.call()).isEqualTo(RawProvider.GOOD_TEXT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"H", "HTTP/1.1 200", "garbage", "\r\nx", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"})
    void afterAWholeAnswer(String surplus) throws Exception {
        try (RawProvider provider = first(RawProvider.GOOD + surplus)) {
            assertThat(provider.call()).isEqualTo(RawProvider.GOOD_TEXT);
            assertThat(provider.call()).isEqualTo(RawProvider.GOOD_TEXT);
        }
    }

    /** The first request of all is answered with {@code first}, every other one well. */
    private static RawProvider first(String first) throws IOException {
        AtomicBoolean answered = new AtomicBoolean();
        return new RawProvider(
                (connection, request) -> Optional.of(answered.getAndSet(true) ? RawProvider.GOOD : first));
    }
}
