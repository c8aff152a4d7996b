package openledger.wiring.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.inference.resend.ResendSettings;

/** The limits of what clients may send, keep open and hold. */
public interface LimitKeys {
    /** The maximum size of a request's body, in bytes: 1,024 to 268,435,456. */
    @WithName("max-body-bytes")
    @WithDefault("16777216")
    int maxBodyBytes();

    /** The maximum nesting of a request's body, 1 to 10,000. */
    @WithName("max-body-depth")
    @WithDefault("128")
    int maxBodyDepth();

    /**
     * The maximum number of requests in progress, of all tenants together: 1 to 1,000,000. Further ones are answered
     * 503 with {@code Retry-After}. A single tenant gets half.
     */
    @WithName("max-in-flight")
    @WithDefault("10000")
    int maxInFlight();

    /** The maximum time until a request's body has arrived, 1 s to 1 h. */
    @WithName("body-timeout")
    @WithDefault("30s")
    Duration bodyTimeout();

    /**
     * The maximum time of any request, its answer included: 1 s to 1 h. After it the request is answered 504, and a
     * stream ends with an error event. It must not be shorter than the longest {@code timeouts.total} of a provider, or
     * else calls are cut that could still succeed.
     */
    @WithName("max-request-time")
    @WithDefault("30m")
    Duration maxRequestTime();

    /**
     * The maximum number of connections, 1 to 1,000,000, lowered to half of the descriptors that the process may open.
     * Beyond it a connection that waits for a request is closed for the new one.
     */
    @WithName("max-connections")
    @WithDefault("16384")
    int maxConnections();

    /**
     * The maximum number of connections from one address, or from one /64 of IPv6: 1 to 1,000,000. It applies to
     * proxies and load balancers unless they are trusted.
     */
    @WithName("max-connections-per-address")
    @WithDefault("4096")
    int maxConnectionsPerAddress();

    /**
     * Addresses or ranges to which {@code max-connections-per-address} does not apply: proxies that limit their own
     * clients.
     */
    @WithName("trusted-addresses")
    Optional<List<String>> trustedAddresses();

    /** The maximum time from a connection to its first request, 1 s to 1 h. */
    @WithName("first-request-timeout")
    @WithDefault("15s")
    Duration firstRequestTimeout();

    /** The maximum time from the first byte of a request's head to its last, 1 s to 1 h. */
    @WithName("head-timeout")
    @WithDefault("10s")
    Duration headTimeout();

    /** The maximum time between two requests of a connection, 1 s to 1 h. */
    @WithName("keep-alive-timeout")
    @WithDefault("75s")
    Duration keepAliveTimeout();

    /** The maximum time for which a client may read nothing of its answer, 1 s to 1 h. After it the answer ends. */
    @WithName("unread-timeout")
    @WithDefault("2m")
    Duration unreadTimeout();

    /**
     * The maximum size of bodies, their copies, and answers that are withheld or kept, in bytes: at least twice {@code
     * max-body-bytes}. Further requests are answered 503 with {@code Retry-After}. A single tenant gets half. Left out:
     * half of the maximum heap.
     */
    @WithName("max-buffered-bytes")
    OptionalLong maxBufferedBytes();

    /** Requests that a client sends again. They join the attempt ledger of the first one: one budget, one record. */
    interface ResendKeys {
        /**
         * How long a request whose client has disconnected can be joined, and how long the answer to a request with an
         * {@code Idempotency-Key} can be replayed: 1 ms to 10 min.
         */
        @WithDefault("60s")
        Duration window();

        /** The maximum size of an answer that is kept for replay, in bytes. 0: none is kept. */
        @WithName("max-answer-bytes")
        @WithDefault("1048576")
        int maxAnswerBytes();

        /**
         * The maximum size of all kept answers, in bytes. They also count towards {@code limits.max-buffered-bytes}. A
         * tenant gets more only while it would then have no more than is left free, so a single tenant gets half.
         */
        @WithName("kept-bytes")
        @WithDefault("67108864")
        long keptBytes();

        /** The maximum number of requests that can be joined or replayed at a time. Each takes about 2 KB. */
        @WithName("max-ledgers")
        @WithDefault("20000")
        int maxLedgers();

        /**
         * What the first call for a request with an {@code Idempotency-Key} waits for. {@code eager}: nothing; a router that
         * crashes within its first commit has then made one call that nobody knows of, and a resend may make one more than the
         * budget. {@code durable}: the record of the request, some milliseconds; no crash makes a call beyond the budget. Further
         * calls always wait for the record of the one before.
         */
        @WithName("first-call")
        @WithDefault("eager")
        ResendSettings.FirstCall firstCall();
    }

    /**
     * The requests that the router sends through itself before it says that it is ready, so that the first clients are not the ones for whom
     * its code is loaded and compiled. They go to a provider of its own in the same process, and are not recorded, counted or settled. A native
     * router needs none and sends none.
     */
    interface WarmUpKeys {
        /** How many requests, 0 to 10,000; with 0 the router is ready at once, and slow for some seconds. */
        @WithDefault("400")
        int requests();

        /** The maximum time for them, 100 ms to 60 s. After it the router is ready all the same. */
        @WithName("max-time")
        @WithDefault("5s")
        Duration maxTime();
    }
}
