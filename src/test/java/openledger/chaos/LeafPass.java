package openledger.chaos;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import openledger.audit.Difference;
import openledger.audit.PlanReplay;
import openledger.audit.PublishedBatch;
import openledger.audit.ReplayReport;
import openledger.audit.ReplayVerdicts;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.demo.LocalPostgres;
import openledger.settlement.cut.BatchAssembly;
import openledger.settlement.cut.BatchAssembly.Predecessor;
import openledger.settlement.cut.BatchInput;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.cut.DecisionSource.Placed;
import openledger.settlement.cut.JournalOffset;
import openledger.settlement.cut.PlanSource.Entry;
import openledger.store.journal.JournalDecisionSource;
import openledger.store.journal.JournalPlanSource;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/**
 * Makes the leaves of everything that a router has recorded, in batches as the product cuts them, and holds them against the rule book and
 * the replay: whatever was killed meanwhile, its records may convict it of nothing.
 *
 * @param leaves that were judged
 * @param faults that were found
 */
record LeafPass(long leaves, List<Difference> faults) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int EACH = 600;
    private static final long CHAIN = 901;

    LeafPass {
        faults = List.copyOf(faults);
    }

    /**
     * Of all that the database's journal has.
     *
     * @param upTo cumulative attempts of the only route
     */
    static LeafPass of(LocalPostgres postgres, List<Integer> upTo) throws SQLException {
        long leaves = 0;
        List<Difference> faults = new ArrayList<>();
        Vertx vertx = Vertx.vertx();
        Pool pool = PgBuilder.pool()
                .using(vertx)
                .connectingTo(PgConnectOptions.fromUri(postgres.reactiveUrl())
                        .setUser(LocalPostgres.USER)
                        .setPassword(LocalPostgres.PASSWORD))
                .with(new PoolOptions().setMaxSize(2))
                .build();
        try {
            for (LaneId lane : lanes(postgres)) {
                ReplayReport report = new Lane(vertx, pool, lane, upTo).read();
                leaves += report.leaves();
                faults.addAll(report.differences());
            }
        } finally {
            pool.close().toCompletionStage().toCompletableFuture().join();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
        return new LeafPass(leaves, faults);
    }

    private static List<LaneId> lanes(LocalPostgres postgres) throws SQLException {
        List<LaneId> lanes = new ArrayList<>();
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select distinct lane from journal_chunk")) {
            while (rows.next()) {
                lanes.add(new LaneId(rows.getLong(1)));
            }
        }
        return lanes;
    }

    /** The journal of a lane. */
    private static final class Lane {
        private final JournalPlanSource plans;
        private final JournalDecisionSource decisions;
        private final BatchAssembly assembly;
        private final PlanReplay replay;
        private Predecessor before = Predecessor.NONE;

        Lane(Vertx vertx, Pool pool, LaneId lane, List<Integer> upTo) {
            this.plans = new JournalPlanSource(vertx, pool, lane);
            this.decisions = new JournalDecisionSource(vertx, pool, lane);
            this.assembly = new BatchAssembly(
                    CHAIN, Address.of(new byte[Address.BYTES]), lane, new LaneSecret(new byte[LaneSecret.BYTES]));
            this.replay = new PlanReplay(ReplayVerdicts.NOBODY, (header, leaf) -> new Said<>(upTo));
        }

        /** Each plan before its outcome: all plans, then all decisions. */
        ReplayReport read() {
            JournalOffset place = JournalOffset.START;
            List<Entry> snapshots = new ArrayList<>();
            List<Entry> read = plans.after(place, EACH).await().atMost(PATIENCE);
            while (!read.isEmpty()) {
                place = read.getLast().behind();
                snapshots.addAll(read);
                // A batch has a leaf, which a snapshot alone is not.
                if (read.stream().anyMatch(Entry.OfPlan.class::isInstance)) {
                    cut(snapshots, List.of());
                    snapshots.clear();
                }
                read = plans.after(place, EACH).await().atMost(PATIENCE);
            }
            place = JournalOffset.START;
            List<Placed> ended = decisions.after(place, EACH).await().atMost(PATIENCE);
            while (!ended.isEmpty()) {
                place = ended.getLast().behind();
                cut(snapshots, ended);
                snapshots.clear();
                ended = decisions.after(place, EACH).await().atMost(PATIENCE);
            }
            return replay.finish();
        }

        private void cut(List<Entry> entries, List<Placed> ended) {
            CutBatch cut = assembly.cut(
                    before, Hash32.ZERO, new BatchInput(entries, JournalOffset.START, ended, JournalOffset.START));
            replay.take(PublishedBatch.of(cut.header(), before.log().trees(), cut.leaves(), cut.snapshots()));
            before = Predecessor.of(cut);
        }
    }
}
