package openledger.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import openledger.fairness.Attribution;
import openledger.routing.DecisionStatus;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import openledger.telemetry.FairnessGauges;
import openledger.telemetry.Telemetry;
import openledger.telemetry.TelemetrySettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Unfairness that is put in comes out as an alert: decisions of 25 minutes go to the real board, what it exports is scraped every minute, and
 * promtool evaluates the real rules over that.
 */
final class InjectedUnfairnessTest {
    private static final Path RULES = Path.of("dashboards/generated/openledger.rules.yaml");
    private static final int NO_PROMETHEUS = 3;
    private static final int COHORTS = 8;
    private static final int VICTIM = 5;
    private static final int MINUTES = 25;
    /** Of each cohort; 1,200 in a window, which is enough to compare. */
    private static final int EACH_A_SECOND = 4;

    private static final int HOT_SLOTS = 22;
    private static final int COLD_SLOTS = 30;
    /** Of those who were not served at once, so many are at their second attempt. */
    private static final int SECOND_CHANCES = 4;

    private static final List<String> BY_COHORT = List.of("DisparityAboveChance");

    @TempDir
    Path folder = Path.of("");

    private final FakePorts ports = new FakePorts();
    private final Route route = TestRoutes.of(2, 1);
    private final Random random = new Random(5);
    private int cohort;

    /** What is done to the victim's requests. */
    private enum Injected {
        NOTHING,
        /** Its first failure is its last attempt in the best tier. */
        ONE_ATTEMPT_LESS,
        /** Slots go to all others first, those that come later included. */
        ALWAYS_LAST
    }

    @Test
    void aFairLotteryRingsNoBell() throws IOException, InterruptedException {
        assertThat(bells(Injected.NOTHING)).isEmpty();
    }

    @Test
    void aCohortThatLosesOneAttemptRings() throws IOException, InterruptedException {
        assertThat(bells(Injected.ONE_ATTEMPT_LESS)).containsAll(BY_COHORT).contains("EntitlementBudgetBurn");
    }

    @Test
    void requestsThatAlwaysComeLastRing() throws IOException, InterruptedException {
        assertThat(bells(Injected.ALWAYS_LAST)).containsAll(BY_COHORT).contains("SelectiveExhaustionBudgetBurn");
    }

    /** Alerts of fairness that fire in the end. */
    private Set<String> bells(Injected what) throws IOException, InterruptedException {
        Path promtool = promtool();
        Decision like = template();
        int port = freePort();
        FairnessBoard board = new FairnessBoard((tenant, when) -> cohort, ports.clock);
        Map<String, List<String>> series = new TreeMap<>();
        try (Telemetry telemetry = Telemetry.start(new TelemetrySettings(
                        1, Optional.of(new TelemetrySettings.Scrape("127.0.0.1", port)), Optional.empty(), 0));
                HttpClient http = HttpClient.newHttpClient()) {
            FairnessGauges exporter = new FairnessGauges(telemetry, board);
            assertThat(exporter).isNotNull();
            for (int minute = 0; minute < MINUTES; minute++) {
                for (int second = 0; second < 60; second++) {
                    second(board, like, what, second < 30 ? HOT_SLOTS : COLD_SLOTS);
                    ports.clock.advance(Duration.ofSeconds(1));
                }
                board.refresh(new Random(minute));
                note(scrape(http, port), series, minute);
            }
        }
        return firing(promtool, series);
    }

    /** All that arrives in one second, in the order in which it did. */
    private void second(FairnessBoard board, Decision like, Injected what, int slots) {
        List<Integer> arrivals = new ArrayList<>();
        for (int i = 0; i < COHORTS * EACH_A_SECOND; i++) {
            arrivals.add(i % COHORTS);
        }
        Collections.shuffle(arrivals, random);
        List<Integer> order = new ArrayList<>(arrivals);
        if (what == Injected.ALWAYS_LAST) {
            order.sort((a, b) -> Boolean.compare(a == VICTIM, b == VICTIM));
        }
        int chances = SECOND_CHANCES;
        for (int place = 0; place < order.size(); place++) {
            cohort = order.get(place);
            boolean hasSecond = what != Injected.ONE_ATTEMPT_LESS || cohort != VICTIM;
            Decision decision;
            if (place < slots) {
                decision = served(like, 1);
            } else if (hasSecond && chances > 0) {
                chances--;
                decision = served(like, 2);
            } else {
                boolean overtaken = what == Injected.ALWAYS_LAST && cohort == VICTIM;
                decision = fellBack(like, hasSecond ? 2 : 1, overtaken ? Attribution.SELECTIVE : Attribution.SLOW);
            }
            board.finished(route, decision, new Circumstances(100 * Math.min(place, slots) / slots, Optional.empty()));
        }
    }

