package openledger.wiring.cluster;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.smallrye.mutiny.Uni;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import openledger.cluster.ClusterSettings;
import openledger.http.admin.PolicyDoor;
import openledger.http.inference.PeerDoor;
import openledger.peer.HttpPeers;
import openledger.store.cluster.RangeKeeper;
import openledger.store.cluster.StoredNews;
import openledger.wiring.ListenPorts;
import openledger.wiring.config.CheckedConfiguration;
import openledger.wiring.config.ConfigurationProblem;
import openledger.wiring.config.OpenLedgerConfig;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The port for other routers, and this router's part of the map of ranges, if the configuration has a cluster. The port has the bounds of
 * the router's own: of connections, of heads and bodies in size and time.
 */
@Singleton
public final class ClusterServer {
    private static final Logger LOG = Logger.getLogger(ClusterServer.class);
    private static final String INTERNAL = "openledger.cluster.internal";
    /** Of the caller's own headers, and what is put to them. */
    private static final int LARGEST_HEAD = 24 * 1024;

    private final Vertx vertx;
    private final Optional<ClusterSettings> settings;
    private final Optional<PeerDoor> door;
    private final Optional<PolicyDoor> policies;
    private final Optional<RangeKeeper> keeper;
    private final Optional<SharedLimits> limits;
    private final Optional<SharedSlots> slots;
    private final Optional<StoredNews> news;
    private final Optional<HttpPeers> peers;
    private final Instance<HttpServerOptionsCustomizer> customizers;
    private final int publicPort;
    private final OptionalInt adminPort;
    private @Nullable String deployment;

    ClusterServer(
            Vertx vertx,
            CheckedConfiguration checked,
            OpenLedgerConfig config,
            Optional<PeerDoor> door,
            Optional<PolicyDoor> policies,
            Optional<RangeKeeper> keeper,
            Optional<SharedLimits> limits,
            Optional<SharedSlots> slots,
            Optional<StoredNews> news,
            Optional<HttpPeers> peers,
            @Any Instance<HttpServerOptionsCustomizer> customizers,
            @ConfigProperty(name = "quarkus.http.port") int publicPort) {
        this.vertx = vertx;
        this.settings = checked.cluster();
        this.door = door;
        this.policies = policies;
        this.keeper = keeper;
        this.limits = limits;
        this.slots = slots;
        this.news = news;
        this.peers = peers;
        this.customizers = customizers;
        this.publicPort = publicPort;
        this.adminPort = config.admin().port();
    }

    /**
     * Listens on every event loop, and takes part from then on. Blocks until it listens.
     *
     * @throws ConfigurationProblem if it cannot
     */
    public void open() {
        if (settings.isEmpty() || door.isEmpty() || policies.isEmpty()) {
            return;
        }
        ClusterSettings known = settings.get();
        List<String> problems = ListenPorts.of(publicPort, adminPort, settings).problems();
        if (!problems.isEmpty()) {
            throw new ConfigurationProblem(problems);
        }
        try {
            HttpServerOptions options = options(known);
            PeerDoor requests = door.get();
            PolicyDoor messages = policies.get();
            Handler<HttpServerRequest> guard = request -> {
                if (PolicyDoor.isFor(request)) {
                    messages.handle(request);
                } else {
                    requests.handle(request);
                }
            };
            deployment = vertx.deployVerticle(
                            () -> new Listener(options, guard), new DeploymentOptions().setInstances(loops()))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            String reason = e.getCause() == null
                    ? e.toString()
                    : String.valueOf(e.getCause().getMessage());
            throw new ConfigurationProblem(List.of(INTERNAL + ".host and .port: cannot listen on " + known.host() + ":"
                    + known.port() + ": " + reason));
        }
        LOG.infof("other routers are heard, cluster=%s address=%s tls=%s", known.name(), known.address(), tls(known));
        keeper.ifPresent(RangeKeeper::open);
        limits.ifPresent(SharedLimits::open);
        news.ifPresent(StoredNews::open);
        slots.ifPresent(SharedSlots::open);
    }

    private static String tls(ClusterSettings of) {
        return of.tls().isPresent() ? "mutual" : "none";
    }

    private static int loops() {
        return Math.max(1, Runtime.getRuntime().availableProcessors());
    }

    private HttpServerOptions options(ClusterSettings known) {
        HttpServerOptions options = new HttpServerOptions()
                .setMaxHeaderSize(LARGEST_HEAD)
                .setHandle100ContinueAutomatically(true)
                .setHttp2ClearTextEnabled(false)
                .setTcpNoDelay(true);
        customizers.forEach(each -> each.customizeHttpServer(options));
        // Whatever they say of the address is about the other port.
        options.setHost(known.host()).setPort(known.port());
        known.tls()
                .ifPresent(files -> options.setSsl(true)
                        .setUseAlpn(false)
                        .setClientAuth(ClientAuth.REQUIRED)
                        .setTrustOptions(new PemTrustOptions().addCertPath(files.authority()))
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(files.certificate())
                                .addKeyPath(files.key())));
        return options;
    }

    /** The router is to stop: ranges in which nothing runs are given away from now on. */
    public void drain() {
        keeper.ifPresent(RangeKeeper::drain);
    }

    /** Gives every range back; to be called when requests have ended, and before the lane is given back. */
    public Uni<Void> release() {
        return keeper.map(RangeKeeper::close).orElseGet(() -> Uni.createFrom().voidItem());
    }

    /** Is heard no more. */
    public void close() {
        if (deployment != null) {
            vertx.undeploy(deployment);
        }
        limits.ifPresent(SharedLimits::close);
        slots.ifPresent(SharedSlots::close);
        news.ifPresent(StoredNews::close);
        peers.ifPresent(HttpPeers::close);
    }

    /** One event loop's share of the port. */
    private static final class Listener extends AbstractVerticle {
        private final HttpServerOptions options;
        private final Handler<HttpServerRequest> door;

        Listener(HttpServerOptions options, Handler<HttpServerRequest> door) {
            this.options = options;
            this.door = door;
        }

        @Override
        public void start(Promise<Void> started) {
            vertx.createHttpServer(options)
                    .requestHandler(door)
                    .listen()
                    .<Void>mapEmpty()
                    .onComplete(started);
        }
    }
}
