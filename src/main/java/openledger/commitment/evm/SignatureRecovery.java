package openledger.commitment.evm;

import java.math.BigInteger;
import java.util.Optional;
import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * Finds who signed a hash: public key recovery on secp256k1 (SEC 1, section 4.1.6), as {@code ecrecover} does it. The JDK does not have this
 * curve. Takes some milliseconds; not in constant time, for nothing here is secret.
 */
public final class SignatureRecovery {
    /** Bytes of a signature: r, s, and v as 27 or 28. */
    public static final int SIGNATURE_BYTES = 65;

    private static final int WORD = 32;
    private static final int LOWEST_V = 27;
    private static final int HIGHEST_V = 28;
    private static final BigInteger P = hex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");
    private static final BigInteger N = hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    /** Of the two forms of a signature only the one with the lower s is taken, so none can be bent into another. */
    private static final BigInteger HIGHEST_S = N.shiftRight(1);

    private static final BigInteger SEVEN = BigInteger.valueOf(7);
    private static final BigInteger ROOT = P.add(BigInteger.ONE).shiftRight(2);
    private static final Point GENERATOR = new Point(
            hex("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"),
            hex("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"),
            BigInteger.ONE);
    private static final Point INFINITY = new Point(BigInteger.ONE, BigInteger.ONE, BigInteger.ZERO);

    private SignatureRecovery() {}

    /** Who signed a hash; empty if these bytes are no signature of anybody. */
    public static Optional<Address> signer(Hash32 digest, byte[] signature) {
        if (signature.length != SIGNATURE_BYTES) {
            return Optional.empty();
        }
        BigInteger r = new BigInteger(1, signature, 0, WORD);
        BigInteger s = new BigInteger(1, signature, WORD, WORD);
        int v = signature[SIGNATURE_BYTES - 1];
        boolean isInRange = v >= LOWEST_V
                && v <= HIGHEST_V
                && r.signum() > 0
                && r.compareTo(N) < 0
                && s.signum() > 0
                && s.compareTo(HIGHEST_S) <= 0;
        return isInRange ? point(r, v == HIGHEST_V).flatMap(nonce -> signer(digest, r, s, nonce)) : Optional.empty();
    }

    private static Optional<Address> signer(Hash32 digest, BigInteger r, BigInteger s, Point nonce) {
        BigInteger inverse = r.modInverse(N);
        BigInteger hash = new BigInteger(1, digest.bytes());
        Point key = sum(
                GENERATOR,
                hash.negate().multiply(inverse).mod(N),
                nonce,
                s.multiply(inverse).mod(N));
        if (key.z.signum() == 0) {
            return Optional.empty();
        }
        BigInteger scale = key.z.modInverse(P);
        BigInteger square = scale.multiply(scale).mod(P);
        byte[] hashed = new Keccak256()
                .add(word(key.x.multiply(square).mod(P)))
                .add(word(key.y.multiply(square).multiply(scale).mod(P)))
                .finish()
                .bytes();
        byte[] account = new byte[Address.BYTES];
        System.arraycopy(hashed, WORD - Address.BYTES, account, 0, Address.BYTES);
        return Optional.of(Address.of(account));
    }

    /** The point with this x whose y is odd or even; empty if the curve has none. */
    private static Optional<Point> point(BigInteger x, boolean isOdd) {
        BigInteger square = x.multiply(x).multiply(x).add(SEVEN).mod(P);
        BigInteger root = square.modPow(ROOT, P);
        if (!root.multiply(root).mod(P).equals(square)) {
            return Optional.empty();
        }
        return Optional.of(new Point(x, root.testBit(0) == isOdd ? root : P.subtract(root), BigInteger.ONE));
    }

    /** {@code m·a + n·b}, both at once (Shamir). */
    private static Point sum(Point a, BigInteger m, Point b, BigInteger n) {
        Point both = a.plus(b);
        Point sum = INFINITY;
        for (int bit = Math.max(m.bitLength(), n.bitLength()) - 1; bit >= 0; bit--) {
            sum = sum.twice();
            if (m.testBit(bit)) {
                sum = sum.plus(n.testBit(bit) ? both : a);
            } else if (n.testBit(bit)) {
                sum = sum.plus(b);
            }
        }
        return sum;
    }

    private static byte[] word(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] word = new byte[WORD];
        int length = Math.min(bytes.length, WORD);
        System.arraycopy(bytes, bytes.length - length, word, WORD - length, length);
        return word;
    }

    private static BigInteger hex(String digits) {
        return new BigInteger(digits, 16);
    }

    /** A point in Jacobian coordinates: x/z², y/z³; z is zero at infinity. */
    private record Point(BigInteger x, BigInteger y, BigInteger z) {
        Point twice() {
            BigInteger b = y.multiply(y).mod(P);
            BigInteger d = x.multiply(b).shiftLeft(2).mod(P);
            BigInteger e = x.multiply(x).multiply(BigInteger.valueOf(3)).mod(P);
            BigInteger left = e.multiply(e).subtract(d.shiftLeft(1)).mod(P);
            return new Point(
                    left,
                    e.multiply(d.subtract(left))
                            .subtract(b.multiply(b).shiftLeft(3))
                            .mod(P),
                    y.multiply(z).shiftLeft(1).mod(P));
        }

        Point plus(Point other) {
            if (z.signum() == 0 || other.z.signum() == 0) {
                return z.signum() == 0 ? other : this;
            }
            BigInteger zz = z.multiply(z).mod(P);
            BigInteger otherZz = other.z.multiply(other.z).mod(P);
            BigInteger u = x.multiply(otherZz).mod(P);
            BigInteger s = y.multiply(otherZz).multiply(other.z).mod(P);
            BigInteger h = other.x.multiply(zz).subtract(u).mod(P);
            BigInteger r = other.y.multiply(zz).multiply(z).subtract(s).mod(P);
            if (h.signum() == 0) {
                return r.signum() == 0 ? twice() : INFINITY;
            }
            BigInteger hh = h.multiply(h).mod(P);
            BigInteger hhh = hh.multiply(h).mod(P);
            BigInteger v = u.multiply(hh).mod(P);
            BigInteger left =
                    r.multiply(r).subtract(hhh).subtract(v.shiftLeft(1)).mod(P);
            return new Point(
                    left,
                    r.multiply(v.subtract(left)).subtract(s.multiply(hhh)).mod(P),
                    z.multiply(other.z).multiply(h).mod(P));
        }
    }
}
