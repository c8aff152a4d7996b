package openledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import openledger.commitment.verify.ChainEvidence;
import openledger.verifier.GenuineReceipt;
import openledger.verifier.ReceiptVerifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code openledger verify}: what it prints and which code it ends with. Long because it has many options. */
final class VerifyCommandTest {
    @TempDir
    Path folder = Path.of("");

    private final GenuineReceipt genuine = new GenuineReceipt();
    private final ObjectNode json = genuine.json();

    @Test
    void verifiesAGenuineReceiptAndSaysWhatItsLevelMeans() throws IOException {
        Ran ran = verify("--rpc", "http://127.0.0.1:1");

        assertThat(ran.code).isZero();
        assertThat(ran.out)
                .contains(
                        "VERIFIED",
                        "Level by the evidence: SAFE",
                        "Not proved",
                        "The leaf is in the batch, at this place")
                .doesNotContain("REFUTED");
    }

    @Test
    void countsWhatIsTheRoutersWordAndListsItIfItIsAskedTo() throws IOException {
        String brief = word(verify("--rpc", "http://127.0.0.1:1").out);
        String whole = word(verify("--rpc", "http://127.0.0.1:1", "--all").out);
        int members = new ObjectMapper()
                .readTree(verify("--rpc", "http://127.0.0.1:1", "--json").out)
                .get("routers_word")
                .size();

        assertThat(brief)
                .contains("(" + members + " members; --all lists them)", "  - time_ms: ", "  - the receipt itself: ")
                .doesNotContain("operation: chat");
        assertThat(brief.lines().count()).isLessThanOrEqualTo(12);
        assertThat(brief.lines()
                        .skip(1)
                        .mapToInt(line -> Integer.parseInt(line.replaceAll("^\\D*(\\d+) \\(.*", "$1")))
                        .sum())
                .isEqualTo(members);
        assertThat(whole.lines().count()).isEqualTo(1 + members);
        assertThat(whole).contains("  - operation: chat");
    }

    private static String word(String out) {
        int start = out.indexOf("The router's word, which nothing here proves");
        return out.substring(start, out.indexOf(System.lineSeparator() + System.lineSeparator(), start));
    }

    @Test
    void saysTheSameToAProgram() throws IOException {
        Ran ran = verify("--rpc", "http://127.0.0.1:1", "--json");

        var tree = new ObjectMapper().readTree(ran.out);
        assertThat(tree.get("verdict").asText()).isEqualTo("HOLDS");
        assertThat(tree.get("reached").asText()).isEqualTo("SAFE");
        assertThat(tree.get("checks")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "/proof; index; 3; The leaf is in the batch, at this place",
                "/proof; size; 6; The leaf is in the batch, at this place",
                "/batch; sequence; 4; The header has this hash",
                "/batch; lane; 2; It is the right lane",
                "/batch; chain_id; 10; It is the right chain",
            })
    void refutesAChangedReceiptWithTheReason(String object, String member, int value, String title) throws IOException {
        ((ObjectNode) json.at(object)).put(member, value);

        Ran ran = verify("--rpc", "http://127.0.0.1:1");

        assertThat(ran.code).isOne();
        assertThat(ran.out).contains("REFUTED   " + title, "REFUTED: the receipt does not prove");
    }

    @Test
    void refutesAReceiptThatIsOfAnotherRegistryThanItMustBe() throws IOException {
        assertThat(verify("--rpc", "http://127.0.0.1:1", "--registry", "0x" + "ef".repeat(20)).code)
                .isOne();
        assertThat(verify("--rpc", "http://127.0.0.1:1", "--lane", "2").code).isOne();
        assertThat(verify("--rpc", "http://127.0.0.1:1", "--chain-id", "10").code)
                .isOne();
        assertThat(verify(
                                "--rpc",
                                "http://127.0.0.1:1",
                                "--registry",
                                GenuineReceipt.REGISTRY.toString(),
                                "--lane",
                                "1",
                                "--chain-id",
                                "901")
                        .code)
                .isZero();
    }

