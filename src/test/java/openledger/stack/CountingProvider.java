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
 * {@code marker-fail3-} the first three times. The answer to one that begins with {@code marker-uses700-} says that it took 700 tokens.
 * Thread-safe.
 */
public final class CountingProvider implements AutoCloseable {
    private static final Pattern MARKER = Pattern.compile("marker-[0-9A-Za-z-]+");
    private static final Pattern FAILS = Pattern.compile("marker-fail(\\d*)-.*");
    private static final String ANSWER = """
            {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"sim-large","choices":[{"index":0,\
            "message":{"role":"assistant","content":"Hello!"},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":1,"completion_tokens":COMPLETION,"total_tokens":2}}""";
    /** How many tokens the answer to a word has, if it says it. */
    private static final Pattern USES = Pattern.compile("marker-uses(\\d{1,6})-.*");

    private static final String FAILURE = "{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}";
    /** What the words of one kind of load begin with. */
    private static final Pattern KIND = Pattern.compile("(marker-[a-z]+)[0-9]*-.*");

    private static final String COUNTS = "/calls/";
    private static final int OK = 200;
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private final HttpServer server;
    private final Map<String, List<Call>> calls = new ConcurrentHashMap<>();
    private final Map<String, int[]> atOnce = new ConcurrentHashMap<>();
    private volatile long serviceMillis;
    private volatile Refusing refusing = Refusing.NOBODY;
    private volatile long refusedSince;
    private volatile String refusedFirst = "";

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
        server.createContext(COUNTS, provider::told);
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

    /** How many calls with words that begin so were under way at once, at most; the word ends with its second dash, without a number before it. */
    public int mostAtOnce(String word) {
        int[] counted = atOnce.getOrDefault(word, new int[2]);
        synchronized (counted) {
            return counted[1];
        }
    }

    /** Refuses calls of a model from now on, and asks to be left alone for so long. */
    public void close(String model, int seconds) {
        refusing = new Refusing(model, seconds);
    }

    /** When it has refused a call first, by {@link System#nanoTime}; 0 if it has refused none. */
    public long refusedSince() {
        return refusedSince;
    }

    /** Which router was refused first, by its key. */
    public String refusedFirst() {
        return refusedFirst;
    }

    /** Which model is refused. */
    private record Refusing(String model, int seconds) {
        static final Refusing NOBODY = new Refusing("", 0);

        boolean isFor(String body) {
            return !model.isEmpty() && body.contains("\"" + model + "\"");
        }
    }

    private synchronized void refuse(HttpExchange exchange, String router, int seconds) throws IOException {
        byte[] bytes = FAILURE.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", "application/json");
        exchange.getResponseHeaders().set("retry-after", Integer.toString(seconds));
        if (refusedSince == 0) {
            refusedFirst = router;
            refusedSince = System.nanoTime();
        }
        exchange.sendResponseHeaders(TOO_MANY, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** A call begins, or ends. */
    private void count(String marker, int by) {
        Matcher kind = KIND.matcher(marker);
        if (kind.matches()) {
            int[] counted = atOnce.computeIfAbsent(kind.group(1) + '-', first -> new int[2]);
            synchronized (counted) {
                counted[0] += by;
                counted[1] = Math.max(counted[0], counted[1]);
            }
        }
    }

    /** Tokens that the answer to a word says. */
    static long uses(String marker) {
        Matcher told = USES.matcher(marker);
        return told.matches() ? Long.parseLong(told.group(1)) : 1;
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
            String router = key.substring(key.lastIndexOf(' ') + 1);
            int number;
            synchronized (known) {
                known.add(new Call(router, System.nanoTime()));
                number = known.size();
            }
            Refusing now = refusing;
            if (now.isFor(body)) {
                refuse(exchange, router, now.seconds);
                return;
            }
            count(marker, 1);
            Thread.sleep(serviceMillis);
            count(marker, -1);
            boolean fails = fails(marker, number);
            byte[] bytes = (fails ? FAILURE : ANSWER.replace("COMPLETION", Long.toString(uses(marker))))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.sendResponseHeaders(fails ? UNAVAILABLE : OK, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** For people: how many calls had the word that the path ends with. */
    private void told(HttpExchange exchange) throws IOException {
        try (exchange) {
            String marker = exchange.getRequestURI().getPath().substring(COUNTS.length());
            byte[] bytes = (calls(marker).size() + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(OK, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
