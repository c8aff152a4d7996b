package openledger.chain.rpc;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A node and how it has behaved. After two failures in a row it is left alone for a while, then one call tries it. Before it
 * is asked anything it has to say what chain it is of, and again each time it comes back. Thread-safe.
 */
final class RpcEndpoint {
    private static final int FAILURES_TO_OPEN = 2;

    private final RequestOptions request;
    private final String shown;
    private final long firstBackoffNanos;
    private final long longestBackoffNanos;

    private int failures;
    private long backoffNanos;
    private long closedUntilNanos;
    private boolean probing;
    private boolean verified;
    private String lastReason = "not asked yet";

    RpcEndpoint(URI node, Duration firstBackoff, Duration longestBackoff) {
        this.shown = NodeAddress.shown(node);
        this.firstBackoffNanos = firstBackoff.toNanos();
        this.longestBackoffNanos = longestBackoff.toNanos();
        this.request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(node.getHost())
                .setPort(NodeAddress.port(node))
                .setSsl(NodeAddress.isTls(node))
                .setURI(NodeAddress.target(node))
                .setFollowRedirects(false)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.ACCEPT, "application/json")
                .putHeader(HttpHeaders.USER_AGENT, "openledger");
    }

    /** Shared, not to be changed. */
    RequestOptions request() {
        return request;
    }

    /** Scheme, host and port. */
    String shown() {
        return shown;
    }

    /** True if it may be asked now; each permission is to be answered by {@link #succeeded} or {@link #failed}. */
    synchronized boolean mayAsk(long now) {
        if (failures < FAILURES_TO_OPEN) {
            return true;
        }
        if (probing || now - closedUntilNanos < 0) {
            return false;
        }
        probing = true;
        return true;
    }

    synchronized void succeeded() {
        failures = 0;
        backoffNanos = 0;
        probing = false;
    }

    /** Nothing was learned: the call was given up by us. */
    synchronized void released() {
        probing = false;
    }

    synchronized void failed(long now, String reason) {
        lastReason = reason;
        verified = false;
        boolean wasOpen = failures >= FAILURES_TO_OPEN;
        if (wasOpen && !probing) {
            return;
        }
        probing = false;
        failures++;
        if (failures >= FAILURES_TO_OPEN) {
            backoffNanos = backoffNanos == 0 ? firstBackoffNanos : Math.min(2 * backoffNanos, longestBackoffNanos);
            closedUntilNanos = now + backoffNanos;
        }
    }

    synchronized boolean isVerified() {
        return verified;
    }

    synchronized void verified() {
        verified = true;
    }

    /** Why it failed last, and how long it is left alone. */
    synchronized String trouble(long now) {
        long left = failures >= FAILURES_TO_OPEN ? TimeUnit.NANOSECONDS.toMillis(closedUntilNanos - now) : 0;
        return left > 0 ? lastReason + " (asked again in " + left + " ms)" : lastReason;
    }
}
