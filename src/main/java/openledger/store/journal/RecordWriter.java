package openledger.store.journal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Big-endian values into an array that grows. Confined to one thread. */
public final class RecordWriter {
    private byte[] bytes;
    private int size;

    public RecordWriter(int capacity) {
        this.bytes = new byte[capacity];
    }

    int size() {
        return size;
    }

    public byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }

    void u8(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    void u16(int value) {
        room(2);
        bytes[size++] = (byte) (value >>> 8);
        bytes[size++] = (byte) value;
    }

    void u32(int value) {
        u16(value >>> 16);
        u16(value);
    }

    void u64(long value) {
        u32((int) (value >>> 32));
        u32((int) value);
    }

    /** At most 255 bytes; callers have bounded it. */
    void text(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        if (encoded.length > 255) {
            throw new IllegalArgumentException("a text in a record has at most 255 bytes: " + encoded.length);
        }
        u8(encoded.length);
        raw(encoded);
    }

    void raw(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    /** Leaves room for a length and returns its place. */
    int openLength() {
        int place = size;
        u32(0);
        return place;
    }

    /** Writes how many bytes have followed the place. */
    void closeLength(int place) {
        int end = size;
        size = place;
        u32(end - place - 4);
        size = end;
    }

    /** Forgets everything after {@code length} bytes. */
    void truncate(int length) {
        size = length;
    }

    private void room(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
