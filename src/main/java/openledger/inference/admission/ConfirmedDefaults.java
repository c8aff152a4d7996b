package openledger.inference.admission;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import openledger.commitment.PlanLevel;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.routing.Gate;

/**
 * The defaults of mode {@code confirmed}, for requests that set nothing else. Immutable.
 *
 * @param gate what waits
 * @param level until the plan has reached this; one of the levels that may be asked for
 * @param waits longest wait for each level that may be asked for; 1 ms to 10 s
 * @param onUnconfirmed and what then
 */
public record ConfirmedDefaults(
        Gate gate, PlanLevel level, Map<PlanLevel, Duration> waits, OnUnconfirmed onUnconfirmed) {
    public ConfirmedDefaults {
        if (!waits.containsKey(level)) {
            throw new IllegalArgumentException("the level must be one of those that requests may name: " + level);
        }
        waits = Collections.unmodifiableMap(new EnumMap<>(waits));
        // Each must do: a request that asks for that level and nothing else gets it.
        for (Map.Entry<PlanLevel, Duration> wait : waits.entrySet()) {
            new ModeOptions.Confirmed(gate, wait.getKey(), wait.getValue(), onUnconfirmed);
        }
    }

    /** The levels that may be asked for, in the order of {@link PlanLevel}. */
    public Set<PlanLevel> levels() {
        return waits.keySet();
    }

    /** How a request is confirmed that says {@code asked}. */
    ModeOptions.Confirmed terms(RequestOptions asked) {
        PlanLevel until = asked.level().orElse(level);
        Optional<Duration> longest = asked.maxWait().or(() -> Optional.ofNullable(waits.get(until)));
        return new ModeOptions.Confirmed(
                asked.gate().orElse(gate),
                until,
                longest.orElseThrow(),
                asked.onUnconfirmed().orElse(onUnconfirmed));
    }
}
