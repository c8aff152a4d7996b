package openledger.lab.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.time.Duration;
import java.util.List;
import openledger.lab.TrueWorld;
import openledger.lab.replay.WhatIf.Found;
import openledger.lab.replay.WhatIf.Manners;
import openledger.lab.replay.WhatIf.Question;
import openledger.lab.world.Market;
import openledger.routing.Gate;
import openledger.routing.Route;
import openledger.routing.RoutingMode;
import openledger.routing.StormLimits;
import openledger.unit.BasisPoints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs of a world whose rules are known, so that what would have been can be tried. */
final class WhatIfTest {
    private static final Route THREE = without(Market.REFERENCE.route());
    private static final Route SEVEN = WhatIf.withBudget(THREE, 7);
    private static final Manners FAST = new Manners(RoutingMode.FAST, Gate.RESPONSE, Duration.ofMillis(250));
    private static final Manners RESPONSE = new Manners(RoutingMode.CONFIRMED, Gate.RESPONSE, Duration.ofMillis(250));
    private static final Manners DISPATCH = new Manners(RoutingMode.CONFIRMED, Gate.DISPATCH, Duration.ofMillis(250));
    private static final int REQUESTS = 5_000;
    private static final int DRAWS = 6;

    /** A storm guard that grants everything: the known world has none. */
    private static Route without(Route route) {
        return new Route(
                route.id(),
                route.name(),
                route.tiers(),
                route.operations(),
                route.backoff(),
                route.hedgeAfter(),
                new StormLimits(new BasisPoints(BasisPoints.WHOLE), 100_000, Duration.ofSeconds(10)),
                route.modes());
    }

    private static List<Found> ask(List<LoggedRequest> log, Route changed, Manners instead) {
        return WhatIf.ask(log, 3, new Question(THREE, FAST, changed, instead), DRAWS);
    }

    @Test
    void nothingDiffersIfNothingIsChanged() {
        Found found = ask(TrueWorld.log(THREE, 1, REQUESTS), THREE, FAST).getFirst();

        assertThat(found.rescued().value()).isZero();
        assertThat(found.harmed().value()).isZero();
        assertThat(found.addedMillis().value()).isZero();
        assertThat(found.fallBack()).isEqualTo(found.modelledFallBack());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4, 5})
    void theModelComesNearTheLogAndNearWhatWouldReallyHaveBeen(long seed) {
        List<LoggedRequest> log = TrueWorld.log(THREE, seed, REQUESTS);
        List<LoggedRequest> truth = TrueWorld.log(SEVEN, seed, REQUESTS);

        Found found = ask(log, SEVEN, FAST).getFirst();

        double really = (double) truth.stream().filter(one -> !one.isBest()).count() / REQUESTS;
        double reallyAdded = mean(truth) - mean(log);
        assertThat(found.modelledFallBack().value()).isCloseTo(found.loggedFallBack(), offset(0.05));
        assertThat(found.fallBack().value() - found.modelledFallBack().value())
                .isNegative()
                .isCloseTo(really - found.loggedFallBack(), offset(0.015));
        assertThat(found.addedMillis().value()).isPositive().isCloseTo(reallyAdded, offset(reallyAdded / 2));
    }

    private static double mean(List<LoggedRequest> log) {
        return log.stream().mapToDouble(LoggedRequest::latency).average().orElseThrow();
    }

    @Test
    void rescuedLessHarmedIsWhatTheFallBacksFellBy() {
        Found found = ask(TrueWorld.log(THREE, 2, REQUESTS), SEVEN, FAST).getFirst();

        assertThat(found.rescued().value() - found.harmed().value())
                .isCloseTo(found.modelledFallBack().value() - found.fallBack().value(), offset(1e-9));
        assertThat(found.rescued().value()).isPositive();
        assertThat(found.harmed().value()).isPositive();
    }

    @Test
    void gateDispatchCostsMoreTimeThanGateResponse() {
        List<LoggedRequest> log = TrueWorld.log(THREE, 1, 2_000);

        Found response = ask(log, THREE, RESPONSE).getFirst();
        Found dispatch = ask(log, THREE, DISPATCH).getFirst();

        assertThat(response.addedMillis().value()).isPositive();
        assertThat(dispatch.addedMillis().value())
                .isGreaterThan(response.addedMillis().value() + 50);
    }

    @Test
    void cohortsAreTheWhole() {
        List<Found> found = ask(TrueWorld.log(THREE, 3, REQUESTS), SEVEN, FAST);

        assertThat(found).hasSize(4);
        assertThat(found.stream().skip(1).mapToInt(Found::requests).sum()).isEqualTo(REQUESTS);
        double weighted = found.stream()
                .skip(1)
                .mapToDouble(one -> one.requests() * one.rescued().value())
                .sum();
        assertThat(weighted / REQUESTS).isCloseTo(found.getFirst().rescued().value(), offset(1e-9));
    }
}
