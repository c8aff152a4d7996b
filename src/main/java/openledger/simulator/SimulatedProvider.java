package openledger.simulator;

import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import openledger.lab.world.CongestionWorld;
import org.jspecify.annotations.Nullable;

/**
 * One simulated provider: OpenAI's chat completions, embeddings and responses, Anthropic's messages and Gemini's content, over HTTP/1.1 at
 * the fleet's address. A loss system: a call that finds no slot gets a 429. Scripted faults are used up one a call, before anything else: its own
 * first, then the fleet's. A request that the real API refuses gets its 400 ({@link MemberRules}). Safe for several threads.
 *
 * <p>{@code POST /simulator/script} takes faults, one a line; {@code GET /simulator/calls} counts calls. Long because a call's way from its
 * slot to its last byte, with every fault that it may meet, is read here.
 */
public final class SimulatedProvider {
    private static final int LARGEST_BODY = 16 << 20;

    private final Vertx vertx;
    private final InetAddress host;
    private final ProviderSpec spec;
    private final CongestionWorld world;
    private final Random random;
    private final Queue<Fault> script = new ConcurrentLinkedQueue<>();
    private final Queue<Fault> fleetScript;
    private final Queue<SeenCall> seen = new ConcurrentLinkedQueue<>();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong abandoned = new AtomicLong();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong ids = new AtomicLong();
    private final ChatAnswers chat;
    private final Map<String, SimulatedDialect> dialects;
    private final long origin = System.nanoTime();
    private @Nullable HttpServer server;
    private int port;

    SimulatedProvider(
            Vertx vertx,
            InetAddress host,
            ProviderSpec spec,
            CongestionWorld world,
            Queue<Fault> fleetScript,
            long seed) {
        this.host = host;
        this.fleetScript = fleetScript;
        this.vertx = vertx;
        this.spec = spec;
        this.world = world;
        this.random = new Random(seed);
        SimulatedWords words = new SimulatedWords(spec);
        this.chat = new ChatAnswers(words);
        MessagesAnswers messages = new MessagesAnswers(words);
        this.dialects = Stream.of(
                        chat,
                        messages,
                        new CountAnswers(messages),
                        new EmbeddingsAnswers(),
                        new ResponsesAnswers(words),
                        new GeminiAnswers(words, GeminiAnswers.Form.PLAIN),
                        new GeminiAnswers(words, GeminiAnswers.Form.STREAM))
                .collect(Collectors.toUnmodifiableMap(SimulatedDialect::path, dialect -> dialect));
        this.port = spec.port();
    }

    /**
     * A call as it came; empty where a header was not sent.
     *
     * @param path e.g. {@code /v1/messages}
     * @param apiKey the header {@code x-api-key} or {@code x-goog-api-key}
     * @param beta the header {@code anthropic-beta}
     */
    public record SeenCall(
            String path, String body, String authorization, String apiKey, String requestId, String beta) {}

    public String name() {
        return spec.name();
    }

    /** What a policy gives as the provider's base URL. */
    public String baseUrl() {
        return "http://" + NetUtil.toSocketAddressString(host.getHostAddress(), port) + "/v1";
    }

    /** Enqueues faults in their text form ({@link Fault#parse}), one a call. */
    public void script(String... faults) {
        for (String fault : faults) {
            script.add(Fault.parse(fault));
        }
    }

    /** Calls that came, refused ones included. */
    public long calls() {
        return calls.get();
    }

    /** Calls whose client closed before the answer was whole. */
    public long abandoned() {
        return abandoned.get();
    }

    /** Calls that hold a slot now. */
    public int inFlight() {
        return inFlight.get();
    }

    /** The oldest call not yet taken, or null. Instant providers and long runs keep none. */
    public @Nullable SeenCall takeSeen() {
        return seen.poll();
    }

    /** Forgets script and calls. */
    public void reset() {
        script.clear();
        seen.clear();
        calls.set(0);
        abandoned.set(0);
    }

