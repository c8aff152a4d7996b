package openledger.wiring.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The routes, which clients name as {@code model}. At least one is required. The retry budget of a route is the sum of
 * the attempts of its tiers: at most 64, and at most 8 if the route allows the mode {@code confirmed}. Changes take
 * effect without a restart.
 */
interface RouteKeys {
    /** The name of the route. It is unique. */
    String name();

    List<TierKeys> tiers();

    BackoffKeys backoff();

    /**
     * The modes that requests may choose: {@code fast}, {@code confirmed} or both. {@code confirmed} requires {@code
     * openledger.settlement}. Left out: {@code fast}.
     */
    Optional<List<String>> modes();

    /**
     * The mode of requests that do not name one. Left out: {@code fast} if the route allows it, else {@code confirmed}.
     */
    @WithName("default-mode")
    Optional<String> defaultMode();

    /** The time between two attempts of a confirmed request: a whole number of epochs, 1 to 1,000. Left out: 400 ms. */
    @WithName("retry-grid")
    Optional<Duration> retryGrid();

    /**
     * In the mode {@code fast}: the silence after which a second attempt starts beside the first. It spends an attempt
     * of the budget. Left out: no hedging.
     */
    @WithName("hedge-after")
    Optional<Duration> hedgeAfter();

    /**
     * The maximum time of a request, from its arrival to the end of its answer, with all attempts and waits: 1 ms to
     * {@code limits.max-request-time}. A client may ask for less with the header {@code openledger-deadline-ms}. Left
     * out: {@code limits.max-request-time}.
     */
    Optional<Duration> deadline();

    /**
     * In the mode {@code fast}: {@code session} sends requests of the same session to the same target of a tier while
     * it has a free slot, so that its prompt cache is warm. A session is named by the header {@code
     * openledger-session}, or else by the member {@code prompt_cache_key}. A route that allows {@code confirmed} must
     * have {@code none}.
     */
    @WithDefault("none")
    String affinity();

    @WithName("storm-guard")
    StormKeys stormGuard();

    /**
     * The tiers of the route, 1 to 8, best first. A request falls back to the next tier when the attempts of a tier are
     * spent.
     */
    interface TierKeys {
        /** The name of the tier. It is unique in its route. */
        String name();

        /** The number of attempts in the tier, 1 to 32. */
        int attempts();

        List<TargetKeys> targets();
    }

    /** The targets of the tier, 1 to 64. They are considered equal in quality. */
    interface TargetKeys {
        /** The name of a provider. */
        String provider();

        /** The name of the model at the provider, 1 to 200 characters. */
        String model();

        /**
         * The share of calls in the mode {@code fast}, relative to the other targets: 1 to 1,000. A target that is
         * slower or full gets less.
         */
        @WithDefault("1")
        int weight();

        SlotKeys slots();
    }

    /**
     * The limits of calls in flight to the target. The number of slots adapts between {@code min} and {@code max}, with
     * 1 ≤ {@code min} ≤ {@code initial} ≤ {@code max} ≤ 10,000. With
     * {@code cluster.enabled} it is that of all routers together.
     */
    interface SlotKeys {
        /** The minimum number of slots. */
        @WithDefault("4")
        int min();

        /** The number of slots after the start. */
        @WithDefault("32")
        int initial();

        /** The maximum number of slots. */
        @WithDefault("256")
        int max();
    }

    /**
     * The back-off in the mode {@code fast}. When all targets of a tier have been tried, the router waits for a random
     * time up to {@code base}, then up to twice that, and so on, at most up to {@code cap}.
     */
    interface BackoffKeys {
        /** The upper bound of the first wait, 0 or more. */
        @WithDefault("120ms")
        Duration base();

        /** The upper bound of any wait, {@code base} or more. */
        @WithDefault("720ms")
        Duration cap();
    }

    /**
     * The limit of additional calls in the mode {@code fast}. Within a tier, all requests of the route may together add
     * {@code ratio-percent} of their number as retries, and {@code reserve-per-second} in any case.
     */
    interface StormKeys {
        /** Retries for each 100 requests, 0 to 100. */
        @WithName("ratio-percent")
        @WithDefault("20")
        int ratioPercent();

        /** Retries a second that are always allowed, 0 to 100,000. */
        @WithName("reserve-per-second")
        @WithDefault("10")
        int reservePerSecond();

        /** The time over which requests and retries are counted, 1 to 60 s. */
        @WithDefault("10s")
        Duration window();
    }
}
