package openledger.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import openledger.cli.VerifyCommand;
import openledger.commitment.leaf.RequestDigest;
import openledger.commitment.verify.LogEnvelope;
import openledger.commitment.verify.LogPins;
import openledger.commitment.verify.LogVerification;
import openledger.verifier.EnvelopeVectors.Case;
import openledger.verifier.VerificationPrinter.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * What is printed of receipts that a log has signed, with which the verifiers of clients are tested: {@code clients/vectors/envelopes.json},
 * written anew with {@code -Dvectors.write=true}.
 */
final class EnvelopeVectorsTest {
    private static final Path FILE = Path.of("clients/vectors/envelopes.json");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder = Path.of("");

    @Test
    void eachIsJudgedAsIsWrittenDown() throws IOException {
        ObjectNode file = JSON.createObjectNode();
        ObjectNode genuine = file.putObject("genuine");
        genuine.put("COSE", Base64.getEncoder().encodeToString(StatementVectors.statement(EnvelopeVectors.LOG)));
        genuine.put("tlog-proof", Base64.getEncoder().encodeToString(ProofVectors.genuine()));
        ArrayNode cases = file.putArray("cases");
        List<Case> all = EnvelopeVectors.all();
        for (Case one : all) {
            Judged judged = judge(one);
            assertThat(judged.code).as(one.name() + "\n" + judged.printed).isEqualTo(one.code());
            // A command has no place for what a library can be asked.
            if (!judged.isMisuse) {
                assertThat(command(one, "--json")).as(one.name()).isEqualTo(new Ran(one.code(), judged.line, ""));
                assertThat(command(one)).as(one.name()).isEqualTo(new Ran(one.code(), judged.printed, ""));
                assertThat(alone(one)).as(one.name()).isEqualTo(new Ran(one.code(), judged.printed, ""));
            }
            cases.add(row(one, judged));
        }
        misuses(file.putArray("misuses"));
        assertThat(all).extracting(Case::name).doesNotHaveDuplicates().hasSizeGreaterThan(140);
        String text = JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(file) + "\n";
        if (Boolean.getBoolean("vectors.write")) {
            Files.writeString(FILE, text);
        }

        assertThat(FILE).as("-Dvectors.write=true writes it").hasContent(text);
    }

    /** What of a case is asked for in vain, and the sentence that says so. */
    private void misuses(ArrayNode rows) throws IOException {
        byte[] cose = StatementVectors.statement(EnvelopeVectors.LOG);
        String witness = CosignedLog.WITNESSES.getFirst().key().toString();
        String key = EnvelopeVectors.LOG.key().toString();
        String leaf = EnvelopeVectors.hex(EnvelopeVectors.LEAF);
        misuse(rows, "COSE", cose, List.of("--log-key", key, "--witness", witness));
        misuse(rows, "COSE", cose, List.of("--log-key", key, "--lane", "1"));
        misuse(rows, "COSE", cose, List.of("--log-key", key, "--any-lane"));
        misuse(rows, "COSE", cose, List.of("--log-key", key, "--chain-id", "1"));
        misuse(rows, "COSE", cose, List.of("--log-key", key, "--registry", "0x" + "12".repeat(20)));
        misuse(rows, "COSE", cose, List.of("--log-key", key, "--rpc", "http://127.0.0.1:1"));
        misuse(rows, "COSE", cose, List.of("--log-key", key, "--leaf", "0x12"));
        misuse(rows, "COSE", cose, List.of("--log-key", key, "--leaf", leaf.substring(2)));
        byte[] json = new GenuineReceipt().json().toString().getBytes(StandardCharsets.UTF_8);
        misuse(rows, "JSON", json, List.of("--log-key", key));
        misuse(rows, "JSON", json, List.of("--leaf", leaf));
        misuse(rows, "JSON", json, List.of("--leaf", leaf, "--log-key", key, "--witness", witness));
    }

