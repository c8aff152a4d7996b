package openledger.shipped;

import static openledger.shipped.NativeRouter.await;
import static openledger.shipped.NativeRouter.require;
import static openledger.shipped.NativeRouter.say;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import openledger.access.KeyDigest;
import openledger.demo.AnvilNode;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalRegistry;
import openledger.demo.LocalStack;
import openledger.support.CheckFailed;
import openledger.support.ScratchFolder;

/**
 * {@code make native-smoke}: whether the native executable does what the jar does. PostgreSQL and the simulated providers
 * are real, and so is the chain; each check takes another way through what a closed world may have left out. Long because
 * the ways are many and each is short.
 */
public final class NativeSmoke implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final NativeCommand openledger;
    private final Path folder;
    private final LocalPostgres postgres;
    private final AnvilNode chain;
    private final Map<String, String> environment;
    private final Path config;
    private final int providerPort = ChildProcess.freePort();
    private final NativeRouter router;
    private final NativeInsight insight;
    private String firstRequest = "";
    private String madeKey = "";

    private NativeSmoke(NativeCommand openledger, Path folder) throws IOException, SQLException, InterruptedException {
        this.openledger = openledger;
        this.folder = folder;
        int port = ChildProcess.freePort();
        this.router = NativeRouter.at(port);
        this.insight = new NativeInsight(openledger, router);
        this.config = config();
        Path data = ScratchFolder.make("native");
        this.postgres = LocalPostgres.start(data.resolve("postgres"), 0);
        this.chain = AnvilNode.start(data, Duration.ofMillis(250), AnvilNode.State.FORGOTTEN);
        this.environment = new HashMap<>(LocalStack.environment(postgres, port));
        environment.putAll(insight.start());
    }

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        Path folder = Files.createDirectories(Path.of("target/native-smoke"));
        try (NativeSmoke smoke = new NativeSmoke(NativeCommand.built(folder), folder)) {
            smoke.run();
            System.out.println("The native executable does what it should.");
            System.out.println("figure: " + NativeRouter.checks() + " checks");
        } catch (CheckFailed e) {
            System.err.println("  FAILED: " + e.getMessage() + "\nThe logs are in " + folder + ".");
            System.exit(1);
        }
        // Deploying the registry leaves a thread of the client's guards behind, which would keep this process.
        System.exit(0);
    }

    private void run() throws IOException, InterruptedException, CheckFailed {
        say("help", this::help);
        say("chain deploy", this::chainDeploy);
        environment.putAll(LocalRegistry.settlement(chain));
        try (ChildProcess fleet = ChildProcess.openledger("fleet", folder, List.of("-Xmx256m"), Map.of(), simulate());
                ChildProcess serving =
                        openledger.start("router", environment, "serve", "--config", config.toString())) {
            fleet.awaitReady("http://127.0.0.1:" + providerPort + "/simulator/calls");
            say("ready", () -> serving.awaitReady(router.address() + "/q/health/ready"));
            say("a plain chat", this::plainChat);
            say("a streamed chat", this::streamedChat);
            say("a refused key", this::refusedKey);
            say("the receipt of the first request", this::receipt);
            say("the same receipt, on chain", this::settledReceipt);
            say("verify", this::verify);
            say("a signed answer", this::signedAnswer);
            say("a confirmed chat, held until its plan is on chain", this::confirmedChat);
            say("models, policy and decisions", this::lists);
            say("the description of the API, for anybody", this::description);
            say("the page, for anybody", this::page);
            say("keys create", this::keysCreate);
            say("keys list", this::keysList);
            say("a chat with the key just made", this::chatWithMadeKey);
            say("figures of fairness", insight::fairness);
            say("measures, scraped", insight::scrape);
            say("measures and traces, pushed", insight::push);
            say("audit", insight::audit);
            say("what-if", insight::whatIf);
        }
        say("lab", insight::lab);
    }

    private void help() throws IOException, InterruptedException, CheckFailed {
        String help = openledger.run(Map.of(), "--help");
        require(
                help.contains("serve") && !help.contains("simulate") && !help.contains("demo") && help.contains("keys"),
                help);
    }

    private void plainChat() throws IOException, InterruptedException, CheckFailed {
        HttpResponse<String> answer = chat(LocalStack.KEY, false);
        require(answer.statusCode() == 200, answer);
        require(
                "chat.completion"
                        .equals(JSON.readTree(answer.body()).path("object").asText()),
                answer);
        require("best".equals(answer.headers().firstValue("openledger-tier").orElse("")), answer);
        firstRequest = answer.headers().firstValue("openledger-request").orElse("");
    }

    private void streamedChat() throws IOException, InterruptedException, CheckFailed {
        HttpResponse<String> answer = chat(LocalStack.KEY, true);
        require(answer.statusCode() == 200, answer);
        require(answer.body().contains("\"openledger\":{") && answer.body().endsWith("data: [DONE]\n\n"), answer);
    }

    private void page() throws IOException, InterruptedException, CheckFailed {
        HttpResponse<String> page = router.get("/", "");
        require(page.statusCode() == 200 && page.body().contains(chain.rpc().toString()), page);
        HttpResponse<String> file = router.get("/page/page.js", "");
        require(file.statusCode() == 200 && file.body().contains("import "), file);
    }

    private void refusedKey() throws IOException, InterruptedException, CheckFailed {
        HttpResponse<String> answer = chat("sk-nobody-0123456789abcdef", false);
        require(answer.statusCode() == 401 && answer.body().contains("invalid_api_key"), answer);
    }

    private void receipt() throws IOException, InterruptedException, CheckFailed {
        await(() -> {
            HttpResponse<String> answer = router.get("/v1/receipts/" + firstRequest, LocalStack.KEY);
            return answer.statusCode() == 200
                    && "SERVED"
                            .equals(JSON.readTree(answer.body()).path("status").asText());
        });
    }

    private void chainDeploy() throws IOException, InterruptedException, CheckFailed {
        String printed = openledger.run(
                Map.of("OPENLEDGER_LANE_KEY", AnvilNode.KEYS.getFirst()),
                "chain",
                "deploy",
                "--rpc",
                chain.rpc().toString());
        require(printed.contains("registry"), printed);
    }

    private void settledReceipt() throws IOException, InterruptedException, CheckFailed {
        HttpResponse<String> answer =
                router.get("/v1/receipts/" + firstRequest + "?wait=SEQUENCED&timeout=15s", LocalStack.KEY);
        require(answer.statusCode() == 200 && answer.body().contains("\"block_hash\""), answer);
        Files.writeString(folder.resolve("receipt.json"), answer.body());
    }

    private void verify() throws IOException, InterruptedException, CheckFailed {
        String said = openledger.run(
                Map.of(),
                "verify",
                folder.resolve("receipt.json").toString(),
                "--rpc",
                chain.rpc().toString(),
                "--lane",
                Long.toString(LocalRegistry.lane().value()));
        require(said.contains("VERIFIED"), said);
    }

    private void signedAnswer() throws IOException, InterruptedException, CheckFailed {
        HttpResponse<String> answer =
                router.send(router.chat(LocalStack.KEY, false).header("openledger-receipt", "signed"));
        require(answer.headers().firstValue("openledger-promise").orElse("").contains("signature="), answer);
    }

    private void confirmedChat() throws IOException, InterruptedException, CheckFailed {
        HttpResponse<String> answer =
                router.send(router.chat(LocalStack.KEY, false).header("openledger-mode", "confirmed"));
        require(answer.statusCode() == 200, answer);
        String request = answer.headers().firstValue("openledger-request").orElse("");
        await(() -> {
            String receipt =
                    router.get("/v1/receipts/" + request, LocalStack.KEY).body();
            return JSON.readTree(receipt).path("followed_plan").path("followed").asBoolean();
        });
    }

    private void lists() throws IOException, InterruptedException, CheckFailed {
        for (String path : List.of("/v1/models", "/v1/models/assistant", "/v1/policy")) {
            HttpResponse<String> answer = router.get(path, LocalStack.KEY);
            require(answer.statusCode() == 200 && answer.body().contains("\"assistant\""), answer);
        }
        await(() ->
                router.get("/v1/decisions?status=served", LocalStack.KEY).body().contains(firstRequest));
    }

    private void description() throws IOException, InterruptedException, CheckFailed {
        HttpResponse<String> answer = router.get("/q/openapi", "");
        require(answer.statusCode() == 200 && answer.body().contains("/v1/chat/completions:"), answer);
    }

    private void keysCreate() throws IOException, InterruptedException, CheckFailed {
        JsonNode made = JSON.readTree(keys("create", "--tenant", "local", "--label", "smoke", "--expires", "1d"));
        madeKey = made.path("key").asText();
        require(madeKey.startsWith("sk-openledger-"), "no key was printed");
    }

    private void keysList() throws IOException, InterruptedException, CheckFailed {
        String listed = keys("list");
        require(listed.contains("\"smoke\"") && !listed.contains(madeKey), "the list is not that of the keys");
    }

    private void chatWithMadeKey() throws IOException, InterruptedException, CheckFailed {
        await(() -> chat(madeKey, false).statusCode() == 200);
    }

    private String keys(String command, String... options) throws IOException, InterruptedException, CheckFailed {
        List<String> arguments = new ArrayList<>(List.of("keys", command, "--json", "--config", config.toString()));
        arguments.addAll(List.of(options));
        return openledger.run(environment, arguments.toArray(String[]::new));
    }

    private HttpResponse<String> chat(String key, boolean stream) throws IOException, InterruptedException {
        return router.send(router.chat(key, stream));
    }

    private String[] simulate() throws IOException {
        Path fleet = Files.writeString(folder.resolve("fleet.yaml"), """
                seed: 1
                providers:
                  - { name: north, port: %d, slots: 100, service-ms: 20, tokens: 5 }
                """.formatted(providerPort));
        return new String[] {"simulate", "--fleet", fleet.toString()};
    }

    private Path config() throws IOException {
        return Files.writeString(folder.resolve("openledger.yaml"), """
                openledger:
                  tenants:
                    - { name: local, key-sha256: "%s" }
                  providers:
                    - { name: north, base-url: "http://127.0.0.1:%d/v1" }
                  routes:
                    - name: assistant
                      modes: [fast, confirmed]
                      tiers:
                        - { name: best, attempts: 3, targets: [ { provider: north, model: sim-large } ] }
                """.formatted(
                        KeyDigest.of(LocalStack.KEY).hex(), providerPort));
    }

    @Override
    public void close() throws IOException {
        insight.close();
        router.http().close();
        chain.close();
        postgres.close();
    }
}
