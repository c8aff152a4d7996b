package openledger.wiring.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What clients may send, keep open and hold; {@code deploy/openledger.yaml} says what each key means. */
public interface LimitKeys {
    @WithName("max-body-bytes")
    @WithDefault("16777216")
    int maxBodyBytes();

    @WithName("max-body-depth")
    @WithDefault("128")
    int maxBodyDepth();

    @WithName("max-in-flight")
    @WithDefault("10000")
    int maxInFlight();

    @WithName("body-timeout")
    @WithDefault("30s")
    Duration bodyTimeout();

    @WithName("max-request-time")
    @WithDefault("30m")
    Duration maxRequestTime();

    @WithName("max-connections")
    @WithDefault("16384")
    int maxConnections();

    @WithName("max-connections-per-address")
    @WithDefault("4096")
    int maxConnectionsPerAddress();

    @WithName("trusted-addresses")
    Optional<List<String>> trustedAddresses();

    @WithName("first-request-timeout")
    @WithDefault("15s")
    Duration firstRequestTimeout();

    @WithName("head-timeout")
    @WithDefault("10s")
    Duration headTimeout();

    @WithName("keep-alive-timeout")
    @WithDefault("75s")
    Duration keepAliveTimeout();

    @WithName("unread-timeout")
    @WithDefault("2m")
    Duration unreadTimeout();

    @WithName("max-buffered-bytes")
    OptionalLong maxBufferedBytes();
}
