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
    private static final String MAIN = "quarkus.datasource.reactive.url";
    private static final String JDBC = "quarkus.datasource.jdbc.url";
    private static final String ROLE = "targetServerType=primary";

    /** The servers of the main pool, with all that is said of them: TLS as well. */
    @Produces
    @Singleton
    DatabaseServers servers(
            Pool pool,
            MainPool main,
            @ConfigProperty(name = MAIN) String reactive,
            @ConfigProperty(name = JDBC) String jdbc) {
        check(reactive, jdbc);
        // Whoever asks it anything has it made.
        pool.size();
        return main.servers();
    }

    /**
     * Without that the driver migrates whichever server answers first.
     *
     * @throws ConfigurationProblem if JDBC does not look for the primary of several servers
     */
    static void check(String reactive, String jdbc) {
        if (reactive.contains(",") && !jdbc.contains(ROLE)) {
            throw new ConfigurationProblem(
                    List.of(JDBC + " has to name all servers that " + MAIN + " names, and to end with ?" + ROLE
                            + ", as in jdbc:postgresql://a:5432,b:5432/openledger?" + ROLE));
        }
    }
}
