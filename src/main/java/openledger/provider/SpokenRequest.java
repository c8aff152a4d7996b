package openledger.provider;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import openledger.inference.AnswerForm;
import openledger.inference.RequestBody;
import openledger.inference.UpstreamRequest;
import openledger.provider.AnswerCheck.Kind;
import openledger.provider.Translation.Translated;
import openledger.provider.Translation.Untranslatable;
import openledger.provider.Translation.UsageChunk;
import openledger.routing.Dialect;
import openledger.routing.Provider;

/**
 * A request in the words of a provider, and how its answer is read.
 *
 * @param body to be sent
 * @param answer makes what the answer is held in
 * @param leftOut members that the provider's language cannot say and that do not change what is asked
 */
record SpokenRequest(Buffer body, Supplier<HeldAnswer> answer, List<String> leftOut) {
    /**
     * Says a request in a dialect that has its operation.
     *
     * @param usage whether the provider is to be asked what a stream took, whether the client asks or not
     * @param modelJson what the provider calls the model, as a JSON string, quotes included
     * @param made told by which names the answer can be referred to
     * @throws IllegalArgumentException if the dialect cannot say it; whoever admits requests has asked before
     */
    static SpokenRequest of(
            Dialect dialect,
            Provider.Usage usage,
            UpstreamRequest asked,
            byte[] modelJson,
            Instant now,
            Consumer<String> made) {
        boolean stream = asked.form() == AnswerForm.STREAM;
        return switch (asked.operation()) {
            case EMBEDDINGS -> asItCame(asked, modelJson, () -> new HeldDocument(Kind.EMBEDDINGS));
            case COUNT_TOKENS -> asItCame(asked, modelJson, () -> new HeldDocument(Kind.TOKEN_COUNT));
            case RESPONSES ->
                asItCame(asked, modelJson, () -> stream ? new ResponsesStream(made) : new NamedDocument(made));
            case MESSAGES ->
                asItCame(asked, modelJson, stream ? NativeMessagesStream::new : SpokenRequest::typedDocument);
            case CHAT ->
                switch (dialect) {
                    case OPENAI ->
                        stream
                                ? chatStream(asked, modelJson, usage)
                                : asItCame(asked, modelJson, () -> new HeldDocument(Kind.CHAT));
                    case ANTHROPIC -> translated(asked, modelJson, now);
                };
        };
    }

    private static SpokenRequest asItCame(UpstreamRequest asked, byte[] modelJson, Supplier<HeldAnswer> answer) {
        return new SpokenRequest(asked.body().withModel(modelJson), answer, List.of());
    }

    private static SpokenRequest chatStream(UpstreamRequest asked, byte[] modelJson, Provider.Usage usage) {
        if (usage == Provider.Usage.AS_ASKED || asked.body().asksForUsage()) {
            return asItCame(asked, modelJson, () -> new HeldStream(UsageChunk.SENT));
        }
        return new SpokenRequest(
                asked.body().withModelAskingForUsage(modelJson), () -> new HeldStream(UsageChunk.LEFT_OUT), List.of());
    }

    private static HeldAnswer typedDocument() {
        return new HeldDocument(Kind.TYPED);
    }

    /** What a chat request comes to in the Messages API, made when it is first asked for. */
    static Translation translationOf(RequestBody chat) {
        return chat.translated(Translation.class, MessagesRequest::translate);
    }

    private static SpokenRequest translated(UpstreamRequest asked, byte[] modelJson, Instant now) {
        return switch (translationOf(asked.body())) {
            case Translated said ->
                new SpokenRequest(
                        said.body(modelJson),
                        asked.form() == AnswerForm.STREAM
                                ? () -> new MessagesStream(now, said.usage())
                                : () -> new MessagesDocument(now),
                        said.dropped());
            case Untranslatable(var member, var message) ->
                throw new IllegalArgumentException("cannot be said in this dialect: " + member);
        };
    }
}
