package openledger.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.core.ObjectMappers;
import com.openai.models.chat.completions.ChatCompletionChunk;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import openledger.provider.AnswerPieces;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.answer.ResponseDecoder.Verdict;
import openledger.provider.translation.Translation.UsageChunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of the Messages API as streams of chat completions. Quotes are single ones here. */
final class MessagesStreamTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant CREATED = Instant.ofEpochSecond(1_700_000_000);
    private static final int CASES = 2_000;
    private static final String START = event(
            "message_start",
            "'message':{'id':'msg_1','model':'sim','usage':{'input_tokens':3,'cache_read_input_tokens':4,"
                    + "'cache_creation_input_tokens':5,'output_tokens':1}}");
    private static final String PING = event("ping", "'x':1");
    private static final String STOP = event("message_stop", "'x':1");

    @ParameterizedTest
    @CsvSource({
        "end_turn,stop",
        "stop_sequence,stop",
        "max_tokens,length",
        "model_context_window_exceeded,length",
        "tool_use,tool_calls",
        "refusal,content_filter",
        "pause_turn,stop",
        "never_heard_of,stop"
    })
    void saysWhyItEnded(String stopReason, String finishReason) throws IOException {
        String document = "{'type':'message','content':[],'stop_reason':'" + stopReason + "','usage':{}}";
        Seen stream = stream(START + event("message_delta", "'delta':{'stop_reason':'" + stopReason + "'}") + STOP);

        assertThat(JSON.readTree(MessagesDocumentTest.document(document)
                                .released()
                                .getBytes())
                        .at("/choices/0/finish_reason"))
                .isEqualTo(json("'" + finishReason + "'"));
        assertThat(stream.chunks().get(1).at("/choices/0/finish_reason")).isEqualTo(json("'" + finishReason + "'"));
    }

    @Test
    void saysAStreamInChunks() throws IOException {
        Seen seen = stream(START + PING + answer() + STOP);

        List<String> said = new ArrayList<>();
        for (JsonNode chunk : seen.chunks()) {
            assertThat(chunk.path("id").asText()).isEqualTo("msg_1");
            assertThat(chunk.path("model").asText()).isEqualTo("sim");
            assertThat(chunk.path("created").asLong()).isEqualTo(CREATED.getEpochSecond());
            ObjectMappers.jsonMapper()
                    .readValue(chunk.toString(), ChatCompletionChunk.class)
                    .validate();
            said.add(chunk.at("/choices/0/delta").toString().replace('"', '\''));
        }
        assertThat(said)
                .containsExactly(
                        "{'role':'assistant','content':''}",
                        "{'reasoning_content':'hm'}",
                        "{'content':'h\u00e9 \ud83d\ude00'}",
                        "{'tool_calls':[{'index':0,'id':'t1','type':'function','function':{'name':'f','arguments':''}}]}",
                        "{'tool_calls':[{'index':0,'function':{'arguments':'{\\'x\\':'}}]}",
                        "{'tool_calls':[{'index':0,'function':{'arguments':'1}'}}]}",
                        "{'tool_calls':[{'index':1,'id':'t2','type':'function','function':{'name':'g','arguments':''}}]}",
                        "{'tool_calls':[{'index':1,'function':{'arguments':'{}'}}]}",
                        "{}",
                        "");
        assertThat(seen.chunks().getLast().path("choices")).isEmpty();
        assertThat(seen.chunks().getLast().path("usage"))
                .isEqualTo(json("{'prompt_tokens':12,'completion_tokens':9,'total_tokens':21,"
                        + "'prompt_tokens_details':{'cached_tokens':4,'cache_write_tokens':5}}"));
        assertThat(seen.stream.saysItIsOver()).isTrue();
        assertThat(seen.stream.isWholeAtEnd()).isTrue();
    }

    @Test
    void sendsNoUsageChunkThatNobodyAskedFor() throws IOException {
        Seen seen = read(START + answer() + STOP, new MessagesStream(CREATED, UsageChunk.LEFT_OUT), 0);

        assertThat(seen.chunks()).noneMatch(chunk -> chunk.has("usage"));
    }

    @Test
    void saysTheSameHoweverTheBytesAreCut() throws IOException {
        for (String end : List.of("\n", "\r\n")) {
            String text = (START + PING + answer() + STOP + PING).replace("\n", end);
            String uncut = stream(text).said;
            for (int seed = 1; seed <= CASES; seed++) {
                assertThat(read(text, new MessagesStream(CREATED, UsageChunk.SENT), seed).said)
                        .as("seed %d", seed)
                        .isEqualTo(uncut);
            }
        }
    }

    @Test
    void isHeldUntilThereIsContent() {
        MessagesStream stream = new MessagesStream(CREATED, UsageChunk.SENT);

        assertThat(stream.hold(Buffer.buffer(START + PING))).isEqualTo(Verdict.NOT_YET);
        assertThat(stream.hold(Buffer.buffer(textStart() + text("")))).isEqualTo(Verdict.NOT_YET);
        assertThat(stream.hold(Buffer.buffer(text("a")))).isEqualTo(Verdict.CONTENT);
        assertThat(stream.hasError()).isFalse();
        assertThat(stream.isWholeAtEnd()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event: error\ndata: {'type':'error','error':{'type':'overloaded_error'}}\n\n",
                "data: {'error':{'message':'x'}}\n\n",
                "event: content_block_delta\ndata: {'type':'content_block_delta','index':0,'del\n\n",
                "event: content_block_delta\ndata: <html>\n\n",
                "event: content_block_delta\ndata: {'type':'content_block_delta','delta':{}}\n\n",
                "data: {'type':'message_start','message':{}}\n\n",
            })
    void takesWhatIsNoEventForAnErrorBeforeAndAfterTheContentHasBegun(String event) {
        String bad = event.replace('\'', '"');
        MessagesStream before = new MessagesStream(CREATED, UsageChunk.SENT);
        MessagesStream after = new MessagesStream(CREATED, UsageChunk.SENT);
        after.hold(Buffer.buffer(START + textStart() + text("a")));
        after.released();

        assertThat(before.hold(Buffer.buffer(START + bad))).isEqualTo(Verdict.ERROR);
        assertThat(after.pass(Buffer.buffer(bad + text("b"))).length()).isZero();
        assertThat(after.hasError()).isTrue();
        assertThat(after.isWholeAtEnd()).isFalse();
    }

    @Test
    void takesContentBeforeAStartForAnError() {
        assertThat(new MessagesStream(CREATED, UsageChunk.SENT).hold(Buffer.buffer(textStart() + text("a"))))
                .isEqualTo(Verdict.ERROR);
    }

    @Test
    void bearsAnEventWithoutItsEndAtTheEnd() throws IOException {
        Seen seen = stream(START + answer() + STOP.strip());

        assertThat(seen.stream.isWholeAtEnd()).isTrue();
        assertThat(seen.chunks().getLast().has("usage")).isTrue();
    }

    @Test
    void neverThrowsWhateverIsDoneToAStream() {
        String whole = START + PING + answer() + STOP;
        for (int seed = 1; seed <= CASES; seed++) {
            Random random = new Random(seed);
            Seen seen = read(tampered(whole, random), new MessagesStream(CREATED, UsageChunk.SENT), seed);
            assertThat(seen.said).as("seed %d", seed).doesNotContain("[DONE]");
        }
    }

    static byte[] tampered(String text, Random random) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(6); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] =
                    (byte) (random.nextBoolean() ? "{}[]\",:0\n\\".charAt(random.nextInt(10)) : random.nextInt());
        }
        return bytes;
    }

    private static String answer() {
        return event("content_block_start", "'index':0,'content_block':{'type':'thinking','thinking':''}")
                + event("content_block_delta", "'index':0,'delta':{'type':'thinking_delta','thinking':'hm'}")
                + event("content_block_delta", "'index':0,'delta':{'type':'signature_delta','signature':'s'}")
                + event("content_block_stop", "'index':0")
                + textStart()
                + text("h\u00e9 \ud83d\ude00")
                + event("content_block_stop", "'index':1")
                + event(
                        "content_block_start",
                        "'index':2,'content_block':{'type':'tool_use','id':'t1','name':'f','input':{}}")
                + event("content_block_delta", "'index':2,'delta':{'type':'input_json_delta','partial_json':''}")
                + event(
                        "content_block_delta",
                        "'index':2,'delta':{'type':'input_json_delta','partial_json':'{\\'x\\':'}")
                + event("content_block_delta", "'index':2,'delta':{'type':'input_json_delta','partial_json':'1}'}")
                + event("content_block_stop", "'index':2")
                + event(
                        "content_block_start",
                        "'index':3,'content_block':{'type':'tool_use','id':'t2','name':'g','input':{}}")
                + event("content_block_stop", "'index':3")
                + event("message_delta", "'delta':{'stop_reason':'tool_use'},'usage':{'output_tokens':9}");
    }

    private static String textStart() {
        return event("content_block_start", "'index':1,'content_block':{'type':'text','text':''}");
    }

    private static String text(String text) {
        return event("content_block_delta", "'index':1,'delta':{'type':'text_delta','text':'" + text + "'}");
    }

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: " + ("{'type':'" + type + "'," + members + "}").replace('\'', '"') + "\n\n";
    }

    private static Seen stream(String text) {
        return read(text, new MessagesStream(CREATED, UsageChunk.SENT), 0);
    }

    private static Seen read(String text, MessagesStream stream, int seed) {
        return read(text.getBytes(StandardCharsets.UTF_8), stream, seed);
    }

    private static Seen read(byte[] bytes, MessagesStream stream, int seed) {
        String passed = AnswerPieces.drained(bytes, stream, seed);
        String end = stream.isWholeAtEnd() ? stream.lastEvent().toString().replace(ResponseDecoder.DONE, "") : "";
        return new Seen(stream, passed + end);
    }

    private static JsonNode json(String text) throws IOException {
        return JSON.readTree(text.replace('\'', '"'));
    }

    private record Seen(MessagesStream stream, String said) {
        List<JsonNode> chunks() throws IOException {
            List<JsonNode> chunks = new ArrayList<>();
            for (String line : said.lines().filter(text -> !text.isEmpty()).toList()) {
                assertThat(line).startsWith("data: ");
                chunks.add(JSON.readTree(line.substring("data: ".length())));
            }
            return chunks;
        }
    }
}
