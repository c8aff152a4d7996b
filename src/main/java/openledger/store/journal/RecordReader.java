package openledger.store.journal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link RecordWriter} wrote; where the bytes end too early it throws {@link BufferUnderflowException}. Confined to
 * one thread.
 */
final class RecordReader {
    private final ByteBuffer in;

    RecordReader(ByteBuffer in) {
        this.in = in;
    }

    boolean hasMore() {
        return in.hasRemaining();
    }

    int u8() {
        return in.get() & 0xff;
    }

    int u16() {
        return in.getShort() & 0xffff;
    }

    /** Four bytes; what is beyond 2³¹ − 1 is negative. */
    int u32() {
        return in.getInt();
    }

    long u64() {
        return in.getLong();
    }

    String text() {
        return new String(raw(u8()), StandardCharsets.UTF_8);
    }

    byte[] raw(int bytes) {
        byte[] raw = new byte[bytes];
        in.get(raw);
        return raw;
    }
}
