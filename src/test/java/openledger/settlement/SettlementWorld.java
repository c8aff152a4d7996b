package openledger.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import openledger.commitment.BatchCut;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.log.HashedEntries;
import openledger.inference.TurnedClock;
import openledger.inference.TurnedLoops;
import openledger.settlement.SequencerSettings.Backlog;
import openledger.settlement.SequencerSettings.LaneAccounts;
import openledger.settlement.SequencerSettings.LeafPosting;
import openledger.settlement.SequencerSettings.Pace;
import openledger.settlement.SequencerSettings.Preconfirmations;
import openledger.settlement.confirm.ConfirmationRegistry;
import openledger.settlement.confirm.LaneStanding;
import openledger.settlement.cut.BatchAssembly;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.LedgerCall.RouteBudget;
import openledger.settlement.receipt.Batches;
import openledger.settlement.receipt.LevelChange;
import openledger.settlement.receipt.Policies;
import openledger.settlement.receipt.SettledBatch;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.RouteId;
import openledger.unit.Wei;

/**
 * A sequencer between a journal, a database and a chain that are all memory, in time that a test turns. Confined to one
 * thread. Long because all that must hold in the end is checked here.
 */
public final class SettlementWorld {
    static final LaneId LANE = new LaneId(1);
    static final int LEAVES = 10;
    private static final Address REGISTRY = Address.parse("0x" + "22".repeat(20));
    static final Duration BLOCK = Duration.ofMillis(250);

    final TurnedClock time = new TurnedClock();
    final FakeChain chain = new FakeChain(time);
    final FakeLane.Rows rows = new FakeLane.Rows();
    final FakeJournal journal = new FakeJournal(time, LANE, () -> rows.down);
    final ConfirmationRegistry registry = new ConfirmationRegistry(LANE, new ConfirmationRegistry.Bounds(1_000, 10));
    final LaneStanding confirmations = new LaneStanding(registry, time, Duration.ofSeconds(4), Optional::empty);
    /** Which policy text each route version is in. */
    private final List<String> policies = new ArrayList<>(List.of("policy 0"));

    private Sequencer sequencer;
    private long process;
    Duration sinceBlock = Duration.ZERO;

    private final Preconfirmations watched;

    SettlementWorld() {
        this(Preconfirmations.NONE);
    }

    SettlementWorld(Preconfirmations watched) {
        this.watched = watched;
        sequencer = start(step -> {});
    }

    public static SequencerSettings settings(Preconfirmations watched) {
        return new SequencerSettings(
                REGISTRY,
                new LaneAccounts(FakeChain.ACCOUNT, 1, FakeChain.ACCOUNT, FakeChain.SIGNER),
                LANE,
                new BatchCut(LEAVES, Duration.ofMillis(50), BLOCK, Duration.ofMillis(100), Duration.ofSeconds(2)),
                8,
                LeafPosting.HEADER_ONLY,
                watched,
                new Pace(
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(20)),
                Wei.of(1_000_000),
                new Backlog(1_000, Duration.ofSeconds(30)));
    }

    private Sequencer start(Consumer<LaneListener.Step> steps) {
        long holder = ++process;
        SequencerPorts ports = new SequencerPorts(
                journal.decisions(),
                journal.planSource(),
                new BatchAssembly(901, REGISTRY, LANE, new LaneSecret(new byte[LaneSecret.BYTES])),
                new Texts(),
                new FakeLane(rows, holder, () -> process == holder, time),
                new NoBatches(),
                chain,
                registry,
                LaneListener.of(registry, confirmations, new StepListener(step -> {
                    if (process == holder) {
                        steps.accept(step);
                    }
                })));
        Sequencer started = new Sequencer(settings(watched), ports, time, new TurnedLoops(time), Runnable::run);
        started.start();
        return started;
    }

    /** The process comes to its end, wherever it is: it hears nothing any more, and what it does has no effect. */
    void end() {
        process++;
        throw new Ended();
    }

