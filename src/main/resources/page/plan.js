// What a request's plan says of its end.

import { continued, foundation, late, list, place } from "./faults.js";
import { ALONE, UNREADABLE, failed, misroute, passed, readLeaf, skipped, unchecked } from "./finding.js";
import { shown } from "./json.js";
import { NO_SNAPSHOT, isFast } from "./leaf.js";
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
  const breach = place(leaf);
  return breach ? misroute(breach.why) : skipped("It ended before anything was pinned.");
}

/** What the leaf itself shows of a plan that it is, or that it names. */
export function alone(leaf, published) {
  const breach = leaf.unreadable ? null : leaf.planned ? foundation(leaf, published) : named(leaf);
  return breach ? misroute(breach.why) : skipped("There is no second leaf to compare.");
}

/** Without any plan it is told where the plan is looked for. */
const named = (leaf) => (leaf.snapshot === NO_SNAPSHOT ? null : place(leaf));

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
  const behind = late(receipt.ofPlan.header.sequence, receipt.header.sequence);
  if (behind) {
    return misroute(behind.why);
  }
  const breach = continued(plan, outcome)?.why ?? null;
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
