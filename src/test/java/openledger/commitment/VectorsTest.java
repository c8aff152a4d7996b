package openledger.commitment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.Map;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafEncoding;
import org.junit.jupiter.api.Test;

/** What stands in {@code contracts/vectors} is what this code makes; the tests of the contracts hold them against Solidity. */
final class VectorsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void filesAreWhatTheWriterWrites() throws IOException {
        for (Map.Entry<String, String> file : VectorsWriter.files().entrySet()) {
            assertThat(VectorsWriter.FOLDER.resolve(file.getKey()))
                    .as("contracts/vectors/%s, which `make generate` writes", file.getKey())
                    .hasContent(file.getValue());
        }
    }

    @Test
    void leavesAreReadBackAsTheyWere() throws IOException {
        Map<String, Leaf> leaves = LeafVectors.leaves();
        for (JsonNode leaf : file("leaves.json").get("cases")) {
            assertThat(LeafEncoding.decode(bytes(leaf, "encoded")))
                    .isEqualTo(leaves.get(leaf.get("name").asText()));
        }
    }

    @Test
    void whatIsNoLeafIsRefusedByTheFieldsName() throws IOException {
        for (JsonNode leaf : file("leaves.json").get("invalid")) {
            byte[] encoded = bytes(leaf, "encoded");
            assertThatThrownBy(() -> LeafEncoding.decode(encoded))
                    .as(leaf.get("name").asText())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(leaf.get("field").asText());
        }
    }

    private static JsonNode file(String name) throws IOException {
        return JSON.readTree(Files.readString(VectorsWriter.FOLDER.resolve(name)));
    }

    private static byte[] bytes(JsonNode node, String member) {
        return HexFormat.of().parseHex(node.get(member).asText().substring(2));
    }
}
