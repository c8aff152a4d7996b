package openledger.commitment.evm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import openledger.unit.Hash32;

/**
 * Keccak-256 as the EVM uses it: rate 1088, padding 0x01 (not SHA-3's 0x06). Source: Bertoni et al., "The Keccak
 * reference", version 3.0. An instance takes any number of messages, one after the other, and allocates nothing on the way;
 * it belongs to one thread. {@link #digest} is for single messages and safe for several.
 */
public final class Keccak256 {
    /** Length of a digest. */
    public static final int BYTES = 32;

    private static final int RATE = 136;
    private static final int RATE_LANES = RATE / Long.BYTES;
    private static final VarHandle LANE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long[] state = new long[KeccakPermutation.LANES];
    private final byte[] block = new byte[RATE];
    private int filled;

    /**
     * A message of which whole blocks of 136 bytes are behind.
     *
     * @param state that they have left, 200 bytes: 25 lanes, each with its lowest byte first
     * @throws IllegalArgumentException if there are not as many
     */
    public static Keccak256 after(byte[] state) {
        Keccak256 hash = new Keccak256();
        if (state.length != hash.state.length * Long.BYTES) {
            throw new IllegalArgumentException("a state has 200 bytes: " + state.length);
        }
        for (int lane = 0; lane < hash.state.length; lane++) {
            hash.state[lane] = (long) LANE.get(state, lane * Long.BYTES);
        }
        return hash;
    }

    /** The 32-byte digest of {@code input}. */
    public static byte[] digest(byte[] input) {
        byte[] out = new byte[BYTES];
        new Keccak256().add(input).finish(out, 0);
        return out;
    }

    /** Appends a byte to the message. */
    public Keccak256 add(byte value) {
        block[filled++] = value;
        if (filled == RATE) {
            absorb(block, 0);
            filled = 0;
        }
        return this;
    }

    /** Appends bytes to the message. */
    public Keccak256 add(byte[] from) {
        return add(from, 0, from.length);
    }

    /** Appends {@code length} bytes of {@code from} that begin at {@code offset} to the message. */
    public Keccak256 add(byte[] from, int offset, int length) {
        int at = offset;
        int left = length;
        while (left > 0) {
            if (filled == 0 && left >= RATE) {
                absorb(from, at);
                at += RATE;
                left -= RATE;
                continue;
            }
            int piece = Math.min(left, RATE - filled);
            System.arraycopy(from, at, block, filled, piece);
            filled += piece;
            at += piece;
            left -= piece;
            if (filled == RATE) {
                absorb(block, 0);
                filled = 0;
            }
        }
        return this;
    }

    /** Writes the digest of the message to {@code out} at {@code offset} and begins the next message. */
    public void finish(byte[] out, int offset) {
        Arrays.fill(block, filled, RATE, (byte) 0);
        block[filled] = 0x01;
        block[RATE - 1] |= (byte) 0x80;
        absorb(block, 0);
        for (int i = 0; i < BYTES / Long.BYTES; i++) {
            LANE.set(out, offset + i * Long.BYTES, state[i]);
        }
        Arrays.fill(state, 0);
        filled = 0;
    }

    /** The digest of the message; begins the next. */
    public Hash32 finish() {
        byte[] out = new byte[BYTES];
        finish(out, 0);
        return Hash32.of(out);
    }

    private void absorb(byte[] from, int offset) {
        for (int i = 0; i < RATE_LANES; i++) {
            state[i] ^= (long) LANE.get(from, offset + i * Long.BYTES);
        }
        KeccakPermutation.permute(state);
    }
}
