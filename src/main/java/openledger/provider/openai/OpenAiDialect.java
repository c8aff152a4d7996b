package openledger.provider.openai;

import java.util.List;
import java.util.Map;
import openledger.inference.upstream.AnswerForm;
import openledger.inference.upstream.UpstreamRequest;
import openledger.provider.answer.AnswerCheck.Kind;
import openledger.provider.dialect.CallContext;
import openledger.provider.dialect.DialectAdapter;
import openledger.provider.dialect.EncodedRequest;
import openledger.provider.translation.Translation.UsageChunk;
import openledger.routing.Dialect;
import openledger.routing.Operation;
import openledger.routing.Provider;

/** OpenAI's dialect, which clients use as well: nothing is translated. */
public final class OpenAiDialect implements DialectAdapter {
    @Override
    public Dialect dialect() {
        return Dialect.OPENAI;
    }

    @Override
    public String path(Operation operation, AnswerForm form, String model) {
        return switch (operation) {
            case CHAT -> "/chat/completions";
            case EMBEDDINGS -> "/embeddings";
            case RESPONSES -> "/responses";
            case MESSAGES, COUNT_TOKENS -> throw new IllegalArgumentException("not of this dialect: " + operation);
        };
    }

    @Override
    public Map<String, String> headers(String secret) {
        return secret.isEmpty() ? Map.of() : Map.of("authorization", "Bearer " + secret);
    }

    @Override
    public EncodedRequest encode(UpstreamRequest asked, CallContext context) {
        boolean stream = asked.form() == AnswerForm.STREAM;
        return switch (asked.operation()) {
            case CHAT -> stream ? chatStream(asked, context) : EncodedRequest.asItCame(asked, context, Kind.CHAT);
            case EMBEDDINGS -> EncodedRequest.asItCame(asked, context, Kind.EMBEDDINGS);
            case RESPONSES ->
                EncodedRequest.asItCame(
                        asked,
                        context,
                        () -> stream ? new ResponsesStream(context.made()) : new NamedDocument(context.made()));
            case MESSAGES, COUNT_TOKENS ->
                throw new IllegalArgumentException("not of this dialect: " + asked.operation());
        };
    }

    private static EncodedRequest chatStream(UpstreamRequest asked, CallContext context) {
        if (context.usage() == Provider.Usage.AS_ASKED || asked.body().asksForUsage()) {
            return EncodedRequest.asItCame(asked, context, () -> new ChatStream(UsageChunk.SENT));
        }
        return new EncodedRequest(
                asked.body().withModelAskingForUsage(context.modelJson()),
                () -> new ChatStream(UsageChunk.LEFT_OUT),
                List.of());
    }
}
