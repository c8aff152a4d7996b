package openledger.wiring;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import openledger.http.AdminPort;
import openledger.wiring.config.AdminKeys;
import openledger.wiring.config.ConfigurationProblem;
import openledger.wiring.config.OpenLedgerConfig;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The administrator's own port, if the configuration names one: HTTP/1.1 without TLS, in front of the same resources. It takes the bounds
 * that the router's own port has from its customizers.
 */
@Singleton
final class AdminServer {
    private static final Logger LOG = Logger.getLogger(AdminServer.class);
    private static final String KEY = "openledger.admin.port";
    private static final int LARGEST_HEAD = 16 * 1024;
    private static final int IDLE_SECONDS = 60;
    private static final int MOST_CONNECTIONS = 256;

    private final Vertx vertx;
    private final AdminKeys keys;
    private final AdminPort port;
    private final Instance<HttpServerOptionsCustomizer> customizers;
    private final int publicPort;
    private final AtomicInteger connections = new AtomicInteger();
    private @Nullable HttpServer server;

    AdminServer(
            Vertx vertx,
            OpenLedgerConfig config,
            AdminPort port,
            @Any Instance<HttpServerOptionsCustomizer> customizers,
            @ConfigProperty(name = "quarkus.http.port") int publicPort) {
        this.vertx = vertx;
        this.keys = config.admin();
        this.port = port;
        this.customizers = customizers;
        this.publicPort = publicPort;
    }

    /**
     * Listens, if there is such a port. Blocks until it does.
     *
     * @throws ConfigurationProblem if it cannot
     */
    void open() {
        if (keys.port().isEmpty()) {
            return;
        }
        int wanted = keys.port().getAsInt();
        List<String> problems =
                ListenPorts.of(publicPort, keys.port(), Optional.empty()).problems();
        if (!problems.isEmpty()) {
            throw new ConfigurationProblem(problems);
        }
        HttpServerOptions options = new HttpServerOptions()
                .setHost(keys.host())
                .setPort(wanted)
                .setMaxHeaderSize(LARGEST_HEAD)
                .setIdleTimeout(IDLE_SECONDS)
                .setHandle100ContinueAutomatically(true)
                .setHttp2ClearTextEnabled(false);
        customizers.forEach(each -> each.customizeHttpServer(options));
        // Whatever they say of the address is about the other port.
        options.setHost(keys.host()).setPort(wanted);
        try {
            HttpServer listening = vertx.createHttpServer(options)
                    .connectionHandler(connection -> {
                        if (connections.incrementAndGet() > MOST_CONNECTIONS) {
                            connection.close();
                        }
                        connection.closeHandler(gone -> connections.decrementAndGet());
                    })
                    .requestHandler(AdminPort.only(VertxHttpRecorder.getRootHandler()))
                    .listen()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            server = listening;
            port.open(listening.actualPort());
            LOG.infof("the admin API listens, host=%s port=%d", keys.host(), listening.actualPort());
        } catch (CompletionException e) {
            String reason = e.getCause() == null
                    ? e.toString()
                    : String.valueOf(e.getCause().getMessage());
            throw new ConfigurationProblem(
                    List.of(KEY + ": cannot listen on " + keys.host() + ":" + wanted + ": " + reason));
        }
    }

    void close() {
        if (server != null) {
            server.close();
        }
    }
}
