package openledger.commitment.verify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.commitment.LeafStatement;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.CoseReceipt;
import openledger.commitment.log.CoseStatement;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.LogHasher;
import openledger.commitment.log.LogProof;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.SignedNote;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Finding.Failed;
import openledger.commitment.verify.ReceiptVerification.Finding.Passed;
import openledger.commitment.verify.ReceiptVerification.Finding.Unchecked;
import openledger.commitment.verify.ReceiptVerification.Subject;
import openledger.commitment.verify.ReceiptVerification.Verdict;
import openledger.routing.Gate;
import openledger.unit.Hash32;

/**
 * Verifies a receipt that a log signs: that a leaf is in the log that a key is of. It trusts the key, which never comes from the receipt,
 * and asks no chain. Pure.
 *
 * @param checks in the order in which a person would follow them
 * @param proved what the leaf and the log say, by names; empty unless the verdict is {@link Verdict#HOLDS}
 */
public record LogVerification(List<LogCheck> checks, Verdict verdict, Map<String, String> proved) {
    private static final String READABLE = "The leaf can be read";
    private static final String INCLUDED = "The leaf is in the log";
    private static final String SIGNED = "The log has signed it";

    static final Finding NOT_INCLUDED = new Failed(
            "Leaf, index and path do not lead to the checkpoint's root: one of them is changed, or of another log.");

    /** One thing that was looked at. */
    public record LogCheck(String title, Finding finding) {}

    /**
     * Verifies one.
     *
     * @param pins the key of the log as the verifier knows it, without which nothing is checked that counts, and its witnesses
     * @param leaf 96 bytes that must be the leaf; a proof says nothing without it
     */
    public static LogVerification of(LogEnvelope receipt, LogPins pins, Optional<byte[]> leaf) {
        return switch (receipt) {
            case LogEnvelope.Proof(var proof) -> of(proof, pins, leaf);
            case LogEnvelope.Statement(var statement) -> of(statement, pins, leaf);
        };
    }

    private static LogVerification of(LogProof proof, LogPins pins, Optional<byte[]> leaf) {
        Checkpoint checkpoint = Checkpoint.parse(proof.note().text());
        List<LogCheck> checks = new ArrayList<>();
        checks.add(new LogCheck(
                READABLE,
                leaf.map(LogVerification::readable)
                        .orElseGet(() -> new Unchecked("No leaf was given, and a proof does not contain it."))));
        checks.add(new LogCheck(
                INCLUDED,
                leaf.map(known -> included(known, proof, checkpoint))
                        .orElseGet(() -> new Unchecked("Without the leaf, the path begins nowhere."))));
        checks.add(new LogCheck(
                SIGNED,
                pins.key()
                        .map(known -> signed(proof.note(), checkpoint, known))
                        .orElseGet(() -> noKey(checkpoint.origin()))));
        if (!pins.witnesses().isEmpty()) {
            checks.add(new LogCheck(Subject.WITNESSES.title(), CosignatureCount.of(proof.note(), pins)));
        }
        Map<String, String> log = new LinkedHashMap<>();
        log.put("log", checkpoint.origin());
        log.put("log_size", Long.toString(checkpoint.size()));
        log.put("log_root", checkpoint.root().toString());
        log.put("index", Long.toString(proof.index()));
        return of(checks, leaf, log);
    }

    private static LogVerification of(CoseStatement statement, LogPins pins, Optional<byte[]> given) {
        Optional<NoteKey> key = pins.key();
        byte[] leaf = statement.payload();
        List<LogCheck> checks = new ArrayList<>();
        checks.add(new LogCheck(
                READABLE,
                statement.contentType().equals(LeafStatement.CONTENT_TYPE)
                        ? readable(leaf)
                        : new Failed("The statement is no leaf, but " + ReceiptContent.shown(statement.contentType())
                                + ".")));
        given.ifPresent(known -> checks.add(new LogCheck(
                "The leaf is the given one",
                Arrays.equals(known, leaf)
                        ? new Passed("They have the same bytes.")
                        : new Failed("The statement has another leaf."))));
        checks.add(new LogCheck("It is about this request", subject(statement)));
        checks.add(new LogCheck(
                "The issuer has signed the leaf",
                key.<Finding>map(known -> statement.isBy(known)
                                ? new Passed("The signature of the statement is by the given key.")
                                : new Failed("The signature of the statement is not by the given key."))
                        .orElseGet(() -> noKey(statement.issuer()))));
        if (statement.receipts().isEmpty()) {
            checks.add(new LogCheck(INCLUDED, new Failed("The statement has no receipt of a log.")));
        }
        Hash32 hash = new LogHasher().entry(leaf);
        statement.receipts().forEach(each -> checks.add(new LogCheck(INCLUDED, receipt(each, hash, key))));
        if (!pins.witnesses().isEmpty()) {
            checks.add(new LogCheck(
                    Subject.WITNESSES.title(),
                    new Unchecked("This form cannot carry cosignatures: get the receipt as JSON or as tlog-proof.")));
        }
        Map<String, String> log = new LinkedHashMap<>();
        log.put("log", statement.issuer());
        statement.receipts().stream()
                .flatMap(each -> each.inclusion().root(hash).stream())
                .forEach(root -> log.put("log_root", root.toString()));
        return of(checks, Optional.of(leaf), log);
    }

