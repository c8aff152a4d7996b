package openledger.wiring.database;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Singleton;
import openledger.store.DatabaseServers;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Makes the pool of what people read: a long list of decisions must not hold up what settles them. It leads where the main pool does, or to
 * servers of its own.
 */
@Singleton
@ReactiveDataSource(ReadPool.NAME)
final class ReadPool implements PgPoolCreator {
    static final String NAME = "reads";

    private final boolean isOfPrimary;

    ReadPool(
            @ConfigProperty(name = "quarkus.datasource.reactive.url") String main,
            @ConfigProperty(name = "quarkus.datasource.reads.reactive.url") String reads) {
        this.isOfPrimary = main.equals(reads);
    }

    @Override
    public Pool create(Input input) {
        DatabaseServers servers = isOfPrimary
                ? DatabaseServers.primaryOf(input.pgConnectOptionsList())
                : DatabaseServers.anyOf(input.pgConnectOptionsList());
        return servers.pool(input.vertx(), input.poolOptions());
    }
}
