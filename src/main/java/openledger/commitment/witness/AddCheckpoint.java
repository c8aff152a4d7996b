package openledger.commitment.witness;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.SignedNote;
import openledger.unit.Hash32;

/**
 * What a log asks a witness: to cosign a checkpoint, of which it shows that it continues the one that the witness has cosigned last (C2SP
 * tlog-witness).
 *
 * @param old size of the log as the witness knows it, 0 if it knows nothing of it
 * @param proof hashes of a consistency proof from that size, at most 63
 * @param note the checkpoint, signed by its log
 */
public record AddCheckpoint(long old, List<Hash32> proof, SignedNote note) {
    /** Longest that is read. */
    public static final int LONGEST = SignedNote.LONGEST + (8 << 10);

    private static final String OLD = "old ";

    public AddCheckpoint {
        proof = List.copyOf(proof);
    }

    /**
     * Reads the body of such a request.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static AddCheckpoint parse(String body) {
        int blank = body.length() > LONGEST ? -1 : body.indexOf("\n\n");
        if (blank < 0 || !body.startsWith(OLD)) {
            throw new IllegalArgumentException("a request is an old size, a proof, a blank line and a checkpoint");
        }
        String[] lines = body.substring(0, blank).split("\n", -1);
        if (lines.length > 1 + InclusionPath.LONGEST) {
            throw new IllegalArgumentException("a proof has at most 63 hashes");
        }
        List<Hash32> proof = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            proof.add(Hash32.of(Base64.getDecoder().decode(lines[i])));
        }
        long old = Checkpoint.number(lines[0].substring(OLD.length()));
        AddCheckpoint read = new AddCheckpoint(old, proof, SignedNote.parse(body.substring(blank + 2)));
        if (!read.toString().equals(body)) {
            throw new IllegalArgumentException("a request is written in one way: base64 with padding, one hash a line");
        }
        return read;
    }

    /** The body of the request. */
    @Override
    public String toString() {
        String hashes = proof.stream()
                .map(hash -> Base64.getEncoder().encodeToString(hash.bytes()) + "\n")
                .collect(Collectors.joining());
        return OLD + old + "\n" + hashes + "\n" + note;
    }
}
