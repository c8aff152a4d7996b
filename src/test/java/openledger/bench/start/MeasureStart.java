package openledger.bench.start;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import openledger.bench.BenchPace;
import openledger.bench.BenchStack;
import openledger.demo.ChatRequest;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.OpenLoop;
import openledger.support.ScratchFolder;

/**
 * {@code make bench-start}: the router of this build with the cache of a training run, with it but without a warm-up, and without a cache, in
 * turns: how long it takes until it is
 * ready, of the clock and of a processor, and its memory at rest; then the latency of its first minute beside that of its fourth.
 */
public final class MeasureStart {
    private static final double RATE = 200;
    private static final double TIMES_STEADY = 3;
    private static final double READY_SECONDS = 1;
    private static final double IDLE_MEGABYTES = 120;
    private static final int REST_MILLIS = 5_000;
    private static final int GRACE_SECONDS = 5;
    private static final int MINUTE = 60;
    private static final int BETWEEN = 120;

    private final ObjectNode report = JsonNodeFactory.instance.objectNode();
    private final BenchPace pace;
    private final LocalPostgres postgres;
    private long failed;

    private MeasureStart(BenchPace pace, LocalPostgres postgres) {
        this.pace = pace;
        this.postgres = postgres;
    }

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        if (ChildProcess.trained().isEmpty()) {
            System.err.println("This build has no cache of classes: scripts/aot makes it.");
            System.exit(2);
        }
        System.exit(measure(BenchPace.fromEnvironment()) == 0 ? 0 : 1);
    }

    private static long measure(BenchPace pace) throws IOException, SQLException, InterruptedException {
        ChildProcess upstreams = BenchStack.upstreams();
        try (LocalPostgres postgres =
                LocalPostgres.start(ScratchFolder.make("start").resolve("postgres"), 0)) {
            MeasureStart measure = new MeasureStart(pace, postgres);
            BenchStack.machine(measure.report);
            measure.run();
            BenchStack.write("start", measure.report);
            return measure.failed;
        } finally {
            upstreams.close();
        }
    }

    private void run() throws IOException, InterruptedException {
        Map<String, List<String>> kinds = new LinkedHashMap<>();
        kinds.put("trained", ChildProcess.trained());
        List<String> unrehearsed = new ArrayList<>(ChildProcess.trained());
        unrehearsed.add("-Dopenledger.warm-up.requests=0");
        kinds.put("unrehearsed", unrehearsed);
        kinds.put("untrained", List.of());
        // The first one makes the tables, and fills the machine's cache of files.
        StartedRouter.start(postgres, ChildProcess.trained()).close();
        Map<String, List<StartedRouter.Figures>> starts = new LinkedHashMap<>();
        for (int round = 1; round <= pace.rounds(); round++) {
            for (Map.Entry<String, List<String>> kind : kinds.entrySet()) {
                try (StartedRouter router = StartedRouter.start(postgres, kind.getValue())) {
                    Thread.sleep(REST_MILLIS);
                    starts.computeIfAbsent(kind.getKey(), first -> new ArrayList<>())
                            .add(router.figures());
                }
            }
            System.out.println("  round " + round + " of " + pace.rounds());
        }
        starts.forEach(this::tell);
        for (Map.Entry<String, List<String>> kind : kinds.entrySet()) {
            try (StartedRouter router = StartedRouter.start(postgres, kind.getValue())) {
                firstMinute(kind.getKey(), router.port());
            }
        }
    }

    private void tell(String kind, List<StartedRouter.Figures> starts) {
        double ready = median(starts, StartedRouter.Figures::readySeconds);
        double cpu = median(starts, StartedRouter.Figures::cpuSeconds);
        double rest = median(starts, StartedRouter.Figures::restMegabytes);
        System.out.printf(
                Locale.ROOT,
                "  %-11s ready after %.2f s (target %.0f: %s), %.2f s of a processor; RSS at rest %.0f MB (target %.0f: %s)%n",
                kind,
                ready,
                READY_SECONDS,
                BenchStack.verdict(ready <= READY_SECONDS),
                cpu,
                rest,
                IDLE_MEGABYTES,
                BenchStack.verdict(rest <= IDLE_MEGABYTES));
        report.withObject("/" + kind)
                .put("ready_seconds", ready)
                .put("cpu_seconds", cpu)
                .put("rest_rss_mb", rest);
    }

    private static double median(List<StartedRouter.Figures> starts, ToDoubleFunction<StartedRouter.Figures> figure) {
        return BenchStack.median(
                starts.stream().map(each -> figure.applyAsDouble(each)).toList());
    }

    private void firstMinute(String kind, int port) throws IOException {
        OpenLoop.Destination cold = load(port, MINUTE);
        load(port, BETWEEN);
        OpenLoop.Destination steady = load(port, MINUTE);
        double ratio = cold.millis(99) / steady.millis(99);
        System.out.printf(
                Locale.ROOT,
                "  %-11s at %.0f requests/s, upstream of 20 ms: first minute p50 %.2f, p99 %.2f ms; fourth p50 %.2f, p99 %.2f ms;"
                        + " p99 %.1f times (target %.0f: %s)%n",
                kind,
                RATE,
                cold.millis(50),
                cold.millis(99),
                steady.millis(50),
                steady.millis(99),
                ratio,
                TIMES_STEADY,
                BenchStack.verdict(ratio <= TIMES_STEADY));
        report.withObject("/" + kind)
                .put("first_minute_p50_ms", cold.millis(50))
                .put("first_minute_p99_ms", cold.millis(99))
                .put("fourth_minute_p50_ms", steady.millis(50))
                .put("fourth_minute_p99_ms", steady.millis(99));
    }

    /** Plain requests and streams by turns. */
    private OpenLoop.Destination load(int port, int seconds) throws IOException {
        byte[] plain = ChatRequest.of("delay20", "false", "");
        byte[] streamed = ChatRequest.of("delay20", "true", "");
        OpenLoop.Destination router =
                new OpenLoop.Destination("router", port, index -> index % 2 == 0 ? plain : streamed);
        int length = BenchPace.isQuick() ? 2 : seconds;
        new OpenLoop(List.of(router), RATE, length, 0, length).run(GRACE_SECONDS);
        failed += router.failed();
        return router;
    }
}
