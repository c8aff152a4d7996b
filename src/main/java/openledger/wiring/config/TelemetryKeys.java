package openledger.wiring.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    /** The stream of decisions. There is none without {@code kafka.bootstrap-servers}. */
    interface StreamKeys {
        /**
         * What the stream calls a tenant: {@code names}, or {@code tags}, which are the same for a tenant in all lanes of a
         * database and do not show its name.
         */
        @WithDefault("names")
        String tenants();

        /**
         * How long after {@code retention.journal-days} the journal's records wait until they are in the stream, 0 s to 3,650
         * days, in whole days that are rounded up. After that they are deleted, and the stream says what it left out.
         */
        @WithName("longest-lag")
        @WithDefault("7d")
        Duration longestLag();

        KafkaKeys kafka();
    }

    /** The topics of Kafka that decisions, levels of batches and the cursors of the stream are written to. */
    interface KafkaKeys {
        /** Some of the brokers, each {@code host:port}. Left out: decisions are not streamed. */
        @WithName("bootstrap-servers")
        Optional<List<String>> bootstrapServers();

        /**
         * What the names of the topics and the transactional ids begin with: 1 to 100 letters, digits, dots, dashes or
         * underscores. Routers of one database have the same, and those of two databases never.
         */
        @WithDefault("openledger")
        String prefix();

        /**
         * Properties of the Kafka client by their names, such as {@code security.protocol}, with their names in quotes. Those that
         * exactly once or a time-out rests on cannot be set.
         */
        Map<String, String> properties();

        /**
         * The names of environment variables that hold secret properties, by the names of the properties, such as {@code
         * "sasl.jaas.config"}.
         */
        @WithName("secret-envs")
        Map<String, String> secretEnvs();
    }

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
