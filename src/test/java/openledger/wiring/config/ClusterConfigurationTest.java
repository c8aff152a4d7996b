package openledger.wiring.config;

import static openledger.wiring.config.ConfigurationTest.check;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import openledger.cluster.ClusterSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a router takes part in a cluster, as it is configured. */
final class ClusterConfigurationTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void aRouterIsAloneUnlessToldOtherwise() throws IOException {
        assertThat(check(Map.of()).cluster()).isEmpty();
        assertThat(check(Map.of("openledger.cluster.internal.port", "0")).cluster())
                .isEmpty();
    }

    @Test
    void oneOfSeveralHasAnAddressAndASecret() throws IOException {
        ClusterSettings settings = check(good()).cluster().orElseThrow();
        assertThat(settings.name()).isEqualTo("openledger");
        assertThat(settings.address()).isEqualTo("10.0.0.7:8081");
        assertThat(settings.tls()).isEmpty();
        Map<String, String> six = good();
        six.put("openledger.cluster.internal.host", "fd00::7");
        assertThat(check(six).cluster().orElseThrow().address()).isEqualTo("[fd00::7]:8081");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "name;a b;openledger.cluster.name: must be 1 to 64",
                "internal.host;;openledger.cluster.internal.host: is missing",
                "internal.host;a b;openledger.cluster.internal.host: is no name or address",
                "internal.host;10.0.0.7:8081;openledger.cluster.internal.host: is no name or address",
                "internal.host;0.0.0.0;openledger.cluster.internal.host: is an address that nobody can be reached at",
                "internal.host;::;openledger.cluster.internal.host: is an address that nobody can be reached at",
                "internal.port;0;openledger.cluster.internal.port: must be 1 to 65535: 0",
                "internal.port;65536;openledger.cluster.internal.port: must be 1 to 65535: 65536",
                "key-env;;openledger.cluster.key-env: is missing",
                "key-env;NOT_THERE;openledger.cluster.key-env: the environment variable NOT_THERE is not set",
                "key-env;ACME_KEY;openledger.cluster.key-env: a cluster's key has 32 bytes or more",
                "internal.tls.key;/k.pem;openledger.cluster.internal.tls: set all of certificate, key and authority"
            })
    void whatCannotBeUsedStopsTheStartWithItsKey(String key, String value, String message) {
        Map<String, String> changes = good();
        changes.put("openledger.cluster." + key, value == null ? "" : value);

        assertThatThrownBy(() -> check(changes))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("sk-acme");
    }

    @Test
    void filesOfTlsHaveToBeThere() throws IOException {
        Map<String, String> keys = good();
        for (String name : new String[] {"certificate", "key", "authority"}) {
            keys.put(
                    "openledger.cluster.internal.tls." + name,
                    Files.writeString(folder.resolve(name), "x").toString());
        }
        assertThat(check(keys).cluster().orElseThrow().tls()).isPresent();
        Files.delete(folder.resolve("authority"));
        assertThatThrownBy(() -> check(keys))
                .hasMessageContaining("openledger.cluster.internal.tls.authority: the file ");
    }

    private static Map<String, String> good() {
        Map<String, String> keys = new HashMap<>();
        keys.put("openledger.cluster.enabled", "true");
        keys.put("openledger.cluster.internal.host", "10.0.0.7");
        keys.put("openledger.cluster.key-env", "OPENLEDGER_LOG_KEY");
        return keys;
    }
}
