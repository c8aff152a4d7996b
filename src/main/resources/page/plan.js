// What a request's plan says of its end.

import { ALONE, UNREADABLE, failed, misroute, passed, readLeaf, skipped, unchecked } from "./finding.js";
import { shown } from "./json.js";
import { NO_SNAPSHOT, NO_TARGET, isFast, released } from "./leaf.js";
import { textOf } from "./told.js";

export function absentPlan(leaf) {
  if (leaf.unreadable) {
    return UNREADABLE;
  }
  if (!leaf.ended) {
    return skipped("The leaf is the plan; the request had not ended.");
  }
  if (isFast(leaf.mode)) {
    return skipped("In mode fast nothing is pinned.");
  }
  if (leaf.snapshot !== NO_SNAPSHOT) {
    return unchecked(
      `The outcome names a plan of snapshot ${leaf.snapshot}, but the receipt does not have it. Get the receipt again.`,
    );
  }
  return leaf.ended.servedTarget === NO_TARGET
    ? skipped("It ended before anything was pinned.")
    : misroute("It was served in mode confirmed by a target that nothing was pinned for.");
}

/** Of the plan's own checks the first that made its verdict. */
export function worst({ checks, reached, verdict }) {
  const bad = verdict === "HOLDS" ? undefined : checks.find((check) => ALONE[check.finding] === verdict);
  return bad
    ? { finding: bad.finding, text: `Of the plan, '${bad.title}': ${bad.text}` }
    : passed(
        "The plan is a leaf of a batch of its own" + (reached ? `, which is ${reached} by the evidence.` : "."),
      );
}

export function pair(receipt, outcome) {
  const plan = readLeaf(receipt.ofPlan.leaf);
  const wrong = plan.unreadable ?? outcome.unreadable ?? (plan.planned && outcome.ended ? null : "kind: a plan and an outcome");
  if (wrong) {
    return failed(`These are not the two leaves of a request (${wrong}).`);
  }
  if (receipt.ofPlan.header.sequence > receipt.header.sequence) {
    return misroute(
      `The plan is in batch ${receipt.ofPlan.header.sequence}, after the outcome in batch ` +
        `${receipt.header.sequence}: it was not committed before it was carried out.`,
    );
  }
  const breach = breachOf(plan, outcome);
  return (
    told(receipt.content, breach) ??
    (breach
    ? misroute(breach)
    : passed(`What was pinned was done: attempt ${outcome.attempts} of the plan ${list(plan.plan)}.`))
  );
}

/** What the receipt says of the two leaves, if it is not what they say. */
function told(content, breach) {
  const followed = textOf(content, "followed_plan.followed");
  if (followed === undefined) {
    return unchecked("followed_plan.followed is missing.");
  }
  const agrees = followed === String(!breach) && (textOf(content, "followed_plan.breach") ?? null) === breach;
  return agrees
    ? null
    : failed(
        `The receipt contradicts its two leaves: followed ${shown(followed)}, but the end ` +
          `${breach ? "does not follow" : "follows"} the plan.`,
      );
}

const list = (targets) => `[${targets.join(", ")}]`;

/** What of the outcome does not follow the plan; null if all does. */
function breachOf(plan, outcome) {
  if (plan.request !== outcome.request) {
    return "Plan and outcome are of different requests.";
  }
  if (outcome.mode !== plan.mode && outcome.mode !== released(plan.mode)) {
    return `It was pinned in mode ${plan.mode} and ended in mode ${outcome.mode}.`;
  }
  if (plan.route !== outcome.route || plan.budget !== outcome.budget) {
    return (
      `It was pinned on route ${plan.route} with a budget of ${plan.budget}` +
      ` and ended on route ${outcome.route} with a budget of ${outcome.budget}.`
    );
  }
  if (plan.snapshot !== outcome.snapshot || list(plan.plan) !== list(outcome.plan)) {
    return (
      `The outcome names another plan: ${list(outcome.plan)} of snapshot ${outcome.snapshot}` +
      `, not ${list(plan.plan)} of snapshot ${plan.snapshot}.`
    );
  }
  if (outcome.attempts < plan.attempts || outcome.attempts > outcome.budget) {
    return (
      `It ended after ${outcome.attempts} attempts, of which ${plan.attempts}` +
      ` were spent when it was pinned, with a budget of ${outcome.budget}.`
    );
  }
  const target = outcome.ended.servedTarget;
  if (target === NO_TARGET) {
    return null;
  }
  const pinned = plan.plan[outcome.attempts - 1];
  if (pinned === undefined) {
    return `It was served by attempt ${outcome.attempts}, for which nothing was pinned.`;
  }
  return pinned === target
    ? null
    : `Attempt ${outcome.attempts} was served by target ${target}, but target ${pinned} was pinned for it.`;
}
