package openledger.verifier;

import static openledger.verifier.StakedWorld.CONFIRMED;
import static openledger.verifier.StakedWorld.FAST;
import static openledger.verifier.StakedWorld.HALF;
import static openledger.verifier.StakedWorld.PLANNED;
import static openledger.verifier.StakedWorld.STAKE_ANSWERS;
import static openledger.verifier.StakedWorld.TERMS;
import static openledger.verifier.StakedWorld.WORD_DIGITS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import openledger.commitment.stake.VaultTerms;
import openledger.unit.Address;

/**
 * Recorded receipts with a stake behind them, what a node says of the lane's gate, and with which exit code {@code openledger verify} has to
 * end. The same every time. Long because it is the list.
 */
final class StakeVectors {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String STAKE = "stake";
    private static final String UNTIL = "challengeable_until";
    private static final BigInteger MOST = BigInteger.TWO.pow(128).subtract(BigInteger.ONE);
    private static final Address NOBODY = Address.of(new byte[Address.BYTES]);
    private static final Address OTHER = Address.parse("0x" + "5a".repeat(20));

    private static final Map<JsonNode, ObjectNode> HONEST = Map.of();

    private final StakedWorld world;
    private final List<Case> all = new ArrayList<>();

    /**
     * A receipt, and a node.
     *
     * @param of the recorded receipt that it comes from
     * @param answers what the node says otherwise than that of {@link StakedWorld#all}: {@code result} or {@code error} by {@code method} and
     *     {@code params}
     */
    record Case(String name, int of, String receipt, Map<JsonNode, ObjectNode> answers, int code) {}

    private StakeVectors(JsonNode recorded) throws IOException {
        this.world = new StakedWorld(recorded);
    }

    static List<Case> of(JsonNode recorded) throws IOException {
        StakeVectors vectors = new StakeVectors(recorded);
        vectors.amounts();
        vectors.times();
        vectors.punished();
        vectors.untrue();
        vectors.nodes();
        vectors.malformed();
        vectors.ofAPlan();
        return vectors.all;
    }

    private void amounts() throws IOException {
        add("half an ether", member(FAST), HONEST, 0);
        for (BigInteger amount : List.of(BigInteger.ZERO, BigInteger.ONE, BigInteger.TEN.pow(18), MOST)) {
            add("active: " + amount, member(FAST), world.active(amount), 0);
        }
        add("active: 2^128", member(FAST), world.active(MOST.add(BigInteger.ONE)), 2);
        add("less than it was", member(FAST).put("active", MOST.toString()), HONEST, 0);
        all.add(new Case("no member", FAST, world.text(FAST), HONEST, 0));
        all.add(new Case("no member, and no gate", FAST, world.text(FAST), world.gate(NOBODY), 0));
    }

    private void times() throws IOException {
        long until = member(FAST).get(UNTIL).asLong();
        add("in the last second", member(FAST), world.at(until), 0);
        add("a second later", member(FAST), world.at(until + 1), 0);
        settled("claims to be settled, too early", world.at(until), 2);
        settled("is settled", world.at(until + 1), 0);
        settled("claims to be settled, and the vault is silent", world.without(STAKE_ANSWERS.get(1)), 2);
        ObjectNode plain = world.json(FAST);
        plain.put("level", "SETTLED");
        all.add(new Case("claims to be settled, without a stake", FAST, JSON.writeValueAsString(plain), HONEST, 0));
    }

    private void settled(String name, Map<JsonNode, ObjectNode> answers, int code) throws IOException {
        ObjectNode receipt = world.json(FAST);
        receipt.put("level", "SETTLED");
        receipt.set(STAKE, member(FAST));
        all.add(new Case(name, FAST, JSON.writeValueAsString(receipt), answers, code));
    }

