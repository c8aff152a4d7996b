package openledger.store.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import openledger.store.SettlementDatabase;
import openledger.store.lane.LaneHold.State;
import openledger.store.lane.LaneLeases.Seen;
import openledger.store.lane.LaneLeases.Work;
import openledger.unit.LaneId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets which lane, at a start and when nobody sees to it. Long because each rule of theirs is shown. */
final class LaneLeasesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();

    private final LaneLeases leases = new LaneLeases(DATABASE.pool);

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        DATABASE.execute("truncate lane_lease, journal_chunk, projection, batch, sequencer_lease cascade");
    }

    @Test
    void routersThatStartAtOnceGetALaneEachAndTheLastGetsNone() {
        for (int round = 0; round < 20; round++) {
            List<Uni<Optional<LaneHold>>> starts = Stream.of("a", "b", "c", "d")
                    .map(router -> leases.claim(pool(router)))
                    .toList();
            List<Optional<LaneHold>> claimed = get(Uni.join().all(starts).andFailFast());

            assertThat(claimed.stream().flatMap(Optional::stream).map(LaneHold::lane))
                    .containsExactlyInAnyOrder(lane(1), lane(2), lane(3));
            assertThat(claimed.stream().flatMap(Optional::stream)).allMatch(hold -> hold.mayBegin(System.nanoTime()));
            expire("true", 60);
            state(State.FREE, "true");
        }
    }

    @Test
    void aRestartTakesItsFormerLaneBeforeAFreeOneAndAFreeOneBeforeANewOne() throws SQLException {
        claim("a");
        claim("b");
        assertThat(claim("c")).isEqualTo(lane(3));
        expire("true", 1);
        DATABASE.execute("delete from lane_lease where lane = 1");
        state(State.FREE, "lane = 2");

        assertThat(claim("c")).isEqualTo(lane(3));
        assertThat(claim("d")).isEqualTo(lane(2));
        assertThat(claim("e")).isEqualTo(lane(1));
        assertThat(get(leases.claim(pool("f")))).isEmpty();
        assertThat(DATABASE.text("select lane, state, build from lane_lease order by lane"))
                .isEqualTo("1, 1, built\n2, 1, built\n3, 1, built");
    }

    /** Whose router may only be slow, or whom another router finishes sooner. */
    @Test
    void aLaneThatIsNotFreeIsTakenByAStrangerOnlyWhenNobodyHasSeenToIt() {
        claim("a");
        claim("b");
        claim("c");
        expire("lane = 2", 3);
        assertThat(get(leases.claim(pool("d")))).isEmpty();
        expire("lane = 2", 6);

        assertThat(claim("d")).isEqualTo(lane(2));
    }

    @Test
    void whatWasSeenIsNotTakenIfItHasChangedHandsSince() {
        LaneHold slow = hold("a", 1);
        claim("b");
        expire("true", 6);
        LaneHold again = hold("c", 1);
        assertThat(get(leases.adopt(again, 1, "built", List.of()))).isTrue();
        expire("true", 6);

        assertThat(get(leases.adopt(slow, 1, "built", List.of()))).isFalse();
        assertThat(get(leases.adopt(slow, 2, "built", List.of()))).isTrue();
    }

    @Test
    void ofThoseWhoAdoptALaneOneWins() {
        for (int round = 0; round < 20; round++) {
            claim("a");
            expire("true", 6);
            Seen seen = get(leases.unattended()).getFirst();
            List<LaneHold> takers =
                    Stream.of("b", "c", "d").map(router -> hold(router, 1)).toList();
            List<Boolean> won = get(Uni.join()
                    .all(takers.stream()
                            .map(taker -> leases.adopt(taker, seen.fence(), "built", List.of()))
                            .toList())
                    .andFailFast());

            assertThat(won).containsOnlyOnce(true);
            assertThat(takers)
                    .filteredOn(LaneHold::isTaken)
                    .singleElement()
                    .satisfies(taker -> assertThat(taker.fence()).isEqualTo(seen.fence() + 1));
            expire("true", 60);
        }
    }

    @Test
    void nobodyAdoptsALaneThatIsAliveOrFreeOrExpiredAMomentAgo() {
        claim("a");
        claim("b");
        claim("c");
        expire("lane = 2", 3);
        expire("lane = 3", 60);
        state(State.FREE, "lane = 3");

        assertThat(get(leases.unattended())).isEmpty();
        for (long lane = 1; lane <= 3; lane++) {
            assertThat(get(leases.adopt(hold("d", lane), 1, "built", List.of())))
                    .as("lane %d", lane)
                    .isFalse();
        }
    }

    /** The rule of the model: it may still have a request of a lane that it has lost. */
    @Test
    void whoHasLostALaneAdoptsNone() {
        LaneHold own = get(leases.claim(pool("a"))).orElseThrow();
        claim("b");
        LaneHold other = new LaneHold(lane(2), own.holder(), "built");
        expire("lane = 2", 6);
        expire("lane = 1", 0);
        assertThat(get(leases.adopt(other, 1, "built", List.of(own))))
                .as("expired")
                .isFalse();

        expire("lane = 1", 6);
        assertThat(get(leases.adopt(hold("c", 1), 1, "built", List.of()))).isTrue();
        assertThat(get(leases.adopt(other, 1, "built", List.of(own))))
                .as("taken")
                .isFalse();
        assertThat(get(leases.adopt(other, 1, "built", List.of()))).isTrue();
    }

    @Test
    void aLaneIsFreeOnlyWhenNothingIsLeftOfIt() throws SQLException {
        LaneHold hold = get(leases.claim(pool("a"))).orElseThrow();
        DATABASE.execute("insert into journal_chunk select current_date, 1, seq, gen_random_uuid(), 0, 2, '', 0"
                + " from generate_series(1, 3) seq");
        assertThat(work(hold)).isEqualTo(new Work(false, false, true, true, false));
        assertThat(get(leases.free(hold, false))).as("a row is missing").isFalse();

        DATABASE.execute(
                "insert into projection (lane, seq, low_water, last_counter, last_snapshot) values (1, 3, 3, 3, 0)");
        assertThat(get(leases.free(hold, false))).as("a request is open").isFalse();
        DATABASE.execute("update projection set low_water = 4");
        assertThat(work(hold).derived()).isTrue();
        assertThat(get(leases.free(hold, true))).as("it is in no batch").isFalse();
        DATABASE.execute("insert into sequencer_lease values (1, gen_random_uuid(), 1, now())");
        assertThat(get(leases.free(hold, false))).as("it was settled before").isFalse();

        batch(4, 3);
        assertThat(work(hold)).isEqualTo(new Work(true, true, true, false, true));
        assertThat(get(leases.free(hold, true))).as("its batch is not final").isFalse();
        DATABASE.execute("update batch set level = 5, end_chunk = 3");
        assertThat(get(leases.free(hold, true)))
                .as("its last chunk is in no batch")
                .isFalse();
        DATABASE.execute("update journal_chunk set planned = 2 where seq = 3");
        assertThat(work(hold).cut()).as("plans alone are no leaves").isTrue();

        LaneHold stranger = new LaneHold(lane(1), UUID.randomUUID(), "");
        stranger.taken(hold.fence(), 0);
        assertThat(get(leases.free(stranger, true))).isFalse();
        assertThat(get(leases.work(stranger))).isEmpty();
        assertThat(get(leases.free(hold, true))).isTrue();
        assertThat(DATABASE.text("select state, expires <= now() from lane_lease"))
                .isEqualTo("3, t");
        assertThat(claim("b")).isEqualTo(lane(1));
    }

    @Test
    void aLaneWithoutSettlementIsFreeOnceItIsDerived() throws SQLException {
        LaneHold hold = get(leases.claim(pool("a"))).orElseThrow();
        DATABASE.execute("insert into journal_chunk values (current_date, 1, 1, gen_random_uuid(), 0, 2, '', 0)");
        DATABASE.execute(
                "insert into projection (lane, seq, low_water, last_counter, last_snapshot) values (1, 1, 2, 3, 0)");

        assertThat(get(leases.free(hold, false))).isTrue();
    }

    @Test
    void whatIsGivenUpIsAdoptedAtOnce() {
        LaneHold hold = get(leases.claim(pool("a"))).orElseThrow();
        get(leases.giveUp(hold));

        assertThat(get(leases.unattended())).containsExactly(new Seen(lane(1), 1));
    }

    @Test
    void aRenewalSaysWhereItsHolderIsAndWhichPolicyItFollows() throws SQLException {
        LaneHold hold = get(leases.claim(pool("a"))).orElseThrow();
        hold.address("10.0.0.7:8081");
        hold.policy(new byte[] {1, 2});

        assertThat(get(leases.renew(hold))).isTrue();
        assertThat(DATABASE.text("select address, policy_hash, state from lane_lease"))
                .isEqualTo("10.0.0.7:8081, \\x0102, 1");
        expire("true", 6);
        get(leases.adopt(hold("b", 1), 1, "built", List.of()));
        assertThat(DATABASE.text("select address, policy_hash, state from lane_lease"))
                .isEqualTo(", null, 2");
        assertThat(get(leases.renew(hold))).isFalse();
    }

    private void batch(long endChunk, int level) throws SQLException {
        DATABASE.execute(
                "insert into batch (lane, sequence, head, header, last_snapshot, counters, counter_groups, leaves,"
                        + " records, policies, end_chunk, end_record, cut_at, level, level_at, plan_chunk, plan_record, log_size,"
                        + " ended, highest_counter, outcomes_so_far) values (1, 1, decode(repeat('00', 32), 'hex'), decode(repeat('00', 640), 'hex'), 0, '', '{}', '', '', '', "
                        + endChunk + ", 0, now(), " + level + ", now(), 0, 0, 0, '', 0, 0)");
    }

    private Work work(LaneHold hold) {
        return get(leases.work(hold)).orElseThrow();
    }

    private LaneId claim(String router) {
        return get(leases.claim(pool(router))).orElseThrow().lane();
    }

    private static List<LaneHold> pool(String router) {
        UUID holder = LaneHold.holder(router, System.nanoTime());
        List<LaneHold> holds = new ArrayList<>();
        for (long lane = 1; lane <= 3; lane++) {
            holds.add(new LaneHold(lane(lane), holder, "built"));
        }
        return holds;
    }

    private static LaneHold hold(String router, long lane) {
        return new LaneHold(lane(lane), LaneHold.holder(router, System.nanoTime()), "built");
    }

    private static LaneId lane(long number) {
        return new LaneId(number);
    }

    private static void expire(String which, int seconds) {
        update("expires = now() - interval '" + seconds + " seconds'", which);
    }

    private static void state(State state, String which) {
        update("state = " + state.code(), which);
    }

    private static void update(String what, String which) {
        try {
            DATABASE.execute("update lane_lease set " + what + " where " + which);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T get(Uni<T> asked) {
        return asked.await().atMost(PATIENCE);
    }
}
