package openledger.shipped;

import static openledger.shipped.NativeRouter.require;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalStack;
import openledger.lab.world.CongestionParameters;
import openledger.simulator.ProviderSpec;
import openledger.simulator.SimulatedFleet;
import openledger.support.CheckFailed;
import openledger.support.ScratchFolder;

/**
 * Has a router do a little of its daily work, and then ends it by SIGTERM, so that the JVM can note which classes that takes
 * ({@code -XX:AOTCacheOutput}): {@code scripts/stack shipped.TrainRouter COMMAND...}. The command gets {@code serve --config} and a file
 * appended. If it has <code>{}</code>, it gets the folder of that file there, and must show it to the router as {@code /etc/openledger}.
 */
public final class TrainRouter {
    private static final String FOLDER = "{}";
    private static final String NAME = "openledger.yaml";
    private static final String SHOWN = "/etc/openledger/" + NAME;
    private static final int REQUESTS = 100;
    /** To write the cache, at its end, takes the JVM longer than all of the training. */
    private static final Duration LONGEST_END = Duration.ofMinutes(5);

    private TrainRouter() {}

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        Path folder = ScratchFolder.make("training");
        int port = ChildProcess.freePort();
        try (LocalPostgres postgres = LocalPostgres.start(folder.resolve("postgres"), 0);
                SimulatedFleet fleet = SimulatedFleet.start(
                        List.of(ProviderSpec.quick("north"), ProviderSpec.quick("south")),
                        CongestionParameters.REFERENCE,
                        1)) {
            Path configuration = Files.createDirectories(folder.resolve("configuration"));
            Path file = configuration.resolve(NAME);
            Files.writeString(
                    file,
                    config(
                            fleet.provider("north").baseUrl(),
                            fleet.provider("south").baseUrl(),
                            ChildProcess.freePort()));
            Map<String, String> environment = new HashMap<>(LocalStack.environment(postgres, port));
            environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
            boolean isShown = Arrays.stream(arguments).anyMatch(one -> one.contains(FOLDER));
            List<String> command = Stream.concat(
                            Arrays.stream(arguments).map(one -> one.replace(FOLDER, configuration.toString())),
                            Stream.of("serve", "--config", isShown ? SHOWN : file.toString()))
                    .toList();
            train(ChildProcess.start("router", folder, environment, command), port);
            System.out.println("The router was trained with " + REQUESTS + " requests.");
        } catch (CheckFailed e) {
            System.err.println("The router could not be trained: " + e.getMessage());
            System.exit(1);
        }
        System.exit(0);
    }

    private static void train(ChildProcess process, int port) throws IOException, InterruptedException, CheckFailed {
        NativeRouter router = NativeRouter.at(port);
        try (process) {
            process.awaitReady(router.address() + "/q/health/ready");
            for (int i = 0; i < REQUESTS; i++) {
                HttpResponse<String> answer = router.send(router.chat(LocalStack.KEY, i % 2 == 0));
                require(answer.statusCode() == 200, answer);
            }
            for (String path :
                    List.of("/", "/v1/models", "/v1/policy", "/v1/decisions", "/v1/fairness", "/q/openapi")) {
                HttpResponse<String> answer = router.get(path, LocalStack.KEY);
                require(answer.statusCode() == 200, answer);
            }
            ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroy);
            process.awaitEnd(LONGEST_END);
        }
    }

    static String config(String north, String south, int scraped) {
        return """
                openledger:
                  tenants:
                    - name: local
                      key-sha256: 62de3c208f1daa5da2c0cac4cb042413ff4baa535827e3375532692c1109e989
                  providers:
                    - name: north
                      base-url: %s
                    - name: south
                      base-url: %s
                  routes:
                    - name: assistant
                      tiers:
                        - name: best
                          attempts: 2
                          targets: [{provider: north, model: sim-large}]
                        - name: standard
                          attempts: 1
                          targets: [{provider: south, model: sim-small}]
                  telemetry:
                    scrape:
                      port: %d
                """.formatted(north, south, scraped);
    }
}
