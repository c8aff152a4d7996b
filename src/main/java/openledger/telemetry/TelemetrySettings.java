package openledger.telemetry;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where metrics and traces go.
 *
 * @param lane number of this router, which names it
 * @param scrape where Prometheus finds them; empty for nowhere
 * @param push where they are sent to; empty for nowhere
 * @param tracedShare of the requests that say nothing about traces, how many begin one, 0 to 1
 */
public record TelemetrySettings(long lane, Optional<Scrape> scrape, Optional<Push> push, double tracedShare) {
    /** Nothing is measured. */
    public static final TelemetrySettings OFF = new TelemetrySettings(0, Optional.empty(), Optional.empty(), 0);

    public TelemetrySettings {
        if (!(tracedShare >= 0 && tracedShare <= 1)) {
            throw new IllegalArgumentException("the traced share must be 0 to 1: " + tracedShare);
        }
    }

    /** An address of our own that answers {@code GET /metrics}. */
    public record Scrape(String host, int port) {
        private static final int LARGEST_PORT = 65_535;

        public Scrape {
            if (host.isBlank() || port < 1 || port > LARGEST_PORT) {
                throw new IllegalArgumentException("a port must be 1 to 65535 of a host: " + host + ":" + port);
            }
        }
    }

    /**
     * A collector that takes OTLP over HTTP.
     *
     * @param endpoint http or https address before {@code /v1/metrics} and {@code /v1/traces}
     * @param headers sent along, such as a key
     * @param interval from one push of metrics to the next
     */
    public record Push(URI endpoint, Map<String, String> headers, Duration interval) {
        public Push {
            headers = Map.copyOf(headers);
            String scheme = endpoint.getScheme();
            if (!("http".equals(scheme) || "https".equals(scheme)) || endpoint.getHost() == null) {
                throw new IllegalArgumentException("an endpoint must be http(s)://host[:port][/path]: " + endpoint);
            }
            if (interval.toMillis() < 100 || interval.toHours() >= 1) {
                throw new IllegalArgumentException("an interval must be 100 ms to 1 h: " + interval);
            }
        }

        /** Without the headers, which may hold a key. */
        @Override
        public String toString() {
            return "Push[endpoint=" + endpoint + ", interval=" + interval + "]";
        }
    }
}
