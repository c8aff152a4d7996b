package openledger.http.problem;

import java.time.Duration;
import java.util.Optional;

/** An answer that asks to wait, if there is a time after which another try is worth while. */
public record Refusal(Problem problem, Optional<Duration> retryAfter) {}
