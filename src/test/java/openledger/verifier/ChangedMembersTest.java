package openledger.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import openledger.cli.VerifyCommand;
import openledger.support.ChangedMembers;
import openledger.support.ChangedMembers.Changed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Whatever single member of a receipt is changed, the command refutes it, leaves it unchecked, or prints it as the router's word. */
final class ChangedMembersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder = Path.of("");

    private final GenuineReceipt genuine = new GenuineReceipt();

    @Test
    void noChangeOfAMemberIsVerifiedInSilence() throws IOException {
        List<Changed> all = ChangedMembers.of(genuine.json().toString());
        assertThat(all).hasSizeGreaterThan(400);

        List<JsonNode> said = verify(all);

        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).betrays(said.get(i)))
                    .as("%s: %s", all.get(i).name(), said.get(i))
                    .isFalse();
        }
    }

    @Test
    void noChangeOfCosignaturesIsVerifiedInSilence() throws IOException {
        ObjectNode cosigned = genuine.json();
        cosigned.set("witnessed", CosignedLog.member(cosigned, 0, 1));
        List<Changed> all = new ArrayList<>(List.of(new Changed("genuine", "", cosigned.toString())));
        all.addAll(ChangedMembers.of(cosigned.toString()).stream()
                .filter(each -> each.path().startsWith("witnessed"))
                .toList());
        String[] named = {
            "--log-key", CosignedLog.LOG.key().toString(),
            "--witness", CosignedLog.WITNESSES.get(0).key().toString(),
            "--witness", CosignedLog.WITNESSES.get(1).key().toString()
        };

        for (List<JsonNode> said : List.of(verify(all), verify(all, named))) {
            assertThat(said.getFirst().path("verdict").asText()).isEqualTo("HOLDS");
            for (int i = 1; i < all.size(); i++) {
                assertThat(all.get(i).betrays(said.get(i)))
                        .as("%s: %s", all.get(i).name(), said.get(i))
                        .isFalse();
            }
        }
        assertThat(verify(all).getFirst().at("/routers_word").has("witnessed.checkpoint"))
                .isTrue();
        assertThat(verify(all, named).getFirst().at("/proved").has("witnessed.checkpoint"))
                .isTrue();
    }

    @Test
    void theGenuineOneHolds() throws IOException {
        List<JsonNode> said =
                verify(List.of(new Changed("genuine", "", genuine.json().toString())));

        assertThat(said.getFirst().path("verdict").asText()).isEqualTo("HOLDS");
    }

    /** A member that nobody has said how to check must not pass: whoever adds one to receipts is told so here. */
    @Test
    void aNewMemberIsUnchecked() throws IOException {
        ObjectNode json = genuine.json();
        json.put("new_member", 1);

        JsonNode said = verify(List.of(new Changed("new", "new_member", json.toString())))
                .getFirst();

        assertThat(said.path("verdict").asText()).isEqualTo("OPEN");
        assertThat(said.toString()).contains("does not know: new_member");
    }

    private List<JsonNode> verify(List<Changed> all, String... options) throws IOException {
        for (int i = 0; i < all.size(); i++) {
            Files.writeString(folder.resolve(name(i)), all.get(i).receipt());
        }
        StringWriter out = new StringWriter();
        List<String> arguments = new ArrayList<>(List.of("--json", "--rpc", "http://127.0.0.1:1", "--lane", "1"));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of(folder.toString(), folder.resolve(name(0)).toString()));
        new CommandLine(new VerifyCommand(node -> ReceiptVerifier.of(receipt -> genuine.evidence(receipt))))
                .setOut(new PrintWriter(out))
                .execute(arguments.toArray(String[]::new));
        List<JsonNode> said = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            JsonNode one = JSON.readTree(line);
            if (one.has("file")) {
                said.add(one);
            }
        }
        return said;
    }

    private static String name(int number) {
        return "r%05d.json".formatted(number);
    }
}
