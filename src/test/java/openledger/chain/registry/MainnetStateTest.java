package openledger.chain.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.state.BlockHeader;
import openledger.commitment.state.ProvedAccount;
import openledger.commitment.state.RlpItem;
import openledger.commitment.state.StateProof;
import openledger.unit.Address;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;

/**
 * Headers and proofs of Ethereum's main chain as its nodes answer them: the first block, one with blobs (Cancun), one with requests (Osaka);
 * the deposit contract with one of its slots, and an account of a builder.
 */
final class MainnetStateTest {
    private final JsonNode known;

    MainnetStateTest() throws IOException {
        known = new ObjectMapper()
                .readTree(Path.of("src/test/resources/mainnet/state.json").toFile());
    }

    @Test
    void headersHaveTheHashesThatTheChainKnowsThemBy() {
        assertThat(known.path("headers")).hasSize(3);
        for (JsonNode block : known.path("headers")) {
            BlockHeader header = BlockHeader.parse(StateProofReader.header(block));

            assertThat(header.hash()).isEqualTo(hash(block, "hash"));
            assertThat(header.stateRoot()).isEqualTo(hash(block, "stateRoot"));
            assertThat(header.number())
                    .isEqualTo(Long.decode(block.path("number").asText()));
            assertThat(header.timeSeconds())
                    .isEqualTo(Long.decode(block.path("timestamp").asText()));
        }
    }

    @Test
    void everyChangedOctetOfAHeaderGivesAnotherHashOrNoHeader() {
        byte[] header = StateProofReader.header(known.path("headers").get(2));
        Hash32 hash = BlockHeader.parse(header).hash();
        for (int at = 0; at < header.length; at++) {
            byte[] changed = header.clone();
            changed[at] ^= 1;
            try {
                assertThat(BlockHeader.parse(changed).hash()).isNotEqualTo(hash);
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageNotContaining("null");
            }
        }
    }

    @Test
    void accountsAndSlotsAreProved() {
        for (JsonNode proof : known.path("proofs")) {
            List<byte[]> nodes = nodes(proof.path("accountProof"));
            StateProof state = new StateProof(headerOf(nodes), nodes, storage(proof));
            ProvedAccount account =
                    state.account(Address.parse(proof.path("address").asText()));

            assertThat(account.storageRoot()).isEqualTo(hash(proof, "storageHash"));
            boolean hasCode = !proof.path("storageProof").isEmpty();
            assertThat(account.codeHash()).isEqualTo(hasCode ? hash(proof, "codeHash") : Hash32.ZERO);
            for (JsonNode slot : proof.path("storageProof")) {
                assertThat(state.word(account, hash(slot, "key"))).isEqualTo(hash(slot, "value"));
                assertThatThrownBy(() -> state.word(account, Hash32.ZERO)).isInstanceOf(IllegalArgumentException.class);
            }
            assertThatThrownBy(() -> state.account(Address.parse("0x" + "11".repeat(20))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** The proofs came without their block, so it gets one: the root is the first node's hash. */
    private static byte[] headerOf(List<byte[]> nodes) {
        List<byte[]> fields = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            fields.add(new byte[0]);
        }
        fields.set(3, Keccak256.digest(nodes.getFirst()));
        return RlpItem.list(fields);
    }

    private static Map<Hash32, List<byte[]>> storage(JsonNode proof) {
        return proof.path("storageProof").isEmpty()
                ? Map.of()
                : Map.of(
                        hash(proof.path("storageProof").get(0), "key"),
                        nodes(proof.path("storageProof").get(0).path("proof")));
    }

    private static List<byte[]> nodes(JsonNode list) {
        List<byte[]> nodes = new ArrayList<>();
        list.forEach(node -> nodes.add(HexFormat.of().parseHex(node.asText().substring(2))));
        return nodes;
    }

    private static Hash32 hash(JsonNode object, String member) {
        return Hash32.parse(object.path(member).asText());
    }
}
