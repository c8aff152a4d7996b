package openledger.commitment.log;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import openledger.unit.Hash32;

/**
 * That an entry is in a log that others have seen, in one text: C2SP tlog-proof. Proves nothing by itself: whoever checks it brings the
 * entry and the keys, and takes the size from the checkpoint.
 *
 * @param index of the entry
 * @param path from the entry to the root
 * @param note the checkpoint, signed by the log and by witnesses
 */
public record LogProof(long index, List<Hash32> path, SignedNote note) {
    private static final String HEAD = "c2sp.org/tlog-proof@v1";
    private static final String INDEX = "index ";
    private static final int LONGEST = SignedNote.LONGEST + (8 << 10);

    /** @throws IllegalArgumentException if the note is no checkpoint */
    public LogProof {
        path = List.copyOf(path);
        Checkpoint.parse(note.text());
    }

    /**
     * Reads a proof, without extra data.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static LogProof parse(String text) {
        int blank = text.length() > LONGEST ? -1 : text.indexOf("\n\n");
        if (blank < 0) {
            throw new IllegalArgumentException("a proof is lines, a blank line and a checkpoint");
        }
        String[] lines = text.substring(0, blank).split("\n", -1);
        if (lines.length < 2 || !HEAD.equals(lines[0]) || !lines[1].startsWith(INDEX)) {
            throw new IllegalArgumentException("a proof begins with " + HEAD + " and the index of an entry");
        }
        if (lines.length > 2 + InclusionPath.LONGEST) {
            throw new IllegalArgumentException("a path has at most 63 hashes");
        }
        List<Hash32> path = new ArrayList<>();
        for (int i = 2; i < lines.length; i++) {
            path.add(Hash32.of(Base64.getDecoder().decode(lines[i])));
        }
        LogProof proof = new LogProof(
                Checkpoint.number(lines[1].substring(INDEX.length())),
                path,
                SignedNote.parse(text.substring(blank + 2)));
        if (!proof.toString().equals(text)) {
            throw new IllegalArgumentException("a proof is written in one way: base64 with padding, one hash a line");
        }
        return proof;
    }

    /**
     * Reads the bytes of a proof, without extra data.
     *
     * @throws IllegalArgumentException saying what is wrong with it, also if it is not UTF-8
     */
    public static LogProof parse(byte[] text) {
        return parse(Utf8.text(text, 0, text.length));
    }

    /**
     * The checkpoint that it leads to, if the log that the key is of has signed it as its own and the entry is in it; the witnesses are for
     * the caller to ask for.
     */
    public Optional<Checkpoint> verify(Hash32 entryHash, NoteKey log) {
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        boolean isItsOwn = log.kind() == NoteKey.Kind.NOTE && log.name().equals(checkpoint.origin());
        return !isItsOwn || note.standing(log) != SignedNote.Standing.SIGNED
                ? Optional.empty()
                : new InclusionPath(index, checkpoint.size(), path)
                        .root(entryHash)
                        .filter(checkpoint.root()::equals)
                        .map(root -> checkpoint);
    }

    /** The proof as it is written down. */
    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder(HEAD).append('\n').append(INDEX).append(index).append('\n');
        path.forEach(hash ->
                text.append(Base64.getEncoder().encodeToString(hash.bytes())).append('\n'));
        return text.append('\n').append(note).toString();
    }
}
