package openledger.telemetry;

import java.util.Map;

/**
 * Bounds of the port that metrics are scraped from. The JDK's server has none of its own for slow requests, and reads these once, when
 * the first of its servers is made; the native executable reads them when it is compiled (native-image.properties).
 */
final class ScrapeBounds {
    private static final Map<String, String> BOUNDS = Map.of(
            // seconds until a request is whole, and until its answer is
            "sun.net.httpserver.maxReqTime", "10",
            "sun.net.httpserver.maxRspTime", "60",
            // seconds between requests, and until the first
            "sun.net.httpserver.idleInterval", "15",
            "jdk.httpserver.maxConnections", "256");

    private ScrapeBounds() {}

    /** Sets those that the operator has not set. */
    static void set() {
        BOUNDS.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
    }
}
