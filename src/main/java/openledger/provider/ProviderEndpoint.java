package openledger.provider;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import openledger.inference.upstream.UpstreamRejection;
import openledger.inference.upstream.UpstreamRequest;
import openledger.provider.call.ConnectionWatch;
import openledger.provider.error.ComplaintReader;
import openledger.provider.error.ErrorCause;
import openledger.provider.error.Failures;
import openledger.provider.error.RejectionReader;
import openledger.provider.target.TargetState;
import openledger.routing.CallTimeouts;
import openledger.routing.Dialect;
import openledger.routing.Operation;
import openledger.routing.Provider;

/**
 * A provider's address and credentials, with one HTTP client per event loop: a client shared by loops hands connections
 * back and forth between them and lost a quarter of the throughput. The client never retries and follows no redirect.
 */
public final class ProviderEndpoint {
    private static final int OK = 200;
    private static final int LARGEST_POOL = 10_000;
    /** What stands before a provider may add kilobytes of policies to each head. */
    private static final int LARGEST_HEAD = 64 * 1024;
    /** Common servers close a connection that has not been used for 5 s, and a request that meets the end on its way is lost. */
    private static final int LONGEST_UNUSED_SECONDS = 4;

    private static final CharSequence API_KEY = HttpHeaders.createOptimized("x-api-key");
    private static final CharSequence ANTHROPIC_VERSION = HttpHeaders.createOptimized("anthropic-version");
    /** What a client that names no version is taken to mean. */
    private static final CharSequence OLDEST_STABLE_VERSION = HttpHeaders.createOptimized("2023-06-01");

    private final Dialect dialect;
    private final Provider.Usage usage;
    private final CallTimeouts timeouts;
    private final RejectionReader rejections;
    private final ProviderAccount account;
    private final Map<Operation, RequestOptions> requests = new EnumMap<>(Operation.class);
    private final ThreadLocal<HttpClient> clients;
    private final ThreadLocal<HttpClient> clientsWithoutPool;
    /** Those of all loops, so that they can be closed. */
    private final Queue<HttpClient> made = new ConcurrentLinkedQueue<>();

