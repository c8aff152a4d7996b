package openledger.commitment.verify;

import java.util.List;
import java.util.Optional;
import openledger.commitment.log.NoteKey;

/**
 * What the verifier knows of the log and its witnesses: trust anchors, which never come from what is checked. Immutable.
 *
 * @param key of the log
 * @param witnesses keys of those whose cosignatures count
 * @param quorum how many of them must have cosigned, from 1; 0 if none is named
 */
public record LogPins(Optional<NoteKey> key, List<NoteKey> witnesses, int quorum) {
    /** Nothing is known. */
    public static final LogPins NONE = new LogPins(Optional.empty(), List.of(), 0);

    /** @throws IllegalArgumentException if a key is of the wrong kind, two witnesses have one key, or so many cannot cosign */
    public LogPins {
        witnesses = List.copyOf(witnesses);
        if (key.filter(log -> log.kind() != NoteKey.Kind.NOTE).isPresent()) {
            throw new IllegalArgumentException("the key of a log signs notes");
        }
        if (witnesses.stream().anyMatch(each -> each.kind() != NoteKey.Kind.COSIGNATURE)) {
            throw new IllegalArgumentException("the key of a witness cosigns");
        }
        // Under two names it would count twice.
        if (witnesses.stream().map(LogPins::material).distinct().count() != witnesses.size()) {
            throw new IllegalArgumentException("two witnesses have one key");
        }
        if (quorum < Math.min(1, witnesses.size()) || quorum > witnesses.size()) {
            throw new IllegalArgumentException("a quorum is 1 to the number of witnesses");
        }
    }

    private static String material(NoteKey key) {
        String text = key.toString();
        return text.substring(text.indexOf('+', text.indexOf('+') + 1));
    }
}
