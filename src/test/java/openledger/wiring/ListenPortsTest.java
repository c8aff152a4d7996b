package openledger.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class ListenPortsTest {
    @Test
    void eachHasItsOwn() {
        assertThat(new ListenPorts(1, OptionalInt.of(2), OptionalInt.of(3)).problems())
                .isEmpty();
        assertThat(new ListenPorts(1, OptionalInt.empty(), OptionalInt.empty()).problems())
                .isEmpty();
        assertThat(new ListenPorts(0, OptionalInt.of(0), OptionalInt.of(3)).problems())
                .isEmpty();
    }

    @Test
    void whoseItIsIsSaid() {
        assertThat(new ListenPorts(1, OptionalInt.of(1), OptionalInt.of(1)).problems())
                .containsExactly(
                        "openledger.admin.port: is the router's own port (quarkus.http.port): 1",
                        "openledger.cluster.internal.port: is the router's own port (quarkus.http.port): 1");
        assertThat(new ListenPorts(1, OptionalInt.of(2), OptionalInt.of(2)).problems())
                .containsExactly("openledger.cluster.internal.port: is the port of openledger.admin.port: 2");
    }
}
