package openledger.settlement.confirm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import openledger.commitment.PlanLevel;
import openledger.inference.TurnedClock;
import openledger.settlement.LaneListener.LeaseChange;
import openledger.settlement.TestDecisions;
import openledger.settlement.ledger.BlockRef;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.junit.jupiter.api.Test;

/** What is said of our lane and the chain. */
final class LaneStandingTest {
    private static final LaneId LANE = new LaneId(TestDecisions.LANE);
    private static final Duration QUIET = Duration.ofSeconds(2);

    private Optional<Instant> unwitnessed = Optional.empty();
    private final TurnedClock time = new TurnedClock();
    private final LaneStanding standing = new LaneStanding(
            new ConfirmationRegistry(LANE, new ConfirmationRegistry.Bounds(1, 1)), time, QUIET, () -> unwitnessed);

    @Test
    void aChainThatWasNeverHeardLagsFromTheStart() {
        time.advance(Duration.ofMillis(700));

        assertThat(standing.standing().newest()).isEqualTo(Hash32.ZERO);
        assertThat(standing.standing().newestNumber()).isZero();
        assertThat(standing.standing().lag()).contains(Duration.ofMillis(700));
    }

    @Test
    void aChainThatIsSilentLagsSinceItWasHeard() {
        Hash32 hash = Hash32.parse("0x" + "07".repeat(32));
        standing.looked(new BlockRef(7, hash));
        time.advance(QUIET);

        assertThat(standing.standing().newest()).isEqualTo(hash);
        assertThat(standing.standing().newestNumber()).isEqualTo(7);
        assertThat(standing.standing().lag()).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(standing.standing().lag()).contains(QUIET.plusMillis(1));
    }

    @Test
    void lagIsTheAgeOfTheOldestThatWaits() {
        standing.looked(new BlockRef(7, Hash32.ZERO));
        standing.waits(Optional.of(Instant.ofEpochMilli(time.epochMillis())));
        time.advance(Duration.ofMillis(300));

        assertThat(standing.standing().lag()).contains(Duration.ofMillis(300));
        standing.waits(Optional.empty());
        assertThat(standing.standing().lag()).isEmpty();
    }

    /** Neither is the other's business. */
    @Test
    void theChainsLagIsNotThatOfTheWitnesses() {
        standing.lease(LeaseChange.TAKEN);
        time.advance(Duration.ofSeconds(9));

        assertThat(standing.lag(PlanLevel.SEQUENCED)).contains(Duration.ofSeconds(9));
        assertThat(standing.lag(PlanLevel.WITNESSED)).isEmpty();
        standing.looked(new BlockRef(7, Hash32.ZERO));
        unwitnessed = Optional.of(Instant.ofEpochMilli(time.epochMillis()));
        time.advance(Duration.ofMillis(300));
        assertThat(standing.lag(PlanLevel.SEQUENCED)).isEmpty();
        assertThat(standing.lag(PlanLevel.WITNESSED)).contains(Duration.ofMillis(300));
    }

    @Test
    void whoeverHasNotTheLaneAsksNoWitnesses() {
        time.advance(Duration.ofMillis(400));
        assertThat(standing.lag(PlanLevel.WITNESSED)).contains(Duration.ofMillis(400));

        standing.lease(LeaseChange.TAKEN);
        assertThat(standing.lag(PlanLevel.WITNESSED)).isEmpty();
        standing.lease(LeaseChange.LOST);
        time.advance(Duration.ofMillis(200));
        assertThat(standing.lag(PlanLevel.WITNESSED)).contains(Duration.ofMillis(200));
    }
}
