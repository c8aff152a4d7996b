package openledger.wiring.config;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import openledger.telemetry.TelemetrySettings;
import openledger.telemetry.TelemetrySettings.Push;
import openledger.telemetry.TelemetrySettings.Scrape;
import openledger.wiring.config.TelemetryKeys.PushKeys;
import openledger.wiring.config.TelemetryKeys.ScrapeKeys;
import org.jspecify.annotations.Nullable;

/** Reads where metrics and traces go. */
public final class TelemetryReader {
    private static final String KEY = "openledger.telemetry";
    private static final double PERCENT = 100;

    private final ConfigurationProblems problems;
    private final SecretReader secrets;

    public TelemetryReader(ConfigurationProblems problems, Function<String, @Nullable String> environment) {
        this.problems = problems;
        this.secrets = new SecretReader(problems, environment);
    }

    /** Nothing, if it is switched off; what was found wrong is noted. */
    TelemetrySettings read(long lane, TelemetryKeys keys) {
        Optional<Scrape> scrape = scrape(keys.scrape());
        Optional<Push> push = push(keys.push());
        return problems.build(
                        KEY + ".traced-percent",
                        () -> new TelemetrySettings(lane, scrape, push, keys.tracedPercent() / PERCENT))
                .filter(settings -> keys.enabled())
                .orElse(TelemetrySettings.OFF);
    }

    private Optional<Scrape> scrape(ScrapeKeys keys) {
        return problems.build(KEY + ".scrape", () -> new Scrape(keys.host(), keys.port()))
                .filter(address -> keys.enabled());
    }

    private Optional<Push> push(PushKeys keys) {
        Map<String, String> headers = headers(keys);
        return keys.endpoint()
                .flatMap(text -> problems.build(
                        KEY + ".push", () -> new Push(URI.create(text.strip()), headers, keys.interval())));
    }

    /** What is sent along with a push. */
    public Map<String, String> headers(PushKeys keys) {
        return secrets.header(KEY + ".push.authorization", keys.authorizationEnv(), keys.authorizationFile())
                .map(value -> Map.of("authorization", value))
                .orElse(Map.of());
    }
}
