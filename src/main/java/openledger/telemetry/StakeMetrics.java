package openledger.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import openledger.audit.court.DefenceListener;
import openledger.audit.court.StakeView;
import openledger.audit.court.StakeView.OpenedGame;
import openledger.commitment.stake.Game;
import openledger.commitment.stake.VaultFault;

/** Records what is behind a lane and what is held against it. Attributes are our enums. Amounts are in gwei. Thread-safe. */
public final class StakeMetrics implements DefenceListener {
    private static final Metric ACTIVE = Metric.gauge(
            "openledger.stake.active", "{gwei}", "What is behind the lane's next batch: its stake without what leaves");
    private static final Metric REQUIRED =
            Metric.gauge("openledger.stake.required", "{gwei}", "What the lane needs to commit");
    private static final Metric LEAVING =
            Metric.gauge("openledger.stake.leaving", "{gwei}", "What of the lane's stake leaves, and is still liable");
    private static final Metric CHALLENGES = Metric.gauge(
            "openledger.stake.challenges",
            "{game}",
            "Games against the lane in 30 days, by where they stand",
            Dimensions.GAME);
    private static final Metric DEADLINE = Metric.gauge(
            "openledger.stake.answer.deadline",
            "s",
            "Time that is left to answer the most urgent game; absent if none is open");
    private static final Metric RESPONSE =
            Metric.gauge("openledger.stake.response", "s", "Time that the vault leaves for an answer");
    private static final Metric ANSWERS = Metric.counter(
            "openledger.stake.answers",
            "{answer}",
            "Tries to answer a game, by what came of them; NONE is no answer that the contract would take",
            Dimensions.RESULT);
    private static final Metric PENALTIES = Metric.gauge(
            "openledger.stake.penalties", "{penalty}", "Penalties of the lane in 30 days, by fault", Dimensions.FAULT);
    private static final Metric OVERDUE = Metric.gauge(
            "openledger.stake.promises.oldest",
            "s",
            "How long the oldest leaf that is not on chain has outlived what a promise of it allows; 0 if it has not");

    private static final int GWEI_DIGITS = 9;
    private static final double MILLIS_A_SECOND = 1e3;

    private final Meter meter;
    private final LongCounter answers;

    /** Makes the instruments. */
    public StakeMetrics(Telemetry telemetry) {
        meter = telemetry.meter();
        answers = ANSWERS.counter(meter);
        // A counter that appears with its first event has no increase for Prometheus.
        for (Result result : Result.values()) {
            answers.add(0, Attributes.of(Dimensions.RESULT, result.name()));
        }
    }

    /**
     * Registers the gauges; they are absent until the vault was seen.
     *
     * @param view what was seen last
     * @param backlogAge of the oldest leaf that is not on chain
     * @param anchorWithin what a promise allows
     */
    public void show(
            Supplier<Optional<StakeView>> view,
            Supplier<Duration> backlogAge,
            Duration anchorWithin,
            InstantSource clock) {
        ObservableDoubleMeasurement active = ACTIVE.gauge(meter);
        ObservableDoubleMeasurement required = REQUIRED.gauge(meter);
        ObservableDoubleMeasurement leaving = LEAVING.gauge(meter);
        ObservableDoubleMeasurement challenges = CHALLENGES.gauge(meter);
        ObservableDoubleMeasurement deadline = DEADLINE.gauge(meter);
        ObservableDoubleMeasurement response = RESPONSE.gauge(meter);
        ObservableDoubleMeasurement penalties = PENALTIES.gauge(meter);
        ObservableDoubleMeasurement overdue = OVERDUE.gauge(meter);
        meter.batchCallback(
                () -> {
                    overdue.record(
                            Math.max(0, backlogAge.get().minus(anchorWithin).toMillis() / MILLIS_A_SECOND));
                    view.get().ifPresent(seen -> {
                        active.record(gwei(seen.stake().active().value()));
                        required.record(gwei(seen.stake().required().value()));
                        leaving.record(gwei(seen.stake().pool().leaving()));
                        response.record((double) seen.terms().response().toSeconds());
                        games(challenges, seen);
                        penalties(penalties, seen);
                        // The chain's time stands still where no blocks come.
                        long now =
                                Math.max(seen.time().seconds(), clock.instant().getEpochSecond());
                        List<OpenedGame> open = seen.open();
                        if (!open.isEmpty()) {
                            deadline.record(
                                    (double) (open.getFirst().challenged().deadline() - now));
                        }
                    });
                },
                active,
                required,
                leaving,
                challenges,
                deadline,
                response,
                penalties,
                overdue);
    }

    private static void games(ObservableDoubleMeasurement challenges, StakeView seen) {
        for (Game.State state : Game.State.values()) {
            long count =
                    seen.games().stream().filter(game -> game.state() == state).count();
            challenges.record((double) count, Attributes.of(Dimensions.GAME, state.name()));
        }
    }

    private static void penalties(ObservableDoubleMeasurement penalties, StakeView seen) {
        for (VaultFault fault : VaultFault.values()) {
            long count = seen.penalties().stream()
                    .filter(penalty -> penalty.penalised().fault() == fault)
                    .count();
            penalties.record((double) count, Attributes.of(Dimensions.FAULT, fault.name()));
        }
    }

    private static double gwei(BigInteger wei) {
        return new BigDecimal(wei, GWEI_DIGITS).doubleValue();
    }

    @Override
    public void answered(Result result) {
        answers.add(1, Attributes.of(Dimensions.RESULT, result.name()));
    }
}
