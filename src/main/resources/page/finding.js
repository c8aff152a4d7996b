// What a check found. Each text is a sentence for a person.

import { fromHex } from "./bytes.js";
import { NotALeaf, decode } from "./leaf.js";

const finding = (name) => (text) => ({ finding: name, text });
export const passed = finding("PASSED");
export const failed = finding("FAILED");
export const misroute = finding("MISROUTE");
export const unchecked = finding("UNCHECKED");
export const skipped = finding("SKIPPED");

/** What checks come to; a later one outweighs an earlier one. */
export const VERDICTS = ["HOLDS", "OPEN", "MISROUTED", "BROKEN"];

/** The verdict that a finding would make if it were the only one. */
export const ALONE = {
  PASSED: "HOLDS",
  SKIPPED: "HOLDS",
  UNCHECKED: "OPEN",
  MISROUTE: "MISROUTED",
  FAILED: "BROKEN",
};

export const verdictOf = (checks) =>
  VERDICTS.findLast((verdict) => checks.some(({ finding }) => ALONE[finding] === verdict)) ?? "OPEN";

/** Nothing can be said of a leaf that is none. */
export const UNREADABLE = unchecked("The leaf cannot be read.");

/** A leaf, or why it is none. */
export function readLeaf(bytes) {
  try {
    return decode(fromHex(bytes));
  } catch (why) {
    if (why instanceof NotALeaf) {
      return { unreadable: why.message };
    }
    throw why;
  }
}
