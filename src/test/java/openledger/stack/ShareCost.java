package openledger.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import openledger.demo.LocalPostgres;

/**
 * What it costs the database that three routers share the limits of keys: each asks for every key once a second, a twentieth of them at a
 * time, as long as that is done in a second. Of processors it counts what the sessions take that ask. Confined to one thread.
 */
final class ShareCost {
    private static final int ROUTERS = 3;
    private static final int SECONDS = 10;
    private static final int QUESTIONS_A_SECOND = 20;
    private static final int BYTES = 16;
    private static final long SECOND = 1_000_000_000L;
    private static final List<Integer> KEYS = List.of(300, 1_000, 3_000, 10_000);
    private static final String QUESTION =
            "select born, granted, missing, at from take_rates(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    /** Of /proc: user and system time, after the name in parentheses. */
    private static final int USER = 11;

    private static final double TICKS_A_SECOND = 100;

    private final LocalPostgres database;
    private final ProofReport report;

    ShareCost(LocalPostgres database, ProofReport report) {
        this.database = database;
        this.report = report;
    }

    void measure() throws InterruptedException {
        System.out.println("What sharing costs the database ...");
        for (int keys : KEYS) {
            try (ExecutorService routers = Executors.newFixedThreadPool(ROUTERS)) {
                List<Callable<Cost>> work = IntStream.range(0, ROUTERS)
                        .mapToObj(router -> (Callable<Cost>) () -> ask(keys))
                        .toList();
                double processors = 0;
                double millis = 0;
                double late = 0;
                for (Future<Cost> one : routers.invokeAll(work)) {
                    Cost cost = one.get();
                    processors += cost.processors;
                    millis = Math.max(millis, cost.millis);
                    late = Math.max(late, cost.late);
                }
                report.figure(String.format(
                        Locale.ROOT,
                        "%d keys a second at each of %d routers: %.1f %% of a processor of the database, %.1f ms a question of %d keys, %.1f s late",
                        keys,
                        ROUTERS,
                        100 * processors,
                        millis,
                        keys / QUESTIONS_A_SECOND,
                        late));
            } catch (ExecutionException broken) {
                report.demand(false, "the cost could not be measured: " + broken.getCause());
            }
        }
    }

    /**
     * Of one router.
     *
     * @param processors that its session took
     * @param millis a question, in the mean
     * @param late by so many seconds it was done
     */
    private record Cost(double processors, double millis, double late) {}

    private Cost ask(int keys) throws SQLException, IOException, InterruptedException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                PreparedStatement question = connection.prepareStatement(QUESTION)) {
            long pid;
            try (ResultSet found = statement.executeQuery("select pg_backend_pid()")) {
                found.next();
                pid = found.getLong(1);
            }
            int at = keys / QUESTIONS_A_SECOND;
            double before = processorSeconds(pid);
            long began = System.nanoTime();
            long asking = 0;
            int questions = SECONDS * QUESTIONS_A_SECOND;
            for (int i = 0; i < questions; i++) {
                long due = began + i * (SECOND / QUESTIONS_A_SECOND);
                long early = due - System.nanoTime();
                if (early > 0) {
                    Thread.sleep(early / 1_000_000, (int) (early % 1_000_000));
                }
                long asked = System.nanoTime();
                ask(connection, question, i % QUESTIONS_A_SECOND * at, at);
                asking += System.nanoTime() - asked;
            }
            long took = System.nanoTime() - began;
            return new Cost(
                    (processorSeconds(pid) - before) / (took / 1e9),
                    asking / 1e6 / questions,
                    Math.max(0, took / 1e9 - SECONDS));
        }
    }

    private static void ask(Connection connection, PreparedStatement question, int first, int count)
            throws SQLException {
        byte[][] names = IntStream.range(first, first + count)
                .mapToObj(key -> Arrays.copyOf(
                        String.format(Locale.ROOT, "c%08d", key).getBytes(StandardCharsets.US_ASCII), BYTES))
                .toArray(byte[][]::new);
        long share = SECOND / 100;
        question.setLong(1, 0);
        question.setArray(2, connection.createArrayOf("bytea", names));
        long[] same = {share, 59 * SECOND, 1, 1, 20, 300, 0, 0, 0};
        for (int i = 0; i < same.length; i++) {
            question.setArray(3 + i, all(connection, same[i], count));
        }
        try (ResultSet granted = question.executeQuery()) {
            while (granted.next()) {
                granted.getLong(1);
            }
        }
    }

    private static Array all(Connection connection, long value, int count) throws SQLException {
        Long[] values = new Long[count];
        Arrays.fill(values, value);
        return connection.createArrayOf("bigint", values);
    }

    private static double processorSeconds(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] after = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(after[USER]) + Long.parseLong(after[USER + 1])) / TICKS_A_SECOND;
    }
}
