package openledger.commitment.log;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import openledger.unit.Hash32;

/** A log of 300 entries: its roots, proofs, tiles, notes and receipts, good ones and such as were tampered with. Long because the file is. */
public final class LogVectors {
    private static final int ENTRIES = 300;
    private static final int[] SIZES = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 64, 255, 256, 257, ENTRIES};
    private static final long SECONDS = 1_790_000_000L;
    private static final String SUBJECT = "0190f1e2-7b1a-7000-8000-000000000001";

    private static final NoteSigner LOG = signer("router.example/openledger/lane/1", NoteKey.Kind.NOTE, 1);
    private static final NoteSigner OTHER_LOG = signer("router.example/openledger/lane/1", NoteKey.Kind.NOTE, 2);
    private static final NoteSigner WITNESS = signer("witness.example/w1", NoteKey.Kind.COSIGNATURE, 3);

    private final MemoryLog log = MemoryLog.of(ENTRIES);

    private LogVectors() {}

    private static NoteSigner signer(String name, NoteKey.Kind kind, int fill) {
        return SeededSigner.of(name, kind, seed(fill));
    }

    private static byte[] seed(int fill) {
        byte[] seed = new byte[NoteSigner.SEED_BYTES];
        Arrays.fill(seed, (byte) fill);
        return seed;
    }

    /** The content of the file. */
    public static ObjectNode all() {
        LogVectors vectors = new LogVectors();
        ObjectNode all = object();
        all.put("entries", Integer.toString(ENTRIES));
        vectors.roots(all.putArray("roots"));
        vectors.inclusions(all.putArray("inclusions"));
        vectors.consistencies(all.putArray("consistencies"));
        vectors.tiles(all.putArray("tiles"));
        keys(all.putArray("keys"));
        vectors.notes(all.putArray("notes"));
        vectors.proofs(all.putArray("proofs"));
        vectors.receipts(all.putArray("receipts"));
        vectors.statements(all.putArray("statements"));
        return all;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static String hex(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    private void roots(ArrayNode to) {
        for (int size : SIZES) {
            to.addObject()
                    .put("size", Integer.toString(size))
                    .put("root", log.root(size).toString());
        }
    }

    private void inclusions(ArrayNode to) {
        for (int size : SIZES) {
            for (long index : LongStream.of(0, 1, size / 2, size - 2, size - 1)
                    .filter(each -> each >= 0 && each < size)
                    .distinct()
                    .sorted()
                    .toArray()) {
                List<Hash32> path = log.inclusion(index, size).path();
                inclusion(to, index, size, log.entryHash(index), path, "as it is");
                if (index == size / 2) {
                    inclusion(to, index, size, log.entryHash((index + 1) % ENTRIES), path, "another entry");
                    inclusion(to, index + 1, size, log.entryHash(index), path, "another place");
                    for (Changed changed : changed(path)) {
                        inclusion(to, index, size, log.entryHash(index), changed.path, changed.why);
                    }
                }
            }
        }
    }

    private void inclusion(ArrayNode to, long index, long size, Hash32 entryHash, List<Hash32> path, String why) {
        Hash32 root = log.root(size);
        ObjectNode node = to.addObject()
                .put("why", why)
                .put("index", Long.toString(index))
                .put("size", Long.toString(size))
                .put("entry_hash", entryHash.toString());
        path(node, path);
        node.put("root", root.toString())
                .put(
                        "valid",
                        new InclusionPath(index, size, path)
                                .root(entryHash)
                                .filter(root::equals)
                                .isPresent());
    }

    private void consistencies(ArrayNode to) {
        for (int size : SIZES) {
            for (int earlier : SIZES) {
                if (earlier == 0 || earlier >= size) {
                    continue;
                }
                List<Hash32> path = log.consistency(earlier, size).path();
                consistency(to, earlier, size, log.root(earlier), path, "as it is");
                if (size == 7 || size == ENTRIES) {
                    consistency(to, earlier, size, log.root(earlier - 1), path, "another root then");
                    for (Changed changed : changed(path)) {
                        consistency(to, earlier, size, log.root(earlier), changed.path, changed.why);
                    }
                }
            }
        }
    }

    private void consistency(ArrayNode to, long earlier, long size, Hash32 then, List<Hash32> path, String why) {
        Hash32 now = log.root(size);
        ObjectNode node = to.addObject()
                .put("why", why)
                .put("earlier", Long.toString(earlier))
                .put("size", Long.toString(size))
                .put("earlier_root", then.toString());
        path(node, path);
        node.put("root", now.toString()).put("valid", new ConsistencyPath(earlier, size, path).proves(then, now));
    }

    private static void path(ObjectNode node, List<Hash32> path) {
        ArrayNode hashes = node.putArray("path");
        path.forEach(hash -> hashes.add(hash.toString()));
    }

    private record Changed(String why, List<Hash32> path) {}

    private static List<Changed> changed(List<Hash32> path) {
        List<Changed> all = new ArrayList<>();
        List<Hash32> more = new ArrayList<>(path);
        more.add(LogHasher.EMPTY_ROOT);
        all.add(new Changed("one hash more", more));
        if (!path.isEmpty()) {
            all.add(new Changed("one hash less", path.subList(0, path.size() - 1)));
            List<Hash32> bit = new ArrayList<>(path);
            byte[] first = bit.getFirst().bytes();
            first[0] ^= 1;
            bit.set(0, Hash32.of(first));
            all.add(new Changed("another bit", bit));
        }
        return all;
    }

    private void tiles(ArrayNode to) {
        for (TilePath path : new TilePath[] {
            new TilePath(0, 0, 1), new TilePath(0, 0, TilePath.FULL), new TilePath(0, 1, 44), new TilePath(1, 0, 1),
        }) {
            to.addObject()
                    .put("path", path.toString())
                    .put("level", Integer.toString(path.level()))
                    .put("index", Long.toString(path.index()))
                    .put("width", Integer.toString(path.width()))
                    .put("bytes", hex(log.tile(path)));
        }
        TilePath entries = new TilePath(TilePath.ENTRIES, 1, 44);
        to.addObject()
                .put("path", entries.toString())
                .put("level", "entries")
                .put("index", "1")
                .put("width", "44")
                .put("bytes", hex(EntryBundle.of(log.entries.subList(TilePath.FULL, ENTRIES))));
    }

    private static void keys(ArrayNode to) {
        int fill = 1;
        for (NoteSigner each : new NoteSigner[] {LOG, OTHER_LOG, WITNESS}) {
            to.addObject()
                    .put("name", each.key().name())
                    .put("kind", each.key().kind().name())
                    .put("seed", hex(seed(fill++)))
                    .put("key", each.key().toString());
        }
    }

    private Checkpoint checkpoint() {
        return new Checkpoint(LOG.key().name(), ENTRIES, log.root(ENTRIES));
    }

    private void notes(ArrayNode to) {
        String text = checkpoint().toString();
        SignedNote bare = new SignedNote(text, List.of());
        SignedNote good = bare.with(LOG.sign(text, 0));
        note(to, "signed by the log", good);
        note(to, "signed by the log and a witness", good.with(WITNESS.sign(text, SECONDS)));
        note(to, "signed by another key of that name", bare.with(OTHER_LOG.sign(text, 0)));
        String forked = text.replace("\n300\n", "\n301\n");
        note(to, "signed for another text", bare.with(LOG.sign(forked, 0)));
        note(to, "cosigned for another text", good.with(WITNESS.sign(forked, SECONDS)));
    }

    private static void note(ArrayNode to, String why, SignedNote note) {
        ObjectNode node = to.addObject().put("why", why).put("note", note.toString());
        ArrayNode keys = node.putArray("keys");
        for (NoteSigner each : new NoteSigner[] {LOG, OTHER_LOG, WITNESS}) {
            keys.addObject()
                    .put("key", each.key().toString())
                    .put("standing", note.standing(each.key()).name())
                    .put(
                            "seconds",
                            note.cosignedAt(each.key()).isPresent()
                                    ? Long.toString(note.cosignedAt(each.key()).getAsLong())
                                    : "");
        }
    }

    private void proofs(ArrayNode to) {
        String text = checkpoint().toString();
        SignedNote note = new SignedNote(text, List.of(LOG.sign(text, 0), WITNESS.sign(text, SECONDS)));
        for (long index : new long[] {0, 33, ENTRIES - 1}) {
            LogProof proof = new LogProof(index, log.inclusion(index, ENTRIES).path(), note);
            proof(to, "as it is", proof, log.entryHash(index));
            proof(to, "another entry", proof, log.entryHash((index + 1) % ENTRIES));
            proof(to, "another place", new LogProof(index + 1, proof.path(), note), log.entryHash(index));
        }
    }

    private static void proof(ArrayNode to, String why, LogProof proof, Hash32 entryHash) {
        to.addObject()
                .put("why", why)
                .put("proof", proof.toString())
                .put("entry_hash", entryHash.toString())
                .put("key", LOG.key().toString())
                .put("valid", proof.verify(entryHash, LOG.key()).isPresent());
    }

    private CoseReceipt receipt(int index, NoteSigner by) {
        return CoseReceipt.issue(
                LOG.key().name(), SUBJECT, SECONDS, log.inclusion(index, ENTRIES), log.root(ENTRIES), by);
    }

    private void receipts(ArrayNode to) {
        for (int index : new int[] {0, 33, ENTRIES - 1}) {
            CoseReceipt good = receipt(index, LOG);
            InclusionPath path = good.inclusion();
            receipt(to, "as it is", good, index);
            receipt(to, "another entry", good, (index + 1) % ENTRIES);
            receipt(to, "another key", receipt(index, OTHER_LOG), index);
            receipt(to, "another place", moved(good, new InclusionPath(index ^ 1, ENTRIES, path.path())), index);
            for (Changed changed : changed(path.path())) {
                receipt(to, changed.why, moved(good, new InclusionPath(index, ENTRIES, changed.path)), index);
            }
            byte[] signature = good.signature().signature();
            signature[0] ^= 1;
            receipt(to, "another signature", signed(good, good.signature().header(), signature), index);
            byte[] header = good.signature().header();
            header[header.length - SUBJECT.length()] ^= 1;
            receipt(to, "another header", signed(good, header, good.signature().signature()), index);
        }
    }

    private static CoseReceipt moved(CoseReceipt of, InclusionPath path) {
        return new CoseReceipt(of.issuer(), of.subject(), of.seconds(), path, of.signature());
    }

    private static CoseReceipt signed(CoseReceipt of, byte[] header, byte[] signature) {
        return new CoseReceipt(
                of.issuer(), of.subject(), of.seconds(), of.inclusion(), new CoseSignature(header, signature));
    }

    private void receipt(ArrayNode to, String why, CoseReceipt receipt, int entry) {
        to.addObject()
                .put("why", why)
                .put("receipt", hex(receipt.encoded()))
                .put("issuer", receipt.issuer())
                .put("subject", receipt.subject())
                .put("seconds", Long.toString(receipt.seconds()))
                .put("index", Long.toString(receipt.inclusion().index()))
                .put("size", Long.toString(receipt.inclusion().size()))
                .put("entry", hex(log.entries.get(entry)))
                .put("key", LOG.key().toString())
                .put("valid", receipt.verify(log.entryHash(entry), LOG.key()).isPresent());
    }

    private void statements(ArrayNode to) {
        int index = 33;
        byte[] entry = log.entries.get(index);
        CoseStatement bare = CoseStatement.sign(LOG.key().name(), SUBJECT, "text/plain", entry, LOG);
        statement(to, "with a receipt", bare.with(List.of(receipt(index, LOG))), index);
        statement(to, "with the receipt of another entry", bare.with(List.of(receipt(index + 1, LOG))), index);
        statement(
                to,
                "signed with another key",
                CoseStatement.sign(LOG.key().name(), SUBJECT, "text/plain", entry, OTHER_LOG)
                        .with(List.of(receipt(index, LOG))),
                index);
    }

    private void statement(ArrayNode to, String why, CoseStatement statement, int index) {
        boolean valid = statement.isBy(LOG.key())
                && statement.receipts().stream()
                        .allMatch(each ->
                                each.verify(log.entryHash(index), LOG.key()).isPresent());
        to.addObject()
                .put("why", why)
                .put("statement", hex(statement.encoded()))
                .put("entry", hex(log.entries.get(index)))
                .put("key", LOG.key().toString())
                .put("valid", valid);
    }
}