    /** Leaves the code that has come to its end. */
    static final class Ended extends RuntimeException {
        Ended() {
            super("ended", null, false, false);
        }
    }

    SequencerStatus status() {
        return sequencer.status();
    }

    /** Ends the process without a word and starts another. */
    void restart() {
        restart(step -> {});
    }

    void restart(Consumer<LaneListener.Step> steps) {
        chain.forgetListeners();
        rows.expires = 0;
        sequencer = start(steps);
    }

    /** Another process takes the lane while this one lives. */
    void takeLane() {
        rows.fence++;
        rows.writer = -1;
        rows.expires = time.epochMillis() + 3_000;
    }

    void stop() {
        sequencer.stop();
    }

    /** Requests end. */
    void decide(int count, int route) {
        for (int i = 0; i < count; i++) {
            journal.decide(route);
        }
    }

    /** There is a new policy; its route version's number is its place. */
    int newPolicy() {
        policies.add("policy " + policies.size());
        return policies.size() - 1;
    }

    /** Lets time pass; blocks are made meanwhile. */
    void pass(Duration length) {
        Duration step = Duration.ofMillis(10);
        for (Duration left = length; left.isPositive(); left = left.minus(step)) {
            time.advance(step);
            sinceBlock = sinceBlock.plus(step);
            if (sinceBlock.compareTo(BLOCK) >= 0) {
                sinceBlock = Duration.ZERO;
                if (chain.reachable) {
                    chain.mine();
                }
            }
        }
    }

