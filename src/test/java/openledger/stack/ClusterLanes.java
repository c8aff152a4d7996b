package openledger.stack;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import openledger.demo.LocalPostgres;

/** What the database says of lanes, asked past all routers. Confined to one thread. */
final class ClusterLanes {
    private static final Pattern CLAIMED = Pattern.compile("lane claimed, number=[0-9]+ lane=(-?[0-9]+)");

    private final LocalPostgres postgres;

    ClusterLanes(LocalPostgres postgres) {
        this.postgres = postgres;
    }

    /** Which lane a router serves, by its own word. */
    static long of(ClusterRouter router) throws IOException {
        long lane = 0;
        for (String line : router.lines()) {
            Matcher claimed = CLAIMED.matcher(line);
            if (claimed.find()) {
                lane = Long.parseLong(claimed.group(1));
            }
        }
        return lane;
    }

    /**
     * How a lane stands.
     *
     * @param requests that have a number
     * @param rows decisions
     * @param leaves outcomes in batches
     * @param unsequenced batches that are not on chain
     * @param state as in the lease
     * @param unattended seconds since its lease has expired, 0 if it has not, or nothing is left of it
     */
    record Standing(long requests, long rows, long leaves, long unsequenced, int state, double unattended) {
        /** Every request has its end, its row, its leaf, and that is on chain. */
        boolean isSettled() {
            return rows == requests && leaves == requests && unsequenced == 0;
        }
    }

    Standing of(long lane) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select (select coalesce(max(last_counter), 0) from journal_chunk where lane = %1$d),
                            (select count(*) from decision where lane = %1$d),
                            (select coalesce(max(outcomes_so_far), 0) from batch where lane = %1$d),
                            (select count(*) from batch where lane = %1$d and level < 3),
                            l.state, case when l.state <> 3 and l.expires < now()
                                then extract(epoch from now() - l.expires)::float8 else 0 end
                        from lane_lease l where l.lane = %1$d""".formatted(lane))) {
            row.next();
            return new Standing(
                    row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getInt(5), row.getDouble(6));
        }
    }

    /** Gives a lane to a router that does not exist, while its holder lives. */
    void take(long lane) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("update lane_lease set holder = gen_random_uuid(), fence = fence + 1,"
                    + " expires = now() + interval '4 seconds' where lane = " + lane);
        }
    }
}
