package openledger.verifier;

import static openledger.verifier.EnvelopeVectors.ELSEWHERE;
import static openledger.verifier.EnvelopeVectors.ENTRIES;
import static openledger.verifier.EnvelopeVectors.INDEX;
import static openledger.verifier.EnvelopeVectors.LEAF;
import static openledger.verifier.EnvelopeVectors.LOG;
import static openledger.verifier.EnvelopeVectors.OTHER;
import static openledger.verifier.EnvelopeVectors.PATH;
import static openledger.verifier.EnvelopeVectors.SIZE;
import static openledger.verifier.EnvelopeVectors.changed;
import static openledger.verifier.EnvelopeVectors.hex;
import static openledger.verifier.EnvelopeVectors.replaced;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.LogHasher;
import openledger.commitment.log.LogProof;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.log.SignedNote;
import openledger.verifier.EnvelopeVectors.Case;

/**
 * Receipts as tlog-proof, and with which exit code {@code openledger verify} has to end. Long because it is the list.
 */
final class ProofVectors {
    private static final Optional<String> NO_LEAF = Optional.empty();

    private final List<Case> all = new ArrayList<>();

    static List<Case> all() {
        ProofVectors vectors = new ProofVectors();
        vectors.proofs();
        vectors.forgedProofs();
        vectors.malformedProofs();
        return vectors.all;
    }

    private void keyed(String name, byte[] receipt, NoteSigner key, String leaf, int code) {
        all.add(EnvelopeVectors.keyed(name, receipt, key, leaf, code));
    }

    private static SignedNote note(int... witnesses) {
        return CosignedLog.note(SIZE, ENTRIES.root(), witnesses);
    }

    static byte[] genuine() {
        return proof(note()).getBytes(StandardCharsets.UTF_8);
    }

    private static String proof(SignedNote note) {
        return new LogProof(INDEX, PATH.path(), note).toString();
    }

    private static SignedNote by(NoteSigner signer, String origin) {
        String text = new Checkpoint(origin, SIZE, ENTRIES.root()).toString();
        return new SignedNote(text, List.of(signer.sign(text, 0)));
    }

    private void proof(String name, String text, int code) {
        proof(name, text.getBytes(StandardCharsets.UTF_8), code);
    }

    private void proof(String name, byte[] text, int code) {
        keyed(name, text, LOG, hex(LEAF), code);
    }

    private void witnessed(String name, String text, int quorum, int code, Integer... named) {
        List<NoteKey> keys = Arrays.stream(named)
                .map(each -> CosignedLog.WITNESSES.get(each).key())
                .toList();
        all.add(new Case(
                name,
                text.getBytes(StandardCharsets.UTF_8),
                Optional.of(LOG.key()),
                Optional.of(hex(LEAF)),
                keys,
                quorum,
                code));
    }

    private void proofs() {
        byte[] genuine = proof(note()).getBytes(StandardCharsets.UTF_8);
        proof("tlog-proof", genuine, 0);
        keyed("tlog-proof without a leaf", genuine, LOG, "", 2);
        all.add(new Case(
                "tlog-proof without a key", genuine, Optional.empty(), Optional.of(hex(LEAF)), List.of(), 0, 2));
        all.add(new Case("tlog-proof without a key or leaf", genuine, Optional.empty(), NO_LEAF, List.of(), 0, 2));
        keyed(
                "tlog-proof and a leaf in upper case",
                genuine,
                LOG,
                "0x" + hex(LEAF).substring(2).toUpperCase(Locale.ROOT),
                0);
        keyed("tlog-proof of another leaf", genuine, LOG, hex(changed(LEAF, 95)), 1);
        keyed("tlog-proof of a leaf that is none", genuine, LOG, hex(changed(LEAF, 32)), 1);
        keyed("tlog-proof and another key of the same name", genuine, OTHER, hex(LEAF), 1);
        keyed("tlog-proof and the key of another log", genuine, ELSEWHERE, hex(LEAF), 1);
        proof("tlog-proof by another key of the same name", proof(by(OTHER, CosignedLog.ORIGIN)), 1);
        proof("tlog-proof of another origin", proof(by(ELSEWHERE, "elsewhere.example/log")), 1);
        proof("tlog-proof of another origin by the key", proof(by(LOG, "elsewhere.example/log")), 1);
        proof("tlog-proof of an origin of other letters", proof(by(LOG, "r\u00f6uter.example/\ud83d\udd12\u202e")), 1);
        String cosigned = proof(note(0, 1));
        witnessed("tlog-proof with cosignatures, nobody named", cosigned, 0, 0);
        witnessed("tlog-proof, two of two", cosigned, 0, 0, 0, 1);
        witnessed("tlog-proof, two of three", cosigned, 2, 0, 0, 1, 2);
        witnessed("tlog-proof, two of three, all wanted", cosigned, 0, 2, 0, 1, 2);
        witnessed("tlog-proof, another witness", cosigned, 0, 2, 2);
        witnessed("tlog-proof, a cosignature that is none of the named", proof(note(2)), 1, 2, 0, 1);
        SignedNote forged = ForgedNote.without(note(0, 1), 2)
                .with(CosignedLog.WITNESSES.get(1).sign(by(LOG, "x").text(), CosignedLog.SECONDS));
        witnessed("tlog-proof with the cosignature of another checkpoint", proof(forged), 1, 1, 0, 1);
        witnessed("tlog-proof with another time of a cosignature", cosignature(note(0), raw -> raw[11]++), 1, 1, 0);
        witnessed("tlog-proof with another cosignature", cosignature(note(0), raw -> raw[20]++), 1, 1, 0);
        witnessed("tlog-proof with s and the order", cosignature(note(0), ForgedNote::addOrder), 1, 1, 0);
    }