    /** Listens; again on the same port after {@link #stopListening}. */
    public Future<Void> listen() {
        HttpServer made = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(host.getHostAddress())
                        .setPort(port)
                        .setTcpNoDelay(true)
                        .setIdleTimeout(0))
                .requestHandler(this::handle);
        server = made;
        return made.listen().map(bound -> {
            port = bound.actualPort();
            return null;
        });
    }

    /** Refuses connections from now on, and closes those there are. */
    public Future<Void> stopListening() {
        return server == null ? Future.succeededFuture() : server.close();
    }

    private void handle(HttpServerRequest request) {
        SimulatedDialect dialect = dialectAt(request);
        if (dialect == null) {
            control(request);
        } else if (dialect.equals(chat) && isInstant() && script.isEmpty()) {
            calls.incrementAndGet();
            receive(request, body -> chat.instant(request, body));
        } else {
            receive(request, body -> serve(dialect, request, body));
        }
    }

    private @Nullable SimulatedDialect dialectAt(HttpServerRequest request) {
        SimulatedDialect known = dialects.get(String.valueOf(request.path()));
        return known == null ? dialects.get(GeminiAnswers.placeOf(String.valueOf(request.uri()))) : known;
    }

    private void receive(HttpServerRequest request, java.util.function.Consumer<Buffer> then) {
        Buffer body = Buffer.buffer();
        request.handler(piece -> {
            if (body.length() + piece.length() <= LARGEST_BODY) {
                body.appendBuffer(piece);
            }
        });
        request.endHandler(end -> then.accept(body));
    }

    private void serve(SimulatedDialect dialect, HttpServerRequest request, Buffer body) {
        calls.incrementAndGet();
        if (seen.size() < 1_000) {
            seen.add(new SeenCall(
                    String.valueOf(request.path()),
                    body.toString(),
                    header(request, "authorization"),
                    header(request, "x-api-key") + header(request, "x-goog-api-key"),
                    header(request, "x-request-id"),
                    header(request, "anthropic-beta")));
        }
        Fault own = script.poll();
        Fault fault = own != null ? own : fleetScript.poll();
        if (fault == null && refuses()) {
            fault = new Fault.Status(429, java.util.Optional.empty());
        }
        boolean holdsSlot = !(fault instanceof Fault.Status);
        double millis = spec.serviceMillis().map(time -> time.draw(random)).orElse(0.0);
        if (holdsSlot) {
            inFlight.incrementAndGet();
        }
        SimulatedCall call = new SimulatedCall(vertx, request, body, dialect, spec, millis, end -> {
            if (holdsSlot) {
                inFlight.decrementAndGet();
            }
            if (end == SimulatedCall.End.ABANDONED) {
                abandoned.incrementAndGet();
            }
        });
        call.serve(fault == null ? new Fault.None() : fault, "sim-" + spec.name() + "-" + ids.incrementAndGet());
    }

    private boolean isInstant() {
        return spec.serviceMillis().isEmpty() && spec.pace().isEmpty();
    }

    private boolean refuses() {
        double now = (System.nanoTime() - origin) / 1e6;
        double share = spec.worldIndex().map(index -> world.share(index, now)).orElse(1.0);
        double utilisation = inFlight.get() / Math.max(1, spec.slots() * share);
        return spec.worldIndex().isPresent()
                ? random.nextDouble() < world.refusal(utilisation)
                : inFlight.get() >= spec.slots();
    }

    private void control(HttpServerRequest request) {
        switch (String.valueOf(request.path())) {
            case "/simulator/script" ->
                receive(request, body -> {
                    try {
                        body.toString().lines().filter(line -> !line.isBlank()).forEach(this::script);
                        request.response().setStatusCode(204).end();
                    } catch (IllegalArgumentException e) {
                        request.response().setStatusCode(400).end(e.getMessage() + "\n");
                    }
                });
            case "/simulator/calls" ->
                request.response()
                        .putHeader("content-type", "application/json")
                        .end("{\"calls\":" + calls + ",\"abandoned\":" + abandoned + ",\"in_flight\":" + inFlight
                                + "}\n");
            // As inference servers have it; those who stand before one ask for it.
            case "/health" -> request.response().end();
            case "/simulator/reset" -> {
                reset();
                request.response().setStatusCode(204).end();
            }
            default -> request.response().setStatusCode(404).end();
        }
    }

    private static String header(HttpServerRequest request, String name) {
        String value = request.getHeader(name);
        return value == null ? "" : value;
    }
}
