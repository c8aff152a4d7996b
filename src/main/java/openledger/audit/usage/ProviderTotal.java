package openledger.audit.usage;

import java.time.Instant;

/**
 * What a provider counted of a model in an interval.
 *
 * @param from begin of the interval
 * @param to its end, after {@code from}, which is no part of it
 * @param model as the provider calls it, empty if it did not count by model
 * @param calls that it answered; 0 or more, or {@link TokenCount#UNKNOWN}
 * @param tokens of all of them
 */
public record ProviderTotal(Instant from, Instant to, String model, long calls, TokenCount tokens) {
    public ProviderTotal {
        if (!from.isBefore(to) || calls < TokenCount.UNKNOWN) {
            throw new IllegalArgumentException("an interval ends after it begins, with 0 calls or more");
        }
    }

    /** Both together, of one model and in one interval. */
    public ProviderTotal plus(ProviderTotal other) {
        long both = calls == TokenCount.UNKNOWN || other.calls == TokenCount.UNKNOWN
                ? TokenCount.UNKNOWN
                : Math.addExact(calls, other.calls);
        return new ProviderTotal(from, to, model, both, tokens.plus(other.tokens));
    }
}
