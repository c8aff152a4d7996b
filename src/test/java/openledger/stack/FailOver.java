package openledger.stack;

import java.io.IOException;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * T18: the primary of the database is killed under load, and its standby promoted some seconds later. Every request that was answered has to
 * have a decision at the new one. Confined to one thread.
 */
final class FailOver {
    private static final int RATE = 50;
    /** What it takes a Patroni to notice is set by its operator; this is short. */
    private static final Duration BEFORE_PROMOTION = Duration.ofSeconds(3);

    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int DIGITS = 16;
    private static final int HEX = 16;

    private final ClusterStack stack;

    FailOver(ClusterStack stack) {
        this.stack = stack;
    }

    /**
     * What was seen.
     *
     * @param unready from the kill until all routers are ready
     * @param answered requests with an answer
     * @param failed requests without one
     * @param unrecorded answered requests without a decision
     * @param told what clients were told instead
     */
    record Verdict(Duration unready, int answered, int failed, List<String> unrecorded, List<String> told) {}

    Verdict run() throws IOException, SQLException, InterruptedException {
        ClusterLoad load = ClusterLoad.start(stack.balancer().address(), RATE);
        Thread.sleep(5_000);
        stack.database().first().kill();
        long killed = System.nanoTime();
        Thread.sleep(BEFORE_PROMOTION);
        stack.database().promote();
        while (!areReady() && System.nanoTime() - killed < LONGEST.toNanos()) {
            Thread.sleep(20);
        }
        Duration unready = Duration.ofNanos(System.nanoTime() - killed);
        Thread.sleep(5_000);
        load.close();
        return new Verdict(unready, load.ids().size(), load.failed(), unrecorded(load.ids()), load.told());
    }

    private boolean areReady() {
        return stack.routers().stream().allMatch(router -> stack.balancer().isReady(router.port()));
    }

    /** Rows are derived a moment after the answer. */
    private List<String> unrecorded(List<String> ids) throws SQLException, InterruptedException {
        long until = System.nanoTime() + LONGEST.toNanos();
        List<String> left = ids;
        try (Connection connection = stack.database().second().connect();
                PreparedStatement one =
                        connection.prepareStatement("select 1 from decision where lane = ? and counter = ?")) {
            while (!left.isEmpty() && System.nanoTime() < until) {
                Thread.sleep(200);
                left = left.stream().filter(id -> !isThere(one, id)).toList();
            }
        }
        return left;
    }

    private static boolean isThere(PreparedStatement one, String id) {
        try {
            one.setLong(1, new BigInteger(id.substring(0, DIGITS), HEX).longValue());
            one.setLong(2, new BigInteger(id.substring(DIGITS), HEX).longValue());
            try (ResultSet row = one.executeQuery()) {
                return row.next();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
