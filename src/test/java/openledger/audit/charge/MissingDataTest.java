package openledger.audit.charge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import openledger.commitment.stake.VaultFault;
import openledger.support.lane.HandLane;
import openledger.unit.Address;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;

/** What a lane can hide behind batches that it never serves. */
final class MissingDataTest {
    private static final long NOW = 1_800_000_100;

    private final HandLane lane = new HandLane(
            901, Address.of(new byte[Address.BYTES]), MisrouteFinderTest.LANE, Hash32.ZERO, 1_800_000_000_000L);

    @Test
    void batchesThatNobodyEverServesDoNotHideOneThatComesLate() {
        MissingData missing = new MissingData(VaultFault.WITHHELD, new byte[1], Duration.ofSeconds(1));
        for (int i = 0; i < 10; i++) {
            missing.missing(
                    lane.batch(lane.fast(lane.key(lane.next())))
                            .content(NOW - 50 + i, 5)
                            .committed(),
                    NOW);
        }
        List<Long> asked = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            for (long sequence : missing.turn(4)) {
                missing.tried(sequence);
                asked.add(sequence);
            }
        }
        assertThat(asked).hasSize(20).containsAll(missing.turn(10));
        assertThat(missing.turn(10)).hasSize(10);

        missing.expire(NOW, Duration.ofSeconds(45));
        assertThat(missing.turn(10)).hasSize(5);
        missing.expire(NOW + 100, Duration.ofSeconds(45));
        assertThat(missing.turn(10)).isEmpty();
        assertThat(missing.due(NOW + 1_000)).isEmpty();
    }
}
