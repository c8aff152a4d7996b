package openledger.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** By what the router itself reads configurations with. */
final class CheckCommandTest {
    private static final String GOOD = """
            openledger:
              tenants:
                - name: local
                  key-env: TENANT_KEY
              providers:
                - name: north
                  base-url: http://127.0.0.1:1
              routes:
                - name: assistant
                  tiers:
                    - name: best
                      attempts: 2
                      targets: [{provider: north, model: large}]
            """;

    @TempDir
    Path folder = Path.of("");

    private final StringWriter said = new StringWriter();

    @Test
    void aConfigurationThatARouterWouldTakeIsGood() throws IOException {
        assertThat(check(Map.of("TENANT_KEY", "sk-of-a-tenant-0123456789"), file(GOOD)))
                .isZero();
        assertThat(said.toString()).contains(": can be used").doesNotContain("sk-of-a-tenant");
    }

    @Test
    void everyProblemIsNamedWithItsKeyAndTheNextFileIsReadAsWell() throws IOException {
        Path wrong = file(GOOD.replace("attempts: 2", "attempts: 0").replace("north, model", "south, model"));
        assertThat(check(Map.of("TENANT_KEY", "sk-of-a-tenant-0123456789"), wrong, file(GOOD)))
                .isEqualTo(1);
        assertThat(said.toString())
                .contains(": cannot be used", "openledger.routes[0].tiers[0]", "south", ": can be used");
    }

    @Test
    void aSecretThatIsElsewhereIsAProblemUnlessItIsSaidToBe() throws IOException {
        Path file = file(GOOD);
        assertThat(check(Map.of(), file)).isEqualTo(1);
        assertThat(said.toString()).contains("the environment variable TENANT_KEY is not set");
        assertThat(check(Map.of(), Path.of("--secrets-elsewhere"), file)).isZero();
        assertThat(said.toString()).contains("TENANT_KEY is not set", ": can be used");
    }

    @Test
    void anAddressThatEachRouterHasOfItsOwnIsElsewhereToo() throws IOException {
        Path file = file(GOOD + "  cluster: {enabled: true, key-env: CLUSTER_KEY}\n");
        Map<String, String> secrets = Map.of("TENANT_KEY", "sk-of-a-tenant-0123456789", "CLUSTER_KEY", "k".repeat(32));
        assertThat(check(secrets, file)).isEqualTo(1);
        assertThat(said.toString()).contains("openledger.cluster.internal.host: is missing");
        assertThat(check(secrets, Path.of("--secrets-elsewhere"), file)).isZero();
    }

    @Test
    void whatAStartRefusesOfDatabaseAndPortsIsFoundAsWell() throws IOException {
        Map<String, String> secrets = Map.of("TENANT_KEY", "sk-of-a-tenant-0123456789", "CLUSTER_KEY", "k".repeat(32));
        String several = """
                quarkus:
                  http: {port: 8085}
                  datasource:
                    reactive: {url: "postgresql://a:5432/openledger,postgresql://b:5432/openledger"}
                    jdbc: {url: "jdbc:postgresql://a:5432/openledger"}
                """;
        Path file = file(several + GOOD
                + "  cluster: {enabled: true, key-env: CLUSTER_KEY, internal: {host: 127.0.0.1, port: 8085}}\n");
        assertThat(check(secrets, file)).isEqualTo(1);
        assertThat(said.toString())
                .contains(
                        "quarkus.datasource.jdbc.url: ", "openledger.cluster.internal.port: is the router's own port");
        assertThat(check(Map.of(), Path.of("--secrets-elsewhere"), file(several + GOOD)))
                .isEqualTo(1);
    }

    @Test
    void whatIsNoConfigurationIsSaidToBeNone() throws IOException {
        assertThat(check(Map.of(), file("openledger: ["), folder.resolve("missing.yaml")))
                .isEqualTo(1);
        assertThat(said.toString()).contains("not of its form", "cannot be read");
    }

    static List<Path> whatIsDeployed() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("deploy"))) {
            return files.filter(file ->
                            file.endsWith("openledger.yaml") && !file.toString().contains("grafana"))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("whatIsDeployed")
    void whatIsDeployedCanBeUsed(Path file) {
        assertThat(check(Map.of(), Path.of("--secrets-elsewhere"), file))
                .describedAs(said.toString())
                .isZero();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "openledger", ".yaml"), text);
    }

    private int check(Map<String, String> environment, Path... arguments) {
        CommandLine line = new CommandLine(new CheckCommand(environment::get));
        line.setOut(new PrintWriter(said));
        line.setErr(new PrintWriter(said));
        return line.execute(Stream.of(arguments).map(Path::toString).toArray(String[]::new));
    }
}
