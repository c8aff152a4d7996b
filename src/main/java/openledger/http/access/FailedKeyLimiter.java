package openledger.http.access;

import java.util.Optional;
import openledger.budget.MinuteRate;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemType;
import openledger.http.problem.Refusal;
import openledger.inference.Timekeeper;

/**
 * Counts unknown keys, so that guessing is slow and costs others little: beyond a rate, a wrong key is answered with 429. It is used only
 * after a look-up has failed, so a valid key is never slowed. Thread-safe.
 */
public final class FailedKeyLimiter {
    private final MinuteRate rate;
    private final Timekeeper time;

    public FailedKeyLimiter(int perMinute, Timekeeper time) {
        this.rate = new MinuteRate(perMinute, time.nanoTime());
        this.time = time;
    }

    /** One more of them; {@code hint} says what to send instead. */
    public Refusal refuse(String hint) {
        return switch (rate.take(time.nanoTime())) {
            case MinuteRate.Granted granted ->
                new Refusal(Problem.of(ProblemType.UNAUTHENTICATED, hint, "authorization"), Optional.empty());
            case MinuteRate.Refused(var standing, var retryAfter) -> {
                String detail = "The key is not valid, and too many invalid keys have been sent. " + hint;
                yield new Refusal(
                        Problem.of(ProblemType.RATE_LIMITED, detail, "authorization"), Optional.of(retryAfter));
            }
        };
    }
}
