package openledger.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import openledger.commitment.evm.Keccak256;
import openledger.inference.CurrentPolicy;
import openledger.inference.WaitingRequests;
import openledger.inference.upstream.ProviderGateway;
import openledger.routing.CanonicalPolicy;
import openledger.routing.Policy;
import openledger.routing.Provider;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.Tier;
import openledger.routing.choice.TargetLoad;
import openledger.unit.BasisPoints;
import org.jspecify.annotations.Nullable;

/** Gauges of the router's live view, read when metrics are collected. Thread-safe. */
public final class RouterGauges {
    private static final Metric SLOT_LIMIT = Metric.gauge(
            "openledger.target.slots", "{call}", "Calls that may be in flight to a target", Dimensions.TARGET);
    private static final Metric SLOTS_USED = Metric.gauge(
            "openledger.target.in_flight",
            "{call}",
            "Calls in flight to a target, claimed slots included",
            Dimensions.TARGET);
    private static final Metric TARGET_OPEN = Metric.gauge(
            "openledger.target.open", "1", "1 if a target may be called, 0 while it is closed", Dimensions.TARGET);
    private static final Metric TARGET_LATENCY = Metric.gauge(
            "openledger.target.latency",
            "s",
            "Smoothed time to the first content of a target's answers",
            Dimensions.TARGET);
    private static final Metric LIMIT_LEFT = Metric.gauge(
            "openledger.target.limit.remaining",
            "{unit}",
            "What is left of the provider's own limit, as last reported: requests or tokens",
            Dimensions.TARGET,
            Dimensions.LIMIT);
    private static final Metric LIMIT_RESET = Metric.gauge(
            "openledger.target.limit.reset",
            "s",
            "Time until the provider's own limit is full again, as last reported; 0 once that is over",
            Dimensions.TARGET,
            Dimensions.LIMIT);
    private static final Metric ACCOUNT_FAULTS = Metric.counter(
            "openledger.provider.account.faults",
            "{call}",
            "Calls that a provider refused because of the operator's account there: key, balance, quota, suspension",
            Dimensions.PROVIDER,
            Dimensions.ACCOUNT_FAULT);
    private static final Metric RETRIES_LEFT = Metric.gauge(
            "openledger.storm_guard.left",
            "1",
            "What is left of a route's retries in mode fast, 0 to 1",
            Dimensions.ROUTE);
    private static final Metric HELD =
            Metric.gauge("openledger.held", "{request}", "Confirmed requests that wait for their plan");
    private static final Metric KEPT = Metric.gauge(
            "openledger.resends.kept",
            "{request}",
            "Requests that can be sent again: with an idempotency key, or whose client has gone");
    private static final Metric KEPT_BYTES =
            Metric.gauge("openledger.resends.kept.size", "By", "Answers that are kept for resends");
    private static final Metric JOURNAL_PENDING =
            Metric.gauge("openledger.journal.pending", "By", "Records that are not durable yet");
    private static final Metric JOURNAL_OPEN =
            Metric.gauge("openledger.journal.open", "1", "1 if the journal accepts intents and reaches its database");

    private static final Metric POLICY_INFO = Metric.gauge(
            "openledger.policy.info",
            "{policy}",
            "1, for the policy that the router follows, by its hash",
            Dimensions.POLICY_HASH);

    private static final double NANOS_A_SECOND = 1e9;

    private final CurrentPolicy policy;
    private final ProviderGateway gateway;
    private final Map<String, Attributes> targets = new ConcurrentHashMap<>();
    private volatile @Nullable Followed followed;

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
        ObservableDoubleMeasurement limit = SLOT_LIMIT.gauge(meter);
        ObservableDoubleMeasurement used = SLOTS_USED.gauge(meter);
        ObservableDoubleMeasurement open = TARGET_OPEN.gauge(meter);
        ObservableDoubleMeasurement latency = TARGET_LATENCY.gauge(meter);
        meter.batchCallback(() -> targets(limit, used, open, latency), limit, used, open, latency);
        ObservableDoubleMeasurement remaining = LIMIT_LEFT.gauge(meter);
        ObservableDoubleMeasurement reset = LIMIT_RESET.gauge(meter);
        meter.batchCallback(() -> limits(remaining, reset), remaining, reset);
        ObservableLongMeasurement accounts = ACCOUNT_FAULTS.observedCounter(meter);
        meter.batchCallback(() -> accounts(accounts), accounts);
        ObservableDoubleMeasurement left = RETRIES_LEFT.gauge(meter);
        meter.batchCallback(
                () -> retriesLeft
                        .get()
                        .forEach((route, share) -> left.record(
                                (double) share.value() / BasisPoints.WHOLE, Attributes.of(Dimensions.ROUTE, route))),
                left);
        ObservableDoubleMeasurement held = HELD.gauge(meter);
        ObservableDoubleMeasurement kept = KEPT.gauge(meter);
        ObservableDoubleMeasurement keptBytes = KEPT_BYTES.gauge(meter);
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
        ObservableDoubleMeasurement info = POLICY_INFO.gauge(meter);
        meter.batchCallback(() -> info.record(1, followed()), info);
        ObservableDoubleMeasurement pending = JOURNAL_PENDING.gauge(meter);
        ObservableDoubleMeasurement takes = JOURNAL_OPEN.gauge(meter);
        meter.batchCallback(
                () -> {
                    pending.record((double) pendingBytes.getAsLong());
                    takes.record(journalIsOpen.getAsBoolean() ? 1 : 0);
                },
                pending,
                takes);
    }

    /** A policy and its hash, which costs a moment. */
    private record Followed(Policy policy, Attributes hash) {}

    @SuppressWarnings("ReferenceEquality") // each reload makes a new one
    private Attributes followed() {
        Policy now = policy.get();
        Followed known = followed;
        if (known == null || known.policy != now) {
            byte[] hash = Keccak256.digest(CanonicalPolicy.of(now));
            known = new Followed(
                    now,
                    Attributes.of(Dimensions.POLICY_HASH, "0x" + HexFormat.of().formatHex(hash)));
            followed = known;
        }
        return known.hash;
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
