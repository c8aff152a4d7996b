package openledger.inference.resend;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import openledger.inference.InferenceOutcome.AnsweredBefore;
import openledger.inference.InferenceRequest;
import openledger.inference.Timekeeper;
import openledger.inference.record.FormerRequest;
import openledger.inference.resend.ResendIndex.Claim;
import openledger.inference.resend.ResendIndex.Claim.NotTaken;
import openledger.inference.resend.ResendIndex.Claim.OtherBody;
import openledger.unit.ResendKey;

/**
 * Keys of requests that are not here any more and must not have a second budget: they were taken before this router answered for them, or
 * were interrupted here. Each is kept until its window is over; of too many, those that are free soonest go first. Thread-safe.
 */
final class FormerRequests {
    private final Timekeeper time;
    private final int most;
    /** In the order in which they become free, as near as need be. */
    private final Map<ResendKey, FormerRequest> known = new LinkedHashMap<>();

    private volatile int size;

    /** @param most are kept */
    FormerRequests(Timekeeper time, int most) {
        this.time = time;
        this.most = most;
    }

    /** These are to be found from now on. */
    synchronized void learn(Collection<FormerRequest> more) {
        more.stream()
                .sorted(Comparator.comparingLong(FormerRequest::untilMillis))
                .forEach(each -> known.merge(each.key(), each, FormerRequest::later));
        long now = time.epochMillis();
        Iterator<FormerRequest> eldest = known.values().iterator();
        while (eldest.hasNext() && (eldest.next().untilMillis() <= now || known.size() > most)) {
            eldest.remove();
        }
        size = known.size();
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
        known.remove(request.key(), request);
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
