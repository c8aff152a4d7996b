package openledger.inference.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import openledger.fairness.Proportion;
import openledger.fairness.Slo;
import openledger.inference.FakePorts;
import openledger.inference.RequestMetricContext;
import openledger.inference.Timekeeper;
import openledger.inference.TurnedClock;
import openledger.inference.admission.ResendHint;
import openledger.inference.fairness.FairnessParts.Hold;
import openledger.inference.fairness.FairnessParts.Place;
import openledger.inference.fairness.FairnessView.Scope;
import openledger.inference.record.Decision;
import openledger.inference.upstream.ClosedTargets;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import openledger.telemetry.FairnessGauges;
import openledger.telemetry.Telemetry;
import openledger.telemetry.TelemetrySettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Three routers and what they make of each other's counts, while some of them die, stop, are late or have wrong clocks. Long because each
 * of them does.
 */
final class ClusterFairnessTest {
    private static final int WINDOW_SECONDS = 300;

    private final TurnedClock clock = new TurnedClock();
    private final SharedParts store = new SharedParts(clock);
    private final Route route = TestRoutes.of(2, 1);
    private final Decision exhausted = exhausted(route);
    private final List<Router> routers = new ArrayList<>();
    private Router first;
    private Router second;
    private Router third;

    /** A router, with a clock that is wrong by some time. */
    private final class Router {
        final Hold hold;
        final FairnessBoard board;
        final ClusterFairness fairness;

        Router(long lane, long fence, long wrongMillis, long cohorts) {
            hold = new Hold(lane, fence);
            Timekeeper time = new SkewedTime(clock, SharedParts.AHEAD_MILLIS + wrongMillis, wrongMillis);
            DatabaseClock database = new DatabaseClock(time);
            board = new FairnessBoard((tenant, when) -> (int) lane, time, database);
            fairness = new ClusterFairness(
                    board, store, database, () -> cohorts, () -> Optional.of(hold), time, Runnable::run);
            store.serving.put(lane, hold);
            fairness.join()
                    .subscribe()
                    .withSubscriber(UniAssertSubscriber.create())
                    .assertCompleted();
            routers.add(this);
        }

        void serve(int requests) {
            for (int i = 0; i < requests; i++) {
                board.finished(route, exhausted, new RequestMetricContext(50, Optional.empty(), ClosedTargets.NONE));
            }
        }

        void dies() {
            routers.remove(this);
            store.serving.remove(hold.lane(), hold);
        }

        void stops() {
            fairness.leave()
                    .subscribe()
                    .withSubscriber(UniAssertSubscriber.create())
                    .assertCompleted();
            dies();
        }

        long requests() {
            return view().series().stream()
                    .mapToLong(of -> of.figures().orElseThrow().requests())
                    .sum();
        }

        FairnessReader reader() {
            return new FairnessReader(board, Optional.of(fairness));
        }

        FairnessView view() {
            return reader().view();
        }
    }

    @BeforeEach
    void start() {
        first = new Router(1, 1, 0, 7);
        second = new Router(2, 4, 3_600_000, 7);
        third = new Router(3, 2, -7_200_000, 7);
    }

    @Test
    void allShowTheSumOfAll() {
        serveAll();
        pass(20);

        for (Router router : routers) {
            assertThat(router.view().scope()).isEqualTo(Scope.CLUSTER);
            assertThat(router.view().replicas()).isEqualTo(3);
            assertThat(router.view().of()).isEqualTo(3);
            assertThat(router.requests()).isEqualTo(60);
            assertThat(router.view()).isEqualTo(first.view());
        }
        FairnessSeries series = first.view().series().getFirst();
        assertThat(series.sinceStart()).containsEntry(Slo.AVAILABILITY, new Proportion(0, 60));
        assertThat(series.lastHour()).containsEntry(Slo.AVAILABILITY, new Proportion(0, 60));
        assertThat(series.cohorts().get(3)).isEqualTo(new FairnessSeries.CohortCount(30, 30, 0, 0));
        assertThat(first.reader().ofThisRouter().scope()).isEqualTo(Scope.ROUTER);
        pass(WINDOW_SECONDS);
        assertThat(first.requests()).isZero();
    }

