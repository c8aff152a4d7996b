package openledger.cli.stake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import openledger.cli.stake.StakeShell.Ran;
import openledger.support.LocalVault;
import openledger.unit.Address;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** {@code openledger stake gate} as the owner of a lane uses it, against a real chain and a real vault: one story, in its order. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class StakeGateTest {
    private static final String LANE = StakeShell.LANE;

    @TempDir
    static Path folder = Path.of("");

    private static StakeShell shell;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        shell = new StakeShell(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        shell.close();
    }

    @Test
    @Order(1)
    void aLaneWithoutAGateHasNothingToLeave() {
        Ran ran = leave("y");

        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("has no gate; nothing was sent");
    }

    @Test
    @Order(2)
    void aLaneThatWouldStandStillIsRefused() {
        assertThat(run("y", "deposit", "--lane", LANE, "--ether", "9.5").err()).isEmpty();

        Ran ran = run("y", "gate", "--lane", LANE);

        assertThat(ran.code()).isOne();
        assertThat(ran.out()).contains("a batch can be challenged for: 1 d", "active: 9.5 ETH", "required: 10 ETH");
        assertThat(ran.err())
                .contains("the lane would stand still, because 9.5 ETH are behind it and 10 ETH are required");
        assertThat(isGate()).isFalse();
    }

    @Test
    @Order(3)
    void nobodyButTheOwnerSetsIt() {
        assertThat(run("y", "deposit", "--lane", LANE, "--ether", "2.5").err()).isEmpty();

        Ran ran = run("y", "gate", "--lane", LANE, "--key-env", "OPENLEDGER_STAKE_KEY");

        assertThat(ran.code()).isOne();
        assertThat(ran.err()).contains("Lane " + LANE + " is owned by 0x", "only that account sets its gate");
        assertThat(run("y", "gate", "--lane", "1").err()).contains("Nobody has opened lane 1 at the registry");
    }

    @Test
    @Order(4)
    void whatIsNoVaultDoesNotBecomeAGate() {
        for (Address other : List.of(shell.chain.registry, shell.chain.account.address())) {
            Ran ran = shell.reached("y", List.of("gate", "--lane", LANE, "--vault", other.toString()));

            assertThat(ran.code()).isOne();
            assertThat(ran.err()).contains("there is no vault at " + other);
        }
    }

    @Test
    @Order(5)
    void nothingIsSentWithoutAYes() {
        Ran ran = run("n", "gate", "--lane", LANE);

        assertThat(ran.code()).isOne();
        assertThat(ran.out())
                .contains(
                        "Make " + shell.vault + " the gate of lane " + LANE,
                        "The gate lets it go once all stake is out: 2 d 1 h after it was asked for",
                        "That one is another contract: read its code first",
                        "Stop the lane's router first",
                        "[y/N]");
        assertThat(ran.err()).contains("Nothing was sent");
        assertThat(isGate()).isFalse();
    }

    @Test
    @Order(6)
    void theVaultGuardsTheLane() {
        Ran ran = run("y", "gate", "--lane", LANE);

        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("Done in transaction 0x");
        assertThat(isGate()).isTrue();

        Ran again = run("", "gate", "--lane", LANE);
        assertThat(again.code()).isZero();
        assertThat(again.out()).contains("is the gate of lane " + LANE + " already; nothing was sent");
    }

    @Test
    @Order(7)
    void theGateHoldsTheLaneWhileThereIsStake() {
        Ran ran = leave("y");

        assertThat(ran.code()).isOne();
        assertThat(ran.err())
                .contains("The registry would refuse it: the lane's gate " + shell.vault + " does not let");
        assertThat(isGate()).isTrue();
    }

    @Test
    @Order(8)
    void theLaneLeavesOnceAllStakeIsOut() throws IOException, InterruptedException {
        assertThat(run("n", "withdraw", "--lane", LANE, "--all").out()).contains("The lane will be short");
        assertThat(run("", "withdraw", "--lane", LANE, "--all", "--yes").err()).isEmpty();
        assertThat(run("", "status", "--lane", LANE).out())
                .contains(": the vault is the gate of lane " + LANE + ".", "required: 10 ETH\n");
        LocalVault.pass(shell.chain.node, LocalVault.TERMS.delay().plus(Duration.ofMinutes(1)));
        assertThat(run("", "withdraw", "--lane", LANE, "--pay-out", "--yes").err())
                .isEmpty();

        Ran ran = shell.reached("", List.of("gate", "--lane", LANE, "--leave", "--yes"));

        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
        assertThat(isGate()).isFalse();
    }

    private static boolean isGate() {
        return shell.status().path("is_gate").asBoolean();
    }

    private static Ran leave(String answer) {
        return shell.reached(answer, List.of("gate", "--lane", LANE, "--leave"));
    }

    private static Ran run(String answer, String... arguments) {
        return shell.run(answer, arguments);
    }
}
