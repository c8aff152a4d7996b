package openledger.chaos;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import openledger.bench.BenchStack;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.demo.AnvilNode;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalRegistry;
import openledger.demo.LocalStack;
import openledger.identity.NoteSecret;
import openledger.support.ForgedLogReceipts;
import openledger.support.ForgedReceipts;
import openledger.support.OtherVerifiers;
import openledger.support.ScratchFolder;
import openledger.support.ShownThings;
import openledger.support.VerifyRun;

/**
 * {@code make prove-settlement}: settles 10,000 requests, fetches their receipts, stops router and database, and has
 * {@code openledger verify} hold every receipt against the chain alone; then {@link ForgedReceipts} and
 * {@link ForgedLogReceipts} have to be refuted, in Java, JavaScript and Python.
 * Long because it is one run.
 */
final class ProveSettlement {
    private static final int REQUESTS = 10_000;
    private static final int MOST_TRIES = 30;
    private static final int LEAST_BATCHES = 9;
    private static final int AT_ONCE = 48;
    private static final int PORT = 8094;
    private static final int POSTGRES_PORT = 5495;
    private static final String ROUTER = "http://127.0.0.1:" + PORT;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Path OUT = Path.of("target/prove-settlement");
    private static final Path RECEIPTS = OUT.resolve("receipts");
    private static final String ON_CHAIN =
            "select coalesce(sum(octet_length(counters) / 8), 0) from batch where level >= 3";
    private static final String LOG_SECRET = "5e".repeat(NoteSigner.SEED_BYTES);
    private static final NoteSigner LOG = NoteSecret.signer("router.example/log/proved", NoteKey.Kind.NOTE, LOG_SECRET);
    private static final String COSE = "some.cose";
    private static final String PROOF = "some.tlog-proof";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ShownThings shown = new ShownThings();
    private final Set<Long> batches = ConcurrentHashMap.newKeySet();

