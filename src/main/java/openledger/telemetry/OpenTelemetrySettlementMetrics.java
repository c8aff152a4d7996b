package openledger.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import openledger.commitment.BatchCut;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.Inclusion;
import openledger.settlement.SequencerSettings.Backlog;
import openledger.settlement.SettlementMetrics;

/** Measures the way to the chain through the OpenTelemetry API. Attributes are our enums. Thread-safe. */
public final class OpenTelemetrySettlementMetrics implements SettlementMetrics {
    private static final AttributeKey<String> REASON = AttributeKey.stringKey("openledger.cut");
    private static final AttributeKey<String> LEVEL = AttributeKey.stringKey("openledger.level");
    private static final AttributeKey<String> EFFECT = AttributeKey.stringKey("openledger.effect");
    private static final AttributeKey<String> SENDING = AttributeKey.stringKey("openledger.sending");
    private static final AttributeKey<String> CHANGE = AttributeKey.stringKey("openledger.change");
    private static final List<Double> SECONDS =
            List.of(.05, .1, .15, .2, .25, .3, .35, .4, .45, .5, .75, 1., 2., 5., 10., 30., 60., 600., 1800., 3600.);
    private static final double NANOS_A_SECOND = 1e9;
    private static final double WEI_A_GWEI = 1e9;

    private final LongCounter batches;
    private final LongCounter leaves;
    private final LongCounter gas;
    private final LongCounter fees;
    private final LongCounter demotions;
    private final LongCounter sendings;
    private final LongCounter leases;
    private final DoubleHistogram levels;
    private final AtomicReference<Backlog> waiting = new AtomicReference<>(new Backlog(0, Duration.ZERO));

    public OpenTelemetrySettlementMetrics(Meter meter) {
        batches = counter(meter, "openledger.settlement.batches", "{batch}", "Batches that were cut");
        leaves = counter(meter, "openledger.settlement.leaves", "{leaf}", "Leaves in batches that were cut");
        gas = counter(meter, "openledger.settlement.gas", "{gas}", "Gas that our transactions used");
        fees = counter(meter, "openledger.settlement.fees", "Gwei", "What our transactions cost");
        demotions = counter(meter, "openledger.settlement.demotions", "{batch}", "Batches that a reorg put back");
        sendings = counter(meter, "openledger.settlement.sendings", "{transaction}", "Transactions sent");
        leases = counter(meter, "openledger.settlement.lane.changes", "{change}", "Times the lane changed hands");
        levels = meter.histogramBuilder("openledger.settlement.level.duration")
                .setDescription("From the cut of a batch until it reached a level")
                .setUnit("s")
                .setExplicitBucketBoundariesAdvice(SECONDS)
                .build();
        meter.gaugeBuilder("openledger.settlement.backlog.leaves")
                .setDescription("Leaves that are not on chain")
                .setUnit("{leaf}")
                .ofLongs()
                .buildWithCallback(to -> to.record(waiting.get().leaves()));
        meter.gaugeBuilder("openledger.settlement.backlog.age")
                .setDescription("How long the oldest leaf that is not on chain has waited")
                .setUnit("s")
                .buildWithCallback(to -> to.record(seconds(waiting.get().age())));
    }

    @Override
    public void cut(BatchCut.Reason reason, int count) {
        Attributes why = Attributes.of(REASON, reason.name());
        batches.add(1, why);
        leaves.add(count, why);
    }

    @Override
    public void reached(ConfirmationLevel level, Duration sinceCut, int count) {
        levels.record(seconds(sinceCut), Attributes.of(LEVEL, level.name()));
    }

    @Override
    public void paid(Inclusion inclusion) {
        Attributes effect = Attributes.of(EFFECT, inclusion.effect().name());
        gas.add(inclusion.gasUsed(), effect);
        fees.add(Math.round(inclusion.fee().value().doubleValue() / WEI_A_GWEI), effect);
    }

    @Override
    public void demoted(long count) {
        demotions.add(count);
    }

    @Override
    public void sent(Sent how) {
        sendings.add(1, Attributes.of(SENDING, how.name()));
    }

    @Override
    public void lease(LeaseChange change) {
        leases.add(1, Attributes.of(CHANGE, change.name()));
    }

    @Override
    public void backlog(Backlog backlog) {
        waiting.set(backlog);
    }

    private static double seconds(Duration length) {
        return length.toNanos() / NANOS_A_SECOND;
    }

    private static LongCounter counter(Meter meter, String name, String unit, String description) {
        return meter.counterBuilder(name)
                .setUnit(unit)
                .setDescription(description)
                .build();
    }
}
