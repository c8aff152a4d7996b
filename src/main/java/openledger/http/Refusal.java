package openledger.http;

import java.time.Duration;
import java.util.Optional;

/** An answer that asks to wait, if there is a time after which another try is worth while. */
record Refusal(Problem problem, Optional<Duration> retryAfter) {}
