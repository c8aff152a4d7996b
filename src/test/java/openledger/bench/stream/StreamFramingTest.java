package openledger.bench.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import openledger.bench.stream.StreamFraming.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamFramingTest {
    private static final String HEAD = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    private static final String WHOLE = HEAD + chunk("data: {\"delta\":{\"content\":\"\"}}\n\n")
            + chunk("data: {\"delta\":{\"content\":\"@12 \"}}\n\nda")
            + chunk("ta: {\"delta\":{\"content\":\"@345 \"}}\n\n")
            + chunk("data: [DONE]\n\n") + "0\r\n\r\n";

    private final List<Long> sent = new ArrayList<>();
    private final StreamFraming framing = new StreamFraming();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1_000})
    void findsSendTimesHoweverTheBytesArrive(int piece) {
        State last = State.OPEN;
        for (int at = 0; at < WHOLE.length(); at += piece) {
            assertThat(last).isEqualTo(State.OPEN);
            last = accept(WHOLE.substring(at, Math.min(WHOLE.length(), at + piece)));
        }

        assertThat(last).isEqualTo(State.WHOLE);
        assertThat(sent).containsExactly(12L, 345L);
    }

    @Test
    void readsTheNextAnswerOfAConnection() {
        assertThat(accept(WHOLE)).isEqualTo(State.WHOLE);
        assertThat(accept(WHOLE)).isEqualTo(State.WHOLE);
        assertThat(sent).hasSize(4);
    }

    @Test
    void callsAStreamWithoutItsLastEventBroken() {
        assertThat(accept(HEAD + chunk("data: {}\n\n") + "0\r\n\r\n")).isEqualTo(State.BROKEN);
    }

    @Test
    void callsARefusalBroken() {
        assertThat(accept("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 2\r\n\r\n{}"))
                .isEqualTo(State.BROKEN);
    }

    private State accept(String text) {
        return framing.accept(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), sent::add);
    }

    private static String chunk(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }
}
