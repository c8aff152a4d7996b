package openledger.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import openledger.unit.LaneId;
import openledger.unit.ResendKey;
import org.junit.jupiter.api.Test;

/** To whom ranges belong, and what each router does about it. */
final class RangePlanTest {
    @Test
    void aLaneThatComesMovesOnlyWhatItGetsAndOneThatGoesOnlyWhatItHad() {
        for (int lanes = 1; lanes <= 8; lanes++) {
            List<LaneId> before = lanes(lanes);
            List<LaneId> after = lanes(lanes + 1);
            LaneId newcomer = after.getLast();
            for (int range = 0; range < ResendKey.RANGES; range++) {
                LaneId had = Rendezvous.of(range, before).orElseThrow();
                LaneId has = Rendezvous.of(range, after).orElseThrow();
                assertThat(has).isIn(had, newcomer);
            }
        }
    }

    @Test
    void lanesGetAboutTheSame() {
        for (int lanes = 2; lanes <= 8; lanes++) {
            List<LaneId> all = lanes(lanes);
            Map<LaneId, Integer> counts = new HashMap<>();
            IntStream.range(0, ResendKey.RANGES)
                    .forEach(range -> counts.merge(Rendezvous.of(range, all).orElseThrow(), 1, Integer::sum));
            int fair = ResendKey.RANGES / lanes;
            assertThat(counts.values())
                    .hasSize(lanes)
                    .allSatisfy(count -> assertThat(count).isBetween(fair * 7 / 10, fair * 13 / 10));
        }
        assertThat(Rendezvous.of(0, List.of())).isEmpty();
    }

    /** Every state of one range among two lanes of two holds each, whoever looks at it. */
    @Test
    void aRangeIsTakenOnlyIfNobodyCanWriteForItAndGivenOnlyByItsHolder() {
        for (int range = 0; range < 64; range++) {
            for (long ourFence = 1; ourFence <= 2; ourFence++) {
                for (long theirFence = 1; theirFence <= 2; theirFence++) {
                    for (boolean serves : new boolean[] {true, false}) {
                        look(range, ourFence, theirFence, serves);
                    }
                }
            }
        }
    }

    private static void look(int range, long ourFence, long theirFence, boolean serves) {
        ClusterMember us = member(1, ourFence, true);
        ClusterMember them = member(2, theirFence, serves);
        List<LaneId> serving = serves ? List.of(us.lane(), them.lane()) : List.of(us.lane());
        boolean belongsToUs = Rendezvous.of(range, serving).orElseThrow().equals(us.lane());
        for (HeldRange row : rowsOf(range)) {
            RangePlan plan = RangePlan.of(us, List.of(row), List.of(us, them));
            boolean isOurs = row.isOf(us);
            boolean canBeWritten = isOurs || isOfHoldOrLater(row, us) || isOfHoldOrLater(row, them);
            assertThat(plan.take().contains(range)).isEqualTo(belongsToUs && !canBeWritten);
            assertThat(plan.give().contains(range)).isEqualTo(!belongsToUs && isOurs);
        }
    }

    private static boolean isOfHoldOrLater(HeldRange row, ClusterMember member) {
        return row.lane().filter(member.lane()::equals).isPresent() && row.fence() >= member.fence();
    }

    private static List<HeldRange> rowsOf(int range) {
        List<HeldRange> rows = new ArrayList<>();
        rows.add(new HeldRange(range, Optional.empty(), 0));
        LongStream.rangeClosed(1, 2)
                .forEach(lane -> LongStream.rangeClosed(1, 2)
                        .forEach(fence -> rows.add(new HeldRange(range, Optional.of(new LaneId(lane)), fence))));
        return rows;
    }

    @Test
    void aLaneWithoutAnAddressOrALeaseGetsNothing() {
        ClusterMember us = member(1, 1, true);
        List<HeldRange> free = IntStream.range(0, ResendKey.RANGES)
                .mapToObj(range -> new HeldRange(range, Optional.empty(), 0))
                .toList();
        ClusterMember mute = new ClusterMember(new LaneId(2), 1, "", true);
        ClusterMember dead = member(3, 1, false);

        assertThat(RangePlan.of(us, free, List.of(us, mute, dead)).take()).hasSize(ResendKey.RANGES);
        assertThat(RangePlan.of(mute, free, List.of(us, mute, dead)).take()).isEmpty();
    }

    @Test
    void theMapNamesTheHolderOrNobody() {
        ClusterMember us = member(1, 2, true);
        ClusterMember them = member(2, 5, true);
        List<HeldRange> rows = List.of(
                new HeldRange(0, Optional.of(us.lane()), 2),
                new HeldRange(1, Optional.of(us.lane()), 2),
                new HeldRange(2, Optional.of(us.lane()), 1),
                new HeldRange(3, Optional.of(them.lane()), 5),
                new HeldRange(4, Optional.of(them.lane()), 4),
                new HeldRange(5, Optional.of(new LaneId(9)), 1),
                new HeldRange(6, Optional.empty(), 0));

        RangeMap map = RangeMap.of(7, us, rows, List.of(us, them), Set.of(0, 2, 3, 6));

        assertThat(map.version()).isEqualTo(7);
        assertThat(map.owner(0)).isEqualTo(new RangeOwner.Ours());
        assertThat(map.owner(1)).as("not prepared").isEqualTo(new RangeOwner.Nobody());
        assertThat(map.owner(2)).as("of an earlier hold").isEqualTo(new RangeOwner.Nobody());
        assertThat(map.owner(3)).isEqualTo(new RangeOwner.Another(them));
        for (int range = 4; range < ResendKey.RANGES; range++) {
            assertThat(map.owner(range)).isEqualTo(new RangeOwner.Nobody());
        }
        assertThat(map.ours()).isEqualTo(1);
        assertThat(RangeMap.ALONE.ours()).isEqualTo(ResendKey.RANGES);
        assertThat(RangeMap.UNKNOWN.ours()).isZero();
    }

    private static ClusterMember member(long lane, long fence, boolean serves) {
        return new ClusterMember(new LaneId(lane), fence, "127.0.0.1:" + (8_000 + lane), serves);
    }

    private static List<LaneId> lanes(int count) {
        return LongStream.rangeClosed(1, count).mapToObj(LaneId::new).toList();
    }
}
