package openledger.wiring.database;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Singleton;

/**
 * Makes the pool of what people read: a long list of decisions must not hold up what settles them. It leads where the main pool does, to the
 * same primary: at a standby that lags a receipt would not be there yet.
 */
@Singleton
@ReactiveDataSource(ReadPool.NAME)
final class ReadPool implements PgPoolCreator {
    static final String NAME = "reads";

    private final Pool pool;
    private final MainPool main;

    ReadPool(Pool pool, MainPool main) {
        this.pool = pool;
        this.main = main;
    }

    @Override
    public Pool create(Input input) {
        // Whoever asks it anything has it made.
        pool.size();
        return main.servers().pool(input.vertx(), input.poolOptions());
    }
}
