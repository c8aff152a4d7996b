package openledger.wiring.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.Optional;

/** Metrics and traces. None contains a tenant, a key or a text of a request. */
public interface TelemetryKeys {
    /** Whether there are metrics and traces. {@code false} also switches off {@code GET /v1/fairness}. */
    @WithDefault("true")
    boolean enabled();

    ScrapeKeys scrape();

    PushKeys push();

    /**
     * The share of requests without a trace context that start a trace, 0 to 100. Requests whose client records a trace
     * are always traced. Spans are sent where metrics are pushed.
     */
    @WithName("traced-percent")
    @WithDefault("1")
    double tracedPercent();

    /**
     * Twins: two identical requests of one token that the router sends to itself at the same time, to see whether both
     * get the same tier. They go over all chat routes and modes in turn, and cost what such requests cost.
     */
    interface TwinKeys {
        /** Pairs a minute, over all routes and modes together: 0 to 600. 0: no twins. */
        @WithName("pairs-per-minute")
        @WithDefault("0")
        int pairsPerMinute();

        /** The maximum number of pairs a day (UTC) of this router since its start, 1 or more. */
        @WithName("pairs-per-day")
        @WithDefault("1440")
        int pairsPerDay();
    }

    /**
     * The address at which Prometheus scrapes {@code GET /metrics}. It requires no key, so only your own network should
     * reach it.
     */
    interface ScrapeKeys {
        /** Whether metrics can be scraped. */
        @WithDefault("true")
        boolean enabled();

        /** The address on which the port listens. */
        @WithDefault("127.0.0.1")
        String host();

        /** The port, 1 to 65535. */
        @WithDefault("9464")
        int port();
    }

    /** Where metrics and traces are pushed, by OTLP over HTTP. */
    interface PushKeys {
        /**
         * The address before {@code /v1/metrics} and {@code /v1/traces}. Left out: nothing is pushed, and there are no
         * traces.
         */
        Optional<String> endpoint();

        /** The name of the environment variable that holds the value of the header {@code Authorization}. */
        @WithName("authorization-env")
        Optional<String> authorizationEnv();

        /** The path of a file that holds the value of the header {@code Authorization} and nothing else. */
        @WithName("authorization-file")
        Optional<String> authorizationFile();

        /** The time between two pushes of metrics, 100 ms to 1 h. */
        @WithDefault("15s")
        Duration interval();
    }
}
