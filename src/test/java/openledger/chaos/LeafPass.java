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
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.audit.Difference;
import openledger.audit.PlanReplay;
import openledger.audit.PublishedBatch;
import openledger.audit.ReplayReport;
import openledger.audit.ReplayVerdicts;
import openledger.audit.charge.BatchContent;
import openledger.audit.charge.Charge;
import openledger.audit.charge.Courtroom;
import openledger.audit.charge.MisrouteFinder;
import openledger.audit.court.LaneChain.Committed;
import openledger.audit.court.LaneChain.RouteTerms;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.LeafMode;
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
 * Makes the leaves of everything that a router has recorded, in batches as the product cuts them, and holds them against the rule book,
 * the replay and what a vault punishes: whatever was killed meanwhile, its records may convict it of nothing.
 *
 * @param byMode leaves that were judged, plans among them
 * @param faults that were found
 * @param charges that could be brought before a vault
 */
record LeafPass(Map<LeafMode, Long> byMode, List<Difference> faults, List<Charge> charges) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int EACH = 600;
    private static final long CHAIN = 901;
    /** When all of it is committed. */
    private static final long NOW = 2_000_000_000;

    LeafPass {
        byMode = Map.copyOf(byMode);
        faults = List.copyOf(faults);
        charges = List.copyOf(charges);
    }

    /**
     * Of all that the database's journal has.
     *
     * @param upTo cumulative attempts of the tiers of each route, by its name
     */
    static LeafPass of(LocalPostgres postgres, Map<String, List<Integer>> upTo) throws SQLException {
        Map<LeafMode, Long> byMode = new EnumMap<>(LeafMode.class);
        List<Difference> faults = new ArrayList<>();
        List<Charge> charges = new ArrayList<>();
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
                Lane one = new Lane(vertx, pool, lane, secret(postgres, lane), routes(postgres, lane, upTo), byMode);
                faults.addAll(one.read().differences());
                charges.addAll(one.charges);
            }
        } finally {
            pool.close().toCompletionStage().toCompletableFuture().join();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
        return new LeafPass(byMode, faults, charges);
    }

    /** All of them. */
    long leaves() {
        return byMode.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Those of the mode confirmed, behind either gate. */
    long confirmed() {
        return leaves() - byMode.getOrDefault(LeafMode.FAST, 0L);
    }

    /** What the router salted its requests with: snapshots name them so. Any will do for a router that settles nothing. */
    private static LaneSecret secret(LocalPostgres postgres, LaneId lane) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("select secret from lane_secret where lane = " + lane.value())) {
            return new LaneSecret(rows.next() ? rows.getBytes(1) : new byte[LaneSecret.BYTES]);
        }
    }

    /** What the lane has published of its routes, by the numbers that leaves have for them. */
    private static Map<Integer, List<Integer>> routes(
            LocalPostgres postgres, LaneId lane, Map<String, List<Integer>> upTo) throws SQLException {
        Map<Integer, List<Integer>> routes = new HashMap<>();
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select id, split_part(body, E'\\n', 1) from catalog_entry"
                        + " where kind = 'R' and lane = " + lane.value())) {
            while (rows.next()) {
                routes.put(rows.getInt(1), upTo.getOrDefault(rows.getString(2), List.of()));
            }
        }
        return routes;
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
        private final Map<LeafMode, Long> byMode;
        private final Map<Integer, List<Integer>> upTo;
        private final Map<Long, BatchContent> shelf = new HashMap<>();
        private final MisrouteFinder finder;
        private final List<Charge> charges = new ArrayList<>();
        private Predecessor before = Predecessor.NONE;

        Lane(
                Vertx vertx,
                Pool pool,
                LaneId lane,
                LaneSecret secret,
                Map<Integer, List<Integer>> upTo,
                Map<LeafMode, Long> byMode) {
            this.plans = new JournalPlanSource(vertx, pool, lane);
            this.decisions = new JournalDecisionSource(vertx, pool, lane);
            this.assembly = new BatchAssembly(CHAIN, Address.of(new byte[Address.BYTES]), lane, secret);
            this.replay = new PlanReplay(
                    ReplayVerdicts.NOBODY,
                    (header, leaf) -> new Said<>(upTo.getOrDefault(leaf.route().value(), List.of())));
            this.byMode = byMode;
            this.upTo = upTo;
            this.finder =
                    new MisrouteFinder(lane, Courtroom.TERMS, sequence -> Optional.ofNullable(shelf.get(sequence)));
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
            PublishedBatch batch = PublishedBatch.of(cut.header(), before.log().trees(), cut.leaves(), cut.snapshots());
            batch.leaves().forEach(leaf -> byMode.merge(leaf.mode(), 1L, Long::sum));
            replay.take(batch);
            BatchContent content = new BatchContent(
                    new Committed(cut.header(), NOW, 1), before.log().trees(), cut.leaves());
            shelf.put(cut.header().sequence(), content);
            charges.addAll(finder.take(
                    content, route -> Optional.of(new RouteTerms(upTo.getOrDefault(route.value(), List.of()), 1))));
            before = Predecessor.of(cut);
        }
    }
}
