package openledger.store;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import openledger.settlement.log.ArchivedLog;
import openledger.settlement.log.BatchData;
import openledger.settlement.log.LogReads;
import openledger.store.lane.StoredBatchData;
import openledger.store.lane.StoredLog;
import openledger.unit.LaneId;

/** Batches and logs of lanes by the address of their database, for a process that has no pool. Its connection ends with the Vert.x. */
public final class LaneDatabase {
    /** The server ends a session that is silent for longer, and between two pages an export may be. */
    private static final int IDLE_SECONDS = 5;

    private final DatabaseServers servers;
    private final Pool pool;

    private LaneDatabase(DatabaseServers servers, Pool pool) {
        this.servers = servers;
        this.pool = pool;
    }

    /** The database of some servers. Does not connect yet. */
    public static LaneDatabase at(Vertx vertx, DatabaseServers servers) {
        PoolOptions one =
                new PoolOptions().setMaxSize(1).setIdleTimeout(IDLE_SECONDS).setIdleTimeoutUnit(TimeUnit.SECONDS);
        return new LaneDatabase(servers, servers.pool(vertx, one));
    }

    /** Why something that was asked of it has failed, as {@link DatabaseTrouble} has it. */
    public String trouble(Throwable failure) {
        return DatabaseTrouble.of(failure, servers);
    }

    /** The lanes that have batches, in order. */
    public Uni<List<LaneId>> lanes() {
        return BoundedQuery.rows(pool, "select lane from batch where sequence = 1 order by lane", Tuple.tuple())
                .map(rows -> {
                    List<LaneId> lanes = new ArrayList<>();
                    rows.forEach(row -> lanes.add(new LaneId(row.getLong(0))));
                    return lanes;
                });
    }

    public BatchData batches(LaneId lane) {
        return new StoredBatchData(pool, lane);
    }

    /**
     * A lane's log.
     *
     * @param archive that has what was dropped
     */
    public LogReads log(LaneId lane, ArchivedLog archive) {
        return new StoredLog(pool, lane, archive);
    }
}
