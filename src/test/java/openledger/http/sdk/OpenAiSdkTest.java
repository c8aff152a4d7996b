package openledger.http.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ReasoningEffort;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.simulator.SimulatedProvider;
import openledger.simulator.SimulatedProvider.SeenCall;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** OpenAI's Java SDK, unmodified, with its own retries on. Long because everything it can be asked for is a test of its own. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class OpenAiSdkTest {
    @TestHTTPResource("/v1")
    URI router = URI.create("http://127.0.0.1");

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void chats() {
        ChatCompletion answer = client(RouterUnderTest.KEY).chat().completions().create(hello("assistant"));

        assertThat(answer.choices().getFirst().message().content()).isPresent();
    }

    @Test
    void streamsAndSkipsOurLastChunk() {
        try (StreamResponse<ChatCompletionChunk> stream =
                client(RouterUnderTest.KEY).chat().completions().createStreaming(hello("assistant"))) {
            List<ChatCompletionChunk> chunks = stream.stream().toList();

            assertThat(chunks.stream()
                            .flatMap(chunk -> chunk.choices().stream())
                            .flatMap(choice -> choice.delta().content().stream())
                            .filter(text -> !text.isEmpty()))
                    .hasSize(5);
            assertThat(chunks.getLast()._additionalProperties()).containsKey("openledger");
        }
    }

    @Test
    void callsTools() {
        ChatCompletionCreateParams ask = ChatCompletionCreateParams.builder()
                .model("assistant")
                .addUserMessage("What is the weather in Bern?")
                .addTool(ChatCompletionFunctionTool.builder()
                        .function(FunctionDefinition.builder()
                                .name("weather")
                                .parameters(FunctionParameters.builder()
                                        .putAdditionalProperty("type", JsonValue.from("object"))
                                        .putAdditionalProperty(
                                                "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                                        .build())
                                .build())
                        .build())
                .build();

        ChatCompletion answer = client(RouterUnderTest.KEY).chat().completions().create(ask);

        assertThat(answer.choices()
                        .getFirst()
                        .message()
                        .toolCalls()
                        .orElseThrow()
                        .getFirst()
                        .asFunction()
                        .function()
                        .name())
                .isEqualTo("weather");
    }

    /** To targets of another dialect: a schema as the SDK makes it of a class, and what only steers. */
    @Test
    void asksForStructuredOutput() throws Exception {
        client(RouterUnderTest.KEY)
                .chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model("scribe")
                        .addUserMessage("What is the weather in Bern?")
                        .reasoningEffort(ReasoningEffort.LOW)
                        .putAdditionalBodyProperty("seed", JsonValue.from(7))
                        .safetyIdentifier("ann@example.org")
                        .responseFormat(Weather.class)
                        .build());

        JsonNode seen = new ObjectMapper()
                .readTree(RouterUnderTest.providers().stream()
                        .map(SimulatedProvider::takeSeen)
                        .filter(Objects::nonNull)
                        .map(SeenCall::body)
                        .findFirst()
                        .orElseThrow());
        JsonNode schema = seen.path("output_config").path("format").path("schema");
        assertThat(schema.path("properties").path("city").path("type").asText()).isEqualTo("string");
        assertThat(schema.path("additionalProperties").isBoolean()).isTrue();
        assertThat(schema.has("$schema")).isFalse();
        assertThat(seen.path("output_config").path("effort").asText()).isEqualTo("low");
        assertThat(seen.has("seed")).isFalse();
        assertThat(seen.path("metadata").path("user_id").asText()).matches("[A-Za-z0-9_-]{43}");
    }

    /** What is asked for; the SDK makes a schema of it. */
    static final class Weather {
        public String city = "";
        public double celsius;
    }

    @Test
    void aStreamThatIsClosedCancelsTheCallUpstream() throws InterruptedException {
        RouterUnderTest.script("hang-after 2");
        try (StreamResponse<ChatCompletionChunk> stream =
                client(RouterUnderTest.KEY).chat().completions().createStreaming(hello("assistant"))) {
            assertThat(stream.stream().findFirst()).isPresent();
        }

        ChatApi.await(() -> ChatApi.abandoned() == 1);

        assertThat(ChatApi.upstreamCalls()).isOne();
    }

    @Test
    void embeds() {
        CreateEmbeddingResponse answer = client(RouterUnderTest.KEY)
                .embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("assistant")
                        .inputOfArrayOfStrings(List.of("a", "b"))
                        .build());

        assertThat(answer.data())
                .hasSize(2)
                .allSatisfy(one -> assertThat(one.embedding()).isNotEmpty());
    }

    @Test
    void responds() {
        Response answer = client(RouterUnderTest.KEY).responses().create(respond());

        assertThat(answer.status()).contains(ResponseStatus.COMPLETED);
        assertThat(answer.output()).isNotEmpty();
    }

    @Test
    void respondsInAStreamAndSkipsOurEvent() {
        try (StreamResponse<ResponseStreamEvent> stream =
                client(RouterUnderTest.KEY).responses().createStreaming(respond())) {
            List<ResponseStreamEvent> events = stream.stream().toList();

            assertThat(events.stream().flatMap(event -> event.outputTextDelta().stream()))
                    .hasSize(5);
            assertThat(events.getLast().completed()).isPresent();
        }
    }

    @Test
    void listsModels() {
        assertThat(client(RouterUnderTest.KEY).models().list().data())
                .extracting(Model::id)
                .contains("assistant");
    }

    @Test
    void itsRetriesDoNotMultiplyOurs() {
        RouterUnderTest.script("status 500", "status 500", "status 500", "status 500");

        assertThatThrownBy(
                        () -> client(RouterUnderTest.KEY).chat().completions().create(hello("assistant")))
                .isInstanceOf(InternalServerException.class)
                .hasMessageContaining("budget");
        assertThat(ChatApi.upstreamCalls()).isEqualTo(4);
    }

    @Test
    void itsRetryAfterATimeoutGoesOnWithTheSameLedger() throws InterruptedException {
        RouterUnderTest.script("hang");
        OpenAIClient impatient = OpenAIOkHttpClient.builder()
                .baseUrl(router.toString())
                .apiKey(RouterUnderTest.KEY)
                .timeout(Duration.ofMillis(250))
                .maxRetries(2)
                .build();

        try (var answer = impatient.chat().completions().withRawResponse().create(hello("assistant"))) {
            assertThat(answer.headers().values("openledger-attempts")).containsExactly("2");
            assertThat(answer.headers().values("openledger-resends")).containsExactly("1");
            assertThat(ChatApi.upstreamCalls()).isEqualTo(2);
            String id = answer.headers().values("openledger-request").getFirst();
            assertThat(ChatApi.receipt(id).<Integer>path("resends")).isOne();
        }
    }

    @Test
    void everyErrorHasItsClass() {
        RouterUnderTest.script("status 400");
        assertThatThrownBy(
                        () -> client(RouterUnderTest.KEY).chat().completions().create(hello("assistant")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("simulated status 400");
        assertThatThrownBy(
                        () -> client("sk-wrong-0123456789").chat().completions().create(hello("assistant")))
                .isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(
                        () -> client(RouterUnderTest.KEY).chat().completions().create(hello("nope")))
                .isInstanceOf(NotFoundException.class);
    }

    private OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(router.toString())
                .apiKey(key)
                .build();
    }

    private static ResponseCreateParams respond() {
        return ResponseCreateParams.builder().model("assistant").input("Hello!").build();
    }

    private static ChatCompletionCreateParams hello(String model) {
        return ChatCompletionCreateParams.builder()
                .model(model)
                .addUserMessage("Hello!")
                .build();
    }
}
