package openledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import openledger.commitment.LeafStatement;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.LogProof;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.SignedNote;
import openledger.unit.RequestId;
import openledger.verifier.CosignedLog;
import openledger.verifier.GenuineReceipt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code openledger verify --witness} of receipts that a log has signed, and what is wrong usage of it. */
final class WitnessedProofTest {
    private static final byte[] LEAF = HexFormat.of()
            .parseHex(new GenuineReceipt().json().get("leaf").asText().substring(2));
    private static final HashedEntries ENTRIES = new HashedEntries(List.of(new byte[1], LEAF, new byte[2]));
    private static final String FIRST = CosignedLog.WITNESSES.get(0).key().toString();
    private static final String SECOND = CosignedLog.WITNESSES.get(1).key().toString();
    private static final String LOG = CosignedLog.LOG.key().toString();

    @TempDir
    Path folder = Path.of("");

    private static String proof(SignedNote note) {
        return new LogProof(1, ENTRIES.inclusion(1).path(), note).toString();
    }

    private static SignedNote note(int... witnesses) {
        return CosignedLog.note(3, ENTRIES.root(), witnesses);
    }

    @Test
    void enoughCosignaturesHold() throws IOException {
        Ran ran = verify(proof(note(0, 1)), "--log-key", LOG, "--witness", FIRST, "--witness", SECOND);

        assertThat(ran.code).as(ran.out).isZero();
        assertThat(ran.out)
                .contains("ok        Witnesses have cosigned the log")
                .contains("2 of 2 named witnesses: first.example/witness at 2026-11-29T13:35:00Z, second.example");
    }

    @Test
    void tooFewAreNotChecked() throws IOException {
        Ran ran = verify(proof(note(1)), "--log-key", LOG, "--witness", FIRST, "--witness", SECOND);

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.out).contains("1 of 2 named witnesses: second.example", "The quorum is 2.");
        assertThat(verify(
                                proof(note(1)),
                                "--log-key",
                                LOG,
                                "--witness",
                                FIRST,
                                "--witness",
                                SECOND,
                                "--witness-quorum",
                                "1")
                        .code)
                .isZero();
    }

    @Test
    void aForgedOneRefutes() throws IOException {
        String other = new Checkpoint(CosignedLog.ORIGIN, 2, ENTRIES.root()).toString();
        SignedNote forged = note(1).with(CosignedLog.WITNESSES.get(0).sign(other, 1));

        Ran ran = verify(proof(forged), "--log-key", LOG, "--witness", FIRST, "--witness-quorum", "1", "--json");

        assertThat(ran.code).isOne();
        assertThat(new ObjectMapper().readTree(ran.out).at("/checks/3/text").asText())
                .contains("cosignature of first.example/witness is not by the given key");
        assertThat(verify(proof(forged), "--log-key", LOG).code).isZero();
    }

    @Test
    void withoutTheKeyOfTheLogNothingIsProved() throws IOException {
        assertThat(verify(proof(note(0)), "--witness", FIRST).code).isEqualTo(2);
    }

    @Test
    void cosignaturesOfAStatementCannotBeAskedFor() throws IOException {
        byte[] statement = LeafStatement.sign(
                        new RequestId(1, 12), LEAF, ENTRIES.inclusion(1), ENTRIES.root(), 1, CosignedLog.LOG)
                .encoded();
        Path one = Files.write(folder.resolve("a.cose"), statement);

        Ran alone = run(List.of("--log-key", LOG, "--witness", FIRST, one.toString()));
        assertThat(alone.code).isEqualTo(2);
        assertThat(alone.err).contains("cannot carry cosignatures");
        Ran several = run(List.of("--log-key", LOG, "--witness", FIRST, one.toString(), one.toString()));
        assertThat(several.code).isEqualTo(2);
        assertThat(several.out).containsPattern("a.cose +NOT CHECKED .*This form cannot carry cosignatures");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--witness; x; a verifier key is",
                "--witness; LOG; this is the key of a log",
                "--log-key; FIRST; this is the key of a witness",
                "--witness-quorum; 1; 1 to the number of --witness",
                "--witness FIRST --witness FIRST; ; two witnesses have one key",
                "--witness FIRST --witness RENAMED; ; two witnesses have one key",
                "--witness FIRST --witness-quorum; 2; 1 to the number of --witness",
                "--witness FIRST --witness-quorum; 0; 1 to the number of --witness",
            })
    void explainsWrongUsage(String options, String value, String explanation) throws IOException {
        NoteKey first = CosignedLog.WITNESSES.get(0).key();
        String renamed = CosignedLog.signer("renamed.example", NoteKey.Kind.COSIGNATURE, 11)
                .key()
                .toString();
        List<String> arguments = new ArrayList<>();
        Collections.addAll(arguments, options.split(" "));
        if (value != null) {
            arguments.add(value);
        }
        arguments.replaceAll(each -> switch (each) {
            case "LOG" -> LOG;
            case "FIRST" -> first.toString();
            case "RENAMED" -> renamed;
            default -> each;
        });

        Ran ran = verify(proof(note(0)), arguments.toArray(String[]::new));

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.err).contains(explanation);
    }

    private Ran verify(String receipt, String... options) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("--leaf", "0x" + HexFormat.of().formatHex(LEAF)));
        Collections.addAll(arguments, options);
        arguments.add(Files.writeString(folder.resolve("receipt"), receipt, StandardCharsets.UTF_8)
                .toString());
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
