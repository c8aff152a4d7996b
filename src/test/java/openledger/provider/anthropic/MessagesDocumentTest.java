package openledger.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.core.ObjectMappers;
import com.openai.models.chat.completions.ChatCompletion;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Instant;
import java.util.Random;
import openledger.provider.answer.ResponseDecoder.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of the Messages API as chat completions. Quotes are single ones here. */
final class MessagesDocumentTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant CREATED = Instant.ofEpochSecond(1_700_000_000);
    private static final int CASES = 2_000;

    @Test
    void saysAMessageAsACompletion() throws IOException {
        MessagesDocument document =
                document("{'type':'message','id':'msg_1','model':'sim','role':'assistant','content':["
                        + "{'type':'thinking','thinking':'hm','signature':'s'},{'type':'text','text':'a '},{'type':'text','text':'b'},"
                        + "{'type':'tool_use','id':'t1','name':'f','input':{'x':1.50}},{'type':'tool_use','id':'t2','name':'g','input':{}}],"
                        + "'stop_reason':'tool_use','usage':{'input_tokens':3,'cache_read_input_tokens':4,"
                        + "'cache_creation_input_tokens':5,'output_tokens':7}}");

        JsonNode out = JSON.readTree(document.released().getBytes());

        assertThat(out.path("choices").path(0).path("message"))
                .isEqualTo(json(
                        "{'role':'assistant','content':'a b','refusal':null,'reasoning_content':'hm','tool_calls':["
                                + "{'id':'t1','type':'function','function':{'name':'f','arguments':'{\\'x\\':1.50}'}},"
                                + "{'id':'t2','type':'function','function':{'name':'g','arguments':'{}'}}]}"));
        assertThat(out.path("choices").path(0).path("finish_reason").asText()).isEqualTo("tool_calls");
        assertThat(out.path("usage"))
                .isEqualTo(json("{'prompt_tokens':12,'completion_tokens':7,'total_tokens':19,"
                        + "'prompt_tokens_details':{'cached_tokens':4,'cache_write_tokens':5}}"));
        assertThat(document.length()).isEqualTo(document.released().length());
        assertThat(document.isWholeAtEnd()).isTrue();
        ObjectMappers.jsonMapper()
                .readValue(document.released().toString(), ChatCompletion.class)
                .validate();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "null",
                "<html>",
                "{'type':'error','error':{'type':'overloaded_error','message':'x'}}",
                "{'type':'message'}",
                "{'type':'message','content':'x'}",
                "{'type':'message','content':[]} x",
                "{'type':'message','content':[",
            })
    void takesWhatIsNoMessageForAnError(String text) {
        MessagesDocument document = new MessagesDocument(CREATED);
        document.hold(Buffer.buffer(text.replace('\'', '"')));

        assertThat(document.finish()).isEqualTo(Verdict.ERROR);
    }

    @Test
    void holdsNoMoreThanItsBound() {
        MessagesDocument document = new MessagesDocument(CREATED);

        assertThat(document.hold(Buffer.buffer(new byte[16 << 20]))).isEqualTo(Verdict.NOT_YET);
        assertThat(document.hold(Buffer.buffer("x"))).isEqualTo(Verdict.ERROR);
    }

    @Test
    void neverThrowsWhateverIsDoneToADocument() {
        String message =
                "{'type':'message','content':[{'type':'text','text':'a'},{'type':'tool_use','input':{'a':[1]}}]}"
                        .replace('\'', '"');
        for (int seed = 1; seed <= CASES; seed++) {
            MessagesDocument document = new MessagesDocument(CREATED);
            document.hold(Buffer.buffer(MessagesStreamTest.tampered(message, new Random(seed))));
            assertThat(document.finish()).as("seed %d", seed).isNotEqualTo(Verdict.NOT_YET);
        }
    }

    static MessagesDocument document(String text) {
        MessagesDocument document = new MessagesDocument(CREATED);
        Buffer bytes = Buffer.buffer(text.replace('\'', '"'));
        assertThat(document.hold(bytes.slice(0, bytes.length() / 2))).isEqualTo(Verdict.NOT_YET);
        assertThat(document.hold(bytes.slice(bytes.length() / 2, bytes.length())))
                .isEqualTo(Verdict.NOT_YET);
        assertThat(document.finish()).isEqualTo(Verdict.CONTENT);
        return document;
    }

    private static JsonNode json(String text) throws IOException {
        return JSON.readTree(text.replace('\'', '"'));
    }
}
