package openledger.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import openledger.audit.Difference.Kind;
import openledger.commitment.SnapshotEncoding;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafField;
import openledger.routing.allocation.OpenRequest;
import openledger.routing.allocation.Snapshot;
import openledger.routing.allocation.Snapshot.TargetView;
import openledger.unit.RequestKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A replay finds nothing in what follows from the rules, and everything that does not. Long because there are many ways to
 * depart from them.
 */
final class PlanReplayTest {
    private static final int EPOCHS = 60;

    private final PublishedWorld world = new PublishedWorld(1, EPOCHS);

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 1_200})
    void whatFollowsFromTheRulesHasNoDifference(int leavesEach) {
        ReplayReport report = replay(world.batches(leavesEach));

        assertThat(report.differences()).isEmpty();
        assertThat(report.snapshots()).isEqualTo(EPOCHS);
        assertThat(report.plans()).isEqualTo(world.leaves.size() / 2).isGreaterThan(100);
        assertThat(report.outcomes()).isEqualTo(report.plans());
        assertThat(report.left()).isPositive();
        assertThat(report.exhausted()).isPositive();
        assertThat(report.pending()).isZero();
    }

    @Test
    void plansThatAreStillToComeAreNoDifference() {
        List<PublishedBatch> batches = world.batches(100);

        ReplayReport report = replay(batches.subList(0, batches.size() - 1));

        assertThat(report.differences()).isEmpty();
    }

    @Test
    void aPlanThatWasNotPublishedIsMissed() {
        int at = planOfTheMiddle();
        world.leaves.remove(at);

        // And its end names a plan that nobody has seen.
        assertThat(kinds()).containsExactlyInAnyOrder(Kind.PLAN_MISSING, Kind.OUTCOME_DIFFERS);
    }

    @Test
    void aPlanThatNobodyWasDueIsFound() {
        Leaf plan = world.leaves.get(planOfTheMiddle());
        byte[] bytes = LeafEncoding.encode(plan);
        bytes[0] ^= 1;
        bytes[LeafField.COUNTER.offset() + 4] ^= 1;
        world.leaves.add(planOfTheMiddle(), LeafEncoding.decode(bytes));

        assertThat(kinds()).containsExactly(Kind.PLAN_UNFOUNDED);
    }

    @Test
    void aSecondPlanOfARequestIsFound() {
        world.leaves.add(planOfTheMiddle() + 40, world.leaves.get(planOfTheMiddle()));

        assertThat(kinds()).contains(Kind.PLAN_UNFOUNDED);
    }

    @Test
    void aConfirmedRequestServedWithoutAPlanIsFound() {
        int at = planOfTheMiddle() + 1;
        Leaf end = world.leaves.get(at);
        world.leaves.set(at, with(end, List.of(), end.attempts(), end.stage()));

        assertThat(kinds()).contains(Kind.NOT_AS_PLANNED);
    }

    @Test
    void eachFieldOfAPlanIsCompared() {
        int at = planOfTheMiddle();
        Leaf plan = world.leaves.get(at);
        Stage.Planned stage = (Stage.Planned) plan.stage();
        List<Integer> swapped = new ArrayList<>(plan.plan().reversed());
        List<Leaf> wrong = List.of(
                with(
                        plan,
                        plan.plan(),
                        plan.attempts(),
                        new Stage.Planned(stage.turn() + 1, stage.arrival(), stage.rank(), stage.open())),
                with(
                        plan,
                        plan.plan(),
                        plan.attempts(),
                        new Stage.Planned(stage.turn(), stage.arrival() + 1, stage.rank(), stage.open())),
                with(
                        plan,
                        plan.plan(),
                        plan.attempts(),
                        new Stage.Planned(stage.turn(), stage.arrival(), stage.rank() + 1, stage.open())),
                with(
                        plan,
                        plan.plan(),
                        plan.attempts(),
                        new Stage.Planned(stage.turn(), stage.arrival(), stage.rank(), stage.open() + 1)),
                with(plan, plan.plan(), plan.attempts() + 1, stage));
        for (Leaf leaf : wrong) {
            world.leaves.set(at, leaf);
            // By some of them the leaf shows alone, or beside another, that no snapshot can give it.
            assertThat(kinds())
                    .as(leaf.toString())
                    .contains(Kind.PLAN_DIFFERS)
                    .isSubsetOf(Kind.PLAN_DIFFERS, Kind.PLAN_UNFOUNDED, Kind.OVERTAKEN);
        }
        world.leaves.set(at, with(plan, swapped, plan.attempts(), stage));
        assertThat(kinds()).contains(Kind.PLAN_DIFFERS, Kind.OUTCOME_DIFFERS);
    }

    @Test
    void anEndThatDidNotFollowItsPlanIsFound() {
        int at = planOfTheMiddle() + 1;
        Leaf end = world.leaves.get(at);
        Stage.Ended ended = (Stage.Ended) end.stage();
        world.leaves.set(
                at,
                with(
                        end,
                        end.plan(),
                        end.attempts(),
                        new Stage.Ended(
                                ended.status(),
                                ended.servedTier(),
                                8,
                                ended.attribution(),
                                ended.resends(),
                                ended.totalMillis(),
                                ended.outcome())));

        assertThat(kinds()).containsExactly(Kind.NOT_AS_PLANNED);
    }

    @Test
    void slotsThatWereNotGivenAwayInOrderAreFound() {
        int middle = EPOCHS / 2;
        Snapshot view = world.snapshots.get(middle);
        List<TargetView> none = view.targets().stream()
                .map(target -> new TargetView(target.id(), 0, target.healthy()))
                .toList();
        world.snapshots.set(middle, with(view, none, view.open()));

        assertThat(kinds()).contains(Kind.PLAN_UNFOUNDED);
    }

    @Test
    void whoJumpsTheQueueIsFound() {
        for (int number = 1; number < EPOCHS; number++) {
            Snapshot view = world.snapshots.get(number);
            int at = firstHeld(view);
            if (at >= 0) {
                List<OpenRequest> open = new ArrayList<>(view.open());
                open.set(at, open.get(at).inTurn(open.get(at).turn() - 1));
                world.snapshots.set(number, with(view, view.targets(), open));
                break;
            }
        }

        assertThat(kinds()).contains(Kind.OPEN_SET_DIFFERS);
    }

    @Test
    void whoWaitsWithoutHavingArrivedIsFound() {
        Snapshot view = world.snapshots.get(EPOCHS / 2);
        List<OpenRequest> open = new ArrayList<>(view.open());
        OpenRequest any = world.snapshots.get(1).open().isEmpty()
                ? world.snapshots.get(2).open().getFirst()
                : world.snapshots.get(1).open().getFirst();
        open.add(new OpenRequest(RequestKey.of(any.key().bytes(), 999), 0, 0, 2, 0, 2));
        world.snapshots.set(EPOCHS / 2, with(view, view.targets(), open));

        assertThat(kinds()).contains(Kind.OPEN_SET_UNFOUNDED);
    }

    @Test
    void dataThatAreNotTheHeadersAreFound() {
        PublishedBatch batch = world.batches(100).getFirst();
        byte[] leaves = new byte[batch.leaves().size() * LeafEncoding.BYTES];
        for (int i = 0; i < batch.leaves().size(); i++) {
            LeafEncoding.encode(batch.leaves().get(i), leaves, i * LeafEncoding.BYTES);
        }
        List<byte[]> snapshots =
                batch.snapshots().stream().map(SnapshotEncoding::encode).toList();
        leaves[200] ^= 1;
        assertThat(PublishedBatch.of(batch.header(), batch.before(), leaves, snapshots)
                        .unreadable())
                .singleElement()
                .satisfies(found -> assertThat(found.text()).contains("leaves do not match"));
        leaves[200] ^= 1;
        snapshots.getFirst()[10] ^= 1;
        assertThat(PublishedBatch.of(batch.header(), batch.before(), leaves, snapshots)
                        .unreadable())
                .singleElement()
                .satisfies(found -> assertThat(found.text()).contains("snapshots do not match"));
    }

    @Test
    void aBatchThatIsLeftOutIsNoticed() {
        List<PublishedBatch> batches = new ArrayList<>(world.batches(100));
        batches.remove(1);

        assertThatThrownBy(() -> replay(batches)).hasMessageContaining("does not come after");
    }

    private List<Kind> kinds() {
        return replay(world.batches(100)).differences().stream()
                .map(Difference::kind)
                .distinct()
                .toList();
    }

    private static ReplayReport replay(List<PublishedBatch> batches) {
        PlanReplay replay = new PlanReplay();
        batches.forEach(replay::take);
        return replay.finish();
    }

    /** Place of a plan's leaf about the middle; its outcome follows. */
    private int planOfTheMiddle() {
        int middle = world.leaves.size() / 2;
        return middle - middle % 2;
    }

    private static int firstHeld(Snapshot view) {
        for (int i = 0; i < view.open().size(); i++) {
            if (view.open().get(i).turn() != OpenRequest.NO_TURN) {
                return i;
            }
        }
        return -1;
    }

    private static Snapshot with(Snapshot view, List<TargetView> targets, List<OpenRequest> open) {
        return new Snapshot(
                view.number(),
                view.closedMillis(),
                view.seed(),
                view.seedBlock(),
                targets,
                view.routes(),
                view.tenants(),
                open);
    }

    private static Leaf with(Leaf leaf, List<Integer> plan, int attempts, Stage stage) {
        return new Leaf(
                leaf.request(),
                leaf.mode(),
                leaf.cohort(),
                leaf.route(),
                leaf.budget(),
                attempts,
                leaf.timeMillis(),
                leaf.snapshot(),
                leaf.selectedTier(),
                leaf.selectedTarget(),
                leaf.trigger(),
                plan,
                stage);
    }
}
