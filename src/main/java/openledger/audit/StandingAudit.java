package openledger.audit;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.concurrent.Executor;
import openledger.commitment.BatchHeader;
import openledger.settlement.receipt.Batches;
import openledger.settlement.receipt.Policies;
import openledger.settlement.receipt.SettledBatch;
import openledger.unit.LaneId;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A router's audit of its own lane, as anybody else could do it: reads each batch once it is cut, from where the lane stood when this
 * began, holds every leaf against the published rules and does the allocations again. What cannot be read is a difference like others, and
 * the audit goes on behind it. It proves nothing to others; it tells us before they do. One step at a time.
 */
public final class StandingAudit {
    private static final Logger LOG = Logger.getLogger(StandingAudit.class);
    private static final int TOLD = 5;

    private final Batches batches;
    private final LaneId lane;
    private final ReplayVerdicts verdicts;
    private final Executor worker;
    private final LaneRoutes routes;
    private PlanReplay replay;
    private @Nullable BatchHeader last;
    private boolean begun;

    /**
     * An audit that has read nothing yet.
     *
     * @param batches bound their questions: a step that was given up half way must not be begun again beside itself
     * @param policies all that the lane has published
     * @param worker takes what costs milliseconds; what it does is seen by whoever goes on from there
     */
    public StandingAudit(Batches batches, Policies policies, LaneId lane, ReplayVerdicts verdicts, Executor worker) {
        this.batches = batches;
        this.lane = lane;
        this.verdicts = verdicts;
        this.worker = worker;
        this.routes = new LaneRoutes(policies);
        this.replay = new PlanReplay(verdicts, routes);
    }

    /** Goes on with the next batch; false if there is none yet. Fails if it cannot be read, and may be tried again. */
    public Uni<Boolean> step() {
        return begun ? next() : begin();
    }

    /** What is older than we are has been audited, or was another's. */
    private Uni<Boolean> begin() {
        return batches.list(lane, Long.MAX_VALUE, 1).map(newest -> {
            newest.forEach(batch -> {
                last = batch.header();
                replay.after(batch.header());
            });
            begun = true;
            return false;
        });
    }

    private Uni<Boolean> next() {
        long sequence = last == null ? 1 : last.sequence() + 1;
        return batches.batch(lane, sequence)
                .chain(found -> found.map(SettledBatch::header)
                        .map(this::take)
                        .orElseGet(() -> Uni.createFrom().item(false)));
    }

    private Uni<Boolean> take(BatchHeader header) {
        return batches.leaves(lane, header.sequence())
                .chain(leaves -> Uni.combine()
                        .all()
                        .unis(batches.trees(lane, header.firstIndex()), batches.snapshots(header))
                        .asTuple()
                        .emitOn(worker)
                        .map(more -> leaves.map(
                                bytes -> PublishedBatch.of(header, more.getItem1(), bytes, more.getItem2()))))
                .chain(read -> read.map(PublishedBatch::leaves)
                        .map(routes::learn)
                        .orElseGet(() -> Uni.createFrom().voidItem())
                        .emitOn(worker)
                        .map(known -> {
                            // Older than what is kept: there is nothing to go on from.
                            read.ifPresentOrElse(this::compare, () -> {
                                replay = new PlanReplay(verdicts, routes);
                                replay.after(header);
                            });
                            last = header;
                            return true;
                        }));
    }

    private void compare(PublishedBatch batch) {
        replay.take(batch);
        long sequence = batch.header().sequence();
        List<Difference> news = replay.news();
        news.stream()
                .limit(TOLD)
                .forEach(found -> LOG.errorf(
                        "batch %d is not what the published rules make it: %s, snapshot %d, request %s: %s",
                        sequence, found.kind(), found.snapshot(), found.request(), found.text()));
        if (news.size() > TOLD) {
            LOG.errorf("batch %d: %d more differences", sequence, news.size() - TOLD);
        }
    }
}
