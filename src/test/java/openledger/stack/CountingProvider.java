package openledger.stack;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A provider of chat completions that is the judge of how often a request was called: it counts calls by the word {@code marker-…} in
 * their bodies, and notes which router each came from. A marker that begins with {@code marker-fail-} is answered 503, one that begins with
 * {@code marker-fail3-} the first three times. Thread-safe.
 */
public final class CountingProvider implements AutoCloseable {
    private static final Pattern MARKER = Pattern.compile("marker-[0-9A-Za-z-]+");
    private static final Pattern FAILS = Pattern.compile("marker-fail(\\d*)-.*");
    private static final String ANSWER = """
            {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"sim-large","choices":[{"index":0,\
            "message":{"role":"assistant","content":"Hello!"},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""";
    private static final String FAILURE = "{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}";
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final HttpServer server;
    private final Map<String, List<Call>> calls = new ConcurrentHashMap<>();
    private volatile long serviceMillis;

    private CountingProvider(HttpServer server, long serviceMillis) {
        this.server = server;
        this.serviceMillis = serviceMillis;
    }

    /**
     * A call as it came in.
     *
     * @param router the key it came with
     * @param nanos by {@link System#nanoTime}
     */
    public record Call(String router, long nanos) {}

    /** One on a free port of 127.0.0.1 whose answers take so long. */
    public static CountingProvider start(long serviceMillis) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
        CountingProvider provider = new CountingProvider(server, serviceMillis);
        server.createContext("/", provider::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return provider;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** How long an answer takes from now on. */
    public void serviceMillis(long millis) {
        serviceMillis = millis;
    }

    /** Calls whose body had that word, {@code marker-…}. */
    public List<Call> calls(String marker) {
        List<Call> known = calls.getOrDefault(marker, List.of());
        synchronized (known) {
            return List.copyOf(known);
        }
    }

    /** All calls, by their words. */
    public Map<String, List<Call>> calls() {
        Map<String, List<Call>> all = new ConcurrentHashMap<>();
        calls.keySet().forEach(marker -> all.put(marker, calls(marker)));
        return all;
    }

    /** When a router called last, by {@link System#nanoTime}; empty if it never did. */
    public Optional<Long> lastCall(String router) {
        return calls().values().stream()
                .flatMap(List::stream)
                .filter(call -> call.router.equals(router))
                .map(Call::nanos)
                .max(Long::compare);
    }

    private static boolean fails(String marker, int call) {
        Matcher told = FAILS.matcher(marker);
        return told.matches() && (told.group(1).isEmpty() || call <= Integer.parseInt(told.group(1)));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Matcher found = MARKER.matcher(body);
            String marker = found.find() ? found.group() : "";
            String key = Optional.ofNullable(exchange.getRequestHeaders().getFirst("authorization"))
                    .orElse("");
            List<Call> known = calls.computeIfAbsent(marker, first -> new ArrayList<>());
            int number;
            synchronized (known) {
                known.add(new Call(key.substring(key.lastIndexOf(' ') + 1), System.nanoTime()));
                number = known.size();
            }
            Thread.sleep(serviceMillis);
            boolean fails = fails(marker, number);
            byte[] bytes = (fails ? FAILURE : ANSWER).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.sendResponseHeaders(fails ? UNAVAILABLE : OK, bytes.length);
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
