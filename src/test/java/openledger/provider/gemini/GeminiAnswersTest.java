package openledger.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.core.ObjectMappers;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import openledger.inference.record.TokenUsage;
import openledger.provider.AnswerPieces;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.answer.ResponseDecoder.Verdict;
import openledger.provider.answer.SaidUsage;
import openledger.provider.error.ComplaintReader;
import openledger.provider.translation.Translation.UsageChunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Gemini's answers as chat completions, in JSON with single quotes: documents, and streams cut anywhere. Long because answers stand here as Google
 * sends them. */
final class GeminiAnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant CREATED = Instant.ofEpochSecond(1_700_000_000);
    private static final String HEAD =
            "'responseId':'r1','modelVersion':'gemini-3','usageMetadata':{'promptTokenCount':10,"
                    + "'cachedContentTokenCount':4,'candidatesTokenCount':3,'thoughtsTokenCount':2,'totalTokenCount':15}";
    private static final String CALL = "{'functionCall':{'name':'f','args':{'a':1}},'thoughtSignature':'c2ln'}";

    @Test
    void textsThoughtsAndCallsFindTheirPlaces() throws IOException {
        JsonNode said =
                document("{'content':{'role':'model','parts':[{'text':'hm','thought':true},{'text':'a'},{'text':'b',"
                        + "'thoughtSignature':'x'}," + CALL
                        + ",{'executableCode':{'code':'x'}}]},'finishReason':'STOP'}");

        assertThat(said.path("id").asText()).isEqualTo("r1");
        assertThat(said.path("model").asText()).isEqualTo("gemini-3");
        assertThat(said.at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
        JsonNode message = said.at("/choices/0/message");
        assertThat(message.path("content").asText()).isEqualTo("ab");
        assertThat(message.path("reasoning_content").asText()).isEqualTo("hm");
        assertThat(message.at("/tool_calls/0/function/arguments").asText()).isEqualTo("{\"a\":1}");
        assertThat(message.at("/tool_calls/0/extra_content/google/thought_signature")
                        .asText())
                .isEqualTo("c2ln");
        assertThat(message.at("/tool_calls/0/id").asText()).matches("call_[A-Za-z0-9_-]{43}");
    }

    @Test
    void thoughtsAndWhatTheCacheHeldAreCountedWithinTheWhole() throws IOException {
        JsonNode usage = document("{'content':{'parts':[{'text':'a'}]},'finishReason':'STOP'}")
                .path("usage");

        assertThat(usage)
                .isEqualTo(
                        json(
                                "{'prompt_tokens':10,'completion_tokens':5,'total_tokens':15,"
                                        + "'prompt_tokens_details':{'cached_tokens':4},'completion_tokens_details':{'reasoning_tokens':2}}"));
        assertThat(SaidUsage.in(Buffer.buffer("{\"usage\":" + usage + "}")))
                .contains(new TokenUsage(10, 4, TokenUsage.UNKNOWN, 5, 2));
    }

    @ParameterizedTest
    @CsvSource({
        "STOP, stop",
        "MAX_TOKENS, length",
        "SAFETY, content_filter",
        "RECITATION, content_filter",
        "PROHIBITED_CONTENT, content_filter",
        "SOMETHING_NEW, stop",
        "FINISH_REASON_UNSPECIFIED, stop",
    })
    void whyItEndedIsSaidInTheClientsWords(String reason, String finish) throws IOException {
        assertThat(document("{'finishReason':'" + reason + "'}")
                        .at("/choices/0/finish_reason")
                        .asText())
                .isEqualTo(finish);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{'candidates':[]}",
                "{'error':{'code':503,'status':'UNAVAILABLE'}}",
                "[{'error':{'code':503}}]",
                "{'candidates':[{'finishReason':'MALFORMED_FUNCTION_CALL'}]}",
                "{'candidates':[{'finishReason':'UNEXPECTED_TOOL_CALL'}]}",
                "{'candidates':[{'content':{'parts':[{'text':'a'}",
                "{'candidates':[{'index':-1}]}",
            })
    void whatIsNoAnswerIsAnError(String answer) {
        GeminiDocument document = new GeminiDocument(CREATED);
        document.hold(Buffer.buffer(quoted(answer)));

        assertThat(document.finish()).isEqualTo(Verdict.ERROR);
        assertThat(document.complaint().toString()).isEqualTo(quoted(answer));
    }

    @Test
    void aPromptThatIsBlockedIsAnsweredWithNothing() throws Exception {
        String blocked = "{'promptFeedback':{'blockReason':'SAFETY'}," + HEAD + "}";

        assertThat(read(blocked).at("/choices/0/finish_reason").asText()).isEqualTo("content_filter");
        assertThat(read(blocked).at("/choices/0/message/content").asText("x")).isEmpty();
        assertThat(streamed(1, event(blocked)).choices().getFirst().finishReason())
                .isEqualTo(ChatCompletion.Choice.FinishReason.CONTENT_FILTER);
    }

    @Test
    void severalCandidatesAreSeveralChoicesInBothForms() throws Exception {
        String one = "{'content':{'parts':[{'text':'a'}]},'index':0,'finishReason':'STOP'}";
        String other = "{'content':{'parts':[" + CALL + "]},'index':1,'finishReason':'STOP'}";
        ChatCompletion plain = completion(document(one + "," + other));

        assertThat(plain.choices()).hasSize(2);
        assertThat(plain.choices().getLast().message().toolCalls()).isPresent();
        assertThat(streamed(3, event(answer(one)), event(answer(other))).choices())
                .isEqualTo(streamed(0, event(answer(other)), event(answer(one))).choices());
    }

    /** However a stream is cut, it comes to what the document comes to. */
    @Test
    void aStreamSaysWhatADocumentSays() throws Exception {
        ChatCompletion plain = completion(document(
                "{'content':{'parts':[{'text':'a'},{'text':'b'}," + CALL + "," + CALL + "]},'finishReason':'STOP'}"));
        for (int seed = 0; seed < 100; seed++) {
            ChatCompletion streamed = streamed(
                    seed,
                    event("{" + HEAD + "}"),
                    event(answer("{'content':{'parts':[{'text':'a'}]}}")),
                    event(answer("{'content':{'parts':[{'text':'b'}," + CALL + "]}}")),
                    event(answer("{'content':{'parts':[" + CALL + "]}}")),
                    event(answer("{'content':{'parts':[{'text':''}]},'finishReason':'STOP'}")));

            assertThat(calls(streamed)).isEqualTo(calls(plain)).hasSize(2);
            assertThat(streamed.choices().getFirst().message().content()).contains("ab");
            assertThat(streamed.choices().getFirst().finishReason())
                    .isEqualTo(plain.choices().getFirst().finishReason());
            assertThat(streamed.usage()).isEqualTo(plain.usage()).isPresent();
        }
    }

    @Test
    void theUsageIsKnownThoughTheClientDidNotAsk() {
        GeminiStream stream = new GeminiStream(CREATED, UsageChunk.LEFT_OUT);
        stream.hold(event(answer("{'content':{'parts':[{'text':'a'}]},'finishReason':'STOP'}")));

        assertThat(stream.lastEvent().toString()).doesNotContain("usage").endsWith(ResponseDecoder.DONE);
        assertThat(SaidUsage.in(stream.lastWords())).contains(new TokenUsage(10, 4, TokenUsage.UNKNOWN, 5, 2));
        assertThat(stream.model()).isEqualTo("gemini-3");
    }

    @Test
    void isHeldUntilThereIsContent() {
        GeminiStream stream = new GeminiStream(CREATED, UsageChunk.SENT);

        assertThat(stream.hold(event("{" + HEAD + "}"))).isEqualTo(Verdict.NOT_YET);
        assertThat(stream.hold(event(answer("{'content':{'role':'model'}}")))).isEqualTo(Verdict.NOT_YET);
        assertThat(stream.hold(event(answer("{'content':{'parts':[{'text':'a'}]}}"))))
                .isEqualTo(Verdict.CONTENT);
    }

    @Test
    void isWholeOnlyOnceEachCandidateHasEnded() {
        GeminiStream stream = new GeminiStream(CREATED, UsageChunk.SENT);
        stream.hold(event(answer("{'content':{'parts':[{'text':'a'}]},'index':0,'finishReason':'STOP'}")));
        assertThat(stream.isWholeAtEnd()).isTrue();

        stream.pass(event(answer("{'content':{'parts':[{'text':'a'}]},'index':1}")));
        assertThat(stream.isWholeAtEnd()).isFalse();
        stream.pass(event(answer("{'index':1,'finishReason':'MAX_TOKENS'}")));
        assertThat(stream.isWholeAtEnd()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'error':{'code':503,'message':'overloaded','status':'UNAVAILABLE'}}",
                "{'candidates':[{'finishReason':'MALFORMED_FUNCTION_CALL'}]}",
                "[1]",
                "{'candidates':[",
            })
    void anErrorInTheMidstEndsAStream(String error) {
        GeminiStream stream = new GeminiStream(CREATED, UsageChunk.SENT);
        stream.hold(event(answer("{'content':{'parts':[{'text':'a'}]}}")));
        stream.pass(event(error));

        assertThat(stream.hasError()).isTrue();
        assertThat(stream.isWholeAtEnd()).isFalse();
        assertThat(stream.complaint().toString()).contains(quoted(error));
    }

    @ParameterizedTest
    @CsvSource({"34s, 34000", "1.5s, 1500", "x, -1", "34, -1"})
    void theDetailOfAnErrorSaysHowLongToWait(String delay, long millis) {
        String error = quoted("[{'error':{'code':429,'message':'m','status':'RESOURCE_EXHAUSTED','details':["
                + "{'@type':'type.googleapis.com/google.rpc.Help'},"
                + "{'@type':'type.googleapis.com/google.rpc.RetryInfo','retryDelay':'" + delay + "'}]}}]");

        assertThat(new GeminiDialect().retryAfter(ComplaintReader.read(error)))
                .isEqualTo(millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis)));
    }

    /** Without what the SDK's accumulator copies to another place. */
    private static List<String> calls(ChatCompletion answer) {
        return answer.choices().getFirst().message().toolCalls().orElseThrow().stream()
                .map(call ->
                        call.asFunction().id() + call.asFunction().function().arguments())
                .toList();
    }

    private static JsonNode document(String candidates) throws IOException {
        return read(answer(candidates));
    }

    private static JsonNode read(String answer) throws IOException {
        GeminiDocument document = new GeminiDocument(CREATED);
        String text = AnswerPieces.drained(quoted(answer).getBytes(StandardCharsets.UTF_8), document, 0);
        assertThat(document.isWholeAtEnd()).isTrue();
        return JSON.readTree(text);
    }

    private static ChatCompletion completion(JsonNode document) throws IOException {
        return ObjectMappers.jsonMapper()
                .readValue(document.toString(), ChatCompletion.class)
                .validate();
    }

    private static ChatCompletion streamed(int seed, Buffer... events) throws IOException {
        Buffer all = Buffer.buffer();
        for (Buffer event : events) {
            all.appendBuffer(event);
        }
        GeminiStream stream = new GeminiStream(CREATED, UsageChunk.SENT);
        String text = AnswerPieces.drained(all.getBytes(), stream, seed)
                + stream.lastEvent().toString().replace(ResponseDecoder.DONE, "");
        assertThat(stream.isWholeAtEnd()).isTrue();
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        for (String line : text.lines().filter(line -> !line.isEmpty()).toList()) {
            whole.accumulate(ObjectMappers.jsonMapper()
                    .readValue(line.substring("data: ".length()), ChatCompletionChunk.class)
                    .validate());
        }
        return whole.chatCompletion();
    }

    private static String answer(String candidates) {
        return "{'candidates':[" + candidates + "]," + HEAD + "}";
    }

    private static Buffer event(String data) {
        return Buffer.buffer("data: " + quoted(data) + "\r\n\r\n");
    }

    private static JsonNode json(String text) throws IOException {
        return JSON.readTree(quoted(text));
    }

    private static String quoted(String text) {
        return text.replace('\'', '"');
    }
}
