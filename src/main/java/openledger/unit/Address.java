package openledger.unit;

/** Address of an account or a contract, 20 bytes; {@code 0x} and 40 lower-case hex digits in text. Immutable. */
public final class Address extends FixedBytes {
    public static final int BYTES = 20;

    private Address(byte[] bytes) {
        super(bytes);
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
        return of(parseHex(text, "an address"));
    }
}
