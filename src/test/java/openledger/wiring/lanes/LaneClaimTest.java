package openledger.wiring.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import openledger.store.SettlementDatabase;
import openledger.store.lane.LaneHold;
import openledger.unit.LaneId;
import openledger.unit.LaneNumbers;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which lane a start takes, and for how long it waits. */
final class LaneClaimTest {
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final LaneSettings LANES = new LaneSettings(LaneNumbers.parse("5,8"), 5, Map.of());

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        DATABASE.execute("truncate lane_lease");
    }

    @Test
    void aStartWaitsUntilALaneIsFreeAndTakesNoneThatAnotherHolds() throws Exception {
        LaneClaim first = claim("a");
        LaneClaim second = claim("b");
        assertThat(first.take(LANES)).isEqualTo(5);
        assertThat(second.take(LANES)).isEqualTo(8);
        LaneClaim waiting = claim("c");
        CompletableFuture<Long> third = CompletableFuture.supplyAsync(() -> waiting.take(LANES));
        // Longer than a lease lasts that nobody renews.
        LockSupport.parkNanos(Duration.ofSeconds(6).toNanos());
        assertThat(third).isNotDone();

        second.hold(new LaneId(8)).kept();
        DATABASE.execute("update lane_lease set state = 3, expires = now() - interval '1 second' where lane = 8");
        assertThat(third.get(20, TimeUnit.SECONDS)).isEqualTo(8);
        assertThat(DATABASE.text("select fence from lane_lease order by lane")).isEqualTo("1\n2");
        first.hold(new LaneId(5)).kept();
    }

    @Test
    void theLeaseIsRenewedUntilItsJournalDoes() throws SQLException {
        LaneClaim claim = claim("a");
        claim.take(LANES);
        LaneHold hold = claim.hold(new LaneId(5));
        assertThat(hold.isTaken()).isTrue();
        LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
        assertThat(DATABASE.text("select expires > now() from lane_lease")).isEqualTo("t");

        hold.kept();
        LockSupport.parkNanos(Duration.ofSeconds(6).toNanos());
        assertThat(DATABASE.text("select expires > now() from lane_lease")).isEqualTo("f");
    }

    @Test
    void aRestartIsTheSameRouterAndAnotherIsNot() throws SQLException {
        LaneClaim before = claim("a");
        before.take(LANES);
        before.hold(new LaneId(5)).kept();
        DATABASE.execute("update lane_lease set expires = now() - interval '1 second'");

        LaneClaim other = claim("b");
        assertThat(other.take(LANES)).isEqualTo(8);
        other.hold(new LaneId(8)).kept();
        LaneClaim after = claim("a");
        assertThat(after.take(LANES)).isEqualTo(5);
        after.hold(new LaneId(5)).kept();
        assertThat(after.hold(new LaneId(5)).fence()).isEqualTo(2);
    }

    /** A lane that the configuration names is its journal's to take. */
    @Test
    void aLaneThatWasNotClaimedIsNotTaken() {
        assertThat(claim("a").hold(new LaneId(1)).isTaken()).isFalse();
    }

    private static LaneClaim claim(String router) {
        return new LaneClaim(
                DATABASE.vertx,
                DATABASE.pool,
                // The class loader of a pool's thread may be none.
                Flyway.configure(LaneClaimTest.class.getClassLoader())
                        .dataSource(DATABASE.source())
                        .load(),
                router,
                "built");
    }
}
