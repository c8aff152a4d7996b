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
import java.util.Map;
import openledger.cli.VerifyCommand;
import openledger.commitment.leaf.RequestDigest;
import openledger.support.RecordedChain;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * What the command prints of receipts with a stake, honest and not, before nodes and vaults, honest and not. {@code staked.json} is written
 * anew with {@code -Dvectors.write=true}; the verifiers of clients are tested with it.
 */
final class StakeVectorsTest {
    private static final Path FILE = Path.of("clients/vectors/staked.json");
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
    void eachIsJudgedAsIsWrittenDown() throws IOException {
        ObjectNode all = JSON.createObjectNode();
        Map<JsonNode, ObjectNode> world = new StakedWorld(chain.recorded).all();
        put(all.putArray("answers"), world);
        ArrayNode cases = all.putArray("cases");
        for (StakeVectors.Case one : StakeVectors.of(chain.recorded)) {
            chain.changed = answer -> told(StakedWorld.with(world, one.answers()), answer);
            Judged judged = judge(one.receipt());
            assertThat(judged.code).as(one.name() + "\n" + judged.printed).isEqualTo(one.code());
            assertThat(judged.printed).as(one.name()).doesNotContain("\u001b");
            cases.add(row(one, judged));
        }
        String text = JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(all) + "\n";
        if (Boolean.getBoolean("vectors.write")) {
            Files.writeString(FILE, text);
        }

        assertThat(FILE).as("-Dvectors.write=true writes it").hasContent(text);
    }

    private static ObjectNode told(Map<JsonNode, ObjectNode> answers, ObjectNode answer) {
        JsonNode question = answer.get("question");
        ObjectNode key = JSON.createObjectNode();
        key.set("method", question.get("method"));
        key.set("params", question.get("params"));
        ObjectNode other = answers.get(key);
        if (other != null) {
            answer.remove(List.of("result", "error"));
            answer.setAll(other);
        }
        return answer;
    }

    private static ObjectNode row(StakeVectors.Case one, Judged judged) throws IOException {
        ObjectNode row = JSON.createObjectNode().put("name", one.name());
        String genuine =
                chain.recorded.get("genuine").get(one.of()).get("receipt").asText();
        splice(row, genuine, one.receipt());
        row.put("of", one.of());
        put(row.putArray("answers"), one.answers());
        row.put("code", judged.code);
        for (JsonNode check : JSON.readTree(judged.line).path("checks")) {
            if ("STAKE".equals(check.get("subject").asText())) {
                row.put(
                        "stake",
                        check.get("finding").asText() + ": " + check.get("text").asText());
            }
        }
        return row.put("line_sha256", sha256(judged.line)).put("printed_sha256", sha256(judged.printed));
    }

    private static void put(ArrayNode list, Map<JsonNode, ObjectNode> answers) {
        answers.forEach((question, answer) -> {
            ObjectNode told = question.deepCopy();
            list.add(told.setAll(answer));
        });
    }

    /** A text as a part of another that is exchanged. */
    private static void splice(ObjectNode row, String from, String to) {
        int start = 0;
        while (start < Math.min(from.length(), to.length()) && from.charAt(start) == to.charAt(start)) {
            start++;
        }
        int end = 0;
        while (end < Math.min(from.length(), to.length()) - start
                && from.charAt(from.length() - 1 - end) == to.charAt(to.length() - 1 - end)) {
            end++;
        }
        row.put("at", start).put("cut", from.length() - start - end).put("put", to.substring(start, to.length() - end));
    }

    private Judged judge(String receipt) throws IOException {
        Path file = RecordedChain.file(folder, receipt);
        StringWriter printed = new StringWriter();
        StringWriter line = new StringWriter();
        int code = run(printed, file, List.of());
        run(line, file, List.of("--json"));
        return new Judged(code, printed.toString(), line.toString());
    }

    private static int run(StringWriter out, Path file, List<String> more) {
        List<String> arguments = new ArrayList<>(more);
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
