package openledger.commitment;

/**
 * Keccak-256 as the EVM uses it: rate 1088, padding 0x01 (not SHA-3's 0x06). Source: Bertoni et al., "The Keccak
 * reference", version 3.0. Each call keeps its own state, so the class is safe for several threads.
 */
public final class Keccak256 {
    private static final int RATE = 136;
    private static final int LANES = 25;
    private static final int ROUNDS = 24;
    private static final long[] ROUND_CONSTANTS = roundConstants();
    private static final int[] ROTATION = new int[LANES - 1];
    private static final int[] PLACE = new int[LANES - 1];

    static {
        int x = 1;
        int y = 0;
        for (int t = 0; t < LANES - 1; t++) {
            ROTATION[t] = (t + 1) * (t + 2) / 2 % Long.SIZE;
            int next = (2 * x + 3 * y) % 5;
            x = y;
            y = next;
            PLACE[t] = x + 5 * y;
        }
    }

    private Keccak256() {}

    /** The 32-byte digest of {@code input}. */
    public static byte[] digest(byte[] input) {
        long[] state = new long[LANES];
        byte[] padded = new byte[(input.length / RATE + 1) * RATE];
        System.arraycopy(input, 0, padded, 0, input.length);
        padded[input.length] |= 0x01;
        padded[padded.length - 1] |= (byte) 0x80;
        for (int block = 0; block < padded.length; block += RATE) {
            for (int i = 0; i < RATE; i++) {
                state[i >>> 3] ^= (padded[block + i] & 0xffL) << ((i & 7) << 3);
            }
            permute(state);
        }
        byte[] out = new byte[32];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) (state[i >>> 3] >>> ((i & 7) << 3));
        }
        return out;
    }

    private static void permute(long[] a) {
        long[] c = new long[5];
        for (int round = 0; round < ROUNDS; round++) {
            for (int x = 0; x < 5; x++) {
                c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
            }
            for (int x = 0; x < 5; x++) {
                long d = c[(x + 4) % 5] ^ Long.rotateLeft(c[(x + 1) % 5], 1);
                for (int y = 0; y < LANES; y += 5) {
                    a[x + y] ^= d;
                }
            }
            long carried = a[1];
            for (int t = 0; t < LANES - 1; t++) {
                long kept = a[PLACE[t]];
                a[PLACE[t]] = Long.rotateLeft(carried, ROTATION[t]);
                carried = kept;
            }
            for (int y = 0; y < LANES; y += 5) {
                System.arraycopy(a, y, c, 0, 5);
                for (int x = 0; x < 5; x++) {
                    a[x + y] = c[x] ^ (~c[(x + 1) % 5] & c[(x + 2) % 5]);
                }
            }
            a[0] ^= ROUND_CONSTANTS[round];
        }
    }

    /** The constants of step iota, from the LFSR x^8 + x^6 + x^5 + x^4 + 1. */
    private static long[] roundConstants() {
        long[] constants = new long[ROUNDS];
        int lfsr = 1;
        for (int round = 0; round < ROUNDS; round++) {
            for (int j = 0; j < 7; j++) {
                if ((lfsr & 1) != 0) {
                    constants[round] |= 1L << ((1 << j) - 1);
                }
                lfsr = (lfsr << 1) ^ ((lfsr >>> 7) * 0x171);
            }
        }
        return constants;
    }
}
