package openledger.provider.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import openledger.inference.record.TokenUsage;
import openledger.provider.AnswerPieces;
import openledger.provider.answer.AnswerCheck.Kind;
import openledger.provider.answer.DocumentDecoder;
import openledger.provider.answer.ResponseDecoder.Verdict;
import openledger.provider.answer.SaidUsage;
import openledger.provider.anthropic.NativeMessagesStream;
import openledger.provider.openai.ResponsesStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams and documents of the Messages and Responses APIs that go to the client as they come. */
final class TypedStreamTest {
    private static final int CASES = 2_000;
    private static final List<String> SILENT = List.of(
            ": keep-alive\n\n",
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{}}\n\n",
            "event: ping\ndata: {\"type\": \"ping\"}\n\n",
            "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n",
            "event: content_block_delta\ndata: {\"delta\":{\"type\":\"text_delta\",\"text\":\"\"}}\n\n",
            "id: 7\nevent: never_heard_of\ndata: h\u00e9 \ud83d\ude00\n\n");
    private static final List<String> CONTENT = List.of(
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\ndata: \"delta\":{\"text\":\"\ud83d\ude00\"}}\n\n",
            "data: {\"delta\":{\"stop_reason\":\"end_turn\"},\"type\":\"message_delta\"}\n\n",
            "event:content_block_start\ndata:{\"type\":\"content_block_start\",\"content_block\":{\"type\":\"tool_use\"}}\n\n");
    private static final String STOP = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
    private static final List<String> ERRORS = List.of(
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n",
            "data: {\"error\":{\"message\":\"overloaded\"}}\n\n",
            "event: message_stop\ndata: {\"type\":\"message_stop\n\n");

    @Test
    void passesTheSameBytesHoweverTheyAreCutAndWithholdsTheEnd() {
        for (int seed = 1; seed <= CASES; seed++) {
            Random random = new Random(seed);
            String end = random.nextBoolean() ? "\n" : "\r\n";
            String passing =
                    (events(random, SILENT) + events(random, CONTENT) + events(random, SILENT)).replace("\n", end);
            int last = random.nextInt(3);
            String ending = last == 0 ? "" : last == 1 ? STOP : ERRORS.get(random.nextInt(ERRORS.size()));
            NativeMessagesStream stream = new NativeMessagesStream();

            String passed = AnswerPieces.drained(
                    (passing + ending.replace("\n", end) + (last == 0 ? "" : SILENT.get(1)))
                            .getBytes(StandardCharsets.UTF_8),
                    stream,
                    random.nextInt(3) == 0 ? 0 : seed);

            assertThat(passed).as("seed %d", seed).isEqualTo(passing);
            assertThat(stream.isWholeAtEnd()).as("seed %d", seed).isEqualTo(last == 1);
            assertThat(stream.hasError()).as("seed %d", seed).isEqualTo(last == 2);
            assertThat(stream.lastEvent()).asString().isEqualTo(last == 1 ? STOP.replace("\n", end) : "");
        }
    }

    /** The first event has the input, the last but one the output; some repeat the input there. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"output_tokens\":4}|11",
                "{\"output_tokens\": 4, \"input_tokens\": 12}|12",
            })
    void whatWasTakenIsSaidInTwoEvents(String usage, int input) {
        NativeMessagesStream stream = new NativeMessagesStream();
        stream.hold(Buffer.buffer("event: ping\ndata: {\"type\": \"ping\"}\n\n"
                + "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"model\":\"m\",\"usage\":{\"input_tokens\":11,\"output_tokens\":1}}}\n\n"
                + CONTENT.getFirst()
                + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":"
                + usage + "}\n\n" + STOP));

        assertThat(SaidUsage.in(stream.lastWords()))
                .contains(new TokenUsage(input, TokenUsage.UNKNOWN, TokenUsage.UNKNOWN, 4, TokenUsage.UNKNOWN));
    }

    @Test
    void isHeldUntilThereIsContent() {
        NativeMessagesStream stream = new NativeMessagesStream();
        for (String silent : SILENT) {
            assertThat(stream.hold(Buffer.buffer(silent))).isEqualTo(Verdict.NOT_YET);
        }

        assertThat(stream.hold(Buffer.buffer(CONTENT.getFirst()))).isEqualTo(Verdict.CONTENT);
        assertThat(stream.released()).asString().isEqualTo(String.join("", SILENT) + CONTENT.getFirst());
    }

    @Test
    void anErrorBeforeTheContentIsTheVerdict() {
        for (String error : ERRORS) {
            assertThat(new NativeMessagesStream().hold(Buffer.buffer(SILENT.get(1) + error)))
                    .isEqualTo(Verdict.ERROR);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "NOT_YET | {\"type\":\"response.created\",\"response\":{\"error\":null}}",
                "NOT_YET | {\"type\":\"response.output_item.added\",\"item\":{}}",
                "NOT_YET | {\"type\":\"response.output_text.delta\",\"delta\":\"\"}",
                "CONTENT | {\"type\":\"response.output_text.delta\",\"delta\":\"a\"}",
                "CONTENT | {\"type\":\"response.function_call_arguments.delta\",\"delta\":\"{\"}",
                "CONTENT | {\"type\":\"response.completed\",\"response\":{}}",
                "CONTENT | {\"type\":\"response.incomplete\",\"response\":{}}",
                "ERROR | {\"type\":\"response.failed\",\"response\":{}}",
                "ERROR | {\"type\":\"error\",\"message\":\"x\"}",
                "ERROR | {\"error\":{}}",
                "ERROR | {\"type\":\"response.output_text.delta\",\"delta\"",
                "ERROR | {\"type\":\"response.completed\",\"response\":{}",
            })
    void readsAResponseUntilItsContent(Verdict verdict, String data) {
        assertThat(new ResponsesStream(name -> {}).hold(Buffer.buffer("data: " + data + "\n\n")))
                .isEqualTo(verdict);
    }

    @Test
    void keepsTheResponseThatCompletesAResponseForItsClient() {
        String delta =
                "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"a\"}\n\n";
        String end =
                "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"r\u00e9\"}}";
        for (String close : List.of("\n\n", "\n", "")) {
            for (int seed = 0; seed < 50; seed++) {
                ResponsesStream stream = new ResponsesStream(name -> {});

                String passed =
                        AnswerPieces.drained((delta + end + close).getBytes(StandardCharsets.UTF_8), stream, seed);

                assertThat(passed).isEqualTo(delta);
                assertThat(stream.lastEvent()).asString().startsWith(end).endsWith("\n\n");
                assertThat(stream.saysItIsOver()).isTrue();
            }
        }
    }

    @Test
    void keepsBackHalfAnEventAtTheEnd() {
        ResponsesStream stream = new ResponsesStream(name -> {});
        String delta = "data: {\"type\":\"response.output_text.delta\",\"delta\":\"a\"}\n\n";

        assertThat(AnswerPieces.drained(
                        (delta + "data: {\"type\":\"respo").getBytes(StandardCharsets.UTF_8), stream, 0))
                .isEqualTo(delta);
        assertThat(stream.isWholeAtEnd()).isFalse();
    }

    @Test
    void givesUpAnEventWithoutBound() {
        NativeMessagesStream stream = new NativeMessagesStream();
        Buffer piece = Buffer.buffer("data: " + "x".repeat((1 << 20) - 7) + "\n");
        Verdict verdict = Verdict.NOT_YET;
        for (int i = 0; i < 17 && verdict == Verdict.NOT_YET; i++) {
            verdict = stream.hold(piece);
        }

        assertThat(verdict).isEqualTo(Verdict.ERROR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}",
                "{\"id\":\"r\",\"status\":\"failed\",\"output\":[]}",
                "{\"id\":\"r\",\"error\":{\"message\":\"x\"}}",
                "{\"error\":{}}",
                "<html>",
            })
    void anErrorMayStandAnywhereInADocument(String text) {
        DocumentDecoder document = new DocumentDecoder(Kind.TYPED);
        document.hold(Buffer.buffer(text));

        assertThat(document.finish()).isEqualTo(Verdict.ERROR);
    }

    @Test
    void passesADocumentAsItCame() {
        DocumentDecoder whole = new DocumentDecoder(Kind.TYPED);
        String text = " {\"type\":\"message\",\"content\":[{\"type\":\"error\"}],\"error\":null}";
        DocumentDecoder large = new DocumentDecoder(Kind.TYPED);
        whole.hold(Buffer.buffer(text));

        assertThat(whole.finish()).isEqualTo(Verdict.CONTENT);
        assertThat(whole.released()).asString().isEqualTo(text);
        assertThat(large.hold(Buffer.buffer("{\"type\":\"message\",\"x\":\"" + "x".repeat(70_000))))
                .isEqualTo(Verdict.CONTENT);
    }

    private static String events(Random random, List<String> from) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(4) + 1; i > 0; i--) {
            out.append(from.get(random.nextInt(from.size())));
        }
        return out.toString();
    }
}
