package openledger.provider;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import openledger.inference.admission.RequestBody;
import openledger.inference.upstream.AnswerForm;
import openledger.inference.upstream.UpstreamRequest;
import openledger.provider.answer.AnswerCheck.Kind;
import openledger.provider.answer.DocumentDecoder;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.anthropic.MessagesDocument;
import openledger.provider.anthropic.MessagesRequest;
import openledger.provider.anthropic.MessagesStream;
import openledger.provider.anthropic.NativeMessagesStream;
import openledger.provider.openai.ChatStream;
import openledger.provider.openai.NamedDocument;
import openledger.provider.openai.ResponsesStream;
import openledger.provider.translation.Translation;
import openledger.provider.translation.Translation.Translated;
import openledger.provider.translation.Translation.Untranslatable;
import openledger.provider.translation.Translation.UsageChunk;
import openledger.routing.Dialect;
import openledger.routing.Provider;

/**
 * A request in the words of a provider, and how its answer is read.
 *
 * @param body to be sent
 * @param answer makes what the answer is held in
 * @param leftOut members that the provider's language cannot say and that do not change what is asked
 */
public record EncodedRequest(Buffer body, Supplier<ResponseDecoder> answer, List<String> leftOut) {
    /**
     * Says a request in a dialect that has its operation.
     *
     * @param usage whether the provider is to be asked what a stream took, whether the client asks or not
     * @param modelJson what the provider calls the model, as a JSON string, quotes included
     * @param made told by which names the answer can be referred to
     * @throws IllegalArgumentException if the dialect cannot say it; whoever admits requests has asked before
     */
    static EncodedRequest of(
            Dialect dialect,
            Provider.Usage usage,
            UpstreamRequest asked,
            byte[] modelJson,
            Instant now,
            Consumer<String> made) {
        boolean stream = asked.form() == AnswerForm.STREAM;
        return switch (asked.operation()) {
            case EMBEDDINGS -> asItCame(asked, modelJson, () -> new DocumentDecoder(Kind.EMBEDDINGS));
            case COUNT_TOKENS -> asItCame(asked, modelJson, () -> new DocumentDecoder(Kind.TOKEN_COUNT));
            case RESPONSES ->
                asItCame(asked, modelJson, () -> stream ? new ResponsesStream(made) : new NamedDocument(made));
            case MESSAGES ->
                asItCame(asked, modelJson, stream ? NativeMessagesStream::new : EncodedRequest::typedDocument);
            case CHAT ->
                switch (dialect) {
                    case OPENAI ->
                        stream
                                ? chatStream(asked, modelJson, usage)
                                : asItCame(asked, modelJson, () -> new DocumentDecoder(Kind.CHAT));
                    case ANTHROPIC -> translated(asked, modelJson, now);
                };
        };
    }

    private static EncodedRequest asItCame(UpstreamRequest asked, byte[] modelJson, Supplier<ResponseDecoder> answer) {
        return new EncodedRequest(asked.body().withModel(modelJson), answer, List.of());
    }

    private static EncodedRequest chatStream(UpstreamRequest asked, byte[] modelJson, Provider.Usage usage) {
        if (usage == Provider.Usage.AS_ASKED || asked.body().asksForUsage()) {
            return asItCame(asked, modelJson, () -> new ChatStream(UsageChunk.SENT));
        }
        return new EncodedRequest(
                asked.body().withModelAskingForUsage(modelJson), () -> new ChatStream(UsageChunk.LEFT_OUT), List.of());
    }

    private static ResponseDecoder typedDocument() {
        return new DocumentDecoder(Kind.TYPED);
    }

    /** What a chat request comes to in the Messages API, made when it is first asked for. */
    static Translation translationOf(RequestBody chat) {
        return chat.translated(Translation.class, MessagesRequest::translate);
    }

    private static EncodedRequest translated(UpstreamRequest asked, byte[] modelJson, Instant now) {
        return switch (translationOf(asked.body())) {
            case Translated said ->
                new EncodedRequest(
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
