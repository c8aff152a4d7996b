package openledger.provider;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.Optional;
import openledger.routing.CallTimeouts;
import openledger.routing.Provider;

/**
 * A provider's address and credentials, with one HTTP client per event loop: a client shared by loops hands connections
 * back and forth between them and lost a quarter of the throughput. The client never retries and follows no redirect.
 */
final class ProviderEndpoint {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int LARGEST_POOL = 10_000;

    private final CallTimeouts timeouts;
    private final RejectionReader rejections;
    private final RequestOptions chat;
    private final ThreadLocal<HttpClient> clients;

    ProviderEndpoint(Vertx vertx, Provider provider, Optional<Credential> credential) {
        URI base = provider.baseUrl();
        boolean tls = "https".equals(base.getScheme());
        int port = base.getPort() >= 0 ? base.getPort() : tls ? HTTPS : HTTP;
        String path = base.getRawPath() == null ? "" : base.getRawPath();
        this.timeouts = provider.timeouts();
        this.rejections = new RejectionReader(credential.map(Credential::secret).orElse(""));
        this.chat = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(base.getHost())
                .setPort(port)
                .setSsl(tls)
                .setURI((path.endsWith("/") ? path.substring(0, path.length() - 1) : path) + "/chat/completions")
                .setFollowRedirects(false)
                .putHeader(HttpHeaders.CONTENT_TYPE, HttpHeaders.createOptimized("application/json"))
                .putHeader(HttpHeaders.USER_AGENT, HttpHeaders.createOptimized("openledger"));
        credential.ifPresent(key ->
                chat.putHeader(HttpHeaders.AUTHORIZATION, HttpHeaders.createOptimized("Bearer " + key.secret())));
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout((int) timeouts.connect().toMillis())
                .setPipelining(false)
                .setKeepAlive(true)
                .setKeepAliveTimeout(60)
                .setDecompressionSupported(false)
                .setTcpNoDelay(true)
                .setMaxRedirects(0);
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(LARGEST_POOL);
        this.clients = ThreadLocal.withInitial(() -> vertx.createHttpClient(options, pool));
    }

    /** The client of the calling event loop. */
    HttpClient client() {
        return clients.get();
    }

    RequestOptions chat() {
        return chat;
    }

    CallTimeouts timeouts() {
        return timeouts;
    }

    RejectionReader rejections() {
        return rejections;
    }
}
