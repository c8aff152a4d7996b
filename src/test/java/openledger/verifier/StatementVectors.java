package openledger.verifier;

import static openledger.verifier.EnvelopeVectors.ELSEWHERE;
import static openledger.verifier.EnvelopeVectors.ENTRIES;
import static openledger.verifier.EnvelopeVectors.INDEX;
import static openledger.verifier.EnvelopeVectors.LEAF;
import static openledger.verifier.EnvelopeVectors.LOG;
import static openledger.verifier.EnvelopeVectors.OTHER;
import static openledger.verifier.EnvelopeVectors.PATH;
import static openledger.verifier.EnvelopeVectors.PLAN;
import static openledger.verifier.EnvelopeVectors.SIZE;
import static openledger.verifier.EnvelopeVectors.changed;
import static openledger.verifier.EnvelopeVectors.entries;
import static openledger.verifier.EnvelopeVectors.hex;
import static openledger.verifier.EnvelopeVectors.indexOf;
import static openledger.verifier.EnvelopeVectors.prefixed;
import static openledger.verifier.EnvelopeVectors.replaced;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import openledger.commitment.LeafStatement;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.CoseReceipt;
import openledger.commitment.log.CoseStatement;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.verify.ReceiptContent;
import openledger.unit.Hash32;
import openledger.unit.RequestId;
import openledger.verifier.EnvelopeVectors.Case;

/**
 * Receipts in COSE, and with which exit code {@code openledger verify} has to end. Long because it is the list.
 */
final class StatementVectors {
    private static final long SECONDS = 1_795_959_000;
    private static final RequestId REQUEST = new RequestId(1, 12);
    /** The beginning of an inclusion proof: 300, 200. */
    private static final String SIZE_AND_INDEX = "8319012c18c8";

    private static final Optional<String> NO_LEAF = Optional.empty();

    private final List<Case> all = new ArrayList<>();

    static List<Case> all() {
        StatementVectors vectors = new StatementVectors();
        vectors.statements();
        vectors.forgedStatements();
        vectors.malformedStatements();
        return vectors.all;
    }

    static byte[] statement(NoteSigner by) {
        return LeafStatement.sign(REQUEST, LEAF, PATH, ENTRIES.root(), SECONDS, by)
                .encoded();
    }

    private static CoseReceipt receipt(InclusionPath path, Hash32 root, NoteSigner by) {
        return CoseReceipt.issue(by.key().name(), "a request", SECONDS, path, root, by);
    }

    private void cose(String name, byte[] receipt, int code) {
        all.add(new Case(name, receipt, Optional.of(LOG.key()), NO_LEAF, List.of(), 0, code));
    }

    private void keyed(String name, byte[] receipt, NoteSigner key, String leaf, int code) {
        all.add(EnvelopeVectors.keyed(name, receipt, key, leaf, code));
    }

    /** A statement that the log has signed, of anything. */
    private void signed(String name, String subject, String type, byte[] payload, int code) {
        HashedEntries entries = entries(payload);
        CoseStatement statement = CoseStatement.sign(LOG.key().name(), subject, type, payload, LOG)
                .with(List.of(receipt(entries.inclusion(INDEX), entries.root(), LOG)));
        cose(name, statement.encoded(), code);
    }

