package openledger.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.audit.court.Court.LaneStake;
import openledger.audit.court.Filing;
import openledger.chain.RpcSettings;
import openledger.chain.vault.CourtSettings;
import openledger.chain.vault.Web3jCourt;
import openledger.commitment.verify.RegistryCode;
import openledger.unit.Hash32;
import openledger.unit.Wei;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code make run} puts at stake, on a real chain. */
final class LocalStakeTest {
    @Test
    void whatWasNotDoneIsASentenceThatSaysWhatToDo() {
        for (Filing filing : List.of(
                new Filing.NotSent("the node says no"),
                new Filing.Unsettled("the node says no"),
                new Filing.Reverted(Hash32.ZERO, 7, Wei.ZERO))) {
            assertThatThrownBy(() -> LocalStake.done("to stand behind the lane", filing))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("the transaction to stand behind the lane was not done: ")
                    .hasMessageContaining("remove its folder and that of its database (.data/chain and .data/postgres)")
                    .hasMessageNotContaining("NotSent")
                    .hasMessageNotContaining("[");
        }
    }

    @TempDir
    Path folder = Path.of("");

    @Test
    void theDemosLaneHasAVaultAsItsGateAndEnoughBehindItOnce() throws IOException, InterruptedException {
        try (AnvilNode chain = AnvilNode.start(folder, Duration.ofMillis(250), AnvilNode.State.FORGOTTEN)) {
            Map<String, String> told = LocalStake.put(chain);
            LaneStake first = stake(chain);
            Object sent = nonces(chain);
            Map<String, String> again = LocalStake.put(chain);

            assertThat(told)
                    .containsEntry("OPENLEDGER_STAKE_VAULT", LocalStake.vault().toString())
                    .isEqualTo(again);
            assertThat(first.gated()).isTrue();
            assertThat(first.active()).isGreaterThan(first.required());
            assertThat(stake(chain)).isEqualTo(first);
            assertThat(nonces(chain)).isEqualTo(sent);
        }
    }

    /** A router does not start if its window is another than that of its vault. */
    @Test
    void theDemosWindowIsThatOfItsVault() throws IOException {
        assertThat(Files.readString(Path.of("deploy/demo.yaml")))
                .contains("challenge-window: " + LocalStake.TERMS.window().toHours() + "h");
    }

    private static Object nonces(AnvilNode chain) throws IOException, InterruptedException {
        List<Object> counts = new ArrayList<>();
        for (Object account : (JsonArray) chain.call("eth_accounts")) {
            counts.add(chain.call("eth_getTransactionCount", account, "latest"));
        }
        return counts;
    }

    private static LaneStake stake(AnvilNode chain) {
        Vertx vertx = Vertx.vertx();
        Duration limit = Duration.ofSeconds(20);
        CourtSettings settings = new CourtSettings(
                RpcSettings.of(List.of(chain.rpc()), OptionalLong.of(AnvilNode.CHAIN_ID), limit),
                RegistryCode.ADDRESS,
                LocalStake.vault(),
                LocalRegistry.FEES,
                limit,
                limit);
        try (Web3jCourt court = new Web3jCourt(vertx, settings, Optional.empty())) {
            return court.stake(LocalRegistry.lane()).await().atMost(limit);
        } finally {
            vertx.close();
        }
    }
}
