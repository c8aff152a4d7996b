package openledger.wiring;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import openledger.chain.LocalChain;
import openledger.chain.RpcSettings;
import openledger.chain.vault.CourtSettings;
import openledger.chain.vault.Web3jCourt;
import openledger.demo.AnvilNode;
import openledger.support.LocalVault;
import openledger.unit.Address;
import openledger.wiring.config.ConfigurationProblem;
import openledger.wiring.config.ConfigurationTest;
import openledger.wiring.config.SettlementReader.SettlementSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start beside a real vault, whose window is a day. */
final class VaultCheckTest {
    @TempDir
    private static Path folder = Path.of("");

    private static LocalChain chain;
    private static Address vault;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        chain = new LocalChain(folder);
        vault = LocalVault.deploy(chain.node, chain.registry, LocalVault.TERMS);
    }

    @AfterAll
    static void stop() throws IOException {
        chain.close();
    }

    private static void check(Address registry, Address at, OptionalInt batchDays, URI node, String... settings)
            throws IOException {
        SettlementSettings settlement = ConfigurationTest.check(Map.of(
                        "openledger.settlement.challenge-window", settings[0],
                        "openledger.settlement.anchor-within", settings[1]))
                .settlement()
                .orElseThrow();
        CourtSettings court = new CourtSettings(
                RpcSettings.of(List.of(node), OptionalLong.of(AnvilNode.CHAIN_ID), Duration.ofSeconds(2)),
                registry,
                at,
                LocalChain.FEES,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1));
        try (Web3jCourt asked = new Web3jCourt(chain.vertx, court, Optional.empty())) {
            VaultCheck.check(asked, settlement, batchDays);
        }
    }

    private static void check(OptionalInt batchDays, String... settings) throws IOException {
        check(chain.registry, vault, batchDays, chain.node.rpc(), settings);
    }

    @Test
    void whatFitsTheVaultMayStart() {
        assertThatCode(() -> check(OptionalInt.empty(), "24h", "10m")).doesNotThrowAnyException();
        assertThatCode(() -> check(OptionalInt.of(2), "24h", "1h")).doesNotThrowAnyException();
    }

    @Test
    void whatDoesNotStopsTheStartWithEachKey() {
        assertThatThrownBy(() -> check(OptionalInt.of(1), "168h", "10m"))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining("openledger.settlement.challenge-window: must be the vault's")
                .hasMessageContaining(
                        "openledger.retention.batch-days: must be at least the vault's window and response");
    }

    @Test
    void anAddressWithoutAVaultOfOursStopsTheStart() {
        Address nothing = Address.parse("0x" + "12".repeat(20));
        assertThatThrownBy(() -> check(chain.registry, nothing, OptionalInt.empty(), chain.node.rpc(), "24h", "10m"))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining("openledger.stake.vault: there is no vault at " + nothing);
        assertThatThrownBy(() ->
                        check(chain.registry, chain.registry, OptionalInt.empty(), chain.node.rpc(), "24h", "10m"))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining("openledger.stake.vault: there is no vault at " + chain.registry);
        assertThatThrownBy(() -> check(nothing, vault, OptionalInt.empty(), chain.node.rpc(), "24h", "10m"))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining("openledger.stake.vault: the vault is one of another registry");
    }

    @Test
    void aNodeThatIsAwayStopsNothing() {
        assertThatCode(() -> check(
                        chain.registry, vault, OptionalInt.empty(), URI.create("http://127.0.0.1:1"), "168h", "10m"))
                .doesNotThrowAnyException();
    }
}
