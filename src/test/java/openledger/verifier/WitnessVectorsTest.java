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
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import openledger.cli.VerifyCommand;
import openledger.commitment.leaf.RequestDigest;
import openledger.support.RecordedChain;
import openledger.support.RecordedVerdicts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * What the command prints of the receipts in {@code clients/vectors}, with which the verifiers of clients are tested. {@code witnessed.json}
 * is written anew with {@code -Dvectors.write=true}.
 */
final class WitnessVectorsTest {
    private static final Path FOLDER = Path.of("clients/vectors");
    private static final Set<String> WRONG = Set.of("FAILED", "MISROUTE", "UNCHECKED");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static RecordedChain chain;

    @TempDir
    Path folder = Path.of("");

    @BeforeAll
    static void connect() throws IOException {
        chain = new RecordedChain();
    }

    @AfterAll
    static void close() {
        chain.close();
    }

    @Test
    void genuineAndForgedOnesAreJudgedAsWasRecorded() throws IOException {
        int judged = new RecordedVerdicts(
                        chain,
                        folder,
                        (arguments, out, err) -> new CommandLine(new VerifyCommand())
                                .setOut(out)
                                .setErr(err)
                                .execute(arguments))
                .check();
        assertThat(judged).isGreaterThan(50);
    }

    @Test
    void thoseWithCosignaturesAreJudgedAsIsWrittenDown() throws IOException {
        ObjectNode all = JSON.createObjectNode();
        ArrayNode cases = all.putArray("cases");
        for (WitnessVectors.Case one : WitnessVectors.of(chain.recorded)) {
            Judged judged = judge(one.receipt(), one.options());
            assertThat(judged.code).as(one.name() + "\n" + judged.printed).isEqualTo(one.code());
            cases.add(row(one, judged));
        }
        String text = JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(all) + "\n";
        Path file = FOLDER.resolve("witnessed.json");
        if (Boolean.getBoolean("vectors.write")) {
            Files.writeString(file, text);
        }

        assertThat(file).as("-Dvectors.write=true writes it").hasContent(text);
    }

    private static ObjectNode row(WitnessVectors.Case one, Judged judged) throws IOException {
        ObjectNode row = splice(
                chain.recorded.get("genuine").get(one.of()).get("receipt").asText(), one.template());
        row.put("name", one.name()).put("of", one.of());
        if (one.times() > 0) {
            row.put("repeated", one.repeated()).put("times", one.times());
        }
        ArrayNode options = row.putArray("options");
        one.options().forEach(options::add);
        JsonNode said = JSON.readTree(judged.line);
        String why = StreamSupport.stream(said.path("checks").spliterator(), false)
                .filter(check -> WRONG.contains(check.get("finding").asText()))
                .findFirst()
                .map(check ->
                        check.get("subject").asText() + ": " + check.get("text").asText())
                .orElse(said.get("why").asText());
        row.put("code", judged.code).put("why", why);
        StreamSupport.stream(said.path("checks").spliterator(), false)
                .filter(check -> "WITNESSES".equals(check.get("subject").asText()))
                .forEach(check -> row.put(
                        "witnesses",
                        check.get("finding").asText() + ": " + check.get("text").asText()));
        return row.put("line_sha256", sha256(judged.line)).put("printed_sha256", sha256(judged.printed));
    }

    /** A text as a part of another that is exchanged. */
    private static ObjectNode splice(String from, String to) {
        int start = 0;
        while (start < Math.min(from.length(), to.length()) && from.charAt(start) == to.charAt(start)) {
            start++;
        }
        int end = 0;
        while (end < Math.min(from.length(), to.length()) - start
                && from.charAt(from.length() - 1 - end) == to.charAt(to.length() - 1 - end)) {
            end++;
        }
        return JSON.createObjectNode()
                .put("at", start)
                .put("cut", from.length() - start - end)
                .put("put", to.substring(start, to.length() - end));
    }

    private Judged judge(String receipt, List<String> options) throws IOException {
        Path file = Files.writeString(folder.resolve("receipt.json"), receipt);
        StringWriter printed = new StringWriter();
        StringWriter line = new StringWriter();
        int code = run(printed, file, options, List.of());
        run(line, file, options, List.of("--json"));
        return new Judged(code, printed.toString(), line.toString());
    }

    private static int run(StringWriter out, Path file, List<String> options, List<String> more) {
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(more);
        arguments.addAll(chain.options());
        arguments.add(file.toString());
        return new CommandLine(new VerifyCommand())
                .setOut(new PrintWriter(out))
                .execute(arguments.toArray(String[]::new));
    }

    private static String sha256(String text) {
        return HexFormat.of().formatHex(RequestDigest.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    private record Judged(int code, String printed, String line) {}
}