    private void statements() {
        byte[] genuine = statement(LOG);
        String subject = "urn:openledger:request:" + REQUEST;
        cose("COSE", genuine, 0);
        keyed("COSE and its leaf", genuine, LOG, hex(LEAF), 0);
        keyed("COSE and another leaf", genuine, LOG, hex(changed(LEAF, 95)), 1);
        all.add(new Case("COSE without a key", genuine, Optional.empty(), NO_LEAF, List.of(), 0, 2));
        all.add(new Case(
                "COSE without a key, another leaf",
                genuine,
                Optional.empty(),
                Optional.of(hex(changed(LEAF, 0))),
                List.of(),
                0,
                1));
        keyed("COSE and another key of the same name", genuine, OTHER, "", 1);
        keyed("COSE and the key of another log", genuine, ELSEWHERE, "", 1);
        cose("COSE by another key of the same name", statement(OTHER), 1);
        cose("COSE by another log", statement(ELSEWHERE), 1);
        signed("COSE of a plan, at the last time that a leaf can have", subject, LeafStatement.CONTENT_TYPE, PLAN, 0);
        signed("COSE of another request", "urn:openledger:request:" + new RequestId(1, 13), "", PLAN, 1);
        signed(
                "COSE of the same number in another lane",
                "urn:openledger:request:" + new RequestId(2, 12),
                LeafStatement.CONTENT_TYPE,
                LEAF,
                0);
        for (String other : List.of(
                "",
                subject + "0",
                subject.substring(4),
                subject.toUpperCase(Locale.ROOT),
                subject + "\n",
                "urn:openledger:request:0000000000000000000000000000000c",
                "urn:openledger:request:8000000000000001000000000000000c",
                "urn:openledger:request:0000000000000001000000000000000C",
                "\ufeff" + subject,
                "r\u00f6uter \ud83d\udd12\u202e\u001b[2J")) {
            signed("COSE about '" + ReceiptContent.shown(other) + "'", other, LeafStatement.CONTENT_TYPE, LEAF, 1);
        }
        signed("COSE of something else", subject, "text/plain; \u001b[2J", LEAF, 1);
        signed("COSE of no leaf", subject, LeafStatement.CONTENT_TYPE, new byte[LeafEncoding.BYTES], 1);
        signed("COSE of nothing", subject, LeafStatement.CONTENT_TYPE, new byte[0], 1);
        signed("COSE of much", subject, LeafStatement.CONTENT_TYPE, new byte[70_000], 1);
        CoseStatement bare = CoseStatement.parse(genuine).with(List.of());
        CoseReceipt one = receipt(PATH, ENTRIES.root(), LOG);
        cose("COSE without a receipt", bare.encoded(), 1);
        cose("COSE with two receipts", bare.with(List.of(one, one)).encoded(), 0);
        cose("COSE with 16 receipts", bare.with(Collections.nCopies(16, one)).encoded(), 0);
        cose(
                "COSE with a second receipt by another key",
                bare.with(List.of(one, receipt(PATH, ENTRIES.root(), OTHER))).encoded(),
                1);
        cose(
                "COSE with a first receipt of another log",
                bare.with(List.of(receipt(PATH, ENTRIES.root(), ELSEWHERE), one))
                        .encoded(),
                1);
        cose(
                "COSE with a receipt of another root",
                bare.with(List.of(receipt(PATH, Hash32.ZERO, LOG))).encoded(),
                1);
        all.add(new Case(
                "COSE, and witnesses",
                genuine,
                Optional.of(LOG.key()),
                NO_LEAF,
                List.of(CosignedLog.WITNESSES.getFirst().key()),
                0,
                2));
    }

    private void place(String name, long index, long size, List<Hash32> path, int code) {
        CoseStatement bare = CoseStatement.parse(statement(LOG));
        CoseReceipt moved = receipt(PATH, ENTRIES.root(), LOG);
        CoseReceipt there = new CoseReceipt(
                moved.issuer(),
                moved.subject(),
                moved.seconds(),
                new InclusionPath(index, size, path),
                moved.signature());
        cose(name, bare.with(List.of(there)).encoded(), code);
    }

    private void forgedStatements() {
        List<Hash32> path = PATH.path();
        place("COSE at another index", INDEX + 1, SIZE, path, 1);
        place("COSE of a size that shares the path", INDEX, SIZE - 1, path, 0);
        place("COSE of a size that does not share the path", INDEX, 1 << 20, path, 1);
        place("COSE at the index of its size", SIZE, SIZE, path, 1);
        place("COSE of the largest size", INDEX, Long.MAX_VALUE, path, 1);
        place("COSE of no size", 0, 0, path, 1);
        place("COSE of a size below zero", 0, -1, path, 1);
        place("COSE at an index below zero", -1, SIZE, path, 1);
        place("COSE at the least index", Long.MIN_VALUE, Long.MIN_VALUE, path, 1);
        place("COSE without a path", INDEX, SIZE, List.of(), 1);
        place("COSE with a shorter path", INDEX, SIZE, path.subList(1, path.size()), 1);
        place("COSE with a path the other way round", INDEX, SIZE, path.reversed(), 1);
        List<Hash32> longer = new ArrayList<>(path);
        longer.add(Hash32.ZERO);
        place("COSE with a longer path", INDEX, SIZE, longer, 1);
        place("COSE with 64 hashes", INDEX, SIZE, Collections.nCopies(64, Hash32.ZERO), 1);
        longer.set(0, Hash32.ZERO);
        place("COSE with another hash", INDEX, SIZE, longer.subList(0, path.size()), 1);
        byte[] genuine = statement(LOG);
        int leaf = indexOf(genuine, LEAF);
        cose("COSE with another leaf", changed(genuine, leaf + 70), 1);
        cose("COSE with a leaf that is none", changed(genuine, leaf + 32), 1);
        cose("COSE with another signature", changed(genuine, genuine.length - 60), 1);
        cose("COSE with another s", changed(genuine, genuine.length - 20), 1);
        byte[] added = genuine.clone();
        ForgedNote.addOrder(added);
        cose("COSE with s and the order of the group", added, 1);
        byte[] signature = Arrays.copyOfRange(genuine, genuine.length - 64, genuine.length);
        cose("COSE with a point that is none", replaced(genuine, Arrays.copyOf(signature, 32), "ff".repeat(32)), 1);
        cose("COSE with the signature of its receipt", withSignature(genuine, leaf - 66), 1);
        cose("COSE with another signature of the root", changed(genuine, leaf - 40), 1);
        cose(
                "COSE with a shorter signature",
                replaced(
                        genuine,
                        prefixed("5840", signature),
                        "583f" + hex(signature).substring(2, 128)),
                1);
        cose("COSE without a signature", replaced(genuine, prefixed("5840", signature), "40"), 1);
        cose(
                "COSE with another issuer",
                replaced(
                        genuine,
                        "router.example".getBytes(StandardCharsets.UTF_8),
                        HexFormat.of().formatHex("router.exampld".getBytes(StandardCharsets.UTF_8))),
                1);
    }

