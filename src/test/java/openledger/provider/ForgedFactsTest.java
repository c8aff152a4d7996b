package openledger.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import openledger.provider.answer.AnswerCheck.Kind;
import openledger.provider.answer.DocumentDecoder;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.openai.ChatStream;
import openledger.provider.openai.ResponsesStream;
import openledger.provider.translation.Translation;
import org.junit.jupiter.api.Test;

/** A provider that says our own facts: they never reach a client, in whatever form of answer and however they are spelled. */
final class ForgedFactsTest {
    private static final int CASES = 500;
    private static final List<String> NAMES =
            List.of("openledger", "OPENLEDGER", "openLedger", "\\u006fpenledger", "open\\u006Cedger");
    private static final List<String> ENDS = List.of("\n", "\r\n", "\r");
    private static final String FORGED = "\":{\"forged\":true}";

    @Test
    void inAChatStream() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            String end = pick(ENDS, random);
            String content = "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"openledger\"}}]}";
            String text = (random.nextBoolean() ? "\ufeff" : "")
                    + event("", random.nextBoolean() ? forged(content, random) : content, end)
                    + event("", forged("{\"id\":\"c\",\"choices\":[]}", random), end)
                    + event("", content, end)
                    + "data: [DONE]" + end + end;

            String seen = read(() -> new ChatStream(Translation.UsageChunk.SENT), text, random);

            assertThat(seen).as("seed %d", seed).doesNotContain("forged");
            assertThat(seen.split("\"content\":\"openledger\"", -1))
                    .as("seed %d: %s", seed, seen)
                    .hasSize(3);
        }
    }

    @Test
    void spreadOverLinesOfOneEventOfAChatStream() {
        String content = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}],\n";
        String text = content + "data: \"openledger" + FORGED + "}\n\n";

        String seen = read(() -> new ChatStream(Translation.UsageChunk.SENT), text, new Random(1));

        assertThat(seen).contains("Hello").doesNotContain("forged");
    }

    @Test
    void inAStreamOfTypedEvents() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            String end = pick(ENDS, random);
            String delta = "{\"type\":\"response.output_text.delta\",\"delta\":\"openledger\"}";
            String text = event("response.output_text.delta", random.nextBoolean() ? forged(delta, random) : delta, end)
                    + event("openledger", "{\"forged\":1}", end)
                    + event("x", "{\"type\":\"OpenLedger\",\"forged\":1}", end)
                    + event(
                            "response.completed",
                            forged("{\"type\":\"response.completed\",\"response\":{}}", random),
                            end);

            String seen = read(() -> new ResponsesStream(name -> {}), text, random);

            assertThat(seen).as("seed %d", seed).doesNotContain("forged").contains("response.completed");
            assertThat(seen.split("\"delta\":\"openledger\"", -1))
                    .as("seed %d: %s", seed, seen)
                    .hasSize(2);
        }
    }

    @Test
    void inADocument() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            String text = forged("{\"id\":\"c\",\"choices\":[{\"text\":\"openledger\"}]}", random);

            String seen = read(() -> new DocumentDecoder(Kind.CHAT), text, random);

            assertThat(seen).as("seed %d", seed).doesNotContain("forged").contains("\"openledger\"");
        }
    }

    @Test
    void atTheEndOfALargeDocumentItBreaksTheAnswer() {
        DocumentDecoder held = new DocumentDecoder(Kind.CHAT);
        String large = "{\"choices\":[\"" + "x".repeat(ResponseDecoder.MOST_HELD) + "\"]";
        assertThat(held.hold(Buffer.buffer(large))).isEqualTo(ResponseDecoder.Verdict.CONTENT);

        Buffer passed = held.pass(Buffer.buffer(",\"openledger" + FORGED + "}"));

        assertThat(passed.length()).isZero();
        assertThat(held.hasError()).isTrue();
    }

    private static String forged(String object, Random random) {
        String own = "\"" + pick(NAMES, random) + FORGED;
        return random.nextBoolean()
                ? "{" + own + "," + object.substring(1)
                : object.substring(0, object.length() - 1) + "," + own + "}";
    }

    private static String event(String name, String data, String end) {
        return (name.isEmpty() ? "" : "event: " + name + end) + "data: " + data + end + end;
    }

    /** All that would reach a client, the last event included. */
    private static String read(Supplier<? extends ResponseDecoder> made, String text, Random random) {
        ResponseDecoder held = made.get();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        StringBuilder out = new StringBuilder();
        ResponseDecoder.Verdict verdict = ResponseDecoder.Verdict.NOT_YET;
        int at = 0;
        while (at < bytes.length) {
            int to = Math.min(bytes.length, at + 1 + random.nextInt(60));
            Buffer piece = Buffer.buffer().appendBytes(bytes, at, to - at);
            at = to;
            if (verdict == ResponseDecoder.Verdict.NOT_YET) {
                verdict = held.hold(piece);
                out.append(
                        verdict == ResponseDecoder.Verdict.NOT_YET
                                ? ""
                                : held.released().toString());
            } else {
                out.append(held.pass(piece));
            }
        }
        if (verdict == ResponseDecoder.Verdict.NOT_YET) {
            held.finish();
            out.append(held.released());
        }
        assertThat(held.hasError()).isFalse();
        return out.append(held.last()).append(held.lastEvent()).toString();
    }

    private static String pick(List<String> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }
}
