// Whether each member of a receipt is one that is known, and what became of it (openledger.commitment.verify.MemberChecks).

import { passed, skipped, unchecked } from "./finding.js";
import { ROWS, isElement, nameOf, parentOf, takes } from "./table.js";

/** Without these nothing that a leaf says is shown to be of the chain and the lane that the verifier means. */
const FOUNDATION = [
  "MEMBERS",
  "LEAF",
  "COMMITMENT",
  "BATCH",
  "PROOF",
  "HEADER",
  "CHAIN",
  "REGISTRY",
  "LANE",
  "RECORDED",
  "REGISTRY_PROOF",
];

const OF_THE_END = ["leaf", "proof", "batch", "transaction", "history", "urls", "followed_plan", "witnessed.checkpoint"];
const PLANNED = "planned.";
const PLANNED_STAKE = "planned.stake.";
const OF_WITNESSES = /^(?:planned\.)?witnessed\./;

const WORDS = {
  object: "an object",
  array: "an array",
  text: "a string",
  number: "a whole number",
  decimal: "a number",
  truth: "true or false",
};

const patternOf = (path) => path.replace(/\[[0-9]+\]/g, "[]");
const rowOf = (path) => ROWS.get(patternOf(path));

export class Members {
  constructor(content) {
    this.content = content;
    this.places = new Map();
    for (const path of content.keys()) {
      const pattern = patternOf(path);
      this.places.set(pattern, [...(this.places.get(pattern) ?? []), path]);
    }
  }

  /** Whether the outcome's leaf is said to be in a batch: then all of it has to be there. */
  get hasEnded() {
    return OF_THE_END.some((path) => this.content.has(path));
  }

  /** Before the end the leaf is the plan's, so all checks are about it. Where no witness is named, none is about cosignatures. */
  howOf({ path, how }, findings) {
    if (OF_WITNESSES.test(path) && !findings.WITNESSES) {
      return null;
    }
    return how === "PLAN" && path.startsWith(PLANNED) && !this.hasEnded ? ROWS.get(path.slice(PLANNED.length)).how : how;
  }

  finding() {
    if (this.content.size === 0) {
      return skipped("There is no record beside the leaf.");
    }
    for (const [path, { kind }] of this.content) {
      const row = rowOf(path);
      if (!row) {
        return unchecked(`The receipt has a member that this verifier does not know: ${path}. It is not judged.`);
      }
      if (!takes(row, kind)) {
        return unchecked(`${path} must be ${WORDS[row.kind]}.`);
      }
    }
    for (const row of ROWS.values()) {
      for (const path of this.needed(row)) {
        if (!this.content.has(path)) {
          return unchecked(`${path} is missing.`);
        }
      }
    }
    return passed("Each of the receipt's members is known, and none is missing.");
  }

  needed(row) {
    const isNeeded = (row.need === "always" && !isElement(row)) || (row.need === "ended" && this.hasEnded);
    return isNeeded ? this.inEachParent(row) : [];
  }

  inEachParent(row) {
    const parent = parentOf(row);
    return parent === ""
      ? [nameOf(row)]
      : (this.places.get(parent) ?? []).map((place) => `${place}.${nameOf(row)}`);
  }

  /** What became of each: `proved` and `word` by path, where an absent member is null, and the paths of those `unchecked`. */
  account(checks, names, reached, plan) {
    const findings = Object.fromEntries(checks.map(({ subject, finding }) => [subject, finding]));
    const isFounded =
      !Object.values(findings).includes("FAILED") && FOUNDATION.every((subject) => findings[subject] === "PASSED");
    const proved = new Map();
    const missing = [];
    const word = new Map();
    for (const [path, { kind, text }] of this.content) {
      const isContainer = kind === "object" || kind === "array";
      const row = rowOf(path);
      const how = row && this.howOf(row, findings);
      const isListOfWords = kind === "array" && row && !how;
      if (isContainer && text !== "0" && !isListOfWords) {
        continue;
      }
      if (!row || !takes(row, kind)) {
        missing.push(path);
        continue;
      }
      let standing = !how || (isContainer && how === "PLAN") ? "WORD" : STANDING[findings[how]];
      const planReached = this.hasEnded ? plan?.reached : reached;
      if (
        standing === "PROVED" &&
        (this.isUncounted(row) || isWithoutStake(row, plan) || !isProvedFor(path, text, row, names, reached, planReached))
      ) {
        standing = "WORD";
      }
      if (standing === "WORD") {
        word.set(path, kind === "object" ? null : text);
      } else if (standing === "PROVED" && isFounded) {
        proved.set(path, text);
      } else {
        missing.push(path);
      }
    }
    for (const row of ROWS.values()) {
      if (this.saysNothingIfAbsent(row, findings)) {
        this.inEachParent(row)
          .filter((path) => !this.content.has(path))
          .forEach((path) => word.set(path, null));
      }
    }
    return { proved, unchecked: missing, word };
  }

  /** Of what may be absent without a check that would notice, a receipt that lacks it is told to lack it. */
  saysNothingIfAbsent(row, findings) {
    if (row.need === "ended") {
      return !this.hasEnded;
    }
    const how = this.howOf(row, findings);
    return row.need === "-" && !isElement(row) && (!how || how === "NAMES" || !this.hasEnded);
  }

  /** Before the end nothing tells how many places the plan has that the record names. */
  isUncounted(row) {
    return row.path === "plan[]" && !this.hasEnded;
  }
}

/** A plan can be proved where nothing is known of its vault. */
const isWithoutStake = ({ path }, plan) =>
  path.startsWith(PLANNED_STAKE) &&
  !!plan?.checks.some(({ subject, finding }) => subject === "STAKE" && finding === "SKIPPED");

/** A misroute is genuine, so what it says is proved. */
const STANDING = {
  PASSED: "PROVED",
  MISROUTE: "PROVED",
  FAILED: "UNCHECKED",
  UNCHECKED: "UNCHECKED",
  SKIPPED: "WORD",
};

function isProvedFor(path, text, row, names, reached, ofPlan) {
  if (row.how === "NAMES") {
    return names.has(path);
  }
  // A level below the one that is reached was true once; when, nothing proves.
  if (path === "level") {
    return reached === text;
  }
  return path === "planned.level" ? ofPlan === text : true;
}
