package openledger.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import openledger.access.KeyDigest;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalStack;
import openledger.support.BlackHole;
import openledger.support.ScratchFolder;

/**
 * {@code make prove-database}: cuts the link between a router under load and its database, for 5 s and for 60 s, so that neither
 * side is told. Then no provider may be called later than two seconds after the cut, the router is ready again within 20 s of
 * the heal, and every answer that a client saw has a record.
 *
 * <p>With the argument {@code namespace} it runs in a network namespace of its own, and the packets are dropped by the kernel in
 * place of {@link BlackHole}: only there does the server itself find out by keepalives that the router's sessions are dead.
 *
 * <p>Long because it is one run, told from its start to its end.
 */
public final class ProveDatabase {
    private static final List<Duration> HOLES = List.of(Duration.ofSeconds(5), Duration.ofSeconds(60));
    private static final Duration LAST_CALL = Duration.ofSeconds(2);
    private static final Duration LONGEST_RETURN = Duration.ofSeconds(20);
    /** Keepalives of {@code store.DatabaseLink}, with room for the server to look. */
    private static final Duration LONGEST_GHOST = Duration.ofSeconds(25);

    private static final Duration LOAD_BETWEEN = Duration.ofSeconds(3);
    private static final long BETWEEN_LOOKS_MILLIS = 20;
    private static final int OK = 200;
    /** Exit code of a router whose lane was taken. */
    private static final int LANE_LOST = 75;

    private final Path folder;
    private final boolean namespace;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final List<String> failures = new ArrayList<>();
    private final AtomicLong slowestProbe = new AtomicLong();

