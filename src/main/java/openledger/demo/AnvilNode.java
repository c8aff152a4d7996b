package openledger.demo;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A real chain on this machine: anvil as an OP Stack node, with or without a state that outlives it. Can be killed as a crash
 * would kill it, started again on the same port, made to stand still, and made to reorganise. Its program is installed
 * by {@code scripts/contracts}; without it every test of the chain fails. Long because a chain can do many things to its users.
 * Confined to one thread.
 */
public final class AnvilNode implements AutoCloseable {
    /** Of the chain, unless another is asked for. */
    public static final long CHAIN_ID = 901;
    /** Keys of accounts with coins, well known and worth nothing: the first of anvil's own. */
    public static final List<String> KEYS = List.of(
            "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
            "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
            "5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a");

    private static final Path PACKAGES = Path.of("contracts/node_modules/@foundry-rs");
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    private static final long LARGEST_LOG = 64 << 20;

    private final Path folder;
    private final int port;
    private final List<String> options;
    private final HttpClient client = HttpClient.newHttpClient();
    private ChildProcess process;

    private AnvilNode(Path folder, int port, List<String> options) throws IOException, InterruptedException {
        this.folder = folder;
        this.port = port;
        this.options = options;
        this.process = launch();
        awaitReady();
    }

    /** Whether the chain is the same after a restart. */
    public enum State {
        KEPT,
        FORGOTTEN
    }

    /**
     * Starts a chain on a free port and waits until it answers.
     *
     * @param folder for its log and its state
     * @param blockTime between two blocks
     */
    public static AnvilNode start(Path folder, Duration blockTime, State state)
            throws IOException, InterruptedException {
        return start(folder, ChildProcess.freePort(), blockTime, state);
    }

    /** Starts a chain on that port. */
    public static AnvilNode start(Path folder, int port, Duration blockTime, State state)
            throws IOException, InterruptedException {
        return start(folder, port, CHAIN_ID, blockTime, state);
    }

    /** Starts a chain with another id on a free port; its state is forgotten. */
    public static AnvilNode startOther(Path folder, long chainId, Duration blockTime)
            throws IOException, InterruptedException {
        return start(folder, ChildProcess.freePort(), chainId, blockTime, State.FORGOTTEN);
    }

    private static AnvilNode start(Path folder, int port, long chainId, Duration blockTime, State state)
            throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(List.of(
                "--host",
                "127.0.0.1",
                "--port",
                String.valueOf(port),
                "--network",
                "optimism",
                "--chain-id",
                String.valueOf(chainId),
                "--block-time",
                String.valueOf(blockTime.toMillis() / 1000.0),
                "--slots-in-an-epoch",
                "4",
                "--quiet"));
        if (state == State.KEPT) {
            options.addAll(List.of(
                    "--state", ChainState.in(folder).file().toAbsolutePath().toString(), "--state-interval", "1"));
        }
        return new AnvilNode(folder, port, options);
    }

    private ChildProcess launch() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(program().toString());
        command.addAll(options);
        Files.createDirectories(folder);
        return ChildProcess.start("anvil-" + port, folder, Map.of(), command);
    }

    /** Not what npm puts into {@code .bin}: that is a wrapper, and killing it leaves the chain running. */
    private static Path program() throws IOException {
        if (Files.isDirectory(PACKAGES)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(PACKAGES, "anvil-*")) {
                for (Path folder : found) {
                    Path program = folder.resolve("bin/anvil");
                    if (Files.isExecutable(program)) {
                        return program.toAbsolutePath();
                    }
                }
            }
        }
        throw new IOException("anvil is not installed: run scripts/contracts, or npm ci in contracts/");
    }

    private void awaitReady() throws IOException, InterruptedException {
        long until = System.nanoTime() + START_LIMIT.toNanos();
        while (ask("eth_blockNumber").isEmpty()) {
            if (!process.isAlive() || System.nanoTime() > until) {
                throw new IOException("anvil did not start:\n" + process.lastLines());
            }
            Thread.sleep(50);
        }
    }

    /** As a crash would, but not while it writes its state, which is half a file then. */
    public void kill() throws IOException, InterruptedException {
        ChainState state = ChainState.in(folder);
        long until = System.nanoTime() + START_LIMIT.toNanos();
        process.suspend();
        while (!state.isWhole()) {
            if (System.nanoTime() > until) {
                throw new IOException(state.file() + " was never whole");
            }
            process.resume();
            Thread.sleep(50);
            process.suspend();
        }
        process.kill();
    }

    /** Answers nothing and makes no blocks until {@link #goOn}. */
    public void suspend() throws IOException, InterruptedException {
        process.suspend();
    }

    public void goOn() throws IOException, InterruptedException {
        process.resume();
    }

    /** Starts again after {@link #kill}, on the same port; with the chain it had if its state is kept. */
    public void startAgain() throws IOException, InterruptedException {
        process = launch();
        awaitReady();
    }

    public URI rpc() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public URI webSocket() {
        return URI.create("ws://127.0.0.1:" + port);
    }

    /** Orphans the newest {@code depth} blocks; their transactions are not queued again. */
    public void reorg(int depth) throws IOException, InterruptedException {
        call("anvil_reorg", depth, new JsonArray());
    }

    /** Makes no more blocks until {@link #resume}. */
    public void stall() throws IOException, InterruptedException {
        call("evm_setIntervalMining", 0);
    }

    /** Makes blocks again; seconds are the shortest time it can be told. */
    public void resume(int seconds) throws IOException, InterruptedException {
        call("evm_setIntervalMining", seconds);
    }

    /** Makes a block now. */
    public void mine() throws IOException, InterruptedException {
        call("evm_mine");
    }

    /** The number of the newest block. */
    public long blockNumber() throws IOException, InterruptedException {
        return Long.decode((String) call("eth_blockNumber"));
    }

    /** Takes all coins but {@code wei} from an account, or gives it so many. */
    public void setBalance(String address, long wei) throws IOException, InterruptedException {
        call("anvil_setBalance", address, "0x" + Long.toHexString(wei));
    }

    /** Forgets a transaction that is in no block yet. */
    public void drop(String transaction) throws IOException, InterruptedException {
        call("anvil_dropTransaction", transaction);
    }

    /** Asks for anything; throws if the chain says no. */
    public Object call(String method, Object... parameters) throws IOException, InterruptedException {
        JsonObject said = ask(method, parameters).orElseThrow(() -> new IOException("anvil does not answer"));
        if (said.containsKey("error")) {
            throw new IOException(method + ": " + said.getJsonObject("error").getString("message"));
        }
        return said.getValue("result") == null ? "" : said.getValue("result");
    }

    private Optional<JsonObject> ask(String method, Object... parameters) throws InterruptedException {
        JsonObject question = new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", 1)
                .put("method", method)
                .put("params", new JsonArray(List.of(parameters)));
        HttpRequest request = HttpRequest.newBuilder(rpc())
                .timeout(ANSWER_LIMIT)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(question.encode()))
                .build();
        try {
            return Optional.of(new JsonObject(
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body()));
        } catch (IOException unreachable) {
            return Optional.empty();
        }
    }

    /** Number of its process; another one after a restart. */
    public long pid() {
        return process.pid();
    }

    @Override
    public void close() throws IOException {
        process.close();
        client.close();
        Path log = folder.resolve("anvil-" + port + ".log");
        if (Files.exists(log) && Files.size(log) > LARGEST_LOG) {
            Files.delete(log);
        }
    }
}
