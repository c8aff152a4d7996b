package openledger.cluster.orphan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import openledger.cluster.orphan.AnnouncedOrphans.Announced;
import openledger.cluster.orphan.OrphanQueue.Waiting;
import openledger.unit.LaneId;
import org.junit.jupiter.api.Test;

/** What is kept of others' orphans, and what waits to be told of ours: bounded, shared, and no longer than it may be joined. */
final class AnnouncedOrphansTest {
    private static final int MOST = 10;
    private static final long LONG = 1_000;

    private final AnnouncedOrphans orphans = new AnnouncedOrphans(MOST);

    @Test
    void whatWasToldIsFoundUntilItIsOver() {
        assertThat(orphans.isEmpty()).isTrue();
        assertThat(orphans.add(name(1), lane(2), 3, LONG, 0)).isTrue();

        assertThat(orphans.find(name(1), LONG - 1)).hasValueSatisfying(found -> {
            assertThat(found.lane()).isEqualTo(lane(2));
            assertThat(found.fence()).isEqualTo(3);
        });
        assertThat(orphans.find(name(2), 0)).isEmpty();
        assertThat(orphans.find(name(1), LONG)).isEmpty();
        assertThat(orphans.isEmpty()).isTrue();
    }

    @Test
    void whatIsToldAgainIsKeptOnceForTheNewTime() {
        orphans.add(name(1), lane(2), 3, LONG, 0);
        Announced before = orphans.find(name(1), 0).orElseThrow();
        orphans.add(name(1), lane(2), 4, 2 * LONG, 1);

        assertThat(orphans.size()).isOne();
        // Of the former one nothing is left to be removed.
        orphans.remove(before);
        assertThat(orphans.find(name(1), LONG))
                .hasValueSatisfying(found -> assertThat(found.fence()).isEqualTo(4));
    }

    @Test
    void twoRoutersMayHaveOneOfTheSameName() {
        orphans.add(name(1), lane(2), 3, LONG, 0);
        orphans.add(name(1), lane(5), 6, LONG, 0);

        Announced last = orphans.find(name(1), 0).orElseThrow();
        assertThat(last.lane()).isEqualTo(lane(5));
        orphans.remove(last);
        assertThat(orphans.find(name(1), 0).orElseThrow().lane()).isEqualTo(lane(2));
    }

    @Test
    void oneRouterDisplacesNothingOfAnother() {
        for (int i = 0; i < 10 * MOST; i++) {
            orphans.add(name(i), lane(1), 1, LONG, 0);
        }
        assertThat(orphans.size()).isEqualTo(MOST / 2);
        assertThat(orphans.add(name(1_000), lane(2), 1, LONG, 0)).isTrue();
        assertThat(orphans.find(name(1_000), 0)).isPresent();
        // The crowd's time is over.
        assertThat(orphans.add(name(1_001), lane(1), 1, 3 * LONG, 2 * LONG)).isTrue();
        assertThat(orphans.size()).isOne();
    }

    @Test
    void countsStayRightWhateverComes() {
        Random random = new Random(11);
        long now = 0;
        for (int i = 0; i < 20_000; i++) {
            now += random.nextInt(20);
            OrphanName name = name(random.nextInt(8));
            if (random.nextInt(4) == 0) {
                orphans.find(name, now).ifPresent(orphans::remove);
            } else {
                orphans.add(name, lane(1 + random.nextInt(3)), random.nextInt(3), now + 1 + random.nextInt(200), now);
            }
            assertThat(orphans.size()).isBetween(0, MOST);
            assertThat(orphans.isEmpty()).isEqualTo(orphans.size() == 0);
        }
        now += LONG;
        orphans.find(name(1), now);
        assertThat(orphans.size()).isZero();
        assertThat(orphans.add(name(1), lane(1), 1, now + 1, now)).isTrue();
    }

    @Test
    void tenantsTakeTurnsInBeingTold() {
        OrphanQueue queue = new OrphanQueue(MOST);
        int crowd = 0;
        while (queue.add(new Waiting("crowd", name(crowd), LONG))) {
            crowd++;
        }
        assertThat(crowd).isEqualTo(MOST / 2);
        assertThat(queue.add(new Waiting("other", name(100), LONG))).isTrue();
        assertThat(queue.add(new Waiting("third", name(101), 1))).isTrue();

        List<Waiting> taken = queue.take(3, 1);

        // The third one's time is over.
        assertThat(taken).extracting(Waiting::tenant).containsExactly("crowd", "other", "crowd");
        assertThat(taken).extracting(Waiting::name).containsExactly(name(0), name(100), name(1));
        assertThat(queue.take(100, 1)).hasSize(MOST / 2 - 2);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void allThatWasTakenIsGivenOut() {
        OrphanQueue queue = new OrphanQueue(100);
        Random random = new Random(3);
        Map<String, List<OrphanName>> in = new HashMap<>();
        Map<String, List<OrphanName>> out = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            Waiting next = new Waiting("tenant-" + random.nextInt(7), name(i), LONG);
            if (queue.add(next)) {
                in.computeIfAbsent(next.tenant(), first -> new ArrayList<>()).add(next.name());
            }
            if (random.nextInt(10) == 0) {
                queue.take(random.nextInt(20), 0)
                        .forEach(one -> out.computeIfAbsent(one.tenant(), first -> new ArrayList<>())
                                .add(one.name()));
            }
        }
        queue.take(1_000, 0)
                .forEach(one -> out.computeIfAbsent(one.tenant(), first -> new ArrayList<>())
                        .add(one.name()));
        // Of each tenant in the order in which they came.
        assertThat(out).isEqualTo(in);
    }

    private static OrphanName name(int number) {
        return new OrphanName("%032x".formatted(number));
    }

    private static LaneId lane(int number) {
        return new LaneId(number);
    }
}
