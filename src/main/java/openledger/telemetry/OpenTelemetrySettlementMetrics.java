package openledger.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import openledger.commitment.BatchCut;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.LaneListener;
import openledger.settlement.SequencerSettings.Backlog;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.ledger.Inclusion;

/** Records the metrics of settlement through the OpenTelemetry API. Attributes are our enums. Thread-safe. */
public final class OpenTelemetrySettlementMetrics implements LaneListener {
    private static final List<Double> LEAVES =
            List.of(1., 2., 5., 10., 20., 50., 100., 200., 500., 1000., 1199., 1200.);
    private static final Metric BATCHES =
            Metric.counter("openledger.settlement.batches", "{batch}", "Batches that were cut", Dimensions.CUT);
    private static final Metric BATCHED_LEAVES =
            Metric.counter("openledger.settlement.leaves", "{leaf}", "Leaves in batches that were cut", Dimensions.CUT);
    private static final Metric BATCH_SIZE = Metric.histogram(
            "openledger.settlement.batch.size", "{leaf}", LEAVES, "Leaves of a batch that was cut", Dimensions.CUT);
    private static final Metric GAS =
            Metric.counter("openledger.settlement.gas", "{gas}", "Gas that our transactions used", Dimensions.EFFECT);
    private static final Metric FEES =
            Metric.counter("openledger.settlement.fees", "Gwei", "What our transactions cost", Dimensions.EFFECT);
    private static final Metric REORGS =
            Metric.counter("openledger.settlement.reorgs", "{reorg}", "Times that a reorg put batches back");
    private static final Metric DEMOTIONS =
            Metric.counter("openledger.settlement.demotions", "{batch}", "Batches that a reorg put back");
    private static final Metric SENDINGS =
            Metric.counter("openledger.settlement.sendings", "{transaction}", "Transactions sent", Dimensions.SENDING);
    private static final Metric LANE_CHANGES = Metric.counter(
            "openledger.settlement.lane.changes", "{change}", "Times the lane changed hands", Dimensions.CHANGE);
    private static final Metric LEVELS = Metric.histogram(
            "openledger.settlement.level.duration",
            "s",
            Metric.CHAIN_SECONDS,
            "From the last leaf of a batch until it reached a level",
            Dimensions.LEVEL,
            Dimensions.PROFILE);
    private static final Metric BACKLOG_LEAVES =
            Metric.gauge("openledger.settlement.backlog.leaves", "{leaf}", "Leaves that are not on chain");
    private static final Metric BACKLOG_AGE = Metric.gauge(
            "openledger.settlement.backlog.age", "s", "How long the oldest leaf that is not on chain has waited");

    private static final double NANOS_A_SECOND = 1e9;
    private static final double WEI_A_GWEI = 1e9;

    private final LongCounter batches;
    private final LongCounter leaves;
    private final LongCounter gas;
    private final LongCounter fees;
    private final LongCounter reorgs;
    private final LongCounter demotions;
    private final LongCounter sendings;
    private final LongCounter leases;
    private final DoubleHistogram sizes;
    private final DoubleHistogram levels;
    private final BatchSpans spans;
    private final String profile;
    private final AtomicReference<Backlog> waiting = new AtomicReference<>(new Backlog(0, Duration.ZERO));

    /**
     * Makes the instruments.
     *
     * @param profile of the chain
     */
    public OpenTelemetrySettlementMetrics(Telemetry telemetry, String profile) {
        Meter meter = telemetry.meter();
        this.profile = profile;
        this.spans = telemetry.batchSpans();
        batches = BATCHES.counter(meter);
        leaves = BATCHED_LEAVES.counter(meter);
        gas = GAS.counter(meter);
        fees = FEES.counter(meter);
        reorgs = REORGS.counter(meter);
        demotions = DEMOTIONS.counter(meter);
        sendings = SENDINGS.counter(meter);
        leases = LANE_CHANGES.counter(meter);
        // A counter that appears with its first event has no increase for Prometheus, and these have few.
        reorgs.add(0);
        demotions.add(0);
        sizes = BATCH_SIZE.histogram(meter);
        levels = LEVELS.histogram(meter);
        ObservableDoubleMeasurement count = BACKLOG_LEAVES.gauge(meter);
        ObservableDoubleMeasurement age = BACKLOG_AGE.gauge(meter);
        meter.batchCallback(
                () -> {
                    Backlog now = waiting.get();
                    count.record((double) now.leaves());
                    age.record(seconds(now.age()));
                },
                count,
                age);
    }

    @Override
    public void cut(BatchCut.Reason reason, CutBatch batch) {
        Attributes why = Attributes.of(Dimensions.CUT, reason.name());
        batches.add(1, why);
        leaves.add(batch.header().count(), why);
        sizes.record(batch.header().count(), why);
        spans.cut(batch);
    }

    @Override
    public void promoted(long sequence, ConfirmationLevel level, Duration sinceEnd) {
        levels.record(seconds(sinceEnd), Attributes.of(Dimensions.LEVEL, level.name(), Dimensions.PROFILE, profile));
        spans.reached(sequence, level);
    }

    @Override
    public void paid(Inclusion inclusion) {
        Attributes effect = Attributes.of(Dimensions.EFFECT, inclusion.effect().name());
        gas.add(inclusion.gasUsed(), effect);
        fees.add(Math.round(inclusion.fee().value().doubleValue() / WEI_A_GWEI), effect);
    }

    @Override
    public void demoted(long count) {
        reorgs.add(1);
        demotions.add(count);
    }

    @Override
    public void sent(Sent how) {
        sendings.add(1, Attributes.of(Dimensions.SENDING, how.name()));
    }

    @Override
    public void lease(LeaseChange change) {
        leases.add(1, Attributes.of(Dimensions.CHANGE, change.name()));
    }

    @Override
    public void backlog(Backlog backlog) {
        waiting.set(backlog);
    }

    private static double seconds(Duration length) {
        return length.toNanos() / NANOS_A_SECOND;
    }
}
