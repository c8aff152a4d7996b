// The published rules that a single leaf can be seen to break. A breach is a provable misroute.

import { UNREADABLE, misroute, passed, skipped, unchecked } from "./finding.js";
import { NO_TARGET, NO_TIER } from "./leaf.js";

export function rules(leaf, published, add) {
  if (leaf.unreadable) {
    for (const rule of ["ATTEMPTS", "BUDGET", "FALL_BACK", "EXHAUSTION", "END"]) {
      add(rule, UNREADABLE);
    }
    return;
  }
  const noEnd = skipped("The leaf is a plan; the request had not ended.");
  add("ATTEMPTS", attempts(leaf));
  add("BUDGET", budget(leaf, published));
  add("FALL_BACK", leaf.ended ? fallBack(leaf, published) : noEnd);
  add("EXHAUSTION", leaf.ended ? exhaustion(leaf) : noEnd);
  add("END", leaf.ended ? end(leaf.ended) : noEnd);
}

function attempts(leaf) {
  if (leaf.attempts === 0 && leaf.ended && leaf.ended.servedTier !== NO_TIER) {
    return misroute("It was served, but no attempt was spent.");
  }
  return leaf.attempts <= leaf.budget
    ? passed(`${leaf.attempts} of ${leaf.budget} attempts were spent.`)
    : misroute(`${leaf.attempts} attempts were spent of a budget of ${leaf.budget}.`);
}

function budget(leaf, published) {
  if (!published.said) {
    return unchecked(`The published budget is not known: ${published.why}`);
  }
  const upTo = published.value;
  if (upTo.length === 0) {
    return misroute(`The lane has published no route ${leaf.route}, so nobody could know its budget.`);
  }
  return upTo.at(-1) === leaf.budget
    ? passed(`Route ${leaf.route} has the published budget of ${leaf.budget} for everybody.`)
    : misroute(
        `Route ${leaf.route} has a published budget of ${upTo.at(-1)}, but this request had ${leaf.budget}.`,
      );
}

function fallBack(leaf, published) {
  const tier = leaf.ended.servedTier;
  if (tier === NO_TIER || tier === 0) {
    return passed("It was not served by a lower tier.");
  }
  if (!published.said) {
    // Whatever is published: every tier is good for one attempt at least.
    if (leaf.attempts <= tier) {
      return misroute(
        `It was served by tier ${tier} after ${leaf.attempts} attempts` +
          `, although each better tier is good for at least one before that.`,
      );
    }
    return unchecked(`The published tiers are not known: ${published.why}`);
  }
  const upTo = published.value;
  if (tier >= upTo.length) {
    return misroute(`It was served by tier ${tier}, but the published route has ${upTo.length} tiers.`);
  }
  return leaf.attempts <= upTo[tier - 1]
    ? misroute(
        `It was served by tier ${tier} after ${leaf.attempts} attempts` +
          `, although better tiers are good for ${upTo[tier - 1]} before that.`,
      )
    : passed(`All ${upTo[tier - 1]} attempts of better tiers came before tier ${tier}.`);
}

function exhaustion(leaf) {
  if (leaf.ended.status !== "EXHAUSTED") {
    return passed("It was not given up as exhausted.");
  }
  return leaf.attempts >= leaf.budget
    ? passed("The whole budget was spent before it was given up.")
    : misroute(`It was given up as exhausted after ${leaf.attempts} of ${leaf.budget} attempts.`);
}

function end({ status, servedTier, servedTarget }) {
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
    ? passed(`Status ${status} agrees with the tier and target that served.`)
    : misroute(
        `The leaf contradicts itself: status ${status} with tier ${servedTier} and target ${servedTarget}.`,
      );
}
