package openledger.inference.upstream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import openledger.inference.upstream.ProviderGateway.Objection;
import openledger.routing.Route;
import openledger.routing.Trigger;
import openledger.routing.choice.TargetLoad;
import org.jspecify.annotations.Nullable;

/**
 * The targets of a route that are closed to one request, because their dialect cannot express a member of it, or because another provider
 * made what it refers to. That depends on the route, the request's members and its tenant's earlier answers, and on nothing else: how busy
 * a target is makes no difference. A closed target is not called, and an attempt that falls to it is spent. Immutable.
 */
public final class ClosedTargets {
    /** Every target can be asked. */
    public static final ClosedTargets NONE = new ClosedTargets(new long[0], null, Trigger.NONE);

    private final long[] byTier;
    private final @Nullable Objection why;
    private final Trigger trigger;

    private ClosedTargets(long[] byTier, @Nullable Objection why, Trigger trigger) {
        this.byTier = byTier;
        this.why = why;
        this.trigger = trigger;
    }

    /**
     * Some targets are closed.
     *
     * @param byTier for each tier, bit i set: target i is closed; not to be changed
     * @param why what they cannot be asked
     */
    public static ClosedTargets of(long[] byTier, Objection why) {
        return of(byTier, why, Trigger.UNTRANSLATABLE);
    }

    /**
     * The same for another reason than the targets' dialect.
     *
     * @param trigger that an attempt is spent with that falls to one of them
     */
    public static ClosedTargets of(long[] byTier, Objection why, Trigger trigger) {
        return new ClosedTargets(byTier, why, trigger);
    }

    /** Those and these, for the reason of the first that has one. */
    public ClosedTargets and(ClosedTargets others) {
        if (why == null) {
            return others;
        }
        long[] all = Arrays.copyOf(byTier, Math.max(byTier.length, others.byTier.length));
        for (int tier = 0; tier < all.length; tier++) {
            all[tier] |= others.mask(tier);
        }
        return new ClosedTargets(all, why, trigger);
    }

    /** True if the target at that place of the tier is closed. */
    public boolean has(int tier, int target) {
        return (mask(tier) >>> target & 1) != 0;
    }

    /** How many targets of the tier are closed. */
    public int count(int tier) {
        return Long.bitCount(mask(tier));
    }

    /** True if no target of the tier can be asked. */
    public boolean isWhole(Route route, int tier) {
        return count(tier) == route.tiers().get(tier).targets().size();
    }

    /** True if no target of the route can be asked. */
    public boolean isWhole(Route route) {
        for (int tier = 0; tier < route.tiers().size(); tier++) {
            if (!isWhole(route, tier)) {
                return false;
            }
        }
        return true;
    }

    /** The names of the tiers of which no target can be asked, best first. */
    public List<String> tiers(Route route) {
        List<String> names = new ArrayList<>();
        for (int tier = 0; tier < route.tiers().size(); tier++) {
            if (isWhole(route, tier)) {
                names.add(route.tiers().get(tier).name());
            }
        }
        return List.copyOf(names);
    }

    /** What closed targets cannot be asked; empty if there are none. */
    public Optional<Objection> why() {
        return Optional.ofNullable(why);
    }

    /** What an attempt is spent with that falls to a closed target. */
    public Trigger trigger() {
        return trigger;
    }

    /** The live view of a tier as it is for this request: closed targets have no free slot. */
    public List<TargetLoad> among(int tier, List<TargetLoad> loads) {
        if (mask(tier) == 0) {
            return loads;
        }
        List<TargetLoad> seen = new ArrayList<>(loads);
        for (int i = 0; i < seen.size(); i++) {
            if (has(tier, i)) {
                seen.set(i, Closed.TO_THIS_REQUEST);
            }
        }
        return seen;
    }

    private long mask(int tier) {
        return tier < byTier.length ? byTier[tier] : 0;
    }

    /** How a target looks to a request that cannot be put to it. */
    private enum Closed implements TargetLoad {
        TO_THIS_REQUEST;

        @Override
        public boolean isOpen() {
            return false;
        }

        @Override
        public int inFlight() {
            return 0;
        }

        @Override
        public int limit() {
            return 1;
        }

        @Override
        public long latencyNanos() {
            return 0;
        }
    }
}
