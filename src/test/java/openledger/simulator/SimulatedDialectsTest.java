package openledger.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import openledger.lab.world.CongestionParameters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Simulated providers in each dialect, called over HTTP and by OpenAI's SDK. Long because of its tables. */
final class SimulatedDialectsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "sk-simulated-key";
    private static final String ASK =
            "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private static SimulatedFleet fleet;
    private static HttpClient http;

    @BeforeAll
    static void start() throws IOException {
        fleet = SimulatedFleet.start(List.of(ProviderSpec.quick("p0")), CongestionParameters.REFERENCE, 1);
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        http.close();
        fleet.close();
    }

    @BeforeEach
    void forget() {
        fleet.reset();
    }

    @Test
    void messagesAnswerInTheWordsOfTheirApi() throws Exception {
        HttpResponse<String> plain = post("messages", ASK + "}");
        HttpResponse<String> stream = post("messages", ASK + ",\"stream\":true}");
        HttpResponse<String> tool = post("messages", ASK + ",\"tools\":[{\"name\":\"weather\"}]}");

        assertThat(plain.headers().firstValue("request-id")).isPresent();
        assertThat(JSON.readTree(plain.body()).at("/content/0/text").asText()).isEqualTo("p0 1 2 3 4");
        assertThat(JSON.readTree(tool.body()).at("/content/0/input/city").asText())
                .isEqualTo("Bern");
        assertThat(JSON.readTree(tool.body()).path("stop_reason").asText()).isEqualTo("tool_use");
        assertThat(events(stream))
                .containsExactly(
                        "message_start",
                        "content_block_start",
                        "ping",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        assertThat(fleet.provider("p0").takeSeen()).satisfies(seen -> {
            assertThat(seen.path()).isEqualTo("/v1/messages");
            assertThat(seen.apiKey()).startsWith(KEY);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|contents is not specified",
                "{\"model\":\"m\"}|Unknown name \"model\"",
                "{\"contents\":[{\"role\":\"assistant\",\"parts\":[]}]}|valid role",
                "{\"contents\":[{\"role\":\"model\",\"parts\":[{\"text\":\"a\"}]}]}|last turn",
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"\"}]}]}|empty text",
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"response\":{}}}]}]}|number of function",
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"functionCall\":{}}]}]}|thought_signature",
            })
    void geminiRefusesWhatItsApiRefuses(String request, String why) throws Exception {
        HttpResponse<String> response = post("models/m:generateContent", request);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(response.body()).at("/error/message").asText()).contains(why);
    }

    @Test
    void geminiStreamsOnlyIfItIsAskedForEvents() throws Exception {
        String ask = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}";

        assertThat(post("models/m:streamGenerateContent", ask).statusCode()).isEqualTo(404);
        assertThat(post("models/m:streamGenerateContent?alt=sse", ask).body())
                .startsWith("data: {")
                .contains("\"finishReason\":\"STOP\"", "\"modelVersion\":\"m\"");
    }

    @Test
    void embeddingsAreTheSameForTheSameInputInBothEncodings() throws Exception {
        JsonNode floats = JSON.readTree(post("embeddings", "{\"model\":\"m\",\"input\":[\"a\",\"b\",\"a\"]}")
                .body());
        JsonNode one =
                JSON.readTree(post("embeddings", "{\"model\":\"m\",\"input\":\"a\",\"encoding_format\":\"base64\"}")
                        .body());
        ByteBuffer bytes = ByteBuffer.wrap(
                        Base64.getDecoder().decode(one.at("/data/0/embedding").asText()))
                .order(ByteOrder.LITTLE_ENDIAN);

        assertThat(floats.path("data")).hasSize(3);
        assertThat(floats.at("/data/2/embedding")).isEqualTo(floats.at("/data/0/embedding"));
        assertThat(floats.at("/data/1/embedding")).isNotEqualTo(floats.at("/data/0/embedding"));
        for (JsonNode value : floats.at("/data/0/embedding")) {
            assertThat(bytes.getFloat()).isEqualTo(value.floatValue());
        }
        assertThat(floats.at("/usage/prompt_tokens").asInt()).isEqualTo(27);
    }

    @Test
    void openAisSdkReadsEmbeddings() {
        CreateEmbeddingResponse response = client().embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("m")
                        .inputOfArrayOfStrings(List.of("a", "b"))
                        .dimensions(8)
                        .build());

        assertThat(response.validate().data())
                .hasSize(2)
                .allMatch(entry -> entry.embedding().size() == 8);
    }

    @Test
    void openAisSdkReadsResponses() {
        Response whole = client().responses()
                .create(ResponseCreateParams.builder().model("m").input("hi").build());
        ResponseAccumulator accumulator = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> stream = client().responses()
                .createStreaming(
                        ResponseCreateParams.builder().model("m").input("hi").build())) {
            stream.stream().map(ResponseStreamEvent::validate).forEach(accumulator::accumulate);
        }

        assertThat(whole.validate()
                        .output()
                        .getFirst()
                        .asMessage()
                        .content()
                        .getFirst()
                        .asOutputText()
                        .text())
                .isEqualTo("p0 1 2 3 4");
        assertThat(accumulator.response().output()).isEqualTo(whole.output());
    }

    @Test
    void responsesCallAFunctionIfTheyAreGivenOne() throws Exception {
        String ask = "{\"model\":\"m\",\"input\":\"hi\",\"tools\":[{\"type\":\"function\",\"name\":\"weather\"}]";
        JsonNode plain = JSON.readTree(post("responses", ask + "}").body());
        List<String> events = events(post("responses", ask + ",\"stream\":true}"));

        assertThat(plain.at("/output/0/name").asText()).isEqualTo("weather");
        assertThat(events)
                .startsWith("response.created", "response.in_progress", "response.output_item.added")
                .contains("response.function_call_arguments.delta")
                .endsWith("response.function_call_arguments.done", "response.output_item.done", "response.completed");
    }

    @ParameterizedTest
    @CsvSource({
        "messages,status 529,529,/error/type,overloaded_error",
        "messages,status 429,429,/error/type,rate_limit_error",
        "messages,leak-key 401,401,/error/message,Incorrect API key: sk-simulated-key",
        "messages,error 0,200,/type,error",
        "models/m:generateContent,status 429,429,/error/status,RESOURCE_EXHAUSTED",
        "models/m:generateContent,error 0,200,/error/status,UNAVAILABLE",
        "models/m:generateContent,leak-key 401,401,/error/message,Incorrect API key: sk-simulated-key",
        "embeddings,status 503,503,/error/type,server_error",
        "embeddings,error 0,200,/error/code,overloaded",
        "responses,status 400,400,/error/param,input",
        "responses,error 0,200,/status,failed",
        "responses,leak-key 401,401,/error/message,Incorrect API key: Bearer sk-simulated-key"
    })
    void faultsComeInEachDialectsOwnForm(String path, String fault, int status, String pointer, String expected)
            throws Exception {
        fleet.script(fault);

        HttpResponse<String> response = post(path, "{}");

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(JSON.readTree(response.body()).at(pointer).asText()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "messages,error 2,error,content_block_delta",
        "messages,end 2,content_block_delta,message_start",
        "responses,error 2,response.failed,response.output_text.delta",
        "responses,end 2,response.output_text.delta,response.created"
    })
    void streamsBreakInEachDialectsOwnForm(String path, String fault, String last, String before) throws Exception {
        fleet.script(fault);

        assertThat(events(post(path, "{\"stream\":true}"))).endsWith(last).contains(before);
    }

    @ParameterizedTest
    @CsvSource({"messages", "embeddings", "responses", "chat/completions", "models/m:generateContent"})
    void aConnectionIsCutAndAnAnswerHugeInAnyDialect(String path) throws Exception {
        fleet.script("cut 1", "drop", "huge 100000", "garbage");

        assertThatThrownBy(() -> post(path, "{}")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> post(path, "{}")).isInstanceOf(IOException.class);
        assertThat(JSON.readTree(post(path, "{}").body()).toString()).hasSizeGreaterThan(100_000);
        assertThat(post(path, "not JSON").body()).startsWith("<html>");
    }

    private static List<String> events(HttpResponse<String> stream) {
        return stream.body()
                .lines()
                .filter(line -> line.startsWith("event: "))
                .map(line -> line.substring("event: ".length()))
                .toList();
    }

    private static HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(fleet.provider("p0").baseUrl() + "/" + path))
                        .header("authorization", "Bearer " + KEY)
                        .header("x-api-key", KEY)
                        .header("anthropic-version", "2023-06-01")
                        .header("x-goog-api-key", KEY)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static OpenAIClient client() {
        return OpenAIOkHttpClient.builder()
                .baseUrl(fleet.provider("p0").baseUrl())
                .apiKey(KEY)
                .build();
    }
}
