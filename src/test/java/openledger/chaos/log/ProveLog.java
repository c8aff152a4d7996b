package openledger.chaos.log;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import openledger.access.KeyDigest;
import openledger.chaos.ChaosClients;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.CoseStatement;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.log.SignedNote;
import openledger.commitment.witness.AddCheckpoint;
import openledger.demo.AnvilNode;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalRegistry;
import openledger.demo.LocalStack;
import openledger.identity.NoteSecret;
import openledger.support.ScratchFolder;
import openledger.support.ShownThings;

/**
 * {@code make prove-log}, after the vectors: a router under load, stopped and killed, whose log litewitness cosigns all the while; then
 * torchwood reads the log over HTTP, scitt-cose reads receipts, and litewitness is shown forks. Then the same leaves come one by one, with
 * a checkpoint after each. {@code scripts/prove-log} installs the other programs. Long because it is one run.
 */
final class ProveLog {
    private static final int LEAVES = 12_000;
    private static final int APPENDS = 10_000;
    private static final int LEAST_CHECKPOINTS = 10;
    private static final int RECEIPTS = 5;
    private static final int CHANGED_LEAF = 100;
    private static final String SECRET = "5e".repeat(NoteSigner.SEED_BYTES);
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Path OUT = Path.of("target/prove-log");
    private static final Path PROGRAMS = Path.of("target/log-programs");
    private static final Path PYTHON = Path.of("target/log-receipts/bin/python");
    private static final Path SCITT_COSE = Path.of("src/test/python/receipts/served.py");

    private final ShownThings shown = new ShownThings();
    private final HttpClient http = HttpClient.newHttpClient();
    private final String router = "http://127.0.0.1:" + ChildProcess.freePort();
    private final String address = router + "/log/" + LocalRegistry.lane().value();
    private final NoteSigner served = signer(LocalRegistry.lane().value() + "");
    private final NoteSigner again = signer("one-by-one");
    private final ChaosClients clients = new ChaosClients(http, router);

    private ProveLog() throws IOException {}

    private static NoteSigner signer(String log) {
        return NoteSecret.signer("router.example/log/" + log, NoteKey.Kind.NOTE, SECRET);
    }

    /** What the vectors have shown is repeated in the figure. */
    public static void main(String[] vectors) throws IOException, SQLException, InterruptedException {
        boolean isGood = false;
        try {
            isGood = new ProveLog().run(vectors);
        } catch (IOException | IllegalStateException failed) {
            // Threads of what was started would keep the process.
            System.out.println("FAILED: " + failed + (failed.getCause() == null ? "" : ", by " + failed.getCause()));
        }
        System.exit(isGood ? 0 : 1);
    }

    private boolean run(String... vectors) throws IOException, SQLException, InterruptedException {
        Files.createDirectories(OUT);
        for (String vector : vectors) {
            shown.note("vectors", vector);
        }
        say("Starting PostgreSQL, a chain, a provider, the router and litewitness ...");
        Path data = ScratchFolder.make("log");
        int provider = ChildProcess.freePort();
        try (AnvilNode chain = AnvilNode.start(data, Duration.ofMillis(250), AnvilNode.State.FORGOTTEN);
                LocalPostgres postgres = LocalPostgres.start(data.resolve("postgres"), 0);
                ChildProcess fleet = fleet(provider);
                LiteWitness witness = LiteWitness.start(
                        PROGRAMS.resolve("litewitness"),
                        PYTHON.toAbsolutePath(),
                        Files.createDirectories(data.resolve("w")),
                        OUT,
                        List.of(served.key(), again.key()))) {
            fleet.awaitReady("http://127.0.0.1:" + provider + "/simulator/calls");
            Routers routers = new Routers(postgres, LocalRegistry.settlement(chain), config(provider));
            ServedTiles log = new ServedTiles(http, address, served.key());
            WitnessClient client = new WitnessClient(http, witness.address(), witness.key());
            SignedNote last = underLoad(routers, witness, Cosigning.begin(log, client), client);
            byte[] leaves = log.leaves(Checkpoint.parse(last.text()).size());
            others(last, witness);
            receipts(leaves);
            routers.close();
            forks(leaves, client);
            oneByOne(leaves, witness);
        }
        shown.print();
        return shown.allAsExpected();
    }

