package openledger.cluster.share;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import openledger.budget.MinuteRate;

/** Port: a key's requests or tokens a minute. Times are monotonic nanoseconds. Thread-safe; never blocks. */
public interface Rate {
    /** Takes so many, 1 or more; an amount beyond what may ever come at once is taken for that. */
    Taken take(long amount, long nowNanos);

    /**
     * What was taken turned out to be another amount: the difference is given back, or taken in any case.
     *
     * @param at {@link Granted#at} of what was taken
     * @param taken how much that was
     * @param used how much it is, 0 or more
     */
    void settle(long at, long taken, long used, long nowNanos);

    /** How it stands, as far as this router knows. */
    MinuteRate.Standing standing(long nowNanos);

    /** Whether it is as good as a new one, so that it can be forgotten. */
    boolean isFull(long nowNanos);

    /** What became of it. */
    sealed interface Taken permits Granted, Refused, Asked, Unknown {}

    /**
     * It was there.
     *
     * @param at by the clock of whoever granted it
     */
    record Granted(MinuteRate.Standing standing, long at) implements Taken {}

    /** It was not; {@code retryAfter} is when it may be. */
    record Refused(MinuteRate.Standing standing, Duration retryAfter) implements Taken {}

    /** Nobody knows yet: to be taken once more when there is an answer. */
    record Asked(CompletionStage<Void> answer) implements Taken {}

    /** Nobody knows, and nobody is going to soon. */
    record Unknown() implements Taken {}
}
