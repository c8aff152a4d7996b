package openledger.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import openledger.access.KeyDigest;
import openledger.chaos.ChaosRequest.Client;
import openledger.demo.ChildProcess;
import openledger.demo.LocalStack;

/**
 * The providers, routes and clients of {@link Chaos}: every way in which a request can go well or badly, in both modes. Provider flaky
 * fails as scripted, again and again.
 */
public final class ChaosMarket implements AutoCloseable {
    /** Cumulative attempts of the tiers of each route. */
    static final Map<String, List<Integer>> UP_TO = Map.of(
            "assistant", List.of(3, 4),
            "quick", List.of(2),
            "hedged", List.of(2, 3),
            "failing", List.of(2, 3, 5),
            "doomed", List.of(2),
            "planned", List.of(3, 4),
            "shaky", List.of(2, 4));

    private static final List<String> PROVIDERS = List.of("north", "reserve", "instant", "flaky", "uneven");
    private static final String FAULTS =
            "status 503\nok\ncut 3\nerror 2\nok\ndrop\nok\ngarbage\nstatus 429 retry-after=1\nok\nend 2\nslow 300\n";
    private static final int REPEATED = 20;
    private static final long FAULTS_EVERY_MILLIS = 500;
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final CountDownLatch stop = new CountDownLatch(1);
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path folder;
    private final Map<String, Integer> ports = new HashMap<>();
    private final ChildProcess fleet;

    private ChaosMarket(Path folder) throws IOException {
        this.folder = folder;
        for (String provider : PROVIDERS) {
            ports.put(provider, ChildProcess.freePort());
        }
        Path file = Files.writeString(folder.resolve("fleet.yaml"), onPorts("""
                seed: 1
                providers:
                  - { name: north, port: @north, slots: 1000, service-ms: 40 }
                  - { name: reserve, port: @reserve, slots: 1000, service-ms: 40 }
                  - { name: instant, port: @instant, slots: 100000 }
                  - { name: flaky, port: @flaky, slots: 1000, service-ms: 10 }
                  - { name: uneven, port: @uneven, slots: 1000, service-ms: 60, service-cv: 2 }
                """));
        this.fleet = ChildProcess.openledger(
                "fleet", folder, List.of("-Xmx256m"), Map.of(), "simulate", "--fleet", file.toString());
    }

    private String onPorts(String text) {
        String written = text;
        for (String provider : PROVIDERS) {
            written = written.replace("@" + provider, String.valueOf(ports.get(provider)));
        }
        return written;
    }

    private String simulator(String provider) {
        return "http://127.0.0.1:" + ports.get(provider) + "/simulator/";
    }

    /** Starts the providers; all answer when this returns. */
    public static ChaosMarket open(Path folder) throws IOException, InterruptedException {
        ChaosMarket market = new ChaosMarket(folder);
        market.fleet.awaitReady(market.simulator("north") + "calls");
        Thread.ofPlatform().daemon().start(market::fail);
        return market;
    }

