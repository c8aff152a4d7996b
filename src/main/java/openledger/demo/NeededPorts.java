package openledger.demo;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The ports that {@code make run} needs, each with what needs it and where that is configured. Checked before anything is started. */
final class NeededPorts {
    private static final int FILE = 100;
    private static final int SCRAPED = 9464;

    /** Who needs a port, by port; the first that wants one has it. */
    private final Map<Integer, String> wanted = new LinkedHashMap<>();

    private final List<String> problems = new ArrayList<>();

    /** One more; two that want the same are a problem as well. */
    NeededPorts and(int port, String who) {
        String other = port == 0 ? null : wanted.putIfAbsent(port, who);
        if (other != null) {
            problems.add("Port " + port + " is needed twice: by " + other + ", and by " + who + ".");
        }
        return this;
    }

    /** Those that a router with that configuration has beside its own. */
    NeededPorts ofRouter(Path file) throws IOException {
        SmallRyeConfig keys = read(file);
        boolean measured = keys.getOptionalValue("openledger.telemetry.enabled", Boolean.class)
                .orElse(true);
        boolean scraped = keys.getOptionalValue("openledger.telemetry.scrape.enabled", Boolean.class)
                .orElse(true);
        if (measured && scraped) {
            and(
                    keys.getOptionalValue("openledger.telemetry.scrape.port", Integer.class)
                            .orElse(SCRAPED),
                    "the router's metrics (openledger.telemetry.scrape.port of " + file + ")");
        }
        keys.getOptionalValue("openledger.admin.port", Integer.class)
                .ifPresent(port -> and(port, "the administrator (openledger.admin.port of " + file + ")"));
        return this;
    }

    /** Those of the simulated providers of a fleet. */
    NeededPorts ofFleet(Path file) throws IOException {
        SmallRyeConfig keys = read(file);
        for (int i = 0; ; i++) {
            String key = "providers[" + i + "].port";
            var port = keys.getOptionalValue(key, Integer.class);
            if (port.isEmpty()) {
                return this;
            }
            String name = keys.getOptionalValue("providers[" + i + "].name", String.class)
                    .orElse("");
            and(port.get(), "the simulated provider " + name + " (" + key + " of " + file + ")");
        }
    }

    /** The numbers. */
    List<Integer> numbers() {
        return List.copyOf(wanted.keySet());
    }

    /** Throws, with all that are taken, unless every one can be listened on. */
    void requireFree() throws IOException {
        List<String> all = new ArrayList<>(problems);
        wanted.forEach((port, who) -> {
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            } catch (IOException taken) {
                all.add("Port " + port + " of " + who + " is taken: stop what listens there first.");
            }
        });
        if (!all.isEmpty()) {
            throw new IOException(String.join(System.lineSeparator(), all));
        }
    }

    /** As the router reads it: the environment wins. */
    private static SmallRyeConfig read(Path file) throws IOException {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addSystemSources()
                .withSources(new YamlConfigSource(file.toUri().toURL(), FILE))
                .build();
    }
}
