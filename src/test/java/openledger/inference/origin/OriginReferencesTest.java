package openledger.inference.origin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import openledger.inference.origin.OriginReferences.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a body only its maker can go on with. */
final class OriginReferencesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'previous_response_id':'a','input':'x'}; previous_response_id; a",
                "{'input':'x','previous_response_id':'\\u0061'}; previous_response_id; a",
                "{'conversation':'a'}; conversation; a",
                "{'conversation':{'x':[1],'id':'a'}}; conversation; a",
                "{'input':[{'type':'item_reference','id':'a'}]}; input[0].id; a",
                "{'input':[{'id':'a'}]}; input[0].id; a",
                "{'input':[{'type':null,'id':'a'}]}; input[0].id; a",
                "{'input':['x',{'role':'user','content':'x'},{'type':'reasoning','id':'a','summary':[]}]}; input[2].id; a",
                "{'input':[{'encrypted_content':'a','type':'reasoning'}]}; input[0].encrypted_content; a",
                "{'input':[{'encrypted_content':'a','type':'compaction'}]}; input[0].encrypted_content; a",
                "{'input':[{'type':'mcp_approval_response','approval_request_id':'a','id':'b'}]}; input[0].approval_request_id; a",
                "{'tools':[{'type':'code_interpreter','container':'a'}]}; tools[0].container; a",
                "{'input':[{'type':'image_generation_call','id':'a'}]}; input[0].id; a",
                "{'input':[{'id':'a','content':null}]}; input[0].id; a",
                "{'input':[{'type':'code_interpreter_call','id':'b','code':'x','container_id':'a'}]}; input[0].container_id; a",
            })
    void isFoundWhereverItStands(String body, String member, String name) {
        assertThat(in(body)).containsExactly(new Reference(member, name));
    }

    @Test
    void anEncryptedItemIsKnownByItsTextAlone() {
        assertThat(in("{'input':[{'type':'reasoning','id':'b','encrypted_content':'a'}]}"))
                .containsExactly(new Reference("input[0].encrypted_content", "a"));
    }

    @Test
    void ofTwoWaysToReferToSomethingBothCount() {
        assertThat(in("{'input':[{'type':'item_reference','id':'a','encrypted_content':'b'},"
                        + "{'type':'item_reference','id':'c','id':'d'}]}"))
                .extracting(Reference::name)
                .containsExactly("a", "b", "c", "d");
        assertThat(in("{'conversation':{'id':'a','id':'b'}}"))
                .extracting(Reference::name)
                .containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'input':'previous_response_id'}",
                "{'input':[{'type':'image_generation_call','id':'ig_1','result':'aGk='}]}",
                "{'previous_response_id':null,'conversation':null,'input':null,'tools':null}",
                "{'previous_response_id':'','conversation':{'id':''}}",
                "{'metadata':{'previous_response_id':'a','conversation':'b'}}",
                "{'input':[{'role':'user','content':[{'encrypted_content':'a','id':'b'}]}]}",
                "{'input':[{'type':'message','id':'msg_1','role':'assistant','content':[]}]}",
                "{'input':[{'type':'function_call','id':'fc_1','call_id':'c'},{'type':'function_call_output','call_id':'c'}]}",
                "{'input':[{'type':'reasoning','summary':[],'encrypted_content':null}]}",
                "{'tools':[{'type':'code_interpreter','container':{'type':'auto'}}]}",
            })
    void whatSaysItselfWhatItIsCanGoAnywhere(String body) {
        assertThat(in(body)).isEmpty();
    }

    @Test
    void ofVeryManyTheLastCount() {
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < 2 * OriginReferences.MOST; i++) {
            items.append(i == 0 ? "" : ",")
                    .append("{'type':'item_reference','id':'")
                    .append(i)
                    .append("'}");
        }

        assertThat(in("{'input':[" + items + "]}"))
                .hasSize(OriginReferences.MOST)
                .last()
                .isEqualTo(new Reference("input[1023].id", "1023"));
    }

    private static List<Reference> in(String body) {
        return OriginReferences.in(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8))
                .all();
    }
}
