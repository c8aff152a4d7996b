package openledger.wiring.database;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Singleton;
import openledger.store.DatabaseServers;
import org.jspecify.annotations.Nullable;

/** Makes the pool of what is written, and of what is read to write it: connections to the primary, which end when they are dead. */
@Singleton
final class MainPool implements PgPoolCreator {
    private volatile @Nullable DatabaseServers servers;

    @Override
    public Pool create(Input input) {
        DatabaseServers found = DatabaseServers.primaryOf(input.pgConnectOptionsList());
        servers = found;
        return found.pool(input.vertx(), input.poolOptions());
    }

    /** The servers of the pool, once it is made. */
    DatabaseServers servers() {
        DatabaseServers found = servers;
        if (found == null) {
            throw new IllegalStateException("the pool is not made yet");
        }
        return found;
    }
}
