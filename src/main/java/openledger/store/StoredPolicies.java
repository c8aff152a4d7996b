package openledger.store;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import openledger.inference.PolicyVersions;
import openledger.unit.LaneId;

/** Policies by the hash of their text. Thread-safe. */
public final class StoredPolicies implements PolicyVersions {
    private final Pool pool;
    private final LaneId lane;

    public StoredPolicies(Pool pool, LaneId lane) {
        this.pool = pool;
        this.lane = lane;
    }

    @Override
    public Uni<Optional<byte[]>> canonical(byte[] hash) {
        return BoundedQuery.rows(
                        pool,
                        "select canonical from policy_version where lane = $1 and hash = $2",
                        Tuple.of(lane.value(), Buffer.buffer(hash)))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getBuffer(0).getBytes()));
    }
}
