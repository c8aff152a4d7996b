package openledger.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import openledger.inference.CurrentPolicy;
import openledger.inference.WaitingRequests;
import openledger.inference.upstream.ProviderGateway;
import openledger.routing.Provider;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.Tier;
import openledger.routing.choice.TargetLoad;
import openledger.unit.BasisPoints;

/** What the router's live view shows, read when somebody collects it. Thread-safe. */
public final class RouterGauges {
    private static final double NANOS_A_SECOND = 1e9;

    private final CurrentPolicy policy;
    private final ProviderGateway gateway;
    private final Map<String, Attributes> targets = new ConcurrentHashMap<>();

    /**
     * Registers the gauges.
     *
     * @param retriesLeft of each route, by its name
     * @param waiting requests that no provider works for
     * @param pendingBytes of the journal
     * @param journalIsOpen whether the journal takes intents
     */
    public RouterGauges(
            Telemetry telemetry,
            CurrentPolicy policy,
            ProviderGateway gateway,
            Supplier<Map<String, BasisPoints>> retriesLeft,
            Supplier<WaitingRequests> waiting,
            LongSupplier pendingBytes,
            BooleanSupplier journalIsOpen) {
        Meter meter = telemetry.meter();
        this.policy = policy;
        this.gateway = gateway;
        ObservableDoubleMeasurement limit = Metrics.SLOT_LIMIT.gauge(meter);
        ObservableDoubleMeasurement used = Metrics.SLOTS_USED.gauge(meter);
        ObservableDoubleMeasurement open = Metrics.TARGET_OPEN.gauge(meter);
        ObservableDoubleMeasurement latency = Metrics.TARGET_LATENCY.gauge(meter);
        meter.batchCallback(() -> targets(limit, used, open, latency), limit, used, open, latency);
        ObservableDoubleMeasurement remaining = Metrics.LIMIT_LEFT.gauge(meter);
        ObservableDoubleMeasurement reset = Metrics.LIMIT_RESET.gauge(meter);
        meter.batchCallback(() -> limits(remaining, reset), remaining, reset);
        ObservableLongMeasurement accounts = Metrics.ACCOUNT_FAULTS.observedCounter(meter);
        meter.batchCallback(() -> accounts(accounts), accounts);
        ObservableDoubleMeasurement left = Metrics.RETRIES_LEFT.gauge(meter);
        meter.batchCallback(
                () -> retriesLeft
                        .get()
                        .forEach((route, share) -> left.record(
                                (double) share.value() / BasisPoints.WHOLE, Attributes.of(Dimensions.ROUTE, route))),
                left);
        ObservableDoubleMeasurement held = Metrics.HELD.gauge(meter);
        ObservableDoubleMeasurement kept = Metrics.KEPT.gauge(meter);
        ObservableDoubleMeasurement keptBytes = Metrics.KEPT_BYTES.gauge(meter);
        meter.batchCallback(
                () -> {
                    WaitingRequests now = waiting.get();
                    held.record(now.held());
                    kept.record(now.kept());
                    keptBytes.record((double) now.keptBytes());
                },
                held,
                kept,
                keptBytes);
        ObservableDoubleMeasurement pending = Metrics.JOURNAL_PENDING.gauge(meter);
        ObservableDoubleMeasurement takes = Metrics.JOURNAL_OPEN.gauge(meter);
        meter.batchCallback(
                () -> {
                    pending.record((double) pendingBytes.getAsLong());
                    takes.record(journalIsOpen.getAsBoolean() ? 1 : 0);
                },
                pending,
                takes);
    }

    /** Of the providers that say it. */
    private void limits(ObservableDoubleMeasurement remaining, ObservableDoubleMeasurement reset) {
        for (Route route : policy.get().routes().values()) {
            for (Tier tier : route.tiers()) {
                for (Target target : tier.targets()) {
                    gateway.limits(target).forEach((kind, standing) -> {
                        Attributes of = Attributes.of(Dimensions.TARGET, target.name(), Dimensions.LIMIT, kind.name());
                        remaining.record((double) standing.remaining(), of);
                        reset.record(standing.untilReset().toNanos() / NANOS_A_SECOND, of);
                    });
                }
            }
        }
    }

    /** All that there may be, also where there has been none: an increase is seen only of a series that was there before it. */
    private void accounts(ObservableLongMeasurement faults) {
        for (Provider provider : policy.get().providers()) {
            gateway.accountFaults(provider.name())
                    .forEach((fault, count) -> faults.record(
                            count,
                            Attributes.of(
                                    Dimensions.PROVIDER, provider.name(), Dimensions.ACCOUNT_FAULT, fault.name())));
        }
    }

    private void targets(
            ObservableDoubleMeasurement limit,
            ObservableDoubleMeasurement used,
            ObservableDoubleMeasurement open,
            ObservableDoubleMeasurement latency) {
        for (Route route : policy.get().routes().values()) {
            for (Tier tier : route.tiers()) {
                for (Target target : tier.targets()) {
                    Attributes of =
                            targets.computeIfAbsent(target.name(), name -> Attributes.of(Dimensions.TARGET, name));
                    TargetLoad load = gateway.load(target);
                    limit.record(load.limit(), of);
                    used.record(load.inFlight(), of);
                    open.record(load.isOpen() ? 1 : 0, of);
                    latency.record(load.latencyNanos() / NANOS_A_SECOND, of);
                }
            }
        }
    }
}
