package openledger.chaos.resend;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import openledger.chaos.resend.CountingProvider.Kind;
import openledger.chaos.resend.ResendCluster.Router;
import openledger.demo.LocalPostgres;
import openledger.support.ScratchFolder;

/**
 * What a hop costs, and what it costs to be one of several at all: requests with new keys, one after another, in turns at a router that is
 * alone and at one of two, there those whose key is its own and those that it forwards. All share a machine, so what is between the three
 * is said and not what each takes.
 */
public final class MeasureHops {
    private static final int ROUNDS = 6_000;
    /** Until the compiler is done: a router of two sees half as many requests of a kind as one that is alone. */
    private static final int WARM = 12_000;

    private static final double NANOS_A_MILLI = 1_000_000.0;

    private MeasureHops() {}

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        int rounds = arguments.length == 0 ? ROUNDS : Integer.parseInt(arguments[0]);
        Path folder = Files.createDirectories(Path.of("target/measure-hops"));
        try (LocalPostgres postgres =
                        LocalPostgres.start(ScratchFolder.make("hops").resolve("postgres"), 0);
                CountingProvider provider = new CountingProvider();
                ResendCluster cluster = new ResendCluster(postgres, provider, folder)) {
            Router one = cluster.start();
            Router two = cluster.start();
            Router alone = cluster.start(false);
            cluster.awaitShared(one, two);
            Latencies own = new Latencies(rounds);
            Latencies forwarded = new Latencies(rounds);
            Latencies single = new Latencies(rounds);
            String lane = "%016x".formatted(one.lane());
            for (int i = 0; i < rounds + WARM; i++) {
                String key = "hop-" + i;
                // Whoever comes second finds the processor awake: each comes first as often as the other.
                boolean isAloneFirst = i % 2 == 0;
                long before = isAloneFirst ? atAlone(cluster, alone, key) : 0;
                long begun = System.nanoTime();
                HttpResponse<String> answer = cluster.ask(one, key, Kind.OK, key);
                long ended = System.nanoTime();
                long atAlone = isAloneFirst ? before : atAlone(cluster, alone, key);
                boolean isOwn = answer.headers()
                        .firstValue("openledger-request")
                        .orElse("")
                        .startsWith(lane);
                if (i >= WARM) {
                    (isOwn ? own : forwarded).add(ended - begun);
                    single.add(atAlone);
                }
            }
            System.out.println("alone            " + single);
            System.out.println("key at its owner " + own);
            System.out.println("forwarded        " + forwarded);
            System.out.printf(
                    Locale.ROOT,
                    "figure: key at its owner p50 %+.2f ms, p99 %+.2f ms; forwarded p50 %+.2f ms, p99 %+.2f ms%n",
                    own.at(0.5) - single.at(0.5),
                    own.at(0.99) - single.at(0.99),
                    forwarded.at(0.5) - own.at(0.5),
                    forwarded.at(0.99) - own.at(0.99));
        }
        System.exit(0);
    }

    private static long atAlone(ResendCluster cluster, Router alone, String key)
            throws IOException, InterruptedException {
        long begun = System.nanoTime();
        cluster.ask(alone, key, Kind.OK, "alone-" + key);
        return System.nanoTime() - begun;
    }

    /** Of one kind of request. */
    private static final class Latencies {
        private final long[] nanos;
        private int count;

        Latencies(int most) {
            nanos = new long[most];
        }

        void add(long one) {
            nanos[count++] = one;
        }

        /** Milliseconds. */
        double at(double quantile) {
            long[] sorted = Arrays.copyOf(nanos, count);
            Arrays.sort(sorted);
            return count == 0 ? Double.NaN : sorted[(int) (quantile * (count - 1))] / NANOS_A_MILLI;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%5d requests, p50 %.2f ms, p99 %.2f ms", count, at(0.5), at(0.99));
        }
    }
}
