package openledger.cli;

import io.smallrye.config.ConfigValidationException;
import java.net.BindException;
import java.net.ConnectException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Why the router does not start, in the words of whoever knew most about it, and the keys to look at. */
final class StartFailure {
    private static final String DATABASE_KEYS =
            " (the database: quarkus.datasource.jdbc.url, quarkus.datasource.username, quarkus.datasource.password)";
    private static final String LISTEN_KEYS =
            " (quarkus.http.host and quarkus.http.port, or those of openledger.admin)";

    private StartFailure() {}

    /** The reason; several lines if there are several. */
    static String reason(Throwable failure) {
        String hint = "";
        String told = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigValidationException faults) {
                return "The configuration cannot be used:\n  " + String.join("\n  ", ConfigurationFaults.of(faults));
            }
            if (cause instanceof SQLException) {
                hint = DATABASE_KEYS;
            } else if (cause instanceof BindException || isBind(cause.getMessage())) {
                hint = LISTEN_KEYS;
            }
            // A socket does not say what it was to be connected to; whoever opened it does.
            if (told == null || !(cause instanceof ConnectException)) {
                told = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            }
        }
        return told + hint;
    }

    private static boolean isBind(@Nullable String message) {
        return message != null && message.startsWith("bind(");
    }
}
