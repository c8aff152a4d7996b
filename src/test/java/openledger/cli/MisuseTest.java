package openledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** A command line that is wrong is answered with a sentence that names what is missing or wrong, and an example. */
final class MisuseTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "audit | Missing required parameter: 'ROUTER'.",
                "audit http://127.0.0.1:1 | --key-env must name an environment variable that holds a key (printable ASCII without spaces).",
                "audit http://127.0.0.1:1 --watch --rpc http://127.0.0.1:1 --vault 0x1 | --watch needs --lane, and takes neither --to nor --kept.",
                "audit http://127.0.0.1:1 --lane 1 --watch --rpc http://127.0.0.1:1 --vault 0x1 | --vault must be 0x and 40 hexadecimal digits.",
                "audit --key-env X | Missing required parameter: 'ROUTER'.",
                "audit nowhere --key-env X | ROUTER must be an http or https address.",
                "keys create | Missing required options: '--config=FILE', '--tenant=<tenant>'.",
                "keys create --tenant a | Missing required option: '--config=FILE'.",
                "keys create --config c --tenant a --odd | Unknown option: '--odd'.",
                "keys rotate --config c | Missing required parameter: 'ID'.",
                "health --host localhost | --host must be an IP address.",
                "health --port 0 | --port must be 1 to 65535.",
                "health --timeout-ms 60001 | --timeout-ms must be 1 to 60000.",
                "verify | Missing required parameter: 'RECEIPT'.",
                "chain deploy --rpc http://127.0.0.1:1 --odd | Unknown option: '--odd'.",
                "chain deploy --rpc nowhere | --rpc must be the http or https address of a node.",
                "keys create --config c --tenant a --default-mode slow | --default-mode must be 'fast' or 'confirmed'.",
                "stake status --lane 7 | Missing required options: '--vault=ADDRESS', '--rpc=URL', '--chain-id=N'.",
                "stake deposit --lane 0 --ether 1 --vault 0x1 --rpc nowhere --chain-id 1 | --lane must be a positive number.",
                "stake withdraw --lane 7 --vault 0x1 --rpc nowhere --chain-id 1 | Say how much is to leave, with --ether or --all, or take what has left, with --pay-out.",
                "stake gate --lane 7 --vault 0x1 --leave --rpc nowhere --chain-id 1 | Error: --vault=ADDRESS, --leave are mutually exclusive (specify only one).",
                "stake gate --lane 7 --vault 0x1 --rpc nowhere --chain-id 1 | --vault must be 0x and 40 hexadecimal digits.",
                "what-if http://127.0.0.1:1 | Missing required options: '--key-env=NAME', '--from=TIME', '--to=TIME'.",
            })
    void aSentenceAndAnExample(String line, String sentence) {
        Ran ran = run(line.split(" "));
        String command = line.matches("(keys|chain|stake) .*")
                ? line.replaceAll("^(\\S+ \\S+).*", "$1")
                : line.replaceAll(" .*", "");

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.err.lines())
                .hasSizeBetween(4, 5)
                .startsWith(sentence, "Example:")
                .anyMatch(example -> example.startsWith("  ") && example.contains("openledger " + command + " "))
                .endsWith("All options: openledger " + command + " --help");
    }

    /** Of a command with several forms, the one that was meant. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "audit http://127.0.0.1:1 --watch --rpc http://127.0.0.1:1 --vault 0x1 | --watch | --key-env",
                "audit http://127.0.0.1:1 --key-env=ABSENT | --key-env | --watch",
            })
    void theExampleHasWhatWasGiven(String line, String has, String lacks) {
        List<String> examples = run(line.split(" "))
                .err
                .lines()
                .filter(one -> one.startsWith("  "))
                .toList();

        assertThat(examples).hasSize(1);
        assertThat(examples.getFirst()).contains(has).doesNotContain(lacks);
    }

    @Test
    void aMissingCommandIsAnsweredWithThoseThereAre() {
        assertThat(run("keys").err).startsWith("Missing required subcommand.").contains("create", "rotate", "revoke");
    }

    @Test
    void everyHelpSaysWhatIsUsedIfAnOptionIsLeftOut() {
        List<CommandLine> commands = new ArrayList<>(List.of(Main.line()));
        for (int i = 0; i < commands.size(); i++) {
            commands.addAll(commands.get(i).getSubcommands().values());
        }
        assertThat(commands)
                .hasSizeGreaterThan(20)
                .allSatisfy(command -> assertThat(command.getUsageMessage()).doesNotContain("null", "${"));
    }

    private static Ran run(String... arguments) {
        StringWriter err = new StringWriter();
        int code = Main.line().setErr(new PrintWriter(err)).execute(arguments);
        return new Ran(code, err.toString());
    }

    private record Ran(int code, String err) {}
}
