package openledger.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import openledger.demo.LocalStack;
import openledger.support.CpuTime;

/**
 * {@code make bench-replicas}: how many requests one router and three take on this machine, and what a request costs: processor time of
 * routers, of the database and of its standby, and bytes of its log and of its tables. All share the machine, clients and provider too, so
 * what a request costs says more than how many there are a second.
 */
public final class MeasureReplicas {
    private static final int CLIENTS = 48;
    /** Three compilers share the machine with what they compile. */
    private static final Duration WARM = Duration.ofSeconds(100);

    private static final Duration RUN = Duration.ofSeconds(25);
    private static final long SERVICE_MILLIS = 5;
    private static final double MICROS = 1e6;
    private static final double NANOS_A_MICRO = 1e3;
    private static final int[] ON_PAPER = {1_000, 10_000, 100_000};
    private static final double SECONDS_A_DAY = 86_400;

    private final ClusterStack stack;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicLong names = new AtomicLong();

    private MeasureReplicas(ClusterStack stack) {
        this.stack = stack;
    }

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        System.out.println("Starting PostgreSQL and its standby, a chain, a provider and three routers ...");
        try (ClusterStack stack = ClusterStack.start(Path.of("target/measure-replicas"))) {
            stack.provider().serviceMillis(SERVICE_MILLIS);
            MeasureReplicas measure = new MeasureReplicas(stack);
            List<ClusterRouter> all = stack.routers();
            measure.load(all, WARM);
            Cost three = measure.cost(all);
            all.subList(1, all.size()).forEach(ClusterRouter::stop);
            measure.load(all.subList(0, 1), WARM);
            Cost one = measure.cost(all.subList(0, 1));
            System.out.println("three routers  " + three);
            System.out.println("one router     " + one);
            System.out.printf(
                    Locale.ROOT,
                    "figure: three routers %.0f requests/s, one %.0f; of the processor time of three and their database %.0f %% are"
                            + " the database's, %.0f %% its standby's%n",
                    three.perSecond(),
                    one.perSecond(),
                    100 * three.databaseMicros / three.micros(),
                    100 * three.standbyMicros / three.micros());
            for (int perSecond : ON_PAPER) {
                System.out.println("on paper: " + three.needs(perSecond));
            }
        }
        System.exit(0);
    }

    /**
     * What it took.
     *
     * @param walBytes of the database's log, a request
     * @param tableBytes of tables and their indexes, a request
     */
    private record Cost(
            int requests,
            double seconds,
            double routerMicros,
            double databaseMicros,
            double standbyMicros,
            double walBytes,
            double tableBytes) {
        double perSecond() {
            return requests / seconds;
        }

        double micros() {
            return routerMicros + databaseMicros + standbyMicros;
        }

        /** What so many a second need if each needs what it took here. */
        String needs(int perSecond) {
            return String.format(
                    Locale.ROOT,
                    "%d requests/s need %.1f processors of routers, %.1f of the database, %.1f of its standby; %.1f MB/s of its"
                            + " log, %.2f TB of tables a day",
                    perSecond,
                    perSecond * routerMicros / MICROS,
                    perSecond * databaseMicros / MICROS,
                    perSecond * standbyMicros / MICROS,
                    perSecond * walBytes / 1e6,
                    perSecond * tableBytes * SECONDS_A_DAY / 1e12);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%.0f requests/s; a request: %.0f µs of routers, %.0f of the database, %.0f of its standby; %.0f bytes of its log,"
                            + " %.0f of tables",
                    perSecond(),
                    routerMicros,
                    databaseMicros,
                    standbyMicros,
                    walBytes,
                    tableBytes);
        }
    }

    private Cost cost(List<ClusterRouter> routers) throws IOException, SQLException, InterruptedException {
        double[] before = state(routers);
        long begun = System.nanoTime();
        int requests = load(routers, RUN);
        double seconds = (System.nanoTime() - begun) / 1e9;
        double[] after = state(routers);
        double[] each = new double[before.length];
        for (int i = 0; i < each.length; i++) {
            each[i] = (after[i] - before[i]) / requests;
        }
        return new Cost(requests, seconds, each[0], each[1], each[2], each[3], each[4]);
    }

    private double[] state(List<ClusterRouter> routers) throws IOException, SQLException {
        long[] pids = routers.stream().mapToLong(ClusterRouter::pid).toArray();
        try (Connection connection = stack.database().first().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_current_wal_lsn() - '0/0',"
                        + " (select sum(pg_total_relation_size(oid)) from pg_class where relkind = 'r'"
                        + " and relnamespace = 'public'::regnamespace)")) {
            row.next();
            return new double[] {
                micros(CpuTime.of(pids)),
                micros(new CpuTime(List.of(stack.database().first().postmaster()))),
                micros(new CpuTime(List.of(stack.database().second().postmaster()))),
                row.getDouble(1),
                row.getDouble(2)
            };
        }
    }

    private static double micros(CpuTime used) {
        return used.sofar().toNanos() / NANOS_A_MICRO;
    }

    /** Each client sends one request after another, to the routers in turns; returns how many were answered. */
    private int load(List<ClusterRouter> routers, Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        AtomicInteger answered = new AtomicInteger();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            clients.add(Thread.ofVirtual().start(() -> {
                for (int turn = client; System.nanoTime() < until; turn++) {
                    if (ask(routers.get(turn % routers.size()))) {
                        answered.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread client : clients) {
            client.join();
        }
        return answered.get();
    }

    private boolean ask(ClusterRouter router) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(router.address() + "/v1/chat/completions"))
                .timeout(Duration.ofSeconds(30))
                .header("authorization", "Bearer " + LocalStack.KEY)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"marker-%d\"}]}"
                                .formatted(names.incrementAndGet())))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            throw new IllegalStateException("a request failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