    private void punished() throws IOException {
        ObjectNode honest = member(FAST).put("punished", true);
        honest.putObject("penalty").put("fault", "FELL_BACK_EARLY").put("transaction", "0x" + "ab".repeat(32));
        add("punished, and says so", honest, world.marked(FAST, ""), 1);
        add("punished before what the router watched", member(FAST).put("punished", true), world.marked(FAST, ""), 1);
        add("punished, and says that it is not", member(FAST), world.marked(FAST, ""), 1);
        add("says that it is punished, and is not", honest, HONEST, 2);
    }

    private void untrue() throws IOException {
        add("another penalty for leaves", member(FAST).put("leaf_penalty", "50000000000001"), HONEST, 1);
        add("another penalty for promises", member(FAST).put("promise_penalty", MOST.toString()), HONEST, 1);
        add("a later end", later(1), HONEST, 1);
        add("an earlier end", later(-1), HONEST, 1);
        add("an end before the batch", member(FAST).put(UNTIL, 0), HONEST, 1);
        add("the latest end", member(FAST).put(UNTIL, Long.MAX_VALUE), HONEST, 1);
        add("another vault", member(FAST).put("vault", OTHER.toString()), HONEST, 1);
        long until = member(FAST).get(UNTIL).asLong();
        add(
                "another vault, once the time is over",
                member(FAST).put("vault", OTHER.toString()),
                world.at(until + 1),
                0);
        add("no gate", member(FAST), world.gate(NOBODY), 1);
        add(
                "no gate, once the time is over",
                member(FAST),
                StakedWorld.with(world.at(until + 1), world.gate(NOBODY)),
                0);
        add("another gate", member(FAST), world.gate(OTHER), 1);
        add(
                "another gate, and nobody knows the time",
                member(FAST),
                StakedWorld.with(world.untimed(NODES.nullNode()), world.gate(OTHER)),
                1);
        add("the address of nobody", member(FAST).put("vault", NOBODY.toString()), world.gate(NOBODY), 1);
        // A contract that says what it likes.
        add(
                "a gate of other code",
                member(FAST).put("vault", OTHER.toString()),
                StakedWorld.with(world.gate(OTHER), world.said(OTHER)),
                2);
        VaultTerms generous = terms(TERMS.leafPenalty().add(BigInteger.ONE));
        ObjectNode claim =
                member(FAST).put("leaf_penalty", generous.leafPenalty().toString());
        add(
                "a vault with other terms than its address",
                claim,
                world.answering(0, StakedWorld.hex(generous.encode())),
                2);
    }

    private ObjectNode later(long seconds) throws IOException {
        ObjectNode member = member(FAST);
        return member.put(UNTIL, member.get(UNTIL).asLong() + seconds);
    }

    private void nodes() throws IOException {
        String terms = StakedWorld.hex(TERMS.encode());
        String word = "0".repeat(WORD_DIGITS);
        List<List<JsonNode>> wrong = List.of(
                texts(
                        "0x",
                        "0x00",
                        terms.substring(0, terms.length() - 2),
                        terms + word,
                        "0x" + "ff".repeat(VaultTerms.BYTES),
                        "0x" + word.repeat(VaultTerms.BYTES / 32)),
                texts("0x", "0x" + word + word, "0x" + "ff".repeat(32), "0x1", "5", "x"),
                texts(
                        "0x",
                        "0x" + word + word,
                        StakedWorld.word(BigInteger.TWO),
                        "0x" + "ff".repeat(32),
                        StakedWorld.word(MOST)));
        for (int place = 0; place < STAKE_ANSWERS.size(); place++) {
            String function = STAKE_ANSWERS.get(place);
            for (JsonNode answer : wrong.get(place)) {
                String shown = answer.asText();
                add(
                        function + " is "
                                + (shown.length() > 20 ? shown.substring(0, 20) + "…, " + shown.length() : shown),
                        member(FAST),
                        world.answering(place, answer),
                        2);
            }
            for (JsonNode answer : List.of(
                    NODES.nullNode(),
                    NODES.numberNode(1),
                    NODES.booleanNode(true),
                    NODES.objectNode(),
                    NODES.arrayNode())) {
                add(function + " is " + answer, member(FAST), world.answering(place, answer), 2);
            }
            add(function + " is refused", member(FAST), world.without(function), 2);
        }
        for (JsonNode time : List.of(
                NODES.nullNode(),
                NODES.numberNode(5),
                NODES.textNode("0x"),
                NODES.textNode("5"),
                NODES.textNode("0x10000000000000000"))) {
            add("the newest block is of " + time, member(FAST), world.untimed(time), 2);
        }
        add("the lane is of two words", member(FAST), world.lane(NODES.textNode("0x" + word + word)), 2);
        add("the lane is nobody's", member(FAST), world.lane(NODES.textNode("0x" + word.repeat(5))), 2);
        add("the lane is nothing", member(FAST), world.lane(NODES.nullNode()), 2);
    }

