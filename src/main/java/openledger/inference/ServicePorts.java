package openledger.inference;

/** The outside world as the way of a request sees it. */
public record ServicePorts(
        ProviderGateway gateway, Journal journal, Timekeeper time, EventLoops loops, RouterMetrics metrics) {}
