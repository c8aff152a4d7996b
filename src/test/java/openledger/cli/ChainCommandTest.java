package openledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import openledger.demo.AnvilNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine;

/** {@code openledger chain deploy} against a real chain. */
final class ChainCommandTest {
    private static final String NOWHERE = "http://127.0.0.1:1";

    @TempDir
    Path folder = Path.of("");

    private Map<String, String> environment =
            Map.of("PAYER", AnvilNode.KEYS.getFirst(), "NO_KEY", "0123456789secret", "EMPTY", "");

    @Test
    void deploysOnceAndPrintsWhatToConfigure() throws IOException, InterruptedException {
        try (AnvilNode node =
                AnvilNode.start(folder.resolve("chain"), Duration.ofMillis(250), AnvilNode.State.FORGOTTEN)) {
            Path config = Files.writeString(folder.resolve("openledger.yaml"), """
                    openledger:
                      settlement:
                        rpc-urls: ["%s"]
                        key-env: PAYER
                    """.formatted(node.rpc()));

            Ran first = run("deploy", "--rpc", node.rpc().toString(), "--key-env", "PAYER");
            Ran second = run("deploy", "--config", config.toString());

            assertThat(first.err).isEmpty();
            assertThat(first.code).isZero();
            assertThat(first.out)
                    .contains("Deployed the registry", "chain-id: 901", "registry: \"0x", "key-env: PAYER");
            assertThat(second.code).isZero();
            assertThat(second.out)
                    .contains("nothing was sent")
                    .endsWith(first.out.substring(first.out.indexOf("openledger:")));
        }
    }

    @Test
    void printsTheAccountsOfLanesAndNoKey() {
        environment = Map.of("OPENLEDGER_LANE_SEED", "0d".repeat(32), "SHORT", "0d");

        Ran ran = run("accounts", "--lanes", "1-2,16");

        assertThat(ran.code).isZero();
        assertThat(ran.out.lines().map(line -> line.substring(0, line.lastIndexOf(' '))))
                .containsExactly(
                        "1 0x5e1f0fe571d386b34da19fb2810ce6c51faa56ab",
                        "2 0xe5314205b106780b1562e8d645947518a5bdc99f",
                        "16 0xc20f48a8a4be58b3906beeee3e937794e6caf630");
        assertThat(run("accounts", "--lanes", "1-"))
                .matches(bad -> bad.code == 2 && bad.err.contains("--lanes must be"));
        assertThat(run("accounts", "--lanes", "1", "--seed-env", "SHORT"))
                .matches(bad -> bad.code == 2 && bad.err.contains("SHORT must hold a seed") && !bad.err.contains("0d"));
        assertThat(run("accounts", "--lanes", "1", "--seed-env", "NONE")).matches(bad -> bad.code == 2);
    }

    @Test
    void deploysAVaultWithItsTerms() throws IOException, InterruptedException {
        try (AnvilNode node =
                AnvilNode.start(folder.resolve("chain"), Duration.ofMillis(250), AnvilNode.State.FORGOTTEN)) {
            String[] arguments = {
                "deploy",
                "--vault",
                "--terms",
                "deploy/terms.yaml",
                "--rpc",
                node.rpc().toString(),
                "--key-env",
                "PAYER"
            };

            Ran first = run(arguments);
            Ran second = run(arguments);

            assertThat(first.err).isEmpty();
            assertThat(first.code).isZero();
            assertThat(first.out)
                    .contains(
                            "Deployed the registry",
                            "Deployed the vault",
                            "Deployed the contract Answers",
                            "challenge-window: 604800s",
                            "#   batch-days: 10");
            assertThat(configuration(first.out))
                    .containsPattern("\n  stake:\n    vault: \"0x[0-9a-f]{40}\"\n    key-env: OPENLEDGER_STAKE_KEY");
            assertThat(new Yaml().<Map<String, Map<String, ?>>>load(configuration(first.out)))
                    .hasEntrySatisfying("openledger", keys -> assertThat(keys).containsOnlyKeys("settlement", "stake"));
            assertThat(second.out)
                    .contains("The contract Answers is deployed already; nothing was sent.")
                    .doesNotContain("Deployed the ")
                    .endsWith(first.out.substring(first.out.indexOf("openledger:")));
        }
    }

    /** From the first key to the empty line after it. */
    private static String configuration(String printed) {
        String from = printed.substring(printed.indexOf("openledger:"));
        return from.substring(0, from.indexOf("\n\n"));
    }

    @Test
    void refusesTermsBeforeAnythingIsSent() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.yaml"), "reporter-bps: 9000");

        Ran ran = run("deploy", "--vault", "--terms", bad.toString(), "--rpc", NOWHERE, "--key-env", "PAYER");

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.err).contains("reporter-bps must be at most 5,000");
        assertThat(run("deploy", "--vault", "--rpc", NOWHERE).code).isEqualTo(2);
        assertThat(run("deploy", "--vault", "--terms", "/nowhere", "--rpc", NOWHERE).err)
                .contains("cannot be read");
    }

    @Test
    void saysThatNoNodeAnswers() {
        Ran ran = run("deploy", "--rpc", NOWHERE, "--key-env", "PAYER");

        assertThat(ran.code).isOne();
        assertThat(ran.err).startsWith("The registry is not deployed: ");
    }

    @ParameterizedTest
    @CsvSource({
        "--rpc, http://127.0.0.1:1, --key-env, ABSENT, variable ABSENT is not set",
        "--rpc, http://127.0.0.1:1, --key-env, EMPTY, variable EMPTY is not set",
        "--rpc, http://127.0.0.1:1, --key-env, NO_KEY, NO_KEY must hold a private key",
        "--rpc, ftp://secret-host, --key-env, PAYER, --rpc must be the http or https address",
        "--rpc, http://127.0.0.1:1, --max-gwei, 0, --max-gwei must be a positive number",
        "--config, /nowhere, --key-env, PAYER, cannot be read",
        "--config, /nowhere, --rpc, http://127.0.0.1:1, mutually exclusive",
    })
    void explainsWrongUsage(String option, String value, String second, String other, String explanation) {
        Ran ran = run("deploy", option, value, second, other);

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.err).contains(explanation).doesNotContain("0123456789secret", "secret-host");
    }

    private Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(new ChainCommand(environment::get))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Ran(code, out.toString(), err.toString());
    }

    private record Ran(int code, String out, String err) {}
}
