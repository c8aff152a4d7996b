package openledger.simulator;

import java.util.Optional;
import openledger.lab.world.LogNormal;

/**
 * One simulated provider.
 *
 * @param name in its answers
 * @param port to listen on at the fleet's address; 0 for any free one
 * @param slots calls it serves at once; beyond, it answers 429
 * @param serviceMillis how long a call takes; empty for an instant one, answered at once without any timer
 * @param tokens content tokens of an answer, 1 to 100_000
 * @param pace of a stream's tokens; empty to spread them over half the service time
 * @param worldIndex its place in the fleet's congested world, if it is part of it
 */
public record ProviderSpec(
        String name,
        int port,
        int slots,
        Optional<LogNormal> serviceMillis,
        int tokens,
        Optional<TokenPace> pace,
        Optional<Integer> worldIndex) {
    private static final int MOST_TOKENS = 100_000;

    public ProviderSpec {
        if (slots < 1 || port < 0 || tokens < 1 || tokens > MOST_TOKENS) {
            throw new IllegalArgumentException("a provider needs a port, 1 or more slots, 1..100000 tokens");
        }
    }

    /** A provider on any free port, without congestion, that takes 1 ms a call. */
    public static ProviderSpec quick(String name) {
        return new ProviderSpec(
                name, 0, 10_000, Optional.of(new LogNormal(1, 0)), 5, Optional.empty(), Optional.empty());
    }
}