    @Test
    void aPartIsOfTheTimeOfTheDatabaseWhateverARoutersClockSays() {
        serveAll();
        long part = store.now() / 10_000;
        pass(20);

        assertThat(store.rows.keySet())
                .contains(new Place(first.hold, part), new Place(second.hold, part), new Place(third.hold, part))
                .allMatch(place -> Math.abs(place.part() - part) <= 2);
    }

    @Test
    void oneExportsForAll() {
        assertThat(first.fairness.speaks()).isFalse();
        pass(20);
        assertThat(routers.stream().filter(router -> router.fairness.speaks())).containsExactly(first);
        assertThat(first.fairness.serving()).isEqualTo(3);

        first.dies();
        pass(20);

        assertThat(routers.stream().filter(router -> router.fairness.speaks())).containsExactly(second);
    }

    @Test
    void whoDiesIsMissedUntilTheWindowHasPassedItAndWhatItHadCountedStays() {
        serveAll();
        pass(20);
        third.serve(5);
        third.dies();
        pass(20);

        assertThat(first.view().replicas()).isEqualTo(2);
        assertThat(first.view().of()).isEqualTo(3);
        assertThat(first.requests()).isEqualTo(60);

        pass(WINDOW_SECONDS + 10);
        assertThat(first.view().replicas()).isEqualTo(2);
        assertThat(first.view().of()).isEqualTo(2);
    }

    @Test
    void whoHasOnlyJustComeAndDiesIsMissedToo() {
        pass(20);
        Router fourth = new Router(4, 1, 0, 7);
        fourth.serve(5);
        pass(3);
        fourth.dies();
        pass(20);

        assertThat(first.view().replicas()).isEqualTo(3);
        assertThat(first.view().of()).isEqualTo(4);
    }

    @Test
    void whoStopsIsNotMissed() {
        serveAll();
        pass(13);
        third.serve(5);
        third.stops();
        pass(20);

        assertThat(first.view().replicas()).isEqualTo(2);
        assertThat(first.view().of()).isEqualTo(2);
        assertThat(first.requests()).isEqualTo(65);
    }

    @Test
    void whoIsStartedAgainWithinAPartIsCountedOnceBeforeAndOnceAfter() {
        pass(10 - store.now() / 1_000 % 10);
        third.serve(5);
        pass(2);
        third.stops();
        Router again = new Router(3, 3, 0, 7);
        again.serve(4);
        pass(30);

        assertThat(first.requests()).isEqualTo(9);
        assertThat(first.view().replicas()).isEqualTo(3);
        assertThat(first.view().of()).isEqualTo(3);
    }

    @Test
    void whatIsWrittenTwiceIsCountedOnce() {
        serveAll();
        store.losesAnswers = true;
        pass(25);
        store.losesAnswers = false;
        pass(20);

        assertThat(first.requests()).isEqualTo(60);
        assertThat(first.view().replicas()).isEqualTo(3);
    }

    @Test
    void whatComesLateIsCountedWhenItComes() {
        serveAll();
        store.isDown = true;
        pass(60);
        // Nobody has heard of the others for a minute, so nobody says anything of them.
        assertThat(first.view().scope()).isEqualTo(Scope.ROUTER);
        assertThat(first.view().replicas()).isOne();
        assertThat(first.view().of()).isEqualTo(1);
        assertThat(first.fairness.speaks()).isFalse();
        store.isDown = false;
        pass(10);

        assertThat(first.requests()).isEqualTo(60);
        assertThat(first.view().replicas()).isEqualTo(3);
    }

    @Test
    void whileOneIsLateItIsMissed() {
        serveAll();
        pass(20);
        third.serve(5);
        routers.remove(third);
        pass(20);
        assertThat(first.view().replicas()).isEqualTo(2);
        assertThat(first.view().of()).isEqualTo(3);

        routers.add(third);
        pass(20);
        assertThat(first.view().replicas()).isEqualTo(3);
        assertThat(first.requests()).isEqualTo(65);
    }

