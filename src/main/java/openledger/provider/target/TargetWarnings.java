package openledger.provider.target;

import java.time.Duration;
import java.util.function.LongSupplier;
import openledger.inference.upstream.ConnectionFault;
import openledger.provider.error.Failures;
import openledger.routing.Target;
import org.jboss.logging.Logger;

/** Logs what is wrong between the router and a target: each kind once a minute at most, never in the provider's words. Thread-safe. */
public final class TargetWarnings {
    private static final Logger LOG = Logger.getLogger(TargetWarnings.class);
    private static final Duration BETWEEN = Duration.ofMinutes(1);
    /** Statuses from here on are the provider's own trouble. */
    private static final int BROKEN = 500;

    private final Target target;
    private final Seldom lost;
    private final Seldom refused;

    TargetWarnings(Target target, LongSupplier nanoTime) {
        this.target = target;
        this.lost = new Seldom(BETWEEN, nanoTime);
        this.refused = new Seldom(BETWEEN, nanoTime);
    }

    /** It has answered with that status, of which some say by themselves that it refuses something that no client can mend. */
    public void status(int status, String requestId) {
        switch (Failures.classOf(status)) {
            case FAILURE, HEAD_ONLY -> refused(status, requestId);
            case ANSWER, REJECTION, REFUSAL, OVERLOAD -> {}
        }
    }

    /** It refuses something that no client can mend: the address, the model, the region. One that is merely broken is no news. */
    public void refused(int status, String requestId) {
        if (status < BROKEN && refused.isDue()) {
            LOG.warnf(
                    "a provider refuses a target as it is configured, provider=%s target=%s status=%d request=%s more=%d",
                    target.provider(), target.name(), status, requestId, refused.heldBack());
        }
    }

    /** A connection has failed while a request was on it. */
    public void lost(ConnectionFault fault, String requestId) {
        if (lost.isDue()) {
            LOG.warnf(
                    "a connection to a provider failed, provider=%s target=%s fault=%s request=%s more=%d",
                    target.provider(), target.name(), fault, requestId, lost.heldBack());
        }
    }
}
