package openledger.provider;

import java.time.Duration;
import java.util.function.LongSupplier;
import openledger.inference.ConnectionFault;
import openledger.routing.Target;
import org.jboss.logging.Logger;

/** Says what is wrong with the connections to a target: once a minute at most, never in the provider's words. Thread-safe. */
final class TargetWarnings {
    private static final Logger LOG = Logger.getLogger(TargetWarnings.class);
    private static final Duration BETWEEN = Duration.ofMinutes(1);

    private final Target target;
    private final Seldom seldom;

    TargetWarnings(Target target, LongSupplier nanoTime) {
        this.target = target;
        this.seldom = new Seldom(BETWEEN, nanoTime);
    }

    /** A connection has failed while a request was on it. */
    void lost(ConnectionFault fault, String requestId) {
        if (seldom.isDue()) {
            LOG.warnf(
                    "a connection to a provider failed, provider=%s target=%s fault=%s request=%s more=%d",
                    target.provider(), target.name(), fault, requestId, seldom.heldBack());
        }
    }
}
