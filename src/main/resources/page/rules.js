// What the rules of a single leaf come to in a receipt, and what is said where none is broken. A breach is a provable misroute.

import { attempts, budget, end, exhaustion, fallBack } from "./faults.js";
import { UNREADABLE, misroute, passed, skipped, unchecked } from "./finding.js";
import { NO_TIER } from "./leaf.js";

export function rules(leaf, published, add) {
  if (leaf.unreadable) {
    for (const rule of ["ATTEMPTS", "BUDGET", "FALL_BACK", "EXHAUSTION", "END"]) {
      add(rule, UNREADABLE);
    }
    return;
  }
  const unless = (breach, otherwise) => (breach ? misroute(breach.why) : otherwise());
  const ended = (breach, otherwise) =>
    leaf.ended ? unless(breach(), otherwise) : skipped("The leaf is a plan; the request had not ended.");
  add(
    "ATTEMPTS",
    unless(attempts(leaf), () => passed(`${leaf.attempts} of ${leaf.budget} attempts were spent.`)),
  );
  add(
    "BUDGET",
    unless(budget(leaf, published), () =>
      published.said
        ? passed(`Route ${leaf.route} has the published budget of ${leaf.budget} for everybody.`)
        : unchecked(`The published budget is not known: ${published.why}`),
    ),
  );
  add(
    "FALL_BACK",
    ended(
      () => fallBack(leaf, published),
      () => noFallBack(leaf.ended.servedTier, published),
    ),
  );
  add(
    "EXHAUSTION",
    ended(
      () => exhaustion(leaf),
      () =>
        passed(
          leaf.ended.status === "EXHAUSTED"
            ? "The whole budget was spent before it was given up."
            : "It was not given up as exhausted.",
        ),
    ),
  );
  add(
    "END",
    ended(
      () => end(leaf.ended),
      () => passed(`Status ${leaf.ended.status} agrees with the tier and target that served.`),
    ),
  );
}

function noFallBack(tier, published) {
  if (tier === NO_TIER || tier === 0) {
    return passed("It was not served by a lower tier.");
  }
  return published.said
    ? passed(`All ${published.value[tier - 1]} attempts of better tiers came before tier ${tier}.`)
    : unchecked(`The published tiers are not known: ${published.why}`);
}
