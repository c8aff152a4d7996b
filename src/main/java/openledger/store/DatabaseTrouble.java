package openledger.store;

import io.vertx.pgclient.PgException;
import java.util.concurrent.CompletionException;
import openledger.inference.record.RecordsUnavailable;
import org.jspecify.annotations.Nullable;

/** Says why a database did not do what a command has asked of it. Stateless. */
public final class DatabaseTrouble {
    private static final String ADDRESS = "quarkus.datasource.reactive.url";

    private DatabaseTrouble() {}

    /**
     * What is wrong, where, and what to do about it: one sentence without its full stop, never with a password.
     *
     * @param failure of a question to the database; of anything else its own message is kept
     */
    public static String of(Throwable failure, DatabaseServers asked) {
        Throwable cause = failure;
        while (isCovering(cause) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String where = "the database at " + asked.shown();
        if (cause instanceof PgException refusal) {
            return refused(where, refusal);
        }
        return BoundedQuery.isUnanswered(cause)
                ? where + " does not answer: look whether it runs, whether " + ADDRESS
                        + " is its address, and whether this machine may reach it (" + reason(cause) + ")"
                : reason(cause);
    }

    private static boolean isCovering(Throwable failure) {
        return failure instanceof CompletionException || failure instanceof RecordsUnavailable;
    }

    /** By PostgreSQL's codes (appendix A). */
    private static String refused(String where, PgException refusal) {
        return switch (state(refusal)) {
            case "42P01", "3F000" ->
                where + " has no tables of a router, which makes them when it starts: start one there first, or let "
                        + ADDRESS + " name the database of yours";
            case "42703", "42883" ->
                where + " has tables of another version: use the command of the version that its routers have ("
                        + reason(refusal) + ")";
            case "28P01", "28000" ->
                where + " refuses the user: look at quarkus.datasource.username and quarkus.datasource.password";
            case "3D000" -> where + " is not there, but its server is: look at the name in " + ADDRESS;
            default -> where + " refuses: " + reason(refusal);
        };
    }

    private static String state(PgException refusal) {
        @Nullable String state = refusal.getSqlState();
        return state == null ? "" : state;
    }

    private static String reason(Throwable failure) {
        String said = failure instanceof PgException refusal ? refusal.getErrorMessage() : failure.getMessage();
        return said == null ? failure.getClass().getSimpleName() : said;
    }
}