    @Test
    void aLaneThatWasNotNamedIsNotChecked() throws IOException {
        Ran ran = unpinned(List.of("--rpc", "http://127.0.0.1:1"));

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.out).contains("NOT CHECKED", "which anybody can have opened");
        assertThat(verify("--rpc", "http://127.0.0.1:1", "--any-lane").code).isZero();
        assertThat(verify("--rpc", "http://127.0.0.1:1", "--lane-owner", GenuineReceipt.OWNER.toString()).code)
                .isZero();
        assertThat(verify("--rpc", "http://127.0.0.1:1", "--lane-owner", GenuineReceipt.REGISTRY.toString()).code)
                .isOne();
        assertThat(verify("--any-lane", "--lane", "1").err).contains("--any-lane cannot be combined");
    }

    @Test
    void saysInItsHelpWhatItsCodesMean() {
        Ran ran = run(List.of("--help"));

        assertThat(ran.out).contains("0  verified", "1  refuted", "2  not checked", "--any-lane", "--registry");
    }

    @Test
    void givesAProgramOnlyWhatWasProved() throws IOException {
        var tree = new ObjectMapper().readTree(verify("--rpc", "http://127.0.0.1:1", "--json").out);

        assertThat(tree.at("/proved/status").asText()).isEqualTo("SERVED");
        assertThat(tree.at("/proved/attempts").asInt()).isEqualTo(2);
        assertThat(tree.at("/proved/tier").asText()).isEqualTo("best");
        assertThat(tree.get("proved").has("operation")).isFalse();
        assertThat(tree.get("routers_word").get("operation").asText()).isEqualTo("chat");
        // The tier has two targets, and policies do not number them.
        assertThat(tree.get("routers_word").get("target").asText()).isEqualTo("b/two");
        // A level below the one that is reached.
        assertThat(tree.get("routers_word").get("level").asText()).isEqualTo("SEQUENCED");
        assertThat(tree.get("unchecked")).isEmpty();
        json.put("status", "FELL_BACK");
        assertThat(new ObjectMapper()
                        .readTree(verify("--rpc", "http://127.0.0.1:1", "--json").out)
                        .get("proved"))
                .isEmpty();
    }

    @Test
    void printsWhatIsForeignWithoutItsControls() throws IOException {
        json.put("client_request_id", "\u001b[2J\u202eevil");

        assertThat(verify("--rpc", "http://127.0.0.1:1", "--all").out).contains("client_request_id: ?[2J?evil");
        assertThat(verify("--rpc", "http://127.0.0.1:1", "--json").out).doesNotContain("\u001b", "\u202e");
    }

    @Test
    void aNonceIsProvedOnlyWithTheBody() throws IOException {
        Path body = Files.writeString(folder.resolve("body.json"), GenuineReceipt.BODY);
        json.put("nonce", "n");
        assertThat(verify("--rpc", "http://127.0.0.1:1").code).isOne();
        ((ObjectNode) json.get("commitment")).put("nonce", "n");

        assertThat(verify("--rpc", "http://127.0.0.1:1", "--all").out).contains("  - commitment.nonce: n");
        assertThat(verify("--rpc", "http://127.0.0.1:1", "--request", "" + body).code)
                .isOne();
    }

    @Test
    void holdsTheOwnersCopiesAgainstIt() throws IOException {
        Path body = Files.writeString(folder.resolve("body.json"), GenuineReceipt.BODY);
        Path answer = Files.writeString(folder.resolve("answer.json"), GenuineReceipt.ANSWER);

        assertThat(verify("--rpc", "http://127.0.0.1:1", "--request", "" + body, "--response", "" + answer).code)
                .isZero();
        assertThat(verify("--rpc", "http://127.0.0.1:1", "--request", "" + answer).code)
                .isOne();
        assertThat(verify("--rpc", "http://127.0.0.1:1", "--request", "" + body, "--nonce", "n").code)
                .isOne();
        assertThat(verify("--rpc", "http://127.0.0.1:1", "--response", "" + body).code)
                .isOne();
    }

    @Test
    void cannotTellWithoutANode() throws IOException {
        Ran ran = verify();

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.out).contains("NOT CHECKED", "no --rpc was given");
    }

    @Test
    void cannotTellOfARequestThatIsInNoBatchYet() throws IOException {
        json.remove("batch");

        Ran ran = verify("--rpc", "http://127.0.0.1:1");

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.out).contains("in no batch yet");
    }

    @ParameterizedTest
    @CsvSource({
        "--rpc, ftp://x, --rpc",
        "--rpc, x, --rpc",
        "--registry, 0x1, --registry",
        "--lane, 0, --lane",
        "--nonce, é, --nonce",
        "--request, /nowhere, /nowhere cannot be read",
    })
    void explainsWrongUsage(String option, String value, String explanation) throws IOException {
        Ran ran = verify(option, value);

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.err).contains(explanation);
    }

    @Test
    void neverRepeatsTheAddressOfANode() throws IOException {
        assertThat(verify("--rpc", "wss://node.example/secret-key").err).doesNotContain("secret-key");
    }

    @Test
    void givesEachOfSeveralReceiptsALineAndCountsThem() throws IOException {
        Path good = keep("good.json", json);
        ObjectNode forged = genuine.json();
        ((ObjectNode) forged.at("/proof")).put("index", 3);
        ObjectNode early = genuine.json();
        early.remove("batch");

        Ran all = run(good, keep("forged.json", forged), keep("early.json", early), folder.resolve("nowhere.json"));

        assertThat(all.code).isOne();
        assertThat(all.out.lines())
                .satisfiesExactly(
                        line -> assertThat(line).matches("good.json +VERIFIED +SAFE"),
                        line -> assertThat(line)
                                .matches("forged.json +REFUTED +.*The leaf is in the batch, at this place: .+"),
                        line -> assertThat(line).matches("early.json +NOT CHECKED +- .*in no batch yet.*"),
                        line -> assertThat(line).matches("nowhere.json +NOT CHECKED +- .*cannot be read.*"),
                        line -> assertThat(line)
                                .isEqualTo("4 receipts: 1 verified, 1 refuted, 0 misrouted, 2 not checked"));
        assertThat(run(good, folder.resolve("early.json")).code).isEqualTo(2);
        assertThat(run(good, good).code).isZero();
    }

    @Test
    void takesAFolderForTheReceiptsInItInTheOrderOfTheirNames() throws IOException {
        for (int i = 0; i < 100; i++) {
            keep("r%02d.json".formatted(i), json);
        }
        Files.writeString(folder.resolve("note.txt"), "no receipt");

        Ran ran = run(folder);

        assertThat(ran.code).isZero();
        assertThat(ran.out.lines().limit(100)).hasSize(100).isSorted();
        assertThat(ran.out).contains("100 receipts: 100 verified");
    }

    @Test
    void tellsAProgramOfEachReceiptInALineOfItsOwn() throws IOException {
        Ran ran = run(Path.of("--json"), keep("a.json", json), keep("b.json", json));

        List<String> lines = ran.out.lines().toList();
        assertThat(lines).hasSize(3);
        var first = new ObjectMapper().readTree(lines.getFirst());
        assertThat(first.get("file").asText()).isEqualTo("a.json");
        assertThat(first.get("verdict").asText()).isEqualTo("HOLDS");
        assertThat(new ObjectMapper().readTree(lines.getLast()).get("verified").asInt())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--request", "--response", "--nonce"})
    void holdsNoOnesCopiesAgainstSeveralReceipts(String option) throws IOException {
        Path receipt = keep("a.json", json);

        Ran ran = run(Path.of(option), receipt, receipt, receipt);

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.err).contains("need exactly one receipt");
    }

    @Test
    void refusesAFolderWithoutReceipts() {
        Ran ran = run(folder);

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.err).contains("No *.json");
    }

    private Path keep(String name, ObjectNode receipt) throws IOException {
        return Files.writeString(folder.resolve(name), receipt.toString());
    }

    private Ran run(Path... arguments) {
        List<String> all = new ArrayList<>(List.of("--rpc", "http://127.0.0.1:1", "--lane", "1"));
        for (Path argument : arguments) {
            all.add(argument.toString());
        }
        return run(all);
    }

    private Ran verify(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(options));
        if (!arguments.contains("--lane") && !arguments.contains("--lane-owner") && !arguments.contains("--any-lane")) {
            arguments.addAll(List.of("--lane", "1"));
        }
        return unpinned(arguments);
    }

    private Ran unpinned(List<String> options) throws IOException {
        List<String> arguments = new ArrayList<>(options);
        arguments.add(keep("receipt.json", json).toString());
        return run(arguments);
    }

    private Ran run(List<String> arguments) {
        ChainEvidence evidence = genuine.evidence();
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(new VerifyCommand(node -> ReceiptVerifier.of(receipt -> evidence)))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }

    private record Ran(int code, String out, String err) {}
}
