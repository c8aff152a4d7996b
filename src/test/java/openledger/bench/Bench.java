package openledger.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import openledger.bench.guard.GuardBench;
import openledger.bench.peers.PeerBench;
import openledger.bench.stream.StreamBench;

/** {@code make bench}: one part, or all of them in turn; docs/how-to/0009-benchmarks.md says how to read them. */
public final class Bench {
    private static final List<String> PARTS = List.of("closed", "open", "peers", "streams", "telemetry", "guard");

    private Bench() {}

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        String part = arguments.length == 0 ? "all" : arguments[0];
        if (!PARTS.contains(part) && !"all".equals(part)) {
            System.err.println("There are the parts " + String.join(", ", PARTS) + " and all; not '" + part + "'.");
            System.exit(2);
        }
        System.exit(run(part, BenchPace.fromEnvironment()) == 0 ? 0 : 1);
    }

    /** How many requests failed. */
    private static int run(String part, BenchPace pace) throws IOException, SQLException, InterruptedException {
        return switch (part) {
            case "peers" -> new PeerBench(pace).run();
            case "streams" -> new StreamBench(pace).run();
            case "telemetry" -> new TelemetryBench(pace).run();
            case "guard" -> new GuardBench(pace).run();
            case "all" ->
                new RouterBench(part, pace).run()
                        + new PeerBench(pace).run()
                        + new StreamBench(pace).run()
                        + new TelemetryBench(pace).run()
                        + new GuardBench(pace).run();
            default -> new RouterBench(part, pace).run();
        };
    }
}
