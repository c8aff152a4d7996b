package openledger.store.lane;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import openledger.commitment.leaf.LaneSecret;
import openledger.settlement.receipt.LaneSecrets;
import openledger.store.BoundedQuery;
import openledger.unit.LaneId;

/** The secrets of lanes. A lane's is made at its first start and never changes. Thread-safe. */
public final class StoredLaneSecrets implements LaneSecrets {
    private final Pool pool;
    private final SecureRandom random;
    private final Map<LaneId, LaneSecret> known = new ConcurrentHashMap<>();

    public StoredLaneSecrets(Pool pool, SecureRandom random) {
        this.pool = pool;
        this.random = random;
    }

    /** The secret of our lane; made if it has none. Two that start at once get the same. */
    public Uni<LaneSecret> make(LaneId lane) {
        byte[] fresh = new byte[LaneSecret.BYTES];
        random.nextBytes(fresh);
        return BoundedQuery.rows(
                        pool,
                        "insert into lane_secret (lane, secret) values ($1, $2) on conflict do nothing",
                        Tuple.of(lane.value(), Buffer.buffer(fresh)))
                .chain(made -> of(lane))
                .map(Optional::orElseThrow);
    }

    @Override
    public Uni<Optional<LaneSecret>> of(LaneId lane) {
        LaneSecret secret = known.get(lane);
        if (secret != null) {
            return Uni.createFrom().item(Optional.of(secret));
        }
        return BoundedQuery.rows(pool, "select secret from lane_secret where lane = $1", Tuple.of(lane.value()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return Optional.empty();
                    }
                    LaneSecret read =
                            new LaneSecret(rows.iterator().next().getBuffer(0).getBytes());
                    known.put(lane, read);
                    return Optional.of(read);
                });
    }
}
