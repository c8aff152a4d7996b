package openledger.store.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;
import openledger.commitment.leaf.LaneSecret;
import openledger.store.SettlementDatabase;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The secrets of lanes that join a cluster, one after the other. */
final class StoredLaneSecretsTest {
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final LaneId LANE = SettlementDatabase.LANE;

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        DATABASE.execute("truncate lane_secret, cohort_secret, projection, journal_chunk");
    }

    @Test
    void lanesOfAClusterHaveTheSameCohortsFromTheirNextRequestOn() throws SQLException {
        LaneId other = new LaneId(LANE.value() + 1);
        StoredLaneSecrets here = new StoredLaneSecrets(DATABASE.pool, new SecureRandom());
        StoredLaneSecrets there = new StoredLaneSecrets(DATABASE.pool, new SecureRandom());
        LaneSecret old = get(here.make(LANE));
        LaneSecret fresh = get(there.make(other));
        List<Integer> before = cohorts(old, 1);
        // The last request of the lane's last router, which is derived no further than to the one before.
        DATABASE.execute("insert into projection (lane, seq, low_water, last_counter) values (" + LANE.value()
                + ", 1, 1, 40) on conflict (lane) do update set last_counter = 40");
        DATABASE.execute("insert into journal_chunk (day, lane, seq, writer, last_counter, records, planned, data)"
                + " values (current_date, " + LANE.value() + ", 7, gen_random_uuid(), 41, 0, 0, '')");

        get(here.shareCohorts(LANE));
        get(there.shareCohorts(other));

        assertThat(cohorts(old, 41)).isEqualTo(before);
        assertThat(cohorts(old, 42)).isEqualTo(cohorts(fresh, 1)).isNotEqualTo(before);
        assertThat(old.cohortsName()).isEqualTo(fresh.cohortsName()).isNotZero();
        assertThat(old.salt(new RequestId(1, 1))).isNotEqualTo(fresh.salt(new RequestId(1, 1)));
    }

    @Test
    void whatALaneHasJoinedStaysAtEveryStart() throws SQLException {
        StoredLaneSecrets first = new StoredLaneSecrets(DATABASE.pool, new SecureRandom());
        get(first.make(LANE));
        get(first.shareCohorts(LANE));
        List<Integer> shared = cohorts(get(first.make(LANE)), 1);
        DATABASE.execute("insert into projection (lane, seq, low_water, last_counter) values (" + LANE.value()
                + ", 1, 1, 900) on conflict (lane) do update set last_counter = 900");

        StoredLaneSecrets again = new StoredLaneSecrets(DATABASE.pool, new SecureRandom());
        get(again.make(LANE));
        get(again.shareCohorts(LANE));
        // One without a cluster: the leaves of the lane are to be what they were.
        StoredLaneSecrets alone = new StoredLaneSecrets(DATABASE.pool, new SecureRandom());

        assertThat(cohorts(get(again.of(LANE)).orElseThrow(), 1)).isEqualTo(shared);
        assertThat(cohorts(get(alone.make(LANE)), 1)).isEqualTo(shared);
    }

    @Test
    void aLaneThatJoinsLaterIsSeenToByWhoKnowsIt() {
        StoredLaneSecrets here = new StoredLaneSecrets(DATABASE.pool, new SecureRandom());
        StoredLaneSecrets there = new StoredLaneSecrets(DATABASE.pool, new SecureRandom());
        LaneId other = new LaneId(LANE.value() + 1);
        get(here.make(LANE));
        get(here.shareCohorts(LANE));
        get(there.make(other));
        assertThat(get(here.of(other)).orElseThrow().cohortsName()).isZero();

        get(there.shareCohorts(other));

        assertThat(get(here.of(other)).orElseThrow().cohortsName()).isNotZero();
    }

    private static List<Integer> cohorts(LaneSecret of, long counter) {
        return IntStream.range(0, 20)
                .mapToObj(tenant -> of.cohort(counter, "tenant-" + tenant, LocalDate.of(2026, 11, 30)))
                .toList();
    }

    private static <T> T get(Uni<T> of) {
        return of.await().atMost(Duration.ofSeconds(20));
    }
}
