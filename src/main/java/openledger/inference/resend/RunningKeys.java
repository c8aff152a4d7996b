package openledger.inference.resend;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import openledger.cluster.ResendRanges;
import openledger.inference.InferenceRequest;
import openledger.inference.RequestSession;
import openledger.inference.resend.ResendIndex.Claim;
import openledger.inference.resend.ResendIndex.Claim.Begin;
import openledger.inference.resend.ResendIndex.Claim.Elsewhere;
import openledger.unit.ResendKey;

/** In which ranges of keys requests run here, so that a range stays with this router until they have ended. Thread-safe. */
final class RunningKeys {
    private static final Duration WHEN_OWNED = Duration.ofSeconds(1);

    private final ResendRanges ranges;
    /** Nothing, if there are no other routers. */
    private final Map<RequestSession, Integer> running = new ConcurrentHashMap<>();

    RunningKeys(ResendRanges ranges) {
        this.ranges = ranges;
    }

    /** The claim of a request with a key, if its range is ours; what it begins counts in that until {@link #ended}. */
    Claim claim(InferenceRequest request, Supplier<Claim> ours) {
        if (ranges.isAlone()) {
            return ours.get();
        }
        int range = range(request.tenant(), request.resend().idempotencyKey());
        if (!ranges.enter(range)) {
            return new Elsewhere(WHEN_OWNED);
        }
        boolean runs = false;
        try {
            Claim claim = ours.get();
            if (claim instanceof Begin(var exchange)) {
                runs = true;
                // Nothing becomes of it before this thread goes on.
                running.put(exchange, range);
            }
            return claim;
        } finally {
            if (!runs) {
                ranges.leave(range);
            }
        }
    }

    void ended(RequestSession exchange) {
        Integer range = running.remove(exchange);
        if (range != null) {
            ranges.leave(range);
        }
    }

    static boolean isIn(Set<Integer> those, String tenant, String idempotencyKey) {
        return those.contains(range(tenant, idempotencyKey));
    }

    private static int range(String tenant, String idempotencyKey) {
        return ResendKey.of(tenant, idempotencyKey).range();
    }
}
