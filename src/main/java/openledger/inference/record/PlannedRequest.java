package openledger.inference.record;

import openledger.routing.Plan;
import openledger.unit.RequestId;

/**
 * A plan as it is recorded, before the chain sees it.
 *
 * @param id of the request
 * @param intent what was known at admission, so that the record can be read alone
 * @param plan what was pinned
 * @param tier of the plan's first pinned target
 * @param pinnedMillis when, Unix ms
 */
public record PlannedRequest(RequestId id, Intent intent, Plan plan, int tier, long pinnedMillis) {}
