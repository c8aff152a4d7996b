package openledger.wiring.database;

import io.vertx.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import openledger.store.DatabaseServers;
import openledger.wiring.config.ConfigurationProblem;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where the database is, for those who need a connection of their own. */
@Singleton
final class DatabaseProducers {
    /** The servers of the main pool, with all that is said of them: TLS as well. */
    @Produces
    @Singleton
    DatabaseServers servers(
            Pool pool,
            MainPool main,
            @ConfigProperty(name = DatabaseAddresses.REACTIVE) String reactive,
            @ConfigProperty(name = DatabaseAddresses.JDBC) String jdbc) {
        List<String> problems = DatabaseAddresses.problems(reactive, jdbc);
        if (!problems.isEmpty()) {
            throw new ConfigurationProblem(problems);
        }
        // Whoever asks it anything has it made.
        pool.size();
        return main.servers();
    }
}
