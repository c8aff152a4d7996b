package openledger.archive;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import openledger.settlement.log.LogArchive;

/**
 * An archive in a bucket of S3, or of any service that speaks its API: GET and PUT of whole objects, by the path of the bucket, signed with
 * Signature Version 4. No redirect is followed. Thread-safe.
 */
public final class S3Archive implements LogArchive {
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int TRIES = 3;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;
    private static final int SERVERS = 500;
    private static final int NOT_IMPLEMENTED = 501;
    /** Precondition Failed; Conflict, of writes at the same time. */
    private static final Set<Integer> OTHERS_WERE_FIRST = Set.of(412, 409);

    private static final Pattern TAG = Pattern.compile("[!-~]{1,256}");
    /** Of an answer that nobody reads, and of a refusal. */
    private static final int MOST_ANSWER = 64 << 10;

    private static final byte[] NOTHING = {};

    private final Place place;
    private final SignatureV4 signature;
    private final Optional<String> token;
    private final InstantSource clock;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(LONGEST_CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    /**
     * Where objects are.
     *
     * @param endpoint of the service, without a path
     * @param bucket its name
     * @param prefix before all names, without slashes around it; may be empty
     */
    record Place(URI endpoint, String bucket, String prefix) {
        String path(String name) {
            return "/" + bucket + "/" + (prefix.isEmpty() ? "" : prefix + "/") + name;
        }

        /** As the client sends it. */
        String host() {
            int port = endpoint.getPort();
            boolean isUsual = port < 0 || port == ("https".equals(endpoint.getScheme()) ? 443 : 80);
            return isUsual ? endpoint.getHost() : endpoint.getHost() + ":" + port;
        }
    }

    /** @param token of a session, if the keys are of one */
    S3Archive(Place place, SignatureV4 signature, Optional<String> token, InstantSource clock) {
        this.place = place;
        this.signature = signature;
        this.token = token;
        this.clock = clock;
    }

    @Override
    public Optional<byte[]> read(String name, int most) throws IOException {
        HttpResponse<byte[]> answer = send("GET", name, Map.of(), NOTHING, Math.max(most, MOST_ANSWER));
        if (answer.statusCode() == NOT_FOUND) {
            return Optional.empty();
        }
        byte[] content = good(answer, name).body();
        if (content.length > most) {
            throw new IOException(name + " of the bucket is longer than " + most + " bytes");
        }
        return Optional.of(content);
    }

    /** A service that knows no conditions writes without one. */
    @Override
    public boolean write(String name, Optional<byte[]> before, byte[] content) throws IOException {
        Map<String, String> condition = Map.of("if-none-match", "*");
        if (before.isPresent()) {
            HttpResponse<byte[]> there =
                    send("GET", name, Map.of(), NOTHING, Math.max(before.get().length, MOST_ANSWER));
            if (there.statusCode() == NOT_FOUND
                    || !Arrays.equals(good(there, name).body(), before.get())) {
                return false;
            }
            condition = there.headers()
                    .firstValue("etag")
                    .filter(tag -> TAG.matcher(tag).matches())
                    .map(tag -> Map.of("if-match", tag))
                    .orElse(Map.of());
        }
        HttpResponse<byte[]> answer = send("PUT", name, condition, content, MOST_ANSWER);
        if (answer.statusCode() == NOT_IMPLEMENTED) {
            answer = send("PUT", name, Map.of(), content, MOST_ANSWER);
        }
        if (OTHERS_WERE_FIRST.contains(answer.statusCode())) {
            return false;
        }
        good(answer, name);
        return true;
    }

    private static HttpResponse<byte[]> good(HttpResponse<byte[]> answer, String name) throws IOException {
        if (answer.statusCode() != OK) {
            throw new IOException(name + " of the bucket was answered with status " + answer.statusCode());
        }
        return answer;
    }

    /** An object can be read and written again, so what a service says in haste is no answer yet. */
    private HttpResponse<byte[]> send(
            String method, String name, Map<String, String> condition, byte[] content, int most) throws IOException {
        Duration pause = FIRST_PAUSE;
        for (int left = TRIES - 1; ; left--) {
            try {
                HttpResponse<byte[]> answer = once(request(method, place.path(name), condition, content), name, most);
                int status = answer.statusCode();
                if (left == 0 || status == NOT_IMPLEMENTED || (status < SERVERS && status != TOO_MANY)) {
                    return answer;
                }
            } catch (IOException e) {
                if (left == 0 || e instanceof InterruptedIOException) {
                    throw e;
                }
            }
            pause(pause);
            pause = pause.multipliedBy(4);
        }
    }

    private static void pause(Duration length) throws IOException {
        try {
            Thread.sleep(length);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted");
    }

    private HttpResponse<byte[]> once(HttpRequest request, String name, int most) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> asked =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), most));
        try {
            return asked.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException(name + " of the bucket was not answered within " + LONGEST.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(name + " of the bucket: " + e.getCause(), e);
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            asked.cancel(true);
        }
    }

    private HttpRequest request(String method, String path, Map<String, String> condition, byte[] content) {
        Instant now = clock.instant();
        String hash = SignatureV4.sha256(content);
        SortedMap<String, String> headers = new TreeMap<>(condition);
        headers.put("x-amz-content-sha256", hash);
        headers.put("x-amz-date", SignatureV4.time(now));
        token.ifPresent(session -> headers.put("x-amz-security-token", session));
        HttpRequest.Builder request = HttpRequest.newBuilder(place.endpoint().resolve(path))
                .method(method, content.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(content));
        headers.forEach(request::header);
        headers.put("host", place.host());
        return request.header("authorization", signature.authorization(method, path, headers, hash, now))
                .build();
    }

    @Override
    public String toString() {
        return "s3://" + place.bucket() + (place.prefix().isEmpty() ? "" : "/" + place.prefix());
    }
}
