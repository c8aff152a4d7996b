package openledger.inference;

import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import openledger.inference.Resends.Claim.Begin;
import openledger.inference.Resends.Claim.Full;
import openledger.inference.Resends.Claim.Join;
import openledger.inference.Resends.Claim.OtherBody;
import openledger.routing.Operation;
import openledger.routing.Route;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ledger that a request belongs to if it has been sent before. With an idempotency key (after
 * draft-ietf-httpapi-idempotency-key-header) that is the one of the same tenant and key; without, only one whose client
 * has gone, if the SDK says that it retries and the body is the same. Equal bodies alone are never joined, for sampling
 * twice is legitimate. Thread-safe.
 */
final class Resends {
    private static final Duration WHEN_FULL = Duration.ofSeconds(1);

    private final ResendSettings settings;
    private final RouterMetrics metrics;
    private final Map<Keyed, Exchange> keyed = new ConcurrentHashMap<>();
    private final Map<Orphaned, Exchange> orphans = new ConcurrentHashMap<>();
    /** Those of the keyed ones that are only kept for the window, oldest first. */
    private final Set<Exchange> ended = new LinkedHashSet<>();

    private final AtomicLong keptBytes = new AtomicLong();

    Resends(ResendSettings settings, RouterMetrics metrics) {
        this.settings = settings;
        this.metrics = metrics;
    }

    /** To whom a request belongs. */
    sealed interface Claim {
        /** A ledger of its own, which has just been made. */
        record Begin(Exchange exchange) implements Claim {}

        /** One that is there. */
        record Join(Exchange exchange) implements Claim {}

        /** Its key is taken by a request with another body, or that asks something else in its headers. */
        record OtherBody() implements Claim {}

        /** It is not taken, and nothing is recorded. */
        record NotTaken(InferenceOutcome outcome) implements Claim {}

        /** No more ledgers are taken now. */
        record Full(Duration retryAfter) implements Claim {}
    }

    /**
     * The ledger of a request.
     *
     * @param bodyDigest SHA-256 of its body
     * @param fresh makes a new one, or says that none can be made now
     */
    Claim claim(InferenceRequest request, byte[] bodyDigest, Supplier<Claim> fresh) {
        return request.resend().isKeyed()
                ? claimByKey(request, bodyDigest, fresh)
                : claimOrphan(request, bodyDigest, fresh);
    }

    private Claim claimByKey(InferenceRequest request, byte[] bodyDigest, Supplier<Claim> fresh) {
        Keyed key = new Keyed(request.tenant(), request.resend().idempotencyKey());
        if (keyed.size() >= settings.mostLedgers() && !keyed.containsKey(key) && !makeRoom()) {
            metrics.refused(RouterMetrics.Refusal.RESENDS_FULL);
            return new Full(WHEN_FULL);
        }
        AtomicReference<@Nullable Claim> made = new AtomicReference<>();
        Exchange found = keyed.computeIfAbsent(key, absent -> {
            Claim claim = fresh.get();
            made.set(claim);
            return claim instanceof Begin(var exchange) ? exchange : null;
        });
        Claim first = made.get();
        if (first != null || found == null) {
            return first == null ? new Full(WHEN_FULL) : first;
        }
        boolean same = Arrays.equals(found.intent().bodyDigest(), bodyDigest)
                && found.request().asksTheSame(request);
        return same ? new Join(found) : new OtherBody();
    }

    /** Forgets what has been kept longest; false if all that there are have not ended. */
    private boolean makeRoom() {
        Exchange oldest;
        synchronized (ended) {
            Iterator<Exchange> each = ended.iterator();
            if (!each.hasNext()) {
                return false;
            }
            oldest = each.next();
            each.remove();
        }
        oldest.forgetSoon();
        return true;
    }

    /** An exchange with a key has ended, and what is kept of it may make room for another. */
    void ended(Exchange exchange) {
        synchronized (ended) {
            ended.add(exchange);
        }
    }

    private Claim claimOrphan(InferenceRequest request, byte[] bodyDigest, Supplier<Claim> fresh) {
        if (!orphans.isEmpty()) {
            Orphaned key = new Orphaned(
                    request.tenant(), request.operation(), HexFormat.of().formatHex(bodyDigest));
            if (request.resend().retryCount() > 0) {
                Exchange orphan = orphans.get(key);
                if (orphan != null && orphan.request().asksTheSame(request) && orphans.remove(key, orphan)) {
                    return new Join(orphan);
                }
            } else if (orphans.containsKey(key)) {
                count(request.route(), ResendKind.SUSPECTED);
            }
        }
        return fresh.get();
    }

    /** An exchange has lost its client; true if it can be found when that comes back. */
    boolean awaitReturn(Exchange exchange) {
        if (exchange.request().resend().isKeyed()) {
            return true;
        }
        return orphans.size() < settings.mostLedgers() && orphans.putIfAbsent(orphaned(exchange), exchange) == null;
    }

    /** How many exchanges can be found by those who send them again. */
    int kept() {
        return keyed.size() + orphans.size();
    }

    /** Bytes of answers that are kept for them. */
    long keptBytes() {
        return keptBytes.get();
    }

    /** An exchange is not to be found any more. */
    void forget(Exchange exchange) {
        ResendMark mark = exchange.request().resend();
        if (mark.isKeyed()) {
            synchronized (ended) {
                ended.remove(exchange);
            }
            keyed.remove(new Keyed(exchange.request().tenant(), mark.idempotencyKey()), exchange);
        } else {
            orphans.remove(orphaned(exchange), exchange);
        }
    }

    /** Room for {@code bytes} of an answer that is kept, or not. */
    boolean reserve(int bytes) {
        if (keptBytes.addAndGet(bytes) <= settings.keptBytes()) {
            return true;
        }
        keptBytes.addAndGet(-bytes);
        return false;
    }

    void release(int bytes) {
        keptBytes.addAndGet(-bytes);
    }

    void count(Route route, ResendKind kind) {
        metrics.resend(route, kind);
    }

    ResendSettings settings() {
        return settings;
    }

    /** The router stops: whatever waits for a client is sealed. */
    CompletionStage<Void> sealAll() {
        return CompletableFuture.allOf(Stream.concat(keyed.values().stream(), orphans.values().stream())
                .map(Exchange::sealNow)
                .toArray(CompletableFuture<?>[]::new));
    }

    private static Orphaned orphaned(Exchange exchange) {
        Intent intent = exchange.intent();
        return new Orphaned(intent.tenant(), intent.operation(), HexFormat.of().formatHex(intent.bodyDigest()));
    }

    /** A client's name for its request. */
    private record Keyed(String tenant, String idempotencyKey) {}

    /** What a request without a name is known by once its client has gone. */
    private record Orphaned(String tenant, Operation operation, String bodyDigest) {}
}
