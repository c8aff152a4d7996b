package openledger.settlement.decide;

import java.math.BigInteger;
import java.util.Optional;
import openledger.settlement.ledger.Ledger.Fees;
import openledger.settlement.ledger.SignedTransaction;
import openledger.unit.Wei;

/** Decides the fee to offer for a unit of gas. Pure. */
public final class FeeBump {
    /** Nodes want a tenth more before they let one transaction take the place of another. */
    private static final BigInteger ENOUGH = BigInteger.valueOf(110);

    private static final BigInteger RAISED = new BigInteger("1125");
    private static final BigInteger THOUSAND = new BigInteger("1000");
    private static final BigInteger HUNDRED = BigInteger.valueOf(100);

    private FeeBump() {}

    /** Whether there is room below the cap for an offer that takes the place of an earlier one. */
    static boolean mayRise(SignedTransaction earlier, Wei cap) {
        return isEnough(cap, earlier.maxFee());
    }

    /** An offer that takes the place of an earlier one: an eighth more, or what is asked now; empty if the cap forbids. */
    public static Optional<Fees> over(Fees now, SignedTransaction earlier, Wei cap) {
        Wei maxFee = least(greatest(now.maxFee(), raised(earlier.maxFee())), cap);
        Wei priority = least(greatest(now.priorityFee(), raised(earlier.priorityFee())), maxFee);
        boolean enough = isEnough(maxFee, earlier.maxFee()) && isEnough(priority, earlier.priorityFee());
        return enough ? Optional.of(new Fees(maxFee, priority)) : Optional.empty();
    }

    private static Wei raised(Wei fee) {
        BigInteger[] parts = fee.value().multiply(RAISED).divideAndRemainder(THOUSAND);
        return new Wei(parts[1].signum() == 0 ? parts[0] : parts[0].add(BigInteger.ONE));
    }

    private static boolean isEnough(Wei offered, Wei earlier) {
        return offered.value().multiply(HUNDRED).compareTo(earlier.value().multiply(ENOUGH)) >= 0;
    }

    private static Wei greatest(Wei one, Wei other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Wei least(Wei one, Wei other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
