package openledger.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalStack;
import openledger.support.ScratchFolder;
import openledger.support.Wrk;
import openledger.support.Wrk.Aim;

/**
 * Part {@code telemetry}: what measuring costs. The same load in turns on two routers, one with telemetry as it comes, one with it
 * switched off.
 */
final class TelemetryBench {
    private static final Path CONFIG = Path.of("deploy/bench.yaml");
    private static final int ON_PORT = 8096;
    private static final int OFF_PORT = 8097;
    private static final int POSTGRES_PORT = 5496;
    private static final int CONNECTIONS = 128;
    private static final double MOST_LOST = 0.05;

    private final ObjectNode report = JsonNodeFactory.instance.objectNode();
    private final Wrk wrk = new Wrk(BenchStack.OUT);
    private final BenchPace pace;
    private final List<Double> on = new ArrayList<>();
    private final List<Double> off = new ArrayList<>();

    TelemetryBench(BenchPace pace) {
        this.pace = pace;
    }

    /** How many requests failed. */
    @SuppressWarnings("try") // they only have to be there
    int run() throws IOException, SQLException, InterruptedException {
        Files.createDirectories(BenchStack.OUT);
        BenchStack.machine(report);
        System.out.println("Starting PostgreSQL, upstreams and two routers ...");
        Path data = ScratchFolder.make("bench");
        try (LocalPostgres postgres = LocalPostgres.start(data.resolve("postgres"), POSTGRES_PORT);
                ChildProcess fleet = BenchStack.upstreams();
                ChildProcess measured = router("measured", environment(postgres, ON_PORT, 1, "true"), ON_PORT);
                ChildProcess silent = router("silent", environment(postgres, OFF_PORT, 2, "false"), OFF_PORT)) {
            System.out.println("Warming up, " + 2 * pace.warmUpSeconds() + " s ...");
            perSecond(ON_PORT, pace.warmUpSeconds());
            perSecond(OFF_PORT, pace.warmUpSeconds());
            for (int round = 1; round <= pace.rounds(); round++) {
                on.add(perSecond(ON_PORT, pace.roundSeconds()));
                off.add(perSecond(OFF_PORT, pace.roundSeconds()));
                System.out.println("  round " + round + " of " + pace.rounds());
            }
        }
        tell();
        report.put("failed_requests", wrk.failures());
        BenchStack.write("telemetry", report);
        return wrk.failures();
    }

    private void tell() {
        double lost = 1 - BenchStack.median(on) / BenchStack.median(off);
        System.out.println(String.format(
                Locale.ROOT,
                "%n%d connections (medians): %.0f requests/s with telemetry, %.0f without; lost %.1f %% (target <= %.0f %%: %s)",
                CONNECTIONS,
                BenchStack.median(on),
                BenchStack.median(off),
                lost * 100,
                MOST_LOST * 100,
                BenchStack.verdict(lost <= MOST_LOST)));
        report.putObject("throughput")
                .put("requests_per_second_with", BenchStack.median(on))
                .put("requests_per_second_without", BenchStack.median(off))
                .put("lost", lost);
    }

    private double perSecond(int port, int seconds) throws IOException, InterruptedException {
        return wrk.perSecond(Aim.at(port, "instant"), CONNECTIONS, seconds);
    }

    private static Map<String, String> environment(LocalPostgres postgres, int port, int lane, String enabled) {
        Map<String, String> environment = new HashMap<>(LocalStack.environment(postgres, port));
        environment.put("OPENLEDGER_LANE", Integer.toString(lane));
        environment.put("OPENLEDGER_TELEMETRY_ENABLED", enabled);
        return environment;
    }

    private static ChildProcess router(String name, Map<String, String> environment, int port)
            throws IOException, InterruptedException {
        ChildProcess router = LocalStack.router(name, environment, CONFIG, BenchStack.OUT);
        router.awaitReady("http://127.0.0.1:" + port + "/q/health/ready");
        return router;
    }
}