    private Decision served(Decision like, int attempts) {
        List<AttemptRecord> all = failed(attempts - 1);
        all.add(attempt(attempts, 0, Trigger.NONE));
        return with(like, all, DecisionStatus.SERVED, 0, Attribution.NONE);
    }

    private Decision fellBack(Decision like, int inBestTier, Attribution why) {
        List<AttemptRecord> all = failed(inBestTier);
        all.add(attempt(inBestTier + 1, 1, Trigger.NONE));
        return with(like, all, DecisionStatus.FELL_BACK, 1, why);
    }

    private static List<AttemptRecord> failed(int count) {
        List<AttemptRecord> all = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            all.add(attempt(number, 0, Trigger.RATE_LIMITED));
        }
        return all;
    }

    private static AttemptRecord attempt(int number, int tier, Trigger trigger) {
        return new AttemptRecord(number, tier, tier * 3, trigger, trigger == Trigger.NONE ? 200 : 429, 0, 1_000, "");
    }

    /** A decision as the service makes it. */
    private Decision template() {
        for (int i = 0; i < route.budget(); i++) {
            ports.providers.script.add(FakePorts.failed(Trigger.SERVER_ERROR));
        }
        ports.service
                .infer(ports.request(route, ResendMark.NONE))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create())
                .assertCompleted();
        return ports.counted.decisions.getFirst();
    }

    private static Decision with(
            Decision like, List<AttemptRecord> attempts, DecisionStatus status, int tier, Attribution why) {
        return new Decision(
                like.id(),
                like.intent(),
                status,
                attempts,
                like.resends(),
                like.selectedTarget(),
                tier,
                attempts.getLast().target(),
                attempts.size() > 1 ? Trigger.RATE_LIMITED : Trigger.NONE,
                why,
                why == Attribution.SELECTIVE ? 1 : 0,
                like.timeSplit(),
                like.responseDigest(),
                like.mode(),
                like.plan());
    }

    private static String scrape(HttpClient http, int port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** Adds what was scraped to the values of each series, as promtool writes them: {@code _} where there was none. */
    private static void note(String scraped, Map<String, List<String>> series, int minute) {
        for (String line : scraped.split("\n")) {
            if (line.startsWith("openledger_slo_") || line.startsWith("openledger_fairness_")) {
                int space = line.lastIndexOf(' ');
                List<String> values = series.computeIfAbsent(
                        line.substring(0, space), first -> new ArrayList<>(Collections.nCopies(minute, "_")));
                values.add(line.substring(space + 1));
            }
        }
        series.values().stream().filter(values -> values.size() <= minute).forEach(values -> values.add("_"));
    }

    /** promtool says which alerts fire by objecting to the expectation that none does. */
    private Set<String> firing(Path promtool, Map<String, List<String>> series)
            throws IOException, InterruptedException {
        Set<String> firing = new java.util.TreeSet<>();
        for (String alert : List.of("DisparityAboveChance", "EntitlementBudgetBurn", "SelectiveExhaustionBudgetBurn")) {
            Path file = folder.resolve(alert + ".json");
            List<Map<String, Object>> given = series.entrySet().stream()
                    .map(one ->
                            Map.<String, Object>of("series", one.getKey(), "values", String.join(" ", one.getValue())))
                    .toList();
            Map<String, Object> expectation = Map.of(
                    "expr",
                    "count by (alertname) (ALERTS{alertstate=\"firing\", alertname=\"" + alert + "\"}) > bool 0",
                    "eval_time",
                    MINUTES - 1 + "m",
                    "exp_samples",
                    List.of(Map.of("labels", "{alertname=\"" + alert + "\"}", "value", 1)));
            Map<String, Object> test =
                    Map.of("interval", "1m", "input_series", given, "promql_expr_test", List.of(expectation));
            Files.writeString(
                    file,
                    new ObjectMapper()
                            .writeValueAsString(Map.of(
                                    "rule_files",
                                    List.of(RULES.toAbsolutePath().toString()),
                                    "evaluation_interval",
                                    "1m",
                                    "tests",
                                    List.of(test))));
            Said said = run(promtool.toString(), "test", "rules", file.toString());
            assertThat(said.text).doesNotContain("parse error").doesNotContain("error loading");
            if (said.code == 0) {
                firing.add(alert);
            }
        }
        return firing;
    }

    private static Path promtool() throws IOException, InterruptedException {
        Said said = run(".ci/prometheus");
        assumeTrue(said.code != NO_PROMETHEUS, "NOT TESTED, since this machine has no Prometheus: " + said.text);
        List<String> lines = said.text.lines().toList();
        return Path.of(lines.getLast()).resolve("promtool");
    }

    private static Said run(String... command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("openledger-promtool", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
            return new Said(process.exitValue(), Files.readString(out));
        } finally {
            process.destroyForcibly();
            Files.delete(out);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private record Said(int code, String text) {}
}