    @Test
    void whoKnowsOtherCohortsOrSendsNoiseIsMissedAndNotCounted() {
        Router other = new Router(4, 1, 0, 8);
        other.serve(5);
        serveAll();
        store.rows.put(new Place(new Hold(5, 1), store.now() / 10_000), new byte[] {1, 2, 3});
        store.serving.put(5L, new Hold(5, 1));
        pass(20);

        assertThat(first.requests()).isEqualTo(60);
        assertThat(first.view().replicas()).isEqualTo(3);
        assertThat(first.view().of()).isEqualTo(5);
        // From its own side all the others are.
        assertThat(other.requests()).isEqualTo(5);
        assertThat(other.view().replicas()).isOne();
    }

    @Test
    void whoServesAndWritesNothingIsMissed() {
        store.serving.put(9L, new Hold(9, 1));
        pass(20);

        assertThat(first.view().replicas()).isEqualTo(3);
        assertThat(first.view().of()).isEqualTo(4);
    }

    /** So a query over all routers finds each figure once, and adds up what is each router's own. */
    @Test
    @SuppressWarnings("UnusedVariable") // they register themselves
    void eachFigureOfTheClusterIsExportedByOneRouter() throws IOException, InterruptedException {
        int[] ports = {freePort(), freePort()};
        try (Telemetry one = telemetry(ports[0]);
                Telemetry other = telemetry(ports[1])) {
            FairnessGauges ofFirst = new FairnessGauges(one, first.board, first.reader());
            FairnessGauges ofSecond = new FairnessGauges(other, second.board, second.reader());
            serveAll();
            pass(20);

            String scraped = scrape(ports[0]);
            assertThat(scraped)
                    .containsPattern(
                            "openledger_fairness_requests\\{[^}]*openledger_scope=\"cluster\"[^}]*} 60(\\.0)?\n")
                    .containsPattern(
                            "openledger_cohort_requests_total\\{[^}]*openledger_cohort=\"1\"[^}]*} 10(\\.0)?\n")
                    .containsPattern("openledger_cluster_members(\\{[^}]*})? 3(\\.0)?\n")
                    .containsPattern("openledger_fairness_replicas(\\{[^}]*})? 3(\\.0)?\n")
                    .containsPattern("openledger_fairness_replicas_expected(\\{[^}]*})? 3(\\.0)?\n");
            assertThat(scrape(ports[1]))
                    .doesNotContain("openledger_fairness_requests{")
                    .containsPattern(
                            "openledger_cohort_requests_total\\{[^}]*openledger_cohort=\"2\"[^}]*} 20(\\.0)?\n");

            store.isDown = true;
            pass(60);
            assertThat(scrape(ports[0]))
                    .doesNotContain("openledger_fairness_requests{")
                    .containsPattern("openledger_fairness_replicas(\\{[^}]*})? 0(\\.0)?\n");
        }
    }

    @Test
    @SuppressWarnings("UnusedVariable") // it registers itself
    void aRouterThatIsAloneExportsItsOwnFiguresWithoutAScope() throws IOException, InterruptedException {
        int port = freePort();
        FairnessBoard board = new FairnessBoard((tenant, when) -> 1, clock);
        try (Telemetry telemetry = telemetry(port)) {
            FairnessGauges gauges = new FairnessGauges(telemetry, board, new FairnessReader(board, Optional.empty()));
            board.finished(route, exhausted, new RequestMetricContext(50, Optional.empty(), ClosedTargets.NONE));
            board.refresh(new SplittableRandom(1));

            assertThat(scrape(port))
                    .contains("openledger_fairness_requests{")
                    .doesNotContain("openledger_scope")
                    .doesNotContain("openledger_cluster_")
                    .doesNotContain("openledger_fairness_replicas");
        }
    }

    private static Telemetry telemetry(int port) {
        return Telemetry.start(new TelemetrySettings(
                1, Optional.of(new TelemetrySettings.Scrape("127.0.0.1", port)), Optional.empty(), 0));
    }

    private static String scrape(int port) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private void serveAll() {
        first.serve(10);
        second.serve(20);
        third.serve(30);
    }

    /** Time passes, and each router looks once a second. */
    private void pass(long seconds) {
        for (long second = 0; second < seconds; second++) {
            clock.advance(Duration.ofSeconds(1));
            for (Router router : List.copyOf(routers)) {
                router.fairness
                        .look()
                        .subscribe()
                        .withSubscriber(UniAssertSubscriber.create())
                        .assertCompleted();
            }
        }
    }

    private static Decision exhausted(Route route) {
        FakePorts ports = new FakePorts();
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
}
