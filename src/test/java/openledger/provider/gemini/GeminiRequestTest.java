package openledger.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import openledger.inference.upstream.AnswerForm;
import openledger.provider.translation.Translation;
import openledger.provider.translation.Translation.Translated;
import openledger.provider.translation.Translation.Untranslatable;
import openledger.provider.translation.Translation.UsageChunk;
import openledger.routing.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a chat request comes to in Gemini's API, in JSON with single quotes; what has no equal is refused by its name. Long because all that
 * can be said and all that cannot is read best as one list.
 */
final class GeminiRequestTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SKIP = "skip_thought_signature_validator";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "gemini-3|PLAIN|/models/gemini-3:generateContent",
                "gemini-3|STREAM|/models/gemini-3:streamGenerateContent?alt=sse",
                "tunedModels/mine|PLAIN|/tunedModels/mine:generateContent",
                "a b?c|PLAIN|/models/a%20b%3Fc:generateContent",
            })
    void theAddressNamesModelAndForm(String model, AnswerForm form, String path) {
        assertThat(new GeminiDialect().path(Operation.CHAT, form, model)).isEqualTo(path);
    }

    @Test
    void turnsBecomeContentsAndTheSystemStandsBeforeThem() throws IOException {
        JsonNode said = body(messages("{'role':'system','content':'Be brief.'},{'role':'user','content':'a'},"
                + "{'role':'user','content':[{'type':'text','text':'b'},{'type':'text','text':''}]},"
                + "{'role':'assistant','content':'c','refusal':null,'reasoning_content':'left over'},"
                + "{'role':'developer','content':'Be kind.'},{'role':'user','content':'d'}"));

        assertThat(said)
                .isEqualTo(json("{'systemInstruction':{'parts':[{'text':'Be brief.'},{'text':'Be kind.'}]},'contents':["
                        + "{'role':'user','parts':[{'text':'a'},{'text':'b'}]},{'role':'model','parts':[{'text':'c'}]},"
                        + "{'role':'user','parts':[{'text':'d'}]}]}"));
    }

    @Test
    void callsAndResultsFindEachOtherAndKeepTheSignature() throws IOException {
        JsonNode said =
                body(messages("{'role':'user','content':'weather?'},{'role':'assistant','content':null,'tool_calls':["
                        + "{'id':'a/1','type':'function','function':{'name':'weather','arguments':'{\\'city\\':\\'Bern\\'}'},"
                        + "'extra_content':{'google':{'thought_signature':'c2ln'}}},"
                        + "{'id':'b','type':'function','function':{'name':'time','arguments':''}}]},"
                        + "{'role':'tool','tool_call_id':'b','content':'noon'},"
                        + "{'role':'tool','tool_call_id':'a/1','content':[{'type':'text','text':'{}'}]}"));
        String id = said.at("/contents/1/parts/0/functionCall/id").asText();

        assertThat(id).matches("[A-Za-z0-9_-]{1,64}");
        assertThat(said.path("contents"))
                .isEqualTo(json("[{'role':'user','parts':[{'text':'weather?'}]},{'role':'model','parts':["
                        + "{'functionCall':{'id':'" + id
                        + "','name':'weather','args':{'city':'Bern'}},'thoughtSignature':'c2ln'},"
                        + "{'functionCall':{'id':'b','name':'time','args':{}}}]},{'role':'user','parts':["
                        + "{'functionResponse':{'id':'b','name':'time','response':{'output':'noon'}}},"
                        + "{'functionResponse':{'id':'" + id + "','name':'weather','response':{'output':'{}'}}}]}]"));
    }

    /** Models from Gemini 3 on refuse a call of somebody else's that has no signature. */
    @Test
    void theFirstCallOfAnotherModelSaysThatItHasNoSignature() throws IOException {
        JsonNode parts = body(messages(
                        "{'role':'user','content':'x'},{'role':'assistant','tool_calls':["
                                + "{'id':'a','type':'function','function':{'name':'f','arguments':'{}'}},"
                                + "{'id':'b','type':'function','function':{'name':'f','arguments':'{}'}}]},"
                                + "{'role':'tool','tool_call_id':'a','content':''},{'role':'tool','tool_call_id':'b','content':''}"))
                .at("/contents/1/parts");

        assertThat(parts.at("/0/thoughtSignature").asText()).isEqualTo(SKIP);
        assertThat(parts.get(1).has("thoughtSignature")).isFalse();
    }

    @Test
    void imagesStandInTheRequestOrInTheirAddress() throws IOException {
        JsonNode parts = body(messages("{'role':'user','content':["
                        + "{'type':'image_url','image_url':{'url':'data:image/jpg;base64,AAAA','detail':'auto'}},"
                        + "{'type':'image_url','image_url':{'url':'https://x.org/a.PNG?v=1'}}]}"))
                .at("/contents/0/parts");

        assertThat(parts)
                .isEqualTo(json("[{'inlineData':{'mimeType':'image/jpeg','data':'AAAA'}},"
                        + "{'fileData':{'mimeType':'image/png','fileUri':'https://x.org/a.PNG?v=1'}}]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'temperature':1.5|{'temperature':1.5}",
                "'top_p':0.5,'seed':7|{'topP':0.5,'seed':7}",
                "'max_tokens':5,'max_completion_tokens':5|{'maxOutputTokens':5}",
                "'stop':'x'|{'stopSequences':['x']}",
                "'stop':['x','y']|{'stopSequences':['x','y']}",
                "'n':2|{'candidateCount':2}",
                "'presence_penalty':0.5,'frequency_penalty':0|{'presencePenalty':0.5}",
                "'response_format':{'type':'json_object'}|{'responseMimeType':'application/json'}",
                "'reasoning_effort':'low'|{'thinkingConfig':{'thinkingLevel':'LOW'}}",
            })
    void whatSteersTheAnswerIsConfiguration(String members, String config) throws IOException {
        assertThat(body(member(members)).path("generationConfig")).isEqualTo(json(config));
    }

    @Test
    void aSchemaIsSaidAsItIs() throws IOException {
        JsonNode config = body(member("'response_format':{'type':'json_schema','json_schema':{'name':'a','strict':true,"
                        + "'description':'what','schema':{'$schema':'x','type':'object','properties':{'b':{'type':['string','null'],"
                        + "'default':null},'c':{'$ref':'#/$defs/d'}},'required':['b'],'additionalProperties':false,"
                        + "'$defs':{'d':{'enum':['x',1]}}}}}"))
                .path("generationConfig");

        assertThat(config)
                .isEqualTo(json(
                        "{'responseMimeType':'application/json','responseJsonSchema':{'type':'object','properties':{"
                                + "'b':{'type':['string','null']},'c':{'$ref':'#/$defs/d'}},'required':['b'],'additionalProperties':false,"
                                + "'$defs':{'d':{'enum':['x',1]}},'description':'what'}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "-|-",
                "'auto'|{'mode':'AUTO'}",
                "'none'|{'mode':'NONE'}",
                "'required'|{'mode':'ANY'}",
                "{'type':'function','function':{'name':'f'}}|{'mode':'ANY','allowedFunctionNames':['f']}",
            })
    void functionsAreDeclaredAndChosen(String choice, String config) throws IOException {
        JsonNode said = body(member("'tools':[{'type':'function','function':{'name':'f','description':'d','parameters':"
                + "{'type':'object','properties':{'a':{'type':'string','minLength':1}}}}}]"
                + (choice == null ? "" : ",'tool_choice':" + choice)));

        assertThat(said.path("tools"))
                .isEqualTo(json("[{'functionDeclarations':[{'name':'f','description':'d','parametersJsonSchema':"
                        + "{'type':'object','properties':{'a':{'type':'string','minLength':1}}}}]}]"));
        assertThat(said.at("/toolConfig/functionCallingConfig"))
                .isEqualTo(
                        config == null ? com.fasterxml.jackson.databind.node.MissingNode.getInstance() : json(config));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'type':'object'}",
                "{'type':'object','properties':{},'required':[],'additionalProperties':false}",
            })
    void aFunctionWithoutParametersDeclaresNone(String parameters) throws IOException {
        assertThat(body(member("'tools':[{'type':'function','function':{'name':'f','parameters':" + parameters + "}}]"))
                        .path("tools"))
                .isEqualTo(json("[{'functionDeclarations':[{'name':'f'}]}]"));
    }

    @Test
    void aResultWithoutItsCallIsSaidByItsName() throws IOException {
        assertThat(body(messages(
                                "{'role':'user','content':'a'},{'role':'tool','tool_call_id':'x','name':'f','content':'y'}"))
                        .at("/contents/1/parts/0/functionResponse/name")
                        .asText())
                .isEqualTo("f");
    }

    @Test
    void aStrictFunctionHasItsCallsValidated() throws IOException {
        JsonNode said = body(member("'tools':[{'type':'function','function':{'name':'f','strict':true}}]"));

        assertThat(said.at("/toolConfig/functionCallingConfig/mode").asText()).isEqualTo("VALIDATED");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'user':'u'|user",
                "'seed':99999999999|seed",
                "'store':true|store",
                "'service_tier':'flex'|service_tier",
                "'reasoning_effort':'none'|reasoning_effort",
                "'cache_control':{'type':'ephemeral'}|cache_control",
                "'tools':[{'type':'function','cache_control':{},'function':{'name':'f','cache_control':{}}}]|cache_control",
            })
    void whatOnlySteersIsLeftOutWithANote(String members, String noted) {
        assertThat(translated(member(members)).dropped()).containsExactly(noted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'n':1,'logprobs':false,'top_logprobs':0,'logit_bias':{},'functions':[],'modalities':['text']",
                "'parallel_tool_calls':false,'tool_choice':'auto','tools':[]",
                "'temperature':null,'openledger':{},'prompt_cache_key':'k','stop':[],'response_format':{'type':'text'}",
                "'frequency_penalty':0,'verbosity':'medium','service_tier':'auto','store':false,'metadata':{}",
            })
    void whatChangesNothingIsNotSaid(String members) throws IOException {
        assertThat(body(member(members))).isEqualTo(body(member("'stream':true")));
        assertThat(translated(member(members)).dropped()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'logprobs':true|logprobs",
                "'logit_bias':{'1':2}|logit_bias",
                "'n':9|n",
                "'temperature':3|temperature",
                "'top_p':'x'|top_p",
                "'max_tokens':0|max_tokens",
                "'max_tokens':1,'max_completion_tokens':2|max_completion_tokens",
                "'presence_penalty':3|presence_penalty",
                "'seed':'x'|seed",
                "'stop':''|stop",
                "'stop':['a','b','c','d','e','f']|stop",
                "'stream_options':{'x':1}|stream_options.x",
                "'reasoning_effort':'xhigh'|reasoning_effort",
                "'audio':{'voice':'x'}|audio",
                "'new_member':1|new_member",
                "'verbosity':'low'|verbosity",
                "'response_format':{'type':'grammar'}|response_format.type",
                "'response_format':{'type':'json_object','x':1}|response_format.x",
                "'tool_choice':'required'|tool_choice",
                "'tools':[{'type':'custom'}]|tools[0].type",
                "'tools':[{'type':'function','function':{'name':'1f'}}]|tools[0].function.name",
                "'tools':[{'type':'function','function':{'name':'f','x':1}}]|tools[0].function.x",
                "'tools':[{'type':'function','function':{'name':'f'}}],'parallel_tool_calls':false|parallel_tool_calls",
                "'tools':[{'type':'function','function':{'name':'f','strict':true,'parameters':{'pattern':'x'}}}]"
                        + "|tools[0].function.parameters.pattern",
            })
    void aMemberWithoutAnEqualIsRefusedByItsName(String members, String named) {
        assertThat(refused(member(members)).member()).isEqualTo(named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "minLength",
                "maxLength",
                "pattern",
                "oneOf",
                "allOf",
                "not",
                "const",
                "multipleOf",
                "uniqueItems"
            })
    void aKeywordThatGeminiWouldIgnoreIsRefused(String keyword) {
        assertThat(refused(schema("{'type':'object','properties':{'a':{'" + keyword + "':1}}}"))
                        .member())
                .isEqualTo("response_format.json_schema.schema.properties.a." + keyword);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'format':'email'}|format",
                "{'enum':[true]}|enum[0]",
                "{'$ref':'https://x.org'}|$ref",
                "{'$ref':'#','description':'x'}|description",
                "{'items':true}|items",
                "{'anyOf':[{'if':{}}]}|anyOf[0].if",
            })
    void aSchemaThatWouldMeanSomethingElseIsRefused(String schema, String named) {
        assertThat(refused(schema(schema)).member()).isEqualTo("response_format.json_schema.schema." + named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'role':'user','content':''}|messages",
                "{'role':'user','content':'a'},{'role':'assistant','content':'b'}|messages[1].role",
                "{'role':'function','content':'a'}|messages[0].role",
                "{'role':'user','content':'a','name':'b'}|messages[0].name",
                "{'role':'user','content':7}|messages[0].content",
                "{'role':'user','content':[{'type':'input_audio','input_audio':{}}]}|messages[0].content[0].input_audio",
                "{'role':'user','content':[{'type':'file','file':{}}]}|messages[0].content[0].file",
                "{'role':'user','content':[{'type':'video'}]}|messages[0].content[0].type",
                "{'role':'system','content':[{'type':'image_url','image_url':{'url':'x'}}]}|messages[0].content[0].image_url",
                "{'role':'user','content':[{'type':'image_url','image_url':{'url':'http://x.org/a.png'}}]}"
                        + "|messages[0].content[0].image_url.url",
                "{'role':'user','content':[{'type':'image_url','image_url':{'url':'https://x.org/a'}}]}"
                        + "|messages[0].content[0].image_url.url",
                "{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/gif;base64,AAAA'}}]}"
                        + "|messages[0].content[0].image_url.url",
                "{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png;base64,*'}}]}"
                        + "|messages[0].content[0].image_url.url",
                "{'role':'user','content':[{'type':'image_url','image_url':{'url':'https://x.org/a.png','detail':'high'}}]}"
                        + "|messages[0].content[0].image_url.detail",
                "{'role':'user','content':'a'},{'role':'tool','tool_call_id':'x','content':'y'}|messages[1].tool_call_id",
                "{'role':'assistant','tool_calls':[{'id':'a','type':'custom','function':{'name':'f'}}]}"
                        + "|messages[0].tool_calls[0].type",
                "{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f','arguments':'[]'}}]}"
                        + "|messages[0].tool_calls[0].function.arguments",
                "{'role':'assistant','audio':{'id':'x'}}|messages[0].audio",
            })
    void aMessageThatCannotBeSaidIsRefusedByItsName(String messages, String named) {
        assertThat(refused(messages(messages)))
                .satisfies(no -> assertThat(no.member()).isEqualTo(named))
                .satisfies(no -> assertThat(no.message()).doesNotContain("Messages API"));
    }

    @Test
    void theStreamIsNotInTheBodyAndItsUsageIsToldIfAskedFor() throws IOException {
        Translated said = translated(member("'stream':true,'stream_options':{'include_usage':true}"));

        assertThat(said.usage()).isEqualTo(UsageChunk.SENT);
        assertThat(JSON.readTree(said.body().getBytes())).isEqualTo(body(member("'n':1")));
        assertThat(said.body()).isEqualTo(said.body());
    }

    /** Whatever a client sends is translated or refused, never a bug. */
    @Test
    void anyBytesAreTranslatedOrRefused() {
        byte[] good = quoted(member(
                        "'tools':[{'type':'function','function':{'name':'f'}}],'response_format':{'type':'text'}"))
                .getBytes(StandardCharsets.UTF_8);
        for (int seed = 0; seed < 5_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = good.clone();
            for (int i = 0; i < 1 + seed % 4; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(128);
            }
            assertThat(GeminiRequest.translate(bytes)).as("seed %d", seed).isNotNull();
        }
    }

    private static String messages(String messages) {
        return "{'model':'assistant','messages':[" + messages + "]}";
    }

    private static String member(String member) {
        return "{'model':'assistant','messages':[{'role':'user','content':'hi'}]," + member + "}";
    }

    private static String schema(String schema) {
        return member("'response_format':{'type':'json_schema','json_schema':{'name':'a','schema':" + schema + "}}");
    }

    private static Translated translated(String chat) {
        Translation translation = GeminiRequest.translate(quoted(chat).getBytes(StandardCharsets.UTF_8));
        assertThat(translation).as(chat).isInstanceOf(Translated.class);
        return (Translated) translation;
    }

    private static JsonNode body(String chat) throws IOException {
        return JSON.readTree(translated(chat).body().getBytes());
    }

    private static Untranslatable refused(String chat) {
        Translation translation = GeminiRequest.translate(quoted(chat).getBytes(StandardCharsets.UTF_8));
        assertThat(translation).as(chat).isInstanceOf(Untranslatable.class);
        return (Untranslatable) translation;
    }

    private static JsonNode json(String text) throws IOException {
        return JSON.readTree(quoted(text));
    }

    private static String quoted(String text) {
        return text.replace("\\'", "\\\"").replace('\'', '"');
    }
}
