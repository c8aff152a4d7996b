package openledger.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import java.net.URI;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import openledger.chain.ChainSettings;
import openledger.chain.FeeSettings;
import openledger.chain.LaneAccount;
import openledger.chain.RpcSettings;
import openledger.chain.Web3jLedger;
import openledger.commitment.BatchCut;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.LaneNumber;
import openledger.commitment.leaf.LaneSecret;
import openledger.demo.AnvilNode;
import openledger.inference.record.Decision;
import openledger.settlement.BatchStore.Resumption;
import openledger.settlement.BatchStore.Unsettled;
import openledger.settlement.SequencerSettings.Backlog;
import openledger.settlement.SequencerSettings.LaneAccounts;
import openledger.settlement.SequencerSettings.LeafPosting;
import openledger.settlement.SequencerSettings.Pace;
import openledger.settlement.SequencerSettings.Preconfirmations;
import openledger.settlement.confirm.ConfirmationRegistry;
import openledger.settlement.cut.BatchAssembly;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.LedgerView.Lane;
import openledger.store.SettlementDatabase;
import openledger.store.catalog.StoredRoutePolicies;
import openledger.store.journal.JournalDecisionSource;
import openledger.store.journal.JournalPlanSource;
import openledger.store.lane.StoredBatches;
import openledger.store.lane.StoredLane;
import openledger.store.lane.StoredLaneSecrets;
import openledger.unit.Address;
import openledger.unit.LaneId;
import openledger.unit.Wei;

