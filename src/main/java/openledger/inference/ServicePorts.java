package openledger.inference;

import java.util.Optional;

/**
 * The outside world as the way of a request sees it.
 *
 * @param confirmed what confirmed mode needs; empty in a router that settles nothing, where all requests are fast
 */
public record ServicePorts(
        ProviderGateway gateway,
        Journal journal,
        Timekeeper time,
        EventLoops loops,
        RouterMetrics metrics,
        Optional<ConfirmedPorts> confirmed) {
    /** Those of a router whose requests are all fast. */
    public ServicePorts(
            ProviderGateway gateway, Journal journal, Timekeeper time, EventLoops loops, RouterMetrics metrics) {
        this(gateway, journal, time, loops, metrics, Optional.empty());
    }
}
