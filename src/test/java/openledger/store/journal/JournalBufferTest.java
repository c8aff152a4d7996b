package openledger.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import openledger.inference.record.Intent;
import openledger.settlement.TestDecisions;
import openledger.store.journal.JournalBuffer.Wait;
import openledger.store.journal.JournalBuffer.Waiter;
import org.junit.jupiter.api.Test;

final class JournalBufferTest {
    private final JournalBuffer buffer = new JournalBuffer(1 << 20);

    @Test
    void whoComesWhenItIsDurableDoesNotWaitForACommitThatMayNeverCome() {
        buffer.accept(true);
        long position = append();
        JournalBuffer.Batch batch = buffer.take().orElseThrow();
        buffer.committed(batch);

        assertThat(buffer.await(waiter(position))).isEqualTo(Wait.OVER);
        assertThat(buffer.expired(Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void whoComesBeforeThatIsReleasedByTheCommit() {
        buffer.accept(true);
        Waiter first = waiter(append());
        Waiter second = waiter(append());
        assertThat(buffer.await(first)).isEqualTo(Wait.WAKES);
        assertThat(buffer.await(second)).isEqualTo(Wait.JOINS);

        assertThat(buffer.committed(buffer.take().orElseThrow())).containsExactly(first, second);
    }

    @Test
    void whatOneTenantHasPendingLeavesRoomForTheNext() {
        JournalBuffer small = new JournalBuffer(64 << 10);
        small.accept(true);
        Intent one = intentOf("one");
        int taken = 0;
        while (small.append(one).isPresent()) {
            taken++;
        }
        small.take();

        assertThat(taken).isGreaterThan(10);
        assertThat(small.append(one)).isEmpty();
        assertThat(small.append(intentOf("other"))).isPresent();
    }

    @Test
    void intentsWithoutADecisionAreCounted() {
        buffer.continueAfter(7, 0, 1);
        buffer.accept(true);
        append();
        buffer.take();
        assertThat(buffer.undecided()).isEqualTo(2);

        buffer.append(TestDecisions.decision(new Random(1), 7));
        buffer.append(TestDecisions.decision(new Random(1), 8));

        assertThat(buffer.undecided()).isZero();
    }

    private static Intent intentOf(String tenant) {
        Intent any = TestDecisions.decision(new Random(1), 1).intent();
        return new Intent(
                any.arrivalMillis(),
                tenant,
                any.route(),
                any.operation(),
                any.mode(),
                any.budget(),
                any.form(),
                any.bodyDigest(),
                any.clientRequestId(),
                any.nonce());
    }

    private long append() {
        Intent intent = TestDecisions.decision(new Random(1), 1).intent();
        return buffer.append(intent).orElseThrow().position();
    }

    private static Waiter waiter(long position) {
        List<UniEmitter<? super Void>> emitters = new ArrayList<>();
        Uni.createFrom().<Void>emitter(emitters::add).subscribe().with(done -> {});
        return new Waiter(position, 0, Thread.currentThread(), null, emitters.getFirst());
    }
}
