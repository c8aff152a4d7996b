package openledger.commitment.evm;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * A number modulo the prime of secp256k1's field, 2²⁵⁶ − 2³² − 977 (SEC 2, section 2.4.1). Immutable. A recovery multiplies some three
 * thousand of them, which with divisions of {@link BigInteger} takes milliseconds; here what is above 2²⁵⁶ is multiplied by what that is
 * modulo the prime, and added. Not in constant time.
 */
final class FieldElement {
    static final BigInteger PRIME =
            BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE.shiftLeft(32)).subtract(BigInteger.valueOf(977));
    static final FieldElement ZERO = new FieldElement(new long[4]);
    static final FieldElement ONE = of(BigInteger.ONE);

    /** 2²⁵⁶ modulo the prime. */
    private static final long FOLD = 0x1_0000_03D1L;

    private static final int WORDS = 4;
    /** Of a number modulo the prime that has a square root, the root's exponent: the prime is 3 modulo 4. */
    private static final BigInteger ROOT = PRIME.add(BigInteger.ONE).shiftRight(2);

    /** The lowest first, unsigned; less than the prime. Never changed after construction. */
    private final long[] words;

    private FieldElement(long[] words) {
        this.words = words;
    }

    /** A number that is not negative, modulo the prime. */
    static FieldElement of(BigInteger value) {
        BigInteger rest = value.mod(PRIME);
        long[] words = new long[WORDS];
        for (int i = 0; i < WORDS; i++) {
            words[i] = rest.shiftRight(Long.SIZE * i).longValue();
        }
        return new FieldElement(words);
    }

    BigInteger value() {
        BigInteger value = BigInteger.ZERO;
        for (int i = WORDS - 1; i >= 0; i--) {
            value = value.shiftLeft(Long.SIZE).or(new BigInteger(Long.toUnsignedString(words[i])));
        }
        return value;
    }

    /** The number, big-endian, 32 bytes. */
    byte[] bytes() {
        byte[] bytes = new byte[WORDS * Long.BYTES];
        for (int i = 0; i < bytes.length; i++) {
            int place = bytes.length - 1 - i;
            bytes[i] = (byte) (words[place / Long.BYTES] >>> (Byte.SIZE * (place % Long.BYTES)));
        }
        return bytes;
    }

    FieldElement plus(FieldElement other) {
        long[] sum = new long[WORDS];
        long carry = 0;
        for (int i = 0; i < WORDS; i++) {
            long partly = words[i] + carry;
            carry = isLess(partly, carry);
            sum[i] = partly + other.words[i];
            carry += isLess(sum[i], partly);
        }
        return reduced(sum, carry);
    }

    FieldElement minus(FieldElement other) {
        long[] difference = new long[WORDS];
        long borrow = 0;
        for (int i = 0; i < WORDS; i++) {
            long partly = words[i] - other.words[i];
            long left = partly - borrow;
            borrow = isLess(words[i], other.words[i]) + isLess(partly, borrow);
            difference[i] = left;
        }
        // Below zero it is 2²⁵⁶ too large: one prime more is FOLD less of that.
        long less = borrow * FOLD;
        for (int i = 0; less != 0; i++) {
            long before = difference[i];
            difference[i] = before - less;
            less = isLess(before, less);
        }
        return new FieldElement(difference);
    }

    FieldElement times(FieldElement other) {
        long[] product = new long[2 * WORDS];
        for (int i = 0; i < WORDS; i++) {
            long carry = 0;
            for (int j = 0; j < WORDS; j++) {
                long low = words[i] * other.words[j];
                long high = Math.unsignedMultiplyHigh(words[i], other.words[j]);
                low += carry;
                high += isLess(low, carry);
                low += product[i + j];
                high += isLess(low, product[i + j]);
                product[i + j] = low;
                carry = high;
            }
            product[i + WORDS] = carry;
        }
        return folded(product);
    }

    FieldElement squared() {
        return times(this);
    }

    FieldElement doubled() {
        return plus(this);
    }

    /** A number whose square this is, if there is one; else any. */
    FieldElement root() {
        FieldElement power = ONE;
        for (int bit = ROOT.bitLength() - 1; bit >= 0; bit--) {
            power = power.squared();
            if (ROOT.testBit(bit)) {
                power = power.times(this);
            }
        }
        return power;
    }

    /**
     * One divided by this.
     *
     * @throws ArithmeticException if it is zero
     */
    FieldElement inverse() {
        return of(value().modInverse(PRIME));
    }

    boolean isZero() {
        return equals(ZERO);
    }

    boolean isOdd() {
        return (words[0] & 1) == 1;
    }

    /** Eight words modulo the prime. */
    private static FieldElement folded(long[] product) {
        long[] sum = new long[WORDS];
        long carry = 0;
        for (int i = 0; i < WORDS; i++) {
            long low = product[WORDS + i] * FOLD;
            long high = Math.unsignedMultiplyHigh(product[WORDS + i], FOLD);
            low += carry;
            high += isLess(low, carry);
            low += product[i];
            high += isLess(low, product[i]);
            sum[i] = low;
            carry = high;
        }
        // The carry has 34 bits at most, so that folded once more it has two words.
        long low = carry * FOLD;
        long high = Math.unsignedMultiplyHigh(carry, FOLD);
        sum[0] += low;
        long more = isLess(sum[0], low);
        sum[1] += high;
        long over = isLess(sum[1], high);
        sum[1] += more;
        over += isLess(sum[1], more);
        for (int i = 2; i < WORDS; i++) {
            sum[i] += over;
            over = isLess(sum[i], over);
        }
        return reduced(sum, over);
    }

    /** {@code carry}·2²⁵⁶ more than these words, all together less than twice the prime. */
    private static FieldElement reduced(long[] words, long carry) {
        long[] less = new long[WORDS];
        long over = FOLD;
        for (int i = 0; i < WORDS; i++) {
            less[i] = words[i] + over;
            over = isLess(less[i], over);
        }
        // With FOLD added it reaches 2²⁵⁶: so it is the prime at least.
        return new FieldElement(carry + over > 0 ? less : words);
    }

    /** 1 if {@code a < b}, both unsigned; else 0. */
    private static long isLess(long a, long b) {
        return Long.compareUnsigned(a, b) < 0 ? 1 : 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldElement element && Arrays.equals(words, element.words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }

    @Override
    public String toString() {
        return value().toString(16);
    }
}
