package openledger.unit;

import java.util.Arrays;
import java.util.HexFormat;

/** A hash of 32 bytes; {@code 0x} and 64 lower-case hex digits in text. Immutable. */
public final class Hash32 {
    public static final int BYTES = 32;
    /** Stands for "none": the previous head of a first batch, the snapshot root of a batch without snapshots. */
    public static final Hash32 ZERO = new Hash32(new byte[BYTES]);

    private final byte[] bytes;

    private Hash32(byte[] bytes) {
        this.bytes = bytes;
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

    /**
     * Reads the text form; upper-case digits are taken too.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Hash32 parse(String text) {
        if (!text.startsWith("0x")) {
            throw new IllegalArgumentException("a hash begins with 0x");
        }
        return of(HexFormat.of().parseHex(text, 2, text.length()));
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Writes the bytes to {@code out} at {@code offset}. */
    public void copyTo(byte[] out, int offset) {
        System.arraycopy(bytes, 0, out, offset, BYTES);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash32 hash && Arrays.equals(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "0x" + HexFormat.of().formatHex(bytes);
    }
}
