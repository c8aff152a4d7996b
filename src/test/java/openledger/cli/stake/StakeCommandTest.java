package openledger.cli.stake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import openledger.audit.court.StakeJson;
import openledger.audit.court.StakeWatch;
import openledger.chain.LocalChain;
import openledger.chain.vault.Web3jCourt;
import openledger.cli.stake.StakeShell.Ran;
import openledger.support.LocalVault;
import openledger.unit.Ether;
import openledger.unit.Wei;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code openledger stake} as a backer of a lane uses it, against a real chain and a real vault: one story, in its order. Long because it is one. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class StakeCommandTest {
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
    void termsAreShownAsPeopleReadThem() {
        Ran ran = run("", "terms");

        assertThat(ran.code()).isZero();
        assertThat(ran.out())
                .contains(
                        "least stake to commit: 10 ETH",
                        "a leaf that breaks a rule: 0.1 ETH",
                        "30 % is the reporter's");
    }

    @Test
    @Order(2)
    void nothingIsSentWithoutAYes() {
        for (String answer : new String[] {"", "n", "yeah"}) {
            Ran ran = run(answer, "deposit", "--lane", LANE, "--ether", "12");
            assertThat(ran.code()).isOne();
            assertThat(ran.out())
                    .contains(
                            "Careful: lane " + LANE + " has no gate",
                            "until its owner makes this vault its gate",
                            "Put 12 ETH of 0x",
                            "It can be lost",
                            "[y/N]");
            assertThat(ran.err()).contains("Nothing was sent");
        }
        assertThat(status().path("active").asText()).isEqualTo("0");
    }

    @Test
    @Order(3)
    void whatIsPutInStandsBehindTheLane() {
        Ran ran = run("y", "deposit", "--lane", LANE, "--ether", "12");

        assertThat(ran.err()).isEmpty();
        assertThat(ran.out()).contains("Done in transaction 0x");
        JsonNode status = status();
        assertThat(status.path("active").asText()).isEqualTo("12000000000000000000");
        assertThat(status.path("is_gate").asBoolean(true)).isFalse();
        assertThat(run("", "status", "--lane", LANE).out())
                .contains(
                        ": lane " + LANE + " has no gate, so it commits without a stake.",
                        "active: 12 ETH",
                        "required: 10 ETH, once the vault is the lane's gate",
                        "Open games: 0",
                        "Penalties: 0")
                .containsPattern("as of: \\d{4}-\\d\\d-\\d\\dT[0-9:]+Z, block \\d+");
    }

    @Test
    @Order(4)
    void moreThanThereIsDoesNotLeave() {
        Ran ran = run("y", "withdraw", "--lane", LANE, "--ether", "12.5");

        assertThat(ran.code()).isOne();
        assertThat(ran.err()).contains("has 12 ETH that stays with lane");
    }

    @Test
    @Order(5)
    void whatLeavesIsPaidOutAfterTheDelayAlone() throws IOException, InterruptedException {
        Ran ask = run("y", "withdraw", "--lane", LANE, "--ether", "5");
        assertThat(ask.err()).isEmpty();
        assertThat(ask.out())
                .contains(
                        "Let 5 ETH leave", "It backs nothing that the lane has to have: lane " + LANE + " has no gate")
                .doesNotContain("will be short");
        assertThat(run("", "status", "--lane", LANE).out())
                .containsPattern("leaving: 5 ETH, at risk until \\S+Z at the latest\n")
                .doesNotContain("it may commit until");
        assertThat(status().path("leaving").asText()).isEqualTo("5000000000000000000");

        Ran early = run("y", "withdraw", "--lane", LANE, "--pay-out");
        assertThat(early.code()).isOne();
        assertThat(early.err())
                .containsPattern(
                        "The vault would refuse it: that cannot be done before \\d{4}-\\d\\d-\\d\\dT[0-9:]+Z\\.");

        LocalVault.pass(shell.chain.node, LocalVault.TERMS.delay().plusSeconds(60));
        Ran paid = run("", "withdraw", "--lane", LANE, "--pay-out", "--yes");
        assertThat(paid.err()).isEmpty();
        assertThat(status().path("leaving").asText()).isEqualTo("0");
        assertThat(status().path("active").asText()).isEqualTo("7000000000000000000");
    }

    @Test
    @Order(6)
    void nothingToClaimIsSaidBeforeAnythingIsSent() {
        Ran ran = run("y", "claim", "--lane", LANE);

        assertThat(ran.code()).isOne();
        assertThat(ran.err())
                .containsPattern("The vault would refuse it: 0x[0-9a-f]{40} has no rewards and no bonds there\\.");
        assertThat(run("y", "withdraw", "--lane", LANE, "--pay-out").err())
                .containsPattern(
                        "0x[0-9a-f]{40} has nothing that leaves lane " + LANE + ", or open games hold all of it");
    }

    @Test
    @Order(6)
    void moreThanTheAccountHasIsSaidWithWhatItHas() {
        Ran ran = run("y", "deposit", "--lane", LANE, "--ether", "1000000");

        assertThat(ran.code()).isOne();
        assertThat(ran.out()).doesNotContain("[y/N]");
        assertThat(ran.err())
                .containsPattern("account 0x[0-9a-f]{40} has [0-9]+\\.[0-9]+ ETH, and needs 1000000 ETH and the fee");
    }

    @Test
    @Order(6)
    void theFeeIsMoneyToo() {
        Wei balance = shell.balance();
        String all = Ether.digits(balance.value().subtract(BigInteger.ONE));

        Ran ran = run("y", "deposit", "--lane", LANE, "--ether", all);

        assertThat(ran.code()).isOne();
        assertThat(ran.out() + ran.err())
                .contains("It was not sent: account 0x", "has " + Ether.text(balance), "the fee");
    }

    @Test
    @Order(6)
    void withYesADepositThatGuardsNothingTakesAnotherWord() {
        Ran ran = run("", "deposit", "--lane", LANE, "--ether", "1", "--yes");

        assertThat(ran.code()).isOne();
        assertThat(ran.err()).contains("with --yes, say with --before-gate that you mean it");
        assertThat(run("", "deposit", "--lane", LANE, "--ether", "1", "--yes", "--before-gate")
                        .code())
                .isZero();
    }

    @Test
    @Order(6)
    void ofALaneThatNobodyHasOpenedNothingElseIsSaid() {
        for (String[] command : new String[][] {
            {"status", "--lane", "4242"},
            {"status", "--lane", "4242", "--json"},
            {"deposit", "--lane", "4242", "--ether", "1"},
            {"withdraw", "--lane", "4242", "--all"}
        }) {
            Ran ran = run("y", command);

            assertThat(ran.code()).isOne();
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err()).contains("nobody has opened lane 4242 at the registry 0x");
        }
    }

    @Test
    @Order(6)
    void aNodeOfAnotherChainIsCalledThat() {
        Ran ran = shell.onChain("10", "", List.of("status", "--lane", LANE, "--vault", shell.vault.toString()));

        assertThat(ran.code()).isOne();
        assertThat(ran.err()).contains("is on chain 901, not on 10").doesNotContain("no node answers");
    }

    /** One vocabulary: a program that reads the one reads the other. */
    @Test
    @Order(6)
    void theMembersAreThoseOfTheRouter() {
        List<String> ofTheRouter = new ArrayList<>();
        try (Web3jCourt court = shell.court()) {
            StakeWatch watch = new StakeWatch(court, LocalChain.LANE);
            StakeJson.of(LocalChain.await(watch.step()), false).fieldNames().forEachRemaining(ofTheRouter::add);
        }
        List<String> printed = new ArrayList<>();
        status().fieldNames().forEachRemaining(printed::add);

        assertThat(printed).contains("is_gate", "as_of").containsAll(ofTheRouter);
        printed.removeAll(ofTheRouter);
        assertThat(printed).containsExactly("lane");
    }

    @ParameterizedTest
    @Order(7)
    @CsvSource({
        "deposit, --ether, 1e18, --ether must be an amount",
        "deposit, --ether, -1, --ether must be an amount",
        "deposit, --ether, 0, --ether must be more than 0",
        "deposit, --ether, 0.0000000000000000001, --ether must be an amount",
        "withdraw, --to, 0x00, Say how much is to leave",
        "withdraw, --all, --pay-out, Only one of --ether",
        "claim, --key-env, ABSENT, variable ABSENT is not set",
        "claim, --key-env, NO_KEY, NO_KEY must hold a private key",
        "claim, --to, nobody, --to must be 0x and 40",
    })
    void wrongUsageIsExplained(String command, String option, String value, String explanation) {
        Ran ran = run("y", command, "--lane", LANE, option, value);

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains(explanation).doesNotContain("0123456789secret");
    }

    @Test
    @Order(8)
    void aVaultThatIsNoneIsNotAsked() {
        Ran ran = shell.reached("y", List.of("status", "--lane", LANE, "--vault", shell.chain.registry.toString()));
        assertThat(ran.code()).isOne();
        assertThat(ran.err()).contains("The vault cannot be asked");
    }

    private static JsonNode status() {
        return shell.status();
    }

    private static Ran run(String answer, String... arguments) {
        return shell.run(answer, arguments);
    }
}
