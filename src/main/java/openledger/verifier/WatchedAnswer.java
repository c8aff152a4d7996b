package openledger.verifier;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import openledger.commitment.leaf.RequestDigest;
import openledger.commitment.verify.AnswerPromiseCheck;
import openledger.commitment.verify.PromiseHeader;

/**
 * An answer of an inference, and what is needed to check it and to get its receipt later. It has the caller's credentials, so it is never
 * written anywhere.
 *
 * @param receipts address of the router's receipts, which a request's name completes
 * @param digest {@link RequestDigest} of the body that was sent, with its nonce, 32 bytes; empty if it is not known
 * @param credentials the caller's headers that a receipt is read with
 * @param status of the answer
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares answers
public record WatchedAnswer(
        URI receipts,
        Optional<byte[]> digest,
        Map<String, String> credentials,
        int status,
        AnswerPromiseCheck.Headers headers) {
    /** The header by which a request asks for a promise, and its value. */
    public static final String WISH = "openledger-receipt";

    public static final String SIGNED = "signed";
    public static final String NONCE = "openledger-nonce";
    public static final String REQUEST = "openledger-request";
    private static final Pattern INFERENCE =
            Pattern.compile("(.*)/v1/(?:chat/completions|completions|embeddings|responses|messages)");
    private static final List<String> CREDENTIALS = List.of("authorization", "x-api-key", "api-key");

    public WatchedAnswer {
        credentials = Map.copyOf(credentials);
    }

    /** The path of the router's receipts, for the path of an inference; empty if it is the path of something else. */
    public static Optional<String> receipts(String path) {
        Matcher inference = INFERENCE.matcher(path);
        return inference.matches() ? Optional.of(inference.group(1) + "/v1/receipts/") : Optional.empty();
    }

    /**
     * The credentials among headers.
     *
     * @param header the value of a header by its name in lower case; empty if there is none
     */
    public static Map<String, String> credentials(Function<String, Optional<String>> header) {
        Map<String, String> found = new LinkedHashMap<>();
        CREDENTIALS.forEach(name -> header.apply(name).ifPresent(value -> found.put(name, value)));
        return found;
    }

    /**
     * An answer as the JDK's client has it; empty if it is not one of an inference. The request has to have the header {@link #WISH}.
     *
     * @param body that was sent, byte for byte
     */
    public static Optional<WatchedAnswer> of(HttpRequest request, byte[] body, HttpResponse<?> answer) {
        String nonce = request.headers().firstValue(NONCE).orElse("");
        return receipts(request.uri().getRawPath())
                .filter(path -> request.method().equals("POST"))
                .map(path -> new WatchedAnswer(
                        request.uri().resolve(path),
                        Optional.of(RequestDigest.of(body, nonce)),
                        credentials(request.headers()::firstValue),
                        answer.statusCode(),
                        new AnswerPromiseCheck.Headers(
                                answer.headers().firstValue(PromiseHeader.NAME),
                                answer.headers().firstValue(REQUEST))));
    }

    /** Without its credentials. */
    @Override
    public String toString() {
        return "answer with status " + status;
    }
}
