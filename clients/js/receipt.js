// A receipt against a node of the chain, in the words of `openledger verify`.

import { memberOf } from "./printer.js";
import { RpcNode } from "./rpc.js";
import { noEvidence } from "./verifier/node.js";
import { UnreadableReceipt, readReceipt } from "./verifier/receipt.js";
import { NotANote } from "./verifier/note.js";
import { CONCLUSIONS, MEANINGS, NOT_PROVED, verify } from "./verifier/verify.js";
import { logPins } from "./verifier/witnesses.js";

const EXIT_CODES = { HOLDS: 0, MISROUTED: 1, BROKEN: 1, OPEN: 2 };
const PINS = ["chainId", "registry", "lane", "laneOwner", "anyLane", "logKey", "witnesses", "witnessQuorum"];
const ADDRESS = /^0x[0-9a-f]{40}$/;

/** Exit code of `openledger verify` for a verdict. */
export const exitCode = (verdict) => EXIT_CODES[verdict];

/** What is insisted on, as the verifier compares it; throws TypeError for what no receipt can have. */
export function pinned(pins = {}) {
  const unknown = Object.keys(pins).find((name) => !PINS.includes(name));
  if (unknown) {
    throw new TypeError(`pins.${unknown} is unknown: there are ${PINS.join(", ")}`);
  }
  return {
    chainId: number("chainId", pins.chainId),
    lane: number("lane", pins.lane),
    registry: address("pins.registry", pins.registry),
    laneOwner: address("pins.laneOwner", pins.laneOwner),
    anyLane: pins.anyLane === true,
    log: log(pins),
  };
}

function log({ logKey, witnesses = [], witnessQuorum }) {
  if (logKey != null && witnesses.length === 0) {
    throw new TypeError("The key of a log needs witnesses: nothing else of a receipt is held against it.");
  }
  try {
    return logPins(logKey, witnesses, witnessQuorum);
  } catch (why) {
    throw why instanceof NotANote ? new TypeError(why.message) : why;
  }
}

function number(name, value) {
  if (value == null) {
    return undefined;
  }
  if (!/^[1-9][0-9]{0,18}$/.test(String(value))) {
    throw new TypeError(`pins.${name} must be a positive whole number`);
  }
  // As the reader has it: a Number if that holds it exactly.
  return Number.isSafeInteger(Number(value)) ? Number(value) : BigInt(value);
}

export function address(name, value) {
  const text = value == null ? undefined : String(value).toLowerCase();
  if (text !== undefined && !ADDRESS.test(text)) {
    throw new TypeError(`${name} must be 0x and 40 hexadecimal digits`);
  }
  return text;
}

const nodeOf = (node) => (node == null || typeof node === "object" ? node : new RpcNode(node));

/** Holds a receipt that was read against a node; `promise` is one that was kept from an answer. */
export async function verifyRead(receipt, node, pins, promise) {
  const whole = promise ? { ...receipt, promised: promise } : receipt;
  const silence = noEvidence("no --rpc was given.");
  const evidence = node ? await node.evidence(whole) : silence;
  const ofPlan = whole.ofPlan ? (node ? await node.evidence(whole.ofPlan) : silence) : undefined;
  return verify(whole, evidence, ofPlan, pins);
}

/** Verifies the text of a receipt; index.d.ts has the arguments. Never throws for what a receipt or a node says. */
export async function verifyReceipt(text, { node, pins } = {}) {
  const wanted = pinned(pins);
  let receipt;
  try {
    receipt = readReceipt(text);
  } catch (why) {
    if (why instanceof UnreadableReceipt) {
      return { verdict: "OPEN", verified: false, readable: false, member: memberOf(why), why: why.message, checks: [] };
    }
    throw why;
  }
  const { checks, reached, verdict, members } = await verifyRead(receipt, nodeOf(node), wanted);
  const value = (path) => valueOf(receipt.content.get(path));
  return {
    verdict,
    verified: verdict === "HOLDS",
    readable: true,
    request: receipt.request,
    claimed: receipt.level,
    why: CONCLUSIONS[verdict],
    ...(reached && { reached, meaning: MEANINGS[reached] }),
    checks,
    proved: Object.fromEntries([...members.proved.keys()].map((path) => [path, value(path)])),
    unchecked: members.unchecked,
    routersWord: Object.fromEntries(
      [...members.word].map(([path, there]) => [path, there === null ? null : value(path)]),
    ),
    notProved: NOT_PROVED,
  };
}

/** A member as a program wants it; a number beyond what a Number holds is its text. */
function valueOf({ kind, text }) {
  switch (kind) {
    case "number":
    case "decimal":
    case "array":
      return Number.isSafeInteger(Number(text)) || kind === "decimal" ? Number(text) : text;
    case "truth":
      return text === "true";
    case "text":
      return text;
    default:
      return null;
  }
}
