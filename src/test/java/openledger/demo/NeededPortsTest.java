package openledger.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every port of {@code make run} is looked at, and a taken one is named with who needs it. */
final class NeededPortsTest {
    @Test
    void theDemoNeedsTheRouterTheDatabaseTheChainTheMetricsAndEveryProvider() throws IOException {
        assertThat(LocalStack.ports(Path.of("deploy/demo.yaml")).numbers())
                .containsExactlyInAnyOrder(8080, 5499, 8545, 9464, 9101, 9102, 9103, 9104);
    }

    @Test
    void aConfigurationOfOnesOwnIsRead(@TempDir Path folder) throws IOException {
        Path config = Files.writeString(
                folder.resolve("own.yaml"),
                "openledger:\n  admin:\n    port: 9555\n  telemetry:\n    scrape:\n      port: 9666\n");
        Path silent = Files.writeString(
                folder.resolve("silent.yaml"), "openledger:\n  telemetry:\n    scrape:\n      enabled: false\n");

        assertThat(new NeededPorts().ofRouter(config).numbers()).containsExactly(9666, 9555);
        assertThat(new NeededPorts().ofRouter(silent).numbers()).isEmpty();
    }

    @Test
    void allThatAreTakenAreNamedWithWhoNeedsThem() throws IOException {
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            NeededPorts ports = new NeededPorts()
                    .and(one.getLocalPort(), "PostgreSQL (some.key)")
                    .and(ChildProcess.freePort(), "nobody")
                    .and(other.getLocalPort(), "the chain (other.key)");

            assertThatThrownBy(ports::requireFree)
                    .hasMessageContaining("Port " + one.getLocalPort() + " of PostgreSQL (some.key) is taken")
                    .hasMessageContaining("Port " + other.getLocalPort() + " of the chain (other.key) is taken")
                    .hasMessageNotContaining("nobody");
        }
    }

    @Test
    void twoThatWantTheSamePortAreNamed() {
        NeededPorts ports = new NeededPorts().and(1, "one").and(1, "another");

        assertThatThrownBy(ports::requireFree).hasMessageContaining("Port 1 is needed twice: by one, and by another.");
    }
}
