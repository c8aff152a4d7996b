package openledger.http.problem;

import java.time.Duration;
import java.util.Optional;

/** A problem, with the time after which another try is worth while, if there is one. */
public record Refusal(Problem problem, Optional<Duration> retryAfter) {}
