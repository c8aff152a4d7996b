package openledger.commitment.verify;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.UsageRecord;
import openledger.commitment.leaf.UsageRecord.Usage;
import openledger.commitment.verify.Receipt.Committed;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Finding.Failed;
import openledger.commitment.verify.ReceiptVerification.Finding.Passed;
import openledger.commitment.verify.ReceiptVerification.Finding.Skipped;
import openledger.routing.DecisionStatus;
import openledger.routing.Gate;
import openledger.routing.Trigger;
import openledger.unit.Hash32;

/**
 * Checks the record beside a receipt's leaf against what the leaves and the commitment prove. A record shows a member only if it means
 * something, so an absent member claims that there is nothing, and is refuted like any other if there is.
 */
final class LeafRecord {
    private static final int MOST_RESENDS = 255;
    private static final long U32 = 0xffff_ffffL;
    private static final String NOTHING = "";
    private static final String LEAF = "the leaf has";
    private static final String COMMITMENT = "the commitment has";
    private static final String ATTEMPTS = "attempts";
    private static final String RESENDS = "resends";

    private final Receipt receipt;
    private final ReceiptContent content;
    private final Leaf leaf;
    private String objection = NOTHING;

    private LeafRecord(Receipt receipt, Leaf leaf) {
        this.receipt = receipt;
        this.content = receipt.content();
        this.leaf = leaf;
    }

    /** What the record comes to. */
    static Finding finding(Receipt receipt, Leaf leaf) {
        if (receipt.content().isEmpty()) {
            return new Skipped("There is no record beside the leaf.");
        }
        LeafRecord record = new LeafRecord(receipt, leaf);
        record.compare();
        if (!record.objection.isEmpty()) {
            return new Failed(record.objection);
        }
        return leaf.stage() instanceof Stage.Ended
                ? new Passed(
                        "The record agrees with the leaves and the commitment on the end, the rules, the plan, the times and"
                                + " the digests.")
                : new Skipped("The leaf is a plan; the record is of how it ended.");
    }

    private void compare() {
        common();
        if (leaf.stage() instanceof Stage.Ended ended) {
            proved(leaf, ended).forEach((name, value) -> equal(name, value, LEAF));
            ended(ended);
        }
    }

    /** What the leaf of a plan has too. */
    private void common() {
        equal("body_sha256", bare(receipt.digest()), COMMITMENT);
        equal("nonce", receipt.nonce(), COMMITMENT);
        equal("mode", leaf.mode().routing().word(), LEAF);
        equal("gate", leaf.mode().gate().map(Gate::word).orElse(NOTHING), LEAF);
        equal("route_id", Integer.toString(leaf.route().value()), LEAF);
        equal("budget", Integer.toString(leaf.budget()), LEAF);
    }

