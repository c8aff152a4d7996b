package openledger.stack;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.Executors;

/**
 * A provider of chat completions that bears so many calls at once and refuses those beyond (429). It is the judge of how many there were.
 * Thread-safe.
 */
final class NarrowProvider implements AutoCloseable {
    private static final String ANSWER = """
            {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"narrow","choices":[{"index":0,\
            "message":{"role":"assistant","content":"Hello!"},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""";
    private static final String FULL = "{\"error\":{\"message\":\"too many at once\",\"type\":\"rate_limit_error\"}}";
    private static final int OK = 200;
    private static final int TOO_MANY = 429;

    private final HttpServer server;
    private final int slots;
    private final int shortestMillis;
    private final int longestMillis;
    private final Random random = new Random(11);
    private int inFlight;
    private int most;
    private long answered;
    private long refused;
    private long since = System.nanoTime();
    private long changed = since;
    /** Calls times nanoseconds. */
    private double used;

    private NarrowProvider(HttpServer server, int slots, int shortestMillis, int longestMillis) {
        this.server = server;
        this.slots = slots;
        this.shortestMillis = shortestMillis;
        this.longestMillis = longestMillis;
    }

    /**
     * What was counted.
     *
     * @param most calls at once, those among them that were refused
     * @param mean calls in flight, those that were refused not counted
     */
    record Counted(int most, double mean, long answered, long refused) {
        double refusedShare() {
            return (double) refused / Math.max(1, answered);
        }
    }

    /** One on a free port of 127.0.0.1. */
    static NarrowProvider start(int slots, int shortestMillis, int longestMillis) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
        NarrowProvider provider = new NarrowProvider(server, slots, shortestMillis, longestMillis);
        server.createContext("/", provider::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return provider;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** What was counted since this was last asked. */
    synchronized Counted count() {
        advance();
        Counted counted = new Counted(most, used / (changed - since), answered, refused);
        since = changed;
        used = 0;
        most = inFlight;
        answered = 0;
        refused = 0;
        return counted;
    }

    private void advance() {
        long now = System.nanoTime();
        used += (double) inFlight * (now - changed);
        changed = now;
    }

    /** How long the call takes, ms; 0 if it is refused. */
    private synchronized long enter() {
        advance();
        most = Math.max(most, inFlight + 1);
        if (inFlight >= slots) {
            refused++;
            return 0;
        }
        inFlight++;
        return (long) shortestMillis + random.nextInt(longestMillis - shortestMillis + 1);
    }

    private synchronized void leave() {
        advance();
        answered++;
        inFlight--;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            long millis = enter();
            if (millis > 0) {
                Thread.sleep(millis);
                // Before the router hears of it, which may call again at once.
                leave();
            }
            byte[] bytes = (millis > 0 ? ANSWER : FULL).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.sendResponseHeaders(millis > 0 ? OK : TOO_MANY, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
