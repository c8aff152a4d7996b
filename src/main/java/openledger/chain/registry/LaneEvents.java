package openledger.chain.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import openledger.chain.rpc.NodeAnswers;
import openledger.chain.rpc.NodeAnswers.Event;
import openledger.chain.rpc.NodeAnswers.OfEvents;
import openledger.chain.rpc.NodeAnswers.OfReceipt;
import openledger.chain.rpc.NodeJson;
import openledger.chain.rpc.NodeValue;
import openledger.chain.rpc.RpcFailure;
import openledger.commitment.BatchHeader;
import openledger.commitment.PublishedPolicy;
import openledger.commitment.PublishedPolicy.Budget;
import openledger.commitment.PublishedPolicy.Route;
import openledger.commitment.PublishedPolicy.Tier;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.verify.ChainEvidence.Agreement;
import openledger.unit.Hash32;
import openledger.unit.RouteId;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.core.Request;

/** Reads the registry's events of a lane: its batches, and its policies with full text. */
final class LaneEvents {
    private static final String WHAT = "the lane's events";
    static final Hash32 POLICY_PUBLISHED = topic("PolicyPublished(uint64,bytes32,bytes,(uint16,uint8[])[])");
    static final Hash32 BATCH_COMMITTED =
            topic("BatchCommitted(uint64,uint64,bytes32," + RegistryCalls.HEADER + ",uint64)");
    private static final int TOPICS = 4;
    private static final int MOST_TIERS = 8;

    private LaneEvents() {}

    private static Hash32 topic(String signature) {
        return Hash32.of(Keccak256.digest(signature.getBytes(StandardCharsets.US_ASCII)));
    }

    /** All policies in one question, oldest first. */
    static Request<?, OfEvents> question(BatchHeader header) {
        Map<String, Object> filter = Map.of(
                "address",
                NodeValue.hex(header.registry()),
                "fromBlock",
                "0x0",
                "toBlock",
                "latest",
                "topics",
                List.of(POLICY_PUBLISHED.toString(), word(header.lane().value()).toString()));
        return new Request<>("eth_getLogs", List.of(filter), null, OfEvents.class);
    }

    private static Hash32 word(long number) {
        byte[] word = new byte[Hash32.BYTES];
        for (int i = 0; i < Long.BYTES; i++) {
            word[Hash32.BYTES - 1 - i] = (byte) (number >>> (Byte.SIZE * i));
        }
        return Hash32.of(word);
    }

    /** Whether a transaction has the event of this batch. */
    static Agreement committed(BatchHeader header, OfReceipt answer) {
        NodeAnswers.Receipt receipt = NodeValue.orNone("the receipt", answer);
        List<String> expected = List.of(
                BATCH_COMMITTED.toString(),
                word(header.lane().value()).toString(),
                word(header.sequence()).toString(),
                header.head().toString());
        boolean isThere = receipt != null
                && receipt.logs() != null
                && receipt.logs().stream()
                        .anyMatch(log -> header.registry().toString().equalsIgnoreCase(log.address())
                                && expected.equals(log.topics()));
        return isThere ? Agreement.YES : Agreement.NO;
    }

    private static List<Event> all(OfEvents answer) {
        List<Event> events = NodeValue.orNone(WHAT, answer);
        if (events == null) {
            throw NodeValue.malformed(WHAT);
        }
        return events;
    }

    private static boolean isA(Event event, Hash32 kind) {
        return topic(event, 0).equals(kind);
    }

    private static Hash32 topic(Event event, int place) {
        List<@Nullable String> topics = event.topics();
        if (topics == null || topics.size() > TOPICS || place >= topics.size()) {
            throw NodeValue.malformed(WHAT);
        }
        return NodeValue.hash(WHAT, topics.get(place));
    }

    /** Every policy, oldest first. */
    static List<PublishedPolicy> policies(OfEvents answer) {
        List<PublishedPolicy> policies = new ArrayList<>();
        for (Event event : all(answer)) {
            if (isA(event, POLICY_PUBLISHED)) {
                policies.add(policy(event));
            }
        }
        return policies;
    }

    private static PublishedPolicy policy(Event event) {
        Data data = new Data(NodeValue.bytes(WHAT, event.data()));
        byte[] text = data.bytes(data.offset(0, 0));
        if (!Hash32.of(Keccak256.digest(text)).equals(topic(event, 2))) {
            throw NodeValue.malformed(WHAT);
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
                throw NodeValue.malformed(WHAT);
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
            policy = NodeJson.tree(Buffer.buffer(text), WHAT);
        } catch (RpcFailure noPolicy) {
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
                throw NodeValue.malformed(WHAT);
            }
            long value = NodeValue.number(WHAT, Hash32.of(bytes, at).toString());
            if (value > Integer.MAX_VALUE) {
                throw NodeValue.malformed(WHAT);
            }
            return (int) value;
        }

        /** Where the {@code place}-th value of what begins at {@code base} points to. */
        int offset(int base, int place) {
            long at = (long) base + number(base + CallData.WORD * place);
            if (at > bytes.length) {
                throw NodeValue.malformed(WHAT);
            }
            return (int) at;
        }

        /** Elements of a list, of which each has a word at least. */
        int count(int list) {
            int count = number(list);
            if (count > bytes.length / CallData.WORD) {
                throw NodeValue.malformed(WHAT);
            }
            return count;
        }

        byte[] bytes(int at) {
            int length = number(at);
            if (length > bytes.length - at - CallData.WORD) {
                throw NodeValue.malformed(WHAT);
            }
            byte[] part = new byte[length];
            System.arraycopy(bytes, at + CallData.WORD, part, 0, length);
            return part;
        }
    }
}
