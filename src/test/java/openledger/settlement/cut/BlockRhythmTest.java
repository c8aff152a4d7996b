package openledger.settlement.cut;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import openledger.commitment.BatchCut.Beat;
import openledger.settlement.ledger.BlockRef;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;

/** How long before a block a batch is to be cut: what making it takes, there and back, and a reserve. */
final class BlockRhythmTest {
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final Duration NEAR = Duration.ofMillis(2);

    private Instant now = Instant.EPOCH;
    private final BlockRhythm rhythm = new BlockRhythm(INTERVAL, () -> now);

    @Test
    void nothingIsKnownBeforeASecondBlock() {
        rhythm.seen(block(7), NEAR);
        assertThat(rhythm.beat(now)).isEmpty();

        block(8, NEAR);
        assertThat(rhythm.beat(now)).map(Beat::sinceBlock).hasValue(Duration.ZERO);
    }

    @Test
    void whatMakingTookAndTheWayArePartOfIt() {
        rhythm.seen(block(7), NEAR);
        block(8, NEAR);
        // A tenth of an interval is guessed before anything was made.
        assertThat(lead()).isEqualTo(Duration.ofMillis(20 + 2));

        made(1, 12);
        // RFC 6298: the first is the mean, half of it the deviation; and a twentieth in reserve.
        assertThat(lead()).isEqualTo(Duration.ofMillis(12 + 2 * 6 + 10 + 2));
    }

    @Test
    void aFarNodeIsGivenItsWay() {
        Duration far = Duration.ofMillis(60);
        rhythm.seen(block(7), far);
        block(8, far.plusMillis(90));
        made(1, 12);

        // The slower answer was not slower because of the way.
        assertThat(lead()).isEqualTo(Duration.ofMillis(12 + 2 * 6 + 10 + 60));
    }

    @Test
    void aNodeThatIsFurtherAwayThanTheOneBeforeIsNoticed() {
        rhythm.seen(block(7), NEAR);
        for (int look = 0; look < 32; look++) {
            block(8 + look, Duration.ofMillis(40));
        }

        assertThat(lead()).isEqualTo(Duration.ofMillis(20 + 40));
    }

    private Duration lead() {
        return rhythm.beat(now).map(Beat::lead).orElseThrow();
    }

    private void made(long sequence, int millis) {
        rhythm.cut(sequence, now);
        now = now.plusMillis(millis);
        rhythm.handed(sequence);
    }

    private void block(long number, Duration roundTrip) {
        now = now.plus(INTERVAL);
        rhythm.announced();
        rhythm.seen(block(number), roundTrip);
    }

    private static BlockRef block(long number) {
        return new BlockRef(number, Hash32.ZERO);
    }
}
