package openledger.audit.charge;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import openledger.commitment.stake.VaultTerms;

/** Terms that tests agree on. */
public final class Courtroom {
    /** Penalties of 0.01 and 0.05 ETH, of which three tenths are the reporter's. */
    public static final VaultTerms TERMS = new VaultTerms(
            ether("0.1"),
            BigInteger.ZERO,
            Duration.ofHours(1),
            ether("0.01"),
            ether("0.05"),
            100,
            ether("0.0005"),
            250_000,
            3_000,
            Duration.ofDays(7),
            Duration.ofDays(3),
            Duration.ofHours(1),
            Duration.ofDays(7));

    private Courtroom() {}

    static BigInteger ether(String amount) {
        return new BigDecimal(amount).movePointRight(18).toBigIntegerExact();
    }
}
