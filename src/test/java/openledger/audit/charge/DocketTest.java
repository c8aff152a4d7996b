package openledger.audit.charge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import openledger.audit.court.LaneChain.Committed;
import openledger.commitment.stake.ShownLeaf;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultFault;
import openledger.support.lane.HandLane;
import openledger.unit.Address;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;

/** What a lane can hide behind what it does on purpose. */
final class DocketTest {
    private static final long NOW = 1_800_000_100;
    private static final int MOST = 50_000;

    private final HandLane lane = new HandLane(
            901, Address.of(new byte[Address.BYTES]), MisrouteFinderTest.LANE, Hash32.ZERO, 1_800_000_000_000L);
    private final Committed committed =
            lane.batch(lane.fast(lane.key(lane.next()))).content(NOW - 50, 5).committed();
    private final Docket docket = new Docket();

    private Charge game(long index) {
        return MisrouteFinder.about(
                VaultFault.WITHHELD,
                committed,
                "hidden",
                new VaultCall.OpenWithheld(committed.header(), committed.committedAt(), index));
    }

    private Charge proof(long index) {
        return MisrouteFinder.about(
                VaultFault.OUT_OF_RANGE,
                committed,
                "proved",
                new VaultCall.ProveLeaf(
                        new ShownLeaf(committed.header(), committed.committedAt(), new byte[96], index, List.of())));
    }

    @Test
    void aProofIsNotHiddenBehindMoreGamesThanAnybodyCanPayFor() {
        for (int i = 0; i < MOST; i++) {
            assertThat(docket.add(game(i))).isTrue();
        }
        assertThat(docket.add(game(MOST))).isFalse();

        Charge proof = proof(7);
        assertThat(docket.add(proof)).isTrue();
        assertThat(docket.add(proof)).isFalse();
        assertThat(docket.open()).hasSize(MOST).contains(proof);
    }

    @Test
    void thereIsAnEndToProofsToo() {
        for (int i = 0; i < MOST; i++) {
            docket.add(proof(i));
        }
        assertThat(docket.add(proof(MOST))).isFalse();
        assertThat(docket.size()).isEqualTo(MOST);
    }

    @Test
    void whatCanBePunishedNoMoreMakesRoom() {
        docket.add(game(1));
        docket.add(proof(2));
        docket.expire(committed.committedAt() + 10, Duration.ofSeconds(10));
        assertThat(docket.size()).isEqualTo(2);
        docket.expire(committed.committedAt() + 11, Duration.ofSeconds(10));
        assertThat(docket.size()).isZero();
        assertThat(docket.add(game(1))).isFalse();
    }
}
