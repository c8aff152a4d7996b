package openledger.peer;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import openledger.cluster.ClusterMember;
import org.jboss.logging.Logger;

/**
 * Says of routers that do not take part in the cluster as we do, of each once a minute: as a rule somebody has given one of them another
 * secret, another name or another time. Thread-safe.
 */
final class UnprovedPeers {
    private static final Logger LOG = Logger.getLogger(UnprovedPeers.class);
    private static final long BETWEEN = Duration.ofMinutes(1).toNanos();
    /** More than a cluster has routers. */
    private static final int MOST = 1_024;

    private final Map<String, Long> said = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    /**
     * Nothing is said yet.
     *
     * @param nanos monotonic
     */
    UnprovedPeers(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** An answer without a proof has come from there. */
    void seen(ClusterMember member, int status) {
        if (isDue(member)) {
            LOG.errorf(
                    "who answers for a lane does not prove to be of this cluster, so its keys are refused here: its"
                            + " openledger.cluster.name or the secret of its openledger.cluster.key-env is not ours,"
                            + " lane=%d address=%s status=%d",
                    member.lane().value(), member.address(), status);
        }
    }

    /** A router of the cluster did not look at what it was sent. */
    void refused(ClusterMember member) {
        if (isDue(member)) {
            LOG.errorf(
                    "a router of this cluster refuses what it is sent, so its keys are refused here: its clock and ours"
                            + " differ by more than 15 s, or it was sent more than it can remember, lane=%d address=%s",
                    member.lane().value(), member.address());
        }
    }

    /** Once a minute of each address. */
    private boolean isDue(ClusterMember member) {
        long now = nanos.getAsLong();
        if (said.size() >= MOST) {
            said.values().removeIf(at -> now - at >= BETWEEN);
        }
        AtomicBoolean isDue = new AtomicBoolean();
        if (said.size() < MOST) {
            said.compute(member.address(), (address, at) -> {
                isDue.set(at == null || now - at >= BETWEEN);
                return isDue.get() || at == null ? Long.valueOf(now) : at;
            });
        }
        return isDue.get();
    }
}
