package openledger.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a fleet listens. */
final class FleetFileTest {
    private static final String ONE = "seed: 1\nproviders: [{name: p0, port: 0, slots: 1}]\n";

    @TempDir
    Path folder = Path.of("");

    @Test
    void listensAtTheLoopbackUnlessTheFileSaysOtherwise() throws IOException {
        try (SimulatedFleet fleet = SimulatedFleet.start(file(ONE))) {
            assertThat(fleet.provider("p0").baseUrl()).startsWith("http://127.0.0.1:");
        }
    }

    @Test
    void allAddressesOfTheMachineLeadToAFleetAtTheWildcard() throws IOException {
        try (SimulatedFleet fleet = SimulatedFleet.start(file("host: 0.0.0.0\n" + ONE))) {
            int port = URI.create(fleet.provider("p0").baseUrl()).getPort();
            for (InetAddress address : addresses()) {
                try (Socket reached = new Socket(address, port)) {
                    assertThat(reached.isConnected()).isTrue();
                }
            }
        }
    }

    @Test
    void anAddressOfVersion6StandsInBrackets() throws IOException {
        try (SimulatedFleet fleet = SimulatedFleet.start(file("host: '::'\n" + ONE))) {
            assertThat(URI.create(fleet.provider("p0").baseUrl()).getPort()).isPositive();
        }
    }

    @Test
    void aNameIsRefused() throws IOException {
        Path file = file("host: localhost\n" + ONE);

        assertThatThrownBy(() -> SimulatedFleet.start(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("host must be an IP address");
    }

    private static Iterable<InetAddress> addresses() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address.getAddress().length == 4)
                .toList();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("fleet.yaml"), text);
    }
}