    /** What a record has to say of that end. */
    static Map<String, String> proved(Leaf leaf, Stage.Ended ended) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("status", ended.status().name());
        members.put("attribution", ended.attribution().name());
        members.put("released", leaf.mode().isReleased() ? "true" : NOTHING);
        members.put(
                "fallback_reason",
                leaf.trigger() == Trigger.NONE ? NOTHING : leaf.trigger().name());
        // A crash takes the record of attempts along that were spent before a plan; the leaf keeps their number.
        if (ended.status() != DecisionStatus.INTERRUPTED) {
            members.put(ATTEMPTS, Integer.toString(leaf.attempts()));
        }
        members.put(RESENDS, ended.resends() == 0 ? NOTHING : Integer.toString(ended.resends()));
        members.put("snapshot", leaf.snapshot() == Leaf.NO_SNAPSHOT ? NOTHING : Long.toString(leaf.snapshot()));
        members.put("arrival", Instant.ofEpochMilli(leaf.timeMillis()).toString());
        return members;
    }

    private void ended(Stage.Ended ended) {
        equal(
                "response_sha256",
                receipt.responseDigest().equals(Hash32.ZERO) ? NOTHING : bare(receipt.responseDigest()),
                COMMITMENT);
        total(ended.totalMillis());
        attempts(ended);
        if (content.size("plan") != leaf.plan().size()) {
            object("plan", content.size("plan") + " places", LEAF, leaf.plan().size() + " places");
        }
        turn();
    }

    private void total(long millis) {
        Optional<String> said = content.text("time_ms.total");
        long whole = said.map(LeafRecord::whole).orElse(-1L);
        boolean agrees = whole == millis || (millis == U32 && whole > U32);
        if (!agrees) {
            object("time_ms.total", said.orElse(NOTHING), LEAF, millis + " whole milliseconds");
        }
    }

    private static long whole(String number) {
        try {
            BigDecimal value = new BigDecimal(number);
            return value.signum() < 0 || value.precision() - value.scale() > 18 ? -1 : value.longValue();
        } catch (NumberFormatException noNumber) {
            return -1;
        }
    }

    private void attempts(Stage.Ended ended) {
        int count = content.size("attempt_list");
        equal(ATTEMPTS, Integer.toString(count), "the list of attempts has");
        TreeSet<String> triggers = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            String attempt = "attempt_list[" + i + "].";
            equal(attempt + "number", Integer.toString(i + 1), "its place is");
            equal(
                    attempt + "upstream_request_id",
                    i < receipt.upstreamRequestIds().size()
                            ? receipt.upstreamRequestIds().get(i)
                            : NOTHING,
                    COMMITMENT);
            took(i + 1, attempt);
            triggers.add(content.text(attempt + "trigger").orElse(NOTHING));
        }
        if (count != receipt.upstreamRequestIds().size()) {
            object(
                    "attempt_list",
                    count + " attempts",
                    COMMITMENT,
                    receipt.upstreamRequestIds().size() + " names of calls");
        }
        boolean isNamed = leaf.trigger() == Trigger.NONE
                ? triggers.stream().allMatch(Trigger.NONE.name()::equals)
                : triggers.contains(leaf.trigger().name());
        if (!isNamed && ended.status() != DecisionStatus.INTERRUPTED) {
            object(
                    "the triggers of its attempts",
                    triggers.toString(),
                    LEAF,
                    leaf.trigger().name());
        }
    }

    /** What an attempt is said to have taken, and of which model. */
    private void took(int number, String attempt) {
        Optional<Usage> usage = receipt.usage().attempts().stream()
                .filter(each -> each.attempt() == number)
                .findFirst();
        equal(attempt + "model", usage.map(Usage::model).orElse(NOTHING), COMMITMENT);
        String tokens = attempt + "tokens.";
        equal(tokens + "input", tokens(usage, Usage::input), COMMITMENT);
        equal(tokens + "cached", tokens(usage, Usage::cached), COMMITMENT);
        equal(tokens + "cache_written", tokens(usage, Usage::cacheWritten), COMMITMENT);
        equal(tokens + "output", tokens(usage, Usage::output), COMMITMENT);
        equal(tokens + "reasoning", tokens(usage, Usage::reasoning), COMMITMENT);
    }

    private static String tokens(Optional<Usage> usage, ToLongFunction<Usage> number) {
        return usage.map(number::applyAsLong)
                .filter(tokens -> tokens != UsageRecord.UNKNOWN)
                .map(String::valueOf)
                .orElse(NOTHING);
    }

    /** A turn is in the leaf of the plan alone. */
    private void turn() {
        Optional<Stage.Planned> plan = receipt.plan().flatMap(LeafRecord::planned);
        plan.ifPresent(pinned -> {
            long said = whole(content.text("turn").orElse(NOTHING));
            if (said != pinned.turn() && !(pinned.turn() == U32 && said > U32)) {
                object(
                        "turn",
                        content.text("turn").orElse(NOTHING),
                        "the plan's leaf has",
                        Long.toString(pinned.turn()));
            }
        });
        if (leaf.snapshot() == Leaf.NO_SNAPSHOT) {
            equal("turn", NOTHING, LEAF);
        }
    }

    private static Optional<Stage.Planned> planned(Committed plan) {
        try {
            return LeafEncoding.decode(plan.leaf()).stage() instanceof Stage.Planned pinned
                    ? Optional.of(pinned)
                    : Optional.empty();
        } catch (IllegalArgumentException notALeaf) {
            return Optional.empty();
        }
    }

    private void equal(String name, String proved, String where) {
        String said = content.text(name).orElse(NOTHING);
        if (!said.equals(proved) && !isMoreThanALeafCounts(name, said, proved)) {
            object(name, said, where, proved);
        }
    }

    private static boolean isMoreThanALeafCounts(String name, String said, String proved) {
        return RESENDS.equals(name) && proved.equals(Integer.toString(MOST_RESENDS)) && whole(said) >= MOST_RESENDS;
    }

    /** The first is told. */
    private void object(String name, String said, String where, String proved) {
        if (objection.isEmpty()) {
            objection = "The record has " + name + " " + shown(said) + ", but " + where + " " + shown(proved) + ".";
        }
    }

    private static String bare(Hash32 hash) {
        return hash.toString().substring(2);
    }

    private static String shown(String value) {
        return value.isEmpty() ? "none" : ReceiptContent.shown(value);
    }
}
