package openledger.settlement.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import openledger.settlement.CutBatches;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.cut.ReplayEncoding;
import org.junit.jupiter.api.Test;

/** Batches of an archive that somebody else can write. */
final class ArchivedBatchTest {
    private final CutBatches lane = new CutBatches();
    private final CutBatch batch = lane.plans(3);
    private final byte[] good = new ArchivedBatch(batch.header(), batch.records(), batch.snapshots()).encode();

    /** Empty ones would cost many times the bytes that they have in the archive. */
    @Test
    void hasAsManySnapshotsAsItsHeaderSays() {
        assertThat(ArchivedBatch.read(batch.header(), good).snapshots()).hasSize(3);
        refuses(with(batch.records(), batch.snapshots().subList(0, 2)), "cut off");
        refuses(ByteBuffer.allocate(good.length + 4_000_000).put(good).array(), "more than its header says");
        refuses(with(batch.records(), List.of(new byte[0], new byte[0], new byte[0])), "empty");
        CutBatch none = lane.outcomes(3);
        byte[] some = new ArchivedBatch(none.header(), none.records(), batch.snapshots()).encode();
        assertThatThrownBy(() -> ArchivedBatch.read(none.header(), some)).hasMessageContaining("more than its header");
    }

    @Test
    void hasNoMoreRecordsThanABatchCanHave() {
        refuses(with(new byte[ReplayEncoding.MOST_BYTES + 1], batch.snapshots()), "too long");
        refuses(with(new byte[0], batch.snapshots()), "empty");
    }

    private byte[] with(byte[] records, List<byte[]> snapshots) {
        return new ArchivedBatch(batch.header(), records, snapshots).encode();
    }

    private void refuses(byte[] bytes, String why) {
        assertThatThrownBy(() -> ArchivedBatch.read(batch.header(), bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void oneIsReadAtATime() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch two = new CountDownLatch(2);
        LogArchive archive = new LogArchive() {
            @Override
            public Optional<byte[]> read(String name, int limit) {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                two.countDown();
                awaitTwo(two);
                inside.decrementAndGet();
                return Optional.of(good);
            }

            @Override
            public boolean write(String name, Optional<byte[]> before, byte[] content) {
                return false;
            }
        };
        List<CompletableFuture<ArchivedBatch>> all = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(2)) {
            ArchivedLog archived = new ArchivedLog(archive, workers);
            for (int i = 0; i < 2; i++) {
                all.add(archived.batch(batch.header()).subscribeAsCompletionStage());
            }
            all.forEach(each -> assertThat(each).succeedsWithin(Duration.ofSeconds(20)));
        }
        assertThat(most).hasValue(1);
    }

    /** A second reader, if there could be one, has the time to come. */
    private static void awaitTwo(CountDownLatch two) {
        try {
            var _ = two.await(200, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
