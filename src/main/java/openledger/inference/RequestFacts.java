package openledger.inference;

import java.util.Optional;
import openledger.commitment.leaf.LeafMode;
import openledger.fairness.Attribution;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.upstream.ClosedTargets;
import openledger.routing.Route;
import openledger.routing.Trigger;
import openledger.unit.RequestId;

/**
 * What an answer says about how it came about.
 *
 * @param id name of the request
 * @param route which route
 * @param mode how it is settled
 * @param servedTier index of the serving tier, {@link Decision#NO_TIER} if none
 * @param servedTarget index of the serving target within its tier, -1 if none
 * @param attempts spent, refused slots included
 * @param resends requests that joined this one because they were the same, sent again
 * @param trigger why the last failing attempt did not serve
 * @param attribution why it did not get the best tier
 * @param overtakes later arrivals that got the best tier meanwhile
 * @param overheadMicros time we added ourselves so far: neither upstream nor back-off
 * @param digest {@link Intent#bodyDigest()}, which a signed receipt commits to; never changed after construction
 * @param closed the targets of its route that it could not be put to
 * @param confirmed how its route was confirmed; empty in mode FAST, and while it has no plan
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares facts
public record RequestFacts(
        RequestId id,
        Route route,
        LeafMode mode,
        int servedTier,
        int servedTarget,
        int attempts,
        int resends,
        Trigger trigger,
        Attribution attribution,
        int overtakes,
        long overheadMicros,
        byte[] digest,
        ClosedTargets closed,
        Optional<ConfirmedFacts> confirmed) {}
