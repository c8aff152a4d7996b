package openledger.http.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.simulator.SimulatedProvider;
import openledger.simulator.SimulatedProvider.SeenCall;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** LangChain4j's OpenAI models, unmodified, with their own retries on. Long because all that they do is held to the router here. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class LangChain4jTest {
    @TestHTTPResource("/v1")
    URI router = URI.create("http://127.0.0.1");

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void chats() {
        assertThat(model("assistant", RouterUnderTest.KEY).chat("Hello!")).isNotEmpty();
    }

    @Test
    void callsTools() {
        ChatRequest ask = ChatRequest.builder()
                .messages(UserMessage.from("What is the weather in Bern?"))
                .toolSpecifications(ToolSpecification.builder()
                        .name("weather")
                        .parameters(JsonObjectSchema.builder()
                                .addStringProperty("city")
                                .build())
                        .build())
                .build();

        ChatResponse answer = model("assistant", RouterUnderTest.KEY).chat(ask);

        assertThat(answer.aiMessage().toolExecutionRequests())
                .singleElement()
                .extracting(ToolExecutionRequest::name)
                .isEqualTo("weather");
    }

    /** To targets of another dialect: an id as some servers make them, used for two calls, and a blank text. */
    @Test
    void sendsAConversationBack() throws Exception {
        ToolExecutionRequest call = ToolExecutionRequest.builder()
                .id("functions.weather:0")
                .name("weather")
                .arguments("{\"city\":\"Bern\"}")
                .build();
        ChatRequest ask = ChatRequest.builder()
                .messages(
                        SystemMessage.from("Be brief."),
                        UserMessage.from("What is the weather in Bern?"),
                        AiMessage.from(" ", List.of(call)),
                        ToolExecutionResultMessage.from(call, "sunny"),
                        AiMessage.from("It is sunny."),
                        UserMessage.from("And now?"),
                        AiMessage.from(call),
                        ToolExecutionResultMessage.from(call, "still sunny"))
                .build();

        assertThat(model("scribe", RouterUnderTest.KEY).chat(ask).aiMessage().text())
                .isNotEmpty();

        Set<String> ids = new HashSet<>();
        for (JsonNode message : new ObjectMapper().readTree(seen()).path("messages")) {
            for (JsonNode block : message.path("content")) {
                if (block.has("tool_use_id")) {
                    ids.add(block.path("tool_use_id").asText());
                }
            }
        }
        assertThat(ids).hasSize(2).allMatch(id -> id.matches("[a-zA-Z0-9_-]+"));
    }

    private static String seen() {
        return RouterUnderTest.providers().stream()
                .map(SimulatedProvider::takeSeen)
                .filter(Objects::nonNull)
                .map(SeenCall::body)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void embeds() {
        List<Embedding> embeddings = OpenAiEmbeddingModel.builder()
                .baseUrl(router.toString())
                .apiKey(RouterUnderTest.KEY)
                .modelName("assistant")
                .build()
                .embedAll(List.of(TextSegment.from("a"), TextSegment.from("b")))
                .content();

        assertThat(embeddings)
                .hasSize(2)
                .allSatisfy(one -> assertThat(one.vector()).isNotEmpty());
    }

    @Test
    void streamsAndSkipsOurLastChunk() throws Exception {
        Stream stream = new Stream(Reader.PATIENT);

        streaming().chat("Hello!", stream);

        String whole = stream.answer.get(10, TimeUnit.SECONDS).aiMessage().text();
        assertThat(stream.parts).hasSize(5);
        assertThat(String.join("", stream.parts)).isEqualTo(whole);
    }

    @Test
    void aStreamThatIsCancelledCancelsTheCallUpstream() throws InterruptedException {
        RouterUnderTest.script("hang-after 2");

        streaming().chat("Hello!", new Stream(Reader.GONE_AFTER_ONE_PART));
        ChatApi.await(() -> ChatApi.abandoned() == 1);

        assertThat(ChatApi.upstreamCalls()).isOne();
    }

    /** It passes error events of chat streams over; that no finish reason ever came is what its users can see. */
    @Test
    void aStreamThatBreaksHasNoFinishReason() throws Exception {
        RouterUnderTest.script("cut 2");
        Stream stream = new Stream(Reader.PATIENT);

        streaming().chat("Hello!", stream);

        assertThat(stream.answer.get(10, TimeUnit.SECONDS).finishReason()).isNull();
    }

    @Test
    void everyErrorHasItsClass() {
        RouterUnderTest.script("status 400");
        assertThatThrownBy(() -> model("assistant", RouterUnderTest.KEY).chat("Hello!"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("simulated status 400");
        assertThatThrownBy(() -> model("assistant", "sk-wrong-0123456789").chat("Hello!"))
                .isInstanceOf(AuthenticationException.class);
        assertThatThrownBy(() -> model("nope", RouterUnderTest.KEY).chat("Hello!"))
                .isInstanceOf(ModelNotFoundException.class);
    }

    /** It looks at the status alone and so sends again, each time as a new request; what it cannot do is raise a budget. */
    @Test
    void eachOfItsRetriesHasOneBudget() {
        RouterUnderTest.script("status 500", "status 500", "status 500", "status 500");
        RouterUnderTest.script("status 500", "status 500", "status 500", "status 500");
        OpenAiChatModel persistent = OpenAiChatModel.builder()
                .baseUrl(router.toString())
                .apiKey(RouterUnderTest.KEY)
                .modelName("assistant")
                .maxRetries(1)
                .build();

        assertThatThrownBy(() -> persistent.chat("Hello!"))
                .isInstanceOf(InternalServerException.class)
                .hasMessageContaining("budget");
        assertThat(ChatApi.upstreamCalls()).isEqualTo(8);
    }

    private OpenAiChatModel model(String route, String key) {
        return OpenAiChatModel.builder()
                .baseUrl(router.toString())
                .apiKey(key)
                .modelName(route)
                .build();
    }

    private OpenAiStreamingChatModel streaming() {
        return OpenAiStreamingChatModel.builder()
                .baseUrl(router.toString())
                .apiKey(RouterUnderTest.KEY)
                .modelName("assistant")
                .build();
    }

    private enum Reader {
        PATIENT,
        GONE_AFTER_ONE_PART
    }

    private static final class Stream implements StreamingChatResponseHandler {
        final Queue<String> parts = new ConcurrentLinkedQueue<>();
        final CompletableFuture<ChatResponse> answer = new CompletableFuture<>();
        private final Reader reader;

        Stream(Reader reader) {
            this.reader = reader;
        }

        @Override
        public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
            parts.add(part.text());
            if (reader == Reader.GONE_AFTER_ONE_PART) {
                context.streamingHandle().cancel();
            }
        }

        @Override
        public void onCompleteResponse(ChatResponse whole) {
            answer.complete(whole);
        }

        @Override
        public void onError(Throwable error) {
            answer.completeExceptionally(error);
        }
    }
}
