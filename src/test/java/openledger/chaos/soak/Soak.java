package openledger.chaos.soak;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import openledger.bench.BenchPace;
import openledger.bench.BenchStack;
import openledger.demo.ChatRequest;
import openledger.demo.HttpFraming;
import openledger.demo.OpenLoop;
import openledger.support.JavaHeap;
import openledger.support.ProcessFigures;

/**
 * {@code make soak}: 60 % of the peak for ten minutes, with streams, resends, failing upstreams and clients that leave among
 * it. Between stretches of load the heap is collected and what the router holds is counted; growth fails.
 */
public final class Soak {
    private static final double SHARE_OF_PEAK = 0.6;
    private static final double FIRST_RATE = 1_000;
    private static final double MOST_RATE = 30_000;
    private static final double RATE_STEP = 1.15;
    private static final double BEARABLE_MILLIS = 250;
    private static final double MOST_FAILED = 0.001;
    private static final int LONGEST_SECONDS = 86_400;
    private static final int STRETCH_SECONDS = 30;
    private static final int QUICK_STRETCH_SECONDS = 3;
    private static final int GRACE_SECONDS = 20;
    private static final int CYCLE = 100;
    /** A key comes back after so many cycles: about a second. */
    private static final int CYCLES_UNTIL_RESEND = 30;

    private final ObjectNode report = JsonNodeFactory.instance.objectNode();
    private final BenchPace pace = BenchPace.fromEnvironment();
    private final byte[] instant = ChatRequest.of("instant", "false", "");
    private final byte[] delayed = ChatRequest.of("delay20", "false", "");
    private final byte[] stream = ChatRequest.of("delay20", "true", "");
    private final List<SoakSample> samples = new ArrayList<>();
    private final int seconds;
    private final Map<Integer, Long> refusals = new TreeMap<>();

