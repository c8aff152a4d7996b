package openledger.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.log.LogHasher;
import openledger.commitment.verify.Receipt;
import openledger.unit.RequestId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Receipts from anywhere: what is one is read, all else is refused by name. */
final class ReceiptReaderTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void readsWhatARouterAnswers() throws UnreadableReceipt {
        Receipt receipt = ReceiptReader.read(bytes(new GenuineReceipt().json()));

        assertThat(receipt.request()).isEqualTo(new RequestId(1, 12));
        assertThat(receipt.upstreamRequestIds()).containsExactly("", "req-2");
        assertThat(receipt.header().head()).isEqualTo(receipt.head());
        assertThat(receipt.proof().root(new LogHasher().entry(receipt.leaf())))
                .contains(receipt.header().root());
        assertThat(receipt.anchor()).isPresent();
        assertThat(receipt.promised()).isEmpty();
    }

    @Test
    void readsAPromise() throws UnreadableReceipt {
        ObjectNode json = new GenuineReceipt().json();
        json.putObject("promise")
                .put("anchor_by", 5)
                .put("signed_at", 4)
                .put("kind", "OUTCOME")
                .put("request_key", "0x" + "11".repeat(32))
                .put("leaf_hash", "0x" + "00".repeat(32))
                .put("chain_id", 901)
                .put("registry", GenuineReceipt.REGISTRY.toString())
                .put("lane", 1)
                .put("signer", GenuineReceipt.REGISTRY.toString())
                .put("signature", "0x" + "11".repeat(65));

        Receipt receipt = ReceiptReader.read(bytes(json));

        assertThat(receipt.promised().orElseThrow().promise().anchorBy()).isEqualTo(5);
    }

    @Test
    void readsAReceiptWhoseBatchIsInNoBlockYet() throws UnreadableReceipt {
        ObjectNode json = new GenuineReceipt().json();
        ((ObjectNode) json.get("transaction")).remove(List.of("block_number", "block_hash"));
        ((ObjectNode) json.get("batch")).remove("committed_at");

        assertThat(ReceiptReader.read(bytes(json)).anchor()).isEmpty();
    }

    @Test
    void readsThePlanBesideTheLeafOrInItsPlace() throws UnreadableReceipt {
        ObjectNode json = new GenuineReceipt().json();
        ObjectNode plan = new GenuineReceipt().json().put("level", "SAFE");
        plan.remove(List.of("request", "commitment", "status"));
        json.set("planned", plan);

        Receipt both = ReceiptReader.read(bytes(json));
        json.remove(List.of("batch", "leaf", "proof"));
        Receipt alone = ReceiptReader.read(bytes(json));

        assertThat(both.level()).isEqualTo(ConfirmationLevel.SEQUENCED);
        assertThat(both.ofPlan().orElseThrow().level()).isEqualTo(ConfirmationLevel.SAFE);
        assertThat(alone.level()).isEqualTo(ConfirmationLevel.SAFE);
        assertThat(alone.plan()).isEmpty();
        plan.put("leaf", "0x");
        assertThat(refusal(bytes(json)).member()).isEqualTo("planned.leaf");
    }

    @Test
    void saysThatARequestIsInNoBatchYet() {
        ObjectNode json = new GenuineReceipt().json();
        json.remove(List.of("batch", "leaf", "proof"));

        assertThat(refusal(bytes(json))).hasMessageContaining("in no batch yet");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "/request; request; \"0000000000000001000000000000000G\"",
                "/request; request; 12",
                "/level; level; \"TRUE\"",
                "/commitment; commitment; []",
                "/commitment/digest; commitment.digest; \"0x00\"",
                "/commitment/salt; commitment.salt; null",
                "/commitment/nonce; commitment.nonce; \"\u00e9\"",
                "/commitment/upstream_request_ids; commitment.upstream_request_ids; \"req-2\"",
                "/commitment/upstream_request_ids/1; commitment.upstream_request_ids[1]; 7",
                "/commitment/usage; commitment.usage; {}",
                "/commitment/usage; commitment.usage[0].attempt; [{}]",
                "/commitment/usage; commitment.usage[0].input; [{\"attempt\":1,\"input\":-1}]",
                "/commitment/price_table; commitment.price_table; \"0x00\"",
                "/leaf; leaf; \"0xzz\"",
                "/proof/index; proof.index; -1",
                "/proof/index; proof.index; 2.0",
                "/proof/size; proof.size; 9223372036854775808",
                "/proof/size; proof.size; \"5\"",
                "/proof/path/0; proof.path[0]; \"0x\"",
                "/batch/version; batch.version; 1",
                "/batch/chain_id; batch.chain_id; 99999999999999999999999999",
                "/batch/chain_id; batch.chain_id; true",
                "/batch/registry; batch.registry; \"abababababababababababababababababababab\"",
                "/batch/lane; batch.lane; 0",
                "/batch/sequence; batch.sequence; -3",
                "/batch/first_ms; batch.first_ms; 1e3",
                "/batch/committed_at; batch.committed_at; null",
                "/transaction/block_number; transaction.block_number; {}",
            })
    void refusesByNameAMemberThatCannotBe(String pointer, String member, String value) throws IOException {
        ObjectNode json = new GenuineReceipt().json();
        put(json, pointer, JSON.readTree(value));

        assertThat(refusal(bytes(json)).member()).isEqualTo(member);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "7", "null", "{", "{}x", "\u0000", "{\"request\":1,\"request\":1}", "{'a':1}", "NaN"})
    void refusesWhatIsNoObject(String text) {
        assertThat(refusal(text.getBytes(StandardCharsets.UTF_8))).isNotNull();
    }

    @Test
    void refusesAMemberThatStandsTwice() {
        String text = new GenuineReceipt().json().toString().replace("\"salt\":", "\"salt\":\"0x00\",\"salt\":");

        assertThat(refusal(text.getBytes(StandardCharsets.UTF_8))).hasMessageContaining("each member once");
    }

    @Test
    void refusesWhatIsTooDeepOrTooLong() {
        assertThat(refusal(("{\"a\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("levels");
        assertThat(refusal(new byte[ReceiptReader.LARGEST + 1])).hasMessageContaining("bytes");
        ObjectNode json = new GenuineReceipt().json();
        for (int i = 0; i < 64; i++) {
            json.withArray("/proof/path").add("0x" + "00".repeat(32));
        }
        assertThat(refusal(bytes(json)).member()).isEqualTo("proof.path");
        assertThat(refusal(("{\"request\":\"" + "0".repeat(1_000_000) + "\"}").getBytes(StandardCharsets.UTF_8))
                        .member())
                .isEqualTo("request");
    }

    /** Whatever bytes are changed, the answer is a receipt or a reason, and never anything else. */
    @Test
    void survivesAnyDamage() {
        byte[] whole = bytes(new GenuineReceipt().json());
        Random random = new Random(4);
        for (int i = 0; i < 5_000; i++) {
            byte[] damaged = whole.clone();
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(ReceiptReader.read(damaged)).isNotNull();
            } catch (UnreadableReceipt reason) {
                assertThat(reason).hasMessageNotContaining("Exception");
            }
        }
    }

    private static UnreadableReceipt refusal(byte[] json) {
        return catchThrowableOfType(UnreadableReceipt.class, () -> ReceiptReader.read(json));
    }

    private static void put(ObjectNode json, String pointer, JsonNode value) {
        int slash = pointer.lastIndexOf('/');
        JsonNode parent = json.at(pointer.substring(0, slash));
        String name = pointer.substring(slash + 1);
        if (parent instanceof ObjectNode object) {
            object.set(name, value);
        } else {
            ((com.fasterxml.jackson.databind.node.ArrayNode) parent).set(Integer.parseInt(name), value);
        }
    }

    private static byte[] bytes(ObjectNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