    private void malformed() throws IOException {
        for (String name : List.of("active", "leaf_penalty", "promise_penalty")) {
            for (String text : List.of(
                    "",
                    "-1",
                    "+1",
                    "01",
                    "1e3",
                    "0x1",
                    "1.5",
                    " 1",
                    "1 ",
                    "1\n",
                    "\u0661",
                    "NaN",
                    MOST.add(BigInteger.ONE).toString(),
                    "1".repeat(40),
                    "9".repeat(500))) {
                String shown = text.length() > 45 ? text.length() + " digits" : JSON.writeValueAsString(text);
                add(name + " is " + shown, member(FAST).put(name, text), HONEST, 2);
            }
        }
        wrong("active", "5", "5.5", "true", "{}", "[]", "null");
        wrong(
                "vault",
                "5",
                "null",
                "\"\"",
                "\"0x\"",
                "\"" + world.vault.toString().toUpperCase(Locale.ROOT) + "\"");
        wrong(UNTIL, "-1", "9223372036854775808", "1e9", "1.5", "\"5\"", "null", "1" + "0".repeat(31));
        wrong("as_of", "\"5\"", "1.5", "true", "null");
        wrong("punished", "\"false\"", "0", "null", "{}");
        wrong("penalty", "5", "null", "[]", "{}", "{\"fault\":5,\"transaction\":\"\"}", "{\"fault\":\"A\"}");
        for (String name : List.of("vault", "active", "as_of", "leaf_penalty", "promise_penalty", UNTIL, "punished")) {
            ObjectNode without = member(FAST);
            without.remove(name);
            add("no " + name, without, HONEST, 2);
        }
        add("a member that nobody knows", member(FAST).put("owner", "me"), HONEST, 2);
        for (String value : List.of("null", "5", "\"x\"", "[]", "{}", "true")) {
            ObjectNode receipt = world.json(FAST);
            receipt.set(STAKE, JSON.readTree(value));
            all.add(new Case("stake is " + value, FAST, JSON.writeValueAsString(receipt), HONEST, 2));
        }
        ObjectNode young = world.json(FAST);
        ((ObjectNode) young.get("transaction")).remove("block_number");
        young.set(STAKE, member(FAST));
        all.add(new Case("before it is on chain", FAST, JSON.writeValueAsString(young), HONEST, 2));
        ObjectNode outside = world.json(FAST);
        ((ObjectNode) outside.get("proof")).put("index", 0);
        outside.set(STAKE, member(FAST));
        all.add(new Case("of a leaf of another batch", FAST, JSON.writeValueAsString(outside), HONEST, 1));
    }

    /** The values as they are written: a reader may take a number for another. */
    private void wrong(String name, String... values) throws IOException {
        for (String value : values) {
            String mark = "@@@";
            ObjectNode receipt = world.json(FAST);
            receipt.set(STAKE, member(FAST).put(name, mark));
            String text = JSON.writeValueAsString(receipt).replace('"' + mark + '"', value);
            all.add(new Case(name + " is " + value, FAST, text, HONEST, 2));
        }
    }

