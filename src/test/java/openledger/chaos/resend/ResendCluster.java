package openledger.chaos.resend;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import openledger.access.KeyDigest;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalStack;

/** Routers on one database, each a process with a lane of its own, before one provider that counts. */
public final class ResendCluster implements AutoCloseable {
    /** Of every request. */
    public static final int BUDGET = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SECRET = "a-secret-of-thirty-two-characters-or-more";

    private final LocalPostgres postgres;
    private final CountingProvider provider;
    private final Path folder;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Router> routers = new ArrayList<>();

    /**
     * A router of it.
     *
     * @param lane its lane, 1 and on
     * @param process it
     * @param port for clients
     * @param internalPort for other routers
     * @param scrapePort for its metrics
     */
    public record Router(int lane, ChildProcess process, int port, int internalPort, int scrapePort) {
        public String url() {
            return "http://127.0.0.1:" + port;
        }
    }

    /** No router yet. */
    public ResendCluster(LocalPostgres postgres, CountingProvider provider, Path folder) {
        this.postgres = postgres;
        this.provider = provider;
        this.folder = folder;
    }

    /** One more router, once it is ready. */
    public Router start() throws IOException, InterruptedException {
        return start(true);
    }

    /** One more router, once it is ready. */
    public Router start(boolean inCluster) throws IOException, InterruptedException {
        int lane = routers.size() + 1;
        int port = ChildProcess.freePort();
        int internal = ChildProcess.freePort();
        int scrape = ChildProcess.freePort();
        Map<String, String> environment = new HashMap<>(LocalStack.environment(postgres, port));
        environment.put("OPENLEDGER_TELEMETRY_SCRAPE_PORT", Integer.toString(scrape));
        environment.put("CLUSTER_SECRET", SECRET);
        ChildProcess process =
                LocalStack.router("router-" + lane, environment, config(lane, internal, inCluster), folder);
        Router router = new Router(lane, process, port, internal, scrape);
        routers.add(router);
        process.awaitReady(router.url() + "/q/health/ready");
        return router;
    }

    public List<Router> routers() {
        return List.copyOf(routers);
    }

    public CountingProvider provider() {
        return provider;
    }

    /** Waits until these routers answer for all keys, and for some of them each. */
    public void awaitShared(Router... those) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            double sum = 0;
            double least = Double.MAX_VALUE;
            for (Router router : those) {
                double owned = metric(router, "openledger_ranges_owned");
                sum += owned;
                least = Math.min(least, owned);
            }
            if (sum == 1_024 && least * 2 * those.length > 1_024) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("the ranges are not shared: " + sum + " of 1024");
            }
            Thread.sleep(50);
        }
    }

    /** The sum of all series that begin so. */
    public double metric(Router of, String start) throws IOException, InterruptedException {
        HttpRequest question = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + of.scrapePort() + "/metrics"))
                .timeout(Duration.ofSeconds(5))
                .build();
        return http.send(question, BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** A request with a key. */
    public HttpRequest request(Router to, String key, CountingProvider.Kind kind, String id) {
        return request(to, key, kind, id, "");
    }

    /**
     * A request with a key.
     *
     * @param more text of its body
     */
    public HttpRequest request(Router to, String key, CountingProvider.Kind kind, String id, String more) {
        boolean stream = switch (kind) {
            case STREAM, BREAK, ENDLESS -> true;
            case OK, SLOW, LATE, FAIL -> false;
        };
        return HttpRequest.newBuilder(URI.create(to.url() + "/v1/chat/completions"))
                .timeout(PATIENCE)
                .header("authorization", "Bearer " + LocalStack.KEY)
                .header("content-type", "application/json")
                .header("idempotency-key", key)
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"assistant\",\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + CountingProvider.marker(kind, id) + more
                        + "\"}]}"))
                .build();
    }

    public HttpResponse<String> ask(Router to, String key, CountingProvider.Kind kind, String id)
            throws IOException, InterruptedException {
        return http.send(request(to, key, kind, id), BodyHandlers.ofString());
    }

    public HttpClient http() {
        return http;
    }

    private Path config(int lane, int internal, boolean inCluster) throws IOException {
        return Files.writeString(folder.resolve("router-" + lane + ".yaml"), """
                openledger:
                  lane: %d
                  orphan-grace: 1s
                  cluster:
                    enabled: %s
                    name: test
                    internal: { host: 127.0.0.1, port: %d }
                    key-env: CLUSTER_SECRET
                  circuit: { request-volume: 1000000 }
                  tenants:
                    - { name: local, key-sha256: "%s" }
                  providers:
                    - { name: north, base-url: "%s" }
                  routes:
                    - name: assistant
                      tiers:
                        - name: best
                          attempts: %d
                          targets: [ { provider: north, model: sim-large } ]
                """.formatted(
                        lane, inCluster, internal, KeyDigest.of(LocalStack.KEY).hex(), provider.baseUrl(), BUDGET));
    }

    @Override
    public void close() {
        routers.forEach(router -> router.process().close());
        http.close();
    }
}
