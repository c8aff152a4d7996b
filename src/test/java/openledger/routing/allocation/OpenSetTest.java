package openledger.routing.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import openledger.budget.AllAnswers;
import openledger.commitment.SnapshotSeed;
import openledger.routing.RouteShape;
import openledger.routing.RouteShape.TierShape;
import openledger.routing.allocation.Snapshot.TargetView;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;
import openledger.unit.TargetId;
import openledger.unit.TenantTag;
import org.junit.jupiter.api.Test;

/** Long because every coming, going and view of a few epochs is tried, and held against the rules as one would say them. */
final class OpenSetTest {
    private static final Duration EPOCH = Duration.ofSeconds(1);
    private static final int EPOCHS = 3;
    /** One attempt in each of two tiers. */
    private static final RouteShape SHORT = route(1, new int[] {1, 1}, new int[] {0, 1});
    /** Its best tier is the other's lower one. */
    private static final RouteShape LONG = route(2, new int[] {2, 1}, new int[] {1, 2});

    private static final List<Request> REQUESTS =
            List.of(new Request(1, 10, SHORT, 0), new Request(2, 11, LONG, 1), new Request(3, 10, LONG, 0));

    private record Request(long counter, int tenant, RouteShape route, int spentBefore) {
        RequestKey key() {
            byte[] bytes = new byte[RequestKey.COMMITMENT_BYTES];
            bytes[0] = (byte) counter;
            return RequestKey.of(bytes, counter);
        }
    }

    private static RouteShape route(int id, int[] attempts, int[] targets) {
        List<TierShape> tiers = new ArrayList<>();
        for (int tier = 0; tier < attempts.length; tier++) {
            tiers.add(new TierShape(attempts[tier], List.of(new TargetId(targets[tier]))));
        }
        return new RouteShape(new RouteId(id), 1, tiers);
    }

    private static TenantTag tag(int tenant) {
        byte[] bytes = new byte[TenantTag.BYTES];
        bytes[0] = (byte) tenant;
        return TenantTag.of(bytes);
    }

    private static OpenSet.Stamp stamp(long number) {
        return new OpenSet.Stamp(number, 1_000 * number, SnapshotSeed.of(new LaneId(1), number, Hash32.ZERO), 5);
    }

    /** So many free slots of each target as the answers say. */
    private record World(AllAnswers answers, Map<Integer, Integer> wanted) implements OpenSet.View<Request> {
        @Override
        public RouteShape route(Request request) {
            return request.route;
        }

        @Override
        public TenantTag tenant(Request request) {
            return tag(request.tenant);
        }

        @Override
        public TargetView show(TargetId target, int count) {
            assertThat(wanted.put(target.value(), count)).as("shown once").isNull();
            return TargetView.of(target, answers.of(2), count, true);
        }
    }

    /** Some epochs, in which requests arrive and leave; and what must hold at the end of each. */
    private static final class Lane {
        private final AllAnswers answers;
        private final OpenSet<Request> set = new OpenSet<>(EPOCH);
        private final Map<Long, Request> open = new LinkedHashMap<>();
        private final List<Request> toCome = new ArrayList<>(REQUESTS);
        private final Map<Long, Long> arrivals = new HashMap<>();
        private final Map<Long, Long> turns = new HashMap<>();
        private final Map<Integer, Long> granted = new TreeMap<>();
        private long number;

        Lane(AllAnswers answers) {
            this.answers = answers;
        }

        void run() {
            for (int epoch = 0; epoch < EPOCHS; epoch++) {
                arrive();
                if (epoch == 1 && !open.isEmpty() && answers.yesOrNo()) {
                    Request left = open.values().iterator().next();
                    open.remove(left.counter);
                    assertThat(set.leave(left.counter, left)).isTrue();
                }
                if (!open.isEmpty()) {
                    end();
                }
                assertThat(set.isEmpty()).isEqualTo(open.isEmpty());
            }
            assertThat(set.clear()).containsExactlyElementsOf(open.values());
            assertThat(set.isEmpty()).isTrue();
        }

        private void arrive() {
            for (Request request : List.copyOf(toCome)) {
                if (answers.yesOrNo()) {
                    toCome.remove(request);
                    open.put(request.counter, request);
                    set.enter(request.key(), request.spentBefore, request);
                }
            }
        }

        private void end() {
            number++;
            World world = new World(answers, new LinkedHashMap<>());
            OpenSet.Frozen<Request> frozen = set.freeze(stamp(number), world);
            Snapshot snapshot = frozen.snapshot();
            assertThat(frozen.newcomers())
                    .containsExactlyElementsOf(open.values().stream()
                            .filter(request -> !arrivals.containsKey(request.counter))
                            .toList());
            frozen.newcomers().forEach(request -> arrivals.put(request.counter, number));
            shows(snapshot, world);

            Allocation allocation = Allocator.allocate(snapshot, SnapshotSeed.LOTS);
            conserves(snapshot, allocation);
            set.settle(snapshot, allocation);

            for (Allocation.Pinned pinned : allocation.pinned()) {
                Request request = gone(pinned.request());
                if (pinned.tier() == 0) {
                    granted.merge(request.tenant, 1L, Long::sum);
                }
            }
            allocation.exhausted().forEach(this::gone);
            allocation.held().forEach(held -> {
                turns.put(held.counter(), held.turn());
                assertThat(set.request(held)).isSameAs(open.get(held.counter()));
            });
        }

        private Request gone(OpenRequest request) {
            assertThatThrownBy(() -> set.request(request)).isInstanceOf(NullPointerException.class);
            return Objects.requireNonNull(open.remove(request.counter()));
        }

