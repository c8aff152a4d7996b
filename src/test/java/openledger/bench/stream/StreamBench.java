package openledger.bench.stream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;
import openledger.bench.BenchPace;
import openledger.bench.BenchStack;
import openledger.demo.ChatRequest;
import openledger.support.ProcessFigures;

/**
 * Part {@code streams}: what the router adds to each chunk of 1,000 concurrent streams at 20 chunks/s, and whether it
 * bears 2,000 at 2 chunks/s, in how much memory.
 */
public final class StreamBench {
    private static final int FAST_PORT = 9203;
    /** A chunk is little work, so the compiler is done with its way later than with that of requests, and takes a core until then. */
    private static final int WARM_UPS = 4;

    private static final double ADDED_P99_MILLIS = 5;
    private static final double RSS_MEGABYTES = 450;

    private final ObjectNode report = JsonNodeFactory.instance.objectNode();
    private final BenchPace pace;
    private double rss;

    public StreamBench(BenchPace pace) {
        this.pace = pace;
    }

    /** How many streams through the router failed. */
    public int run() throws IOException, SQLException, InterruptedException {
        try (BenchStack stack = BenchStack.start()) {
            BenchStack.machine(report);
            long failed = chunks(stack) + many(stack);
            BenchStack.write("streams", report);
            return (int) failed;
        }
    }

    private long chunks(BenchStack stack) throws IOException {
        byte[] upstream = ChatRequest.of("sim-large", "true", "");
        byte[] routed = ChatRequest.of("stream20", "true", "");
        int warmUpSeconds = WARM_UPS * pace.warmUpSeconds();
        System.out.println("Warming up, " + warmUpSeconds + " s ...");
        StreamLoad warmUp = load(BenchStack.ROUTER_PORT, routed, pace.streams(), warmUpSeconds, stack);
        System.out.printf(
                Locale.ROOT,
                "%d streams at 20 chunks/s, %d s each, directly and through the router ...%n",
                pace.streams(),
                pace.streamSeconds());
        StreamLoad direct = load(FAST_PORT, upstream, pace.streams(), pace.streamSeconds(), stack);
        StreamLoad router = load(BenchStack.ROUTER_PORT, routed, pace.streams(), pace.streamSeconds(), stack);
        double p50 = router.delayMillis(50) - direct.delayMillis(50);
        double p99 = router.delayMillis(99) - direct.delayMillis(99);
        say("direct", direct);
        say("router", router);
        System.out.printf(
                Locale.ROOT,
                "  added to a chunk: p50 %.2f ms, p99 %.2f ms (target p99 <= %.0f: %s); RSS %.0f MB%n",
                p50,
                p99,
                ADDED_P99_MILLIS,
                BenchStack.verdict(p99 <= ADDED_P99_MILLIS),
                rss);
        figures("chunks_direct", direct);
        figures("chunks_router", router)
                .put("added_p50_ms", p50)
                .put("added_p99_ms", p99)
                .put("rss_mb", rss);
        return warmUp.failed() + router.failed();
    }

    private long many(BenchStack stack) throws IOException {
        int streams = 2 * pace.streams();
        byte[] routed = ChatRequest.of("stream2", "true", "");
        System.out.println(streams + " streams at 2 chunks/s, " + pace.streamSeconds() + " s ...");
        StreamLoad router = load(BenchStack.ROUTER_PORT, routed, streams, pace.streamSeconds(), stack);
        say("router", router);
        System.out.printf(
                Locale.ROOT,
                "  failures %d (target 0: %s); RSS with all of them open %.0f MB (target <= %.0f: %s)%n",
                router.failed(),
                BenchStack.verdict(router.failed() == 0),
                rss,
                RSS_MEGABYTES,
                BenchStack.verdict(rss <= RSS_MEGABYTES));
        figures("many_router", router).put("rss_mb", rss);
        return router.failed();
    }

    private StreamLoad load(int port, byte[] request, int streams, int seconds, BenchStack stack) throws IOException {
        return new StreamLoad(port, request, streams)
                .run(
                        pace.streamSeconds() / 3.0,
                        seconds,
                        () -> rss = ProcessFigures.of(stack.router().pid()).rssMegabytes());
    }

    private static void say(String name, StreamLoad load) {
        System.out.printf(
                Locale.ROOT,
                "  %-7s %d chunks late by p50 %.2f, p99 %.2f ms; %d streams begun, %d whole, %d failed%n",
                name,
                load.chunks(),
                load.delayMillis(50),
                load.delayMillis(99),
                load.begun(),
                load.whole(),
                load.failed());
    }

    private ObjectNode figures(String name, StreamLoad load) {
        return report.putObject(name)
                .put("chunks", load.chunks())
                .put("late_p50_ms", load.delayMillis(50))
                .put("late_p99_ms", load.delayMillis(99))
                .put("begun", load.begun())
                .put("whole", load.whole())
                .put("failed", load.failed());
    }
}
