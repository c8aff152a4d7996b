package openledger.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import openledger.audit.Difference.Kind;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.SnapshotEncoding;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafMode;
import openledger.settlement.ledger.LedgerCall.RouteBudget;
import openledger.settlement.receipt.Batches;
import openledger.settlement.receipt.Policies;
import openledger.settlement.receipt.SettledBatch;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.RouteId;
import org.junit.jupiter.api.Test;

/** A lane is audited as its batches come: all of them once, from where it stood at the beginning, and past what cannot be read. Long because of its shelf. */
final class StandingAuditTest {
    private static final int LEAVES_EACH = 40;

    private final PublishedWorld world = new PublishedWorld(1, 60);
    private final List<Told> verdicts = new ArrayList<>();
    private final Shelf shelf = new Shelf();
    private final StandingAudit audit = new StandingAudit(shelf, policies(), new LaneId(1), told(), Runnable::run);

    private final List<Kind> found = new ArrayList<>();

    private record Told(LeafMode mode, boolean agrees) {}

    private ReplayVerdicts told() {
        return new ReplayVerdicts() {
            @Override
            public void replayed(RouteId route, LeafMode mode, boolean agrees) {
                verdicts.add(new Told(mode, agrees));
            }

            @Override
            public void found(Kind kind) {
                found.add(kind);
            }
        };
    }

    /** The route of the published world, as its lane has published it. */
    private Policies policies() {
        return new Policies() {
            @Override
            public Uni<List<Hash32>> covering(Set<RouteId> routes) {
                return shelf.answer(List.of(Hash32.ZERO));
            }

            @Override
            public Uni<Optional<PolicyText>> byHash(Hash32 hash) {
                return shelf.answer(Optional.of(
                        new PolicyText(new byte[0], List.of(new RouteBudget(new RouteId(4), List.of(3, 4))))));
            }
        };
    }

    @Test
    void everythingThatFollowsFromTheRulesAgrees() {
        begin();
        shelf.all.addAll(world.batches(LEAVES_EACH));

        assertThat(stepAll()).isEqualTo(shelf.all.size());
        // The last snapshot's plans are not judged before a later one has some.
        assertThat(verdicts).hasSizeGreaterThan(world.leaves.size() * 9 / 10).allMatch(Told::agrees);
    }

    @Test
    void whatIsOlderThanTheAuditIsNotRead() {
        List<PublishedBatch> batches = world.batches(LEAVES_EACH);
        shelf.all.addAll(batches.subList(0, 3));
        begin();
        shelf.all.addAll(batches.subList(3, batches.size()));

        assertThat(stepAll()).isEqualTo(batches.size() - 3);
        assertThat(verdicts).isNotEmpty().allMatch(Told::agrees);
        assertThat(shelf.read).isEqualTo(batches.size() - 3);
    }

    @Test
    void aPlanThatWasLeftOutIsTold() {
        world.leaves.remove(world.leaves.size() / 2 / 2 * 2);
        begin();
        shelf.all.addAll(world.batches(LEAVES_EACH));
        stepAll();

        assertThat(verdicts).filteredOn(told -> !told.agrees()).hasSize(2);
    }

    @Test
    void leavesThatAreNoneAreFoundAndTheAuditGoesOn() {
        begin();
        List<PublishedBatch> batches = world.batches(LEAVES_EACH);
        shelf.all.addAll(batches);
        // Cohort 64 in a leaf of each of the first batches, under headers that fit.
        for (int i = 0; i < 3; i++) {
            byte[] leaves = Shelf.bytes(batches.get(i));
            leaves[LeafEncoding.BYTES + 35] = 64;
            shelf.hostile.put(i + 1L, leaves);
            shelf.all.set(i, Reheaded.with(batches.get(i), leaves));
        }

        assertThat(stepAll()).isEqualTo(batches.size());
        assertThat(found.stream().filter(kind -> kind == Kind.UNREADABLE)).hasSize(3);
        assertThat(verdicts).filteredOn(Told::agrees).hasSizeGreaterThan(world.leaves.size() / 2);
    }

