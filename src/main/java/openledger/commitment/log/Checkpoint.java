package openledger.commitment.log;

import java.util.Base64;
import java.util.regex.Pattern;
import openledger.unit.Hash32;

/**
 * How long a log is, and its root: the text of a note that the log signs (C2SP tlog-checkpoint).
 *
 * @param origin the log's name
 * @param size entries, from 0
 * @param root of the log at that size
 */
public record Checkpoint(String origin, long size, Hash32 root) {
    private static final int LONGEST_ORIGIN = 255;
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,18}");
    private static final int LINES = 3;

    /** @throws IllegalArgumentException if the origin is no line, the size negative, or the root not that of a log without entries */
    public Checkpoint {
        if (origin.isEmpty()
                || origin.length() > LONGEST_ORIGIN
                || origin.chars().anyMatch(each -> each < ' ')) {
            throw new IllegalArgumentException("the origin of a log is one line of at most 255 characters");
        }
        Utf8.bytes(origin);
        if (size < 0 || (size == 0 && !root.equals(LogHasher.EMPTY_ROOT))) {
            throw new IllegalArgumentException("no log of " + size + " entries has this root");
        }
    }

    /**
     * Reads the text of a note. Lines that extend it are refused: nobody could say what they bind us to.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static Checkpoint parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length != LINES + 1 || !lines[LINES].isEmpty()) {
            throw new IllegalArgumentException("a checkpoint is three lines: origin, size and root");
        }
        byte[] root = Base64.getDecoder().decode(lines[2]);
        Checkpoint checkpoint = new Checkpoint(lines[0], number(lines[1]), Hash32.of(root));
        if (!checkpoint.toString().equals(text)) {
            throw new IllegalArgumentException("the root of a log is 32 bytes in base64, with padding");
        }
        return checkpoint;
    }

    /**
     * A size or an index.
     *
     * @throws IllegalArgumentException if it is not a decimal number of 63 bits in its one form
     */
    public static long number(String digits) {
        if (!NUMBER.matcher(digits).matches()) {
            throw new IllegalArgumentException("a size or an index is a decimal number without leading zeros");
        }
        return Long.parseLong(digits);
    }

    /** The text of the note. */
    @Override
    public String toString() {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root.bytes()) + "\n";
    }
}
