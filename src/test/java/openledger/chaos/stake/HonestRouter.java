package openledger.chaos.stake;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import openledger.bench.BenchStack;
import openledger.chain.LaneAccount;
import openledger.chain.Web3jLedger;
import openledger.commitment.LaneNumber;
import openledger.commitment.stake.VaultEvent;
import openledger.demo.AnvilNode;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalRegistry;
import openledger.demo.LocalStack;
import openledger.settlement.ledger.LedgerCall;
import openledger.support.ShownThings;
import openledger.unit.LaneId;

/** A router that settles behind the vault, under a little load, and an auditor that finds nothing. Confined to one thread. */
final class HonestRouter {
    private static final LaneAccount ROUTER_KEY = LaneAccount.of(AnvilNode.KEYS.get(1));
    private static final int PORT = 8093;
    private static final int POSTGRES_PORT = 5494;
    private static final String ROUTER = "http://127.0.0.1:" + PORT;
    private static final int REQUESTS_AT_ONCE = 20;
    private static final int BATCHES = 5;
    private static final long REST_MILLIS = 15_000;

    private final StakeTrial trial;
    private final ShownThings shown;

    HonestRouter(StakeTrial trial, ShownThings shown) {
        this.trial = trial;
        this.shown = shown;
    }

    /** A router that settles behind the same vault, and an auditor that finds nothing. */
    @SuppressWarnings("try") // the upstreams only have to be there
    void run(Path data) throws IOException, SQLException, InterruptedException {
        LaneId of = LaneNumber.of(ROUTER_KEY.address(), 1);
        Web3jLedger ledger = trial.chain.ledger(of, ROUTER_KEY);
        trial.chain.include(ledger, new LedgerCall.OpenLane(1, ROUTER_KEY.address()));
        ledger.close();
        trial.stake(of, ROUTER_KEY.address(), 20);
        try (LocalPostgres postgres = LocalPostgres.start(data.resolve("postgres"), POSTGRES_PORT);
                ChildProcess fleet = BenchStack.upstreams();
                ChildProcess router = router(postgres)) {
            router.awaitReady(ROUTER + "/q/health/ready");
            ChildProcess watching = trial.audit(
                    "auditor-of-the-router",
                    List.of(URI.create(ROUTER)),
                    of,
                    StakeTrial.OUT.resolve("state-of-the-router"),
                    List.of("--router-key-env", "ROUTER_KEY", "--withheld-after", "PT20S"),
                    Map.of("ROUTER_KEY", LocalStack.KEY));
            AtomicInteger number = new AtomicInteger();
            StakeTrial.until(() -> {
                for (int i = 0; i < REQUESTS_AT_ONCE; i++) {
                    ask(number.getAndIncrement());
                }
                return trial.batches(of).size() >= BATCHES;
            });
            Thread.sleep(REST_MILLIS);
            watching.close();
            List<String> lines = watching.lines();
            shown.expect(
                    "charges against the honest router",
                    0,
                    lines.stream().filter(line -> line.startsWith("Found ")).count());
            shown.expect(
                    "what is said against it on chain",
                    0,
                    trial.told(of).stream()
                            .filter(one -> one.event() instanceof VaultEvent.Penalised
                                    || one.event() instanceof VaultEvent.Challenged)
                            .count());
            shown.expect("exit code of its auditor", 0, watching.awaitEnd(StakeTrial.LIMIT));
            shown.expect(
                    "it could read all",
                    0,
                    lines.stream()
                            .filter(line -> line.contains("Nobody serves") || line.contains("cannot be rea"))
                            .count());
        }
        shown.atLeast("batches of the honest router", BATCHES, trial.batches(of).size());
    }

    private ChildProcess router(LocalPostgres postgres) throws IOException {
        Map<String, String> environment = new HashMap<>(LocalStack.environment(postgres, PORT));
        environment.putAll(LocalRegistry.settlement(trial.chain.node));
        environment.put("OPENLEDGER_SETTLEMENT_REGISTRY", trial.chain.registry.toString());
        return LocalStack.router("honest-router", environment, Path.of("deploy/bench.yaml"), StakeTrial.OUT);
    }

    private static void ask(int number) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(ROUTER + "/v1/chat/completions"))
                    .timeout(Duration.ofSeconds(30))
                    .header("authorization", "Bearer " + LocalStack.KEY)
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(
                            "{\"model\":\"instant\",\"messages\":[{\"role\":\"user\",\"content\":\"Question " + number
                                    + "\"}]}"))
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("request " + number + " was answered with " + answer.statusCode());
            }
        }
    }
}