/** A lane with a real database and a real chain. Long because it is all that a test does to one. Confined to one thread. */
final class SettledLane implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(1);
    static final FeeSettings FEES = new FeeSettings(gwei(500), gwei(1), 100, gwei(1_000_000));
    static final LaneAccount ACCOUNT = LaneAccount.of(AnvilNode.KEYS.getFirst());
    private static final int LEAVES = 50;
    private static final int ROUTES = 4;

    private final SettlementDatabase database;
    private final long number;
    private final LaneId lane;
    private final Address registry;
    private final StoredLane store;
    private final Web3jLedger ledger;
    private final Sequencer sequencer;
    private final Context loop;
    private final Random random = new Random(7);
    private long chunk;
    private long decided;
    private boolean started;

    /**
     * A lane whose sequencer works.
     *
     * @param number among the lanes of the account
     */
    SettledLane(SettlementDatabase database, long number, URI rpc, Address registry) throws SQLException {
        this(database, number, rpc, registry, LaneListener.NONE, Duration.ofSeconds(10));
        start();
    }

    /** A lane whose sequencer does not work before {@link #start}. */
    SettledLane(
            SettlementDatabase database,
            long number,
            URI rpc,
            Address registry,
            LaneListener listener,
            Duration leaseTerm)
            throws SQLException {
        this.database = database;
        this.number = number;
        this.lane = LaneNumber.of(ACCOUNT.address(), number);
        this.registry = registry;
        this.store = new StoredLane(database.pool, lane, UUID.randomUUID());
        this.ledger = new Web3jLedger(database.vertx, chain(rpc), ACCOUNT);
        this.loop = database.vertx.getOrCreateContext();
        database.policy(lane, ROUTES);
        this.sequencer = sequencer(listener, leaseTerm);
    }

    void start() {
        started = true;
        loop.runOnContext(go -> sequencer.start());
    }

    static RpcSettings rpc(URI rpc) {
        return RpcSettings.of(List.of(rpc), OptionalLong.of(AnvilNode.CHAIN_ID), Duration.ofSeconds(5));
    }

    private ChainSettings chain(URI rpc) {
        return new ChainSettings(
                rpc(rpc),
                AnvilNode.CHAIN_ID,
                registry,
                lane,
                ACCOUNT.address(),
                FEES,
                Duration.ofSeconds(3),
                List.of(),
                Duration.ofMillis(200));
    }

    private Sequencer sequencer(LaneListener listener, Duration leaseTerm) {
        LoopClock clock = new LoopClock(database.vertx);
        StoredBatches batches = new StoredBatches(database.pool);
        LaneSecret secret = get(new StoredLaneSecrets(database.pool, new SecureRandom()).make(lane));
        SequencerSettings settings = new SequencerSettings(
                registry,
                new LaneAccounts(ACCOUNT.address(), number, ACCOUNT.address(), ACCOUNT.address()),
                lane,
                new BatchCut(
                        LEAVES, Duration.ofMillis(50), Duration.ofMillis(250), Duration.ZERO, Duration.ofMillis(500)),
                8,
                LeafPosting.HEADER_ONLY,
                Preconfirmations.NONE,
                new Pace(
                        leaseTerm,
                        Duration.ofMillis(500),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(3),
                        Duration.ofMinutes(10)),
                FEES.cap(),
                new Backlog(10_000, Duration.ofMinutes(1)));
        ConfirmationRegistry waiters = new ConfirmationRegistry(lane, new ConfirmationRegistry.Bounds(100, 100));
        SequencerPorts ports = new SequencerPorts(
                new JournalDecisionSource(database.vertx, database.pool, lane),
                new JournalPlanSource(database.vertx, database.pool, lane),
                new BatchAssembly(AnvilNode.CHAIN_ID, registry, lane, secret),
                new StoredRoutePolicies(database.pool, lane),
                store,
                batches,
                ledger,
                waiters,
                LaneListener.of(waiters, listener));
        return new Sequencer(settings, ports, clock, clock, Executors.newSingleThreadExecutor());
    }

    SequencerStatus status() {
        return sequencer.status();
    }

    /** Requests end. */
    void decide(int count) throws SQLException {
        List<Decision> decisions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            decisions.add(TestDecisions.decision(random, ++decided));
        }
        database.decide(lane, ++chunk, decisions);
    }

    /** Requests end for a while. */
    void load(Duration length) throws SQLException, InterruptedException {
        long until = System.nanoTime() + length.toNanos();
        while (System.nanoTime() < until) {
            decide(20);
            Thread.sleep(100);
        }
    }

    /** Waits until the lane's last batch is on chain, then holds everything against each other. */
    void settle() throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!isSettled()) {
            assertThat(System.nanoTime()).as("not settled: %s", status()).isLessThan(until);
            Thread.sleep(50);
        }
        check();
    }

    /** Whether the lane's last batch is on chain, by the database and by the registry. */
    boolean isSettled() {
        Resumption at = get(store.resume());
        List<Unsettled> last = at.sequence() == 0 ? List.of() : get(store.load(at.sequence(), 1));
        return !last.isEmpty()
                && at.end().chunk() == chunk + 1
                && last.getFirst().level().reaches(ConfirmationLevel.SEQUENCED)
                && open().filter(open -> open.sequence() == at.sequence()).isPresent();
    }

    private Optional<Lane.Open> open() {
        return get(ledger.view()).lane() instanceof Lane.Open open ? Optional.of(open) : Optional.empty();
    }

    private void check() {
        Resumption at = get(store.resume());
        Lane.Open open = open().orElseThrow();
        assertThat(open.sequence()).isEqualTo(at.sequence());
        assertThat(open.head()).isEqualTo(at.head());
        List<Unsettled> batches = get(store.load(1, Integer.MAX_VALUE - 1));
        assertThat(batches.stream().map(Unsettled::sequence))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, at.sequence()).boxed().toList());
        List<Long> counters = new ArrayList<>();
        batches.forEach(batch -> counters.addAll(database.counters(lane, batch.sequence())));
        assertThat(counters)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, decided).boxed().toList());
        assertThat(batches).allSatisfy(batch -> {
            BlockRef block = batch.inclusion().orElseThrow().block();
            assertThat(get(ledger.canonical(List.of(block.number())))).containsExactly(Optional.of(block.hash()));
        });
    }

    /** The block of the last batch, which is on chain. */
    long lastBlock() {
        return get(store.load(batches(), 1))
                .getFirst()
                .inclusion()
                .orElseThrow()
                .block()
                .number();
    }

    /** Batches that were on chain once and then were not. */
    long demotions() {
        return get(new StoredBatches(database.pool).list(lane, Long.MAX_VALUE, 10_000)).stream()
                .filter(batch -> batch.history().stream()
                        .skip(1)
                        .anyMatch(change -> change.level() == ConfirmationLevel.RECORDED))
                .count();
    }

    /** The last batch that the registry has. */
    long onChain() {
        return open().map(Lane.Open::sequence).orElse(0L);
    }

    long batches() {
        return get(store.resume()).sequence();
    }

    @Override
    public void close() {
        loop.runOnContext(go -> sequencer.stop());
        long until = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (started && status().condition() != SequencerStatus.Condition.STOPPED && System.nanoTime() < until) {
                Thread.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ledger.close();
    }

    static Wei gwei(long gwei) {
        return Wei.of(gwei).times(1_000_000_000);
    }

    static <T> T get(Uni<T> work) {
        return work.await().atMost(PATIENCE);
    }
}
