package openledger.commitment.evm;

/** Keccak-256 as its specification reads, in loops: what the fast one is held against. */
public final class PlainKeccak {
    private static final int RATE = 136;
    private static final int LANES = 25;
    private static final int ROUNDS = 24;

    private PlainKeccak() {}

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
        int lfsr = 1;
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
            int x = 1;
            int y = 0;
            long carried = a[1];
            for (int t = 0; t < LANES - 1; t++) {
                int next = (2 * x + 3 * y) % 5;
                x = y;
                y = next;
                long kept = a[x + 5 * y];
                a[x + 5 * y] = Long.rotateLeft(carried, (t + 1) * (t + 2) / 2);
                carried = kept;
            }
            for (int row = 0; row < LANES; row += 5) {
                System.arraycopy(a, row, c, 0, 5);
                for (int i = 0; i < 5; i++) {
                    a[i + row] = c[i] ^ (~c[(i + 1) % 5] & c[(i + 2) % 5]);
                }
            }
            for (int j = 0; j < 7; j++) {
                if ((lfsr & 1) != 0) {
                    a[0] ^= 1L << ((1 << j) - 1);
                }
                lfsr = (lfsr << 1) ^ ((lfsr >>> 7) * 0x171);
            }
        }
    }
}
