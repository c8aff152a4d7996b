// Of the rule book (openledger.commitment.leaf.LeafFaults, which says why each rule is sound) the rules that the leaves of one receipt can
// break. Each rule has a breach, of a fault and a sentence for a person, or null.

import { NO_SNAPSHOT, NO_TARGET, NO_TIER, isFast, released } from "./leaf.js";

const breach = (fault, why) => ({ fault, why });
export const list = (targets) => `[${targets.join(", ")}]`;

export const number = (counter, header) =>
  counter < BigInt(header.first_counter) || counter > BigInt(header.last_counter)
    ? breach(
        "OUTSIDE_HEADER",
        `The request has number ${counter}, but the batch goes from ${header.first_counter} to ${header.last_counter}.`,
      )
    : null;

export function outside(leaf, header) {
  const { counter, timeMillis, snapshot } = leaf;
  const far = number(counter, header);
  if (far) {
    return far;
  }
  if (BigInt(timeMillis) < BigInt(header.first_ms) || BigInt(timeMillis) > BigInt(header.last_ms)) {
    return breach(
      "OUTSIDE_HEADER",
      `The leaf's time ${timeMillis} is not between the header's ${header.first_ms} and ${header.last_ms}.`,
    );
  }
  return leaf.planned && BigInt(snapshot) > BigInt(header.last_snapshot)
    ? breach(
        "OUTSIDE_HEADER",
        `The plan is of snapshot ${snapshot}, but the batch ends with snapshot ${header.last_snapshot}.`,
      )
    : null;
}

export function attempts(leaf) {
  if (leaf.attempts === 0 && leaf.ended && leaf.ended.servedTier !== NO_TIER) {
    return breach("CONTRADICTS_ITSELF", "It was served, but no attempt was spent.");
  }
  return leaf.attempts <= leaf.budget
    ? null
    : breach("OVER_BUDGET", `${leaf.attempts} attempts were spent of a budget of ${leaf.budget}.`);
}

/** @param published what is known of the route: `said`, and then `value`, cumulative attempts of its tiers; empty if there is none */
export function budget(leaf, published) {
  if (!published.said) {
    return null;
  }
  const upTo = published.value;
  if (upTo.length === 0) {
    return breach(
      "ROUTE_UNPUBLISHED",
      `The lane has published no route ${leaf.route}, so nobody could know its budget.`,
    );
  }
  return upTo.at(-1) === leaf.budget
    ? null
    : breach(
        "WRONG_BUDGET",
        `Route ${leaf.route} has a published budget of ${upTo.at(-1)}, but this request had ${leaf.budget}.`,
      );
}

export function fallBack(leaf, published) {
  const tier = leaf.ended.servedTier;
  if (tier === NO_TIER || tier === 0) {
    return null;
  }
  const early = `It was served by tier ${tier} after ${leaf.attempts} attempts, although `;
  if (!published.said) {
    // Whatever is published: every tier is good for one attempt at least.
    return leaf.attempts <= tier
      ? breach("FELL_BACK_EARLY", `${early}each better tier is good for at least one before that.`)
      : null;
  }
  const upTo = published.value;
  if (tier >= upTo.length) {
    return breach(
      upTo.length === 0 ? "ROUTE_UNPUBLISHED" : "FELL_BACK_EARLY",
      `It was served by tier ${tier}, but the published route has ${upTo.length} tiers.`,
    );
  }
  return leaf.attempts <= upTo[tier - 1]
    ? breach("FELL_BACK_EARLY", `${early}better tiers are good for ${upTo[tier - 1]} before that.`)
    : null;
}

export function exhaustion(leaf) {
  return leaf.ended.status !== "EXHAUSTED" || leaf.attempts >= leaf.budget
    ? null
    : breach("EXHAUSTED_EARLY", `It was given up as exhausted after ${leaf.attempts} of ${leaf.budget} attempts.`);
}

export function end({ status, servedTier, servedTarget }) {
  const fits = {
    SERVED: servedTier === 0,
    FELL_BACK: servedTier !== 0 && servedTier !== NO_TIER,
    EXHAUSTED: servedTier === NO_TIER,
    REJECTED: servedTier === NO_TIER,
    UNCONFIRMED: servedTier === NO_TIER,
    TIMED_OUT: servedTier === NO_TIER,
    INTERRUPTED: true,
    CANCELLED: true,
  };
  return (servedTier === NO_TIER) === (servedTarget === NO_TARGET) && fits[status]
    ? null
    : breach(
        "CONTRADICTS_ITSELF",
        `The leaf contradicts itself: status ${status} with tier ${servedTier} and target ${servedTarget}.`,
      );
}

