package openledger.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import openledger.provider.translation.Translation;
import openledger.provider.translation.Translation.Translated;
import openledger.provider.translation.Translation.Untranslatable;
import openledger.provider.translation.Translation.UsageChunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tables of {@code docs/explanation/0005-dialects.md}, from chat completions to the Messages API. Quotes are single ones here.
 *
 * <p>Long because each member has a row, and the rows belong together.
 */
final class MessagesRequestTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CASES = 3_000;
    private static final String USER = "{'role':'user','content':'hi'}";
    private static final String TOOL = "{'type':'function','function':{'name':'f','parameters':{'type':'object'}}}";
    private static final String BASE =
            "'model':'sim','max_tokens':4096," + "'messages':[{'role':'user','content':[{'type':'text','text':'hi'}]}]";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'max_tokens':7 | 'max_tokens':7",
                "'max_completion_tokens':7 | 'max_tokens':7",
                "'max_tokens':7,'max_completion_tokens':7 | 'max_tokens':7",
                "'temperature':0.70 | 'temperature':0.70",
                "'temperature':1 | 'temperature':1",
                "'top_p':0.123456789012345678901 | 'top_p':0.123456789012345678901",
                "'stop':'END' | 'stop_sequences':['END']",
                "'stop':['a','b'] | 'stop_sequences':['a','b']",
                "'stream':true | 'stream':true",
                "'user':'u-1' | 'metadata':{'user_id':'u-1'}",
                "'safety_identifier':'u-1' | 'metadata':{'user_id':'u-1'}",
            })
    void saysAMemberInTheOtherWords(String member, String expected) throws IOException {
        assertThat(translated(withMember(member))).isEqualTo(json("{" + base(expected) + "}"));
        assertThat(bytesOf(withMember(member))).contains(expected.replace('\'', '"'));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'n':1",
                "'n':null",
                "'logprobs':false",
                "'top_logprobs':0",
                "'frequency_penalty':0,'presence_penalty':0.0",
                "'logit_bias':{}",
                "'seed':null",
                "'response_format':{'type':'text'}",
                "'modalities':['text']",
                "'store':false",
                "'metadata':{}",
                "'service_tier':'auto'",
                "'verbosity':'medium'",
                "'reasoning_effort':'none'",
                "'openledger':{'mode':'fast'}",
                "'openledger':{'mode':'confirmed','gate':'dispatch','max_wait_ms':2000}",
                "'stop':null,'tools':null,'tool_choice':null,'stream_options':null,'user':null",
                "'stop':[]",
                "'tools':[],'tool_choice':'auto','parallel_tool_calls':false",
                "'prompt_cache_key':'k'",
                "'never_heard_of':null",
            })
    void leavesOutWhatChangesNothing(String member) throws IOException {
        assertThat(translated(withMember(member))).isEqualTo(json("{" + BASE + "}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "n | 'n':2",
                "n | 'n':'1'",
                "logprobs | 'logprobs':true",
                "top_logprobs | 'top_logprobs':5",
                "response_format.type | 'response_format':{'type':'json_object'}",
                "response_format.json_schema.schema | 'response_format':{'type':'json_schema','json_schema':{}}",
                "audio | 'audio':{'voice':'a'}",
                "modalities | 'modalities':['text','audio']",
                "logit_bias | 'logit_bias':{'50256':-100}",
                "frequency_penalty | 'frequency_penalty':0.1",
                "presence_penalty | 'presence_penalty':-1e400",
                "temperature | 'temperature':1.01",
                "temperature | 'temperature':1e999999999",
                "temperature | 'temperature':-0.1",
                "temperature | 'temperature':'1'",
                "top_p | 'top_p':2",
                "max_tokens | 'max_tokens':0",
                "max_tokens | 'max_tokens':1.5",
                "max_tokens | 'max_tokens':1e999999999",
                "max_tokens | 'max_tokens':99999999999",
                "max_completion_tokens | 'max_tokens':1,'max_completion_tokens':2",
                "stop | 'stop':7",
                "stop[1] | 'stop':['a',7]",
                "stop[1] | 'stop':['a','\\n']",
                "stop | 'stop':' '",
                "stream | 'stream':'yes'",
                "stream_options.include_obfuscation | 'stream_options':{'include_obfuscation':true}",
                "stream_options.x | 'stream_options':{'x':1}",
                "user | 'user':7",
                "safety_identifier | 'user':'a','safety_identifier':'b'",
                "functions | 'functions':[{'name':'f'}]",
                "never_heard_of | 'never_heard_of':0",
                "tools | 'tools':{}",
                "tools[0] | 'tools':[7]",
                "tools[0].type | 'tools':[{'type':'custom','custom':{'name':'f'}}]",
                "tools[0].function | 'tools':[{'type':'function'}]",
                "tools[0].function.name | 'tools':[{'type':'function','function':{}}]",
                "tools[0].function.parameters | 'tools':[{'type':'function','function':{'name':'f','parameters':[]}}]",
                "tools[0].cache_control.type | 'tools':[{'type':'function','function':{'name':'f'},'cache_control':{}}]",
                "tool_choice | 'tool_choice':'required'",
                "tool_choice | 'tool_choice':'whatever'",
                "tool_choice.type | 'tool_choice':{'type':'allowed_tools','allowed_tools':{}}",
                "parallel_tool_calls | 'parallel_tool_calls':1",
                "tools[0].function.parameters.a | 'tools':[{'type':'function','function':{'parameters':{'a':1,'a':2}}}]",
                "n | 'n':1,'n':1",
            })
    void refusesAMemberByItsName(String name, String member) {
        assertThat(refusal(withMember(member)).member()).isEqualTo(name);
        assertThat(refusal(withMember(member)).message()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "messages | []",
                "messages | {}",
                "messages | [{'role':'system','content':'x'}]",
                "messages[0] | [7]",
                "messages[0].role | [{'content':'x'}]",
                "messages[0].role | [{'role':'function','content':'x'}]",
                "messages[0].content | [{'role':'user'}]",
                "messages[0].content | [{'role':'user','content':7}]",
                "messages | [{'role':'user','content':''}]",
                "messages[0].name | [{'role':'user','content':'x','name':'bob'}]",
                "messages[0].content[0].type | [{'role':'user','content':[{'type':'video'}]}]",
                "messages[0].content[1].input_audio |"
                        + " [{'role':'user','content':[{'type':'text','text':'a'},{'type':'input_audio','input_audio':{}}]}]",
                "messages[0].content[0].file | [{'role':'user','content':[{'type':'file','file':{}}]}]",
                "messages[0].content[0].cache_control.type |"
                        + " [{'role':'user','content':[{'type':'text','text':'a','cache_control':{}}]}]",
                "messages[0].content[0].image_url.detail |"
                        + " [{'role':'user','content':[{'type':'image_url','image_url':{'url':'https://a/b','detail':'low'}}]}]",
                "messages[0].content[0].image_url.url |"
                        + " [{'role':'user','content':[{'type':'image_url','image_url':{'url':'file:///etc/passwd'}}]}]",
                "messages[0].content[0].image_url.url |"
                        + " [{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/svg+xml;base64,AAAA'}}]}]",
                "messages[0].content[0].image_url.url |"
                        + " [{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png,AAAA'}}]}]",
                "messages[0].content[0].image_url.url |"
                        + " [{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png;base64,A*=='}}]}]",
                "messages[0].content[0].image_url |"
                        + " [{'role':'system','content':[{'type':'image_url','image_url':{'url':'https://a/b'}}]}]",
                "messages[1].role | [{'role':'user','content':'x'},{'role':'assistant','content':'y'}]",
                "messages[0].role | [{'role':'assistant','refusal':'no'}]",
                "messages[0].audio | [{'role':'assistant','audio':{'id':'a'}}]",
                "messages[0].tool_calls[0].type |"
                        + " [{'role':'assistant','tool_calls':[{'id':'a','type':'custom'}]}]",
                "messages[0].tool_calls[0].id |"
                        + " [{'role':'assistant','tool_calls':[{'type':'function','function':{'name':'f'}}]}]",
                "messages[0].tool_calls[0].function.arguments |"
                        + " [{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f','arguments':'[]'}}]}]",
                "messages[0].tool_calls[0].function.arguments |"
                        + " [{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f','arguments':'{} {}'}}]}]",
                "messages[0].tool_call_id | [{'role':'tool','content':'x'}]",
                "messages[0].role | [{'role':'user','role':'system','content':'x'}]",
            })
    void refusesWhatStandsInAMessageByItsName(String name, String messages) {
        assertThat(refusal("{'model':'m','messages':" + messages + "}").member())
                .isEqualTo(name);
    }

    @Test
    void mergesTurnsOfOneSideAndPutsTheSystemFirst() throws IOException {
        JsonNode out = translated("{'model':'m','messages':["
                + "{'role':'system','content':'be brief'},{'role':'developer','content':[{'type':'text','text':'and kind'}]},"
                + "{'role':'user','content':'a'},{'role':'user','content':[{'type':'text','text':'b'},"
                + "{'type':'image_url','image_url':{'url':'https://example.org/c.png','detail':'auto'}},"
                + "{'type':'image_url','image_url':{'url':'DATA:image/JPG;base64,AAA='}}]},"
                + "{'role':'assistant','content':'','refusal':null,'annotations':[],'reasoning_content':'hm','tool_calls':["
                + "{'id':'t1','type':'function','function':{'name':'f','arguments':'{\\'x\\':1.50}'}},"
                + "{'id':'t2','type':'function','function':{'name':'g','arguments':''}}]},"
                + "{'role':'tool','tool_call_id':'t1','content':'one'},"
                + "{'role':'tool','tool_call_id':'t2','name':'g','content':''},"
                + "{'role':'user','content':'go on'}]}");

        assertThat(out.path("system"))
                .isEqualTo(json("[{'type':'text','text':'be brief'},{'type':'text','text':'and kind'}]"));
        assertThat(out.path("messages"))
                .isEqualTo(json("[{'role':'user','content':[{'type':'text','text':'a'},{'type':'text','text':'b'},"
                        + "{'type':'image','source':{'type':'url','url':'https://example.org/c.png'}},"
                        + "{'type':'image','source':{'type':'base64','media_type':'image/jpeg','data':'AAA='}}]},"
                        + "{'role':'assistant','content':[{'type':'tool_use','id':'t1','name':'f','input':{'x':1.50}},"
                        + "{'type':'tool_use','id':'t2','name':'g','input':{}}]},"
                        + "{'role':'user','content':[{'type':'tool_result','tool_use_id':'t1',"
                        + "'content':[{'type':'text','text':'one'}]},{'type':'tool_result','tool_use_id':'t2'},"
                        + "{'type':'text','text':'go on'}]}]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'tool_choice':'auto' | {'type':'auto'}",
                "'tool_choice':'none' | {'type':'none'}",
                "'tool_choice':'required' | {'type':'any'}",
                "'tool_choice':{'type':'function','function':{'name':'f'}} | {'type':'tool','name':'f'}",
                "'parallel_tool_calls':false | {'type':'auto','disable_parallel_tool_use':true}",
                "'tool_choice':'required','parallel_tool_calls':false | {'type':'any','disable_parallel_tool_use':true}",
                "'tool_choice':'none','parallel_tool_calls':false | {'type':'none'}",
            })
    void saysHowToolsAreToBeUsed(String member, String expected) throws IOException {
        JsonNode out = translated(withMember("'tools':[" + TOOL + "]," + member));

        assertThat(out.path("tool_choice")).isEqualTo(json(expected));
        assertThat(out.path("tools")).isEqualTo(json("[{'name':'f','input_schema':{'type':'object'}}]"));
    }

    @Test
    void givesAFunctionWithoutParametersAnEmptySchema() throws IOException {
        JsonNode out = translated(
                withMember("'tools':[{'type':'function','function':{'name':'f','description':'d','strict':false}}],"
                        + "'parallel_tool_calls':true"));

        assertThat(out.path("tools"))
                .isEqualTo(json("[{'name':'f','description':'d','input_schema':{'type':'object'}}]"));
        assertThat(out.has("tool_choice")).isFalse();
    }

    @Test
    void remembersWhetherTheUsageIsWanted() {
        assertThat(translation(withMember("'stream':true,'stream_options':{'include_usage':true}")))
                .isInstanceOfSatisfying(
                        Translated.class, out -> assertThat(out.usage()).isEqualTo(UsageChunk.SENT));
        assertThat(translation(withMember("'stream_options':{'include_obfuscation':false}")))
                .isInstanceOfSatisfying(
                        Translated.class, out -> assertThat(out.usage()).isEqualTo(UsageChunk.LEFT_OUT));
    }

    @Test
    void passesHalfASurrogatePairOnAsItCame() {
        assertThat(bytesOf("{'messages':[{'role':'user','content':'a\\ud800b'}]}"))
                .containsIgnoringCase("a\\ud800b");
    }

    @Test
    void neverEchoesAValueOrALongName() {
        Untranslatable refused = refusal(withMember("'" + "x".repeat(5_000) + "\\u0007':'secret'"));

        assertThat(refused.member()).hasSizeLessThan(100);
        assertThat(refused.message()).hasSizeLessThan(300).doesNotContain("secret");
    }

    @Test
    void refusesMoreValuesThanThereIsMemoryForATreeOf() {
        String many = "[" + "[],".repeat(300_000) + "[]]";

        assertThat(translation(withMember("'tools':" + many))).isInstanceOf(Untranslatable.class);
        assertThat(refusal(withMember("'tools':" + many)).message()).contains("too many values");
    }

    @Test
    void refusesNestingThatItWouldChokeOn() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        String arguments = "{'x':" + "[".repeat(600) + "]".repeat(600) + "}";

        assertThat(translation(withMember("'tools':" + deep))).isInstanceOf(Untranslatable.class);
        assertThat(refusal(
                                "{'messages':[{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f','arguments':'"
                                        + arguments.replace("'", "\\'") + "'}}]}]}")
                        .member())
                .isEqualTo("messages[0].tool_calls[0].function.arguments");
    }

    @Test
    void neverThrowsWhateverIsDoneToARequest() {
        String whole = withMember("'stream':true,'stream_options':{'include_usage':true},'stop':['a'],'tools':[" + TOOL
                        + "],'tool_choice':{'type':'function','function':{'name':'f'}},'temperature':0.5")
                .replace(
                        USER,
                        USER + ",{'role':'assistant','tool_calls':[{'id':'a','type':'function',"
                                + "'function':{'name':'f','arguments':'{\\'x\\':[1]}'}}]},"
                                + "{'role':'tool','tool_call_id':'a','content':'h\u00e9 \ud83d\ude00'}");
        assertThat(translation(whole)).isInstanceOf(Translated.class);
        for (int seed = 0; seed < CASES; seed++) {
            byte[] bytes = whole.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
            Random random = new Random(seed);
            for (int i = random.nextInt(3); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] =
                        (byte) (random.nextBoolean() ? "{}[]\",:0n\\".charAt(random.nextInt(10)) : random.nextInt());
            }

            assertThat(MessagesRequest.translate(bytes)).as("seed %d", seed).isNotNull();
        }
    }

    private static String withMember(String member) {
        return "{'model':'assistant','messages':[" + USER + "]," + member + "}";
    }

    private static String base(String member) {
        return member.startsWith("'max_tokens'") ? BASE.replace("'max_tokens':4096", member) : BASE + "," + member;
    }

    private static Translation translation(String request) {
        return MessagesRequest.translate(quoted(request).getBytes(StandardCharsets.UTF_8));
    }

    private static Untranslatable refusal(String request) {
        assertThat(translation(request)).isInstanceOf(Untranslatable.class);
        return (Untranslatable) translation(request);
    }

    private static String bytesOf(String request) {
        assertThat(translation(request)).isInstanceOf(Translated.class);
        return ((Translated) translation(request))
                .body("\"sim\"".getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static JsonNode translated(String request) throws IOException {
        return JSON.readTree(bytesOf(request));
    }

    private static JsonNode json(String text) throws IOException {
        return JSON.readTree(quoted(text));
    }

    private static String quoted(String text) {
        return text.replace('\'', '"');
    }
}
