package openledger.stack;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A plain balancer: gives requests to the routers that are ready, one after another, and asks each of them five times a second whether it
 * is. It tries nothing again, and leaves a router when its own client leaves. Thread-safe.
 */
public final class Balancer implements AutoCloseable {
    /** By this header a request says which of the ready routers it goes to, so that whoever sends it again can choose another one. */
    public static final String TURN = "balancer-turn";

    private static final long PROBE_MILLIS = 200;
    private static final long LONGEST_PROBE_MILLIS = 1_000;
    private static final int OK = 200;
    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;
    private static final long LONGEST_MILLIS = 60_000;

    private final HttpClient client;
    private final List<Integer> routers;
    private final Map<Integer, Boolean> ready = new ConcurrentHashMap<>();
    private final Set<Integer> away = ConcurrentHashMap.newKeySet();
    private final AtomicInteger turn = new AtomicInteger();
    private final HttpServer server;

    private Balancer(Vertx vertx, List<Integer> routers) {
        this.routers = List.copyOf(routers);
        // A connection each: one that is kept may end just when it is used.
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setKeepAlive(false)
                .setMaxPoolSize(1_000)
                .setConnectTimeout(500));
        this.server = vertx.createHttpServer().requestHandler(this::pass);
    }

    /** One on a free port of 127.0.0.1, before routers on these. */
    public static Balancer before(Vertx vertx, List<Integer> routers) {
        Balancer balancer = new Balancer(vertx, routers);
        balancer.server
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        vertx.setPeriodic(1, PROBE_MILLIS, tick -> routers.forEach(balancer::probe));
        return balancer;
    }

    public String address() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** How many routers it takes for ready. */
    public int ready() {
        return (int) ready.values().stream().filter(isReady -> isReady).count();
    }

    /** Whether it takes the router on that port for ready. */
    public boolean isReady(int router) {
        return ready.getOrDefault(router, false);
    }

    /** Gives a router nothing more, whatever its probes say, until {@link #comes}. */
    public void leaves(int router) {
        away.add(router);
    }

    /** Gives it requests again once it is ready. */
    public void comes(int router) {
        away.remove(router);
    }

    private void probe(int router) {
        client.request(to(router, HttpMethod.GET, "/q/health/ready"))
                .compose(request -> request.send())
                .map(answer -> answer.statusCode() == OK)
                .timeout(LONGEST_PROBE_MILLIS, TimeUnit.MILLISECONDS)
                .otherwise(false)
                .onSuccess(isReady -> ready.put(router, isReady));
    }

    private static RequestOptions to(int router, HttpMethod method, String uri) {
        return new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(router)
                .setMethod(method)
                .setURI(uri)
                .setTimeout(LONGEST_MILLIS);
    }

    private void pass(HttpServerRequest request) {
        List<Integer> able = routers.stream()
                .filter(router -> ready.getOrDefault(router, false) && !away.contains(router))
                .toList();
        if (able.isEmpty()) {
            request.response().setStatusCode(UNAVAILABLE).end("no router is ready");
            return;
        }
        String wish = request.getHeader(TURN);
        int number = wish == null ? turn.getAndIncrement() : Integer.parseInt(wish);
        int router = able.get(Math.floorMod(number, able.size()));
        request.body()
                .compose(body -> send(request, router, body))
                .compose(answer -> {
                    request.response().setStatusCode(answer.statusCode());
                    answer.headers().forEach((name, value) -> {
                        if (!name.equalsIgnoreCase("connection") && !name.equalsIgnoreCase("keep-alive")) {
                            request.response().headers().add(name, value);
                        }
                    });
                    return answer.pipeTo(request.response());
                })
                .onFailure(broken -> {
                    if (request.response().headWritten()) {
                        request.connection().close();
                    } else {
                        request.response().setStatusCode(BAD_GATEWAY).end(String.valueOf(broken.getMessage()));
                    }
                });
    }

    private Future<HttpClientResponse> send(HttpServerRequest request, int router, Buffer body) {
        return client.request(to(router, request.method(), request.uri())).compose(out -> {
            request.headers().forEach((name, value) -> {
                if (!name.equalsIgnoreCase("connection") && !name.equalsIgnoreCase("host")) {
                    out.headers().add(name, value);
                }
            });
            out.headers().remove("content-length").remove("transfer-encoding");
            request.response().closeHandler(left -> out.reset());
            return request.response().closed() ? Future.failedFuture("the client has left") : out.send(body);
        });
    }

    @Override
    public void close() {
        server.close();
        client.close();
    }
}
