package openledger.inference.upstream;

import java.time.Duration;

/**
 * The state of a provider's rate limit, as last reported.
 *
 * @param remaining how much is left, 0 or more
 * @param untilReset until the limit is full again, 0 if that is over or was not said
 */
public record LimitStanding(long remaining, Duration untilReset) {}