    private Soak(int seconds) {
        this.seconds = seconds;
    }

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        System.exit(new Soak(seconds(arguments)).run().isEmpty() ? 0 : 1);
    }

    private static int seconds(String[] arguments) {
        try {
            int seconds = Integer.parseInt(arguments[0]);
            if (seconds > 0 && seconds <= LONGEST_SECONDS) {
                return seconds;
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            // Said below: whatever it is, it is not a number we can use.
        }
        System.err.println("SECONDS is a whole number over 0, at most " + LONGEST_SECONDS);
        System.exit(2);
        return 0;
    }

    private List<String> run() throws IOException, SQLException, InterruptedException {
        try (BenchStack stack = BenchStack.start()) {
            BenchStack.machine(report);
            double rate = rate();
            try (SoakTrouble trouble = SoakTrouble.begin(rate)) {
                soak(stack.router().pid(), rate);
                System.out.println("Clients that left in a stream: " + trouble.left());
                report.put("clients_that_left", trouble.left()).put("troubles_missed", trouble.missed());
            }
        }
        System.out.println("Answers other than 2xx, by status: " + refusals);
        ObjectNode byStatus = report.putObject("refusals");
        refusals.forEach((status, count) -> byStatus.put(status.toString(), count));
        List<String> wrong = SoakVerdict.of(samples);
        System.out.println(wrong.isEmpty() ? "Nothing grew." : "FAILED: " + String.join("; ", wrong));
        long answers = samples.stream().mapToLong(SoakSample::answers).sum();
        System.out.printf(
                Locale.ROOT,
                "figure: %d answers in %d s%s%n",
                answers,
                seconds,
                wrong.isEmpty() ? ", nothing grew" : "; " + String.join("; ", wrong));
        wrong.forEach(report.putArray("wrong")::add);
        BenchStack.write("soak", report);
        return wrong;
    }

    /**
     * The soak's share of the most that its own mixture is answered at, found with its own generator, which shares the cores
     * with the router: a peak that costs less to ask for would be one the two cannot bear together.
     */
    private double rate() throws IOException, InterruptedException {
        System.out.println("Looking for the peak ...");
        offer("warm-up", FIRST_RATE, pace.warmUpSeconds());
        double peak = 0;
        for (double rate = FIRST_RATE; rate <= MOST_RATE; rate *= RATE_STEP) {
            // Twice, so that a moment of the compiler's does not end the search.
            if (!bears(rate, "once") && !bears(rate, "twice")) {
                break;
            }
            peak = rate;
        }
        refusals.clear();
        if (peak == 0) {
            throw new IOException("not even " + FIRST_RATE + " requests/s are answered in time");
        }
        double rate = SHARE_OF_PEAK * peak;
        report.put("peak_per_second", peak).put("rate_per_second", rate);
        System.out.printf(Locale.ROOT, "Peak %.0f requests/s; soaking at %.0f for %d s%n%n", peak, rate, seconds);
        return rate;
    }

    private boolean bears(double rate, String time) throws IOException {
        OpenLoop.Destination to = offer("peak-" + (int) rate + "-" + time, rate, 2 * pace.roundSeconds());
        System.out.printf(Locale.ROOT, "  %6.0f/s: p99 %7.1f ms, %d failed%n", rate, to.millis(99), to.failed());
        return to.failed() <= MOST_FAILED * to.measured() && to.millis(99) <= BEARABLE_MILLIS;
    }

    /** Sends the mixture, with keys that belong to {@code name}. */
    private OpenLoop.Destination offer(String name, double rate, int length) throws IOException {
        OpenLoop.Destination to =
                new OpenLoop.Destination("router", BenchStack.ROUTER_PORT, index -> request(name, index));
        new OpenLoop(List.of(to), rate, length, 0, length).tell(this::count).run(GRACE_SECONDS);
        return to;
    }

    private void soak(long router, double rate) throws IOException, InterruptedException {
        int stretch = BenchPace.isQuick() ? QUICK_STRETCH_SECONDS : STRETCH_SECONDS;
        System.out.printf(
                "  %6s %9s %8s %12s %8s %8s %9s %9s%n",
                "s", "heap MB", "threads", "descriptors", "RSS MB", "p99 ms", "answers", "failures");
        for (int from = 0; from < seconds; from += stretch) {
            int length = Math.min(stretch, seconds - from);
            OpenLoop.Destination to = offer("soak-" + samples.size(), rate, length);
            long heap = JavaHeap.afterCollection(router);
            add(new SoakSample(
                    from + length, heap, ProcessFigures.of(router), to.millis(99), to.measured(), to.failed()));
        }
    }

    private void count(OpenLoop.Destination from, HttpFraming answer) {
        if (answer.status() / 100 != 2) {
            refusals.merge(answer.status(), 1L, Long::sum);
        }
    }

    /** Of a hundred: four with keys, of which each is used again at once and after a while; three streams; ten slow ones. */
    private byte[] request(String offer, int index) {
        int cycle = index / CYCLE;
        return switch (index % CYCLE) {
            case 0, 1 -> keyed(offer + "-" + cycle);
            case 2 -> keyed(offer + "-" + Math.max(0, cycle - CYCLES_UNTIL_RESEND));
            case 3 -> keyed(offer + "-alone-" + cycle);
            case 4, 5, 6 -> stream;
            case 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 -> delayed;
            default -> instant;
        };
    }

    private static byte[] keyed(String key) {
        return ChatRequest.of("delay20", "false", "idempotency-key: soak-" + key + "\r\n");
    }

    private void add(SoakSample sample) {
        samples.add(sample);
        ProcessFigures process = sample.process();
        System.out.printf(
                Locale.ROOT,
                "  %6d %9.1f %8d %12d %8.0f %8.1f %9d %9d%n",
                sample.seconds(),
                sample.heapBytes() / 1e6,
                process.threads(),
                process.descriptors(),
                process.rssMegabytes(),
                sample.p99Millis(),
                sample.answers(),
                sample.failures());
        report.withArray("samples")
                .addObject()
                .put("seconds", sample.seconds())
                .put("heap_mb", sample.heapBytes() / 1e6)
                .put("threads", process.threads())
                .put("descriptors", process.descriptors())
                .put("rss_mb", process.rssMegabytes())
                .put("p99_ms", sample.p99Millis())
                .put("answers", sample.answers())
                .put("failures", sample.failures());
    }
}
