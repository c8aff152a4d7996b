package openledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import openledger.commitment.LeafStatement;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.CoseStatement;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.LogProof;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.log.SignedNote;
import openledger.commitment.verify.LogEnvelope;
import openledger.commitment.verify.LogPins;
import openledger.commitment.verify.LogVerification;
import openledger.commitment.verify.ReceiptVerification.Verdict;
import openledger.identity.NoteSecret;
import openledger.unit.Hash32;
import openledger.unit.RequestId;
import openledger.verifier.GenuineReceipt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code openledger verify} of receipts that a log has signed: what holds, what does not, and what is left open. Long because each has two forms. */
final class VerifyLogReceiptTest {
    private static final String ORIGIN = "router.example/openledger/lane/1";
    private static final int SIZE = 300;
    private static final int INDEX = 200;
    private static final RequestId REQUEST = new RequestId(1, 12);
    private static final NoteSigner LOG = signer(ORIGIN, "00");
    private static final NoteSigner OTHER = signer(ORIGIN, "a0");
    private static final LogPins PINS = new LogPins(Optional.of(LOG.key()), List.of(), 0);

    private static final byte[] LEAF = HexFormat.of()
            .parseHex(new GenuineReceipt().json().get("leaf").asText().substring(2));
    private static final HashedEntries ENTRIES = new HashedEntries(entries());
    private static final InclusionPath PATH = ENTRIES.inclusion(INDEX);

    @TempDir
    Path folder = Path.of("");

    private static NoteSigner signer(String origin, String octet) {
        return NoteSecret.signer(origin, NoteKey.Kind.NOTE, octet.repeat(NoteSigner.SEED_BYTES));
    }

