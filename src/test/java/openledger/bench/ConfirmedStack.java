package openledger.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import openledger.demo.AnvilNode;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalRegistry;
import openledger.demo.LocalStack;
import openledger.support.ScratchFolder;

/** A router that settles on a chain with blocks of 0.25 s, with a PostgreSQL and simulated providers of its own. */
public final class ConfirmedStack implements AutoCloseable {
    public static final int PORT = 8093;
    public static final String ROUTER = "http://127.0.0.1:" + PORT;
    static final Duration BLOCK = Duration.ofMillis(250);
    private static final int POSTGRES_PORT = 5494;

    private final LocalPostgres postgres;
    private final AnvilNode chain;
    private final ChildProcess fleet;
    private final ChildProcess router;

    private ConfirmedStack(LocalPostgres postgres, AnvilNode chain, ChildProcess fleet, ChildProcess router) {
        this.postgres = postgres;
        this.chain = chain;
        this.fleet = fleet;
        this.router = router;
    }

    /**
     * Starts all of it; it is ready when this returns.
     *
     * @param fleetFile the providers
     * @param anyProvider port of one of them
     */
    public static ConfirmedStack start(Path config, Path fleetFile, int anyProvider, Path out)
            throws IOException, SQLException, InterruptedException {
        return start(config, fleetFile, anyProvider, out, Map.of());
    }

    /** The same, with more in the router's environment. */
    public static ConfirmedStack start(
            Path config, Path fleetFile, int anyProvider, Path out, Map<String, String> moreEnvironment)
            throws IOException, SQLException, InterruptedException {
        Files.createDirectories(out);
        Path data = ScratchFolder.make("confirmed");
        LocalPostgres postgres = LocalPostgres.start(data.resolve("postgres"), POSTGRES_PORT);
        AnvilNode chain = AnvilNode.start(data, BLOCK, AnvilNode.State.FORGOTTEN);
        ChildProcess fleet = ChildProcess.openledger(
                "confirmed-fleet", out, List.of("-Xmx512m"), Map.of(), "simulate", "--fleet", fleetFile.toString());
        fleet.awaitReady("http://127.0.0.1:" + anyProvider + "/simulator/calls");
        Map<String, String> environment = new HashMap<>(LocalStack.environment(postgres, PORT));
        environment.putAll(LocalRegistry.settlement(chain));
        environment.putAll(moreEnvironment);
        ChildProcess router = LocalStack.router("confirmed-router", environment, config, out);
        router.awaitReady(ROUTER + "/q/health/ready");
        return new ConfirmedStack(postgres, chain, fleet, router);
    }

    public AnvilNode chain() {
        return chain;
    }

    /** The first column of the only row of a query. */
    public long number(String query) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() throws IOException {
        router.close();
        fleet.close();
        chain.close();
        postgres.close();
    }
}
