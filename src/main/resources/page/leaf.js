// The 96 bytes of a leaf, version 1, big-endian; read as strictly as openledger.commitment.leaf.LeafEncoding reads them.

import { hex } from "./bytes.js";

export const BYTES = 96;
export const NO_TIER = 0xff;
export const NO_TARGET = 0xffff;
export const NO_SNAPSHOT = 0xffffffff;

const LONGEST_PLAN = 8;
const MOST_TIERS = 8;
const MODES = {
  0x01: "FAST",
  0x02: "CONFIRMED_RESPONSE",
  0x03: "CONFIRMED_DISPATCH",
  0x82: "RELEASED_RESPONSE",
  0x83: "RELEASED_DISPATCH",
};
// By code. The router writes the names of openledger.routing.Trigger here as it serves this file.
const TRIGGERS = "{{triggers}}".split(", ");
const ATTRIBUTIONS = ["NONE", "SLOW", "SELECTIVE", "MISSED"];
const STATUSES = [
  undefined,
  "SERVED",
  "FELL_BACK",
  "EXHAUSTED",
  "REJECTED",
  "INTERRUPTED",
  "CANCELLED",
  "UNCONFIRMED",
  "TIMED_OUT",
];

/** The bytes are not those of a leaf; the message names the field. */
export class NotALeaf extends Error {}

/** The mode of a request that was pinned in this one and let go before its level was reached. */
export const released = (mode) => mode.replace("CONFIRMED_", "RELEASED_");

export const isFast = (mode) => mode === "FAST";

function require(holds, message) {
  if (!holds) {
    throw new NotALeaf(message);
  }
}

function coded(field, code, words) {
  require(words[code] !== undefined, `${field}: nothing has code ${code}`);
  return words[code];
}

function expect(field, expected, found) {
  require(expected === found, `${field}: ${expected}, not ${found}`);
}

function within(field, value, least, most) {
  require(value >= least && value <= most, `${field}: ${least}..${most}, not ${value}`);
}

function tier(field, value) {
  if (value !== NO_TIER) {
    within(field, value, 0, MOST_TIERS - 1);
  }
}

/** Targets up to the first unused place; nothing may come after it. */
function plan(view) {
  const places = Array.from({ length: LONGEST_PLAN }, (_, i) => view.getUint16(64 + 2 * i));
  const targets = places.filter((target) => target !== NO_TARGET);
  require(
    places.slice(0, targets.length).every((target) => target !== NO_TARGET),
    "plan: an unused place before a used one",
  );
  return targets;
}

/** Reads a leaf; throws NotALeaf. A plan has `planned`, an outcome has `ended`. */
export function decode(bytes) {
  require(bytes.length === BYTES, `leaf: ${BYTES} bytes, not ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  expect("version", 1, view.getUint8(32));
  const kind = view.getUint8(33);
  require(kind === 1 || kind === 2, `kind: 1 or 2, not ${kind}`);
  const leaf = {
    request: hex(bytes.slice(0, 32)),
    mode: coded("mode", view.getUint8(34), MODES),
    cohort: view.getUint8(35),
    route: view.getUint16(36),
    budget: view.getUint8(38),
    attempts: view.getUint8(39),
    timeMillis: view.getUint16(40) * 2 ** 32 + view.getUint32(42),
    snapshot: view.getUint32(46),
    selectedTier: view.getUint8(50),
    selectedTarget: view.getUint16(52),
  };
  const servedTier = view.getUint8(51);
  const servedTarget = view.getUint16(54);
  leaf.trigger = coded("trigger", view.getUint8(56), TRIGGERS);
  const status = view.getUint8(57);
  const attribution = coded("attribution", view.getUint8(58), ATTRIBUTIONS);
  const resends = view.getUint8(59);
  const totalMillis = view.getUint32(60);
  leaf.plan = plan(view);
  if (kind === 1) {
    expect("served tier", NO_TIER, servedTier);
    expect("served target", NO_TARGET, servedTarget);
    expect("status", 0, status);
    expect("attribution", 0, ATTRIBUTIONS.indexOf(attribution));
    expect("resends", 0, resends);
    expect("total time", 0, totalMillis);
    leaf.planned = {
      turn: view.getUint32(80),
      deficit: view.getUint32(84),
      rank: view.getUint32(88),
      open: view.getUint32(92),
    };
  } else {
    const ended = coded("status", status, STATUSES);
    tier("served tier", servedTier);
    leaf.ended = {
      status: ended,
      servedTier,
      servedTarget,
      attribution,
      resends,
      totalMillis,
      answer: hex(bytes.slice(80)),
    };
  }
  within("cohort", leaf.cohort, 0, 63);
  within("budget", leaf.budget, 1, 64);
  tier("selected tier", leaf.selectedTier);
  require(
    !isFast(leaf.mode) || (leaf.snapshot === NO_SNAPSHOT && leaf.plan.length === 0 && !leaf.planned),
    "mode: FAST has neither snapshot nor plan",
  );
  return leaf;
}
