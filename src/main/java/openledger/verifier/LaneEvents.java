package openledger.verifier;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import openledger.commitment.BatchHeader;
import openledger.commitment.PublishedPolicy;
import openledger.commitment.PublishedPolicy.Budget;
import openledger.commitment.PublishedPolicy.Route;
import openledger.commitment.PublishedPolicy.Tier;
import openledger.commitment.evm.CallData;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.verify.ChainEvidence.Agreement;
import openledger.unit.Hash32;
import openledger.unit.RouteId;
import openledger.verifier.RpcNode.Question;

/** Reads the registry's events of a lane: its batches, and its policies with full text. */
final class LaneEvents {
    private static final String WHAT = "the lane's events";
    static final Hash32 POLICY_PUBLISHED = topic("PolicyPublished(uint64,bytes32,bytes,(uint16,uint8[])[])");
    static final Hash32 BATCH_COMMITTED =
            topic("BatchCommitted(uint64,uint64,bytes32," + BatchHeader.ABI_TYPE + ",uint64)");
    private static final int TOPICS = 4;
    private static final int MOST_TIERS = 8;
    private static final int DEEPEST = 64;
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(100)
                    .build())
            .build());

    private LaneEvents() {}

    private static Hash32 topic(String signature) {
        return Hash32.of(Keccak256.digest(signature.getBytes(StandardCharsets.US_ASCII)));
    }

    /** All policies in one question, oldest first. */
    static Question question(BatchHeader header) {
        return Question.of(
                "eth_getLogs",
                Map.of(
                        "address",
                        header.registry().toString(),
                        "fromBlock",
                        "0x0",
                        "toBlock",
                        "latest",
                        "topics",
                        List.of(
                                POLICY_PUBLISHED.toString(),
                                word(header.lane().value()).toString())));
    }

    private static Hash32 word(long number) {
        byte[] word = new byte[Hash32.BYTES];
        for (int i = 0; i < Long.BYTES; i++) {
            word[Hash32.BYTES - 1 - i] = (byte) (number >>> (Byte.SIZE * i));
        }
        return Hash32.of(word);
    }

    /** Whether a transaction has the event of this batch. */
    static Agreement committed(BatchHeader header, NodeAnswer answer) {
        List<String> expected = List.of(
                BATCH_COMMITTED.toString(),
                word(header.lane().value()).toString(),
                word(header.sequence()).toString(),
                header.head().toString());
        boolean isThere = answer.orNone("the receipt")
                .map(receipt -> receipt.path("logs"))
                .filter(JsonNode::isArray)
                .map(logs -> StreamSupport.stream(logs.spliterator(), false)
                        .anyMatch(log -> header.registry()
                                        .toString()
                                        .equalsIgnoreCase(log.path("address").asText())
                                && expected.equals(texts(log.path("topics")))))
                .orElse(false);
        return isThere ? Agreement.YES : Agreement.NO;
    }

    private static List<String> texts(JsonNode topics) {
        return StreamSupport.stream(topics.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static Hash32 topic(JsonNode event, int place) {
        JsonNode topics = event.path("topics");
        if (!topics.isArray() || topics.size() > TOPICS || place >= topics.size()) {
            throw NodeSilence.malformed(WHAT);
        }
        return NodeAnswer.hash(WHAT, Optional.of(topics.get(place)));
    }

    /** Every policy, oldest first. */
    static List<PublishedPolicy> policies(NodeAnswer answer) {
        JsonNode events = answer.orNone(WHAT).filter(JsonNode::isArray).orElseThrow(() -> NodeSilence.malformed(WHAT));
        List<PublishedPolicy> policies = new ArrayList<>();
        for (JsonNode event : events) {
            if (topic(event, 0).equals(POLICY_PUBLISHED)) {
                policies.add(policy(event));
            }
        }
        return policies;
    }

    private static PublishedPolicy policy(JsonNode event) {
        Data data = new Data(NodeAnswer.bytes(WHAT, NodeAnswer.member(event, "data")));
        byte[] text = data.bytes(data.offset(0, 0));
        if (!Hash32.of(Keccak256.digest(text)).equals(topic(event, 2))) {
            throw NodeSilence.malformed(WHAT);
        }
        return new PublishedPolicy(budgets(data), routes(text));
    }

    private static List<Budget> budgets(Data data) {
        int list = data.offset(0, 1);
        int count = data.count(list);
        List<Budget> budgets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int element = data.offset(list + CallData.WORD, i);
            int numbers = data.offset(element, 1);
            int tiers = data.count(numbers);
            if (tiers > MOST_TIERS) {
                throw NodeSilence.malformed(WHAT);
            }
            List<Integer> upTo = new ArrayList<>();
            for (int tier = 0; tier < tiers; tier++) {
                upTo.add(data.number(numbers + CallData.WORD * (1 + tier)));
            }
            budgets.add(new Budget(new RouteId(Math.min(data.number(element), 0xffff)), upTo));
        }
        return budgets;
    }

    /** A text that is no policy as we know them has no routes that a name could be of. */
    private static List<Route> routes(byte[] text) {
        List<Route> routes = new ArrayList<>();
        JsonNode policy;
        try {
            policy = JSON.readTree(text);
        } catch (IOException noPolicy) {
            return routes;
        }
        for (JsonNode route : policy.path("routes")) {
            List<Tier> tiers = new ArrayList<>();
            for (JsonNode tier : route.path("tiers")) {
                List<String> targets = new ArrayList<>();
                for (JsonNode target : tier.path("targets")) {
                    targets.add(target.path("provider").asText() + "/"
                            + target.path("model").asText());
                }
                tiers.add(
                        new Tier(tier.path("name").asText(), tier.path("up_to").asInt(), targets));
            }
            routes.add(new Route(route.path("name").asText(), tiers));
        }
        return routes;
    }

    /** The data of an event: values, and offsets to what has no fixed size. Everything in it can be wrong. */
    private static final class Data {
        private final byte[] bytes;

        Data(byte[] bytes) {
            this.bytes = bytes;
        }

        int number(int at) {
            if (at < 0 || at > bytes.length - CallData.WORD) {
                throw NodeSilence.malformed(WHAT);
            }
            long value = NodeAnswer.number(WHAT, Hash32.of(bytes, at).toString());
            if (value > Integer.MAX_VALUE) {
                throw NodeSilence.malformed(WHAT);
            }
            return (int) value;
        }

        /** Where the {@code place}-th value of what begins at {@code base} points to. */
        int offset(int base, int place) {
            long at = (long) base + number(base + CallData.WORD * place);
            if (at > bytes.length) {
                throw NodeSilence.malformed(WHAT);
            }
            return (int) at;
        }

        /** Elements of a list, of which each has a word at least. */
        int count(int list) {
            int count = number(list);
            if (count > bytes.length / CallData.WORD) {
                throw NodeSilence.malformed(WHAT);
            }
            return count;
        }

        byte[] bytes(int at) {
            int length = number(at);
            if (length > bytes.length - at - CallData.WORD) {
                throw NodeSilence.malformed(WHAT);
            }
            byte[] part = new byte[length];
            System.arraycopy(bytes, at + CallData.WORD, part, 0, length);
            return part;
        }
    }
}
