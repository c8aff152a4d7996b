package openledger.wiring.config;

import static openledger.wiring.config.ConfigurationTest.check;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import openledger.unit.Address;
import openledger.wiring.StakeReader.StakeSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vault of the lane, as it is configured. */
final class StakeConfigurationTest {
    private static final String VAULT = "0x" + "03".repeat(20);
    private static final String PORTAL = "0x" + "04".repeat(20);

    @TempDir
    private static Path folder = Path.of("");

    private static Map<String, String> stake() throws IOException {
        Path key = Files.writeString(folder.resolve("stake-key"), "0b".repeat(32) + "\n");
        Map<String, String> keys = new HashMap<>();
        keys.put("openledger.stake.vault", VAULT);
        keys.put("openledger.stake.key-file", key.toString());
        return keys;
    }

    private static Map<String, String> withL1() throws IOException {
        Map<String, String> keys = stake();
        keys.put("openledger.stake.l1.rpc-urls", "https://l1.example");
        keys.put("openledger.stake.l1.chain-id", "1");
        keys.put("openledger.stake.l1.portal", PORTAL);
        return keys;
    }

    @Test
    void nothingIsAtStakeUnlessAVaultIsNamed() throws IOException {
        assertThat(check(Map.of()).stake()).isEmpty();
        StakeSettings settings = check(stake()).stake().orElseThrow();
        assertThat(settings.court().vault()).isEqualTo(Address.parse(VAULT));
        assertThat(settings.court().rpc().nodes()).containsExactly(URI.create("https://rpc.example.com"));
        assertThat(settings.court().rpc().chainId()).hasValue(10);
        assertThat(settings.l1()).isEmpty();
    }

    @Test
    void answersMayGoToOtherNodesAndAroundTheSequencer() throws IOException {
        Map<String, String> keys = withL1();
        keys.put("openledger.stake.rpc-urls", "https://one.example,https://two.example");
        StakeSettings settings = check(keys).stake().orElseThrow();
        assertThat(settings.court().rpc().nodes()).hasSize(2);
        assertThat(settings.l1().orElseThrow().vault()).isEqualTo(Address.parse(PORTAL));
        assertThat(settings.l1().orElseThrow().rpc().chainId()).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "vault;0x12;openledger.stake.vault: ",
                "vault;;openledger.stake.vault: is missing",
                "key-file;;openledger.stake.key-env: is missing; set it or key-file",
                "key-file;/nowhere/key;openledger.stake.key-file: the file /nowhere/key does not exist",
                "max-gwei;0;openledger.stake.max-gwei: must be 1 to",
                "rpc-urls;https://a b;openledger.stake.rpc-urls: this is not an address",
                "l1.chain-id;10;openledger.stake.l1.chain-id: must be another chain",
                "l1.chain-id;;openledger.stake.l1.chain-id: is missing",
                "l1.portal;;openledger.stake.l1.portal: is missing",
                "l1.portal;me;openledger.stake.l1.portal: ",
                "l1.rpc-urls;;openledger.stake.l1.rpc-urls: is missing",
                "l1.max-gwei;0;openledger.stake.l1.max-gwei: must be 1 to",
            })
    void whatCannotBeUsedIsRefusedWithItsKey(String key, String value, String message) throws IOException {
        Map<String, String> keys = withL1();
        keys.put("openledger.stake." + key, value == null ? "" : value);

        assertThatThrownBy(() -> check(keys))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining(message);
    }

    @Test
    void theAccountThatCommitsAnswersNothing() throws IOException {
        Map<String, String> keys = stake();
        keys.put("openledger.stake.key-file", "");
        keys.put("openledger.stake.key-env", "OPENLEDGER_LANE_KEY");

        assertThatThrownBy(() -> check(keys))
                .hasMessageContaining("openledger.stake.key-env: must be another account than the one that commits");
    }

    @Test
    void aVaultNeedsALane() throws IOException {
        Map<String, String> keys = stake();
        keys.put("openledger.settlement.rpc-urls", "");
        keys.put("openledger.settlement.rpc-urls[0]", "");

        assertThatThrownBy(() -> check(keys)).isInstanceOf(ConfigurationProblem.class);
    }
}