    @Test
    void aFastRequestThatFellBackTooEarlyIsTold() {
        begin();
        PublishedWorld fast = new PublishedWorld(1, 0);
        fast.leaves.add(HostileBatchTest.fast(3, 4, 1));
        fast.leaves.add(HostileBatchTest.fast(4, 4, 1));
        shelf.all.addAll(fast.batches(10));
        stepAll();

        assertThat(found).containsExactly(Kind.RULE_BROKEN);
        assertThat(verdicts).containsExactly(new Told(LeafMode.FAST, false), new Told(LeafMode.FAST, true));
    }

    @Test
    void endsWhosePlansNobodyHasReadAreNoDifference() {
        List<Leaf> ends = world.leaves.stream()
                .filter(leaf -> leaf.stage() instanceof Leaf.Stage.Ended)
                .toList();
        PublishedWorld onlyEnds = new PublishedWorld(1, 0);
        onlyEnds.leaves.addAll(ends);
        begin();
        shelf.all.addAll(onlyEnds.batches(ends.size()));

        assertThat(stepAll()).isEqualTo(shelf.all.size()).isPositive();
        assertThat(found).isEmpty();
    }

    @Test
    void whatCannotBeReadIsTriedAgain() {
        begin();
        shelf.all.addAll(world.batches(LEAVES_EACH));
        shelf.isDown = true;
        assertThatThrownBy(this::step).hasMessageContaining("out of reach");

        shelf.isDown = false;
        assertThat(stepAll()).isEqualTo(shelf.all.size());
    }

    private void begin() {
        assertThat(step()).isFalse();
    }

    private int stepAll() {
        int steps = 0;
        while (step()) {
            steps++;
        }
        return steps;
    }

    private boolean step() {
        return audit.step().await().indefinitely();
    }

    /** Batches as a database has them. */
    private static final class Shelf implements Batches {
        final List<PublishedBatch> all = new ArrayList<>();
        final Map<Long, byte[]> hostile = new HashMap<>();
        int read;
        boolean isDown;

        static byte[] bytes(PublishedBatch batch) {
            byte[] bytes = new byte[batch.leaves().size() * LeafEncoding.BYTES];
            for (int i = 0; i < batch.leaves().size(); i++) {
                LeafEncoding.encode(batch.leaves().get(i), bytes, i * LeafEncoding.BYTES);
            }
            return bytes;
        }

        private <T> Uni<T> answer(T what) {
            return isDown
                    ? Uni.createFrom().failure(new IllegalStateException("the database is out of reach"))
                    : Uni.createFrom().item(what);
        }

        private Optional<PublishedBatch> at(long sequence) {
            return all.stream()
                    .filter(batch -> batch.header().sequence() == sequence)
                    .findFirst();
        }

        private static SettledBatch settled(PublishedBatch batch) {
            return new SettledBatch(
                    batch.header(),
                    batch.header().head(),
                    ConfirmationLevel.RECORDED,
                    Optional.empty(),
                    Optional.empty(),
                    List.of());
        }

        @Override
        public Uni<List<Hash32>> trees(LaneId lane, long size) {
            return answer(all.stream()
                    .filter(batch -> batch.header().firstIndex() == size)
                    .findFirst()
                    .orElseThrow()
                    .before());
        }

        @Override
        public Uni<Optional<SettledBatch>> batch(LaneId lane, long sequence) {
            return answer(at(sequence).map(Shelf::settled));
        }

        @Override
        public Uni<List<SettledBatch>> list(LaneId lane, long before, int limit) {
            return answer(all.isEmpty() ? List.of() : List.of(settled(all.getLast())));
        }

        @Override
        public Uni<Optional<byte[]>> leaves(LaneId lane, long sequence) {
            read++;
            return answer(
                    at(sequence).map(batch -> hostile.containsKey(sequence) ? hostile.get(sequence) : bytes(batch)));
        }

        @Override
        public Uni<List<byte[]>> snapshots(BatchHeader batch) {
            return answer(at(batch.sequence()).stream()
                    .flatMap(found -> found.snapshots().stream())
                    .map(SnapshotEncoding::encode)
                    .toList());
        }

        @Override
        public Uni<Optional<byte[]>> records(LaneId lane, long sequence) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Leaves> locate(RequestId id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Optional<LocatedSnapshot>> snapshot(LaneId lane, long number) {
            throw new UnsupportedOperationException();
        }
    }
}
