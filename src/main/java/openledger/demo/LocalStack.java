package openledger.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import openledger.commitment.log.NoteSigner;
import openledger.unit.Address;
import openledger.verifier.TerminalText;

/** PostgreSQL, a chain, simulated providers and the router on this machine, from the folder of the sources. */
public final class LocalStack {
    static final int ROUTER_PORT = 8080;
    public static final String KEY = "sk-openledger-local";
    /** Signs the log of the demo, and of no other. */
    private static final String LOG_KEY = "0d".repeat(NoteSigner.SEED_BYTES);

    static final int CHAIN_PORT = 8545;
    private static final int POSTGRES_PORT = 5499;
    private static final int FIRST_PROVIDER_PORT = 9101;
    private static final Path DATA = Path.of(".data");
    private static final Path POSTGRES = DATA.resolve("postgres");
    static final Path DEMO = Path.of("deploy/demo.yaml");
    static final Path FLEET = Path.of("deploy/demo-fleet.yaml");

    private LocalStack() {}

    /** Starts everything and says where to look; returns only by a failure, for a router with {@code config} runs until Ctrl-C. */
    static void run(Path config) throws IOException, SQLException, InterruptedException {
        CleanStop stop = new CleanStop();
        try {
            run(config, stop);
        } catch (IOException | SQLException | InterruptedException | RuntimeException e) {
            stop.failed();
            throw e;
        }
    }

    private static void run(Path config, CleanStop stop) throws IOException, SQLException, InterruptedException {
        Leftovers.requireAlone(DATA);
        Leftovers.guard(POSTGRES);
        ports(config).requireFree();
        Path logs = DATA.resolve("logs");
        say("Starting PostgreSQL (data in .data/postgres; the first start unpacks it and takes a few seconds) ...");
        LocalPostgres postgres = stop.with(LocalPostgres.start(POSTGRES, POSTGRES_PORT));
        say("Starting a chain (anvil as an OP Stack node, state in .data/chain) ...");
        AnvilNode chain = stop.with(LocalRegistry.chain(DATA.resolve("chain"), CHAIN_PORT));
        Address registry = LocalRegistry.deploy(chain);
        say("Starting the simulated providers ...");
        ChildProcess fleet = stop.with(ChildProcess.openledger(
                "fleet", logs, List.of("-Xmx256m"), Map.of(), "simulate", "--fleet", FLEET.toString()));
        Map<String, String> stake = config.equals(DEMO) ? stake(chain) : Map.of();
        fleet.awaitReady("http://127.0.0.1:" + FIRST_PROVIDER_PORT + "/simulator/calls");
        say("Starting the router ...");
        Map<String, String> environment = new HashMap<>(environment(postgres, ROUTER_PORT));
        environment.putAll(stake);
        ChildProcess router = stop.with(router("router", environment, config, logs));
        router.awaitReady("http://127.0.0.1:" + ROUTER_PORT + "/q/health/ready");
        long lane = LocalRegistry.lane().value();
        String vault = stake.isEmpty() ? "none" : LocalStake.vault().toString();
        say(WELCOME.formatted(config, ROUTER_PORT, KEY, CHAIN_PORT, registry, lane, places(registry, lane, vault)));
        watch(stop, fleet, router);
    }

