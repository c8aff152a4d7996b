package openledger.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import openledger.audit.Difference.Kind;
import openledger.commitment.SnapshotEncoding;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.leaf.OutcomeCommitment;
import openledger.commitment.leaf.UsageRecord;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.fairness.Attribution;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.routing.allocation.Snapshot;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a router puts under a header: what is wrong is found, and nothing hides what else is wrong. Long because there are many ways. */
final class HostileBatchTest {
    private static final PublishedRoutes PUBLISHED = (header, leaf) -> new Said<>(List.of(3, 4));

    private final PublishedWorld world = new PublishedWorld(1, 60);

    private static long requests = 1_000_000;

    /** A fast request that ended after so many attempts; each is another. */
    static Leaf fast(int attempts, int budget, int tier) {
        return fast(
                attempts,
                budget,
                tier,
                tier == 0 ? DecisionStatus.SERVED : DecisionStatus.FELL_BACK,
                tier == 0 ? 1 : 9);
    }

    private static Leaf fast(int attempts, int budget, int tier, DecisionStatus status, int target) {
        return new Leaf(
                RequestKey.of(new byte[RequestKey.COMMITMENT_BYTES], requests++),
                LeafMode.FAST,
                1,
                new RouteId(4),
                budget,
                attempts,
                1_000_000,
                Leaf.NO_SNAPSHOT,
                0,
                1,
                attempts > 1 ? Trigger.RATE_LIMITED : Trigger.NONE,
                List.of(),
                new Stage.Ended(
                        status,
                        tier,
                        target,
                        Attribution.NONE,
                        0,
                        100,
                        OutcomeCommitment.of(new byte[16], new byte[32], List.of(), UsageRecord.NONE)));
    }

    private static List<Difference> judge(PublishedRoutes routes, Leaf... leaves) {
        PlanReplay replay = new PlanReplay(ReplayVerdicts.NOBODY, routes);
        replay.take(PublishedWorld.batch(1, 0, List.of(leaves), List.of()));
        return replay.finish().differences();
    }

