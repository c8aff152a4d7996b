package openledger.cluster;

import java.time.Duration;

/** Port: what a router tells the others at once. Nothing rests on it: what is not heard is learnt as if there were no others. Thread-safe. */
@FunctionalInterface
public interface News {
    /** Of a router that is alone. */
    News NONE = (target, left) -> {};

    /** A provider has closed a target, and opens it again after {@code left}. Never blocks. */
    void closed(TargetKey target, Duration left);
}
