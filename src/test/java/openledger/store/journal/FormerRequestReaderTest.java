package openledger.store.journal;

import static openledger.store.journal.JournalRouter.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import openledger.inference.record.AttemptMark;
import openledger.inference.record.Decision;
import openledger.inference.record.FormerRequest;
import openledger.inference.record.Intent;
import openledger.inference.record.Journal.Appended;
import openledger.inference.record.TimeSplit;
import openledger.routing.DecisionStatus;
import openledger.settlement.TestDecisions;
import openledger.store.SettlementDatabase;
import openledger.unit.RequestId;
import openledger.unit.ResendKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a router finds of the keys that the one before it had taken, in a journal in PostgreSQL. */
final class FormerRequestReaderTest {
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration APART = Duration.ofSeconds(15);
    private static final Duration LATE = Duration.ofSeconds(45);
    private static final long NOW = 1_800_000_000_000L;
    private static final Set<Integer> ALL =
            IntStream.range(0, ResendKey.RANGES).boxed().collect(Collectors.toSet());

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        DATABASE.execute("truncate journal_chunk, projection, decision, lane_lease");
    }

    @Test
    void findsNothingInAnEmptyLane() {
        assertThat(read(ALL)).isEmpty();
    }

    @Test
    void countsOneAttemptMoreThanIsDurableOfWhatHasNoEnd() {
        try (JournalRouter router = router()) {
            RequestId none = begin(router, "none", NOW - 1_000, 3);
            RequestId one = begin(router, "one", NOW - 1_000, 3);
            RequestId all = begin(router, "all", NOW - 1_000, 3);
            router.journal.append(new AttemptMark(one, 1, 0, 7));
            for (int number = 1; number <= 3; number++) {
                router.journal.append(new AttemptMark(all, number, 0, 7));
            }
            get(router.journal.durable(router.journal.append(new AttemptMark(one, 1, 0, 7))));

            assertThat(read(ALL))
                    .extracting(FormerRequest::id, FormerRequest::spent, FormerRequest::hasEnded)
                    .containsExactlyInAnyOrder(tuple(none, 1, false), tuple(one, 2, false), tuple(all, 3, false));
        }
    }

    @Test
    void findsTheSameOnceTheNextRouterHasRecordedThemAsInterrupted() {
        try (JournalRouter router = router()) {
            RequestId one = begin(router, "one", NOW - 1_000, 3);
            get(router.journal.durable(router.journal.append(new AttemptMark(one, 1, 0, 7))));
        }
        try (JournalRouter next = router()) {
            assertThat(next.journal.isOpen()).isTrue();
            assertThat(read(ALL)).singleElement().satisfies(found -> {
                assertThat(found.spent()).isEqualTo(2);
                assertThat(found.hasEnded()).isFalse();
                assertThat(found.untilMillis())
                        .isEqualTo(NOW + WINDOW.plus(APART).toMillis());
            });
        }
    }

    @Test
    void whatHasEndedIsTakenForTheRestOfItsWindow() {
        try (JournalRouter router = router()) {
            end(router, begin(router, "late", NOW - 30_000, 3), "late", NOW - 30_000, Duration.ofSeconds(5));
            end(router, begin(router, "gone", NOW - 90_000, 3), "gone", NOW - 90_000, Duration.ofSeconds(5));
            end(router, begin(router, "", NOW - 30_000, 3), "", NOW - 30_000, Duration.ofSeconds(5));
            sync(router);

            assertThat(read(ALL)).singleElement().satisfies(found -> {
                assertThat(found.key()).isEqualTo(ResendKey.of("tenant", "late"));
                assertThat(found.status()).isEqualTo(DecisionStatus.SERVED);
                assertThat(found.untilMillis())
                        .isEqualTo(NOW - 25_000 + WINDOW.plus(APART).toMillis());
            });
        }
    }

    @Test
    void theKeyStandsInTheDecisionForIntentsThatAreTooFarBack() throws SQLException {
        try (JournalRouter router = router()) {
            RequestId slow = begin(router, "slow", NOW - 300_000, 3);
            sync(router);
            for (int i = 0; i < 200; i++) {
                end(router, begin(router, "", NOW - 300_000 + i, 3), "", NOW - 300_000 + i, Duration.ZERO);
                sync(router);
            }
            end(router, slow, "slow", NOW - 300_000, Duration.ofSeconds(299));
            sync(router);
            DATABASE.execute("insert into projection (lane, seq, low_water, last_counter, last_snapshot)"
                    + " select lane, max(seq), max(seq) + 1, max(last_counter), 0 from journal_chunk group by lane");
            // What is too far back is not read.
            DATABASE.execute("update journal_chunk set data = '\\x00' where seq < 20");

            assertThat(read(ALL)).extracting(FormerRequest::id).containsExactly(slow);
        }
    }

    @Test
    void anOldRequestWithoutAnEndIsFoundHoweverFarBackItBegan() throws SQLException {
        try (JournalRouter router = router()) {
            RequestId slow = begin(router, "slow", NOW - 3_000_000, 3);
            sync(router);
            for (int i = 0; i < 200; i++) {
                end(router, begin(router, "", NOW - 200_000, 3), "", NOW - 200_000, Duration.ZERO);
                sync(router);
            }
            end(router, begin(router, "", NOW, 3), "", NOW, Duration.ZERO);
            sync(router);
            DATABASE.execute("insert into projection (lane, seq, low_water, last_counter, last_snapshot)"
                    + " select lane, max(seq), 1, max(last_counter), 0 from journal_chunk group by lane");

            assertThat(read(ALL)).extracting(FormerRequest::id).containsExactly(slow);
        }
    }

    @Test
    void anInterruptedRequestOfLongAgoHidesNothingThatIsNewer() throws SQLException {
        try (JournalRouter router = router()) {
            begin(router, "", NOW - 300_000, 3);
            sync(router);
            end(router, begin(router, "late", NOW - 30_000, 3), "late", NOW - 30_000, Duration.ZERO);
            sync(router);
        }
        try (JournalRouter next = router()) {
            assertThat(next.journal.isOpen()).isTrue();
            DATABASE.execute("insert into projection (lane, seq, low_water, last_counter, last_snapshot)"
                    + " select lane, max(seq), max(seq) + 1, max(last_counter), 0 from journal_chunk group by lane");

            assertThat(read(ALL)).extracting(FormerRequest::key).containsExactly(ResendKey.of("tenant", "late"));
        }
    }

    @Test
    void findsOnlyTheRangesThatAreAskedFor() {
        try (JournalRouter router = router()) {
            for (int i = 0; i < 50; i++) {
                begin(router, "key-" + i, NOW, 3);
            }
            sync(router);
            int range = ResendKey.of("tenant", "key-7").range();

            assertThat(read(Set.of(range)))
                    .extracting(found -> found.key().range())
                    .isNotEmpty()
                    .containsOnly(range);
            assertThat(read(ALL)).hasSize(50);
        }
    }

    private static List<FormerRequest> read(Set<Integer> ranges) {
        Clock clock = Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC);
        return get(new FormerRequestReader(
                        DATABASE.vertx,
                        DATABASE.pool,
                        new FormerRequestReader.Bounds(WINDOW, LONGEST, 1_000, APART, LATE),
                        clock)
                .read(SettlementDatabase.LANE, ranges));
    }

    private static JournalRouter router() {
        JournalRouter router = new JournalRouter(DATABASE, DATABASE.url());
        get(router.opening);
        return router;
    }

    private static RequestId begin(JournalRouter router, String key, long arrival, int budget) {
        Appended.Accepted accepted = (Appended.Accepted) router.journal.append(intent(key, arrival, budget));
        return accepted.id();
    }

    private static Intent intent(String key, long arrival, int budget) {
        Intent any = TestDecisions.decision(new Random(1), 1).intent();
        return new Intent(
                arrival,
                "tenant",
                any.route(),
                any.operation(),
                any.mode(),
                budget,
                any.form(),
                any.bodyDigest(),
                "",
                "",
                key.isEmpty() ? Optional.empty() : Optional.of(ResendKey.of("tenant", key)));
    }

    private static void end(JournalRouter router, RequestId id, String key, long arrival, Duration took) {
        Decision any = TestDecisions.decision(new Random(1), 1);
        router.journal.append(new Decision(
                id,
                intent(key, arrival, 3),
                DecisionStatus.SERVED,
                any.attempts(),
                0,
                any.selectedTarget(),
                any.servedTier(),
                any.servedTarget(),
                any.trigger(),
                any.attribution(),
                0,
                new TimeSplit(0, 0, 0, 0, 0, took.toNanos() / 1_000, 0, 0),
                any.responseDigest(),
                any.mode(),
                any.plan()));
    }

    /** All that was appended is durable. */
    private static void sync(JournalRouter router) {
        get(router.journal.durable(router.journal.append(
                new AttemptMark(new RequestId(SettlementDatabase.LANE.value(), 1L << 40), 1, 0, 1))));
    }
}