    private void ofAPlan() throws IOException {
        plan("of a plan and an end", here(), here(), HONEST, 0);
        plan("of a plan alone", Optional.empty(), here(), HONEST, 0);
        plan("of an end alone", here(), Optional.empty(), HONEST, 0);
        plan("of a plan that is punished", here(), here(), world.marked(CONFIRMED, PLANNED), 1);
        ObjectNode honest = member(CONFIRMED).put("punished", true);
        plan(
                "of a plan that is punished, and says so",
                here(),
                Optional.of(honest),
                world.marked(CONFIRMED, PLANNED),
                1);
        plan(
                "of a plan with another vault",
                here(),
                Optional.of(member(CONFIRMED).put("vault", OTHER.toString())),
                HONEST,
                1);
        long until = member(CONFIRMED).get(UNTIL).asLong();
        plan(
                "of a plan with another vault, once the time is over",
                here(),
                Optional.of(member(CONFIRMED).put("vault", OTHER.toString())),
                world.at(until + 1),
                0);
        plan("of a plan, and the vault is silent", Optional.empty(), here(), world.without(STAKE_ANSWERS.get(1)), 2);
        ObjectNode open = world.json(CONFIRMED);
        for (String ended : List.of(
                "leaf",
                "proof",
                "batch",
                "transaction",
                "history",
                "urls",
                "followed_plan",
                "attribution",
                "time_ms")) {
            open.remove(ended);
        }
        open.put("level", "RECORDED");
        ((ObjectNode) open.get(PLANNED)).set(STAKE, planned(member(CONFIRMED)));
        all.add(new Case("of a plan before the end", CONFIRMED, JSON.writeValueAsString(open), HONEST, 0));
    }

    private void plan(
            String name,
            Optional<ObjectNode> end,
            Optional<ObjectNode> plan,
            Map<JsonNode, ObjectNode> answers,
            int code)
            throws IOException {
        ObjectNode receipt = world.json(CONFIRMED);
        if (end.isPresent()) {
            receipt.set(STAKE, end.get());
        }
        if (plan.isPresent()) {
            ((ObjectNode) receipt.get(PLANNED)).set(STAKE, planned(plan.get()));
        }
        all.add(new Case(name, CONFIRMED, JSON.writeValueAsString(receipt), answers, code));
    }

    private Optional<ObjectNode> here() throws IOException {
        return Optional.of(member(CONFIRMED));
    }

    /** The same of the plan's batch. */
    private ObjectNode planned(ObjectNode member) throws IOException {
        return member.put(
                UNTIL,
                world.json(CONFIRMED).at("/planned/batch/committed_at").asLong()
                        + TERMS.window().toSeconds());
    }

    private void add(String name, ObjectNode member, Map<JsonNode, ObjectNode> answers, int code) throws IOException {
        ObjectNode receipt = world.json(FAST);
        receipt.set(STAKE, member);
        all.add(new Case(name, FAST, JSON.writeValueAsString(receipt), answers, code));
    }

    /** What an honest router says. */
    private ObjectNode member(int of) throws IOException {
        return NODES.objectNode()
                .put("vault", world.vault.toString())
                .put("active", HALF.toString())
                .put("as_of", 1_795_982_300)
                .put("leaf_penalty", TERMS.leafPenalty().toString())
                .put("promise_penalty", TERMS.promisePenalty().toString())
                .put(
                        UNTIL,
                        world.json(of).at("/batch/committed_at").asLong()
                                + TERMS.window().toSeconds())
                .put("punished", false);
    }

    private static VaultTerms terms(BigInteger leafPenalty) {
        return new VaultTerms(
                TERMS.floor(),
                TERMS.stakePerLeaf(),
                TERMS.volumeWindow(),
                leafPenalty,
                TERMS.promisePenalty(),
                TERMS.mostPerBatch(),
                TERMS.bond(),
                TERMS.bondGas(),
                TERMS.reporterBps(),
                TERMS.window(),
                TERMS.response(),
                TERMS.anchorMost(),
                TERMS.grace());
    }

    private static List<JsonNode> texts(String... texts) {
        List<JsonNode> nodes = new ArrayList<>();
        for (String text : texts) {
            nodes.add(TextNode.valueOf(text));
        }
        return nodes;
    }
}
