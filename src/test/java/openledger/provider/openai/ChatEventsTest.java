package openledger.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import openledger.provider.translation.Translation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Streams of chat completion chunks as providers send them, and as they should not. Quotes are single ones where a test says so. Long because
 * each way to end a stream is a test.
 */
final class ChatEventsTest {
    private static final int CASES = 2_000;
    private static final List<String> SILENT = List.of(
            ": keep-alive",
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}",
            "data: {\"choices\":[],\"usage\":null}",
            "event: message",
            "id: 7");
    private static final List<String> CONTENT = List.of(
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"h\u00e9 \ud83d\ude00 [DONE] \\\"error\\\"\"}}]}",
            "data:{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0}]}}]}",
            "data: {\"choices\":\ndata: [{\"delta\":{\"content\":\"in two lines\"}}]}",
            "data: {\"error\":null,\"choices\":[{\"finish_reason\":\"stop\"}]}");
    private static final List<String> ERRORS = List.of(
            "data: {\"error\":{\"message\":\"overloaded\"}}",
            "data: { \"error\": \"no\" }",
            "data: {\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"error\":{\"code\":502}}",
            "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"error\"}]}",
            "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\",\"error\":{\"code\":502}}]}",
            "event: error",
            "event:error\ndata: overloaded");
    private static final String ROLE = event("{'id':'c1','object':'chat.completion.chunk','created':7,'model':'m',"
            + "'system_fingerprint':'fp','choices':[{'index':0,'delta':{'role':'assistant'}}]}");
    private static final String TEXT = event("{'id':'c1','choices':[{'index':0,'delta':{'content':'Hello'}}]}");
    private static final String FINISH =
            event("{'id':'c1','choices':[{'index':0,'delta':{},'finish_reason':'stop'}],'usage':null}");
    private static final String USAGE = event("{'id':'c1','choices':[],'usage':{'prompt_tokens':3}}");
    private static final String DONE = "data: [DONE]\n\n";

    @Test
    void passesTheSameBytesHoweverTheyAreCut() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            String end = List.of("\n", "\r\n", "\r").get(random.nextInt(3));
            String silent = events(random, SILENT, end);
            String content = random.nextBoolean() ? events(random, CONTENT, end) : "";
            Last last = Last.values()[random.nextInt(Last.values().length)];

            Seen seen = read(silent + content + last.text(random, end), random);

            String rest = (silent + content).substring(seen.passed.length());
            assertThat(silent + content).as("seed %d", seed).startsWith(seen.passed);
            if (!rest.isEmpty()) {
                assertThat(seen.end()).as("seed %d", seed).isEqualTo(rest + DONE);
            }
            assertThat(seen.events.contentSeen()).as("seed %d", seed).isEqualTo(!content.isEmpty());
            assertThat(seen.events.doneSeen()).as("seed %d", seed).isEqualTo(last == Last.DONE && !content.isEmpty());
            assertThat(seen.events.errorSeen())
                    .as("seed %d", seed)
                    .isEqualTo(last == Last.ERROR || (last == Last.DONE && content.isEmpty()));
        }
    }

    @Test
    void anEventOfOurNameIsCut() {
        Seen seen = read(ROLE + "event: openledger\ndata: {\"tier\":\"x\"}\n\n" + TEXT
                + "event:OpenLedger.facts\ndata: {}\n\n" + FINISH + DONE);

        assertThat(seen.passed + seen.end()).isEqualTo(ROLE + TEXT + FINISH + DONE);
    }

    @Test
    void theModelIsTheFirstOneThatIsSaid() {
        Seen seen = read("event: ping\ndata: {}\n\n"
                + event("{'id':'','model':'','choices':[],'prompt_filter_results':[]}") + ROLE + TEXT + FINISH + DONE);

        assertThat(seen.events.model()).isEqualTo("m");
    }

    @Test
    void whatEndsAnAnswerWaitsForItsEnd() {
        Seen seen = read(ROLE + TEXT + FINISH + ": ping\n\n" + USAGE + DONE);

        assertThat(seen.passed).isEqualTo(ROLE + TEXT);
        assertThat(seen.end()).isEqualTo(FINISH + ": ping\n\n" + USAGE + DONE);
        assertThat(seen.events.isWhole()).isTrue();
    }

    @Test
    void aChoiceThatEndsBeforeAnotherKeepsItsPlace() {
        String first = event("{'choices':[{'index':0,'delta':{},'finish_reason':'stop'}]}");
        String other = event("{'choices':[{'index':1,'delta':{'content':'b'}}]}");
        String second = event("{'choices':[{'index':1,'delta':{},'finish_reason':'length'}]}");

        Seen seen = read(ROLE + TEXT + other + first + other + second + DONE);

        assertThat(seen.passed).isEqualTo(ROLE + TEXT + other + first + other);
        assertThat(seen.end()).isEqualTo(second + DONE);
    }

    @Test
    void usageInEveryChunkHoldsNothingUp() {
        String text = event("{'choices':[{'index':0,'delta':{'content':'a'}}],'usage':{'completion_tokens':1}}");

        assertThat(read(ROLE + text + text + text).passed).isEqualTo(ROLE + text + text + text);
    }

    @Test
    void anAnswerWithoutAnEndGetsAChunkOfTheSameCompletionThatSaysNothing() {
        assertThat(read(ROLE + TEXT + DONE).end())
                .isEqualTo(event("{'id':'c1','object':'chat.completion.chunk','created':7,'model':'m',"
                                + "'system_fingerprint':'fp','choices':[{'index':0,'delta':{},'finish_reason':null}]}")
                        + DONE);
    }

    @Test
    void aCleanEndAfterEveryChoiceHasEndedIsWholeWithoutDone() {
        Seen seen = read(ROLE + TEXT + FINISH);

        assertThat(seen.events.isWhole()).isTrue();
        assertThat(seen.end()).isEqualTo(FINISH + DONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data: {'choices':[{'index':1,'delta':{'content':'b'}}]}\n\n",
                "data: {'id':'c1','choi",
                "data: {'choices':[{'index':0,'delta':{},'finish_reason':'stop'}]}\n",
                "data: {'choices':[{'index':0,'delta':{},'finish_reason':'stop'}]}\n\ndata: {'choices':[],'usa",
                "data: {'choices':[{'index':0,'delta':{},'finish_reason':'stop'}]}\n\ndata: {'choices':[{'index':1,"
                        + "'delta':{'content':'b'}}]}\n\n",
            })
    void anyOtherEndWithoutDoneIsNone(String end) {
        Seen seen = read(ROLE + TEXT + end.replace('\'', '"'));

        assertThat(seen.events.isWhole()).isFalse();
        assertThat((ROLE + TEXT + end.replace('\'', '"'))).startsWith(seen.passed);
        assertThat(seen.passed).endsWith("\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{'choices':[{'delta'", "{'choices':[}", "{]", "[]", "7", "'text'", "<html>"})
    void whatIsNoChunkBeforeTheContentIsAnError(String data) {
        assertThat(read(event(data)).events.errorSeen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "data: {}\n\n", "data: {'choices':[]}\n\n", "data: {'choices':null}\n\n", ": hello\n\n"})
    void nothingButAnEndIsNoAnswer(String before) {
        Seen seen = read(before.replace('\'', '"') + DONE);

        assertThat(seen.events.errorSeen()).isTrue();
        assertThat(seen.events.isWhole()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'tool_calls':[]|false",
                "'content':''|false",
                "'content':null,'refusal':null|false",
                "'audio':{},'annotations':[]|false",
                "'function_call':{}|false",
                "'reasoning_content':''|false",
                "'tool_calls':[{'index':0}]|true",
                "'reasoning_content':'hm'|true",
                "'content':' '|true",
            })
    void emptyIsNotContent(String members, boolean content) {
        String chunk = event("{'choices':[{'index':0,'delta':{'role':'assistant'," + members + "}}]}");

        assertThat(read(chunk).events.contentSeen()).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "''", "{}", "[]", "false"})
    void anErrorThatSaysNothingIsNone(String error) {
        String chunk = TEXT.replace("{\"id\"", "{\"error\":" + error.replace('\'', '"') + ",\"id\"");

        Seen seen = read(ROLE + chunk + chunk + FINISH + DONE);

        assertThat(seen.events.errorSeen()).isFalse();
        assertThat(seen.passed).isEqualTo(ROLE + chunk + chunk);
    }

    private static String event(String data) {
        return "data: " + data.replace('\'', '"') + "\n\n";
    }

    private static String events(Random random, List<String> from, String end) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(4) + 1; i > 0; i--) {
            out.append(from.get(random.nextInt(from.size())).replace("\n", end))
                    .append(end)
                    .append(end);
        }
        return out.toString();
    }

    private static Seen read(String text) {
        return read(text, new Random(1));
    }

    private static Seen read(String text, Random random) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ChatEvents events = new ChatEvents(Translation.UsageChunk.SENT);
        Buffer passed = Buffer.buffer();
        int at = 0;
        while (at < bytes.length) {
            int to = Math.min(bytes.length, at + 1 + random.nextInt(40));
            passed.appendBuffer(events.accept(Buffer.buffer(Arrays.copyOfRange(bytes, at, to))));
            at = to;
        }
        passed.appendBuffer(events.finish());
        return new Seen(events, passed.toString(StandardCharsets.UTF_8));
    }

    private record Seen(ChatEvents events, String passed) {
        String end() {
            return events.end().toString(StandardCharsets.UTF_8);
        }
    }

    /** How a stream ends. */
    private enum Last {
        NOTHING,
        DONE,
        ERROR;

        String text(Random random, String end) {
            return switch (this) {
                case NOTHING -> "";
                case DONE -> "data: [DONE]" + (random.nextBoolean() ? end + end : "");
                case ERROR -> ERRORS.get(random.nextInt(ERRORS.size())).replace("\n", end) + end + end;
            };
        }
    }

    private static final String SAID =
            "data: {\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}],\"usage\":null}\n\n";
    private static final String REASON =
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":null}\n\n";
    private static final String TOOK =
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n";

    @Test
    void aChunkThatNobodyButTheRouterAskedForIsTakenOut() {
        ChatEvents events = new ChatEvents(Translation.UsageChunk.LEFT_OUT);

        Buffer passed = events.accept(Buffer.buffer(SAID + REASON + TOOK + "data: [DONE]\n\n"));

        assertThat(passed).hasToString(SAID);
        assertThat(events.end()).hasToString(REASON + "data: [DONE]\n\n");
        assertThat(events.usage().toString()).contains("\"completion_tokens\":2");
        assertThat(events.model()).isEqualTo("m-1");
        assertThat(events.isWhole()).isTrue();
    }

    @Test
    void oneThatTheClientAskedForIsNot() {
        ChatEvents events = new ChatEvents(Translation.UsageChunk.SENT);

        events.accept(Buffer.buffer(SAID + REASON + TOOK + "data: [DONE]\n\n"));

        assertThat(events.end()).hasToString(REASON + TOOK + "data: [DONE]\n\n");
        assertThat(events.usage().length()).isZero();
    }
}
