package openledger.provider.anthropic;

import static openledger.provider.ChatTranslations.body;
import static openledger.provider.ChatTranslations.json;
import static openledger.provider.ChatTranslations.refused;
import static openledger.provider.ChatTranslations.withMessages;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Conversations as clients send them back: ids of other providers, blank texts, and what is left over of answers. Long because each
 * kind has a row.
 */
final class MessagesLeftoversTest {
    private static final int CASES = 500;
    private static final String USER = "{'role':'user','content':'hi'}";

    @ParameterizedTest
    @ValueSource(strings = {"call:1/2", "functions.search:0", "a b", "\u00e9", "", "x+y=", "call_\ud83d\ude00"})
    void givesAForeignIdALegalOneOnBothSides(String id) throws IOException {
        String used = idOf(messages(id).get(1).path("content").get(0), "id");

        assertThat(used).matches("[a-zA-Z0-9_-]{1,64}");
        assertThat(idOf(messages(id).get(2).path("content").get(0), "tool_use_id"))
                .isEqualTo(used);
        assertThat(idOf(messages(id).get(1).path("content").get(0), "id")).isEqualTo(used);
    }

    @Test
    void givesALongIdAShortOneAndLeavesALegalOneAsItIs() throws IOException {
        assertThat(idOf(messages("a".repeat(65)).get(1).path("content").get(0), "id"))
                .hasSizeLessThanOrEqualTo(64);
        for (String legal : List.of("a".repeat(64), "call_abcDEF-123", "toolu_01", "0", "-")) {
            assertThat(idOf(messages(legal).get(1).path("content").get(0), "id"))
                    .isEqualTo(legal);
            assertThat(idOf(messages(legal).get(2).path("content").get(0), "tool_use_id"))
                    .isEqualTo(legal);
        }
    }

    @Test
    void givesNoTwoCallsOneIdNotEvenIfAClientNamesOneAsWeWould() throws IOException {
        String foreign = "call:1";
        String ours = idOf(messages(foreign).get(1).path("content").get(0), "id");

        JsonNode both = body(withMessages(USER + "," + calls(foreign, ours) + "," + result(ours, "second") + ","
                        + result(foreign, "first")))
                .path("messages");

        JsonNode uses = both.get(1).path("content");
        JsonNode results = both.get(2).path("content");
        assertThat(idOf(uses.get(1), "id")).isEqualTo(ours);
        assertThat(idOf(uses.get(0), "id")).isNotEqualTo(ours).matches("[a-zA-Z0-9_-]{1,64}");
        assertThat(idOf(results.get(0), "tool_use_id")).isEqualTo(ours);
        assertThat(idOf(results.get(1), "tool_use_id")).isEqualTo(idOf(uses.get(0), "id"));
    }

    /** Some servers number the calls of each answer anew; the Messages API refuses an id that is there twice. */
    @Test
    void tellsCallsOfOneIdApartAndGivesEachItsResult() throws IOException {
        JsonNode messages = body(withMessages(USER + "," + calls("0", "0") + "," + result("0", "one") + ","
                        + result("0", "two") + "," + calls("0") + "," + result("0", "three")))
                .path("messages");

        Map<String, String> results = new HashMap<>();
        List<String> uses = new ArrayList<>();
        read(messages, uses, results);
        assertThat(new HashSet<>(uses)).hasSize(3);
        assertThat(uses.get(0)).isEqualTo("0");
        assertThat(uses.stream().map(results::get)).containsExactly("one", "two", "three");
    }

    @Test
    void keepsWhatBelongsTogetherWhateverTheIdsAre() throws IOException {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            List<String> ids = new ArrayList<>();
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                ids.add(random.ints(random.nextInt(80), 0, 8)
                        .mapToObj(c -> ":/ab-_.0".substring(c, c + 1))
                        .reduce("", String::concat));
            }
            String chat = USER;
            int said = 0;
            for (int turn = random.nextInt(4); turn >= 0; turn--) {
                chat += "," + calls(ids.toArray(String[]::new));
                for (String id : ids) {
                    chat += "," + result(id, "r" + said++);
                }
            }

            List<String> uses = new ArrayList<>();
            Map<String, String> results = new HashMap<>();
            read(body(withMessages(chat)).path("messages"), uses, results);

