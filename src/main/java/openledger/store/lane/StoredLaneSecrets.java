package openledger.store.lane;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import openledger.commitment.leaf.LaneSecret;
import openledger.settlement.receipt.LaneSecrets;
import openledger.store.BoundedQuery;
import openledger.unit.LaneId;

/**
 * The secrets of lanes. A lane's is made at its first start and never changes; once it takes part in a cluster, its cohorts are those of
 * the cluster from its next request on. Thread-safe.
 */
public final class StoredLaneSecrets implements LaneSecrets {
    private static final String READ = "select secret, cohorts, cohorts_from from lane_secret where lane = $1";

    private static final String MAKE_COHORTS = "insert into cohort_secret (secret) values ($1) on conflict do nothing";

    /** After the last request that has a name: of one without a durable record there will be no leaf. */
    private static final String SHARE = "update lane_secret set cohorts = (select secret from cohort_secret),"
            + " cohorts_from = 1 + greatest("
            + "coalesce((select last_counter from projection where lane = $1), 0),"
            + " coalesce((select last_counter from journal_chunk where lane = $1 order by seq desc limit 1), 0))"
            + " where lane = $1 and cohorts is null";

    private final Pool pool;
    private final SecureRandom random;
    private final Map<LaneId, LaneSecret> known = new ConcurrentHashMap<>();
    private volatile boolean shares;

    public StoredLaneSecrets(Pool pool, SecureRandom random) {
        this.pool = pool;
        this.random = random;
    }

    /** The secret of our lane; made if it has none. Two that start at once get the same. */
    public Uni<LaneSecret> make(LaneId lane) {
        return BoundedQuery.rows(
                        pool,
                        "insert into lane_secret (lane, secret) values ($1, $2) on conflict do nothing",
                        Tuple.of(lane.value(), fresh()))
                // Also of a lane that was known: its router may have brought it into the cluster since.
                .chain(made -> read(lane))
                .map(Optional::orElseThrow);
    }

    private Buffer fresh() {
        byte[] fresh = new byte[LaneSecret.BYTES];
        random.nextBytes(fresh);
        return Buffer.buffer(fresh);
    }

    /**
     * The cohorts of a lane that has a secret are the cluster's from its next request on. To be called by who holds the lane and has ended
     * what its last router left, before it takes a request; a second time it changes nothing.
     */
    public Uni<Void> shareCohorts(LaneId lane) {
        shares = true;
        return BoundedQuery.rows(pool, MAKE_COHORTS, Tuple.of(fresh()))
                .chain(made -> BoundedQuery.rows(pool, SHARE, Tuple.of(lane.value())))
                .chain(shared -> read(lane))
                .replaceWithVoid();
    }

    @Override
    public Uni<Optional<LaneSecret>> of(LaneId lane) {
        LaneSecret secret = known.get(lane);
        // Another router may bring a lane into the cluster that is not yet.
        return secret != null && (!shares || secret.cohortsName() != 0)
                ? Uni.createFrom().item(Optional.of(secret))
                : read(lane);
    }

    private Uni<Optional<LaneSecret>> read(LaneId lane) {
        return BoundedQuery.rows(pool, READ, Tuple.of(lane.value()))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(taken(lane, rows.iterator().next())));
    }

    /** Always the same object, so that whoever has it learns of what is shared. */
    private LaneSecret taken(LaneId lane, Row row) {
        LaneSecret secret = known.computeIfAbsent(
                lane, first -> new LaneSecret(row.getBuffer(0).getBytes()));
        Buffer cohorts = row.getBuffer(1);
        if (cohorts != null) {
            secret.shareCohorts(cohorts.getBytes(), row.getLong(2));
        }
        return secret;
    }
}