    private static List<byte[]> entries() {
        Random random = new Random(18);
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            byte[] entry = new byte[LeafEncoding.BYTES];
            random.nextBytes(entry);
            entries.add(i == INDEX ? LEAF : entry);
        }
        return entries;
    }

    private static SignedNote checkpoint(NoteSigner signer) {
        String text = new Checkpoint(ORIGIN, SIZE, ENTRIES.root()).toString();
        return new SignedNote(text, List.of(signer.sign(text, 0)));
    }

    private static String proof() {
        return new LogProof(INDEX, PATH.path(), checkpoint(LOG)).toString();
    }

    private static byte[] statement() {
        return LeafStatement.sign(REQUEST, LEAF, PATH, ENTRIES.root(), 1_790_000_000, LOG)
                .encoded();
    }

    private static String hex(byte[] leaf) {
        return "0x" + HexFormat.of().formatHex(leaf);
    }

    @Test
    void aGenuineProofHoldsWithTheKeyAndTheLeaf() throws IOException {
        Ran ran = verify(proof(), "--log-key", LOG.key().toString(), "--leaf", hex(LEAF));

        assertThat(ran.code).isZero();
        assertThat(ran.out)
                .contains("VERIFIED", "Leaf 200 of 300", "  - index: 200", "  - status: SERVED", "  - log: " + ORIGIN)
                .contains("  - budget: 4", "Not proved");
    }

    @Test
    void aGenuineStatementHoldsWithTheKey() throws IOException {
        Ran ran = verify(statement(), "--log-key", LOG.key().toString());

        assertThat(ran.code).isZero();
        assertThat(ran.out)
                .contains("VERIFIED", "  - status: SERVED", "  - counter: 12", "is not signed")
                .doesNotContain("  - index: ");
        assertThat(verify(statement(), "--log-key", LOG.key().toString(), "--leaf", hex(LEAF)).code)
                .isZero();
    }

    @Test
    void saysTheSameToAProgram() throws IOException {
        Ran ran = verify(proof(), "--json", "--log-key", LOG.key().toString(), "--leaf", hex(LEAF));

        JsonNode tree = new ObjectMapper().readTree(ran.out);
        assertThat(tree.get("verdict").asText()).isEqualTo("HOLDS");
        assertThat(tree.at("/proved/log_root").asText())
                .isEqualTo(ENTRIES.root().toString());
        assertThat(tree.at("/proved/attempts").asText()).isEqualTo("2");
        assertThat(tree.get("checks")).hasSize(3);
    }

    @Test
    void withoutTheKeyNothingIsProved() throws IOException {
        for (Ran ran : List.of(verify(proof(), "--leaf", hex(LEAF), "--json"), verify(statement(), "--json"))) {
            JsonNode tree = new ObjectMapper().readTree(ran.out);
            assertThat(ran.code).isEqualTo(2);
            assertThat(tree.get("verdict").asText()).isEqualTo("OPEN");
            assertThat(tree.get("proved")).isEmpty();
            assertThat(ran.out).contains("No key of the log was given", "anybody can write");
        }
    }

    @Test
    void aProofWithoutItsLeafIsNotChecked() throws IOException {
        Ran ran = verify(proof(), "--log-key", LOG.key().toString());

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.out).contains("NOT CHECKED", "No leaf was given");
    }

    /** The index, the first hash of the path, the size, the root and the signature. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1; 6; The leaf is in the log",
                "2; 0; The leaf is in the log",
                "13; 0; The log has signed it",
                "14; 3; The leaf is in the log",
                "16; 60; The log has signed it",
            })
    void aProofWithAChangedByteIsRefuted(int line, int at, String title) throws IOException {
        String[] lines = proof().split("\n", -1);
        char old = lines[line].charAt(at);
        char other = Character.isDigit(old) ? (old == '3' ? '4' : '3') : (old == 'A' ? 'B' : 'A');
        lines[line] = lines[line].substring(0, at) + other + lines[line].substring(at + 1);

        Ran ran = verify(String.join("\n", lines), "--log-key", LOG.key().toString(), "--leaf", hex(LEAF));

        assertThat(ran.code).as(ran.out).isOne();
        assertThat(ran.out).contains("REFUTED   " + title, "REFUTED: the receipt does not prove");
    }

    @Test
    void aProofOfAnotherLeafIsRefuted() throws IOException {
        byte[] other = LEAF.clone();
        other[LeafEncoding.BYTES - 1] ^= 1;

        Ran ran = verify(proof(), "--log-key", LOG.key().toString(), "--leaf", hex(other));

        assertThat(ran.code).isOne();
        assertThat(ran.out).contains("REFUTED   The leaf is in the log");
        assertThat(verify(statement(), "--log-key", LOG.key().toString(), "--leaf", hex(other)).code)
                .isOne();
    }

    @Test
    void noCharacterOfAProofCanBeAnother() {
        byte[] genuine = proof().getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < genuine.length; at++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                assertThat(verdict(flipped(genuine, at, bit), Optional.of(LEAF)))
                        .as("byte %d, bit %d", at, bit)
                        .isNotEqualTo(Optional.of(Verdict.HOLDS));
            }
        }
    }

    /** But for its size, which is not signed, and which is not among what is proved. */
    @Test
    void noBitOfAStatementCanBeAnotherUnlessNothingElseIsProved() {
        byte[] genuine = statement();
        LogVerification whole = verification(genuine, Optional.empty()).orElseThrow();
        for (int at = 0; at < genuine.length; at++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                Optional<LogVerification> other = verification(flipped(genuine, at, bit), Optional.empty());
                assertThat(other.filter(each -> each.verdict() == Verdict.HOLDS).map(LogVerification::proved))
                        .as("byte %d, bit %d", at, bit)
                        .isIn(Optional.empty(), Optional.of(whole.proved()));
            }
        }
    }

    /** The last of three is at the place that the second of two would have. */
    @Test
    void thePlaceInTheLogIsNotWhatAStatementProves() {
        HashedEntries three = new HashedEntries(List.of(new byte[1], new byte[2], LEAF));
        InclusionPath path = three.inclusion(2);
        byte[] elsewhere = LeafStatement.sign(REQUEST, LEAF, new InclusionPath(1, 2, path.path()), three.root(), 1, LOG)
                .encoded();

        LogVerification verification = verification(elsewhere, Optional.empty()).orElseThrow();

        assertThat(verification.verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(verification.proved()).doesNotContainKeys("index", "log_size");
    }

    @Test
    void anotherKeyOfTheSameNameRefutes() throws IOException {
        assertThat(verify(proof(), "--log-key", OTHER.key().toString(), "--leaf", hex(LEAF)).code)
                .isOne();
        assertThat(verify(statement(), "--log-key", OTHER.key().toString()).code)
                .isOne();
        String forged = new LogProof(INDEX, PATH.path(), checkpoint(OTHER)).toString();
        assertThat(verify(forged, "--log-key", LOG.key().toString(), "--leaf", hex(LEAF)).out)
                .contains("has no signature by the given key");
    }

    @Test
    void aLogOfAnotherNameRefutes() throws IOException {
        NoteSigner elsewhere = signer("elsewhere.example/1", "00");

        assertThat(verify(proof(), "--log-key", elsewhere.key().toString(), "--leaf", hex(LEAF)).out)
                .contains("REFUTED   The log has signed it", "of the log " + ORIGIN);
        assertThat(verify(statement(), "--log-key", elsewhere.key().toString()).code)
                .isOne();
    }

    @Test
    void aStatementThatProvesNoInclusionIsRefuted() throws IOException {
        CoseStatement bare = CoseStatement.parse(statement()).with(List.of());

        Ran ran = verify(bare.encoded(), "--log-key", LOG.key().toString());

        assertThat(ran.code).isOne();
        assertThat(ran.out).contains("no receipt of a log");
    }

    @Test
    void aStatementAboutAnotherRequestIsRefuted() throws IOException {
        byte[] other = LeafStatement.sign(new RequestId(1, 13), LEAF, PATH, ENTRIES.root(), 1, LOG)
                .encoded();

        assertThat(verify(other, "--log-key", LOG.key().toString()).out).contains("REFUTED   It is about this request");
    }

    @Test
    void aRootThatIsNotTheLogsIsRefuted() throws IOException {
        byte[] other =
                LeafStatement.sign(REQUEST, LEAF, PATH, Hash32.ZERO, 1, LOG).encoded();

        assertThat(verify(other, "--log-key", LOG.key().toString()).out).contains("REFUTED   The leaf is in the log");
    }

    @Test
    void whatIsCutOffCannotBeChecked() throws IOException {
        String proof = proof();

        assertThat(verify(
                                proof.substring(0, proof.length() - 1),
                                "--log-key",
                                LOG.key().toString())
                        .code)
                .isEqualTo(2);
        assertThat(verify(new byte[] {(byte) 0xd2}).out).contains("cannot be checked");
    }

    /** What was asked for and cannot be checked must not look as if it had been. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--rpc=http://127.0.0.1:1",
                "--lane=1",
                "--chain-id=901",
                "--any-lane",
                "--nonce=n",
                "--registry=0x0000000000000000000000000000000000000001"
            })
    void refusesWhatTheseFormsDoNotSay(String option) throws IOException {
        Ran ran = verify(statement(), "--log-key", LOG.key().toString(), option);

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.err).contains("names no chain");
    }

    @ParameterizedTest
    @CsvSource({"--log-key, x, --log-key", "--leaf, 0x12, --leaf", "--leaf, zz, --leaf"})
    void explainsWrongUsage(String option, String value, String explanation) throws IOException {
        Ran ran = verify(proof(), option, value);

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.err).contains(explanation);
    }

    @Test
    void theKeyOfAWitnessIsNoKeyOfALog() throws IOException {
        String[] parts = LOG.key().toString().split("\\+", 3);
        byte[] material = java.util.Base64.getDecoder().decode(parts[2]);
        NoteKey witness = new NoteKey(
                ORIGIN, NoteKey.Kind.COSIGNATURE, java.util.Arrays.copyOfRange(material, 1, material.length));

        assertThat(verify(statement(), "--log-key", witness.toString()).err).contains("key of a witness");
    }

    @Test
    void aReceiptInJsonHasNoUseForTheKeyOfALog() throws IOException {
        Ran ran = verify(
                new GenuineReceipt().json().toString(), "--log-key", LOG.key().toString());

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.err).contains("this receipt is JSON");
    }

    @Test
    void severalOfAllFormsHaveALineEach() throws IOException {
        Path first = Files.write(folder.resolve("a.cose"), statement());
        Path second = Files.writeString(folder.resolve("b.tlog-proof"), proof());

        Ran ran = run(List.of("--log-key", LOG.key().toString(), first.toString(), second.toString()));

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.out).containsPattern("a.cose +VERIFIED").containsPattern("b.tlog-proof +NOT CHECKED");
    }

    /** A lane that was asked for does not count as checked because of the form that a file has. */
    @Test
    void severalWithALaneAreNotCheckedByTheLogAlone() throws IOException {
        Path one = Files.write(folder.resolve("a.cose"), statement());

        Ran ran = run(List.of("--log-key", LOG.key().toString(), "--lane", "1", one.toString(), one.toString()));

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.out).containsPattern("a.cose +NOT CHECKED .*names no chain");
    }

    private static byte[] flipped(byte[] genuine, int at, int bit) {
        byte[] changed = genuine.clone();
        changed[at] ^= (byte) (1 << bit);
        return changed;
    }

    private static Optional<Verdict> verdict(byte[] receipt, Optional<byte[]> leaf) {
        return verification(receipt, leaf).map(LogVerification::verdict);
    }

    private static Optional<LogVerification> verification(byte[] receipt, Optional<byte[]> leaf) {
        try {
            return LogEnvelope.read(receipt).map(read -> LogVerification.of(read, PINS, leaf));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private Ran verify(String receipt, String... options) throws IOException {
        return verify(receipt.getBytes(StandardCharsets.UTF_8), options);
    }

    private Ran verify(byte[] receipt, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add(Files.write(folder.resolve("receipt"), receipt).toString());
        return run(arguments);
    }

    private static Ran run(List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(new VerifyCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }

    private record Ran(int code, String out, String err) {}
}
