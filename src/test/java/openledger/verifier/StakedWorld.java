package openledger.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import openledger.commitment.evm.CallData;
import openledger.commitment.stake.VaultCode;
import openledger.commitment.stake.VaultTerms;
import openledger.unit.Address;

/**
 * What nodes say of the lane of the recorded receipts, which has no vault, as if it had one: answers by their questions, of {@code method} and
 * {@code params}.
 */
final class StakedWorld {
    static final int FAST = 0;
    static final int CONFIRMED = 3;
    static final String PLANNED = "planned";
    /** The vault's functions that a verifier asks. */
    static final List<String> STAKE_ANSWERS = List.of("terms", "active", "isPunished");

    static final VaultTerms TERMS = VaultTerms.USUAL;
    static final BigInteger HALF = BigInteger.valueOf(500_000_000_000_000_000L);
    static final int WORD_DIGITS = 64;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String LATEST = "latest";
    private static final int GATE_WORD = 3;

    final Address vault;
    private final JsonNode recorded;
    private final Address registry;
    private final long lane;

    StakedWorld(JsonNode recorded) throws IOException {
        this.recorded = recorded;
        JsonNode header = json(FAST).get("batch");
        this.registry = Address.parse(header.get("registry").asText());
        this.lane = header.get("lane").asLong();
        this.vault = VaultCode.address(registry, TERMS);
    }

    /** What makes it a lane with a vault; each case has it, but for what it says otherwise. */
    Map<JsonNode, ObjectNode> all() throws IOException {
        return with(gate(vault), said(vault));
    }

    /** What a vault says, of each leaf that is asked for. */
    Map<JsonNode, ObjectNode> said(Address contract) throws IOException {
        Map<JsonNode, ObjectNode> answers = new LinkedHashMap<>();
        answers.put(call(contract, CallData.of("terms()").encode()), result(NODES.textNode(hex(TERMS.encode()))));
        answers.put(
                call(contract, CallData.of("active(uint64)").number(lane).encode()),
                result(NODES.textNode(word(HALF))));
        for (JsonNode leaf :
                List.of(json(FAST), json(CONFIRMED), json(CONFIRMED).get(PLANNED))) {
            answers.put(isPunished(contract, leaf), result(NODES.textNode(word(BigInteger.ZERO))));
        }
        return answers;
    }

    JsonNode isPunished(Address contract, JsonNode leaf) {
        long first = leaf.at("/batch/size").asLong() - leaf.at("/batch/count").asLong();
        return call(
                contract,
                CallData.of("isPunished(uint64,uint64,uint256)")
                        .number(lane)
                        .number(leaf.at("/batch/sequence").asLong())
                        .number(leaf.at("/proof/index").asLong() - first)
                        .encode());
    }

    Map<JsonNode, ObjectNode> active(BigInteger amount) throws IOException {
        return answering(1, NODES.textNode(word(amount)));
    }

    Map<JsonNode, ObjectNode> marked(int of, String part) throws IOException {
        JsonNode leaf = part.isEmpty() ? json(of) : json(of).get(part);
        return Map.of(isPunished(vault, leaf), result(NODES.textNode(word(BigInteger.ONE))));
    }

    /** The world, but for one of the vault's answers about the first receipt. */
    Map<JsonNode, ObjectNode> answering(int place, JsonNode answer) throws IOException {
        return Map.of(question(place), result(answer));
    }

    Map<JsonNode, ObjectNode> answering(int place, String answer) throws IOException {
        return answering(place, NODES.textNode(answer));
    }

    Map<JsonNode, ObjectNode> without(String function) throws IOException {
        ObjectNode refused = NODES.objectNode();
        refused.putObject("error").put("code", 3).put("message", "execution reverted: \u001b[31m" + function);
        return Map.of(question(STAKE_ANSWERS.indexOf(function)), refused);
    }

    JsonNode question(int place) throws IOException {
        return new ArrayList<>(said(vault).keySet()).get(place);
    }

    Map<JsonNode, ObjectNode> gate(Address gate) throws IOException {
        String answer = recorded(laneOf()).get("result").asText();
        int at = 2 + GATE_WORD * WORD_DIGITS + WORD_DIGITS - 2 * Address.BYTES;
        String changed =
                answer.substring(0, at) + gate.toString().substring(2) + answer.substring(at + 2 * Address.BYTES);
        return Map.of(laneOf(), result(NODES.textNode(changed)));
    }

    Map<JsonNode, ObjectNode> lane(JsonNode answer) throws IOException {
        return Map.of(laneOf(), result(answer));
    }

    JsonNode laneOf() {
        return call(registry, CallData.of("laneOf(uint64)").number(lane).encode());
    }

    Map<JsonNode, ObjectNode> at(long seconds) throws IOException {
        return untimed(NODES.textNode("0x" + Long.toHexString(seconds)));
    }

    Map<JsonNode, ObjectNode> untimed(JsonNode time) throws IOException {
        ObjectNode newest = recorded(newest()).get("result").deepCopy();
        newest.set("timestamp", time);
        return Map.of(newest(), result(newest));
    }

    static JsonNode newest() {
        ObjectNode question = NODES.objectNode().put("method", "eth_getBlockByNumber");
        question.putArray("params").add(LATEST).add(false);
        return question;
    }

    JsonNode recorded(JsonNode question) {
        for (JsonNode answer : recorded.get("answers")) {
            if (answer.get("method").equals(question.get("method"))
                    && answer.get("params").equals(question.get("params"))) {
                return answer;
            }
        }
        throw new IllegalStateException("it was never asked: " + question);
    }

    static JsonNode call(Address contract, byte[] data) {
        ObjectNode question = NODES.objectNode().put("method", "eth_call");
        question.putArray("params")
                .add(NODES.objectNode().put("to", contract.toString()).put("data", hex(data)))
                .add(LATEST);
        return question;
    }

    static ObjectNode result(JsonNode answer) {
        return NODES.objectNode().set("result", answer);
    }

    static Map<JsonNode, ObjectNode> with(Map<JsonNode, ObjectNode> some, Map<JsonNode, ObjectNode> others) {
        Map<JsonNode, ObjectNode> all = new LinkedHashMap<>(some);
        all.putAll(others);
        return all;
    }

    static String word(BigInteger value) {
        return "0x" + "%064x".formatted(value);
    }

    static String hex(byte[] bytes) {
        return RegistryQueries.hex(bytes);
    }

    ObjectNode json(int of) throws IOException {
        return (ObjectNode) JSON.readTree(text(of));
    }

    String text(int of) {
        return recorded.get("genuine").get(of).get("receipt").asText();
    }
}
