package openledger.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import openledger.fairness.Attribution;
import openledger.inference.admission.ResendHint;
import openledger.inference.fairness.FairnessBoard;
import openledger.inference.fairness.FairnessReader;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.upstream.ClosedTargets;
import openledger.routing.DecisionStatus;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import openledger.telemetry.FairnessGauges;
import openledger.telemetry.Telemetry;
import openledger.telemetry.TelemetrySettings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Unfairness that is put in comes out as an alert: decisions of 25 minutes go to the real board, what it exports is scraped every minute, and
 * promtool evaluates the real rules over that.
 */
@Tag("long")
final class InjectedUnfairnessTest {
    private static final int COHORTS = 8;
    private static final int VICTIM = 5;
    private static final int MINUTES = 25;
    /** Of each cohort; 1,200 in a window, which is enough to compare. */
    private static final int EACH_A_SECOND = 4;

    private static final int HOT_SLOTS = 22;
    private static final int COLD_SLOTS = 30;
    /** Of those who were not served at once, so many are at their second attempt. */
    private static final int SECOND_CHANCES = 4;

    @TempDir
    Path folder = Path.of("");

    private final FakePorts ports = new FakePorts();
    private final Route route = TestRoutes.of(2, 1);
    private final Random random = new Random(5);
    private int cohort;
    private long arrivedMillis;

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
        assertThat(bells(Injected.ONE_ATTEMPT_LESS))
                .containsExactly("OpenLedgerDisparityAboveChance", "OpenLedgerEntitlementBudgetBurn");
    }

    @Test
    void requestsThatAlwaysComeLastRing() throws IOException, InterruptedException {
        assertThat(bells(Injected.ALWAYS_LAST))
                .containsExactly("OpenLedgerDisparityAboveChance", "OpenLedgerSelectiveExhaustionBudgetBurn");
    }

    /** Alerts of fairness that fire in the end. */
    private Set<String> bells(Injected what) throws IOException, InterruptedException {
        ScrapedSeries scraped = new ScrapedSeries(Promtool.find());
        Decision like = template();
        int port = freePort();
        FairnessBoard board = new FairnessBoard((tenant, when) -> cohort, ports.clock);
        try (Telemetry telemetry = Telemetry.start(new TelemetrySettings(
                        1, Optional.of(new TelemetrySettings.Scrape("127.0.0.1", port)), Optional.empty(), 0));
                HttpClient http = HttpClient.newHttpClient()) {
            export(telemetry, board);
            for (int minute = 0; minute < MINUTES; minute++) {
                for (int second = 0; second < 60; second++) {
                    second(board, like, what, second < 30 ? HOT_SLOTS : COLD_SLOTS);
                    ports.clock.advance(Duration.ofSeconds(1));
                }
                board.refresh(new Random(minute));
                scraped.add(scrape(http, port));
            }
        }
        return scraped.firing(
                folder,
                "OpenLedgerDisparityAboveChance",
                "OpenLedgerEntitlementBudgetBurn",
                "OpenLedgerSelectiveExhaustionBudgetBurn");
    }

    @SuppressWarnings("UnusedVariable") // it registers itself
    private static void export(Telemetry telemetry, FairnessBoard board) {
        FairnessGauges registered = new FairnessGauges(telemetry, board, new FairnessReader(board, Optional.empty()));
    }

    /** All that arrives in one second, in the order in which it did. */
    private void second(FairnessBoard board, Decision like, Injected what, int slots) {
        List<Integer> arrivals = new ArrayList<>();
        for (int i = 0; i < COHORTS * EACH_A_SECOND; i++) {
            arrivals.add(i % COHORTS);
        }
        Collections.shuffle(arrivals, random);
        List<Integer> order = IntStream.range(0, arrivals.size()).boxed().collect(Collectors.toList());
        if (what == Injected.ALWAYS_LAST) {
            order.sort(Comparator.comparing(one -> arrivals.get(one) == VICTIM));
        }
        int chances = SECOND_CHANCES;
        for (int place = 0; place < order.size(); place++) {
            int came = order.get(place);
            cohort = arrivals.get(came);
            arrivedMillis = ports.clock.epochMillis() + came * 1_000L / arrivals.size();
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
            board.finished(
                    route,
                    decision,
                    new RequestMetricContext(
                            100 * Math.min(came, slots) / slots, Optional.empty(), ClosedTargets.NONE));
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
                .infer(ports.request(route, ResendHint.NONE))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create())
                .assertCompleted();
        return ports.counted.decisions.getFirst();
    }

    private Intent arrived(Intent like) {
        return new Intent(
                arrivedMillis,
                like.tenant(),
                like.route(),
                like.operation(),
                like.mode(),
                like.budget(),
                like.form(),
                like.bodyDigest(),
                like.clientRequestId(),
                like.nonce());
    }

    private Decision with(
            Decision like, List<AttemptRecord> attempts, DecisionStatus status, int tier, Attribution why) {
        return new Decision(
                like.id(),
                arrived(like.intent()),
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

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
