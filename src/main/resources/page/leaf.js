// The 96 bytes of a leaf, version 2, big-endian; read as strictly as openledger.commitment.leaf.LeafEncoding reads them.

import { hex, toBigInt } from "./bytes.js";
import { KINDS } from "./commitments.js";

export const BYTES = 96;
export const NO_TIER = 0xff;
export const NO_TARGET = 0xffff;
export const NO_SNAPSHOT = 0xffffffff;

const LONGEST_PLAN = 8;
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

/**
 * The fields (openledger.commitment.leaf.LeafField): name, offset, bytes, then the values of a plan and of an outcome; `-` for none.
 * The vectors of the contracts have the same table.
 */
const FIELDS = [
  ["counter", 24, 8, "1..9223372036854775807", "1..9223372036854775807"],
  ["version", 32, 1, "2", "2"],
  ["kind", 33, 1, "1", "2"],
  ["mode", 34, 1, "2..3", "1..3, 130..131"],
  ["cohort", 35, 1, "0..63", "0..63"],
  ["route", 36, 2, "0..65535", "0..65535"],
  ["budget", 38, 1, "1..64", "1..64"],
  ["attempts", 39, 1, "0..255", "0..255"],
  ["time", 40, 6, "0..281474976710655", "0..281474976710655"],
  ["snapshot", 46, 4, "0..4294967294", "0..4294967295"],
  ["selected tier", 50, 1, "0..7", "0..7, 255"],
  ["served tier", 51, 1, "255", "0..7, 255"],
  ["selected target", 52, 2, "0..65534", "0..65535"],
  ["served target", 54, 2, "65535", "0..65535"],
  ["trigger", 56, 1, `0..${TRIGGERS.length - 1}`, `0..${TRIGGERS.length - 1}`],
  ["status", 57, 1, "0", "1..8"],
  ["attribution", 58, 1, "0", "0..3"],
  ["resends", 59, 1, "0", "0..255"],
  ["total time", 60, 4, "0", "0..4294967295"],
  ["turn", 80, 4, "0..4294967295", ""],
  ["arrival", 84, 4, "0..4294967295", ""],
  ["rank", 88, 4, "0..4294967295", ""],
  ["open", 92, 4, "0..4294967295", ""],
].map(([name, offset, length, plan, outcome]) => ({ name, offset, length, plan, outcome }));

export { FIELDS };

const has = (ranges, value) =>
  ranges.split(", ").some((range) => {
    const [least, most = least] = range.split("..").map(BigInt);
    return value >= least && value <= most;
  });

function check(bytes) {
  const isPlan = bytes[33] === 1;
  for (const { name, offset, length, plan: ofPlan, outcome } of FIELDS) {
    const values = isPlan ? ofPlan : outcome;
    const value = toBigInt(bytes.slice(offset, offset + length));
    if (values !== "") {
      require(has(values, value), `${name}: ${name === "kind" ? "1, 2" : values}, not ${value}`);
    }
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
  check(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const leaf = {
    request: hex(bytes.slice(0, 32)),
    counter: view.getBigUint64(24),
    mode: MODES[view.getUint8(34)],
    cohort: view.getUint8(35),
    route: view.getUint16(36),
    budget: view.getUint8(38),
    attempts: view.getUint8(39),
    timeMillis: view.getUint16(40) * 2 ** 32 + view.getUint32(42),
    snapshot: view.getUint32(46),
    selectedTier: view.getUint8(50),
    selectedTarget: view.getUint16(52),
    trigger: TRIGGERS[view.getUint8(56)],
    plan: plan(view),
  };
  if (view.getUint8(33) === KINDS.PLAN) {
    leaf.planned = {
      turn: view.getUint32(80),
      arrival: view.getUint32(84),
      rank: view.getUint32(88),
      open: view.getUint32(92),
    };
    require(leaf.plan.length > 0, "plan: at least one place");
  } else {
    leaf.ended = {
      status: STATUSES[view.getUint8(57)],
      servedTier: view.getUint8(51),
      servedTarget: view.getUint16(54),
      attribution: ATTRIBUTIONS[view.getUint8(58)],
      resends: view.getUint8(59),
      totalMillis: view.getUint32(60),
      outcome: hex(bytes.slice(80)),
    };
  }
  require(
    !isFast(leaf.mode) || (leaf.snapshot === NO_SNAPSHOT && leaf.plan.length === 0),
    "mode: FAST has neither snapshot nor plan",
  );
  return leaf;
}
