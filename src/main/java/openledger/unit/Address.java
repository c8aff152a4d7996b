package openledger.unit;

import java.util.Arrays;
import java.util.HexFormat;

/** Address of an account or a contract, 20 bytes; {@code 0x} and 40 lower-case hex digits in text. Immutable. */
public final class Address {
    public static final int BYTES = 20;

    private final byte[] bytes;

    private Address(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * An address of these bytes, copied.
     *
     * @throws IllegalArgumentException unless there are 20
     */
    public static Address of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("an address has 20 bytes: " + bytes.length);
        }
        return new Address(bytes.clone());
    }

    /**
     * Reads the text form in any case; an EIP-55 check sum is not checked.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Address parse(String text) {
        if (!text.startsWith("0x")) {
            throw new IllegalArgumentException("an address begins with 0x");
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
        return other instanceof Address address && Arrays.equals(bytes, address.bytes);
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
