package openledger.store.cluster;

import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import openledger.cluster.ClusterMember;
import openledger.store.BoundedQuery;

/** The lanes of the database and who holds them now. Thread-safe. */
public final class StoredMembers {
    private final Pool pool;

    public StoredMembers(Pool pool) {
        this.pool = pool;
    }

    /** All of them, also those that nobody serves. */
    public Uni<List<ClusterMember>> all() {
        return BoundedQuery.rows(pool, RangeStatements.MEMBERS, Tuple.tuple()).map(RangeStatements::members);
    }
}
