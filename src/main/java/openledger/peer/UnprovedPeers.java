package openledger.peer;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import openledger.cluster.ClusterMember;
import org.jboss.logging.Logger;

/**
 * Says of routers that answered without a proof that they are of the cluster, once a minute: as a rule somebody has given one of them
 * another secret or another name. Thread-safe.
 */
final class UnprovedPeers {
    private static final Logger LOG = Logger.getLogger(UnprovedPeers.class);
    private static final Duration BETWEEN = Duration.ofMinutes(1);

    private final AtomicLong due;

    UnprovedPeers() {
        due = new AtomicLong(System.nanoTime());
    }

    /** An answer without a proof has come from there. */
    void seen(ClusterMember member, int status) {
        long now = System.nanoTime();
        long after = due.get();
        if (now - after >= 0 && due.compareAndSet(after, now + BETWEEN.toNanos())) {
            LOG.errorf(
                    "who answers for a lane does not prove to be of this cluster, so its keys are refused here: its"
                            + " openledger.cluster.name or the secret of its openledger.cluster.key-env is not ours,"
                            + " lane=%d address=%s status=%d",
                    member.lane().value(), member.address(), status);
        }
    }
}