    private void misuse(ArrayNode rows, String form, byte[] receipt, List<String> options) throws IOException {
        Ran ran = run(receipt, options);
        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.out).isEmpty();
        ObjectNode row = rows.addObject().put("form", form);
        options.forEach(row.putArray("options")::add);
        row.put("says", ran.err.lines().findFirst().orElseThrow());
    }

    private static ObjectNode row(Case one, Judged judged) throws IOException {
        ObjectNode row = JSON.createObjectNode().put("name", one.name());
        byte[] genuine = one.receipt()[0] == (byte) 0xd2
                ? StatementVectors.statement(EnvelopeVectors.LOG)
                : ProofVectors.genuine();
        splice(row, genuine, one.receipt());
        one.options().forEach(row.putArray("options")::add);
        row.put("code", judged.code);
        JsonNode said = JSON.readTree(judged.line);
        if (said.has("checks")) {
            ArrayNode checks = row.putArray("checks");
            said.get("checks").forEach(checks::add);
        } else {
            row.put("why", said.get("why").asText());
        }
        return row.put("line_sha256", sha256(judged.line)).put("printed_sha256", sha256(judged.printed));
    }

    /** The bytes, or a genuine one of which a part is exchanged; what is repeated is written once. */
    private static void splice(ObjectNode row, byte[] from, byte[] to) {
        int most = Math.min(from.length, to.length);
        int start = 0;
        while (start < most && from[start] == to[start]) {
            start++;
        }
        int end = 0;
        while (end < most - start && from[from.length - 1 - end] == to[to.length - 1 - end]) {
            end++;
        }
        byte[] put = Arrays.copyOfRange(to, start, to.length - end);
        row.put("of", from[0] == (byte) 0xd2 ? "COSE" : "tlog-proof").put("at", start);
        row.put("cut", from.length - start - end);
        int unit = unit(put);
        row.put("put", Base64.getEncoder().encodeToString(Arrays.copyOf(put, unit)));
        row.put("times", unit == 0 ? 0 : put.length / unit);
    }

    /** Bytes of which so many times is all of it. */
    private static int unit(byte[] bytes) {
        for (int unit = 1; bytes.length > 1000 && unit < 100; unit++) {
            if (bytes.length % unit == 0 && Arrays.equals(bytes, unit, bytes.length, bytes, 0, bytes.length - unit)) {
                return unit;
            }
        }
        return bytes.length;
    }

    private Judged judge(Case one) {
        LogPins pins = new LogPins(
                one.key(), one.witnesses(), one.quorum() == 0 ? one.witnesses().size() : one.quorum());
        Optional<byte[]> leaf = one.leaf().map(text -> HexFormat.of().parseHex(text.substring(2)));
        StringWriter text = new StringWriter();
        StringWriter line = new StringWriter();
        VerificationPrinter person = new VerificationPrinter(TerminalText.writer(new PrintWriter(text)), Form.TEXT);
        VerificationPrinter program = new VerificationPrinter(new PrintWriter(line), Form.JSON);
        boolean isOfLog = true;
        try {
            Optional<LogEnvelope> read = ReceiptReader.ofLog(one.receipt());
            isOfLog = read.isPresent();
            if (!isOfLog) {
                ReceiptReader.read(one.receipt());
            }
            LogVerification found = LogVerification.of(read.orElseThrow(), pins, leaf);
            person.print(found);
            program.print(found);
            boolean isMisuse = read.get() instanceof LogEnvelope.Statement
                    && !one.witnesses().isEmpty();
            return new Judged(VerifyMain.exitCode(found.verdict()), text.toString(), line.toString(), isMisuse);
        } catch (UnreadableReceipt why) {
            person.unreadable(why);
            program.unreadable(why);
            return new Judged(2, text.toString(), line.toString(), !isOfLog);
        }
    }

    private Ran command(Case one, String... more) throws IOException {
        List<String> options = new ArrayList<>(one.options());
        options.addAll(List.of(more));
        return run(one.receipt(), options);
    }

    /** By the verifier's jar without the rest. */
    private Ran alone(Case one) throws IOException {
        String[] arguments = arguments(one.receipt(), one.options());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = VerifyMain.run(arguments, new PrintWriter(out), new PrintWriter(err));
        return new Ran(code, out.toString(), err.toString());
    }

    private String[] arguments(byte[] receipt, List<String> options) throws IOException {
        List<String> arguments = new ArrayList<>(options);
        arguments.add(Files.write(folder.resolve("receipt"), receipt).toString());
        return arguments.toArray(String[]::new);
    }

    private Ran run(byte[] receipt, List<String> options) throws IOException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(new VerifyCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments(receipt, options));
        return new Ran(code, out.toString(), err.toString());
    }

    private static String sha256(String text) {
        return HexFormat.of().formatHex(RequestDigest.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    private record Judged(int code, String printed, String line, boolean isMisuse) {}

    private record Ran(int code, String out, String err) {}
}
