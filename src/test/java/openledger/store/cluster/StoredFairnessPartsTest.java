package openledger.store.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import openledger.inference.fairness.FairnessParts;
import openledger.inference.fairness.FairnessParts.Hold;
import openledger.inference.fairness.FairnessParts.Kept;
import openledger.inference.fairness.FairnessParts.Known;
import openledger.inference.fairness.FairnessParts.Place;
import openledger.inference.fairness.FairnessParts.Standing;
import openledger.store.SettlementDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The table of parts, in a real database. */
final class StoredFairnessPartsTest {
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final Hold HOLD = new Hold(7, 3);

    private final FairnessParts parts = new StoredFairnessParts(DATABASE.pool);

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        DATABASE.execute("truncate fairness_part, lane_lease");
    }

    @Test
    void withNobodyThereIsOnlyTheTime() {
        Standing standing = get(parts.standing());

        assertThat(Math.abs(standing.epochMillis() - System.currentTimeMillis()))
                .isLessThan(60_000);
        assertThat(standing.serving()).isEmpty();
        assertThat(standing.known()).isEmpty();
        assertThat(standing.policies()).isZero();
    }

    @Test
    void whoServesIsWhoHasALeaseThatLasts() throws SQLException {
        lease(7, 3, "interval '3 seconds'", 1, "'\\x01'");
        lease(8, 1, "interval '3 seconds'", 1, "'\\x02'");
        lease(9, 1, "interval '3 seconds'", 1, "null");
        lease(10, 1, "interval '3 seconds'", 2, "'\\x03'");
        lease(11, 1, "interval '-1 second'", 1, "'\\x04'");

        Standing standing = get(parts.standing());

        assertThat(standing.serving()).containsExactlyInAnyOrder(HOLD, new Hold(8, 1), new Hold(9, 1));
        assertThat(standing.policies()).isEqualTo(2);
    }

    @Test
    void aPartStaysAsItWasWrittenFirst() {
        Place place = new Place(HOLD, now());
        get(parts.write(new Kept(place, new byte[] {1}), false));
        get(parts.write(new Kept(place, new byte[] {2}), true));

        assertThat(get(parts.standing()).known()).containsExactly(new Known(place, false));
        List<Kept> read = get(parts.read(List.of(place, new Place(HOLD, now() - 1))));
        assertThat(read).hasSize(1);
        assertThat(read.getFirst().place()).isEqualTo(place);
        assertThat(read.getFirst().counts()).containsExactly(1);
    }

    @Test
    void twoHoldsOfALaneHaveTheirOwn() {
        Place before = new Place(HOLD, now());
        Place after = new Place(new Hold(7, 4), now());
        get(parts.write(new Kept(before, new byte[] {1}), true));
        get(parts.write(new Kept(after, new byte[] {2}), false));

        assertThat(get(parts.standing()).known())
                .containsExactlyInAnyOrder(new Known(before, true), new Known(after, false));
    }

    @Test
    void whatIsOlderThanTheWindowIsDropped() {
        Place old = new Place(HOLD, now() - 36);
        Place young = new Place(HOLD, now() - 30);
        get(parts.write(new Kept(old, new byte[] {1}), false));
        get(parts.write(new Kept(young, new byte[] {1}), false));
        get(parts.write(new Kept(new Place(HOLD, now()), new byte[] {1}), false));

        assertThat(get(parts.read(List.of(old)))).isEmpty();
        assertThat(get(parts.read(List.of(young)))).hasSize(1);
    }

    @Test
    void moreThanFourMegabytesAreNotTaken() {
        Uni<Void> written = parts.write(new Kept(new Place(HOLD, now()), new byte[4 * 1024 * 1024 + 1]), false);

        assertThatThrownBy(() -> get(written)).hasMessageContaining("check");
    }

    private static long now() {
        return System.currentTimeMillis() / 10_000;
    }

    private static void lease(long lane, long fence, String left, int state, String policy) throws SQLException {
        DATABASE.execute("insert into lane_lease (lane, holder, fence, expires, state, policy_hash) values (" + lane
                + ", gen_random_uuid(), " + fence + ", now() + " + left + ", " + state + ", " + policy + ")");
    }

    private static <T> T get(Uni<T> of) {
        return of.await().atMost(Duration.ofSeconds(20));
    }
}