    /** Each plan and each decision in exactly one batch, no gap, and the chain says what the database says. */
    void check() {
        assertThat(rows.cut.values().stream().flatMap(batch -> batch.outcomes().stream()))
                .containsExactlyElementsOf(journal.outcomes());
        assertThat(rows.cut.values().stream().flatMap(batch -> batch.plans().stream()))
                .containsExactlyElementsOf(journal.plans().stream()
                        .map(plan -> plan.id().counter())
                        .toList());
        checkSnapshots();
        checkThatNoOutcomeIsBeforeItsPlan();
        assertThat(rows.cut.keySet())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, rows.cut.size()).boxed().toList());
        Hash32 previous = Hash32.ZERO;
        for (CutBatch batch : rows.cut.values()) {
            assertThat(batch.header().previousHead()).isEqualTo(previous);
            previous = batch.head();
        }
        assertThat(chain.sequence()).isEqualTo(rows.cut.size());
        assertThat(chain.head()).isEqualTo(previous);
        assertThat(chain.heads.values()).allSatisfy(heads -> assertThat(heads).hasSize(1));
        rows.batches.values().forEach(batch -> {
            assertThat(batch.level().reaches(ConfirmationLevel.SEQUENCED))
                    .as("batch %d is %s", batch.sequence(), batch.level())
                    .isTrue();
            BlockRef block = batch.inclusion().orElseThrow().block();
            assertThat(chain.blockHash(block.number())).isEqualTo(block.hash());
        });
    }

    /** Contiguous, under their roots, and each in the first batch that has a plan of it or of a later one. */
    private void checkSnapshots() {
        long last = 0;
        for (CutBatch batch : rows.cut.values()) {
            assertThat(batch.header().firstSnapshot()).isEqualTo(last + 1);
            for (byte[] snapshot : batch.snapshots()) {
                assertThat(ByteBuffer.wrap(snapshot).getLong()).isEqualTo(++last);
            }
            assertThat(batch.header().lastSnapshot()).isEqualTo(last);
            assertThat(batch.header().snapshotRoot())
                    .isEqualTo(batch.snapshots().isEmpty() ? Hash32.ZERO : new HashedEntries(batch.snapshots()).root());
        }
        assertThat(last).isLessThanOrEqualTo(journal.snapshots());
        Map<Long, Long> snapshots = new HashMap<>();
        journal.plans()
                .forEach(plan -> snapshots.put(plan.id().counter(), plan.plan().snapshot()));
        long before = 0;
        for (CutBatch batch : rows.cut.values()) {
            long newest = before;
            for (long counter : batch.plans()) {
                long snapshot = snapshots.getOrDefault(counter, 0L);
                assertThat(snapshot).isLessThanOrEqualTo(batch.header().lastSnapshot());
                if (snapshot > before) {
                    assertThat(snapshot).isGreaterThanOrEqualTo(batch.header().firstSnapshot());
                }
                newest = Math.max(newest, snapshot);
            }
            before = newest;
        }
    }

    private void checkThatNoOutcomeIsBeforeItsPlan() {
        Map<Long, Long> sequences = new HashMap<>();
        for (CutBatch batch : rows.cut.values()) {
            batch.plans()
                    .forEach(counter -> sequences.put(counter, batch.header().sequence()));
        }
        for (CutBatch batch : rows.cut.values()) {
            assertThat(batch.outcomes())
                    .allSatisfy(counter -> assertThat(sequences.getOrDefault(counter, 0L))
                            .isLessThanOrEqualTo(batch.header().sequence()));
        }
    }

    /** Policies whose text is their name. */
    private final class Texts implements Policies {
        @Override
        public Uni<List<Hash32>> covering(Set<RouteId> routes) {
            Set<Integer> sorted = new java.util.TreeSet<>();
            routes.forEach(route -> sorted.add(route.value()));
            return Uni.createFrom()
                    .item(sorted.stream()
                            .map(route -> hash(policies.get(route)))
                            .toList());
        }

        @Override
        public Uni<Optional<PolicyText>> byHash(Hash32 hash) {
            return Uni.createFrom()
                    .item(policies.stream()
                            .filter(text -> hash(text).equals(hash))
                            .findFirst()
                            .map(text -> new PolicyText(
                                    text.getBytes(StandardCharsets.UTF_8),
                                    List.of(new RouteBudget(new RouteId(0), List.of(4))))));
        }
    }

    private static Hash32 hash(String text) {
        return Hash32.of(Keccak256.digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Nobody asks for batches here. */
    private static final class NoBatches implements Batches {
        @Override
        public Uni<Optional<SettledBatch>> batch(LaneId lane, long sequence) {
            return Uni.createFrom().item(Optional.empty());
        }

        @Override
        public Uni<List<SettledBatch>> list(LaneId lane, long before, int limit) {
            return Uni.createFrom().item(List.of());
        }

        @Override
        public Uni<Optional<byte[]>> leaves(LaneId lane, long sequence) {
            return Uni.createFrom().item(Optional.empty());
        }

        @Override
        public Uni<Optional<byte[]>> records(LaneId lane, long sequence) {
            return Uni.createFrom().item(Optional.empty());
        }

        @Override
        public Uni<List<Hash32>> trees(LaneId lane, long size) {
            return Uni.createFrom().item(List.of());
        }

        @Override
        public Uni<Leaves> locate(RequestId id) {
            return Uni.createFrom().item(Leaves.NONE);
        }

        @Override
        public Uni<Optional<LocatedSnapshot>> snapshot(LaneId lane, long number) {
            return Uni.createFrom().item(Optional.empty());
        }
    }

    /** Every level that a batch had, in order. */
    List<ConfirmationLevel> levels(long sequence) {
        return rows.history.getOrDefault(sequence, List.of()).stream()
                .map(LevelChange::level)
                .toList();
    }

    /** Sequences that a set of histories has seen at a level and then below it. */
    Set<Long> demoted() {
        Set<Long> demoted = new HashSet<>();
        rows.history.forEach((sequence, changes) -> {
            for (int i = 1; i < changes.size(); i++) {
                if (changes.get(i).level().compareTo(changes.get(i - 1).level()) < 0) {
                    demoted.add(sequence);
                }
            }
        });
        return demoted;
    }
}
