package openledger.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import openledger.demo.LocalPostgres;

/**
 * Two real servers of one database: a primary, and a standby without which nothing is committed. Who shall be primary is for the one who has
 * them to say, as Patroni would. Confined to one thread.
 */
public final class PostgresPair implements AutoCloseable {
    private static final String STANDBY = "standby";

    private final LocalPostgres first;
    private final LocalPostgres second;

    private PostgresPair(LocalPostgres first, LocalPostgres second) {
        this.first = first;
        this.second = second;
    }

    /** Starts both; the standby follows when this returns. */
    public static PostgresPair start(Path folder) throws IOException, SQLException, InterruptedException {
        Path data = folder.resolve("postgres");
        Path copy = folder.resolve("postgres-standby");
        LocalPostgres first = LocalPostgres.start(data, 0);
        // A copy of a database that was shut down is whole.
        first.close();
        copy(data, copy);
        first.startAgain();
        Files.createFile(copy.resolve("standby.signal"));
        Files.writeString(
                copy.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=" + first.port() + " user=" + LocalPostgres.USER
                        + " application_name=" + STANDBY + "'\n",
                StandardOpenOption.APPEND);
        PostgresPair pair = new PostgresPair(first, LocalPostgres.start(copy, 0));
        try (Connection connection = first.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("alter system set synchronous_standby_names = 'ANY 1 (" + STANDBY + ")'");
            statement.execute("select pg_reload_conf()");
            while (!isTrue(statement, "select exists(select 1 from pg_stat_replication where sync_state = 'quorum')")) {
                Thread.sleep(50);
            }
        }
        return pair;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path copied = to.resolve(from.relativize(each).toString());
                Files.copy(each, copied, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** The one that is primary at first. */
    public LocalPostgres first() {
        return first;
    }

    /** The one that follows it until it is promoted. */
    public LocalPostgres second() {
        return second;
    }

    /** Makes the second one primary, whether the first one lives or not; returns when it takes writes. */
    public void promote() throws SQLException {
        try (Connection connection = second.connect();
                Statement statement = connection.createStatement()) {
            if (!isTrue(statement, "select pg_promote()")) {
                throw new SQLException("the standby was not promoted");
            }
        }
    }

    private static boolean isTrue(Statement statement, String question) throws SQLException {
        try (ResultSet row = statement.executeQuery(question)) {
            return row.next() && row.getBoolean(1);
        }
    }

    @Override
    public void close() throws IOException {
        second.close();
        first.close();
    }
}
