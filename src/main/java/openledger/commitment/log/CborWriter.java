package openledger.commitment.log;

import java.io.ByteArrayOutputStream;

/**
 * Writes CBOR in its one deterministic form (RFC 8949, section 4.2.1): shortest heads, definite lengths. The order of the keys of a map is the
 * caller's to keep. Confined to one thread.
 */
final class CborWriter {
    static final int UNSIGNED = 0;
    static final int NEGATIVE = 1;
    static final int BYTES = 2;
    static final int TEXT = 3;
    static final int ARRAY = 4;
    static final int MAP = 5;
    static final int TAG = 6;
    /** The simple value null, a head and nothing else. */
    static final int NULL = 0xf6;

    static final int ONE_BYTE = 24;
    static final int TWO_BYTES = 25;
    static final int FOUR_BYTES = 26;
    static final int EIGHT_BYTES = 27;
    static final int MAJOR_SHIFT = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    CborWriter integer(long value) {
        return value < 0 ? head(NEGATIVE, -1 - value) : head(UNSIGNED, value);
    }

    CborWriter bytes(byte[] value) {
        head(BYTES, value.length);
        out.writeBytes(value);
        return this;
    }

    CborWriter text(String value) {
        byte[] utf8 = Utf8.bytes(value);
        head(TEXT, utf8.length);
        out.writeBytes(utf8);
        return this;
    }

    /** The head of an array; its elements follow. */
    CborWriter array(int elements) {
        return head(ARRAY, elements);
    }

    /** The head of a map; its keys and values follow, in turns. */
    CborWriter map(int entries) {
        return head(MAP, entries);
    }

    /** The head of a tagged value, which follows. */
    CborWriter tag(int number) {
        return head(TAG, number);
    }

    CborWriter nothing() {
        out.write(NULL);
        return this;
    }

    byte[] encoded() {
        return out.toByteArray();
    }

    private CborWriter head(int major, long value) {
        int type = major << MAJOR_SHIFT;
        if (value < ONE_BYTE) {
            out.write(type | (int) value);
        } else if (value <= 0xff) {
            number(type | ONE_BYTE, value, 1);
        } else if (value <= 0xffff) {
            number(type | TWO_BYTES, value, Short.BYTES);
        } else if (value <= 0xffff_ffffL) {
            number(type | FOUR_BYTES, value, Integer.BYTES);
        } else {
            number(type | EIGHT_BYTES, value, Long.BYTES);
        }
        return this;
    }

    private void number(int head, long value, int bytes) {
        out.write(head);
        for (int shift = Byte.SIZE * (bytes - 1); shift >= 0; shift -= Byte.SIZE) {
            out.write((int) (value >>> shift));
        }
    }
}
