package openledger.wiring;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Singleton;
import openledger.store.DatabaseLink;

/** Makes the pool that everybody shares of connections that end when they are dead. */
@Singleton
final class BoundedPool implements PgPoolCreator {
    @Override
    public Pool create(Input input) {
        return DatabaseLink.pool(input.vertx(), input.poolOptions(), input.pgConnectOptionsList());
    }
}
