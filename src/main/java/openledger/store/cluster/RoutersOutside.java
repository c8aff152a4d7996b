package openledger.store.cluster;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import openledger.cluster.ClusterMember;
import openledger.unit.LaneId;
import org.jboss.logging.Logger;

/**
 * Says which lanes are served by routers that take no requests of others, once for each hold: a key that comes there is called beside what
 * this cluster calls for it. Confined to one event loop.
 */
final class RoutersOutside {
    private static final Logger LOG = Logger.getLogger(RoutersOutside.class);
    /** A router that has just started says its address within moments. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Consumer<ClusterMember> found;
    private final Map<LaneId, Seen> seen = new HashMap<>();

    /** Whoever is found is said in the log. */
    RoutersOutside() {
        this(RoutersOutside::say);
    }

    /**
     * Whoever is found is told of.
     *
     * @param found told each once
     */
    RoutersOutside(Consumer<ClusterMember> found) {
        this.found = found;
    }

    private static void say(ClusterMember member) {
        LOG.warnf(
                "a router serves a lane of this database without openledger.cluster.enabled: a key that is sent there as"
                        + " well has a second budget, and limits of keys count there for themselves, lane=%d",
                member.lane().value());
    }

    /** What members are now. */
    void look(Collection<ClusterMember> members, long nowNanos) {
        seen.keySet()
                .removeIf(lane ->
                        members.stream().noneMatch(member -> member.lane().equals(lane) && isOutside(member)));
        for (ClusterMember member : members) {
            if (isOutside(member)) {
                Seen before = seen.get(member.lane());
                if (before == null || !before.member.isSameHold(member)) {
                    seen.put(member.lane(), new Seen(member, nowNanos, false));
                } else if (!before.isSaid && nowNanos - before.sinceNanos >= PATIENCE.toNanos()) {
                    seen.put(member.lane(), new Seen(member, before.sinceNanos, true));
                    found.accept(member);
                }
            }
        }
    }

    private static boolean isOutside(ClusterMember member) {
        return member.serves() && member.address().isEmpty();
    }

    /** A hold without an address. */
    private record Seen(ClusterMember member, long sinceNanos, boolean isSaid) {}
}
