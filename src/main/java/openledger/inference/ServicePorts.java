package openledger.inference;

import java.util.Optional;
import openledger.inference.confirmed.ConfirmedPorts;
import openledger.inference.origin.Origins;
import openledger.inference.record.Journal;
import openledger.inference.upstream.ProviderGateway;

/**
 * The ports that serve a request.
 *
 * @param confirmed what confirmed mode needs; empty in a router that settles nothing, where all requests are fast
 * @param origins which provider made the objects that requests refer to
 */
public record ServicePorts(
        ProviderGateway gateway,
        Journal journal,
        Timekeeper time,
        EventLoops loops,
        RouterMetrics metrics,
        Optional<ConfirmedPorts> confirmed,
        Origins origins) {
    /** Those of a router that remembers origins for as long as it runs. */
    public ServicePorts(
            ProviderGateway gateway,
            Journal journal,
            Timekeeper time,
            EventLoops loops,
            RouterMetrics metrics,
            Optional<ConfirmedPorts> confirmed) {
        this(gateway, journal, time, loops, metrics, confirmed, new Origins(OriginStore.NONE, time));
    }

    /** Those of a router whose requests are all fast. */
    public ServicePorts(
            ProviderGateway gateway, Journal journal, Timekeeper time, EventLoops loops, RouterMetrics metrics) {
        this(gateway, journal, time, loops, metrics, Optional.empty());
    }
}
