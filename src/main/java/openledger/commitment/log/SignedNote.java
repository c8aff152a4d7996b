package openledger.commitment.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A text and who has signed it: C2SP signed-note. Nothing in it counts before {@link #standing} says that a known key has signed it.
 * Immutable.
 *
 * @param text ends with a newline
 * @param signatures in their order
 */
public record SignedNote(String text, List<NoteSignature> signatures) {
    /** Signatures that are read; the standard asks for 16 at least. */
    private static final int MOST_SIGNATURES = 64;
    /** Room for as many, the largest that are in use among them. */
    public static final int LONGEST = 256 << 10;

    /** @throws IllegalArgumentException unless the text ends with a newline and has no other control characters */
    public SignedNote {
        signatures = List.copyOf(signatures);
        if (!text.endsWith("\n") || text.chars().anyMatch(each -> each < ' ' && each != '\n')) {
            throw new IllegalArgumentException("the text of a note is lines, without control characters");
        }
        Utf8.bytes(text);
    }

    /** What a key has to do with a note. */
    public enum Standing {
        /** It has signed it. */
        SIGNED,
        /** No signature names it. */
        ABSENT,
        /** A signature names it and is not by it: the whole note is to be refused. */
        FORGED
    }

    /**
     * Reads a note.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static SignedNote parse(String note) {
        int blank = note.length() > LONGEST ? -1 : note.lastIndexOf("\n\n");
        if (blank < 0 || blank + 2 == note.length() || !note.endsWith("\n")) {
            throw new IllegalArgumentException("a note is a text, a blank line and signatures");
        }
        List<NoteSignature> signatures = new ArrayList<>();
        for (String line : note.substring(blank + 2, note.length() - 1).split("\n", -1)) {
            if (signatures.size() == MOST_SIGNATURES) {
                throw new IllegalArgumentException("more than " + MOST_SIGNATURES + " signatures are not read");
            }
            signatures.add(NoteSignature.parse(line));
        }
        SignedNote read = new SignedNote(note.substring(0, blank + 1), signatures);
        if (!read.toString().equals(note)) {
            throw new IllegalArgumentException("a signature is base64 with padding, written in its one way");
        }
        return read;
    }

    /** The same, signed by one more. */
    public SignedNote with(NoteSignature signature) {
        List<NoteSignature> more = new ArrayList<>(signatures);
        more.add(signature);
        return new SignedNote(text, more);
    }

    /** What a known key has to do with the note. */
    public Standing standing(NoteKey key) {
        List<NoteSignature> its =
                signatures.stream().filter(each -> each.names(key)).toList();
        if (its.isEmpty()) {
            return Standing.ABSENT;
        }
        return its.stream().allMatch(each -> each.by(key, text)) ? Standing.SIGNED : Standing.FORGED;
    }

    /** The signature of a key, the first if there are several; empty if it has not signed, or a signature is forged. */
    public Optional<NoteSignature> signature(NoteKey key) {
        return standing(key) != Standing.SIGNED
                ? Optional.empty()
                : signatures.stream().filter(each -> each.names(key)).findFirst();
    }

    /** When a witness has signed, Unix seconds by its own clock; empty if it has not. */
    public OptionalLong cosignedAt(NoteKey witness) {
        return standing(witness) != Standing.SIGNED
                ? OptionalLong.empty()
                : signatures.stream()
                        .filter(each -> each.names(witness))
                        .map(each -> each.seconds(witness))
                        .filter(OptionalLong::isPresent)
                        .mapToLong(OptionalLong::getAsLong)
                        .min();
    }

    /** The note as it is written down. */
    @Override
    public String toString() {
        return text + signatures.stream().map(each -> "\n" + each).collect(Collectors.joining()) + "\n";
    }
}
