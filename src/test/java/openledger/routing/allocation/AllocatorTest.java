package openledger.routing.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import openledger.commitment.SnapshotSeed;
import openledger.routing.Plan;
import openledger.routing.RouteShape;
import openledger.routing.RouteShape.TierShape;
import openledger.routing.allocation.Allocation.Pinned;
import openledger.routing.allocation.Snapshot.TargetView;
import openledger.unit.TargetId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of every allocation, over many random snapshots. Long because it lists all that holds. */
final class AllocatorTest {
    private static final int SNAPSHOTS = 400;

    static LongStream seeds() {
        return LongStream.range(0, SNAPSHOTS);
    }

    private static Allocation allocate(Snapshot snapshot) {
        return Allocator.allocate(snapshot, SnapshotSeed.LOTS);
    }

    private static Snapshot snapshot(long seed) {
        return RandomSnapshots.next(new Random(seed));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void putsEachOpenRequestIntoOneListAndGivesItATurn(long seed) {
        Snapshot snapshot = snapshot(seed);

        Allocation allocation = allocate(snapshot);

        List<OpenRequest> all = all(allocation);
        assertThat(all.stream().map(OpenRequest::counter))
                .containsExactlyInAnyOrderElementsOf(
                        snapshot.open().stream().map(OpenRequest::counter).toList());
        assertThat(all).allMatch(request -> request.turn() >= request.arrival());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void doesNotDependOnTheOrderOfTheOpenRequests(long seed) {
        Snapshot snapshot = snapshot(seed);
        List<OpenRequest> shuffled = new ArrayList<>(snapshot.open());
        Collections.shuffle(shuffled, new Random(seed));

        Allocation allocation = allocate(with(snapshot, snapshot.targets(), snapshot.routes(), shuffled));

        assertThat(allocation).isEqualTo(allocate(snapshot));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void plansDoNotDependOnTheOrderOfTargetsAndRoutes(long seed) {
        Snapshot snapshot = snapshot(seed);
        List<TargetView> targets = new ArrayList<>(snapshot.targets());
        Collections.shuffle(targets, new Random(seed));
        List<RouteShape> routes = snapshot.routes().reversed().stream()
                .map(AllocatorTest::withTargetsReversed)
                .toList();
        List<OpenRequest> open = snapshot.open().stream()
                .map(request -> new OpenRequest(
                        request.key(),
                        request.tenant(),
                        routes.size() - 1 - request.route(),
                        request.arrival(),
                        request.spentBefore(),
                        request.turn()))
                .toList();

        Allocation allocation = allocate(with(snapshot, targets, routes, open));

        assertThat(plans(allocation)).isEqualTo(plans(allocate(snapshot)));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void givesNoTargetMoreThanItsFreeSlotsAndLeavesNoneUnusedWhileSomebodyWaits(long seed) {
        Snapshot snapshot = snapshot(seed);

        Allocation allocation = allocate(snapshot);

        Map<Integer, Integer> left = left(snapshot, allocation);
        assertThat(left.values()).allMatch(slots -> slots >= 0);
        for (OpenRequest held : allocation.held()) {
            assertThat(tierNow(snapshot, held).targets())
                    .allMatch(target -> left.getOrDefault(target.value(), -1) == 0);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void takesTheTierThatFollowsFromWhatWasSpentAndNothingElse(long seed) {
        Snapshot snapshot = snapshot(seed);

        Allocation allocation = allocate(snapshot);

        for (Pinned pinned : allocation.pinned()) {
            RouteShape route = snapshot.routes().get(pinned.request().route());
            long spent = pinned.request().spentBy(snapshot.number(), route);
            assertThat(pinned.plan().spent()).isEqualTo((int) spent);
            assertThat(pinned.tier()).isEqualTo(route.tierAfter((int) spent));
            assertThat(tierNow(snapshot, pinned.request()).targets())
                    .contains(new TargetId(pinned.plan().first()));
        }
        assertThat(allocation.exhausted()).allMatch(request -> isSpent(snapshot, request));
        assertThat(allocation.held()).noneMatch(request -> isSpent(snapshot, request));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void letsNobodyPassWhoStandsLaterInThePublicOrder(long seed) {
        Snapshot snapshot = snapshot(seed);

        Allocation allocation = allocate(snapshot);

        Comparator<OpenRequest> order = Comparator.comparingLong(OpenRequest::turn)
                .thenComparingLong(
                        request -> snapshot.tenants().get(request.tenant()).deficit())
                .thenComparing(request -> SnapshotSeed.LOTS.of(snapshot.seed(), request.key()));
        for (OpenRequest held : allocation.held()) {
            assertThat(allocation.pinned().stream()
                            .filter(pinned -> pinned.request().route() == held.route())
                            .filter(pinned ->
                                    tierNow(snapshot, pinned.request()).equals(tierNow(snapshot, held))))
                    .allMatch(pinned -> order.compare(pinned.request(), held) < 0);
        }
        List<OpenRequest> ordered = new ArrayList<>(all(allocation));
        ordered.sort(order);
        assertThat(allocation.pinned())
                .allMatch(pinned -> ordered.get(pinned.plan().rank()).equals(pinned.request()));
        assertThat(allocation.pinned()).allMatch(pinned -> pinned.plan().open() == ordered.size());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void plansEachAttemptWithinItsTierAndEveryTargetBeforeOneAgain(long seed) {
        Snapshot snapshot = snapshot(seed);

        for (Pinned pinned : allocate(snapshot).pinned()) {
            RouteShape route = snapshot.routes().get(pinned.request().route());
            List<Integer> places = pinned.plan().places();
            assertThat(places).hasSize(route.budget());
            int start = 0;
            for (TierShape tier : route.tiers()) {
                List<Integer> here = places.subList(start, start + tier.attempts());
                assertThat(tier.targets().stream().map(TargetId::value)).containsAll(here);
                assertThat(here.stream().distinct())
                        .hasSize(Math.min(tier.attempts(), tier.targets().size()));
                for (int k = tier.targets().size(); k < here.size(); k++) {
                    assertThat(here.get(k))
                            .isEqualTo(here.get(k - tier.targets().size()));
                }
                start += tier.attempts();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void plansClosedTargetsLast(long seed) {
        Snapshot snapshot = snapshot(seed);
        Map<Integer, Boolean> healthy = new HashMap<>();
        snapshot.targets().forEach(target -> healthy.put(target.id().value(), target.healthy()));

        for (Pinned pinned : allocate(snapshot).pinned()) {
            RouteShape route = snapshot.routes().get(pinned.request().route());
            int start = 0;
            for (int t = 0; t < route.tiers().size(); t++) {
                TierShape tier = route.tiers().get(t);
                int from = t == pinned.tier() ? pinned.plan().spent() : start;
                int to = Math.min(start + tier.attempts(), from + tier.targets().size());
                List<Boolean> here = pinned.plan().places().subList(from, to).stream()
                        .map(healthy::get)
                        .toList();
                assertThat(here).isSortedAccordingTo(Comparator.reverseOrder());
                start += tier.attempts();
            }
        }
    }

    private static Snapshot with(
            Snapshot snapshot, List<TargetView> targets, List<RouteShape> routes, List<OpenRequest> open) {
        return new Snapshot(
                snapshot.number(),
                snapshot.closedMillis(),
                snapshot.seed(),
                snapshot.seedBlock(),
                targets,
                routes,
                snapshot.tenants(),
                open);
    }

    private static RouteShape withTargetsReversed(RouteShape route) {
        return new RouteShape(
                route.id(),
                route.gridEpochs(),
                route.tiers().stream()
                        .map(tier ->
                                new TierShape(tier.attempts(), tier.targets().reversed()))
                        .toList());
    }

    private static List<OpenRequest> all(Allocation allocation) {
        List<OpenRequest> all = new ArrayList<>(allocation.held());
        all.addAll(allocation.exhausted());
        allocation.pinned().forEach(pinned -> all.add(pinned.request()));
        return all;
    }

    private static Map<Long, Plan> plans(Allocation allocation) {
        Map<Long, Plan> plans = new HashMap<>();
        allocation.pinned().forEach(pinned -> plans.put(pinned.request().counter(), pinned.plan()));
        return plans;
    }

    private static Map<Integer, Integer> left(Snapshot snapshot, Allocation allocation) {
        Map<Integer, Integer> left = new HashMap<>();
        snapshot.targets().forEach(target -> left.put(target.id().value(), target.free()));
        allocation.pinned().forEach(pinned -> left.merge(pinned.plan().first(), -1, Integer::sum));
        return left;
    }

    private static boolean isSpent(Snapshot snapshot, OpenRequest request) {
        RouteShape route = snapshot.routes().get(request.route());
        return request.spentBy(snapshot.number(), route)
                >= IntStream.range(0, route.tiers().size())
                        .map(tier -> route.tiers().get(tier).attempts())
                        .sum();
    }

    private static TierShape tierNow(Snapshot snapshot, OpenRequest request) {
        RouteShape route = snapshot.routes().get(request.route());
        return route.tiers().get(route.tierAfter((int) request.spentBy(snapshot.number(), route)));
    }
}
