package openledger.provider.dialect;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import openledger.inference.admission.RequestBody;
import openledger.inference.upstream.AnswerForm;
import openledger.inference.upstream.UpstreamRequest;
import openledger.provider.error.Complaint;
import openledger.provider.translation.Translation;
import openledger.routing.Dialect;
import openledger.routing.Operation;

/**
 * An API that providers offer: where its calls go, how a request is encoded, and how its answer is decoded. All that the router knows of a
 * dialect is behind this. Stateless; safe for several threads.
 */
public interface DialectAdapter {
    /** Its name in the configuration, and the operations that it offers. */
    Dialect dialect();

    /**
     * Where a call goes: a path, with a query if need be, that is put behind the provider's base URL.
     *
     * @param model what the provider calls the model
     * @throws IllegalArgumentException if the dialect does not offer the operation
     */
    String path(Operation operation, AnswerForm form, String model);

    /**
     * The headers of each call beside the content type.
     *
     * @param secret the provider's key; empty if it wants none
     */
    Map<String, String> headers(String secret);

    /** The header by which a provider names a call. */
    default String requestIdHeader() {
        return "x-request-id";
    }

    /** What translates requests of that operation, so that some cannot be said; empty if they go on in the client's own words. */
    default Optional<Translator> translator(Operation operation) {
        return Optional.empty();
    }

    /** Says a body in another dialect, or says what stands in the way. */
    @FunctionalInterface
    interface Translator extends Function<byte[], Translation> {}

    /** What a body comes to, made when it is first asked for. */
    default Translation translated(RequestBody body, Translator by) {
        return body.translated(dialect(), Translation.class, by);
    }

    /**
     * A request as it is sent, and how its answer is read.
     *
     * @throws IllegalArgumentException if there is an objection to it; who admits requests has asked before
     */
    EncodedRequest encode(UpstreamRequest asked, CallContext context);

    /** How long an error asks to be left alone, if that stands in its body and not in a header. */
    default Optional<Duration> retryAfter(Complaint said) {
        return Optional.empty();
    }
}
