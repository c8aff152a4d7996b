// The record beside a receipt's leaf, held against what the leaves and the commitment prove (openledger.commitment.verify.LeafRecord). A record
// shows a member only if it means something, so one that is not there says that there is nothing.

import { ZERO_HASH } from "./commitments.js";
import { failed, passed, readLeaf, skipped } from "./finding.js";
import { shown } from "./json.js";
import { NO_SNAPSHOT, isFast } from "./leaf.js";

const MOST_RESENDS = 255n;
const U32 = 0xffffffffn;
const NOTHING = "";
const LEAF = "the leaf has";
const COMMITMENT = "the commitment has";

/** A member's text; nothing if it is not there or no scalar. */
export function textOf(content, path) {
  const value = content.get(path);
  return value && ["text", "number", "decimal", "truth"].includes(value.kind) ? value.text : undefined;
}

/** How many elements an array has. */
export function sizeOf(content, path) {
  const value = content.get(path);
  return value?.kind === "array" ? Number(value.text) : 0;
}

const named = (value) => (value === NOTHING ? "none" : shown(value));
const bare = (hash) => hash.slice(2);

/** The whole of a number that is not negative; -1 if it is none. */
function whole(text) {
  return /^[0-9]{1,18}(\.[0-9]+)?$/.test(text) ? BigInt(text.split(".")[0]) : -1n;
}

export function record(receipt, leaf) {
  if (receipt.content.size === 0) {
    return skipped("There is no record beside the leaf.");
  }
  const wrong = objection(receipt, leaf);
  if (wrong) {
    return failed(wrong);
  }
  return leaf.ended
    ? passed(
        "The record agrees with the leaves and the commitment on the end, the rules, the plan, the times and the digests.",
      )
    : skipped("The leaf is a plan; the record is of how it ended.");
}

/** The first member that is not what is proved, in words; undefined if there is none. */
function objection(receipt, leaf) {
  const { content } = receipt;
  const objections = [];
  const object = (name, said, where, proved) =>
    objections.push(`The record has ${name} ${named(said)}, but ${where} ${named(proved)}.`);
  const equal = (name, proved, where) => {
    const said = textOf(content, name) ?? NOTHING;
    const isMoreThanALeafCounts = name === "resends" && proved === String(MOST_RESENDS) && whole(said) >= MOST_RESENDS;
    if (said !== proved && !isMoreThanALeafCounts) {
      object(name, said, where, proved);
    }
  };
  equal("body_sha256", bare(receipt.digest), COMMITMENT);
  equal("nonce", receipt.nonce, COMMITMENT);
  for (const [name, value] of Object.entries(proved(leaf))) {
    equal(name, value, LEAF);
  }
  if (leaf.ended) {
    ended(receipt, leaf, equal, object);
  }
  return objections[0];
}

/** A time as the router writes it. */
export const utc = (millis) => new Date(millis).toISOString().replace(".000Z", "Z").replace("+0", "+");

/** What a record has to say of a leaf; of a plan that is little. */
export function proved({ mode, route, budget, ended, trigger, attempts, snapshot, timeMillis }) {
  const [how, gate] = mode.toLowerCase().split("_");
  return {
    mode: isFast(mode) ? how : "confirmed",
    gate: gate ?? NOTHING,
    route_id: String(route),
    budget: String(budget),
    ...(ended && {
      status: ended.status,
      attribution: ended.attribution,
      released: how === "released" ? "true" : NOTHING,
      fallback_reason: trigger === "NONE" ? NOTHING : trigger,
      // A crash takes the record of attempts along that were spent before a plan; the leaf keeps their number.
      ...(ended.status === "INTERRUPTED" ? {} : { attempts: String(attempts) }),
      resends: ended.resends === 0 ? NOTHING : String(ended.resends),
      snapshot: snapshot === NO_SNAPSHOT ? NOTHING : String(snapshot),
      arrival: utc(timeMillis),
    }),
  };
}

function ended(receipt, leaf, equal, object) {
  const { content } = receipt;
  equal("response_sha256", receipt.responseDigest === ZERO_HASH ? NOTHING : bare(receipt.responseDigest), COMMITMENT);
  const total = textOf(content, "time_ms.total") ?? NOTHING;
  const millis = BigInt(leaf.ended.totalMillis);
  if (whole(total) !== millis && !(millis === U32 && whole(total) > U32)) {
    object("time_ms.total", total, LEAF, `${millis} whole milliseconds`);
  }
  attempts(receipt, leaf, equal, object);
  const places = sizeOf(content, "plan");
  if (places !== leaf.plan.length) {
    object("plan", `${places} places`, LEAF, `${leaf.plan.length} places`);
  }
  turn(receipt, leaf, equal, object);
}

function attempts({ content, upstreamRequestIds, usage }, leaf, equal, object) {
  const count = sizeOf(content, "attempt_list");
  equal("attempts", String(count), "the list of attempts has");
  const triggers = new Set();
  for (let i = 0; i < count; i++) {
    const attempt = `attempt_list[${i}].`;
    equal(`${attempt}number`, String(i + 1), "its place is");
    equal(`${attempt}upstream_request_id`, upstreamRequestIds[i] ?? NOTHING, COMMITMENT);
    const took = usage.attempts.find((each) => each.attempt === i + 1);
    equal(`${attempt}model`, took?.model ?? NOTHING, COMMITMENT);
    for (const name of ["input", "cached", "cache_written", "output", "reasoning"]) {
      equal(`${attempt}tokens.${name}`, took?.[name] === undefined ? NOTHING : String(took[name]), COMMITMENT);
    }
    triggers.add(textOf(content, `${attempt}trigger`) ?? NOTHING);
  }
  if (count !== upstreamRequestIds.length) {
    object("attempt_list", `${count} attempts`, COMMITMENT, `${upstreamRequestIds.length} names of calls`);
  }
  const isNamed =
    leaf.trigger === "NONE" ? [...triggers].every((trigger) => trigger === "NONE") : triggers.has(leaf.trigger);
  if (!isNamed && leaf.ended.status !== "INTERRUPTED") {
    object("the triggers of its attempts", `[${[...triggers].sort().join(", ")}]`, LEAF, leaf.trigger);
  }
}

/** A turn is in the leaf of the plan alone. */
function turn({ content, ofPlan }, leaf, equal, object) {
  const pinned = ofPlan && readLeaf(ofPlan.leaf).planned;
  if (pinned) {
    const said = textOf(content, "turn") ?? NOTHING;
    const turned = BigInt(pinned.turn);
    if (whole(said) !== turned && !(turned === U32 && whole(said) > U32)) {
      object("turn", said, "the plan's leaf has", String(turned));
    }
  }
  if (leaf.snapshot === NO_SNAPSHOT) {
    equal("turn", NOTHING, LEAF);
  }
}
