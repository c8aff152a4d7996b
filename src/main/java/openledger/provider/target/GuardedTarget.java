package openledger.provider.target;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import openledger.cluster.News;
import openledger.cluster.TargetKey;
import openledger.cluster.slot.SlotShares;
import openledger.inference.Timekeeper;
import openledger.provider.ProviderEndpoint;
import openledger.routing.Target;

/**
 * A target with what it takes to call it.
 *
 * @param modelJson what the provider calls the model, as a JSON string, quotes included
 * @param key by what name other routers know it
 */
public @SuppressWarnings("ArrayRecordComponent") // read by us alone
record GuardedTarget(
        Target target,
        ProviderEndpoint endpoint,
        TargetState state,
        TargetGuard guard,
        TargetWarnings warnings,
        byte[] modelJson,
        TargetKey key) {
    /** One that other routers are told of when its provider closes it, and whose slots are shared with them. */
    public static GuardedTarget of(
            Target target,
            ProviderEndpoint endpoint,
            CircuitSettings circuit,
            Timekeeper time,
            News news,
            SlotShares slots) {
        TargetKey key = key(target, endpoint);
        Circuit judged = new Circuit(circuit, time::nanoTime);
        return new GuardedTarget(
                target,
                endpoint,
                new TargetState(
                        slots.of(key, target.slots()),
                        judged,
                        circuit.longestClosure(),
                        time::nanoTime,
                        left -> news.closed(key, left)),
                new TargetGuard(judged, time::nanoTime),
                new TargetWarnings(target, time::nanoTime),
                quoted(target.model()),
                key);
    }

    /** The same target at the same address, its slots and its circuit as they are, reached another way. */
    @SuppressWarnings("ReferenceEquality") // the same way is the same endpoint
    GuardedTarget at(ProviderEndpoint other) {
        if (other != endpoint) {
            // Another key may be a good one.
            state.accountMayBeSound();
        }
        return new GuardedTarget(target, other, state, guard, warnings, modelJson, key);
    }

    private static TargetKey key(Target target, ProviderEndpoint endpoint) {
        return TargetKey.of(endpoint.provider().name(), endpoint.provider().baseUrl(), target.model());
    }

    private static byte[] quoted(String model) {
        String escaped = new String(JsonStringEncoder.getInstance().quoteAsString(model));
        return ("\"" + escaped + "\"").getBytes(StandardCharsets.UTF_8);
    }
}