    private SignedNote underLoad(Routers routers, LiteWitness witness, Cosigning cosigning, WitnessClient client)
            throws IOException, InterruptedException {
        routers.start();
        clients.start();
        cosigning.await(LEAVES / 6);
        routers.stop();
        routers.start();
        cosigning.await(cosigning.size() + LEAVES / 6);
        routers.kill();
        routers.start();
        cosigning.await(cosigning.size() + LEAVES / 6);
        witness.killAndStartAgain();
        cosigning.await(cosigning.size() + LEAVES / 6);
        witness.restart();
        routers.stop();
        routers.start();
        cosigning.await(Math.max(LEAVES, cosigning.size() + LEAVES / 6));
        clients.stop();
        cosigning.await(settled());
        SignedNote last = cosigning.end();
        shown.atLeast("leaves of the router that litewitness has cosigned", LEAVES, cosigning.size());
        shown.atLeast("checkpoints of the router that it has cosigned", LEAST_CHECKPOINTS, cosigning.checkpoints());
        shown.note("of these it had signed unheard", Long.toString(client.conflicts()));
        say("  " + cosigning.checkpoints() + " checkpoints of " + cosigning.size() + " leaves cosigned; answers "
                + clients.answered() + ", refused " + clients.refused() + ", lost " + clients.lost());
        return last;
    }

    /** The size of the log once it grows no more. */
    private long settled() throws IOException, InterruptedException {
        ServedTiles log = new ServedTiles(http, address, served.key());
        long before = -1;
        long now = 0;
        while (now != before) {
            TimeUnit.SECONDS.sleep(3);
            before = now;
            now = Checkpoint.parse(log.checkpoint().text()).size();
        }
        return now;
    }

    /** The log and its cosignature, read by torchwood. */
    private void others(SignedNote last, LiteWitness witness) throws IOException, InterruptedException {
        Path note = Files.writeString(OUT.resolve("cosigned.txt"), last.toString());
        String said = ran(
                "torchwood",
                PROGRAMS.resolve("logvectors").toAbsolutePath().toString(),
                address,
                served.key().toString(),
                note.toString(),
                witness.key().toString());
        shown.note("torchwood", said);
    }

