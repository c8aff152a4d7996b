package openledger.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.core.ObjectMappers;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import openledger.lab.world.CongestionParameters;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.anthropic.MessagesDocument;
import openledger.provider.anthropic.MessagesRequest;
import openledger.provider.anthropic.MessagesStream;
import openledger.provider.anthropic.NativeMessagesStream;
import openledger.provider.translation.Translation;
import openledger.provider.translation.Translation.Translated;
import openledger.simulator.ProviderSpec;
import openledger.simulator.SimulatedFleet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A chat request there and back through a provider of the Messages API, the answer read as OpenAI's SDK reads it. */
final class DialectRoundTripTest {
    private static final Instant CREATED = Instant.ofEpochSecond(1_700_000_000);
    private static final String HELLO = "\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private static final String TOOLS = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}]";
    private static final byte[] SIM = "\"sim\"".getBytes(StandardCharsets.UTF_8);
    private static final String STREAM = ",\"stream\":true,\"stream_options\":{\"include_usage\":true}";
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
    void aSentenceIsTheSameInBothForms() throws Exception {
        ChatCompletion plain = plain(HELLO);
        ChatCompletion streamed = streamed(HELLO);

        assertThat(plain.choices().getFirst().message().content()).contains("p0 1 2 3 4");
        assertThat(streamed.choices().getFirst().message().content()).contains("p0 1 2 3 4");
        assertThat(streamed.choices().getFirst().finishReason())
                .isEqualTo(plain.choices().getFirst().finishReason());
        assertThat(streamed.usage()).isEqualTo(plain.usage()).isPresent();
    }

    @Test
    void aToolCallIsTheSameInBothForms() throws Exception {
        ChatCompletion plain = plain(HELLO + TOOLS);
        ChatCompletion streamed = streamed(HELLO + TOOLS);

        assertThat(plain.choices()
                        .getFirst()
                        .message()
                        .toolCalls()
                        .orElseThrow()
                        .getFirst()
                        .asFunction()
                        .function())
                .satisfies(call -> {
                    assertThat(call.name()).isEqualTo("weather");
                    assertThat(call.arguments()).isEqualTo("{\"city\":\"Bern\"}");
                });
        assertThat(streamed.choices().getFirst().message().toolCalls())
                .isEqualTo(plain.choices().getFirst().message().toolCalls());
    }

    @Test
    void anAnswerCanBeSentBackAsItCame() throws Exception {
        String answer = ObjectMappers.jsonMapper()
                .writeValueAsString(plain(HELLO + TOOLS).choices().getFirst().message());
        String next = HELLO.replace(
                "}]", "}," + answer + ",{\"role\":\"tool\",\"tool_call_id\":\"toolu_1\",\"content\":\"sun\"}]");

        assertThat(plain(next).choices().getFirst().message().content()).isPresent();
    }

    @Test
    void theNativeStreamIsPassedOnByteForByte() throws Exception {
        byte[] whole = call("{" + HELLO + ",\"max_tokens\":9" + STREAM + "}");
        for (int seed = 0; seed < 200; seed++) {
            NativeMessagesStream stream = new NativeMessagesStream();

            String passed = AnswerPieces.drained(whole, stream, seed);

            assertThat(passed + stream.lastEvent()).isEqualTo(new String(whole, StandardCharsets.UTF_8));
        }
    }

    private static ChatCompletion plain(String members) throws Exception {
        MessagesDocument document = new MessagesDocument(CREATED);
        String text = AnswerPieces.drained(call(translated(members).body(SIM).toString()), document, 0);
        return ObjectMappers.jsonMapper().readValue(text, ChatCompletion.class).validate();
    }

    private static ChatCompletion streamed(String members) throws Exception {
        Translated request = translated(members + STREAM);
        MessagesStream stream = new MessagesStream(CREATED, request.usage());
        String text = AnswerPieces.drained(call(request.body(SIM).toString()), stream, 7)
                + stream.lastEvent().toString().replace(ResponseDecoder.DONE, "");
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        for (String line : text.lines().filter(line -> !line.isEmpty()).toList()) {
            whole.accumulate(ObjectMappers.jsonMapper()
                    .readValue(line.substring("data: ".length()), ChatCompletionChunk.class)
                    .validate());
        }
        assertThat(stream.isWholeAtEnd()).isTrue();
        return whole.chatCompletion();
    }

    private static Translated translated(String members) {
        Translation translation = MessagesRequest.translate(("{" + members + "}").getBytes(StandardCharsets.UTF_8));
        assertThat(translation).isInstanceOf(Translated.class);
        return (Translated) translation;
    }

    private static byte[] call(String body) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(URI.create(fleet.provider("p0").baseUrl() + "/messages"))
                                .header("anthropic-version", "2023-06-01")
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofByteArray())
                .body();
    }
}
