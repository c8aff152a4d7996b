package openledger.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.core.ObjectMappers;
import com.openai.models.chat.completions.ChatCompletion;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import openledger.budget.AttemptLedger;
import openledger.http.RouterUnderTest;
import openledger.inference.TurnedClock;
import openledger.inference.admission.Permit;
import openledger.inference.admission.RequestBody;
import openledger.inference.record.TokenUsage;
import openledger.inference.upstream.AccountFault;
import openledger.inference.upstream.AnswerForm;
import openledger.inference.upstream.CallResult;
import openledger.inference.upstream.MadeNames;
import openledger.inference.upstream.ProviderGateway.Objection;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.inference.upstream.UpstreamRequest;
import openledger.lab.world.CongestionParameters;
import openledger.provider.target.CircuitSettings;
import openledger.routing.Dialect;
import openledger.routing.Operation;
import openledger.routing.Policy;
import openledger.routing.Provider;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import openledger.simulator.ProviderSpec;
import openledger.simulator.SimulatedFleet;
import openledger.simulator.SimulatedProvider.SeenCall;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Chat requests through the gateway to a provider that speaks Gemini's API, and refuses what that API refuses. Long because all that may
 * come of a call is read best as one list.
 */
@Tag("long")
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class GeminiRoundTripTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HELLO = "{'role':'user','content':'hi'}";
    private static final String TOOLS = ",'tools':[{'type':'function','function':{'name':'weather','description':'d',"
            + "'parameters':{'type':'object','properties':{'city':{'type':'string'}}}}}]";

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final Route route = TestRoutes.of(8);
    private final Target target = route.tiers().getFirst().targets().getFirst();
    private SimulatedFleet fleet;
    private HttpProviderGateway gateway;

    @BeforeEach
    void start() throws IOException {
        fleet = SimulatedFleet.start(List.of(ProviderSpec.quick("p0")), CongestionParameters.REFERENCE, 1);
        gateway = new HttpProviderGateway(
                vertx,
                new CircuitSettings(100, 0.5, Duration.ofSeconds(1), Duration.ofMinutes(1)),
                new TurnedClock(),
                MadeNames.UNHEARD);
        learn(List.of(Dialect.GEMINI, Dialect.GEMINI, Dialect.GEMINI));
    }

    private void learn(List<Dialect> dialects) {
        URI address = URI.create(fleet.provider("p0").baseUrl());
        List<Provider> providers = IntStream.range(0, dialects.size())
                .mapToObj(i -> new Provider(
                        "p" + i, dialects.get(i), dialects.get(i).operations(), address, TestRoutes.TIMEOUTS))
                .toList();
        gateway.learn(
                new Policy(providers, Map.of(route.name(), route)),
                Map.of("p0", new Credential("google-key")),
                Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        fleet.close();
        gateway.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aSentenceComesInBothForms() throws Exception {
        Served plain = served(AnswerForm.PLAIN, HELLO, "");
        Served streamed = served(AnswerForm.STREAM, HELLO, ",'stream_options':{'include_usage':true}");

        ChatCompletion completion = ObjectMappers.jsonMapper()
                .readValue(plain.text, ChatCompletion.class)
                .validate();
        assertThat(completion.choices().getFirst().message().content()).contains("p0 1 2 3 4");
        assertThat(contents(streamed.text)).isEqualTo("p0 1 2 3 4");
        assertThat(streamed.text)
                .contains("\"finish_reason\":\"stop\"", "\"usage\"")
                .endsWith("data: [DONE]\n\n");
        assertThat(List.of(plain.usage, streamed.usage))
                .containsOnly(Optional.of(new TokenUsage(
                        9,
                        0,
                        TokenUsage.UNKNOWN,
                        completion.usage().orElseThrow().completionTokens(),
                        0)));
    }

    @Test
    void theModelIsInTheAddressAndTheKeyInItsOwnHeader() throws Exception {
        served(AnswerForm.PLAIN, HELLO, "");
        served(AnswerForm.STREAM, HELLO, "");

        String address = "/v1/models/" + target.model();
        assertThat(seen())
                .returns(address + ":generateContent", SeenCall::path)
                .returns("google-key", SeenCall::apiKey)
                .returns("", SeenCall::authorization)
                .satisfies(seen ->
                        assertThat(JSON.readTree(seen.body()).has("model")).isFalse());
        assertThat(seen()).returns(address + ":streamGenerateContent", SeenCall::path);
    }

    /** As it came: the provider refuses calls without their signature, and results without their call. */
    @ParameterizedTest
    @EnumSource
    void aCallCanBeSentBackWithItsResult(AnswerForm form) throws Exception {
        JsonNode call = call(form, served(form, HELLO, TOOLS).text);
        assertThat(call.at("/function/name").asText()).isEqualTo("weather");
        assertThat(call.at("/function/arguments").asText()).isEqualTo("{\"city\":\"Bern\"}");
        String said = JSON.writeValueAsString(call).replace("\\\"", "\\'").replace('"', '\'');

        Served next = served(
                form,
                HELLO + ",{'role':'assistant','content':null,'tool_calls':[" + said
                        + "]},{'role':'tool','tool_call_id':'" + call.path("id").asText() + "','content':'sun'}",
                "");

        assertThat(next.text).contains("p0");
        seen();
        assertThat(JSON.readTree(seen().body())
                        .at("/contents/1/parts/0/thoughtSignature")
                        .asText())
                .isEqualTo("signed");
    }

    @Test
    void theIdOfACallIsTheSameInBothForms() throws Exception {
        assertThat(call(AnswerForm.PLAIN, served(AnswerForm.PLAIN, HELLO, TOOLS).text))
                .isEqualTo(call(AnswerForm.STREAM, served(AnswerForm.STREAM, HELLO, TOOLS).text));
    }

    @Test
    void anImageIsSeen() throws Exception {
        served(
                AnswerForm.PLAIN,
                "{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA'}}]}",
                "");

        assertThat(JSON.readTree(seen().body())
                        .at("/contents/0/parts/0/inlineData/mimeType")
                        .asText())
                .isEqualTo("image/png");
    }

    @Test
    void severalAnswersCanBeAskedFor() throws Exception {
        assertThat(JSON.readTree(served(AnswerForm.PLAIN, HELLO, ",'n':3").text).path("choices"))
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "status 429, RATE_LIMITED",
        "status 500, SERVER_ERROR",
        "status 503, SERVER_ERROR",
        "status 404, SERVER_ERROR",
        "drop, CONNECTION_LOST",
        "garbage, IN_BAND_ERROR",
        "error 0, IN_BAND_ERROR",
    })
    void aFaultBeforeTheAnswerIsOneInBothForms(String fault, Trigger trigger) throws Exception {
        for (AnswerForm form : AnswerForm.values()) {
            fleet.provider("p0").script(fault);

            assertThat(result(form, HELLO, ""))
                    .isInstanceOfSatisfying(
                            CallResult.Failed.class,
                            failed -> assertThat(failed.trigger()).isEqualTo(trigger));
        }
        assertThat(gateway.load(target).inFlight()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"cut 2, CONNECTION_LOST", "end 2, CONNECTION_LOST", "error 2, IN_BAND_ERROR"})
    void aStreamThatBreaksIsNotTakenForAWholeOne(String fault, Trigger trigger) throws Exception {
        fleet.provider("p0").script(fault);

        assertThat(served(AnswerForm.STREAM, HELLO, "").broken).isEqualTo(Optional.of(trigger));
        assertThat(gateway.load(target).inFlight()).isZero();
    }

    @Test
    void aMistakeOfTheClientsIsToldInTheProvidersWords() throws Exception {
        fleet.provider("p0")
                .script(
                        "reply 400 {\"error\":{\"code\":400,\"message\":\"too long\",\"status\":\"INVALID_ARGUMENT\"}}");

        assertThat(result(AnswerForm.PLAIN, HELLO, "")).isInstanceOfSatisfying(CallResult.Rejected.class, no -> {
            assertThat(no.httpStatus()).isEqualTo(400);
            assertThat(no.rejection().message()).isEqualTo("too long");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "[%s]"})
    void aLimitClosesTheTargetForAsLongAsItsDetailSays(String form) throws Exception {
        String error =
                "{\"error\":{\"code\":429,\"message\":\"You exceeded your current quota, please check your plan and"
                        + " billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.\","
                        + "\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\","
                        + "\"retryDelay\":\"34s\"}]}}";
        fleet.provider("p0").script("reply 429 " + form.formatted(error));

        assertThat(result(AnswerForm.STREAM, HELLO, "")).isInstanceOfSatisfying(CallResult.Failed.class, failed -> {
            assertThat(failed.trigger()).isEqualTo(Trigger.RATE_LIMITED);
            assertThat(failed.retryAfter()).contains(Duration.ofSeconds(34));
        });
        assertThat(gateway.load(target).isOpen()).isFalse();
        assertThat(gateway.accountFaults("p0").values()).containsOnly(0L);
    }

    @Test
    void aKeyThatIsNotValidIsTheOperatorsFault() throws Exception {
        fleet.provider("p0")
                .script(
                        "reply 400 {\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass a valid API key.\","
                                + "\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\","
                                + "\"reason\":\"API_KEY_INVALID\",\"domain\":\"googleapis.com\"}]}}");

        assertThat(result(AnswerForm.PLAIN, HELLO, "")).isInstanceOf(CallResult.Failed.class);
        assertThat(gateway.accountFaults("p0")).containsEntry(AccountFault.CREDENTIAL, 1L);
        assertThat(gateway.load(target).isOpen()).isFalse();
    }

    @Test
    void aDialectThatCannotSayARequestClosesItsTargetsOnly() throws Exception {
        learn(List.of(Dialect.OPENAI, Dialect.ANTHROPIC, Dialect.GEMINI));

        assertThat(closedBy("'temperature':1.5")).isEqualTo("temperature");
        assertThat(closedBy("'stop':' '")).isEqualTo("stop");
        assertThat(closedBy("'response_format':{'type':'json_object'}")).isEqualTo("response_format.type");
        assertThat(closedBy("'parallel_tool_calls':false" + TOOLS)).isEqualTo("parallel_tool_calls");
        assertThat(closedBy("'temperature':0.5")).isEmpty();
        assertThat(gateway.closedTo(
                                gateway.viewOf(route),
                                route,
                                Operation.CHAT,
                                body(AnswerForm.PLAIN, HELLO, ",'logprobs':true"))
                        .isWhole(route))
                .isFalse();
        assertThat(gateway.translations(gateway.viewOf(route), route, Operation.CHAT))
                .isEqualTo(2);
        assertThat(gateway.translations(gateway.viewOf(route), route, Operation.RESPONSES))
                .isZero();
    }

    private String closedBy(String members) throws Exception {
        return gateway.closedTo(
                        gateway.viewOf(route), route, Operation.CHAT, body(AnswerForm.PLAIN, HELLO, "," + members))
                .why()
                .map(Objection::member)
                .orElse("");
    }

    /** What a client got, and how it ended. */
    private record Served(String text, Optional<TokenUsage> usage, Optional<Trigger> broken) {}

    private Served served(AnswerForm form, String messages, String members) throws Exception {
        CompletableFuture<Served> all = new CompletableFuture<>();
        CallResult result = result(form, messages, members);
        assertThat(result).as("%s", result).isInstanceOf(CallResult.Answered.class);
        UpstreamAnswer answer = ((CallResult.Answered) result).answer();
        loop.runOnContext(go -> answer.drainTo(new UpstreamAnswer.Sink() {
            private final Buffer text = Buffer.buffer();
            private Buffer last = Buffer.buffer();

            @Override
            public void chunk(Buffer bytes) {
                last = bytes;
                text.appendBuffer(bytes);
            }

            @Override
            public void end() {
                all.complete(new Served(
                        text.appendBuffer(answer.lastEvent()).toString(), answer.usage(last), Optional.empty()));
            }

            @Override
            public void broken(Trigger why) {
                all.complete(new Served(text.toString(), Optional.empty(), Optional.of(why)));
            }
        }));
        return all.get(10, TimeUnit.SECONDS);
    }

    private SeenCall seen() {
        return Objects.requireNonNull(fleet.provider("p0").takeSeen());
    }

    private CallResult result(AnswerForm form, String messages, String members) throws Exception {
        UpstreamRequest request = new UpstreamRequest(
                Operation.CHAT,
                body(form, messages, members),
                form,
                Map.of(),
                "request",
                gateway.viewOf(route),
                Optional.empty(),
                "tenant",
                Permit.UNCOUNTED);
        CompletableFuture<CallResult> result = new CompletableFuture<>();
        loop.runOnContext(go -> gateway.call(new AttemptLedger(route).take().orElseThrow(), target, request)
                .subscribe()
                .with(result::complete, result::completeExceptionally));
        return result.get(10, TimeUnit.SECONDS);
    }

    private static RequestBody body(AnswerForm form, String messages, String members) throws RequestBody.MalformedBody {
        String chat = "{'model':'assistant','stream':" + (form == AnswerForm.STREAM) + ",'messages':[" + messages + "]"
                + members + "}";
        return RequestBody.of(chat.replace("\\'", "\\\"").replace('\'', '"').getBytes(StandardCharsets.UTF_8), 16);
    }

    /** The first call of an answer, as a document has it. */
    private static JsonNode call(AnswerForm form, String text) throws IOException {
        if (form == AnswerForm.PLAIN) {
            return JSON.readTree(text).at("/choices/0/message/tool_calls/0");
        }
        for (JsonNode chunk : chunks(text)) {
            JsonNode call = chunk.at("/choices/0/delta/tool_calls/0");
            if (call instanceof com.fasterxml.jackson.databind.node.ObjectNode found) {
                return found.without("index");
            }
        }
        throw new AssertionError(text);
    }

    private static String contents(String stream) throws IOException {
        StringBuilder all = new StringBuilder();
        for (JsonNode chunk : chunks(stream)) {
            all.append(chunk.at("/choices/0/delta/content").asText(""));
        }
        return all.toString();
    }

    private static List<JsonNode> chunks(String stream) throws IOException {
        List<JsonNode> all = new java.util.ArrayList<>();
        for (String line :
                stream.lines().filter(line -> line.startsWith("data: {")).toList()) {
            all.add(JSON.readTree(line.substring("data: ".length())));
        }
        return all;
    }
}