    private ProveDatabase(Path folder, boolean namespace) {
        this.folder = folder;
        this.namespace = namespace;
    }

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        boolean namespace = List.of(arguments).contains("namespace");
        ProveDatabase proof = new ProveDatabase(Files.createDirectories(Path.of("target/prove-database")), namespace);
        proof.run();
        System.exit(proof.failures.isEmpty() ? 0 : 1);
    }

    private void run() throws IOException, SQLException, InterruptedException {
        say("Starting PostgreSQL, providers and the router, whose link to PostgreSQL goes through "
                + (namespace ? "a route that drops packets" : "a black hole") + " ...");
        int provider = ChildProcess.freePort();
        int reserve = ChildProcess.freePort();
        int port = ChildProcess.freePort();
        String router = "http://127.0.0.1:" + port;
        try (LocalPostgres postgres =
                        LocalPostgres.start(ScratchFolder.make("database").resolve("postgres"), 0, CutLink.ADDRESSES);
                CutLink link = namespace ? CutLink.byRoute(postgres) : CutLink.byProxy(postgres);
                ChildProcess fleet = ChildProcess.openledger(
                        "fleet",
                        folder,
                        List.of("-Xmx256m"),
                        Map.of(),
                        "simulate",
                        "--fleet",
                        fleetFile(provider, reserve).toString())) {
            String calls = "http://127.0.0.1:" + provider + "/simulator/calls";
            fleet.awaitReady(calls);
            try (ChildProcess process =
                    LocalStack.router("router", environment(postgres, link, port), config(provider, reserve), folder)) {
                process.awaitReady(router + "/q/health/ready");
                ChaosClients clients = new ChaosClients(http, router);
                clients.start();
                for (Duration length : HOLES) {
                    hole(length, postgres, link, router, calls, clients);
                }
                Thread.sleep(LOAD_BETWEEN);
                clients.stop();
                check(router, clients);
                standBy(process, environment(postgres, link, ChildProcess.freePort()), config(provider, reserve));
            }
        }
        System.out.println(
                failures.isEmpty()
                        ? "Nothing was lost."
                        : "FAILED: " + String.join("; ", failures) + "; see " + folder);
        System.out.println("figure: link cut for " + HOLES + "; failures " + failures.size());
    }

    private void hole(
            Duration length, LocalPostgres postgres, CutLink link, String router, String calls, ChaosClients clients)
            throws IOException, InterruptedException, SQLException {
        awaitAnswers(clients);
        Thread.sleep(LOAD_BETWEEN.toMillis());
        List<Integer> sessions = sessions(postgres);
        slowestProbe.set(0);
        AtomicBoolean over = new AtomicBoolean();
        link.cut();
        long cut = System.nanoTime();
        Thread prober = Thread.ofVirtual().start(() -> probe(router, over));
        long lastCall = cut;
        long ghosts = -1;
        long before = callsSoFar(calls);
        while (System.nanoTime() - cut < length.toNanos()) {
            long now = callsSoFar(calls);
            if (now > before) {
                before = now;
                lastCall = System.nanoTime();
            }
            if (ghosts < 0 && sessions(postgres).stream().noneMatch(sessions::contains)) {
                ghosts = System.nanoTime() - cut;
            }
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
        }
        over.set(true);
        prober.join();
        link.heal();
        long healed = System.nanoTime();
        long ready = awaitReady(router, healed);
        awaitAnswers(clients);
        long answers = System.nanoTime() - healed;
        System.out.printf(
                Locale.ROOT,
                "  cut for %d s: last call of a provider %d ms after the cut, the slowest health check meanwhile %d ms;%n"
                        + "    ready %d ms after the heal, answers %d ms after it; dead sessions ended by the server %s%n",
                length.toSeconds(),
                millis(lastCall - cut),
                millis(slowestProbe.get()),
                millis(ready),
                millis(answers),
                ghosts < 0 ? "not meanwhile" : millis(ghosts) + " ms after the cut");
        demand(lastCall - cut <= LAST_CALL.toNanos(), "a provider was called long after the cut");
        demand(ready <= LONGEST_RETURN.toNanos(), "the router was not ready again in time");
        boolean longEnough = length.compareTo(LONGEST_GHOST) > 0;
        demand(!longEnough || (ghosts >= 0 && ghosts <= LONGEST_GHOST.toNanos()), "the server kept dead sessions");
    }

    /** A second router of the lane says that it waits, takes over from one that was stopped, and that one ends when it goes on. */
    private void standBy(ChildProcess first, Map<String, String> environment, Path config)
            throws IOException, InterruptedException {
        String router = "http://127.0.0.1:" + environment.get("QUARKUS_HTTP_PORT");
        try (ChildProcess second = LocalStack.router("second", environment, config, folder)) {
            boolean waits = eventually(router + "/v1/chat/completions", "waits_for_lane");
            boolean says = eventually(router + "/q/health/ready", "another router holds the lane");
            first.suspend();
            boolean took = eventually(router + "/v1/chat/completions", "\"choices\"");
            first.resume();
            int code = first.awaitEnd(LONGEST_RETURN.multipliedBy(2));
            System.out.printf(
                    Locale.ROOT,
                    "  a second router says that it waits for the lane: %s, also in readiness: %s; takes over from one that was"
                            + " stopped: %s; that one ends with code %d%n",
                    waits,
                    says,
                    took,
                    code);
            demand(waits && says && took && second.isAlive(), "a router that stands by does not do as it should");
            demand(code == LANE_LOST, "a router whose lane was taken does not end as it should");
        }
    }

    private boolean eventually(String address, String said) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address))
                .timeout(Duration.ofSeconds(2))
                .header("authorization", "Bearer " + LocalStack.KEY)
                .header("content-type", "application/json");
        HttpRequest built = address.contains("/q/")
                ? request.build()
                : request.POST(HttpRequest.BodyPublishers.ofString(
                                "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}"))
                        .build();
        long until = System.nanoTime() + LONGEST_RETURN.multipliedBy(3).toNanos();
        while (System.nanoTime() < until) {
            try {
                if (http.send(built, HttpResponse.BodyHandlers.ofString())
                        .body()
                        .contains(said)) {
                    return true;
                }
            } catch (IOException notYet) {
                // Asked again.
            }
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
        }
        return false;
    }

    private void probe(String router, AtomicBoolean over) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(router + "/q/health/ready"))
                .timeout(Duration.ofSeconds(10))
                .build();
        while (!over.get()) {
            long since = System.nanoTime();
            try {
                http.send(request, HttpResponse.BodyHandlers.discarding());
                Thread.sleep(BETWEEN_LOOKS_MILLIS);
            } catch (IOException none) {
                // As slow as it took not to answer.
            } catch (InterruptedException e) {
                return;
            }
            slowestProbe.accumulateAndGet(System.nanoTime() - since, Math::max);
        }
    }

    /** Nanoseconds from the heal until readiness is up. */
    private long awaitReady(String router, long healed) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(router + "/q/health/ready"))
                .timeout(Duration.ofSeconds(2))
                .build();
        while (System.nanoTime() - healed < LONGEST_RETURN.multipliedBy(2).toNanos()) {
            try {
                if (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == OK) {
                    break;
                }
            } catch (IOException notYet) {
                // Asked again.
            }
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
        }
        return System.nanoTime() - healed;
    }

    private long callsSoFar(String calls) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(HttpRequest.newBuilder(URI.create(calls)).build(), HttpResponse.BodyHandlers.ofString());
        return new ObjectMapper().readTree(answer.body()).path("calls").asLong();
    }

    /** Process ids of the router's sessions, looked up past the link. */
    private static List<Integer> sessions(LocalPostgres postgres) throws SQLException {
        List<Integer> pids = new ArrayList<>();
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select pid from pg_stat_activity where pid <> pg_backend_pid()"
                        + " and datname = current_database() and backend_type = 'client backend'"
                        + " and application_name = 'vertx-pg-client'")) {
            while (rows.next()) {
                pids.add(rows.getInt(1));
            }
        }
        return pids;
    }

    private static void awaitAnswers(ChaosClients clients) throws InterruptedException, IOException {
        long before = clients.answered();
        long until = System.nanoTime() + LONGEST_RETURN.multipliedBy(2).toNanos();
        while (clients.answered() < before + ChaosClients.COUNT) {
            if (System.nanoTime() > until) {
                throw new IOException("the service did not come back");
            }
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
        }
    }

    private void check(String router, ChaosClients clients) throws IOException, InterruptedException {
        RecordAudit audit = RecordAudit.of(http, router);
        long without = audit.missing(clients.seen());
        long open = audit.withStatus("OPEN");
        long holes = audit.holes();
        System.out.printf(
                Locale.ROOT,
                "  answers seen %d, refused %d, lost %d; decisions recorded %d: %s%n"
                        + "  answers without a record %d, requests without an end %d, holes in the counter %d%n",
                clients.answered(),
                clients.refused(),
                clients.lost(),
                audit.size(),
                audit.statuses(),
                without,
                open,
                holes);
        demand(without == 0 && open == 0 && holes == 0, "something was lost");
    }

    private void demand(boolean good, String otherwise) {
        if (!good) {
            failures.add(otherwise);
        }
    }

    private static Map<String, String> environment(LocalPostgres postgres, CutLink link, int port) {
        Map<String, String> environment = new HashMap<>(LocalStack.environment(postgres, port));
        environment.put("QUARKUS_DATASOURCE_REACTIVE_URL", link.reactiveUrl());
        environment.put("QUARKUS_DATASOURCE_JDBC_URL", "jdbc:" + link.reactiveUrl());
        return environment;
    }

    private Path fleetFile(int provider, int reserve) throws IOException {
        return Files.writeString(folder.resolve("fleet.yaml"), """
                seed: 1
                providers:
                  - { name: north, port: %d, slots: 1000, service-ms: 40 }
                  - { name: reserve, port: %d, slots: 1000, service-ms: 40 }
                """.formatted(provider, reserve));
    }

    private Path config(int provider, int reserve) throws IOException {
        return Files.writeString(folder.resolve("openledger.yaml"), """
                openledger:
                  tenants:
                    - { name: local, key-sha256: "%s" }
                  telemetry: { scrape: { enabled: false } }
                  providers:
                    - { name: north, base-url: "http://127.0.0.1:%d/v1" }
                    - { name: reserve, base-url: "http://127.0.0.1:%d/v1" }
                  routes:
                    - name: assistant
                      tiers:
                        - { name: best, attempts: 3, targets: [ { provider: north, model: sim-large } ] }
                        - { name: standard, attempts: 1, targets: [ { provider: reserve, model: sim-small } ] }
                """.formatted(
                        KeyDigest.of(LocalStack.KEY).hex(), provider, reserve));
    }

    private static long millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis();
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
