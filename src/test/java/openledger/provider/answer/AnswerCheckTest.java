package openledger.provider.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import openledger.provider.answer.AnswerCheck.Kind;
import openledger.provider.answer.ResponseDecoder.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents that came with the status of an answer. Quotes are single ones here. */
final class AnswerCheckTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "CHAT|{'choices':[{'message':{'content':'Hi'},'finish_reason':'stop'}]}",
                "CHAT|{'error':null,'choices':[{'message':{'content':''},'error':null}]}",
                "CHAT|{'error':{},'choices':[{'index':0}],'x':{'error':{'is':'theirs'}}}",
                "CHAT|{'error':'','choices':[{'message':{'content':'an error: {}'}}]}",
                "EMBEDDINGS|{'data':[{'embedding':[0.1]}]}",
                "TYPED|{'type':'message','content':[]}",
                "TYPED|{'object':'response','status':'incomplete','error':null}",
            })
    void answers(Kind kind, String document) {
        assertThat(finished(kind, document)).isEqualTo(Verdict.CONTENT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "CHAT|{}",
                "CHAT|[]",
                "CHAT|'Hi'",
                "CHAT|<html>",
                "CHAT|{'choices':[]}",
                "CHAT|{'choices':null}",
                "CHAT|{'choices':{'0':1}}",
                "CHAT|{'id':'c','object':'chat.completion'}",
                "CHAT|{'choices':[{'message':{}}],'error':{'message':'late'}}",
                "CHAT|{'id':'c','error':'overloaded','choices':[{'message':{}}]}",
                "CHAT|{'choices':[{'message':{},'finish_reason':'error'}]}",
                "CHAT|{'choices':[{'message':{}},{'error':{'code':502}}]}",
                "CHAT|{'choices':[{'message':{'content':'cut sho",
                "CHAT|{'choices':[{'message':{}}]}{'choices':[]}",
                "EMBEDDINGS|{'data':[]}",
                "EMBEDDINGS|{'object':'list'}",
                "TYPED|{}",
                "TYPED|{'type':'error','error':{'type':'overloaded_error'}}",
                "TYPED|{'object':'response','status':'failed'}",
                "TYPED|{'object':'response','error':{'code':'x'}}",
            })
    void errors(Kind kind, String document) {
        assertThat(finished(kind, document)).isEqualTo(Verdict.ERROR);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "CHAT|{'model':'m-1','choices':[{'message':{'model':'other'}}]}|m-1",
                "CHAT|{'choices':[{'message':{}}],'model':'m-2'}|m-2",
                "TYPED|{'type':'message','model':7}|``",
                "EMBEDDINGS|{'data':[{'model':'other'}]}|``",
            })
    void saysWhichModelItIsOf(Kind kind, String document, String model) {
        DocumentDecoder held = new DocumentDecoder(kind);
        held.hold(Buffer.buffer(json(document)));

        assertThat(held.finish()).isEqualTo(Verdict.CONTENT);
        assertThat(held.model()).isEqualTo(model);
    }

    @Test
    void aLongDocumentThatIsCutIsNotWhole() {
        String beginning = json("{'choices':[{'message':{'content':'" + "x".repeat(ResponseDecoder.MOST_HELD));
        DocumentDecoder cut = new DocumentDecoder(Kind.CHAT);
        DocumentDecoder whole = new DocumentDecoder(Kind.CHAT);
        assertThat(cut.hold(Buffer.buffer(beginning))).isEqualTo(Verdict.CONTENT);
        assertThat(whole.hold(Buffer.buffer(beginning))).isEqualTo(Verdict.CONTENT);
        cut.pass(Buffer.buffer(json("'}}")));
        whole.pass(Buffer.buffer(json("'}}]}\n")));

        assertThat(cut.isWholeAtEnd()).isFalse();
        assertThat(whole.isWholeAtEnd()).isTrue();
    }

    @Test
    void aLongDocumentIsAnErrorIfItsBeginningSaysSo() {
        String filling = "x".repeat(ResponseDecoder.MOST_HELD);

        assertThat(new DocumentDecoder(Kind.CHAT).hold(Buffer.buffer(json("{'error':{'message':'" + filling))))
                .isEqualTo(Verdict.ERROR);
        assertThat(new DocumentDecoder(Kind.CHAT).hold(Buffer.buffer("<html>" + filling)))
                .isEqualTo(Verdict.ERROR);
    }

    private static Verdict finished(Kind kind, String document) {
        DocumentDecoder held = new DocumentDecoder(kind);
        held.hold(Buffer.buffer(json(document).getBytes(StandardCharsets.UTF_8)));
        return held.finish();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