            Set<String> distinct = new HashSet<>(uses);
            assertThat(distinct)
                    .as("seed %d", seed)
                    .hasSameSizeAs(uses)
                    .allMatch(id -> id.matches("[a-zA-Z0-9_-]{1,64}"));
            for (int i = 0; i < uses.size(); i++) {
                assertThat(results.get(uses.get(i))).as("seed %d", seed).isEqualTo("r" + i);
            }
        }
    }

    private static void read(JsonNode messages, List<String> uses, Map<String, String> results) {
        for (JsonNode message : messages) {
            for (JsonNode block : message.path("content")) {
                if ("tool_use".equals(block.path("type").asText())) {
                    uses.add(idOf(block, "id"));
                } else if ("tool_result".equals(block.path("type").asText())) {
                    results.put(
                            idOf(block, "tool_use_id"),
                            block.path("content").get(0).path("text").asText());
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'role':'user','content':'  \\n\\t'} | ",
                "{'role':'user','content':'\\u00a0\\u2003\\u0085'} | ",
                "{'role':'user','content':[]} | ",
                "{'role':'user','content':[{'type':'text','text':' '},{'type':'text','text':''}]} | ",
                "{'role':'system','content':' '} | ",
                "{'role':'assistant','content':''} | ",
                "{'role':'assistant','content':null} | ",
                "{'role':'assistant','content':' ','tool_calls':[]} | ",
                "{'role':'user','content':[{'type':'text','text':' '},{'type':'text','text':' b '}]} | 'text':' b '",
            })
    void leavesBlankTextsOutAndMessagesThatHaveNothingElse(String message, String left) throws IOException {
        JsonNode out = body(withMessages(message + "," + USER));

        String expected = left == null ? "" : "{'type':'text'," + left + "},";
        assertThat(out.path("messages"))
                .isEqualTo(json("[{'role':'user','content':[" + expected + "{'type':'text','text':'hi'}]}]"));
        assertThat(out.has("system")).isFalse();
    }

    @Test
    void keepsAResultWithoutItsBlankText() throws IOException {
        JsonNode out = body(withMessages(USER + "," + calls("t") + "," + result("t", "  ")));

        assertThat(out.path("messages").get(2))
                .isEqualTo(json("{'role':'user','content':[{'type':'tool_result','tool_use_id':'t'}]}"));
    }

    @Test
    void joinsTheUsersMessagesAroundABlankOneOfTheAssistant() throws IOException {
        JsonNode out = body(withMessages(USER + ",{'role':'assistant','content':' '}," + USER));

        assertThat(out.path("messages")).hasSize(1);
        assertThat(out.path("messages").get(0).path("content")).hasSize(2);
    }

    @Test
    void endsWithTheUserIfTheLastMessageOfTheAssistantIsBlank() throws IOException {
        assertThat(body(withMessages(USER + ",{'role':'assistant','content':''}"))
                        .path("messages"))
                .hasSize(1);
    }

    @Test
    void refusesAConversationInWhichNothingIsLeftOfTheUser() {
        assertThat(refused(withMessages("{'role':'user','content':' '}")).member())
                .isEqualTo("messages");
        assertThat(refused(withMessages(USER + ",{'role':'assistant','content':'x'},{'role':'user','content':' '}"))
                        .member())
                .isEqualTo("messages[1].role");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'function_call':null",
                "'refusal':null",
                "'audio':null",
                "'annotations':[]",
                "'annotations':[{'type':'url_citation','url_citation':{'url':'https://a/b'}}]",
                "'function_call':{},'audio':{},'refusal':'','name':''",
                "'reasoning':'hm','reasoning_details':[{'type':'reasoning.text','text':'hm'}]",
                "'reasoning_content':'hm','thinking_blocks':[{'type':'thinking','thinking':'hm'}]",
                "'provider_specific_fields':{'x':1},'parsed':{'a':1},'id':'m'",
                "'tool_calls':null,'tool_call_id':null",
            })
    void passesOverWhatIsLeftOverOfAnAnswer(String members) throws IOException {
        JsonNode out = body(withMessages(USER + ",{'role':'assistant','content':'x'," + members + "}," + USER));

        assertThat(out.path("messages").get(1))
                .isEqualTo(json("{'role':'assistant','content':[{'type':'text','text':'x'}]}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'type':'function','index':0",
                "'index':7",
                "'type':'function','custom':null,'provider_specific_fields':{'a':1}",
                "'type':'function','extra_content':{'google':{'thought_signature':'x'}}",
            })
    void passesOverWhatIsLeftOverOfACall(String members) throws IOException {
        JsonNode out = body(withMessages(USER + ",{'role':'assistant','tool_calls':[{'id':'t'," + members
                + ",'function':{'name':'f','arguments':'{}','parsed_arguments':null}}]}," + result("t", "r")));

        assertThat(out.path("messages").get(1).path("content"))
                .isEqualTo(json("[{'type':'tool_use','id':'t','name':'f','input':{}}]"));
    }

    @Test
    void repeatsARefusalAsTheTextItIs() throws IOException {
        JsonNode out = body(withMessages(USER + ",{'role':'assistant','content':null,'refusal':'I will not.'}," + USER
                + ",{'role':'assistant','content':[{'type':'refusal','refusal':'No.'},{'type':'thinking','thinking':'x'},"
                + "{'type':'text','text':'Sorry.','annotations':[]}]}," + USER));

        assertThat(out.path("messages").get(1).path("content"))
                .isEqualTo(json("[{'type':'text','text':'I will not.'}]"));
        assertThat(out.path("messages").get(3).path("content"))
                .isEqualTo(json("[{'type':'text','text':'No.'},{'type':'text','text':'Sorry.'}]"));
    }

    @Test
    void stillRefusesWhatSaysSomething() {
        assertThat(refused(withMessages(USER + ",{'role':'assistant','function_call':{'name':'f'}}," + USER))
                        .member())
                .isEqualTo("messages[1].function_call");
        assertThat(refused(withMessages("{'role':'user','content':[{'type':'refusal','refusal':'no'}]}"))
                        .member())
                .isEqualTo("messages[0].content[0].refusal");
    }

    private static JsonNode messages(String id) throws IOException {
        return body(withMessages(USER + "," + calls(id) + "," + result(id, "r")))
                .path("messages");
    }

    private static String calls(String... ids) {
        List<String> calls = new ArrayList<>();
        for (String id : ids) {
            calls.add("{'id':'" + id + "','type':'function','function':{'name':'f','arguments':'{}'}}");
        }
        return "{'role':'assistant','content':null,'tool_calls':[" + String.join(",", calls) + "]}";
    }

    private static String result(String id, String text) {
        return "{'role':'tool','tool_call_id':'" + id + "','content':'" + text + "'}";
    }

    private static String idOf(JsonNode block, String member) {
        return block.path(member).asText();
    }
}
