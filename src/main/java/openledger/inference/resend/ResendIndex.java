package openledger.inference.resend;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import openledger.cluster.ResendRanges;
import openledger.cluster.orphan.Orphans;
import openledger.inference.InferenceOutcome;
import openledger.inference.InferenceRequest;
import openledger.inference.RequestSession;
import openledger.inference.RouterMetrics;
import openledger.inference.Timekeeper;
import openledger.inference.admission.FairPermits;
import openledger.inference.admission.FairPool;
import openledger.inference.admission.ResendHint;
import openledger.inference.record.FormerRequest;
import openledger.inference.record.Intent;
import openledger.inference.record.ResendKind;
import openledger.inference.resend.ResendIndex.Claim.Begin;
import openledger.inference.resend.ResendIndex.Claim.Elsewhere;
import openledger.inference.resend.ResendIndex.Claim.Full;
import openledger.inference.resend.ResendIndex.Claim.Join;
import openledger.inference.resend.ResendIndex.Claim.OtherBody;
import openledger.routing.DecisionStatus;
import openledger.routing.Operation;
import openledger.routing.Route;
import openledger.unit.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ledger that a request belongs to if it has been sent before. With an idempotency key (after
 * draft-ietf-httpapi-idempotency-key-header) that is the one of the same tenant and key; without, only one whose client
 * has gone, if the SDK says that it retries and the body is the same. Equal bodies alone are never joined, for sampling
 * twice is legitimate. Ledgers and the bytes of kept answers are shared by tenant: nobody's resend is lost to another. Long because
 * places and ledgers are taken and given back together. Thread-safe.
 */
public final class ResendIndex {
    private static final Duration WHEN_FULL = Duration.ofSeconds(1);

    private final ResendSettings settings;
    private final RouterMetrics metrics;
    private final Map<Keyed, RequestSession> keyed = new ConcurrentHashMap<>();
    private final FormerRequests former;
    private final FairPermits keyedPlaces;
    private final OrphanIndex orphans;
    /** Those of the keyed ones that are only kept for the window, by tenant, oldest first. */
    private final Map<String, Set<RequestSession>> ended = new HashMap<>();

    private final FairPool kept;
    private final FairPool bytes;
    private final RunningKeys running;

    private volatile boolean stopping;

    /**
     * Nothing is kept yet.
     *
     * @param bytes what bodies and answers may take together
     */
    public ResendIndex(ResendSettings settings, FairPool bytes, RouterMetrics metrics, Timekeeper time) {
        this(settings, bytes, metrics, time, ResendRanges.ALONE, Orphans.NONE);
    }

    /**
     * Nothing is kept yet.
     *
     * @param bytes what bodies and answers may take together
     * @param ranges for which keys we answer
     * @param others told of requests without a key whose clients have left
     */
    public ResendIndex(
            ResendSettings settings,
            FairPool bytes,
            RouterMetrics metrics,
            Timekeeper time,
            ResendRanges ranges,
            Orphans others) {
        this.running = new RunningKeys(ranges);
        this.settings = settings;
        this.former = new FormerRequests(time, settings.mostLedgers());
        this.metrics = metrics;
        this.bytes = bytes;
        this.kept = new FairPool(settings.keptBytes());
        this.keyedPlaces = new FairPermits(settings.mostLedgers());
        this.orphans = new OrphanIndex(settings.mostLedgers(), others, settings.window());
    }

    /** To whom a request belongs. */
    public sealed interface Claim {
        /** A ledger of its own, which has just been made. */
        record Begin(RequestSession exchange) implements Claim {}

        /** One that is there. */
        record Join(RequestSession exchange) implements Claim {}

        /** Its key is taken by a request with another body, or that asks something else in its headers. */
        record OtherBody() implements Claim {}

        /** It is not taken, and nothing is recorded. */
        record NotTaken(InferenceOutcome outcome) implements Claim {}

        /** Another router answers for its key, or nobody yet. */
        record Elsewhere(Duration retryAfter) implements Claim {}

        /** No more ledgers are taken now. */
        record Full(Duration retryAfter) implements Claim {}
    }

