package openledger.provider.anthropic;

import static openledger.provider.ChatTranslations.body;
import static openledger.provider.ChatTranslations.json;
import static openledger.provider.ChatTranslations.refused;
import static openledger.provider.ChatTranslations.translated;
import static openledger.provider.ChatTranslations.withMember;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import openledger.provider.translation.OpaqueId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Members of a chat request that have an equal in the Messages API, or only steer how an answer is made. */
final class MessagesMembersTest {
    private static final String FORMAT = "'response_format':{'type':'json_schema','json_schema':{'name':'n','schema':";
    private static final String TOOL = "'tools':[{'type':'function','function':{'name':'f','strict':true,'parameters':";

    @ParameterizedTest
    @CsvSource({"minimal, low", "low, low", "medium, medium", "high, high", "xhigh, xhigh", "max, max"})
    void saysTheEffort(String effort, String said) throws IOException {
        JsonNode out = body(withMember("'reasoning_effort':'" + effort + "'"));

        assertThat(out.path("output_config")).isEqualTo(json("{'effort':'" + said + "'}"));
        assertThat(out.has("thinking")).isFalse();
    }

    @Test
    void saysASchemaAndTheEffortInOnePlace() throws IOException {
        JsonNode out = body(
                withMember(
                        "'reasoning_effort':'low'," + FORMAT
                                + "{'type':'object','properties':{'a':{'type':'string'}},'additionalProperties':false},'strict':true}}"));

        assertThat(out.path("output_config"))
                .isEqualTo(json("{'effort':'low','format':{'type':'json_schema','schema':{'type':'object',"
                        + "'properties':{'a':{'type':'string'}},'additionalProperties':false}}}"));
    }

