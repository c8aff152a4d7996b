package openledger.provider.dialect;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Supplier;
import openledger.inference.upstream.UpstreamRequest;
import openledger.provider.answer.AnswerCheck.Kind;
import openledger.provider.answer.DocumentDecoder;
import openledger.provider.answer.ResponseDecoder;

/**
 * A request in a provider's dialect, and the decoder of its answer.
 *
 * @param body to be sent
 * @param answer makes what the answer is held in
 * @param leftOut members that the dialect cannot express and that do not change what is asked
 */
public record EncodedRequest(Buffer body, Supplier<ResponseDecoder> answer, List<String> leftOut) {
    /** The client's own words with the provider's model. */
    public static EncodedRequest asItCame(
            UpstreamRequest asked, CallContext context, Supplier<ResponseDecoder> answer) {
        return new EncodedRequest(asked.body().withModel(context.modelJson()), answer, List.of());
    }

    /** The same, answered with one document. */
    public static EncodedRequest asItCame(UpstreamRequest asked, CallContext context, Kind kind) {
        return asItCame(asked, context, () -> new DocumentDecoder(kind));
    }
}
