package openledger.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Optional;
import openledger.http.RouterUnderTest;
import openledger.inference.upstream.AnswerForm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams whose connection ends before they do, read at once and when all of it has come. */
@QuarkusTest
@Tag("long") // starts the router
@QuarkusTestResource(RouterUnderTest.class)
final class CutStreamTest {
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    private static final String HEL = event("{'index':0,'delta':{'content':'hel'}}");
    private static final String LO = event("{'index':0,'delta':{'content':'lo'}}");
    private static final String STOP = event("{'index':0,'delta':{},'finish_reason':'stop'}");

    @ParameterizedTest
    @ValueSource(longs = {1, 300})
    void whatHasComeIsPassedOnBeforeTheBreakIsTold(long pause) throws Exception {
        String read = read(pause, chunk(HEL), chunk(LO));

        assertThat(read).isEqualTo(HEL + LO + "broken CONNECTION_LOST");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 300})
    void halfAnEventIsNone(long pause) throws Exception {
        String read = read(pause, chunk(HEL), chunk(LO.substring(0, 20)));

        assertThat(read).startsWith(HEL).endsWith("broken CONNECTION_LOST");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 300})
    void anAnswerThatHasSaidWhyItEndedIsWhole(long pause) throws Exception {
        String read = read(pause, chunk(HEL), chunk(LO), chunk(STOP));

        assertThat(read).isEqualTo(HEL + LO);
    }

    private static String read(long pause, String... chunks) throws Exception {
        try (RawProvider provider = new RawProvider(
                (connection, request) -> Optional.of(HEAD + String.join("", chunks) + RawProvider.CLOSE))) {
            return provider.call(AnswerForm.STREAM, Duration.ofMillis(pause));
        }
    }

    private static String event(String choice) {
        return "data: {\"id\":\"c\",\"choices\":[" + choice.replace('\'', '"') + "]}\n\n";
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }
}