    @Test
    void narrowsASchemaThatDoesNotSayWhetherThereMayBeMoreMembers() throws IOException {
        JsonNode out = body(withMember(FORMAT
                + "{'$schema':'https://json-schema.org/draft/2020-12/schema','$defs':{'d':{'properties':{}}},'type':['object','null'],'properties':{'a':{'type':'array','items':"
                + "{'anyOf':[{'type':'object'},{'$ref':'#/$defs/d'}]}}}},'description':'what for'}}"));

        assertThat(out.path("output_config").path("format").path("schema"))
                .isEqualTo(json("{'$defs':{'d':{'properties':{},'additionalProperties':false}},"
                        + "'type':['object','null'],'properties':{'a':{'type':'array','items':{'anyOf':["
                        + "{'type':'object','additionalProperties':false},{'$ref':'#/$defs/d'}]}}},"
                        + "'additionalProperties':false,'description':'what for'}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "properties.a.minimum | {'type':'object','properties':{'a':{'type':'integer','minimum':1}}}",
                "properties.a.maxLength | {'type':'object','properties':{'a':{'type':'string','maxLength':9}}}",
                "properties.a.minItems | {'type':'object','properties':{'a':{'type':'array','minItems':2}}}",
                "properties.a.format | {'type':'object','properties':{'a':{'type':'string','format':'color'}}}",
                "properties.a | {'type':'object','properties':{'a':true}}",
                "additionalProperties | {'type':'object','additionalProperties':true}",
                "additionalProperties | {'type':'object','additionalProperties':{'type':'string'}}",
                "anyOf[1].not | {'anyOf':[{'type':'string'},{'not':{}}]}",
                "allOf | {'allOf':[{'type':'string'}]}",
                "items | {'type':'array','items':[]}",
                "$ref | {'$ref':'https://example.org/schema'}",
                "$ref | {'$ref':'#'}",
                "properties.a.$ref | {'type':'object','properties':{'a':{'$ref':'#/properties/a'}}}",
                "$defs.d.properties.e.$ref |"
                        + " {'$defs':{'d':{'type':'object','properties':{'e':{'$ref':'#/$defs/d'}}}},'$ref':'#/$defs/d'}",
            })
    void refusesByItsNameWhatASchemaCannotSay(String member, String schema) {
        assertThat(refused(withMember(FORMAT + schema + "}}")).member())
                .isEqualTo("response_format.json_schema.schema." + member);
        assertThat(refused(withMember(TOOL + schema + "}}]")).member())
                .isEqualTo("tools[0].function.parameters." + member);
    }

    @Test
    void findsSchemasThatReferToEachOther() {
        String schema = "{'$defs':{'a':{'anyOf':[{'$ref':'#/$defs/b'},{'type':'null'}]},"
                + "'b':{'type':'array','items':{'$ref':'#/$defs/a'}}},'type':'object','properties':{}}";

        assertThat(refused(withMember(FORMAT + schema + "}}")).message()).contains("refer to itself");
    }

    @Test
    void followsManyReferencesOnce() throws IOException {
        StringBuilder schema = new StringBuilder("{'$defs':{'d0':{'type':'string'}");
        for (int i = 1; i < 200; i++) {
            String before = "{'$ref':'#/$defs/d" + (i - 1) + "'}";
            schema.append(",'d" + i + "':{'anyOf':[" + before + "," + before + "]}");
        }
        schema.append("},'$ref':'#/$defs/d199'}");

        assertThat(body(withMember(FORMAT + schema + "}}"))
                        .path("output_config")
                        .has("format"))
                .isTrue();
    }

    @Test
    void saysThatAToolIsStrict() throws IOException {
        JsonNode out = body(
                withMember(
                        TOOL + "{'type':'object','properties':{'a':{'type':'object'}}}}},"
                                + "{'type':'function','function':{'name':'g','strict':true}},"
                                + "{'type':'function','function':{'name':'h','strict':false,'parameters':{'type':'object','minProperties':1}}}]"));

        assertThat(out.path("tools"))
                .isEqualTo(json(
                        "[{'name':'f','strict':true,'input_schema':{'type':'object','properties':{'a':{'type':'object',"
                                + "'additionalProperties':false}},'additionalProperties':false}},"
                                + "{'name':'g','strict':true,'input_schema':{'type':'object','additionalProperties':false}},"
                                + "{'name':'h','input_schema':{'type':'object','minProperties':1}}]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"f.g", "", "\u00e9"})
    void refusesANameOfAFunctionThatTheProviderWouldRefuse(String name) {
        assertThat(refused(withMember("'tools':[{'type':'function','function':{'name':'" + name + "'}}]"))
                        .member())
                .isEqualTo("tools[0].function.name");
    }

    @Test
    void saysWhereThePromptMayBeCached() throws IOException {
        String control = "'cache_control':{'type':'ephemeral','ttl':'1h'}";
        JsonNode out =
                body("{'model':'m'," + control + ",'tools':[{'type':'function','function':{'name':'f'}," + control
                        + "}],'messages':[{'role':'system','content':'s'," + control
                        + "},{'role':'user','content':[{'type':'text','text':'a'," + control
                        + "},{'type':'image_url','image_url':{'url':'https://a/b'}," + control
                        + "},{'type':'text','text':' '," + control
                        + "}]},{'role':'assistant','tool_calls':[{'id':'t','function':"
                        + "{'name':'f','arguments':'{}'}}]},{'role':'tool','tool_call_id':'t','content':'r'," + control
                        + "}]}");

        assertThat(out.path("cache_control")).isEqualTo(json("{'type':'ephemeral','ttl':'1h'}"));
        assertThat(out.path("tools").get(0).has("cache_control")).isTrue();
        assertThat(out.path("system").get(0).has("cache_control")).isTrue();
        assertThat(out.path("messages").get(0).path("content"))
                .isEqualTo(json("[{'type':'text','text':'a'," + control
                        + "},{'type':'image','source':{'type':'url','url':'https://a/b'}," + control + "}]"));
        assertThat(out.path("messages").get(2).path("content").get(0).has("cache_control"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "seed | 'seed':1",
                "seed | 'seed':-99999999999999999999",
                "metadata | 'metadata':{'a':'b'}",
                "store | 'store':true",
                "service_tier | 'service_tier':'flex'",
                "prompt_cache_retention | 'prompt_cache_retention':'24h'",
                "prediction | 'prediction':{'type':'content','content':'x'}",
                "reasoning_effort | 'reasoning_effort':'none'",
            })
    void dropsWithANoteWhatOnlySteers(String name, String member) throws IOException {
        assertThat(translated(withMember(member)).dropped()).containsExactly(name);
        assertThat(body(withMember(member))).isEqualTo(body(withMember("'n':1")));
    }

    @Test
    void notesEachMemberOnceAndInOrder() {
        String schema = FORMAT + "{'type':'object','description':'a'},'description':'b'}}";

        assertThat(translated(withMember("'store':true,'seed':1," + schema)).dropped())
                .containsExactly("store", "seed", "response_format.json_schema.description");
        assertThat(translated(withMember("'seed':null,'store':false,'n':1")).dropped())
                .isEqualTo(List.of());
    }

    @Test
    void hidesAUserThatTheProviderWouldRefuseToBeTold() throws IOException {
        for (String user : List.of("ann@example.org", "+41 44 668 18 00", "u".repeat(257))) {
            String said = body(withMember("'user':'" + user + "'"))
                    .path("metadata")
                    .path("user_id")
                    .asText();

            assertThat(said).matches("[A-Za-z0-9_-]{43}").isEqualTo(OpaqueId.of(user));
        }
        assertThat(body(withMember("'user':'" + "u".repeat(256) + "'"))
                        .path("metadata")
                        .path("user_id")
                        .asText())
                .hasSize(256);
        assertThat(body(withMember("'user':' '")).has("metadata")).isFalse();
    }
}