    @ParameterizedTest
    @CsvSource({
        // attempts, budget, tier, what is said without any policy
        "1, 3, 1, after 1 attempts",
        "2, 9, 2, after 2 attempts",
        "4, 3, 1, 4 attempts were spent of a budget of 3",
        "255, 64, 0, 255 attempts were spent of a budget of 64",
        "0, 3, 0, no attempt was spent",
    })
    void aFastEndThatBreaksARuleIsFoundWithoutAnyPolicy(int attempts, int budget, int tier, String said) {
        assertThat(judge(PublishedRoutes.NONE, fast(attempts, budget, tier)))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.kind()).isEqualTo(Kind.RULE_BROKEN);
                    assertThat(found.text()).contains(said);
                });
    }

    @Test
    void aFastEndIsHeldAgainstThePublishedPolicy() {
        assertThat(judge(PUBLISHED, fast(1, 4, 0), fast(3, 4, 0), fast(4, 4, 1)))
                .isEmpty();
        assertThat(judge(PUBLISHED, fast(3, 4, 1)))
                .singleElement()
                .satisfies(found -> assertThat(found.text()).contains("good for 3"));
        assertThat(judge(PUBLISHED, fast(3, 5, 0)))
                .singleElement()
                .satisfies(found -> assertThat(found.text()).contains("published budget of 4"));
        assertThat(judge(PUBLISHED, fast(3, 4, Leaf.NO_TIER, DecisionStatus.EXHAUSTED, Leaf.NO_TARGET)))
                .singleElement()
                .satisfies(found -> assertThat(found.text()).contains("given up as exhausted after 3 of 4"));
        assertThat(judge(PUBLISHED, fast(4, 4, Leaf.NO_TIER, DecisionStatus.SERVED, 3)))
                .singleElement()
                .satisfies(found -> assertThat(found.text()).contains("contradicts itself"));
    }

    @Test
    void twoBudgetsOfOneRouteAreFoundWithoutAnyPolicy() {
        assertThat(judge(PublishedRoutes.NONE, fast(1, 4, 0), fast(1, 5, 0), fast(1, 4, 0)))
                .singleElement()
                .satisfies(found -> assertThat(found.text()).contains("has a budget of 5 here, and had one of 4"));
    }

    private static Stream<Arguments> noLeaves() {
        return Stream.of(
                Arguments.of("version", 32, 1),
                Arguments.of("kind", 33, 3),
                Arguments.of("mode", 34, 4),
                Arguments.of("mode", 34, 0x81),
                Arguments.of("cohort", 35, 64),
                Arguments.of("cohort", 35, 255),
                Arguments.of("budget", 38, 0),
                Arguments.of("budget", 38, 65),
                Arguments.of("tier", 50, 8),
                Arguments.of("tier", 51, 0x80),
                Arguments.of("trigger", 56, 99),
                Arguments.of("status", 57, 0),
                Arguments.of("status", 57, 9),
                Arguments.of("attribution", 58, 4),
                Arguments.of("plan", 64, 0xff));
    }

    /** One leaf that is none, among others of which one is a misroute and one has no plan. */
    @ParameterizedTest
    @MethodSource("noLeaves")
    void aLeafThatIsNoneHidesNoOther(String field, int offset, int value) {
        // An outcome, once there is one leaf more before it.
        int victim = world.leaves.size() / 2 / 2 * 2 + 2;
        world.leaves.add(3, fast(1, 4, 1));
        world.leaves.remove(world.leaves.size() - 20);
        List<PublishedBatch> batches = new ArrayList<>(world.batches(50));
        int at = victim / 50;
        byte[] leaves = StandingBytes.of(batches.get(at));
        int leaf = victim % 50 * LeafEncoding.BYTES;
        leaves[leaf + offset] = (byte) value;
        if ("plan".equals(field)) {
            leaves[leaf + offset + 1] = (byte) value;
        }
        batches.set(at, Reheaded.with(batches.get(at), leaves));

        Map<Kind, Long> found = kinds(batches);

        assertThat(found).containsEntry(Kind.UNREADABLE, 1L).containsEntry(Kind.RULE_BROKEN, 1L);
        assertThat(found.keySet()).containsAnyOf(Kind.PLAN_MISSING, Kind.OUTCOME_DIFFERS);
    }

    private static Map<Kind, Long> kinds(List<PublishedBatch> batches) {
        PlanReplay replay = new PlanReplay(ReplayVerdicts.NOBODY, PUBLISHED);
        batches.forEach(replay::take);
        Map<Kind, Long> kinds = new TreeMap<>();
        replay.finish().differences().forEach(found -> kinds.merge(found.kind(), 1L, Long::sum));
        return kinds;
    }

    @Test
    void aBatchThatCannotBeReadIsOneDifferenceAndThePlansAfterItAreCompared() {
        List<PublishedBatch> batches = world.batches(50);
        PlanReplay replay = new PlanReplay(ReplayVerdicts.NOBODY, PUBLISHED);
        for (PublishedBatch batch : batches) {
            if (batch.header().sequence() == 3) {
                replay.skip(3, "it is nothing");
            } else {
                replay.take(batch);
            }
        }
        ReplayReport report = replay.finish();

        assertThat(report.differences())
                .singleElement()
                .satisfies(found -> assertThat(found.text()).isEqualTo("batch 3: it is nothing"));
        assertThat(report.plans()).isGreaterThan(world.leaves.size() / 3);
    }

    @Test
    void aSnapshotThatIsNoneIsOneDifferenceAndTheAuditGoesOn() {
        List<PublishedBatch> batches = new ArrayList<>(world.batches(50));
        PublishedBatch batch = batches.get(2);
        List<byte[]> snapshots = new ArrayList<>(
                batch.snapshots().stream().map(SnapshotEncoding::encode).toList());
        snapshots.set(1, Arrays.copyOf(snapshots.get(1), 40));
        batches.set(2, Reheaded.with(batch, StandingBytes.of(batch), snapshots));

        assertThat(kinds(batches)).containsExactly(Map.entry(Kind.UNREADABLE, 1L));
    }

    /** A few bytes of a snapshot must not become very many of plans. */
    @Test
    void aSnapshotOfRoutesThatNoPolicyCanHaveIsNone() {
        Snapshot any = world.snapshots.stream()
                .filter(view -> !view.open().isEmpty())
                .findFirst()
                .orElseThrow();
        byte[] bytes = SnapshotEncoding.encode(any);
        int attempts = attemptsOffset(bytes);
        bytes[attempts] = (byte) 0xff;

        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> SnapshotEncoding.decode(bytes)))
                .hasMessageContaining("at most 64 attempts");
    }

    /** The first tier of the only route has 3 attempts and 3 targets: 0, 1, 2. */
    private static int attemptsOffset(byte[] bytes) {
        byte[] tier = {3, 3, 0, 0, 0, 1, 0, 2};
        for (int i = 0; i + tier.length <= bytes.length; i++) {
            if (Arrays.equals(tier, Arrays.copyOfRange(bytes, i, i + tier.length))) {
                return i;
            }
        }
        throw new AssertionError("no tier");
    }

    /** Any bytes anywhere: always a report, never an exception. */
    @Test
    void anyBytesHaveAReport() {
        for (int seed = 1; seed <= 150; seed++) {
            Random random = new Random(seed);
            List<PublishedBatch> batches = new PublishedWorld(seed, 12).batches(20);
            PlanReplay replay = new PlanReplay(ReplayVerdicts.NOBODY, PublishedRoutes.NONE);
            for (PublishedBatch batch : batches) {
                byte[] leaves = StandingBytes.of(batch);
                changed(leaves, random);
                List<byte[]> snapshots =
                        batch.snapshots().stream().map(SnapshotEncoding::encode).toList();
                snapshots.forEach(snapshot -> changed(snapshot, random));
                replay.take(Reheaded.with(batch, leaves, snapshots));
            }

            assertThat(replay.finish().batches()).as("seed %d", seed).isEqualTo(batches.size());
        }
    }

    private static void changed(byte[] bytes, Random random) {
        for (int i = random.nextInt(6); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? random.nextInt() : 0xff);
        }
    }

    /** The leaves of a batch as bytes. */
    private static final class StandingBytes {
        static byte[] of(PublishedBatch batch) {
            byte[] bytes = new byte[batch.leaves().size() * LeafEncoding.BYTES];
            for (int i = 0; i < batch.leaves().size(); i++) {
                LeafEncoding.encode(batch.leaves().get(i), bytes, i * LeafEncoding.BYTES);
            }
            return bytes;
        }
    }
}