/** A plan is one that the allocator can give, whatever the snapshot. */
export function foundation(leaf, published) {
  const unfounded = (why) => breach("PLAN_UNFOUNDED", why);
  const { turn, arrival, rank, open } = leaf.planned;
  if (leaf.plan.length !== leaf.budget || leaf.attempts >= leaf.budget) {
    return unfounded(
      `The plan has ${leaf.plan.length} places after ${leaf.attempts} attempts, with a budget of ${leaf.budget}.`,
    );
  }
  const first = leaf.plan[leaf.attempts];
  if (leaf.selectedTarget !== first) {
    return unfounded(
      `Target ${leaf.selectedTarget} was selected first, but target ${first} was pinned for attempt ${leaf.attempts + 1}.`,
    );
  }
  // Of another budget or route nobody can tell the tier.
  if (published.said && published.value.at(-1) === leaf.budget) {
    const tier = published.value.findIndex((upTo) => leaf.attempts < upTo);
    if (leaf.selectedTier !== tier) {
      return unfounded(
        `Tier ${leaf.selectedTier} was selected after ${leaf.attempts} attempts` +
          `, but the published route has tier ${tier} there.`,
      );
    }
  }
  if (rank >= open) {
    return unfounded(`Its rank is ${rank} of ${open} open requests.`);
  }
  return arrival > leaf.snapshot || arrival > turn
    ? unfounded(
        `It arrived with snapshot ${arrival}, after its turn ${turn} or its snapshot ${leaf.snapshot}.`,
      )
    : null;
}

/** Whoever served in mode confirmed was pinned for that attempt, by what the outcome itself says of its plan. */
export function place(leaf) {
  if (isFast(leaf.mode) || leaf.ended.servedTarget === NO_TARGET) {
    return null;
  }
  return leaf.plan.length === 0 || leaf.snapshot === NO_SNAPSHOT
    ? breach("NOT_AS_PLANNED", "It was served in mode confirmed by a target that nothing was pinned for.")
    : servedBy(leaf.plan, leaf.attempts, leaf.ended.servedTarget);
}

function servedBy(plan, attempt, target) {
  const pinned = plan[attempt - 1];
  if (pinned === undefined) {
    return breach("NOT_AS_PLANNED", `It was served by attempt ${attempt}, for which nothing was pinned.`);
  }
  return pinned === target
    ? null
    : breach(
        "NOT_AS_PLANNED",
        `Attempt ${attempt} was served by target ${target}, but target ${pinned} was pinned for it.`,
      );
}

/** What of the outcome does not follow the plan. */
export function continued(plan, outcome) {
  const other = (why) => breach("NOT_AS_PLANNED", why);
  if (plan.request !== outcome.request) {
    return other("Plan and outcome are of different requests.");
  }
  if (outcome.mode !== plan.mode && outcome.mode !== released(plan.mode)) {
    return other(`It was pinned in mode ${plan.mode} and ended in mode ${outcome.mode}.`);
  }
  if (plan.route !== outcome.route || plan.budget !== outcome.budget) {
    return other(
      `It was pinned on route ${plan.route} with a budget of ${plan.budget}` +
        ` and ended on route ${outcome.route} with a budget of ${outcome.budget}.`,
    );
  }
  if (plan.snapshot !== outcome.snapshot || list(plan.plan) !== list(outcome.plan)) {
    return other(
      `The outcome names another plan: ${list(outcome.plan)} of snapshot ${outcome.snapshot}` +
        `, not ${list(plan.plan)} of snapshot ${plan.snapshot}.`,
    );
  }
  if (outcome.attempts < plan.attempts || outcome.attempts > outcome.budget) {
    return other(
      `It ended after ${outcome.attempts} attempts, of which ${plan.attempts}` +
        ` were spent when it was pinned, with a budget of ${outcome.budget}.`,
    );
  }
  const target = outcome.ended.servedTarget;
  return target === NO_TARGET ? null : servedBy(plan.plan, outcome.attempts, target);
}

/** A plan that is in a later batch than its outcome was not committed before it was carried out. */
export const late = (planSequence, outcomeSequence) =>
  BigInt(planSequence) <= BigInt(outcomeSequence)
    ? null
    : breach(
        "PLAN_AFTER_OUTCOME",
        `The plan is in batch ${planSequence}, after the outcome in batch ` +
          `${outcomeSequence}: it was not committed before it was carried out.`,
      );
