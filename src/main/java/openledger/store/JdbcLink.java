package openledger.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Blocking connections, with a time-out: one without an answer for that long is closed, and the statement fails. Migrations do not use it,
 * because they may take longer.
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
