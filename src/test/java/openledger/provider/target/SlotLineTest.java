package openledger.provider.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import openledger.routing.SlotBounds;
import openledger.routing.allocation.SlotLine;
import org.junit.jupiter.api.Test;

/** Who is in line for a slot gets it before all newcomers, the earliest turn first, and no slot is lost or given twice. */
final class SlotLineTest {
    private static final CircuitSettings CIRCUIT =
            new CircuitSettings(20, 0.5, Duration.ofSeconds(5), Duration.ofMinutes(1));
    private final AtomicLong clock = new AtomicLong();
    private final TargetState target = new TargetState(
            new SlotBounds(1, 2, 2), new Circuit(CIRCUIT, clock::get), CIRCUIT.longestClosure(), clock::get);

    @Test
    void aFreeSlotWaitsForWhoeverIsInLine() {
        assertThat(target.reserve()).isTrue();
        SlotLine.Place place = target.lineUp(5);

        assertThat(target.inFlight()).isEqualTo(2);
        assertThat(target.reserve()).isFalse();
        assertThat(place.take()).isTrue();
        assertThat(target.inFlight()).isEqualTo(2);
    }

    @Test
    void whatIsGivenBackGoesToTheEarliestTurnAndThenToWhoCameFirst() {
        fill();
        List<SlotLine.Place> places = List.of(target.lineUp(7), target.lineUp(6), target.lineUp(6));

        target.release();
        assertThat(target.reserve()).isFalse();
        target.release();

        assertThat(places).map(SlotLine.Place::take).containsExactly(false, true, true);
    }

    @Test
    void whoLeavesGivesItsSlotToTheNextInLine() {
        fill();
        SlotLine.Place first = target.lineUp(1);
        SlotLine.Place second = target.lineUp(2);
        target.release();

        first.leave();
        first.leave();

        assertThat(second.take()).isTrue();
        assertThat(target.inFlight()).isEqualTo(2);
    }

    @Test
    void nobodyIsKeptFromASlotByWhoHasLeftTheLine() {
        fill();
        SlotLine.Place left = target.lineUp(1);
        left.leave();
        assertThat(target.lineUp(2).take()).isFalse();

        target.release();

        assertThat(target.reserve()).isTrue();
    }

    @Test
    void aClosedTargetServesNobodyUntilItOpens() {
        target.closeFor(Duration.ofSeconds(1));
        SlotLine.Place early = target.lineUp(1);
        SlotLine.Place late = target.lineUp(2);
        assertThat(early.take()).isFalse();

        clock.addAndGet(1_000_000_000L);

        assertThat(target.reserve()).isTrue();
        assertThat(target.reserve()).isFalse();
        assertThat(late.take()).isTrue();
    }

    @Test
    void manyThreadsAtOnceLoseNoSlotAndTakeNoneTwice() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int turn = i;
            threads.add(Thread.startVirtualThread(() -> {
                for (int round = 0; round < 2_000; round++) {
                    boolean ours = round % 2 == 0
                            ? target.reserve()
                            : target.lineUp(turn).take();
                    if (ours) {
                        target.release();
                    } else {
                        target.lineUp(turn).leave();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(target.inFlight()).isZero();
        assertThat(target.reserve()).isTrue();
    }

    private void fill() {
        assertThat(target.reserve()).isTrue();
        assertThat(target.reserve()).isTrue();
    }
}