    /** Makes a ledger of a request's own. */
    @FunctionalInterface
    public interface Ledgers {
        /**
         * A new one, or why none can be made now.
         *
         * @param spent attempts of its budget that are spent already
         */
        Claim begin(int spent);
    }

    /** These keys were taken before this router answered for them. */
    public void learn(Collection<FormerRequest> before) {
        former.learn(before);
    }

    /**
     * The ledger of a request.
     *
     * @param bodyDigest SHA-256 of its body
     */
    public Claim claim(InferenceRequest request, byte[] bodyDigest, Ledgers fresh) {
        if (!request.resend().isKeyed()) {
            return claimOrphan(request, bodyDigest, fresh);
        }
        return running.claim(request, () -> claimByKey(request, bodyDigest, fresh));
    }

    /** Another router answers for these ranges from now on: nothing of them can be joined here. */
    public void forgetKeysIn(Set<Integer> gone) {
        keyed.forEach((key, exchange) -> {
            if (RunningKeys.isIn(gone, key.tenant, key.idempotencyKey) && keyed.remove(key, exchange)) {
                keyedPlaces.giveBack(exchange.intent().tenant());
                exchange.forgetSoon();
            }
        });
    }

    private Claim claimByKey(InferenceRequest request, byte[] bodyDigest, Ledgers fresh) {
        Keyed key = new Keyed(request.tenant(), request.resend().idempotencyKey());
        RequestSession known = keyed.get(key);
        if (known != null) {
            return joined(known, request, bodyDigest);
        }
        if (!takeKeyedPlace(request.tenant())) {
            metrics.refused(RouterMetrics.RefusalReason.RESENDS_FULL);
            return new Full(WHEN_FULL);
        }
        AtomicReference<@Nullable Claim> made = new AtomicReference<>();
        RequestSession found = null;
        try {
            found = keyed.computeIfAbsent(key, absent -> {
                Optional<FormerRequest> before = former.find(request.tenant(), key.idempotencyKey());
                Claim claim = before.flatMap(older -> FormerRequests.refusal(older, request, bodyDigest))
                        .orElseGet(() ->
                                fresh.begin(before.map(FormerRequest::spent).orElse(0)));
                made.set(claim);
                if (!(claim instanceof Begin(var exchange))) {
                    return null;
                }
                before.ifPresent(older -> goesOn(older, request.route()));
                return exchange;
            });
        } finally {
            if (!(made.get() instanceof Begin)) {
                keyedPlaces.giveBack(request.tenant());
            }
        }
        Claim first = made.get();
        if (first != null || found == null) {
            return first == null ? new Full(WHEN_FULL) : first;
        }
        return joined(found, request, bodyDigest);
    }

    private void goesOn(FormerRequest before, Route route) {
        former.goesOn(before);
        count(route, ResendKind.CONTINUED);
    }

    private static Claim joined(RequestSession found, InferenceRequest request, byte[] bodyDigest) {
        boolean same = Arrays.equals(found.intent().bodyDigest(), bodyDigest)
                && found.request().asksTheSame(request);
        return same ? new Join(found) : new OtherBody();
    }

    /** A tenant that has its share makes room by itself: what is kept for others is none of its business. */
    private boolean takeKeyedPlace(String tenant) {
        if (keyedPlaces.take(tenant)) {
            return true;
        }
        if (!makeRoom(tenant)) {
            return false;
        }
        keyedPlaces.takeInAnyCase(tenant);
        return true;
    }

    /** Forgets what has been kept longest for the tenant; false if all that it has have not ended. */
    private boolean makeRoom(String tenant) {
        RequestSession oldest;
        synchronized (ended) {
            Set<RequestSession> own = ended.getOrDefault(tenant, Set.of());
            if (own.isEmpty()) {
                return false;
            }
            oldest = own.iterator().next();
            removeEnded(oldest);
        }
        oldest.forgetSoon();
        return true;
    }

    private void removeEnded(RequestSession exchange) {
        ended.computeIfPresent(exchange.intent().tenant(), (tenant, own) -> {
            own.remove(exchange);
            return own.isEmpty() ? null : own;
        });
    }

