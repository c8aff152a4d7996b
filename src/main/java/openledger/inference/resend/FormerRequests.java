package openledger.inference.resend;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import openledger.inference.InferenceOutcome.AnsweredBefore;
import openledger.inference.InferenceRequest;
import openledger.inference.Timekeeper;
import openledger.inference.admission.FairPermits;
import openledger.inference.record.FormerRequest;
import openledger.inference.resend.ResendIndex.Claim;
import openledger.inference.resend.ResendIndex.Claim.NotTaken;
import openledger.inference.resend.ResendIndex.Claim.OtherBody;
import openledger.unit.ResendKey;

/**
 * Keys of requests that are not here any more and must not have a second budget: they were taken before this router answered for them, or
 * were interrupted here. Each is kept until its window is over. Of those that have ended a tenant has its share, as of ledgers, and its own
 * oldest go first; those with something left of their budget are never forgotten. Thread-safe.
 */
final class FormerRequests {
    private static final int FEWEST_TO_PURGE = 1_000;

    private final Timekeeper time;
    private final FairPermits places;
    private final Map<ResendKey, FormerRequest> known = new HashMap<>();
    /** By tenant, those that have a place, in the order in which they become free, as near as need be. */
    private final Map<String, Set<ResendKey>> ended = new HashMap<>();

    /** At that size those that are free by now are looked for: each time it has doubled, so that none costs more than a look or two. */
    private int purgedAt = FEWEST_TO_PURGE;

    private volatile int size;

    /** @param most of those that have ended */
    FormerRequests(Timekeeper time, int most) {
        this.time = time;
        this.places = new FairPermits(most);
    }

    /** These are to be found from now on. */
    synchronized void learn(Collection<FormerRequest> more) {
        long now = time.epochMillis();
        if (known.size() + more.size() > purgedAt) {
            List.copyOf(known.values()).stream()
                    .filter(each -> each.untilMillis() <= now)
                    .forEach(this::forget);
            purgedAt = Math.max(FEWEST_TO_PURGE, 2 * (known.size() + more.size()));
        }
        more.stream()
                .filter(each -> each.untilMillis() > now)
                .sorted(Comparator.comparingLong(FormerRequest::untilMillis))
                .forEach(each -> learn(each, now));
        size = known.size();
    }

    private void learn(FormerRequest more, long now) {
        FormerRequest before = known.get(more.key());
        FormerRequest later = before == null || before.untilMillis() <= now ? more : before.later(more);
        if (before != null) {
            forget(before);
        }
        if (later.hasEnded() && !hasPlace(later.tenant())) {
            return;
        }
        known.put(later.key(), later);
        if (later.hasEnded()) {
            ended.computeIfAbsent(later.tenant(), tenant -> new LinkedHashSet<>())
                    .add(later.key());
        }
    }

    /** A tenant that has its share makes room by itself. */
    private boolean hasPlace(String tenant) {
        if (places.take(tenant)) {
            return true;
        }
        Set<ResendKey> own = ended.getOrDefault(tenant, Set.of());
        FormerRequest oldest = own.isEmpty() ? null : known.get(own.iterator().next());
        if (oldest == null) {
            return false;
        }
        forget(oldest);
        places.takeInAnyCase(tenant);
        return true;
    }

    private void forget(FormerRequest request) {
        if (known.remove(request.key(), request) && request.hasEnded()) {
            places.giveBack(request.tenant());
            ended.computeIfPresent(request.tenant(), (tenant, own) -> {
                own.remove(request.key());
                return own.isEmpty() ? null : own;
            });
        }
    }

    /** What has the key; empty if it is free. */
    Optional<FormerRequest> find(String tenant, String idempotencyKey) {
        return size == 0 ? Optional.empty() : find(ResendKey.of(tenant, idempotencyKey));
    }

    private synchronized Optional<FormerRequest> find(ResendKey key) {
        return Optional.ofNullable(known.get(key)).filter(found -> found.untilMillis() > time.epochMillis());
    }

    /** Why nobody goes on with it who sends this; empty if that is the same request, and something of its budget is left. */
    static Optional<Claim> refusal(FormerRequest before, InferenceRequest request, byte[] bodyDigest) {
        if (before.operation() != request.operation() || !Arrays.equals(before.bodyDigest(), bodyDigest)) {
            return Optional.of(new OtherBody());
        }
        return before.hasEnded() || before.spent() >= request.route().budget()
                ? Optional.of(new NotTaken(new AnsweredBefore(before.id(), before.status())))
                : Optional.empty();
    }

    /** Somebody goes on with it here. */
    synchronized void goesOn(FormerRequest request) {
        forget(request);
        size = known.size();
    }

    /** When the window of what ends now is over, Unix ms. */
    long untilMillis(Duration window) {
        return time.epochMillis() + window.toMillis();
    }

    int size() {
        return size;
    }
}
