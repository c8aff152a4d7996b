package openledger.settlement.log;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.log.TilePath;
import openledger.settlement.log.BatchData.Data;
import openledger.settlement.log.BatchData.Kept;

/**
 * Drops the data of old batches of one lane, oldest first. A batch goes once it is old enough and final, and only after the archive has
 * returned all of it, byte for byte, a moment before, with leaves that the log's tiles have. So nothing depends on whether, when and whither somebody exported. Thread-safe.
 */
public final class BatchRetention {
    private static final byte[] NO_HASHES = {};

    private final BatchData batches;
    private final LogReads log;
    private final ArchivedLog archive;
    private final Duration age;

    /**
     * Retention of a lane's batches.
     *
     * @param log that the batches are of
     * @param age after which they go
     */
    public BatchRetention(BatchData batches, LogReads log, ArchivedLog archive, Duration age) {
        this.batches = batches;
        this.log = log;
        this.archive = archive;
        this.age = age;
    }

    /** What came of a step. */
    public sealed interface Step {
        /** A batch was dropped; the next may be due. */
        record Dropped(long sequence) implements Step {}

        /** No batch is due. */
        record NothingDue() implements Step {}

        /**
         * The batch that is due stays, because it is not in the archive.
         *
         * @param reason for people
         */
        record NotExported(long sequence, String reason) implements Step {}
    }

    /** Drops the oldest batch that is due. */
    public Uni<Step> step(Instant now) {
        return batches.oldest()
                .chain(found -> found.filter(batch -> isDue(batch, now))
                        .flatMap(batch -> batch.data().map(data -> drop(batch.header(), data)))
                        .orElseGet(() -> Uni.createFrom().item(new Step.NothingDue())));
    }

    private boolean isDue(Kept batch, Instant now) {
        return batch.level().reaches(ConfirmationLevel.FINALIZED)
                && batch.cutAt().isBefore(now.minus(age));
    }

    private Uni<Step> drop(BatchHeader header, Data data) {
        long sequence = header.sequence();
        return tiles(header)
                .chain(tiles -> archive.difference(header, data, tiles))
                .chain(lacking -> lacking.<Uni<Step>>map(
                                reason -> Uni.createFrom().item(new Step.NotExported(sequence, reason)))
                        .orElseGet(() -> batches.drop(sequence).map(done -> new Step.Dropped(sequence))));
    }

    /** With the hashes of a batch's leaves. All of a batch that is due are full. */
    private Uni<List<byte[]>> tiles(BatchHeader header) {
        long first = header.firstIndex() / TilePath.FULL;
        long last = (header.size() - 1) / TilePath.FULL;
        return Multi.createFrom()
                .items(() -> LongStream.rangeClosed(first, last).boxed())
                .onItem()
                .transformToUniAndConcatenate(index -> log.tile(new TilePath(0, index, TilePath.FULL)))
                .map(tile -> tile.orElse(NO_HASHES))
                .collect()
                .asList();
    }
}
