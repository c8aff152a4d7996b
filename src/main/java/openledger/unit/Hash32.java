package openledger.unit;

import java.util.Arrays;

/** A hash of 32 bytes; {@code 0x} and 64 lower-case hex digits in text. Immutable. */
public final class Hash32 extends FixedBytes implements Comparable<Hash32> {
    public static final int BYTES = 32;
    /** Stands for "none": the previous head of a first batch, the snapshot root of a batch without snapshots. */
    public static final Hash32 ZERO = new Hash32(new byte[BYTES]);

    private Hash32(byte[] bytes) {
        super(bytes);
    }

    /**
     * A hash of these bytes, copied.
     *
     * @throws IllegalArgumentException unless there are 32
     */
    public static Hash32 of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a hash has 32 bytes: " + bytes.length);
        }
        return new Hash32(bytes.clone());
    }

    /** The 32 bytes of {@code from} that begin at {@code offset}. */
    public static Hash32 of(byte[] from, int offset) {
        return new Hash32(Arrays.copyOfRange(from, offset, offset + BYTES));
    }

    /** The first 8 bytes as a big-endian number. */
    public long prefix() {
        return wordAt(0);
    }

    /** As unsigned big-endian numbers. */
    @Override
    public int compareTo(Hash32 other) {
        for (int at = 0; at < BYTES; at += Long.BYTES) {
            int order = Long.compareUnsigned(wordAt(at), other.wordAt(at));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /**
     * Reads the text form; upper-case digits are taken too.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Hash32 parse(String text) {
        return of(parseHex(text, "a hash"));
    }
}
