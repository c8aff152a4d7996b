package openledger.fairness;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** Numbers of a part as bytes: seven bits each, least first (unsigned LEB128). Pure. */
public final class PartBytes {
    private static final int BITS = 7;
    private static final int MORE = 0x80;

    private PartBytes() {}

    /** Writes a number of 0 or more. */
    public static void write(ByteBuffer to, long number) {
        if (number < 0) {
            throw new IllegalArgumentException("what is counted is not negative: " + number);
        }
        long left = number;
        while (left >= MORE) {
            to.put((byte) (left | MORE));
            left >>>= BITS;
        }
        to.put((byte) left);
    }

    /**
     * Reads a number.
     *
     * @param most it may be
     * @throws IllegalArgumentException if it is larger, is not in its shortest form, or is not there
     */
    public static long read(ByteBuffer from, long most) {
        long number = 0;
        int shift = 0;
        try {
            while (true) {
                int next = from.get() & 0xff;
                if (shift >= Long.SIZE - 1 || (next == 0 && shift > 0)) {
                    throw new IllegalArgumentException("a number is too long");
                }
                number |= (long) (next & (MORE - 1)) << shift;
                if (next < MORE) {
                    break;
                }
                shift += BITS;
            }
        } catch (BufferUnderflowException end) {
            throw new IllegalArgumentException("a number is missing", end);
        }
        if (number < 0 || number > most) {
            throw new IllegalArgumentException("a number is larger than " + most);
        }
        return number;
    }

    /** Writes a number of either sign. */
    static void writeSigned(ByteBuffer to, long number) {
        write(to, (number << 1) ^ (number >> (Long.SIZE - 1)));
    }

    /** Reads one that is not further from 0 than {@code most}. */
    static long readSigned(ByteBuffer from, long most) {
        long folded = read(from, 2 * most);
        return (folded >>> 1) ^ -(folded & 1);
    }
}
