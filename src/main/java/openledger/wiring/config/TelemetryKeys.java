package openledger.wiring.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.Optional;

/** The keys under {@code openledger.telemetry}. */
public interface TelemetryKeys {
    @WithDefault("true")
    boolean enabled();

    ScrapeKeys scrape();

    PushKeys push();

    @WithName("traced-percent")
    @WithDefault("1")
    double tracedPercent();

    /** The keys under {@code openledger.twins}. */
    interface TwinKeys {
        @WithName("pairs-per-minute")
        @WithDefault("0")
        int pairsPerMinute();

        @WithName("pairs-per-day")
        @WithDefault("1440")
        int pairsPerDay();
    }

    interface ScrapeKeys {
        @WithDefault("true")
        boolean enabled();

        @WithDefault("127.0.0.1")
        String host();

        @WithDefault("9464")
        int port();
    }

    interface PushKeys {
        Optional<String> endpoint();

        @WithName("authorization-env")
        Optional<String> authorizationEnv();

        @WithName("authorization-file")
        Optional<String> authorizationFile();

        @WithDefault("15s")
        Duration interval();
    }
}