    /** In place of what is left: faults that pile up while the circuit is open would meet every probe. */
    private void fail() {
        try {
            while (!stop.await(FAULTS_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                post("reset", "");
                post("script", FAULTS.repeat(REPEATED));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void post(String to, String text) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(simulator("flaky") + to))
                .timeout(LIMIT)
                .POST(HttpRequest.BodyPublishers.ofString(text))
                .build();
        try {
            http.send(request, HttpResponse.BodyHandlers.discarding());
        } catch (IOException missed) {
            // The next one comes in a moment.
        }
    }

    /** Who asks beside the assistant's clients; most of them the quick route, for leaves. */
    static List<ChaosRequest> requests() {
        return Stream.of(
                        ChaosRequest.times(24, ChaosRequest.of("quick", false, Client.STAYS)),
                        ChaosRequest.times(
                                4,
                                ChaosRequest.of("hedged", false, Client.STAYS),
                                ChaosRequest.of("hedged", true, Client.STAYS)),
                        ChaosRequest.times(
                                2,
                                ChaosRequest.of("failing", false, Client.BEARS),
                                ChaosRequest.of("failing", true, Client.BEARS),
                                ChaosRequest.of("doomed", false, Client.BEARS),
                                ChaosRequest.of("doomed", true, Client.BEARS)),
                        ChaosRequest.times(
                                2,
                                ChaosRequest.of("assistant", true, Client.LEAVES),
                                ChaosRequest.of("hedged", true, Client.LEAVES),
                                ChaosRequest.confirmed("planned", true, "response", Client.LEAVES)),
                        ChaosRequest.times(
                                24,
                                ChaosRequest.confirmed("planned", false, "response", Client.STAYS),
                                ChaosRequest.confirmed("planned", false, "dispatch", Client.STAYS)),
                        ChaosRequest.times(
                                4,
                                ChaosRequest.confirmed("planned", true, "response", Client.STAYS),
                                ChaosRequest.confirmed("shaky", false, "response", Client.BEARS),
                                ChaosRequest.confirmed("shaky", true, "dispatch", Client.BEARS)))
                .flatMap(List::stream)
                .toList();
    }

    /** What the router is started with. */
    public Path config() throws IOException {
        return Files.writeString(folder.resolve("openledger.yaml"), onPorts("""
                openledger:
                  tenants:
                    - { name: local, key-sha256: "%s" }
                  providers:
                    - { name: north, base-url: "http://127.0.0.1:@north/v1" }
                    - { name: reserve, base-url: "http://127.0.0.1:@reserve/v1" }
                    - { name: instant, base-url: "http://127.0.0.1:@instant/v1" }
                    - { name: flaky, base-url: "http://127.0.0.1:@flaky/v1" }
                    - { name: uneven, base-url: "http://127.0.0.1:@uneven/v1" }
                  routes:
                    - name: assistant
                      tiers:
                        - { name: best, attempts: 3, targets: [ { provider: north, model: sim-large } ] }
                        - { name: standard, attempts: 1, targets: [ { provider: reserve, model: sim-small } ] }
                    - name: quick
                      tiers:
                        - { name: best, attempts: 2, targets: [ { provider: instant, model: sim-large } ] }
                    - name: hedged
                      hedge-after: 50ms
                      tiers:
                        - name: best
                          attempts: 2
                          targets: [ { provider: uneven, model: sim-large }, { provider: north, model: sim-large } ]
                        - { name: standard, attempts: 1, targets: [ { provider: reserve, model: sim-small } ] }
                    - name: failing
                      backoff: { base: 10ms, cap: 40ms }
                      tiers:
                        - { name: best, attempts: 2, targets: [ { provider: flaky, model: sim-large } ] }
                        - { name: better, attempts: 1, targets: [ { provider: flaky, model: sim-medium } ] }
                        - { name: standard, attempts: 2, targets: [ { provider: reserve, model: sim-small } ] }
                    - name: doomed
                      backoff: { base: 10ms, cap: 40ms }
                      tiers:
                        - { name: best, attempts: 2, targets: [ { provider: flaky, model: sim-large } ] }
                    - name: planned
                      modes: [confirmed]
                      tiers:
                        - name: best
                          attempts: 3
                          targets: [ { provider: north, model: sim-plan }, { provider: instant, model: sim-plan } ]
                        - { name: standard, attempts: 1, targets: [ { provider: reserve, model: sim-plan } ] }
                    - name: shaky
                      modes: [fast, confirmed]
                      tiers:
                        - { name: best, attempts: 2, targets: [ { provider: flaky, model: sim-plan } ] }
                        - { name: standard, attempts: 2, targets: [ { provider: reserve, model: sim-small } ] }
                """.formatted(
                        KeyDigest.of(LocalStack.KEY).hex())));
    }

    @Override
    public void close() {
        stop.countDown();
        fleet.close();
    }
}
