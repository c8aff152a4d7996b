package openledger.provider.anthropic;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import openledger.inference.upstream.AnswerForm;
import openledger.inference.upstream.UpstreamRequest;
import openledger.provider.answer.AnswerCheck.Kind;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.dialect.CallContext;
import openledger.provider.dialect.DialectAdapter;
import openledger.provider.dialect.EncodedRequest;
import openledger.provider.translation.Translation.Translated;
import openledger.routing.Dialect;
import openledger.routing.Operation;

/** Anthropic's dialect: its own operations go through as they are, chat completions are translated. */
public final class AnthropicDialect implements DialectAdapter {
    /** What a client that names no version is taken to mean. */
    private static final String OLDEST_STABLE_VERSION = "2023-06-01";

    private static final String VERSION = "anthropic-version";

    @Override
    public Dialect dialect() {
        return Dialect.ANTHROPIC;
    }

    @Override
    public String path(Operation operation, AnswerForm form, String model) {
        return switch (operation) {
            case CHAT, MESSAGES -> "/messages";
            case COUNT_TOKENS -> "/messages/count_tokens";
            case EMBEDDINGS, RESPONSES -> throw new IllegalArgumentException("not of this dialect: " + operation);
        };
    }

    @Override
    public Map<String, String> headers(String secret) {
        return secret.isEmpty()
                ? Map.of(VERSION, OLDEST_STABLE_VERSION)
                : Map.of(VERSION, OLDEST_STABLE_VERSION, "x-api-key", secret);
    }

    @Override
    public String requestIdHeader() {
        return "request-id";
    }

    @Override
    public Optional<Translator> translator(Operation operation) {
        return operation == Operation.CHAT ? Optional.of(MessagesRequest::translate) : Optional.empty();
    }

    @Override
    public EncodedRequest encode(UpstreamRequest asked, CallContext context) {
        boolean stream = asked.form() == AnswerForm.STREAM;
        return switch (asked.operation()) {
            case CHAT -> {
                Translated said =
                        translated(asked.body(), MessagesRequest::translate).orElseThrow();
                Instant now = context.now();
                yield new EncodedRequest(
                        said.body(context.modelJson()), () -> decoder(stream, now, said), said.dropped());
            }
            case MESSAGES ->
                stream
                        ? EncodedRequest.asItCame(asked, context, NativeMessagesStream::new)
                        : EncodedRequest.asItCame(asked, context, Kind.TYPED);
            case COUNT_TOKENS -> EncodedRequest.asItCame(asked, context, Kind.TOKEN_COUNT);
            case EMBEDDINGS, RESPONSES ->
                throw new IllegalArgumentException("not of this dialect: " + asked.operation());
        };
    }

    private static ResponseDecoder decoder(boolean stream, Instant now, Translated said) {
        return stream ? new MessagesStream(now, said.usage()) : new MessagesDocument(now);
    }
}
