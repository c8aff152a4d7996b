package openledger.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SseScanTest {
    private static final int CASES = 2_000;
    private static final List<String> SILENT = List.of(
            ": keep-alive",
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}",
            "data: {\"choices\":[],\"usage\":null}",
            "event: message",
            "id: 7");
    private static final List<String> CONTENT = List.of(
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"h\u00e9 \ud83d\ude00 [DONE] \\\"error\\\"\"}}]}",
            "data:{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0}]}}]}",
            "data: {\"error\":null,\"choices\":[{\"finish_reason\":\"stop\"}]}");
    private static final List<String> ERRORS = List.of(
            "data: {\"error\":{\"message\":\"overloaded\"}}",
            "data: { \"error\": \"no\" }",
            "event: error",
            "event:error");

    @Test
    void passesTheSameBytesHoweverTheyAreCut() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            String end = random.nextBoolean() ? "\n" : "\r\n";
            String silent = lines(random, SILENT, end);
            String content = random.nextBoolean() ? lines(random, CONTENT, end) : "";
            Last last = Last.values()[random.nextInt(Last.values().length)];

            Seen seen = scan(silent + content + last.text(random, end), random);

            assertThat(seen.passed).as("seed %d", seed).isEqualTo(silent + content);
            assertThat(seen.scan.doneSeen()).as("seed %d", seed).isEqualTo(last == Last.DONE);
            assertThat(seen.scan.errorSeen()).as("seed %d", seed).isEqualTo(last == Last.ERROR);
            assertThat(seen.scan.contentSeen()).as("seed %d", seed).isEqualTo(!content.isEmpty() || last == Last.DONE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: {\"choices\":[{\"delta\"", "data: {\"choices\":[}", "data: {]"})
    void takesABrokenEventBeforeTheContentForAnError(String line) {
        assertThat(scan(line + "\n", new Random(1)).scan.errorSeen()).isTrue();
    }

    private static String lines(Random random, List<String> from, String end) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(4) + 1; i > 0; i--) {
            out.append(from.get(random.nextInt(from.size()))).append(end).append(end);
        }
        return out.toString();
    }

    private static Seen scan(String text, Random random) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        SseScan scan = new SseScan();
        Buffer passed = Buffer.buffer();
        int at = 0;
        while (at < bytes.length) {
            int to = Math.min(bytes.length, at + 1 + random.nextInt(40));
            passed.appendBuffer(scan.accept(Buffer.buffer(Arrays.copyOfRange(bytes, at, to))));
            at = to;
        }
        passed.appendBuffer(scan.finish());
        return new Seen(scan, passed.toString(StandardCharsets.UTF_8));
    }

    private record Seen(SseScan scan, String passed) {}

    /** How a stream ends. */
    private enum Last {
        NOTHING,
        DONE,
        ERROR;

        String text(Random random, String end) {
            return switch (this) {
                case NOTHING -> "";
                case DONE -> "data: [DONE]" + (random.nextBoolean() ? end + end : "");
                case ERROR -> ERRORS.get(random.nextInt(ERRORS.size())) + end + end;
            };
        }
    }
}