    public ProviderEndpoint(
            Vertx vertx, Provider provider, Optional<Credential> credential, Egress egress, ProviderAccount account) {
        this.account = account;
        this.dialect = provider.dialect();
        this.usage = provider.usage();
        this.timeouts = provider.timeouts();
        String secret = credential.map(Credential::secret).orElse("");
        this.rejections = new RejectionReader(secret);
        for (Operation operation : provider.speaks()) {
            requests.put(operation, request(provider, operation, secret));
        }
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout((int) timeouts.connect().toMillis())
                .setPipelining(false)
                .setKeepAlive(true)
                .setKeepAliveTimeout(LONGEST_UNUSED_SECONDS)
                .setTcpKeepAlive(true)
                .setSslHandshakeTimeout(timeouts.connect().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxHeaderSize(LARGEST_HEAD)
                .setMaxInitialLineLength(LARGEST_HEAD)
                .setDecompressionSupported(false)
                .setTcpNoDelay(true)
                .setMaxRedirects(0);
        egress.proxy()
                .ifPresent(proxy -> options.setProxyOptions(new ProxyOptions()
                        .setType(ProxyType.HTTP)
                        .setHost(proxy.host())
                        .setPort(proxy.port())
                        .setUsername(proxy.user().isEmpty() ? null : proxy.user())
                        .setPassword(proxy.user().isEmpty() ? null : proxy.password())));
        egress.authorities()
                .ifPresent(pem -> options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(pem))));
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(LARGEST_POOL);
        HttpClientOptions once = new HttpClientOptions(options).setKeepAlive(false);
        this.clients = ThreadLocal.withInitial(() -> client(vertx, options, pool));
        this.clientsWithoutPool = ThreadLocal.withInitial(() -> client(vertx, once, pool));
    }

    private HttpClient client(Vertx vertx, HttpClientOptions options, PoolOptions pool) {
        HttpClient client = vertx.httpClientBuilder()
                .with(options)
                .with(pool)
                .withConnectHandler(ConnectionWatch::watch)
                .build();
        made.add(client);
        return client;
    }

    /** Closes what it has open, which no request may need any more: a call that comes all the same fails. */
    public void close() {
        made.forEach(HttpClient::close);
    }

    private static RequestOptions request(Provider provider, Operation operation, String secret) {
        URI base = provider.baseUrl();
        Dialect dialect = provider.dialect();
        String path = base.getRawPath() == null ? "" : base.getRawPath();
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(provider.host())
                .setPort(provider.port())
                .setSsl("https".equals(base.getScheme()))
                .setURI((path.endsWith("/") ? path.substring(0, path.length() - 1) : path) + path(dialect, operation))
                .setFollowRedirects(false)
                .putHeader(HttpHeaders.CONTENT_TYPE, HttpHeaders.createOptimized("application/json"))
                .putHeader(HttpHeaders.USER_AGENT, HttpHeaders.createOptimized("openledger"));
        switch (dialect) {
            case OPENAI -> {
                if (!secret.isEmpty()) {
                    request.putHeader(HttpHeaders.AUTHORIZATION, HttpHeaders.createOptimized("Bearer " + secret));
                }
            }
            case ANTHROPIC -> {
                request.putHeader(ANTHROPIC_VERSION, OLDEST_STABLE_VERSION);
                if (!secret.isEmpty()) {
                    request.putHeader(API_KEY, HttpHeaders.createOptimized(secret));
                }
            }
        }
        return request;
    }

    private static String path(Dialect dialect, Operation operation) {
        return switch (dialect) {
            case ANTHROPIC -> operation == Operation.COUNT_TOKENS ? "/messages/count_tokens" : "/messages";
            case OPENAI ->
                switch (operation) {
                    case CHAT -> "/chat/completions";
                    case EMBEDDINGS -> "/embeddings";
                    case RESPONSES -> "/responses";
                    case MESSAGES, COUNT_TOKENS ->
                        throw new IllegalArgumentException("not of this dialect: " + operation);
                };
        };
    }

    /** The client of the calling event loop. */
    public HttpClient client() {
        return clients.get();
    }

    /** One of the calling event loop that makes a new connection for each request. */
    public HttpClient clientWithoutPool() {
        return clientsWithoutPool.get();
    }

    /** Gives up what was connected when nobody needed it any more. Without a handler Vert.x would log the reset as an error. */
    public static void drop(HttpClientRequest late) {
        late.exceptionHandler(reset -> {});
        late.reset();
    }

    public Dialect dialect() {
        return dialect;
    }

    Provider.Usage usage() {
        return usage;
    }

    /**
     * Where and how to ask for an operation; shared, not to be changed.
     *
     * @throws IllegalArgumentException if the provider does not speak it
     */
    public RequestOptions request(Operation operation) {
        RequestOptions request = requests.get(operation);
        if (request == null) {
            throw new IllegalArgumentException("the provider does not speak " + operation);
        }
        return request;
    }

    /** The provider's own name of a call, fit for our records; empty if it gave none. */
    public String requestIdOf(HttpClientResponse head) {
        return Failures.printable(
                switch (dialect) {
                    case OPENAI -> head.getHeader("x-request-id");
                    case ANTHROPIC -> head.getHeader("request-id");
                });
    }

    public CallTimeouts timeouts() {
        return timeouts;
    }

    public RejectionReader rejections() {
        return rejections;
    }

    /** A call of a target did not serve: what follows from that for the calls after it. */
    public void note(ErrorCause cause, TargetState target, int status, String requestId) {
        if (cause instanceof ErrorCause.Account(var fault, var evidence)) {
            account.isAtFault(fault, status, requestId);
            if (evidence == ErrorCause.Evidence.NAMED) {
                target.closeForAccount();
            }
        }
    }

    /** An error in the midst of an answer, as far as its client may know it. */
    public UpstreamRejection wordsOf(Buffer error, UpstreamRequest asked, TargetState target) {
        ErrorCause cause = ErrorCause.inBand(ComplaintReader.read(error.toString()), asked.body());
        note(cause, target, OK, asked.requestId());
        return switch (cause) {
            case ErrorCause.Rejection(var said, var status) -> rejections.of(said);
            case ErrorCause.Other(var said) -> rejections.of(said);
            case ErrorCause.Limit(var said) -> rejections.of(said);
            case ErrorCause.Account none -> UpstreamRejection.NONE;
        };
    }
}