    private static LogVerification of(List<LogCheck> checks, Optional<byte[]> leaf, Map<String, String> log) {
        Verdict verdict = checks.stream()
                .map(check -> alone(check.finding()))
                .max(Verdict::compareTo)
                .orElse(Verdict.OPEN);
        Map<String, String> proved = new LinkedHashMap<>();
        if (verdict == Verdict.HOLDS) {
            proved.putAll(log);
            leaf.ifPresent(bytes -> proved.putAll(members(LeafEncoding.decode(bytes))));
        }
        return new LogVerification(List.copyOf(checks), verdict, proved);
    }

    private static Verdict alone(Finding finding) {
        return switch (finding) {
            case Failed failed -> Verdict.BROKEN;
            case Finding.Misroute misroute -> Verdict.MISROUTED;
            case Unchecked unchecked -> Verdict.OPEN;
            case Passed passed -> Verdict.HOLDS;
            case Finding.Skipped skipped -> Verdict.HOLDS;
        };
    }

    private static Finding readable(byte[] leaf) {
        try {
            LeafEncoding.decode(leaf);
            return new Passed("The leaf has the form of version 2.");
        } catch (IllegalArgumentException notALeaf) {
            return new Failed("These are not the bytes of a leaf (" + notALeaf.getMessage() + ").");
        }
    }

    private static Finding included(byte[] leaf, LogProof proof, Checkpoint checkpoint) {
        return new InclusionPath(proof.index(), checkpoint.size(), proof.path())
                        .root(new LogHasher().entry(leaf))
                        .equals(Optional.of(checkpoint.root()))
                ? new Passed("Leaf " + proof.index() + " of " + checkpoint.size() + " leads to the checkpoint's root.")
                : NOT_INCLUDED;
    }

    /** Whether a checkpoint is the log's. */
    static Finding signed(SignedNote note, Checkpoint checkpoint, NoteKey key) {
        if (!key.name().equals(checkpoint.origin())) {
            return new Failed("The checkpoint is of the log " + ReceiptContent.shown(checkpoint.origin())
                    + ", the given key of " + key.name() + ".");
        }
        return switch (note.standing(key)) {
            case SIGNED -> new Passed("The checkpoint is signed by the given key.");
            case ABSENT -> new Failed("The checkpoint has no signature by the given key.");
            case FORGED ->
                new Failed("The signature of the checkpoint is not by the given key: one of them is changed.");
        };
    }

    private static Finding receipt(CoseReceipt receipt, Hash32 hash, Optional<NoteKey> key) {
        InclusionPath inclusion = receipt.inclusion();
        if (inclusion.root(hash).isEmpty()) {
            return new Failed(
                    "No log of " + inclusion.size() + " leaves has such a path for leaf " + inclusion.index() + ".");
        }
        // Other sizes can share the path, and with them the index changes.
        return key.<Finding>map(
                        known -> receipt.verify(hash, known).isPresent()
                                ? new Passed(
                                        "The leaf leads to a root that the given key has signed. At which place, leaf "
                                                + inclusion.index() + " of " + inclusion.size() + ", is not signed.")
                                : new Failed(
                                        "Leaf and path do not lead to a root that the given key has signed: one of them is changed, or of another log."))
                .orElseGet(() -> noKey(receipt.issuer()));
    }

    private static Finding subject(CoseStatement statement) {
        boolean agrees = LeafStatement.request(statement.subject())
                .filter(request -> isOf(statement.payload(), request.counter()))
                .isPresent();
        return agrees
                ? new Passed("The request that the statement names has the number that the leaf has.")
                : new Failed("The statement names another request than the leaf: "
                        + ReceiptContent.shown(statement.subject()) + ".");
    }

    private static boolean isOf(byte[] leaf, long counter) {
        try {
            return LeafEncoding.decode(leaf).request().counter() == counter;
        } catch (IllegalArgumentException notALeaf) {
            return false;
        }
    }

    private static Finding noKey(String origin) {
        return new Unchecked("No key of the log was given. The receipt says that it is of "
                + ReceiptContent.shown(origin) + ", which anybody can write.");
    }

    /** What a leaf says, under the names that receipts in JSON have. */
    private static Map<String, String> members(Leaf leaf) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("request_key", leaf.request().toString());
        members.put("counter", Long.toString(leaf.request().counter()));
        members.put("kind", leaf.stage() instanceof Stage.Ended ? "OUTCOME" : "PLAN");
        members.put("mode", leaf.mode().routing().word());
        members.put("gate", leaf.mode().gate().map(Gate::word).orElse(""));
        members.put("route_id", Integer.toString(leaf.route().value()));
        members.put("budget", Integer.toString(leaf.budget()));
        switch (leaf.stage()) {
            case Stage.Ended ended -> {
                members.putAll(LeafRecord.proved(leaf, ended));
                members.put("total_ms", Long.toString(ended.totalMillis()));
            }
            case Stage.Planned planned -> {
                members.put("planned", Instant.ofEpochMilli(leaf.timeMillis()).toString());
                members.put("snapshot", Long.toString(leaf.snapshot()));
                members.put("turn", Long.toString(planned.turn()));
            }
        }
        members.values().removeIf(String::isEmpty);
        return members;
    }
}