    private static String cosignature(SignedNote note, Consumer<byte[]> change) {
        return proof(note).replace(note.toString(), ForgedNote.changed(note, 1, change));
    }

    private void line(String name, int number, String line, int code) {
        String[] lines = proof(note()).split("\n", -1);
        lines[number] = line;
        proof("tlog-proof with " + name, String.join("\n", lines), code);
    }

    private void forgedProofs() {
        String[] lines = proof(note()).split("\n", -1);
        String zero = Base64.getEncoder().encodeToString(new byte[32]);
        int origin = Arrays.asList(lines).indexOf(CosignedLog.ORIGIN);
        line("another index", 1, "index " + (INDEX ^ 1), 1);
        line("the index of its size", 1, "index " + SIZE, 1);
        line("the largest index", 1, "index 9223372036854775807", 1);
        line("another hash", 2, zero, 1);
        line("another last hash", origin - 2, zero, 1);
        proof("tlog-proof with a hash less", proof(note()).replaceFirst(lines[2].replace("+", "\\+") + "\n", ""), 1);
        proof("tlog-proof with a hash more", proof(note()).replaceFirst("\n\n", "\n" + zero + "\n\n"), 1);
        line("another size", origin + 1, "301", 1);
        line("size 0", origin + 1, "0", 2);
        line("another root", origin + 2, zero, 1);
        SignedNote note = note();
        for (int at : List.of(4, 10, 40, 67)) {
            String other = ForgedNote.changed(note, 0, raw -> raw[at] ^= 1);
            proof(
                    "tlog-proof with another octet " + at + " of the signature",
                    proof(note).replace(note.toString(), other),
                    1);
        }
        String id = ForgedNote.changed(note, 0, raw -> raw[0] ^= 1);
        proof("tlog-proof with the id of another key", proof(note).replace(note.toString(), id), 1);
        String cut = ForgedNote.changed(note, 0, raw -> {});
        proof(
                "tlog-proof with the order added to s",
                proof(note).replace(cut, ForgedNote.changed(note, 0, ForgedNote::addOrder)),
                1);
        String more = "\u2014 " + CosignedLog.ORIGIN + " AAAAAAA=\n";
        proof("tlog-proof with a signature of another key of that name", proof(note) + more, 0);
        SignedNote twice = note.with(CosignedLog.LOG.sign(by(LOG, "x").text(), 0));
        proof("tlog-proof with a second signature, of another checkpoint", proof(twice), 1);
        String small = new LogProof(0, List.of(), CosignedLog.note(1, new LogHasher().entry(LEAF))).toString();
        proof("tlog-proof of a log of one leaf", small, 0);
    }

    private void malformedProofs() {
        String genuine = proof(note());
        String[] lines = genuine.split("\n", -1);
        int origin = Arrays.asList(lines).indexOf(CosignedLog.ORIGIN);
        line("another version", 0, "c2sp.org/tlog-proof@v2", 2);
        line("extra data", 0, lines[0] + "\nextra AAAA", 2);
        line("an index with a zero before it", 1, "index 0200", 2);
        line("an index below zero", 1, "index -1", 2);
        line("an index that is too large", 1, "index 9223372036854775808", 2);
        line("an index of other digits", 1, "index \u0662\u0660\u0660", 2);
        line("an index and a space", 1, "index 200 ", 2);
        line("no index", 1, lines[2], 2);
        line("a hash without padding", 2, lines[2].substring(0, 43), 2);
        line("a hash in another way", 2, lines[2].substring(0, 42) + (char) (lines[2].charAt(42) + 1) + "=", 2);
        line("a hash that is too short", 2, "AAAA", 2);
        line("a hash that is no base64", 2, "*".repeat(44), 2);
        line("64 hashes", 2, String.join("\n", Collections.nCopies(64, lines[2])), 2);
        line("a size with a zero before it", origin + 1, "0300", 2);
        line("a root that is too short", origin + 2, "AAAA", 2);
        line("a line that extends the checkpoint", origin + 2, lines[origin + 2] + "\nmore", 2);
        line("no origin", origin, "", 2);
        line("a tab in its origin", origin, "router\texample", 2);
        line("another dash", origin + 4, lines[origin + 4].replace('\u2014', '-'), 2);
        proof("tlog-proof with returns", genuine.replace("\n", "\r\n"), 2);
        proof("tlog-proof with a line behind it", genuine + "\n", 2);
        proof("tlog-proof without its last newline", genuine.substring(0, genuine.length() - 1), 2);
        proof("tlog-proof without signatures", genuine.substring(0, genuine.indexOf('\u2014')), 2);
        proof("tlog-proof, its first line", lines[0], 2);
        proof("tlog-proof, its name", "c2sp.org/tlog-proof@", 2);
        proof("tlog-proof behind a mark of order", "\ufeff" + genuine, 2);
        proof("tlog-proof with 65 signatures", genuine + "\u2014 x AAAAAAA=\n".repeat(64), 2);
        proof("tlog-proof with 64 signatures", genuine + "\u2014 x AAAAAAA=\n".repeat(63), 0);
        proof("tlog-proof that is too long", genuine + "\u2014 x AAAAAAA=\n".repeat(20_000), 2);
        proof("tlog-proof with a line of 300,000 letters", genuine + "a".repeat(300_000), 2);
        byte[] bytes = genuine.getBytes(StandardCharsets.UTF_8);
        byte[] name = "router".getBytes(StandardCharsets.UTF_8);
        proof("tlog-proof with no UTF-8", replaced(bytes, name, "ff6f75746572"), 2);
        proof("tlog-proof with half a character", replaced(bytes, name, "eda080746572"), 2);
    }
}