        private void shows(Snapshot snapshot, World world) {
            assertThat(snapshot.number()).isEqualTo(number);
            assertThat(snapshot.open()).extracting(OpenRequest::counter).containsExactlyElementsOf(open.keySet());
            assertThat(snapshot.routes()).doesNotHaveDuplicates();
            assertThat(snapshot.tenants()).doesNotHaveDuplicates();
            for (OpenRequest shown : snapshot.open()) {
                Request request = set.request(shown);
                assertThat(request).isSameAs(open.get(shown.counter()));
                assertThat(shown.key()).isEqualTo(request.key());
                assertThat(shown.spentBefore()).isEqualTo(request.spentBefore);
                assertThat(shown.arrival()).isEqualTo(arrivals.get(shown.counter()));
                assertThat(shown.turn()).isEqualTo(turns.getOrDefault(shown.counter(), OpenRequest.NO_TURN));
                assertThat(snapshot.routes().get(shown.route())).isEqualTo(request.route);
                assertThat(snapshot.tenants().get(shown.tenant()))
                        .isEqualTo(
                                new Snapshot.TenantView(tag(request.tenant), granted.getOrDefault(request.tenant, 0L)));
            }
            assertThat(world.wanted).isEqualTo(usable());
            assertThat(snapshot.targets())
                    .extracting(target -> target.id().value())
                    .containsExactlyElementsOf(world.wanted.keySet());
        }

        /** Who could use a slot of a target now: those whose best tier it is in, and those who have come down to it. */
        private Map<Integer, Integer> usable() {
            Map<Integer, Integer> usable = new HashMap<>();
            for (Request request : open.values()) {
                int spent = spent(request);
                for (int tier = 0; tier < request.route.tiers().size(); tier++) {
                    boolean isHere =
                            tier == 0 || (spent < request.route.budget() && request.route.tierAfter(spent) == tier);
                    int target =
                            request.route.tiers().get(tier).targets().getFirst().value();
                    usable.merge(target, isHere ? 1 : 0, Integer::sum);
                }
            }
            return usable;
        }

        private int spent(Request request) {
            return request.spentBefore + (int) (number - arrivals.getOrDefault(request.counter, number));
        }

        /** Attempts passed while it was held and attempts of the plan are its budget. */
        private void conserves(Snapshot snapshot, Allocation allocation) {
            Stream<OpenRequest> pinned = allocation.pinned().stream().map(Allocation.Pinned::request);
            Stream<OpenRequest> others = Stream.concat(allocation.held().stream(), allocation.exhausted().stream());
            assertThat(Stream.concat(pinned, others).map(OpenRequest::counter))
                    .containsExactlyInAnyOrderElementsOf(open.keySet());
            for (Allocation.Pinned each : allocation.pinned()) {
                Request request = set.request(each.request());
                int left = each.plan().places().size() - each.plan().spent();
                assertThat(spent(request) + left).isEqualTo(request.route.budget());
                assertThat(left).isPositive();
                assertThat(each.tier()).isEqualTo(request.route.tierAfter(spent(request)));
                assertThat(each.plan().arrival()).isEqualTo(arrivals.get(request.counter));
            }
            for (OpenRequest held : allocation.held()) {
                assertThat(spent(set.request(held)))
                        .isLessThan(set.request(held).route.budget());
            }
            for (OpenRequest exhausted : allocation.exhausted()) {
                assertThat(spent(set.request(exhausted)))
                        .isEqualTo(set.request(exhausted).route.budget());
            }
            for (TargetView target : snapshot.targets()) {
                assertThat(allocation.pinned().stream()
                                .filter(each ->
                                        each.plan().first() == target.id().value()))
                        .hasSizeLessThanOrEqualTo(target.free());
            }
        }
    }

    @Test
    void keepsEveryRuleWhoeverComesAndWhateverIsFree() {
        assertThat(AllAnswers.walk(answers -> new Lane(answers).run())).isGreaterThan(1_000);
    }

    @Test
    void letsNobodyLeaveForARequestThatCameBackInItsPlace() {
        OpenSet<Request> set = new OpenSet<>(EPOCH);
        Request once = new Request(1, 10, SHORT, 0);
        Request again = new Request(1, 10, SHORT, 0);
        set.enter(again.key(), 1, again);

        assertThat(set.leave(1, once)).isFalse();
        assertThat(set.leave(1, again)).isTrue();
        assertThat(set.leave(1, again)).isFalse();
    }

    @Test
    void halvesWhatWasGrantedAfterTenSecondsOfEpochs() {
        OpenSet<Request> set = new OpenSet<>(EPOCH);
        OpenSet.View<Request> roomy = new OpenSet.View<>() {
            @Override
            public RouteShape route(Request request) {
                return request.route;
            }

            @Override
            public TenantTag tenant(Request request) {
                return tag(request.tenant);
            }

            @Override
            public TargetView show(TargetId target, int wanted) {
                return TargetView.of(target, 8, wanted, true);
            }
        };

        List<Long> deficits = new ArrayList<>();
        for (int number = 1; number <= 11; number++) {
            Request request = new Request(number, 10, SHORT, 0);
            set.enter(request.key(), 0, request);
            Snapshot snapshot = set.freeze(stamp(number), roomy).snapshot();
            deficits.add(snapshot.tenants().getFirst().deficit());
            set.settle(snapshot, Allocator.allocate(snapshot, SnapshotSeed.LOTS));
        }

        assertThat(deficits).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 5L);
    }
}
