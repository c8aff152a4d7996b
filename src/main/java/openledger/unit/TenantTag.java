package openledger.unit;

import java.util.Arrays;

/** The public stand-in for a tenant on one day: 16 bytes; {@code 0x} and 32 lower-case hex digits in text. Immutable. */
public final class TenantTag extends FixedBytes {
    public static final int BYTES = 16;

    private TenantTag(byte[] bytes) {
        super(bytes);
    }

    /**
     * A tag of these bytes, copied.
     *
     * @throws IllegalArgumentException unless there are 16
     */
    public static TenantTag of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a tenant tag has 16 bytes: " + bytes.length);
        }
        return new TenantTag(bytes.clone());
    }

    /** The 16 bytes of {@code from} that begin at {@code offset}. */
    public static TenantTag of(byte[] from, int offset) {
        return new TenantTag(Arrays.copyOfRange(from, offset, offset + BYTES));
    }
}