    /** An exchange with a key has ended, and what is kept of it may make room for another. */
    public void ended(RequestSession exchange) {
        running.ended(exchange);
        synchronized (ended) {
            ended.computeIfAbsent(exchange.intent().tenant(), tenant -> new LinkedHashSet<>())
                    .add(exchange);
        }
    }

    private Claim claimOrphan(InferenceRequest request, byte[] bodyDigest, Ledgers fresh) {
        if (request.resend().retryCount() > 0) {
            Optional<RequestSession> orphan = orphans.take(request, bodyDigest);
            if (orphan.isPresent()) {
                return new Join(orphan.get());
            }
        } else if (hasOrphan(request.tenant(), request.operation(), bodyDigest)) {
            count(request.route(), ResendKind.SUSPECTED);
        }
        return switch (request.resend().unlessKnown()) {
            case BEGUN -> fresh.begin(0);
            case TURNED_AWAY -> new Elsewhere(WHEN_FULL);
        };
    }

    /** Whether such a request has lost its client here, and can be joined. */
    public boolean hasOrphan(String tenant, Operation operation, byte[] bodyDigest) {
        return orphans.has(tenant, operation, bodyDigest);
    }

    /** An exchange has lost its client; true if it can be found when that comes back. */
    public boolean awaitReturn(RequestSession exchange) {
        if (stopping) {
            return false;
        }
        if (exchange.request().resend().isKeyed()) {
            return true;
        }
        // Read again: it may have come in when those to be sealed had been counted.
        return orphans.add(exchange) && !(stopping && orphans.remove(exchange));
    }

    /** How many requests can be found by those who send them again. */
    public int kept() {
        return keyed.size() + orphans.size() + former.size();
    }

    /** Bytes of answers that are kept for them. */
    public long keptBytes() {
        return kept.taken();
    }

    /** An exchange is not to be found any more. */
    public void forget(RequestSession exchange) {
        running.ended(exchange);
        ResendHint mark = exchange.request().resend();
        String tenant = exchange.intent().tenant();
        if (mark.isKeyed()) {
            synchronized (ended) {
                removeEnded(exchange);
            }
            if (keyed.remove(new Keyed(tenant, mark.idempotencyKey()), exchange)) {
                keyedPlaces.giveBack(tenant);
            }
        } else {
            orphans.remove(exchange);
        }
    }

    /**
     * It ended without an answer, perhaps without a record. Nobody joins it any more, but whoever sends it again has what is left of its
     * budget.
     */
    public void interrupted(RequestSession exchange, RequestId id, int spent) {
        Intent intent = exchange.intent();
        intent.resendKey()
                .ifPresent(key -> former.learn(List.of(new FormerRequest(
                        key,
                        intent.tenant(),
                        id,
                        intent.operation(),
                        intent.bodyDigest(),
                        DecisionStatus.INTERRUPTED,
                        spent,
                        former.untilMillis(settings.window())))));
        forget(exchange);
    }

    /** The memory for answers that are kept for a tenant: as long as each may be, within its share of both pools. */
    public ReplayBuffer.Memory memoryOf(String tenant) {
        return new ReplayBuffer.Memory() {
            @Override
            public boolean keep(long length, int more) {
                if (length > settings.largestAnswer() || !kept.take(tenant, more)) {
                    return false;
                }
                if (!bytes.take(tenant, more)) {
                    kept.giveBack(tenant, more);
                    return false;
                }
                return true;
            }

            @Override
            public void letGo(int less) {
                kept.giveBack(tenant, less);
                bytes.giveBack(tenant, less);
            }
        };
    }

    public void count(Route route, ResendKind kind) {
        metrics.resend(route, kind);
    }

    public ResendSettings settings() {
        return settings;
    }

    /** The router stops: whatever waits for a client is sealed, and nothing begins to wait for one from now on. */
    public CompletionStage<Void> sealAll() {
        stopping = true;
        return CompletableFuture.allOf(Stream.concat(keyed.values().stream(), orphans.all())
                .map(RequestSession::sealNow)
                .toArray(CompletableFuture<?>[]::new));
    }

    /** A client's name for its request. */
    private record Keyed(String tenant, String idempotencyKey) {}
}
