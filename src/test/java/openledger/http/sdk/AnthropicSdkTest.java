package openledger.http.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.Tool;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import java.util.Map;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Anthropic's Java SDK, unmodified, with its own retries on. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class AnthropicSdkTest {
    @TestHTTPResource
    URI router = URI.create("http://127.0.0.1");

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void sendsMessages() {
        Message answer = client(RouterUnderTest.KEY).messages().create(hello("scribe"));

        assertThat(answer.content().getFirst().text()).isPresent();
        assertThat(answer.usage().outputTokens()).isPositive();
    }

    @Test
    void countsTokens() {
        MessageCountTokensParams ask = MessageCountTokensParams.builder()
                .model("scribe")
                .addUserMessage("Hello!")
                .build();

        assertThat(client(RouterUnderTest.KEY).messages().countTokens(ask).inputTokens())
                .isPositive();
    }

    @Test
    void streamsAndSkipsOurEvent() {
        try (StreamResponse<RawMessageStreamEvent> stream =
                client(RouterUnderTest.KEY).messages().createStreaming(hello("scribe"))) {
            List<RawMessageStreamEvent> events = stream.stream().toList();

            assertThat(events.getFirst().isMessageStart()).isTrue();
            assertThat(events.stream().filter(RawMessageStreamEvent::isContentBlockDelta))
                    .isNotEmpty();
            assertThat(events.getLast().isMessageStop()).isTrue();
        }
    }

    @Test
    void usesTools() {
        Tool weather = Tool.builder()
                .name("weather")
                .inputSchema(Tool.InputSchema.builder()
                        .properties(JsonValue.from(Map.of("city", Map.of("type", "string"))))
                        .build())
                .build();

        MessageCreateParams ask = MessageCreateParams.builder()
                .model("scribe")
                .maxTokens(64)
                .addUserMessage("What is the weather in Bern?")
                .addTool(weather)
                .build();

        Message answer = client(RouterUnderTest.KEY).messages().create(ask);

        assertThat(answer.content().stream().flatMap(block -> block.toolUse().stream()))
                .singleElement()
                .satisfies(use -> assertThat(use.name()).isEqualTo("weather"));
    }

    @Test
    void itsRetriesDoNotMultiplyOurs() {
        RouterUnderTest.script("status 529", "status 529", "status 529", "status 529");

        assertThatThrownBy(() -> client(RouterUnderTest.KEY).messages().create(hello("scribe")))
                .isInstanceOf(InternalServerException.class)
                .hasMessageContaining("budget");
        assertThat(ChatApi.upstreamCalls()).isEqualTo(4);
    }

    @Test
    void aStreamThatIsClosedCancelsTheCallUpstream() throws InterruptedException {
        RouterUnderTest.script("hang-after 2");
        try (StreamResponse<RawMessageStreamEvent> stream =
                client(RouterUnderTest.KEY).messages().createStreaming(hello("scribe"))) {
            assertThat(stream.stream().findFirst()).isPresent();
        }

        ChatApi.await(() -> ChatApi.abandoned() == 1);

        assertThat(ChatApi.upstreamCalls()).isOne();
    }

    @Test
    void everyErrorHasItsClass() {
        RouterUnderTest.script("status 400");
        assertThatThrownBy(() -> client(RouterUnderTest.KEY).messages().create(hello("scribe")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("simulated status 400");
        assertThatThrownBy(() -> client("sk-wrong-0123456789").messages().create(hello("scribe")))
                .isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> client(RouterUnderTest.KEY).messages().create(hello("nope")))
                .isInstanceOf(NotFoundException.class);
    }

    private AnthropicClient client(String key) {
        return AnthropicOkHttpClient.builder()
                .baseUrl("http://" + router.getAuthority())
                .apiKey(key)
                .build();
    }

    private static MessageCreateParams hello(String model) {
        return MessageCreateParams.builder()
                .model(model)
                .maxTokens(64)
                .addUserMessage("Hello!")
                .build();
    }
}
