// A receipt against a node of the chain, or the key of a log, in the words of `openledger verify`.

import { memberOf } from "./printer.js";
import { RpcNode } from "./rpc.js";
import { bytesOf, fromHex } from "./verifier/bytes.js";
import { isLogged, readForm, refuse } from "./verifier/envelope.js";
import { LOG_CONCLUSIONS, NOT_PROVED_BY_LOG, verifyLogged } from "./verifier/logged.js";
import { noEvidence } from "./verifier/node.js";
import { UnreadableReceipt } from "./verifier/receipt.js";
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

/** Reads a receipt of any form from its bytes and holds it against what there is; `check` may throw for what it is. */
export async function verifyBytes(bytes, node, pins, leaf, check) {
  try {
    const receipt = readForm(bytes);
    check(receipt, pins);
    return isLogged(receipt)
      ? verifyLogged(receipt, pins.log, leaf)
      : { receipt, ...(await verifyRead(receipt, node, pins)) };
  } catch (why) {
    if (why instanceof UnreadableReceipt) {
      return { verdict: "OPEN", unreadable: why };
    }
    throw why;
  }
}

export const isUseless = ({ log }, leaf) => leaf || (log.key && log.witnesses.length === 0);

/** The bytes of a leaf behind 0x; throws TypeError for what is none. */
export function leafOf(text) {
  const leaf = text == null ? undefined : fromHex(text);
  if (leaf !== undefined && leaf?.length !== 96) {
    throw new TypeError("leaf must be 0x and 192 hexadecimal digits");
  }
  return leaf;
}

/** Verifies a receipt; index.d.ts has the arguments. Never throws for what a receipt or a node says. */
export async function verifyReceipt(given, { node, pins, leaf: hex } = {}) {
  const leaf = leafOf(hex);
  const found = await verifyBytes(bytesOf(given), nodeOf(node), pinned(pins), leaf, (receipt, wanted) => {
    refuse(receipt, wanted);
    if (!isLogged(receipt) && isUseless(wanted, leaf)) {
      throw new UnreadableReceipt("A leaf, and the key of a log without witnesses, are for COSE and tlog-proof; this receipt is JSON.");
    }
  });
  const { receipt, checks, reached, verdict, members, unreadable } = found;
  if (unreadable) {
    return { verdict, verified: false, readable: false, member: memberOf(unreadable), why: unreadable.message, checks: [] };
  }
  if (!receipt) {
    const why = LOG_CONCLUSIONS[verdict];
    return { verdict, verified: verdict === "HOLDS", readable: true, why, checks, proved: found.proved, notProved: NOT_PROVED_BY_LOG };
  }
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
