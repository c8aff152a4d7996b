package openledger.wiring.database;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What is wrong with where the database is said to be. */
public final class DatabaseAddresses {
    /** Of the reactive client. */
    public static final String REACTIVE = "quarkus.datasource.reactive.url";

    /** Of Flyway, which migrates. */
    public static final String JDBC = "quarkus.datasource.jdbc.url";

    private static final Pattern SERVER = Pattern.compile("(vertx-reactive:)?(postgresql|postgres)://.+");
    private static final String ROLE = "targetServerType=primary";

    private DatabaseAddresses() {}

    /**
     * Each problem with its key and the reason; none if both can be used.
     *
     * @param reactive value of {@link #REACTIVE}: servers, separated by commas
     * @param jdbc value of {@link #JDBC}
     */
    public static List<String> problems(String reactive, String jdbc) {
        List<String> problems = new ArrayList<>();
        for (String server : reactive.split(",", -1)) {
            if (!SERVER.matcher(server.strip()).matches()) {
                problems.add(
                        REACTIVE + ": must be postgresql://host:port/database, several servers separated by commas");
                break;
            }
        }
        if (!jdbc.startsWith("jdbc:postgresql:")) {
            problems.add(JDBC + ": must be jdbc:postgresql://host:port/database");
        } else if (reactive.contains(",") && !jdbc.contains(ROLE)) {
            // Without that the driver migrates whichever server answers first.
            problems.add(JDBC + ": has to name all servers that " + REACTIVE + " names, and to end with ?" + ROLE
                    + ", as in jdbc:postgresql://a:5432,b:5432/openledger?" + ROLE);
        }
        return problems;
    }
}
