package openledger.provider.target;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import openledger.cluster.News;
import openledger.cluster.TargetKey;
import openledger.inference.Timekeeper;
import openledger.provider.ProviderEndpoint;
import openledger.routing.Target;

/**
 * A target with what it takes to call it.
 *
 * @param modelJson what the provider calls the model, as a JSON string, quotes included
 * @param key by what name other routers know it
 * @param news by which they are told of it
 */
public @SuppressWarnings("ArrayRecordComponent") // read by us alone
record GuardedTarget(
        Target target,
        ProviderEndpoint endpoint,
        TargetState state,
        TargetGuard guard,
        TargetWarnings warnings,
        byte[] modelJson,
        TargetKey key,
        News news) {
    /** One that other routers are told of when its provider closes it. */
    public static GuardedTarget of(
            Target target, ProviderEndpoint endpoint, CircuitSettings circuit, Timekeeper time, News news) {
        TargetKey key = name(target, endpoint);
        Circuit judged = new Circuit(circuit, time::nanoTime);
        return new GuardedTarget(
                target,
                endpoint,
                new TargetState(
                        target.slots(),
                        judged,
                        circuit.longestClosure(),
                        time::nanoTime,
                        left -> news.closed(key, left)),
                new TargetGuard(judged, time::nanoTime),
                new TargetWarnings(target, time::nanoTime),
                quoted(target.model()),
                key,
                news);
    }

    private static TargetKey name(Target target, ProviderEndpoint at) {
        return TargetKey.of(at.provider().name(), at.provider().baseUrl(), target.model());
    }

    /** The same target, its slots and its circuit as they are, reached another way. */
    @SuppressWarnings("ReferenceEquality") // the same way is the same endpoint
    GuardedTarget at(ProviderEndpoint other) {
        if (other != endpoint) {
            // Another key may be a good one.
            state.accountMayBeSound();
        }
        TargetKey now = name(target, other);
        if (!now.equals(key)) {
            state.tellClosuresTo(left -> news.closed(now, left));
        }
        return new GuardedTarget(target, other, state, guard, warnings, modelJson, now, news);
    }

    private static byte[] quoted(String model) {
        String escaped = new String(JsonStringEncoder.getInstance().quoteAsString(model));
        return ("\"" + escaped + "\"").getBytes(StandardCharsets.UTF_8);
    }
}
