package openledger.shipped;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import openledger.access.KeyDigest;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalStack;
import openledger.lab.world.CongestionParameters;
import openledger.simulator.ProviderSpec;
import openledger.simulator.SimulatedFleet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one router was answered is gone on with by another of the same database, and by itself after it was started again. */
final class SharedOriginsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Pattern RESPONSE_ID = Pattern.compile("\"id\":\"(resp_[^\"]+)\"");
    private static final int TURNS = 6;

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aConversationMovesBetweenRoutersAndOutlivesThem() throws Exception {
        try (LocalPostgres postgres = LocalPostgres.start(folder.resolve("postgres"), 0);
                SimulatedFleet fleet = SimulatedFleet.start(
                        List.of(ProviderSpec.quick("north"), ProviderSpec.quick("east")),
                        CongestionParameters.REFERENCE,
                        1)) {
            int port = ChildProcess.freePort();
            String id = "";
            String provider = "";
            try (ChildProcess one = router("one", 1, postgres, port, fleet)) {
                one.awaitReady(address(port) + "/q/health/ready");
                HttpResponse<String> first = ask(port, false, "");
                provider = provider(first);
                id = idIn(first);
                int otherPort = ChildProcess.freePort();
                try (ChildProcess other = router("other", 2, postgres, otherPort, fleet)) {
                    other.awaitReady(address(otherPort) + "/q/health/ready");
                    for (int turn = 0; turn < TURNS; turn++) {
                        HttpResponse<String> next = ask(turn % 2 == 0 ? otherPort : port, turn % 3 == 0, id);
                        assertThat(provider(next)).isEqualTo(provider);
                        id = idIn(next);
                    }
                }
            }
            try (ChildProcess again = router("again", 1, postgres, port, fleet)) {
                again.awaitReady(address(port) + "/q/health/ready");
                assertThat(provider(ask(port, true, id))).isEqualTo(provider);
            }
        }
    }

    private HttpResponse<String> ask(int port, boolean stream, String previous) throws Exception {
        String more = previous.isEmpty() ? "" : ",\"previous_response_id\":\"" + previous + "\"";
        HttpRequest request = HttpRequest.newBuilder(URI.create(address(port) + "/v1/responses"))
                .timeout(LIMIT)
                .header("authorization", "Bearer " + LocalStack.KEY)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"assistant\",\"stream\":" + stream + ",\"input\":\"Hi\"" + more + "}"))
                .build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    private static String idIn(HttpResponse<String> answer) {
        Matcher id = RESPONSE_ID.matcher(answer.body());
        assertThat(id.find()).as(answer.body()).isTrue();
        return id.group(1);
    }

    private static String provider(HttpResponse<String> answer) {
        return answer.headers().firstValue("openledger-target").orElse("").replaceFirst("/.*", "");
    }

    private static String address(int port) {
        return "http://127.0.0.1:" + port;
    }

    private ChildProcess router(String name, int lane, LocalPostgres postgres, int port, SimulatedFleet fleet)
            throws IOException {
        Map<String, String> environment = new HashMap<>(LocalStack.environment(postgres, port));
        environment.put("OPENLEDGER_TELEMETRY_SCRAPE_PORT", Integer.toString(ChildProcess.freePort()));
        return LocalStack.router(name, environment, config(name, lane, fleet), folder);
    }

    private Path config(String name, int lane, SimulatedFleet fleet) throws IOException {
        return Files.writeString(folder.resolve(name + ".yaml"), """
                openledger:
                  lane: %d
                  tenants:
                    - { name: local, key-sha256: "%s" }
                  providers:
                    - { name: north, base-url: "%s" }
                    - { name: east, base-url: "%s" }
                  routes:
                    - name: assistant
                      tiers:
                        - name: best
                          attempts: 2
                          targets: [ { provider: north, model: sim-large }, { provider: east, model: sim-large } ]
                """.formatted(
                        lane,
                        KeyDigest.of(LocalStack.KEY).hex(),
                        fleet.provider("north").baseUrl(),
                        fleet.provider("east").baseUrl()));
    }
}
