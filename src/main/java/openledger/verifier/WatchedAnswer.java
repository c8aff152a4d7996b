package openledger.verifier;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Deque;
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
import openledger.unit.RequestId;

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
            Pattern.compile("(.*)/v1/(?:chat/completions|completions|embeddings|responses|messages(?:/count_tokens)?)");
    /** RFC 3986, section 2.3: letters, digits and {@code -._~}, which mean the same with and without the escape. */
    private static final Pattern UNRESERVED =
            Pattern.compile("%(?:4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A]|3[0-9]|2[DE]|5F|7E)", Pattern.CASE_INSENSITIVE);

    private static final int OK = 200;
    private static final int FIRST_ERROR = 300;
    private static final List<String> CREDENTIALS = List.of("authorization", "x-api-key", "api-key");

    public WatchedAnswer {
        credentials = Map.copyOf(credentials);
    }

    /** The path of the router's receipts, for the path of an inference; empty if it is the path of something else. */
    public static Optional<String> receipts(String path) {
        Matcher inference = INFERENCE.matcher(normalized(path));
        return inference.matches() ? Optional.of(inference.group(1) + "/v1/receipts/") : Optional.empty();
    }

    /** A path as the router's routes compare it: without needless escapes, empty segments, dot segments and a slash at its end. */
    private static String normalized(String path) {
        String plain = UNRESERVED
                .matcher(path)
                .replaceAll(escape ->
                        Character.toString(Integer.parseInt(escape.group().substring(1), 16)));
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : plain.split("/", -1)) {
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(segment);
            }
        }
        return "/" + String.join("/", segments);
    }

    /**
     * A good answer with a request's name to a request that did not ask for a promise, so that it is not missed; empty of any other.
     *
     * @param receipts address of the router's receipts
     * @param request the header {@link #REQUEST}
     */
    public static Optional<WatchedAnswer> unasked(URI receipts, int status, Optional<String> request) {
        return Optional.of(new WatchedAnswer(
                        receipts,
                        Optional.empty(),
                        Map.of(),
                        status,
                        new AnswerPromiseCheck.Headers(Optional.empty(), request)))
                .filter(answer -> request.isPresent() && !answer.isError());
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
     * An answer as the JDK's client has it; empty if it is not one of an inference. The request has to have the header {@link #WISH}. An
     * address that is not known as one of an inference, but is answered as one, counts as {@link #unasked}.
     *
     * @param body that was sent, byte for byte
     */
    public static Optional<WatchedAnswer> of(HttpRequest request, byte[] body, HttpResponse<?> answer) {
        String router = request.uri().getScheme() + "://" + request.uri().getRawAuthority();
        Optional<String> path = receipts(request.uri().getRawPath())
                .filter(inference -> request.method().equals("POST"));
        Optional<String> name = answer.headers().firstValue(REQUEST);
        if (path.isEmpty()) {
            return unasked(URI.create(router + "/v1/receipts/"), answer.statusCode(), name);
        }
        String nonce = request.headers().firstValue(NONCE).orElse("");
        return Optional.of(new WatchedAnswer(
                URI.create(router + path.get()),
                Optional.of(RequestDigest.of(body, nonce)),
                credentials(request.headers()::firstValue),
                answer.statusCode(),
                new AnswerPromiseCheck.Headers(answer.headers().firstValue(PromiseHeader.NAME), name)));
    }

    /** Where the receipt of a request is. */
    URI receipt(RequestId request) {
        return URI.create(receipts.toString() + request);
    }

    /** Whether the router says that it has not served the request. */
    boolean isError() {
        return status < OK || status >= FIRST_ERROR;
    }

    /** Without its credentials. */
    @Override
    public String toString() {
        return "answer with status " + status;
    }
}
