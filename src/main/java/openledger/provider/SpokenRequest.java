package openledger.provider;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.function.Supplier;
import openledger.inference.AnswerForm;
import openledger.inference.RequestBody;
import openledger.inference.UpstreamRequest;
import openledger.provider.AnswerCheck.Kind;
import openledger.provider.Translation.Translated;
import openledger.provider.Translation.Untranslatable;
import openledger.routing.Dialect;

/**
 * A request in the words of a provider, and how its answer is read.
 *
 * @param body to be sent
 * @param answer makes what the answer is held in
 */
record SpokenRequest(Buffer body, Supplier<HeldAnswer> answer) {
    /**
     * Says a request in a dialect that has its operation.
     *
     * @param modelJson what the provider calls the model, as a JSON string, quotes included
     * @throws IllegalArgumentException if the dialect cannot say it; whoever admits requests has asked before
     */
    static SpokenRequest of(Dialect dialect, UpstreamRequest asked, byte[] modelJson, Instant now) {
        boolean stream = asked.form() == AnswerForm.STREAM;
        return switch (asked.operation()) {
            case EMBEDDINGS -> asItCame(asked, modelJson, () -> new HeldDocument(Kind.EMBEDDINGS));
            case COUNT_TOKENS -> asItCame(asked, modelJson, () -> new HeldDocument(Kind.TOKEN_COUNT));
            case RESPONSES -> asItCame(asked, modelJson, stream ? ResponsesStream::new : SpokenRequest::typedDocument);
            case MESSAGES ->
                asItCame(asked, modelJson, stream ? NativeMessagesStream::new : SpokenRequest::typedDocument);
            case CHAT ->
                switch (dialect) {
                    case OPENAI ->
                        asItCame(asked, modelJson, stream ? HeldStream::new : () -> new HeldDocument(Kind.CHAT));
                    case ANTHROPIC -> translated(asked, modelJson, now);
                };
        };
    }

    private static SpokenRequest asItCame(UpstreamRequest asked, byte[] modelJson, Supplier<HeldAnswer> answer) {
        return new SpokenRequest(asked.body().withModel(modelJson), answer);
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
                                : () -> new MessagesDocument(now));
            case Untranslatable(var member, var message) ->
                throw new IllegalArgumentException("cannot be said in this dialect: " + member);
        };
    }
}
