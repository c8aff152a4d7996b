package openledger.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Nothing begins in a range that is being given away. */
final class RangeGatesTest {
    private static final int RANGE = 1_023;
    private final RangeGates gates = new RangeGates();

    @Test
    void aClosedGateLetsNobodyInAndABusyOneStaysOpen() {
        assertThat(gates.enter(RANGE)).isFalse();
        gates.open(RANGE);
        gates.open(RANGE);
        assertThat(gates.enter(RANGE)).isTrue();
        assertThat(gates.enter(0)).isFalse();
        assertThat(gates.closeIfIdle(RANGE)).isFalse();
        assertThat(gates.isOpen(RANGE)).isTrue();
        gates.leave(RANGE);
        assertThat(gates.closeIfIdle(RANGE)).isTrue();
        assertThat(gates.closeIfIdle(RANGE)).isTrue();
        assertThat(gates.enter(RANGE)).isFalse();
    }

    @Test
    void whatRunsWhenARangeIsLostStillCountsWhenItComesBack() {
        gates.open(RANGE);
        assertThat(gates.enter(RANGE)).isTrue();
        gates.close(RANGE);
        assertThat(gates.enter(RANGE)).isFalse();
        assertThat(gates.closeIfIdle(RANGE)).isFalse();
        gates.open(RANGE);
        assertThat(gates.running(RANGE)).isEqualTo(1);
        assertThat(gates.closeIfIdle(RANGE)).isFalse();
        gates.leave(RANGE);
        assertThat(gates.closeIfIdle(RANGE)).isTrue();
    }

    @Test
    void nobodyIsInsideOnceItWasClosedForBeingIdle() throws InterruptedException {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        CountDownLatch over = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            Thread.ofPlatform().start(() -> {
                for (int n = 0; n < 100_000; n++) {
                    if (gates.enter(RANGE)) {
                        inside.incrementAndGet();
                        inside.decrementAndGet();
                        gates.leave(RANGE);
                    }
                }
                over.countDown();
            });
        }
        while (over.getCount() > 0) {
            gates.open(RANGE);
            if (gates.closeIfIdle(RANGE) && inside.get() != 0) {
                wrong.incrementAndGet();
            }
        }
        assertThat(wrong).hasValue(0);
        assertThat(gates.running(RANGE)).isZero();
    }
}
