package openledger.commitment.evm;

import java.math.BigInteger;
import java.util.Optional;

/**
 * A point of secp256k1, y² = x³ + 7 (SEC 2, section 2.4.1), in Jacobian coordinates: x/z², y/z³; z is zero at infinity. Pure; not in constant
 * time.
 */
record CurvePoint(FieldElement x, FieldElement y, FieldElement z) {
    static final BigInteger ORDER =
            new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

    private static final FieldElement SEVEN = FieldElement.of(BigInteger.valueOf(7));
    private static final CurvePoint INFINITY = new CurvePoint(FieldElement.ONE, FieldElement.ONE, FieldElement.ZERO);
    private static final CurvePoint GENERATOR = new CurvePoint(
            FieldElement.of(new BigInteger("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", 16)),
            FieldElement.of(new BigInteger("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8", 16)),
            FieldElement.ONE);

    /** Bits of a digit, of a scalar whose multiples are made once, and of one whose are made each time. */
    private static final int OFTEN = 8;

    private static final int ONCE = 5;
    private static final CurvePoint[] OF_GENERATOR = affine(GENERATOR.oddMultiples(OFTEN));

    /** The point with this x whose y is odd or even; empty if the curve has none. */
    static Optional<CurvePoint> of(FieldElement x, boolean isOdd) {
        FieldElement square = x.squared().times(x).plus(SEVEN);
        FieldElement root = square.root();
        if (!root.squared().equals(square)) {
            return Optional.empty();
        }
        return Optional.of(
                new CurvePoint(x, root.isOdd() == isOdd ? root : FieldElement.ZERO.minus(root), FieldElement.ONE));
    }

    /**
     * {@code m} times the generator and {@code n} times this point, added up, with the doublings of both made once (Shamir), and few
     * additions between them (signed digits; Guide to Elliptic Curve Cryptography, algorithms 3.35 and 3.51).
     *
     * @param m from 0, less than the order
     * @param n from 0, less than the order
     */
    CurvePoint plusGenerator(BigInteger n, BigInteger m) {
        byte[] often = digits(m, OFTEN);
        byte[] once = digits(n, ONCE);
        CurvePoint[] multiples = oddMultiples(ONCE);
        CurvePoint sum = INFINITY;
        for (int place = often.length - 1; place >= 0; place--) {
            sum = sum.twice().plus(multiple(OF_GENERATOR, often[place])).plus(multiple(multiples, once[place]));
        }
        return sum;
    }

    boolean isInfinity() {
        return z.isZero();
    }

    /** The same with z = 1. Not for the point at infinity. */
    CurvePoint affine() {
        FieldElement scale = z.inverse();
        FieldElement square = scale.squared();
        return new CurvePoint(x.times(square), y.times(square).times(scale), FieldElement.ONE);
    }

    private static CurvePoint[] affine(CurvePoint[] points) {
        CurvePoint[] affine = new CurvePoint[points.length];
        for (int i = 0; i < points.length; i++) {
            affine[i] = points[i].affine();
        }
        return affine;
    }

    /** Once, three times, five times ... this point, as many as digits of so many bits need. */
    private CurvePoint[] oddMultiples(int bits) {
        CurvePoint[] multiples = new CurvePoint[1 << (bits - 2)];
        CurvePoint two = twice();
        multiples[0] = this;
        for (int i = 1; i < multiples.length; i++) {
            multiples[i] = multiples[i - 1].plus(two);
        }
        return multiples;
    }

    private static CurvePoint multiple(CurvePoint[] odd, int digit) {
        return digit == 0 ? INFINITY : digit > 0 ? odd[digit / 2] : odd[-digit / 2].negated();
    }

    /** A scalar as a sum of digits times powers of two, the lowest first: each zero, or odd and less than half of so many bits on either side. */
    private static byte[] digits(BigInteger scalar, int bits) {
        byte[] digits = new byte[ORDER.bitLength() + 1];
        BigInteger rest = scalar;
        for (int place = 0; rest.signum() != 0; place++) {
            if (rest.testBit(0)) {
                int low = rest.intValue() & ((1 << bits) - 1);
                int digit = low >= 1 << (bits - 1) ? low - (1 << bits) : low;
                digits[place] = (byte) digit;
                rest = rest.subtract(BigInteger.valueOf(digit));
            }
            rest = rest.shiftRight(1);
        }
        return digits;
    }

    private CurvePoint negated() {
        return new CurvePoint(x, FieldElement.ZERO.minus(y), z);
    }

    private CurvePoint twice() {
        FieldElement b = y.squared();
        FieldElement d = x.times(b).doubled().doubled();
        FieldElement square = x.squared();
        FieldElement e = square.doubled().plus(square);
        FieldElement left = e.squared().minus(d.doubled());
        return new CurvePoint(
                left,
                e.times(d.minus(left)).minus(b.squared().doubled().doubled().doubled()),
                y.times(z).doubled());
    }

    CurvePoint plus(CurvePoint other) {
        if (isInfinity() || other.isInfinity()) {
            return isInfinity() ? other : this;
        }
        FieldElement zz = z.squared();
        FieldElement u = x;
        FieldElement s = y;
        FieldElement scale = z;
        if (!other.z.equals(FieldElement.ONE)) {
            FieldElement otherZz = other.z.squared();
            u = x.times(otherZz);
            s = y.times(otherZz).times(other.z);
            scale = z.times(other.z);
        }
        FieldElement h = other.x.times(zz).minus(u);
        FieldElement r = other.y.times(zz).times(z).minus(s);
        if (h.isZero()) {
            return r.isZero() ? twice() : INFINITY;
        }
        FieldElement hh = h.squared();
        FieldElement hhh = hh.times(h);
        FieldElement v = u.times(hh);
        FieldElement left = r.squared().minus(hhh).minus(v.doubled());
        return new CurvePoint(left, r.times(v.minus(left)).minus(s.times(hhh)), scale.times(h));
    }
}