    private ProveSettlement() {}

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        System.exit(new ProveSettlement().run() ? 0 : 1);
    }

    private boolean run() throws IOException, SQLException, InterruptedException {
        clear();
        Path data = ScratchFolder.make("prove");
        try (AnvilNode chain = AnvilNode.start(data, Duration.ofMillis(250), AnvilNode.State.FORGOTTEN)) {
            Map<String, String> settlement = LocalRegistry.settlement(chain);
            settle(data, settlement);
            say("Router and PostgreSQL are stopped. Verifying every receipt against the chain ...");
            List<String> pins = List.of(
                    "--rpc",
                    chain.rpc().toString(),
                    "--registry",
                    String.valueOf(settlement.get("OPENLEDGER_SETTLEMENT_REGISTRY")),
                    "--lane",
                    Long.toString(LocalRegistry.lane().value()),
                    "--chain-id",
                    Long.toString(AnvilNode.CHAIN_ID));
            verifyAll(pins);
            say("Verifying what was tampered with ...");
            OtherVerifiers others = new OtherVerifiers(OUT);
            Path some = someReceipt();
            new ForgedReceipts(OUT, pins, shown, others).run(some);
            new ForgedLogReceipts(OUT, LOG.key(), shown, others)
                    .run(some, Files.readAllBytes(OUT.resolve(COSE)), Files.readString(OUT.resolve(PROOF)));
        }
        shown.print();
        return shown.allAsExpected();
    }

    private static void clear() throws IOException {
        Files.createDirectories(RECEIPTS);
        try (var old = Files.newDirectoryStream(RECEIPTS, "*.json")) {
            for (Path file : old) {
                Files.delete(file);
            }
        }
    }

    @SuppressWarnings("try") // the upstreams only have to be there
    private void settle(Path data, Map<String, String> settlement)
            throws IOException, SQLException, InterruptedException {
        say("Starting PostgreSQL, a chain, upstreams and the router ...");
        try (LocalPostgres postgres = LocalPostgres.start(data.resolve("postgres"), POSTGRES_PORT);
                ChildProcess fleet = BenchStack.upstreams();
                ChildProcess router = router(postgres, settlement);
                HttpClient http = HttpClient.newHttpClient()) {
            router.awaitReady(ROUTER + "/q/health/ready");
            say("Sending " + REQUESTS + " requests, " + AT_ONCE + " at once ...");
            long since = System.nanoTime();
            List<String> ids =
                    inParallel("answered", IntStream.range(0, REQUESTS).boxed().toList(), n -> ask(http, n));
            shown.expect(
                    "requests answered, each with an id of its own",
                    REQUESTS,
                    Set.copyOf(ids).size());
            awaitChain(postgres);
            shown.note("seconds from the first request to the last leaf on chain", seconds(since));
            inParallel("receipts fetched", ids, id -> fetch(http, id));
            String some = someReceipt().getFileName().toString().replace(".json", "");
            form(http, some, "application/cose", COSE);
            form(http, some, "text/x-tlog-proof", PROOF);
            shown.atLeast("batches", LEAST_BATCHES, batches.size());
        }
    }

    private static ChildProcess router(LocalPostgres postgres, Map<String, String> settlement) throws IOException {
        Map<String, String> environment = new HashMap<>(LocalStack.environment(postgres, PORT));
        environment.putAll(settlement);
        environment.put("OPENLEDGER_LOG_KEY_ENV", "OPENLEDGER_LOG_KEY");
        environment.put("OPENLEDGER_LOG_KEY", LOG_SECRET);
        environment.put("OPENLEDGER_LOG_ORIGIN", LOG.key().name());
        return LocalStack.router("proved-router", environment, Path.of("deploy/bench.yaml"), OUT);
    }

    private static String ask(HttpClient http, int number) throws IOException, InterruptedException {
        HttpRequest request = to("/v1/chat/completions")
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"instant\",\"messages\":[{\"role\":\"user\",\"content\":\"Question " + number
                                + "\"}]}"))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("request " + number + " was answered with " + answer.statusCode());
        }
        return answer.headers().firstValue("openledger-request").orElseThrow();
    }

    private Path fetch(HttpClient http, String id) throws IOException, InterruptedException {
        HttpRequest request = to("/v1/receipts/" + id).build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        // A tenant alone gets half of the places for questions; whoever gets none is told when to ask again.
        for (int i = 0; i < MOST_TRIES && answer.statusCode() == 503; i++) {
            TimeUnit.SECONDS.sleep(
                    answer.headers().firstValueAsLong("retry-after").orElseThrow());
            answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        }
        if (answer.statusCode() != 200) {
            throw new IOException("receipt " + id + " was answered with " + answer.statusCode());
        }
        JsonNode sequence = JSON.readTree(answer.body()).at("/batch/sequence");
        if (!sequence.isMissingNode()) {
            batches.add(sequence.asLong());
        }
        return Files.writeString(RECEIPTS.resolve(id + ".json"), answer.body());
    }

    /** Another form of a receipt, which the log signs. */
    private static void form(HttpClient http, String id, String type, String file)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(
                to("/v1/receipts/" + id).header("accept", type).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException("receipt " + id + " as " + type + " was answered with " + answer.statusCode());
        }
        Files.write(OUT.resolve(file), answer.body());
    }

    private static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(ROUTER + path))
                .timeout(Duration.ofSeconds(30))
                .header("authorization", "Bearer " + LocalStack.KEY);
    }

    private static void awaitChain(LocalPostgres postgres) throws SQLException, InterruptedException, IOException {
        long until = System.nanoTime() + LIMIT.toNanos();
        try (Connection database = postgres.connect();
                Statement statement = database.createStatement()) {
            long onChain = 0;
            while (onChain < REQUESTS) {
                if (System.nanoTime() > until) {
                    throw new IOException("only " + onChain + " decisions got to the chain");
                }
                Thread.sleep(200);
                try (ResultSet row = statement.executeQuery(ON_CHAIN)) {
                    row.next();
                    onChain = row.getLong(1);
                }
            }
            say("  " + onChain + " decisions on chain");
        }
    }

    private void verifyAll(List<String> pins) throws IOException, InterruptedException {
        long since = System.nanoTime();
        ChildProcess verify = VerifyRun.start("verify-all", OUT, RECEIPTS, pins);
        shown.expect("exit code of verify", 0, verify.awaitEnd(LIMIT));
        List<String> lines = verify.lines();
        shown.expect(
                "last line of verify",
                REQUESTS + " receipts: " + REQUESTS + " verified, 0 refuted, 0 misrouted, 0 not checked",
                lines.getLast());
        shown.expect(
                "lines that say VERIFIED",
                REQUESTS,
                lines.stream().filter(line -> line.contains("  VERIFIED ")).count());
        shown.note("seconds of verify", seconds(since));
    }

    private static Path someReceipt() throws IOException {
        try (var files = Files.list(RECEIPTS)) {
            return files.sorted().skip(REQUESTS / 2).findFirst().orElseThrow();
        }
    }

    private static <A, B> List<B> inParallel(String what, List<A> given, Step<A, B> step)
            throws IOException, InterruptedException {
        AtomicInteger done = new AtomicInteger();
        try (ExecutorService threads =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            List<Future<B>> all = new ArrayList<>();
            for (A one : given) {
                all.add(threads.submit(() -> {
                    B result = step.take(one);
                    int count = done.incrementAndGet();
                    if (count % (REQUESTS / 5) == 0) {
                        say("  " + count + " " + what);
                    }
                    return result;
                }));
            }
            List<B> results = new ArrayList<>();
            try {
                for (Future<B> one : all) {
                    results.add(one.get());
                }
            } catch (ExecutionException e) {
                threads.shutdownNow();
                throw new IOException(e.getCause());
            }
            return results;
        }
    }

    private static String seconds(long since) {
        return String.format(Locale.ROOT, "%.1f", (System.nanoTime() - since) / 1e9);
    }

    private static void say(String text) {
        System.out.println(text);
    }

    /** One of many. */
    private interface Step<A, B> {
        B take(A given) throws IOException, InterruptedException;
    }
}
