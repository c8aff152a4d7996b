package openledger.commitment.stake;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a vault's constructor asks of its terms ({@code Stakes.sol}), with the reasons that {@code BadTerms} does not give. Confined to one
 * thread.
 */
public final class TermBounds {
    private static final int MOST_LEAVES = 1_200;
    private static final int MOST_BPS = 5_000;
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration YEAR = Duration.ofDays(365);

    private final List<Refusal> refusals = new ArrayList<>();

    private TermBounds() {}

    /**
     * A term that no vault takes.
     *
     * @param term its key in a file of terms
     * @param reason that follows the key in a sentence
     */
    public record Refusal(String term, String reason) {}

    /** All that a vault would refuse; empty if it takes the terms. */
    public static List<Refusal> refusals(VaultTerms terms) {
        TermBounds bounds = new TermBounds();
        bounds.amounts(terms);
        bounds.numbers(terms);
        bounds.times(terms);
        return List.copyOf(bounds.refusals);
    }

    private void amounts(VaultTerms terms) {
        unless(isPositive(terms.leafPenalty()), "leaf-penalty", "must be above 0: else no fault costs anything");
        unless(
                terms.promisePenalty().compareTo(terms.leafPenalty()) >= 0,
                "promise-penalty",
                "must be at least leaf-penalty: else hiding a bad leaf is cheaper than showing it");
        unless(
                terms.floor().compareTo(terms.promisePenalty()) >= 0,
                "floor",
                "must be at least promise-penalty: else a lane could owe more than it has");
        unless(isPositive(terms.bond()), "bond", "must be above 0: else a challenge costs nothing");
    }

    private void numbers(VaultTerms terms) {
        unless(
                terms.mostPerBatch() >= 1 && terms.mostPerBatch() <= MOST_LEAVES,
                "most-per-batch",
                "must be from 1 to 1,200, which is the largest batch");
        unless(
                terms.reporterBps() <= MOST_BPS,
                "reporter-bps",
                "must be at most 5,000: else a lane that reports itself gets most of it back");
    }

    private void times(VaultTerms terms) {
        unless(isBetween(DAY, terms.window(), YEAR), "window", "must be from 1 day to 365 days");
        unless(isBetween(DAY, terms.response(), YEAR), "response", "must be from 1 day to 365 days");
        unless(terms.anchorMost().compareTo(DAY) <= 0, "anchor-most", "must be at most 1 day");
        unless(terms.grace().compareTo(terms.window()) <= 0, "grace", "must be at most window");
        unless(
                terms.volumeWindow().compareTo(terms.window()) <= 0,
                "volume-window",
                "must be at most window: else what was committed is forgotten before it counts");
        unless(
                terms.stakePerLeaf().signum() == 0 || !terms.volumeWindow().isZero(),
                "volume-window",
                "must be above 0 while stake-per-leaf is: leaves count within it");
    }

    private static boolean isPositive(BigInteger amount) {
        return amount.signum() > 0;
    }

    private static boolean isBetween(Duration least, Duration time, Duration most) {
        return time.compareTo(least) >= 0 && time.compareTo(most) <= 0;
    }

    private void unless(boolean isTaken, String term, String reason) {
        if (!isTaken) {
            refusals.add(new Refusal(term, reason));
        }
    }
}
