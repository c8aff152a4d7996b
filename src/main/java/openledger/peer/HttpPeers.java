package openledger.peer;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import openledger.cluster.ClusterMember;
import openledger.cluster.ClusterSettings;
import openledger.cluster.Peers;

/**
 * Other routers over HTTP/1.1, by connections that are kept, of one client per event loop. A request is never sent twice and no redirect is
 * followed. Thread-safe.
 */
public final class HttpPeers implements Peers {
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(1);
    /** Of TLS; the first of a process takes long. */
    private static final Duration LONGEST_HANDSHAKE = Duration.ofSeconds(3);

    private static final int LARGEST_POOL = 10_000;
    private static final int LARGEST_HEAD = 64 * 1024;
    /** Less than a router's own bound for a connection that is not used. */
    private static final int LONGEST_UNUSED_SECONDS = 4;

    private final Vertx vertx;
    private final ClusterSettings settings;
    private final SecureRandom random;
    private final ThreadLocal<HttpClient> clients;
    private final Queue<HttpClient> made = new ConcurrentLinkedQueue<>();
    private final Set<OpenHop> open = ConcurrentHashMap.newKeySet();
    private final UnprovedPeers unproved = new UnprovedPeers(System::nanoTime);

    /**
     * Peers of a cluster.
     *
     * @param random nonces are made of it
     */
    public HttpPeers(Vertx vertx, ClusterSettings settings, SecureRandom random) {
        this.vertx = vertx;
        this.settings = settings;
        this.random = random;
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout((int) LONGEST_CONNECT.toMillis())
                .setSslHandshakeTimeout(LONGEST_HANDSHAKE.toSeconds())
                .setPipelining(false)
                .setKeepAlive(true)
                .setKeepAliveTimeout(LONGEST_UNUSED_SECONDS)
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true)
                .setMaxHeaderSize(LARGEST_HEAD)
                .setDecompressionSupported(false)
                .setMaxRedirects(0);
        settings.tls()
                .ifPresent(files -> options.setSsl(true)
                        .setVerifyHost(true)
                        .setTrustOptions(new PemTrustOptions().addCertPath(files.authority()))
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(files.certificate())
                                .addKeyPath(files.key())));
        this.clients = ThreadLocal.withInitial(() -> {
            HttpClient client = vertx.httpClientBuilder()
                    .with(options)
                    .with(new PoolOptions().setHttp1MaxSize(LARGEST_POOL))
                    .build();
            made.add(client);
            return client;
        });
    }

    @Override
    public Hop send(Forwarded request, Listener listener) {
        OpenHop hop = new OpenHop(vertx, settings.seal(), request, listener, open, unproved);
        hop.start(clients.get(), random);
        return hop;
    }

    @Override
    public void living(Collection<ClusterMember> members) {
        for (OpenHop hop : open) {
            if (members.stream().noneMatch(hop.owner()::isSameHold)) {
                hop.ownerIsGone();
            }
        }
    }

    /** Requests that are on their way. */
    public int inFlight() {
        return open.size();
    }

    /** Closes what is open; no request may be on its way any more. */
    public void close() {
        made.forEach(HttpClient::close);
    }
}
