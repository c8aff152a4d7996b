package openledger.commitment.witness;

import java.util.Map;
import java.util.Optional;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.ConsistencyPath;
import openledger.commitment.log.LogHasher;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSignature;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.log.SignedNote;
import openledger.commitment.log.SignedNote.Standing;

/**
 * Cosigns checkpoints of the logs it knows, of each log only such as continue the one it cosigned last (C2SP tlog-witness). So whoever asks
 * for its cosignature knows that nobody was shown another log. Remembers before it answers. Confined to one thread.
 */
public final class Witness {
    private final NoteSigner signer;
    private final Map<String, NoteKey> logs;
    private final Memory memory;

    /**
     * A witness.
     *
     * @param signer of cosignatures
     * @param logs keys of the logs that it watches, by their origins
     * @throws IllegalArgumentException if the signer's key is not for cosignatures, or a log's key is
     */
    public Witness(NoteSigner signer, Map<String, NoteKey> logs, Memory memory) {
        if (signer.key().kind() != NoteKey.Kind.COSIGNATURE) {
            throw new IllegalArgumentException("a witness signs with a key for cosignatures");
        }
        if (logs.values().stream().anyMatch(key -> key.kind() != NoteKey.Kind.NOTE)) {
            throw new IllegalArgumentException("a log signs with a key for notes");
        }
        this.signer = signer;
        this.logs = Map.copyOf(logs);
        this.memory = memory;
    }

    /** What a witness remembers, durable once a call has returned. */
    public interface Memory {
        /** The checkpoint of a log that was cosigned last. */
        Optional<SignedNote> newest(String origin);

        /** Keeps one in its place. */
        void keep(String origin, SignedNote checkpoint);

        /** Keeps two checkpoints of one log that cannot both be of it. */
        void splitView(String origin, SignedNote one, SignedNote other);
    }

    /** What becomes of a request. */
    public sealed interface Answer {
        /** The witness has signed. */
        record Cosigned(NoteSignature signature) implements Answer {}

        /** It does not watch such a log. */
        record UnknownLog(String origin) implements Answer {}

        /** The checkpoint is not signed by the log's key, or is none. */
        record NotSigned(String why) implements Answer {}

        /** The old size is larger than the checkpoint's. */
        record Backwards(long old, long size) implements Answer {}

        /** The old size is not that of the checkpoint that was cosigned last; or it is, and so is the size, and the roots differ. */
        record Conflict(long newest) implements Answer {}

        /** The checkpoint does not continue the one that was cosigned last, as far as the proof goes. */
        record Inconsistent(String why) implements Answer {}
    }

    /**
     * Answers a request.
     *
     * @param seconds now, Unix time
     */
    public Answer answer(AddCheckpoint request, long seconds) {
        Checkpoint checkpoint;
        try {
            checkpoint = Checkpoint.parse(request.note().text());
        } catch (IllegalArgumentException none) {
            return new Answer.NotSigned(String.valueOf(none.getMessage()));
        }
        NoteKey key = logs.get(checkpoint.origin());
        if (key == null) {
            return new Answer.UnknownLog(checkpoint.origin());
        }
        if (request.note().standing(key) != Standing.SIGNED) {
            return new Answer.NotSigned("it is not signed by " + key.name());
        }
        return request.old() > checkpoint.size()
                ? new Answer.Backwards(request.old(), checkpoint.size())
                : continued(request, checkpoint, seconds);
    }

    private Answer continued(AddCheckpoint request, Checkpoint checkpoint, long seconds) {
        String origin = checkpoint.origin();
        Optional<SignedNote> newest = memory.newest(origin);
        Checkpoint known = newest.map(note -> Checkpoint.parse(note.text()))
                .orElseGet(() -> new Checkpoint(origin, 0, LogHasher.EMPTY_ROOT));
        boolean isSplit = known.size() == checkpoint.size() && !known.root().equals(checkpoint.root());
        if (isSplit) {
            newest.ifPresent(note -> memory.splitView(origin, note, request.note()));
        }
        if (isSplit || request.old() != known.size()) {
            return new Answer.Conflict(known.size());
        }
        ConsistencyPath path = new ConsistencyPath(request.old(), checkpoint.size(), request.proof());
        if (!path.proves(known.root(), checkpoint.root())) {
            return new Answer.Inconsistent("the proof does not lead from " + known.size() + " entries to "
                    + checkpoint.size() + " with these roots");
        }
        NoteSignature signature = signer.sign(request.note().text(), seconds);
        memory.keep(origin, request.note());
        return new Answer.Cosigned(signature);
    }
}
