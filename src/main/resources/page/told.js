// What the record beside a receipt's leaf says, and what of it the leaf proves (openledger.commitment.LeafRecord). A record shows a
// member only if it means something, so one that is not there says nothing special.

import { NO_SNAPSHOT, isFast } from "./leaf.js";

export const WORDS = ["status", "attribution", "mode", "gate", "fallback_reason"];
export const NUMBERS = ["route_id", "budget", "attempts", "resends", "snapshot"];
export const RELEASED = "released";

const MOST_RESENDS = 255;
const NOTHING = "";

/** What a record has to say if the leaf is that of its request's end. */
function proved({ mode, ended, trigger, route, budget, attempts, snapshot }) {
  const [how, gate] = mode.toLowerCase().split("_");
  return {
    status: ended.status,
    attribution: ended.attribution,
    mode: isFast(mode) ? "fast" : "confirmed",
    gate: gate ?? NOTHING,
    [RELEASED]: how === RELEASED ? "true" : NOTHING,
    fallback_reason: trigger === "NONE" ? NOTHING : trigger,
    route_id: String(route),
    budget: String(budget),
    // A crash takes the record of attempts along that were spent before a plan; the leaf keeps their number.
    ...(ended.status === "INTERRUPTED" ? {} : { attempts: String(attempts) }),
    resends: ended.resends === 0 ? NOTHING : String(ended.resends),
    snapshot: snapshot === NO_SNAPSHOT ? NOTHING : String(snapshot),
  };
}

/** The first member of a record that the leaf does not bear out, in words; null if there is none. */
export function objection(told, leaf) {
  for (const [name, value] of Object.entries(proved(leaf))) {
    const said = told[name] ?? NOTHING;
    const isMoreThanALeafCounts = name === "resends" && value === String(MOST_RESENDS) && Number(said) >= MOST_RESENDS;
    if (said !== value && !isMoreThanALeafCounts) {
      return `The record has ${name} ${shown(said)}, but the leaf has ${shown(value)}.`;
    }
  }
  return null;
}

const shown = (value) => (value === NOTHING ? "none" : value);