    private void receipts(byte[] leaves) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                PYTHON.toAbsolutePath().toString(),
                SCITT_COSE.toString(),
                served.key().toString()));
        List<String> ids = clients.seen().stream().sorted().toList();
        int inLog = 0;
        for (int i = 0; i < RECEIPTS; i++) {
            String id = ids.get(i * (ids.size() - 1) / (RECEIPTS - 1));
            byte[] receipt = http.send(
                            HttpRequest.newBuilder(URI.create(router + "/v1/receipts/" + id))
                                    .header("accept", "application/cose")
                                    .header("authorization", "Bearer " + LocalStack.KEY)
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray())
                    .body();
            Path file = Files.write(OUT.resolve(id + ".cose"), receipt);
            byte[] leaf = CoseStatement.parse(receipt).payload();
            command.add(file + ":" + HexFormat.of().formatHex(leaf));
            inLog += IntStream.range(0, leaves.length / LeafEncoding.BYTES)
                            .mapToObj(at -> ByteBuffer.wrap(leaves, at * LeafEncoding.BYTES, LeafEncoding.BYTES))
                            .anyMatch(ByteBuffer.wrap(leaf)::equals)
                    ? 1
                    : 0;
        }
        shown.expect("receipts whose leaf the log has", RECEIPTS, inLog);
        shown.note("scitt-cose", ran("scitt-cose", command.toArray(String[]::new)));
    }

    private String ran(String name, String... command) throws IOException, InterruptedException {
        ChildProcess program = ChildProcess.start(name, OUT, Map.of(), List.of(command));
        shown.expect("exit code of " + name, 0, program.awaitEnd(LIMIT));
        return String.join("; ", program.lines());
    }

    /** The same key signs a log with another leaf: a witness that has seen the first one cosigns none of it. */
    private void forks(byte[] leaves, WitnessClient client) throws IOException, InterruptedException {
        byte[] changed = leaves.clone();
        changed[CHANGED_LEAF * LeafEncoding.BYTES + LeafEncoding.BYTES / 2] ^= 1;
        GrowingLog fork = new GrowingLog();
        fork.append(changed);
        long size = client.old();
        refused("a fork of the same size", client, new AddCheckpoint(size, List.of(), fork.checkpoint(served)));
        fork.append(Arrays.copyOf(leaves, LeafEncoding.BYTES));
        SignedNote longer = fork.checkpoint(served);
        refused(
                "a longer fork with a proof of its own",
                client,
                new AddCheckpoint(
                        size, fork.nodes().consistency(size, fork.size()).path(), longer));
        refused("a fork from the beginning", client, new AddCheckpoint(0, List.of(), longer));
        GrowingLog genuine = new GrowingLog();
        genuine.append(leaves);
        client.cosigned(genuine.checkpoint(served), genuine.nodes());
        shown.expect("leaves that it goes on to cosign", size, client.old());
    }

    private void refused(String fork, WitnessClient client, AddCheckpoint request)
            throws IOException, InterruptedException {
        WitnessClient.Answer answer = client.ask(request);
        shown.expect(fork + " is refused", "true", Boolean.toString(answer.isRefusal()));
        shown.note(
                "",
                "litewitness answers " + answer.status() + ": " + answer.body().strip());
    }

    private void oneByOne(byte[] leaves, LiteWitness witness) throws IOException, InterruptedException {
        say("Appending " + APPENDS + " leaves one by one, each checkpoint cosigned ...");
        WitnessClient client = new WitnessClient(http, witness.address(), witness.key());
        GrowingLog log = new GrowingLog();
        long since = System.nanoTime();
        for (int i = 0; i < APPENDS; i++) {
            log.append(Arrays.copyOfRange(leaves, i * LeafEncoding.BYTES, (i + 1) * LeafEncoding.BYTES));
            client.cosigned(log.checkpoint(again), log.nodes());
            if (i == APPENDS / 2) {
                witness.killAndStartAgain();
            }
        }
        shown.expect("appends of one leaf, each with a checkpoint that is cosigned", APPENDS, client.old());
        shown.note("seconds of these", String.format(Locale.ROOT, "%.0f", (System.nanoTime() - since) / 1e9));
    }

    /** The router, one process after another. Confined to one thread. */
    private final class Routers {
        private final Map<String, String> environment;
        private final Path config;
        private ChildProcess process;

        Routers(LocalPostgres postgres, Map<String, String> settlement, Path config) throws IOException {
            this.environment = new HashMap<>(
                    LocalStack.environment(postgres, URI.create(router).getPort()));
            environment.putAll(settlement);
            environment.put("OPENLEDGER_LOG_KEY", SECRET);
            // Many small batches, so that there are many checkpoints.
            environment.put("OPENLEDGER_SETTLEMENT_MAX_WAIT", "400ms");
            this.config = config;
            this.process = launch();
        }

        private ChildProcess launch() throws IOException {
            return LocalStack.router("router", environment, config, OUT);
        }

        void start() throws IOException, InterruptedException {
            if (!process.isAlive()) {
                process = launch();
            }
            process.awaitReady(router + "/q/health/ready");
        }

        void stop() throws IOException {
            process.close();
            if (!process.endedByItself()) {
                throw new IOException("the router did not end by itself after SIGTERM; see " + OUT);
            }
            say("  router stopped");
        }

        void kill() {
            process.kill();
            say("  router killed");
        }

        void close() {
            process.close();
        }
    }

    private static ChildProcess fleet(int port) throws IOException {
        Path file = Files.writeString(OUT.resolve("fleet.yaml"), """
                seed: 1
                providers:
                  - { name: north, port: %d, slots: 100000, service-ms: 5 }
                """.formatted(port));
        return ChildProcess.openledger(
                "fleet", OUT, List.of("-Xmx256m"), Map.of(), "simulate", "--fleet", file.toString());
    }

    private Path config(int provider) throws IOException {
        return Files.writeString(OUT.resolve("openledger.yaml"), """
                openledger:
                  tenants:
                    - { name: local, key-sha256: "%s" }
                  log: { key-env: OPENLEDGER_LOG_KEY, origin: "%s", public: true }
                  providers:
                    - { name: north, base-url: "http://127.0.0.1:%d/v1" }
                  routes:
                    - name: assistant
                      tiers:
                        - { name: best, attempts: 3, targets: [ { provider: north, model: sim-large } ] }
                """.formatted(
                        KeyDigest.of(LocalStack.KEY).hex(), served.key().name(), provider));
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
