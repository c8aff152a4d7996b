package openledger.store.catalog;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import openledger.inference.PolicyVersions;
import openledger.store.BoundedQuery;

/** Policies of all lanes of the database by the hash of their text: a text with that hash is the same wherever it was in force. Thread-safe. */
public final class StoredPolicies implements PolicyVersions {
    private final Pool pool;

    public StoredPolicies(Pool pool) {
        this.pool = pool;
    }

    @Override
    public Uni<Optional<byte[]>> canonical(byte[] hash) {
        return BoundedQuery.rows(
                        pool,
                        "select canonical from policy_version where hash = $1 limit 1",
                        Tuple.of(Buffer.buffer(hash)))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getBuffer(0).getBytes()));
    }
}
