package openledger.commitment;

import java.nio.ByteBuffer;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/** Reads a batch's header back from its 20 words. */
final class HeaderWords {
    private static final int WORD = 32;

    private final ByteBuffer in;
    private int next;

    private HeaderWords(byte[] words) {
        this.in = ByteBuffer.wrap(words);
    }

    static BatchHeader read(byte[] encoded) {
        HeaderWords words = new HeaderWords(encoded);
        long version = words.number();
        if (version != BatchHeader.VERSION) {
            throw new IllegalArgumentException("batch header of version " + version);
        }
        return new BatchHeader(
                words.number(),
                words.address(),
                new LaneId(words.number()),
                words.number(),
                words.hash(),
                words.hash(),
                words.number(),
                words.number(),
                words.hash(),
                words.number(),
                words.number(),
                words.number(),
                Math.toIntExact(words.number()),
                Math.toIntExact(words.number()),
                words.number(),
                words.hash(),
                words.hash(),
                words.number(),
                words.number());
    }

    private long number() {
        next += WORD;
        return in.getLong(next - Long.BYTES);
    }

    private Address address() {
        byte[] bytes = new byte[Address.BYTES];
        next += WORD;
        in.get(next - Address.BYTES, bytes);
        return Address.of(bytes);
    }

    private Hash32 hash() {
        next += WORD;
        return Hash32.of(in.array(), next - WORD);
    }
}
