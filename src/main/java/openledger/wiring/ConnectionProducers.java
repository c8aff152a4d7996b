package openledger.wiring;

import io.quarkus.arc.Unremovable;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import openledger.edge.AddressRange;
import openledger.edge.ConnectionLimits;
import openledger.wiring.config.CheckedConfiguration;
import openledger.wiring.config.LimitKeys;
import org.jboss.logging.Logger;

/** What bounds the connections of clients. */
@Singleton
public final class ConnectionProducers {
    private static final Logger LOG = Logger.getLogger(ConnectionProducers.class);
    private static final Path PROCESS = Path.of("/proc/self/limits");
    private static final String DESCRIPTORS = "Max open files";

    // Asked for by the transport, which is made without beans.
    @Produces
    @Singleton
    @Unremovable
    ConnectionLimits limits(CheckedConfiguration checked) {
        ConnectionLimits wanted = checked.connections();
        OptionalLong descriptors = descriptors();
        if (descriptors.isEmpty()) {
            return wanted;
        }
        ConnectionLimits possible = wanted.within(descriptors.getAsLong());
        if (possible.most() < wanted.most()) {
            LOG.warnf(
                    "openledger.limits.max-connections is more than half of the descriptors this process may open, so"
                            + " it is lowered; wanted=%d descriptors=%d connections=%d per-address=%d",
                    wanted.most(), descriptors.getAsLong(), possible.most(), possible.mostPerAddress());
        }
        return possible;
    }

    /** How many descriptors this process may have, if the system says so in a file as Linux does. */
    private static OptionalLong descriptors() {
        try (Stream<String> lines = Files.lines(PROCESS)) {
            return lines.filter(line -> line.startsWith(DESCRIPTORS))
                    .map(line -> line.substring(DESCRIPTORS.length()).strip().split(" ", 2)[0])
                    .filter(bound -> bound.matches("[0-9]{1,18}"))
                    .mapToLong(Long::parseLong)
                    .findFirst();
        } catch (IOException elsewhere) {
            return OptionalLong.empty();
        }
    }

    public static ConnectionLimits limits(LimitKeys keys) {
        return new ConnectionLimits(
                keys.maxConnections(),
                keys.maxConnectionsPerAddress(),
                keys.trustedAddresses().orElse(List.of()).stream()
                        .map(ConnectionProducers::trusted)
                        .toList(),
                keys.firstRequestTimeout(),
                keys.headTimeout(),
                keys.bodyTimeout(),
                keys.keepAliveTimeout(),
                keys.unreadTimeout());
    }

    private static AddressRange trusted(String text) {
        try {
            return AddressRange.of(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("trusted-addresses has an invalid range: " + e.getMessage(), e);
        }
    }

    /** HTTP/2 stays off whatever the configuration says: what it costs others is not bounded by anything here. */
    @Produces
    @Singleton
    @Unremovable
    HttpServerOptionsCustomizer onlyOne() {
        return new HttpServerOptionsCustomizer() {
            @Override
            public void customizeHttpServer(HttpServerOptions options) {
                switchOff(options);
            }

            @Override
            public void customizeHttpsServer(HttpServerOptions options) {
                switchOff(options);
            }

            @Override
            public void customizeDomainSocketServer(HttpServerOptions options) {
                switchOff(options);
            }
        };
    }

    private static void switchOff(HttpServerOptions options) {
        options.setHttp2ClearTextEnabled(false).setUseAlpn(false);
    }
}
