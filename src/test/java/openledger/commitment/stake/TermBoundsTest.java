package openledger.commitment.stake;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The same bounds as {@code test_terms_outOfBounds} in {@code contracts/test/stake/Money.t.sol}. */
final class TermBoundsTest {
    private static final VaultTerms USUAL = VaultTerms.USUAL;
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void whatIsUsualIsTaken() {
        assertThat(TermBounds.refusals(USUAL)).isEmpty();
    }

    @Test
    void eachBoundIsTheConstructors() {
        BigInteger leaf = USUAL.leafPenalty();
        BigInteger promise = USUAL.promisePenalty();
        refused("leaf-penalty", amounts(USUAL.floor(), 0, BigInteger.ZERO, promise, USUAL.bond()));
        refused("promise-penalty", amounts(USUAL.floor(), 0, leaf, leaf.subtract(BigInteger.ONE), USUAL.bond()));
        taken(amounts(USUAL.floor(), 0, leaf, leaf, USUAL.bond()));
        refused("floor", amounts(promise.subtract(BigInteger.ONE), 0, leaf, promise, USUAL.bond()));
        taken(amounts(promise, 0, leaf, promise, USUAL.bond()));
        refused("bond", amounts(USUAL.floor(), 0, leaf, promise, BigInteger.ZERO));

        refused("most-per-batch", numbers(0, 3_000));
        taken(numbers(1, 3_000));
        taken(numbers(1_200, 5_000));
        refused("most-per-batch", numbers(1_201, 3_000));
        refused("reporter-bps", numbers(100, 5_001));

        refused("window", times(SECOND, DAY.minus(SECOND), DAY, DAY, SECOND));
        taken(times(DAY, DAY, DAY, DAY, DAY));
        taken(times(YEAR, YEAR, YEAR, DAY, YEAR));
        refused("window", times(SECOND, YEAR.plus(SECOND), DAY, DAY, DAY));
        refused("response", times(SECOND, DAY, DAY.minus(SECOND), DAY, DAY));
        refused("response", times(SECOND, DAY, YEAR.plus(SECOND), DAY, DAY));
        refused("anchor-most", times(SECOND, DAY, DAY, DAY.plus(SECOND), DAY));
        refused("grace", times(SECOND, DAY, DAY, DAY, DAY.plus(SECOND)));
        refused("volume-window", times(DAY.plus(SECOND), DAY, DAY, DAY, DAY));
        taken(times(Duration.ZERO, DAY, DAY, DAY, DAY));
        refused("volume-window", byVolume(Duration.ZERO));
        taken(byVolume(SECOND));
    }

    private static void refused(String term, VaultTerms terms) {
        assertThat(TermBounds.refusals(terms))
                .extracting(TermBounds.Refusal::term)
                .isEqualTo(List.of(term));
    }

    private static void taken(VaultTerms terms) {
        assertThat(TermBounds.refusals(terms)).isEmpty();
    }

    private static VaultTerms amounts(
            BigInteger floor, long perLeaf, BigInteger leaf, BigInteger promise, BigInteger bond) {
        return new VaultTerms(
                floor,
                BigInteger.valueOf(perLeaf),
                USUAL.volumeWindow(),
                leaf,
                promise,
                USUAL.mostPerBatch(),
                bond,
                USUAL.bondGas(),
                USUAL.reporterBps(),
                USUAL.window(),
                USUAL.response(),
                USUAL.anchorMost(),
                USUAL.grace());
    }

    private static VaultTerms numbers(int mostPerBatch, int reporterBps) {
        return new VaultTerms(
                USUAL.floor(),
                USUAL.stakePerLeaf(),
                USUAL.volumeWindow(),
                USUAL.leafPenalty(),
                USUAL.promisePenalty(),
                mostPerBatch,
                USUAL.bond(),
                USUAL.bondGas(),
                reporterBps,
                USUAL.window(),
                USUAL.response(),
                USUAL.anchorMost(),
                USUAL.grace());
    }

    private static VaultTerms byVolume(Duration volumeWindow) {
        return times(1, volumeWindow, DAY, DAY, DAY, DAY);
    }

    private static VaultTerms times(
            Duration volumeWindow, Duration window, Duration response, Duration anchorMost, Duration grace) {
        return times(0, volumeWindow, window, response, anchorMost, grace);
    }

    private static VaultTerms times(
            long perLeaf,
            Duration volumeWindow,
            Duration window,
            Duration response,
            Duration anchorMost,
            Duration grace) {
        return new VaultTerms(
                USUAL.floor(),
                BigInteger.valueOf(perLeaf),
                volumeWindow,
                USUAL.leafPenalty(),
                USUAL.promisePenalty(),
                USUAL.mostPerBatch(),
                USUAL.bond(),
                USUAL.bondGas(),
                USUAL.reporterBps(),
                window,
                response,
                anchorMost,
                grace);
    }
}
