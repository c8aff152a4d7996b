package openledger.provider.target;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import openledger.inference.upstream.LimitKind;
import openledger.inference.upstream.LimitStanding;
import openledger.provider.error.LimitHeaders;

/** The state of the rate limits of a target's provider, as its last answers reported. Thread-safe. */
public final class TargetLimits {
    private static final LimitKind[] KINDS = LimitKind.values();

    private final LongSupplier nanoTime;
    private final Map<LimitKind, Said> said = new ConcurrentHashMap<>();

    TargetLimits(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Reads the head of an answer; returns how long nothing will be left of some limit, 0 if something is left of each. */
    Duration read(MultiMap headers, long nowMillis) {
        Duration empty = Duration.ZERO;
        for (LimitKind kind : KINDS) {
            OptionalLong remaining = LimitHeaders.remaining(headers, kind);
            if (remaining.isPresent()) {
                Optional<Duration> reset = LimitHeaders.reset(headers, kind, nowMillis);
                Duration wait = reset.orElse(Duration.ZERO);
                said.put(kind, new Said(remaining.getAsLong(), nanoTime.getAsLong() + wait.toNanos()));
                if (remaining.getAsLong() == 0 && wait.compareTo(empty) > 0) {
                    empty = wait;
                }
            }
        }
        return empty;
    }

    /** All that was said so far. */
    public Map<LimitKind, LimitStanding> standings() {
        long now = nanoTime.getAsLong();
        Map<LimitKind, LimitStanding> all = new TreeMap<>();
        said.forEach((kind, last) ->
                all.put(kind, new LimitStanding(last.remaining, Duration.ofNanos(Math.max(0, last.resetNanos - now)))));
        return all;
    }

    private record Said(long remaining, long resetNanos) {}
}
