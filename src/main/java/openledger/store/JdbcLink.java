package openledger.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Connections of those who block, and how long they do: one that has had no answer for so long is closed, and the statement
 * fails. Migrations are not among them, since they may take their time.
 */
public final class JdbcLink {
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    private JdbcLink() {}

    public static Connection to(DataSource database) throws SQLException {
        Connection connection = database.getConnection();
        connection.setNetworkTimeout(Runnable::run, (int) LONGEST_SILENCE.toMillis());
        return connection;
    }
}