    /** Where to look, a line each, whose second and third columns begin below each other. */
    static String places(Address registry, long lane, String vault) {
        String router = "http://127.0.0.1:" + ROUTER_PORT;
        List<List<String>> rows = List.of(
                List.of("page", router + "/", "enter the key " + KEY),
                List.of("API", router + "/v1", "key " + KEY),
                List.of("policy", router + "/v1/policy", ""),
                List.of("decisions", router + "/v1/decisions", ""),
                List.of("batches", router + "/v1/batches", ""),
                List.of("log", router + "/log/" + lane + "/checkpoint", "no key"),
                List.of("health", router + "/q/health", ""),
                List.of("chain", "http://127.0.0.1:" + CHAIN_PORT, "OP Stack, id 901"),
                List.of("registry", registry.toString(), "which has all lanes"),
                List.of("lane", Long.toString(lane), "what this router's batches belong to"),
                List.of("vault", vault, "where the lane has something at stake"),
                List.of("routes", "assistant, claude, responder, embedder", "chat, messages, responses, embeddings"),
                List.of("logs", ".data/logs/", ""));
        int width = rows.stream().mapToInt(row -> row.get(1).length()).max().orElse(0);
        return rows.stream()
                .map(row -> ("  " + padded(row.getFirst(), "decisions".length()) + "  " + padded(row.get(1), width)
                                + "  " + row.getLast())
                        .stripTrailing())
                .collect(Collectors.joining("\n"));
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    /** Something to look at; nothing else of the demo needs it. */
    private static Map<String, String> stake(AnvilNode chain) throws InterruptedException {
        try {
            return LocalStake.put(chain);
        } catch (IOException e) {
            say("The lane has nothing at stake: " + TerminalText.line(String.valueOf(e.getMessage())) + ".");
            return Map.of();
        }
    }

    public static ChildProcess router(LocalPostgres postgres, Path config, Path logs, int port) throws IOException {
        return router("router", environment(postgres, port), config, logs);
    }

    /** A router of that name in that environment. */
    public static ChildProcess router(String name, Map<String, String> environment, Path config, Path logs)
            throws IOException {
        List<String> jvm = Stream.concat(Stream.of("@deploy/jvm.options"), ChildProcess.trained().stream())
                .toList();
        return ChildProcess.openledger(name, logs, jvm, environment, "serve", "--config", config.toString());
    }

    public static Map<String, String> environment(LocalPostgres postgres, int port) {
        return Map.of(
                "QUARKUS_DATASOURCE_REACTIVE_URL",
                postgres.reactiveUrl(),
                "QUARKUS_DATASOURCE_JDBC_URL",
                postgres.jdbcUrl(),
                "QUARKUS_DATASOURCE_USERNAME",
                LocalPostgres.USER,
                "QUARKUS_DATASOURCE_PASSWORD",
                LocalPostgres.PASSWORD,
                "QUARKUS_LOG_CONSOLE_JSON_ENABLED",
                "false",
                "QUARKUS_HTTP_PORT",
                Integer.toString(port),
                "OPENLEDGER_LANE_KEY",
                LocalRegistry.LANE_KEY,
                "OPENLEDGER_LOG_KEY",
                LOG_KEY);
    }

    private static void watch(CleanStop stop, ChildProcess... children) throws IOException, InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        while (!interrupted.await(500, java.util.concurrent.TimeUnit.MILLISECONDS)) {
            for (ChildProcess child : children) {
                if (!child.isAlive() && !stop.isUnderWay()) {
                    throw new IOException("The " + child.name() + " has ended:\n" + child.lastLines());
                }
            }
        }
    }

    /** All that it needs with that configuration. */
    static NeededPorts ports(Path config) throws IOException {
        return new NeededPorts()
                .and(ROUTER_PORT, "the router (quarkus.http.port, which make run sets)")
                .and(POSTGRES_PORT, "PostgreSQL (quarkus.datasource.reactive.url, which make run sets)")
                .and(CHAIN_PORT, "the chain (openledger.settlement.rpc-urls of " + DEMO + ")")
                .ofRouter(config)
                .ofFleet(FLEET);
    }

    private static void say(String text) {
        System.out.println(text);
    }

    @SuppressWarnings("InlineFormatString") // a page reads best apart
    private static final String WELCOME = """

            OpenLedger runs with %1$s.

            %7$s

            Ask something (add "stream": true for a stream):

              curl -si http://127.0.0.1:%2$d/v1/chat/completions \\
                -H 'Authorization: Bearer %3$s' -H 'Content-Type: application/json' \\
                -d '{"model": "assistant", "messages": [{"role": "user", "content": "Hello!"}]}'

            The same, its route pinned and confirmed by the chain:

              curl -si http://127.0.0.1:%2$d/v1/chat/completions \\
                -H 'Authorization: Bearer %3$s' -H 'Content-Type: application/json' -H 'openledger-mode: confirmed' \\
                -d '{"model": "assistant", "messages": [{"role": "user", "content": "Hello!"}]}'

            Check that answer's receipt against the chain (its id is in the header openledger-request):

              curl -s 'http://127.0.0.1:%2$d/v1/receipts/ID?wait=SEQUENCED' -H 'Authorization: Bearer %3$s' > receipt.json
              make verify RECEIPT=receipt.json RPC=http://127.0.0.1:%4$d REGISTRY=%5$s LANE=%6$d

            `make load` in another terminal sends some traffic. Ctrl-C stops everything.
            """;
}