    private static byte[] withSignature(byte[] genuine, int from) {
        byte[] other = genuine.clone();
        System.arraycopy(genuine, from, other, genuine.length - 64, 64);
        return other;
    }

    private void coded(String name, String part, String other) {
        cose(name, replaced(statement(LOG), HexFormat.of().parseHex(part), other), 2);
    }

    /** What stands there in the genuine one: D2 84, the header, A1 19018A 81, the receipt, 58 60, the leaf, 58 40, the signature. */
    private void malformedStatements() {
        byte[] genuine = statement(LOG);
        coded("COSE with a longer tag", "d284", "d81284");
        coded("COSE with another tag", "d284", "d384");
        coded("COSE with three parts", "d284", "d283");
        coded("COSE of no definite length", "d284", "d29f");
        coded("COSE with another algorithm", "a40127", "a40126");
        coded("COSE with a longer number", "a40127", "a4180127");
        coded("COSE with a claim less", "a40127", "a30127");
        coded("COSE with another key of a map", "19018a81", "19018b81");
        coded("COSE with a larger map", "a119018a", "a219018a");
        coded("COSE with a map of five, and nothing in it", "a119018a81", "a5");
        coded("COSE with a longer list", "19018a81", "19018a82");
        CoseReceipt one = receipt(PATH, ENTRIES.root(), LOG);
        byte[] most =
                CoseStatement.parse(genuine).with(Collections.nCopies(16, one)).encoded();
        String first = "59%04x".formatted(one.encoded().length) + HexFormat.of().formatHex(one.encoded());
        cose("COSE with 17 receipts", replaced(most, HexFormat.of().parseHex("19018a90"), "19018a91" + first), 2);
        coded("COSE with four billion receipts", "19018a81", "19018a9affffffff");
        coded("COSE with a payload of four billion bytes", "5860", "5affffffff");
        coded("COSE with a payload of all bytes", "5860", "5bffffffffffffffff");
        coded("COSE with a payload whose length is longer", "5860", "590060");
        coded("COSE with a text for a payload", "5860", "7860");
        coded("COSE with a chunked payload", "5860", "5f5860");
        coded("COSE of a size of 2^63", SIZE_AND_INDEX, "831b800000000000000018c8");
        coded("COSE of a size of 2^64 - 1", SIZE_AND_INDEX, "831bffffffffffffffff18c8");
        coded("COSE at an index of 2^63", SIZE_AND_INDEX, "8319012c1b8000000000000000");
        coded("COSE at an index of -2^63 - 1", SIZE_AND_INDEX, "8319012c3b8000000000000000");
        coded("COSE at an index of -2^64", SIZE_AND_INDEX, "8319012c3bffffffffffffffff");
        coded("COSE of a size as a number without a bound", SIZE_AND_INDEX, "83c24901000000000000000018c8");
        coded("COSE with another data structure", "19018b01", "19018b02");
        coded("COSE with a payload in its receipt", "f6", "f7");
        coded("COSE with a shorter hash", "5820", "581f");
        coded("COSE with no UTF-8", "726f75746572", "ff6f75746572");
        coded("COSE with half a character", "726f75746572", "eda080746572");
        cose("COSE with a byte behind it", Arrays.copyOf(genuine, genuine.length + 1), 2);
        cose("COSE twice", prefixed(hex(genuine).substring(2), genuine), 2);
        for (int length : List.of(1, 2, 3, 100, genuine.length / 2, genuine.length - 1)) {
            cose("COSE, the first " + length + " bytes", Arrays.copyOf(genuine, length), 2);
        }
        cose("COSE and 100,000 lists", HexFormat.of().parseHex("d2" + "84".repeat(100_000)), 2);
        cose("COSE that is too long", Arrays.copyOf(genuine, (1 << 20) + 1), 2);
        cose("COSE behind a byte", prefixed("00", genuine), 2);
    }
}
