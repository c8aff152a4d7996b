package openledger.unit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/** Bytes of a fixed number that are one value; {@code 0x} and lower-case hex digits in text. Equal to its own kind only. Immutable. */
public abstract class FixedBytes {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;

    /** Takes the bytes as they are: whoever gives them keeps no hold of them. */
    protected FixedBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of the bytes. */
    public final byte[] bytes() {
        return bytes.clone();
    }

    /** Writes the bytes to {@code out} at {@code offset}. */
    public final void copyTo(byte[] out, int offset) {
        System.arraycopy(bytes, 0, out, offset, bytes.length);
    }

    /** 8 bytes from an offset on, as a big-endian number. */
    protected final long wordAt(int offset) {
        return (long) WORD.get(bytes, offset);
    }

    /** The bytes behind {@code 0x}, in any case. */
    protected static byte[] parseHex(String text, String what) {
        if (!text.startsWith("0x")) {
            throw new IllegalArgumentException(what + " begins with 0x");
        }
        return HexFormat.of().parseHex(text, 2, text.length());
    }

    @Override
    @SuppressWarnings("EqualsGetClass") // an address and a hash with the same bytes are two things
    public final boolean equals(Object other) {
        return other instanceof FixedBytes value && value.getClass() == getClass() && Arrays.equals(bytes, value.bytes);
    }

    @Override
    public final int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public final String toString() {
        return "0x" + HexFormat.of().formatHex(bytes);
    }
}
