package openledger.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By which names an answer can be referred to, whatever pieces it comes in. */
final class AnswerNamesTest {
    private static final String RESPONSE =
            ("{'object':'response','id':'resp_1','conversation':{'id':'conv_1'},'metadata':{'id':'no'},"
                            + "'previous_response_id':'no','error':null,'output':[{'id':'rs_1','type':'reasoning','summary':[{'id':'no'}],"
                            + "'encrypted_content':'s\\u00e9aled'},{'type':'code_interpreter_call','container_id':'cntr_1','id':'ci_1',"
                            + "'outputs':[{'output':[{'id':'no'}]}]}],'tools':[{'id':'no'}],'usage':{'output':[{'id':'no'}]}}")
                    .replace('\'', '"');
    private static final List<String> NAMES = List.of("resp_1", "conv_1", "rs_1", "s\u00e9aled", "cntr_1", "ci_1");

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64, 10_000})
    void areFoundInADocument(int piece) {
        assertThat(in(RESPONSE, piece)).isEqualTo(NAMES);
    }

    @Test
    void areFoundInAnEvent() {
        assertThat(in("{\"type\":\"response.completed\",\"response\":" + RESPONSE + "}", 50))
                .isEqualTo(NAMES);
    }

    @Test
    void aConversationMayBeItsIdAlone() {
        assertThat(in("{\"conversation\":\"conv_1\"}", 5)).containsExactly("conv_1");
    }

    @Test
    void whatIsNoAnswerHasNone() {
        assertThat(in("[{\"id\":\"x\"}]", 3)).isEmpty();
        assertThat(in("<html>", 3)).isEmpty();
        assertThat(in("{\"x\":{\"response\":{\"id\":\"x\"}}}", 3)).isEmpty();
    }

    @Test
    void areBounded() {
        String items = "{\"id\":\"a\"},".repeat(2_000);
        assertThat(in("{\"output\":[" + items + "{}]}", 1_000)).hasSize(512);
        assertThat(in("{\"id\":\"a\",\"x\":\"" + "x".repeat(3 << 20) + "\",\"conversation\":\"b\"}", 60_000))
                .containsExactly("a");
    }

    @Test
    void ofAStreamAreToldAtItsBeginningAndAtItsEnd() {
        List<String> names = new ArrayList<>();
        ResponsesStream stream = new ResponsesStream(names::add);

        stream.hold(
                Buffer.buffer(
                        "data: {\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\"model\":\"m\",\"output\":[]}}\n\n"));
        assertThat(names).containsExactly("resp_1");
        stream.hold(Buffer.buffer("data: {\"type\":\"response.completed\",\"response\":" + RESPONSE + "}\n\n"));

        assertThat(names).containsAll(NAMES);
    }

    private static List<String> in(String json, int piece) {
        List<String> names = new ArrayList<>();
        AnswerNames reader = new AnswerNames(names::add);
        Buffer all = Buffer.buffer(json);
        for (int i = 0; i < all.length(); i += piece) {
            reader.accept(all.slice(i, Math.min(all.length(), i + piece)));
        }
        return names;
    }
}
