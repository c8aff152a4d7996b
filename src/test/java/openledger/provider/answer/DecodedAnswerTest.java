package openledger.provider.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import openledger.inference.upstream.AnswerForm;
import openledger.provider.answer.AnswerCheck.Kind;
import openledger.provider.answer.ResponseDecoder.Verdict;
import openledger.provider.error.Complaint;
import openledger.provider.error.ComplaintReader;
import openledger.provider.openai.ChatStream;
import openledger.provider.translation.Translation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are not what their label says, or are encoded although nobody asked for it. */
final class DecodedAnswerTest {
    private static final String DOCUMENT = "{\"id\":\"c\",\"choices\":[{\"message\":{\"content\":\"Hello\"}}]}";
    private static final String STREAM = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]}\n\n"
            + "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    private static final int CASES = 200;

    @ParameterizedTest
    @CsvSource({
        "PLAIN, text/plain",
        "PLAIN,",
        "PLAIN, text/event-stream",
        "PLAIN, application/octet-stream",
        "STREAM, application/json",
        "STREAM,",
        "STREAM, text/plain",
        "STREAM, text/event-stream",
    })
    void whatWasAskedForIsServedWhateverItsLabel(AnswerForm form, @Nullable String label) {
        for (int seed = 0; seed < CASES; seed++) {
            String text = form == AnswerForm.PLAIN ? DOCUMENT : STREAM;
            String around = seed % 3 == 0 ? "\n \r\n" : seed % 3 == 1 && form == AnswerForm.STREAM ? ": ping\n\n" : "";

            String seen = read(answer(form, label, ""), (around + text).getBytes(StandardCharsets.UTF_8), seed);

            assertThat(seen).as("seed %d", seed).contains("Hello").startsWith("CONTENT");
        }
    }

    @ParameterizedTest
    @CsvSource({"PLAIN, gzip", "PLAIN, x-gzip", "PLAIN, deflate", "STREAM, gzip", "STREAM, deflate", "PLAIN, GZIP"})
    void encodedAnswersAreDecoded(AnswerForm form, String encoding) throws IOException {
        for (int seed = 0; seed < CASES; seed++) {
            byte[] bytes = encoded(form == AnswerForm.PLAIN ? DOCUMENT : STREAM, encoding);

            String seen = read(answer(form, "application/json", encoding), bytes, seed);

            assertThat(seen).as("seed %d", seed).contains("Hello").startsWith("CONTENT");
        }
    }

    /** RFC 1952, section 2.2: a file is a series of members. */
    @Test
    void membersFollowEachOtherHoweverTheyCome() throws IOException {
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        for (String event : STREAM.split("(?<=\n\n)", -1)) {
            members.write(encoded(event, "gzip"));
        }
        for (int size = 1; size < members.size(); size++) {
            ResponseDecoder answer = answer(AnswerForm.STREAM, "text/event-stream", "gzip");
            Verdict verdict = Verdict.NOT_YET;
            byte[] bytes = members.toByteArray();
            for (int at = 0; at < bytes.length; at += size) {
                Buffer piece = Buffer.buffer().appendBytes(bytes, at, Math.min(size, bytes.length - at));
                if (verdict == Verdict.CONTENT) {
                    answer.pass(piece);
                } else {
                    verdict = answer.hold(piece);
                }
            }

            assertThat(verdict).as("pieces of %d", size).isEqualTo(Verdict.CONTENT);
            assertThat(answer.isWholeAtEnd()).as("pieces of %d", size).isTrue();
        }
    }

    @Test
    void anEncodedAnswerThatIsCutOrSpoiltIsNone() throws IOException {
        byte[] good = encoded(DOCUMENT, "gzip");
        for (int length = 0; length < good.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(good, length);
            assertThat(read(answer(AnswerForm.PLAIN, "application/json", "gzip"), cut, length))
                    .as("cut at %d", length)
                    .doesNotStartWith("CONTENT");
        }
        for (int at = 10; at < good.length - 4; at++) {
            byte[] spoilt = good.clone();
            spoilt[at] ^= 0x55;
            assertThat(read(answer(AnswerForm.PLAIN, "application/json", "gzip"), spoilt, at))
                    .as("spoilt at %d", at)
                    .doesNotStartWith("CONTENT");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void aBombIsCut(String encoding) throws IOException {
        byte[] bomb = encoded("{\"choices\":[\"" + " ".repeat(64 << 20) + "\"]}", encoding);
        ResponseDecoder answer = answer(AnswerForm.PLAIN, "application/json", encoding);

        long most = 0;
        Verdict verdict = Verdict.NOT_YET;
        for (int at = 0; at < bomb.length && !answer.hasError(); at += 4_096) {
            Buffer piece = Buffer.buffer().appendBytes(bomb, at, Math.min(4_096, bomb.length - at));
            if (verdict == Verdict.NOT_YET) {
                verdict = answer.hold(piece);
            } else {
                most += answer.pass(piece).length();
            }
        }

        assertThat(answer.hasError()).isTrue();
        assertThat(most).isLessThan(32 << 20);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "STREAM|text/event-stream|{\"error\":{\"message\":\"no\",\"code\":400}}",
                "STREAM|application/json|{\"error\":{\"message\":\"no\",\"code\":400}}",
                "PLAIN|application/json|[{\"error\":{\"message\":\"no\",\"code\":400}}]",
                "PLAIN|text/plain|[{\"error\":{\"message\":\"no\",\"code\":400}}]",
            })
    void anErrorInPlaceOfTheAnswerKeepsItsWords(AnswerForm form, String label, String text) {
        ResponseDecoder answer = answer(form, label, "");

        assertThat(read(answer, text.getBytes(StandardCharsets.UTF_8), 1)).startsWith("ERROR");
        assertThat(ComplaintReader.read(answer.complaint().toString()))
                .returns("no", Complaint::message)
                .returns(400, Complaint::status);
    }

    @ParameterizedTest
    @CsvSource({
        "STREAM, text/html, <html><body>It works!</body></html>",
        "STREAM, text/plain, It works!",
        "PLAIN, text/html, <html><body>It works!</body></html>",
        "PLAIN, text/plain, It works!",
        "PLAIN, text/plain, 7",
        "STREAM, text/plain, ''",
        "PLAIN, text/plain, ''",
    })
    void anythingElseIsNone(AnswerForm form, String label, String text) {
        assertThat(read(answer(form, label, ""), text.getBytes(StandardCharsets.UTF_8), 1))
                .startsWith("ERROR");
    }

    @Test
    void anEncodingThatNobodyReadsIsNone() {
        assertThat(read(answer(AnswerForm.PLAIN, "application/json", "br"), new byte[] {1, 2, 3}, 1))
                .startsWith("ERROR");
    }

    private static ResponseDecoder answer(AnswerForm form, @Nullable String label, String encoding) {
        ResponseDecoder usual =
                form == AnswerForm.PLAIN ? new DocumentDecoder(Kind.CHAT) : new ChatStream(Translation.UsageChunk.SENT);
        return DecodedAnswer.of(label, encoding.isEmpty() ? null : encoding, usual, form);
    }

    private static byte[] encoded(String text, String encoding) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (var to = "deflate".equals(encoding) ? new DeflaterOutputStream(out) : new GZIPOutputStream(out)) {
            to.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    /** The verdict, and all that would reach a client. */
    private static String read(ResponseDecoder answer, byte[] bytes, int seed) {
        Random random = new Random(seed);
        StringBuilder out = new StringBuilder();
        Verdict verdict = Verdict.NOT_YET;
        int at = 0;
        while (at < bytes.length && verdict != Verdict.ERROR) {
            int to = Math.min(bytes.length, at + 1 + random.nextInt(60));
            Buffer piece = Buffer.buffer().appendBytes(bytes, at, to - at);
            at = to;
            if (verdict == Verdict.NOT_YET) {
                verdict = answer.hold(piece);
                out.append(verdict == Verdict.CONTENT ? answer.released().toString() : "");
            } else {
                out.append(answer.pass(piece));
            }
        }
        if (verdict == Verdict.NOT_YET) {
            verdict = answer.finish();
            out.append(verdict == Verdict.CONTENT ? answer.released().toString() : "");
        }
        return verdict + out.append(answer.last()).append(answer.lastEvent()).toString();
    }
}
