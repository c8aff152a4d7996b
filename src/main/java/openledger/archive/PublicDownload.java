package openledger.archive;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Downloads what a router publishes: bounded in size and time, without redirects. Blocks its caller, so it is
 * for commands. Thread-safe.
 */
public final class PublicDownload implements AutoCloseable {
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int OK = 200;
    private static final int NEEDS_KEY = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private final URI router;
    private final Optional<String> key;
    private final Duration longest;
    private final HttpClient client;

    /**
     * Downloads from a router.
     *
     * @param router its address, http or https, without a path
     * @param key any key of the router
     */
    public PublicDownload(URI router, String key) {
        this(router, Optional.of(key), LONGEST);
    }

    /**
     * Downloads from a router.
     *
     * @param key any key of the router; empty if it serves everybody
     * @param longest that the whole of an answer may take
     */
    public PublicDownload(URI router, Optional<String> key, Duration longest) {
        this.router = router;
        this.key = key;
        this.longest = longest;
        this.client = HttpClient.newBuilder()
                .connectTimeout(LONGEST_CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /**
     * What is at a path.
     *
     * @param path with its query, from the first slash on
     * @param most bytes that are taken
     * @throws NotThere if the router has no such thing
     * @throws Closed if it serves that to others
     * @throws Silent if no whole answer came in time
     * @throws IOException if it cannot be had, with a reason for people
     */
    public byte[] get(String path, int most) throws IOException, InterruptedException {
        HttpRequest.Builder asking = HttpRequest.newBuilder(router.resolve(path));
        key.ifPresent(known -> asking.header("authorization", "Bearer " + known));
        CompletableFuture<HttpResponse<byte[]>> asked =
                client.sendAsync(asking.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), most));
        HttpResponse<byte[]> response = whole(asked, path);
        if (response.statusCode() == NOT_FOUND) {
            throw new NotThere(path);
        }
        if (response.statusCode() == NEEDS_KEY || response.statusCode() == FORBIDDEN) {
            throw new Closed(path, response.statusCode());
        }
        if (response.statusCode() != OK) {
            throw new IOException(path + " was answered with status " + response.statusCode());
        }
        return response.body();
    }

    /** The client's own time-out ends with the head; this one is for all of it. */
    private <T> T whole(CompletableFuture<T> asked, String path) throws IOException, InterruptedException {
        try {
            return asked.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new Silent(path + " did not arrive within " + longest.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new Silent(path + " cannot be downloaded: " + e.getCause(), e);
        } finally {
            asked.cancel(true);
        }
    }

    @Override
    public void close() {
        // An answer that was given up may still trickle in; nobody waits for that.
        client.shutdownNow();
    }

    /** The router has no such thing. */
    public static final class NotThere extends IOException {
        NotThere(String path) {
            super("there is no " + path);
        }
    }

    /** The router gave no whole answer. */
    public static final class Silent extends IOException {
        Silent(String message, Exception why) {
            super(message, why);
        }
    }

    /** The router serves that to others, who have a key. */
    public static final class Closed extends IOException {
        Closed(String path, int status) {
            super(path + " was answered with status " + status + ": it needs another key");
        }
    }
}
