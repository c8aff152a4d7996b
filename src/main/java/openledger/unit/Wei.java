package openledger.unit;

import java.math.BigInteger;

/** An amount of a chain's coin, in its smallest unit; not negative. */
public record Wei(BigInteger value) implements Comparable<Wei> {
    public static final Wei ZERO = new Wei(BigInteger.ZERO);

    public Wei {
        if (value.signum() < 0) {
            throw new IllegalArgumentException("wei are not negative: " + value);
        }
    }

    public static Wei of(long value) {
        return new Wei(BigInteger.valueOf(value));
    }

    public Wei plus(Wei other) {
        return new Wei(value.add(other.value));
    }

    public Wei times(long factor) {
        return new Wei(value.multiply(BigInteger.valueOf(factor)));
    }

    @Override
    public int compareTo(Wei other) {
        return value.compareTo(other.value);
    }
}
