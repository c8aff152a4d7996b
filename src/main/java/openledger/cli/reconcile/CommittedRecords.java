package openledger.cli.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import openledger.audit.usage.LoggedCall;
import openledger.audit.usage.TokenCount;
import openledger.audit.usage.UsageDifference;
import openledger.audit.usage.UsageDifference.Kind;
import openledger.cli.ForeignJson;
import openledger.commitment.leaf.UsageRecord.Usage;
import openledger.commitment.verify.ChainEvidence;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.ReceiptVerification;
import openledger.commitment.verify.ReceiptVerification.Check;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Own;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.commitment.verify.ReceiptVerification.Subject;
import openledger.verifier.ReceiptReader;
import openledger.verifier.UnreadableReceipt;

/**
 * Holds calls against the receipts of their requests: whether ids and tokens are those that the leaf commits to, and the leaf is in the log
 * that its header is of. Whether the header is on chain is what {@code openledger verify} checks. Confined to one thread.
 */
final class CommittedRecords {
    private static final Set<Subject> CHECKED = EnumSet.of(
            Subject.LEAF,
            Subject.COMMITMENT,
            Subject.ANSWER,
            Subject.STORY,
            Subject.BATCH,
            Subject.PROOF,
            Subject.HEADER);

    private final List<UsageDifference> differences = new ArrayList<>();
    private int opened;
    private int notYet;

    /** Requests whose commitment was opened. */
    int opened() {
        return opened;
    }

    /** Requests that are in no batch yet: their record is the router's word alone. */
    int notYet() {
        return notYet;
    }

    /** What was found. */
    List<UsageDifference> differences() {
        return differences;
    }

    /**
     * Opens the commitment of a request.
     *
     * @param json its receipt
     * @param calls what the router says elsewhere of its calls to the provider
     * @throws IOException if it is no receipt
     */
    void check(byte[] json, List<LoggedCall> calls) throws IOException {
        LoggedCall any = calls.getFirst();
        Receipt receipt;
        try {
            receipt = ReceiptReader.read(json);
        } catch (UnreadableReceipt e) {
            JsonNode tree = ForeignJson.read(json);
            if (!tree.has("batch") && !tree.path("planned").isObject()) {
                notYet++;
                return;
            }
            add(any, "Its receipt cannot be read: " + e.getMessage());
            return;
        }
        if (!receipt.request().toString().equals(any.request())) {
            add(any, "The router gave the receipt of another request.");
            return;
        }
        opened++;
        ReceiptVerification verified =
                ReceiptVerification.of(receipt, ChainEvidence.none("it was not asked."), Pins.NONE, Own.NOTHING);
        for (Check check : verified.checks()) {
            if (CHECKED.contains(check.subject()) && check.finding() instanceof Finding.Failed(var why)) {
                add(any, check.subject().title() + ": no. " + why);
            }
        }
        for (LoggedCall call : calls) {
            differs(receipt, call).ifPresent(why -> add(call, why));
        }
    }

    private static Optional<String> differs(Receipt receipt, LoggedCall call) {
        int number = call.attempt();
        if (number < 1) {
            return Optional.empty();
        }
        boolean hasId = number <= receipt.upstreamRequestIds().size()
                && receipt.upstreamRequestIds().get(number - 1).equals(call.upstreamId());
        if (!hasId) {
            return Optional.of("Attempt " + number + " has another upstream request id in the leaf.");
        }
        TokenCount committed = TokenCount.NONE;
        for (Usage usage : receipt.usage().attempts()) {
            if (usage.attempt() == number) {
                committed = new TokenCount(usage.input(), usage.output());
            }
        }
        return committed.equals(call.tokens())
                ? Optional.empty()
                : Optional.of("Attempt " + number + " has other tokens in the leaf: " + committed.input() + " and "
                        + committed.output() + ".");
    }

    private void add(LoggedCall call, String why) {
        differences.add(new UsageDifference(
                Kind.NOT_COMMITTED, call.start(), call.target(), call.request(), call.upstreamId(), 1, why));
    }
}
