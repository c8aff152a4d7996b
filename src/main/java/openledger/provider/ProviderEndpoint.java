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
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import openledger.inference.upstream.AnswerForm;
import openledger.inference.upstream.UpstreamRejection;
import openledger.inference.upstream.UpstreamRequest;
import openledger.provider.call.ConnectionWatch;
import openledger.provider.dialect.DialectAdapter;
import openledger.provider.error.ComplaintReader;
import openledger.provider.error.ErrorCause;
import openledger.provider.error.Failures;
import openledger.provider.error.RejectionReader;
import openledger.provider.target.TargetState;
import openledger.routing.CallTimeouts;
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

    private final Provider provider;
    private final DialectAdapter dialect;
    private final CallTimeouts timeouts;
    private final RejectionReader rejections;
    private final ProviderAccount account;
    /** What all requests have in common. */
    private final RequestOptions common;

    /** Where to ask, by what the provider calls the model: as many as the policy names. */
    private final Map<String, Map<Operation, Map<AnswerForm, RequestOptions>>> requests = new ConcurrentHashMap<>();

    private final ThreadLocal<HttpClient> clients;
    private final ThreadLocal<HttpClient> clientsWithoutPool;
    /** Those of all loops, so that they can be closed. */
    private final Queue<HttpClient> made = new ConcurrentLinkedQueue<>();

    public ProviderEndpoint(
            Vertx vertx, Provider provider, Optional<Credential> credential, Egress egress, ProviderAccount account) {
        this.account = account;
        this.provider = provider;
        this.dialect = Dialects.of(provider.dialect());
        this.timeouts = provider.timeouts();
        String secret = credential.map(Credential::secret).orElse("");
        this.rejections = new RejectionReader(secret);
        this.common = common(provider, dialect.headers(secret));
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

    /** Which provider it is of. */
    public Provider provider() {
        return provider;
    }

    private static RequestOptions common(Provider provider, Map<String, String> headers) {
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(provider.host())
                .setPort(provider.port())
                .setSsl("https".equals(provider.baseUrl().getScheme()))
                .setFollowRedirects(false)
                .putHeader(HttpHeaders.CONTENT_TYPE, HttpHeaders.createOptimized("application/json"))
                .putHeader(HttpHeaders.USER_AGENT, HttpHeaders.createOptimized("openledger"));
        headers.forEach((name, value) ->
                request.putHeader(HttpHeaders.createOptimized(name), HttpHeaders.createOptimized(value)));
        return request;
    }

    private Map<Operation, Map<AnswerForm, RequestOptions>> requestsFor(String model) {
        String path = provider.baseUrl().getRawPath();
        String base = path == null ? "" : path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        Map<Operation, Map<AnswerForm, RequestOptions>> made = new EnumMap<>(Operation.class);
        for (Operation operation : provider.speaks()) {
            Map<AnswerForm, RequestOptions> forms = new EnumMap<>(AnswerForm.class);
            for (AnswerForm form : AnswerForm.values()) {
                forms.put(form, new RequestOptions(common).setURI(base + dialect.path(operation, form, model)));
            }
            made.put(operation, forms);
        }
        return made;
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

    /** What it speaks. */
    public DialectAdapter dialect() {
        return dialect;
    }

    Provider.Usage usage() {
        return provider.usage();
    }

    /**
     * Where and how to ask for an operation; shared, not to be changed.
     *
     * @param model what the provider calls the model
     * @throws IllegalArgumentException if the provider does not speak it
     */
    public RequestOptions request(Operation operation, AnswerForm form, String model) {
        Map<Operation, Map<AnswerForm, RequestOptions>> known = requests.get(model);
        Map<AnswerForm, RequestOptions> forms =
                (known == null ? requests.computeIfAbsent(model, this::requestsFor) : known).get(operation);
        RequestOptions request = forms == null ? null : forms.get(form);
        if (request == null) {
            throw new IllegalArgumentException("the provider does not speak " + operation);
        }
        return request;
    }

    /** The provider's own name of a call, fit for our records; empty if it gave none. */
    public String requestIdOf(HttpClientResponse head) {
        return Failures.printable(head.getHeader(dialect.requestIdHeader()));
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
