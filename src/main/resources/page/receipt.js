// Reads a receipt, the answer of GET /v1/receipts/{id}, as openledger.verifier.ReceiptReader does: it may come from anywhere, so every
// value is bounded and what verification needs must be there. Whether the values are true is not asked here.

import { HEADER, KINDS, ZERO_HASH } from "./commitments.js";
import { utf8 } from "./bytes.js";
import { Decimal, NotJson, flatten, parse } from "./json.js";
import { LONGEST_NOTE } from "./note.js";

export const LEVELS = ["RECORDED", "ACCEPTED", "PRECONFIRMED", "SEQUENCED", "SAFE", "FINALIZED", "SETTLED"];

export const LARGEST = 1 << 20;
export const TOO_LONG = `A receipt has at most ${LARGEST} bytes.`;
const LONG = 2n ** 63n - 1n;
const INT = 2 ** 31 - 1;
const MOST_NEIGHBOURS = 63;
const MOST_ATTEMPTS = 255;
const LONGEST_ID = 255;
const LONGEST_NONCE = 64;

const isObject = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Decimal);

/** This cannot be checked; the message says why, and names the member. */
export class UnreadableReceipt extends Error {}

/** The members of one object: each of its type and within its bounds, or it is named. */
class Members {
  constructor(object, path) {
    this.object = object;
    this.path = path;
  }

  has(name) {
    return Object.hasOwn(this.object, name) && this.object[name] !== null;
  }

  wrong(name, message) {
    return new UnreadableReceipt(`${this.path}${name}: ${message}`);
  }

  value(name) {
    if (!this.has(name)) {
      throw this.wrong(name, "is missing");
    }
    return this.object[name];
  }

  require(holds, name, message) {
    if (!holds) {
      throw this.wrong(name, message);
    }
  }

  child(name) {
    const value = this.value(name);
    this.require(isObject(value), name, "must be an object");
    return new Members(value, `${this.path}${name}.`);
  }

  childIfThere(name) {
    return this.has(name) ? this.child(name) : null;
  }

  number(name, least, most) {
    const value = this.value(name);
    const isWhole = typeof value === "number" || typeof value === "bigint";
    this.require(isWhole && value >= least && value <= most, name, `must be a whole number from ${least} to ${most}`);
    return value;
  }

  truth(name) {
    const value = this.value(name);
    this.require(typeof value === "boolean", name, "must be true or false");
    return value;
  }

  /** An amount in wei. */
  amount(name) {
    const value = this.value(name);
    const isAmount = typeof value === "string" && /^(?:0|[1-9][0-9]{0,38})$/.test(value) && BigInt(value) >> 128n === 0n;
    this.require(isAmount, name, "must be a string of decimal digits, below 2^128");
    return BigInt(value);
  }

  text(name, mostBytes) {
    return this.textOf(this.value(name), name, mostBytes);
  }

  textOf(value, name, mostBytes) {
    this.require(
      typeof value === "string" && utf8(value).length <= mostBytes,
      name,
      `must be a string of at most ${mostBytes} bytes`,
    );
    return value;
  }

  bytes(name, length) {
    return this.bytesOf(this.value(name), name, length);
  }

  bytesOf(value, name, length) {
    this.require(
      typeof value === "string" && value.length === 2 + 2 * length && /^0x[0-9a-f]*$/.test(value),
      name,
      `must be 0x and ${2 * length} lower-case hexadecimal digits`,
    );
    return value;
  }

  list(name, most, read) {
    const value = this.value(name);
    this.require(Array.isArray(value) && value.length <= most, name, `must be an array of at most ${most}`);
    return value.map((item, i) => read(item, `${name}[${i}]`));
  }
}

function level(members) {
  const word = members.text("level", 32);
  members.require(LEVELS.includes(word), "level", `must be one of [${LEVELS.join(", ")}]`);
  return word;
}

function nonce(commitment) {
  if (!commitment.has("nonce")) {
    return "";
  }
  const text = commitment.text("nonce", LONGEST_NONCE);
  commitment.require(/^[\x20-\x7e]+$/.test(text), "nonce", "must be 1 to 64 printable ASCII characters");
  return text;
}

const LENGTHS = { address: 20, bytes32: 32 };
const MOST = { version: 2, count: INT, outcomes: INT };

const header = (batch) =>
  Object.fromEntries(
    HEADER.map(([name, type, least]) => [
      name,
      type in LENGTHS ? batch.bytes(name, LENGTHS[type]) : batch.number(name, least, MOST[name] ?? LONG),
    ]),
  );

/** Where the batch is; null if its transaction is in no block yet. */
function anchor(members) {
  const transaction = members.childIfThere("transaction");
  if (!transaction?.has("block_number")) {
    return null;
  }
  return {
    transaction: transaction.bytes("hash", 32),
    blockNumber: transaction.number("block_number", 0, LONG),
    blockHash: transaction.bytes("block_hash", 32),
    committedAt: members.child("batch").number("committed_at", 0, LONG),
  };
}

/** A checkpoint with the leaf; what the receipt says of a quorum is nothing to hold against. */
function witnessed(members) {
  const there = members.childIfThere("witnessed");
  if (!there?.has("checkpoint") && !there?.has("inclusion")) {
    return null;
  }
  return {
    checkpoint: there.text("checkpoint", LONGEST_NOTE),
    inclusion: there.list("inclusion", MOST_NEIGHBOURS, (item, name) => there.bytesOf(item, name, 32)),
  };
}

/** What is said to stand behind the batch. */
const staked = (of) =>
  of && {
    vault: of.bytes("vault", 20),
    active: of.amount("active"),
    leafPenalty: of.amount("leaf_penalty"),
    promisePenalty: of.amount("promise_penalty"),
    challengeableUntil: of.number("challengeable_until", 0, LONG),
    isPunished: of.truth("punished"),
  };

const signature = (of) => of && { signature: of.bytes("signature", 65), signer: of.bytes("signer", 20) };

/** Read in the order of the command, so that of several things that are wrong both name the same. */
function committed(members) {
  const claimed = level(members);
  const leaf = members.bytes("leaf", 96);
  const proof = members.child("proof");
  return {
    leaf,
    proof: {
      index: proof.number("index", 0, LONG),
      size: proof.number("size", 1, LONG),
      path: proof.list("path", MOST_NEIGHBOURS, (item, name) => proof.bytesOf(item, name, 32)),
    },
    header: header(members.child("batch")),
    head: members.child("batch").bytes("head", 32),
    level: claimed,
    anchor: anchor(members),
    witnessed: witnessed(members),
    signedHead: signature(members.child("batch").childIfThere("signed_head")),
    stake: staked(members.childIfThere("stake")),
  };
}

/** What the attempts took; a number that the provider does not say stays undefined. */
function usage(commitment) {
  const attempts = commitment.list("usage", MOST_ATTEMPTS, (item, name) => {
    commitment.require(isObject(item), name, "must be an object");
    const attempt = new Members(item, `${commitment.path}${name}.`);
    const tokens = (member) => (attempt.has(member) ? attempt.number(member, 0, LONG) : undefined);
    return {
      attempt: attempt.number("attempt", 1, MOST_ATTEMPTS),
      input: tokens("input"),
      cached: tokens("cached"),
      cache_written: tokens("cache_written"),
      output: tokens("output"),
      reasoning: tokens("reasoning"),
      model: attempt.has("model") ? attempt.text("model", LONGEST_ID) : "",
    };
  });
  return { attempts, priceTable: commitment.has("price_table") ? commitment.bytes("price_table", 32) : ZERO_HASH };
}

const NO_USAGE = { attempts: [], priceTable: ZERO_HASH };

function kind(promise) {
  const word = promise.text("kind", 32);
  const words = Object.keys(KINDS);
  promise.require(words.includes(word), "kind", `must be one of [${words.join(", ")}]`);
  return word;
}

function promised(root) {
  const promise = root.childIfThere("promise");
  return (
    promise && {
      lane: promise.number("lane", 1, LONG),
      requestKey: promise.bytes("request_key", 32),
      kind: kind(promise),
      leafHash: promise.bytes("leaf_hash", 32),
      signedAt: promise.number("signed_at", 0, LONG),
      anchorBy: promise.number("anchor_by", 0, LONG),
      chainId: promise.number("chain_id", 1, LONG),
      registry: promise.bytes("registry", 20),
      ...signature(promise),
    }
  );
}

export const NO_OBJECT = "It must be one JSON object of at most 16 levels, each member once.";

/** The tree of a text, and all its members by their paths. */
function tree(text) {
  if (utf8(text).length > LARGEST) {
    throw new UnreadableReceipt(TOO_LONG);
  }
  let value;
  try {
    value = parse(text);
  } catch (why) {
    throw why instanceof NotJson ? new UnreadableReceipt(NO_OBJECT) : why;
  }
  if (!isObject(value)) {
    throw new UnreadableReceipt("It is not a JSON object.");
  }
  return [value, flatten(value)];
}

/** Reads the text of a receipt; throws UnreadableReceipt if it is none, or of a request that is in no batch yet. */
export function readReceipt(text) {
  const [members, content] = tree(text);
  const root = new Members(members, "");
  const request = root.text("request", 32);
  root.require(/^[0-9a-f]{32}$/.test(request), "request", "must be 32 lower-case hexadecimal digits");
  level(root);
  const planned = root.childIfThere("planned");
  const ended = root.has("batch") && root.has("leaf");
  if (!ended && !planned) {
    throw new UnreadableReceipt(
      "The request is in no batch yet, so its record is the router's word alone. Get the receipt again later.",
    );
  }
  const commitment = root.child("commitment");
  const digest = commitment.bytes("digest", 32);
  const salt = commitment.bytes("salt", 16);
  const of = {
    request,
    lane: BigInt("0x" + request.slice(0, 16)),
    counter: BigInt("0x" + request.slice(16)),
    digest,
    nonce: nonce(commitment),
    salt,
    responseDigest: ended || commitment.has("response_sha256") ? commitment.bytes("response_sha256", 32) : ZERO_HASH,
    upstreamRequestIds: ended || commitment.has("upstream_request_ids")
      ? commitment.list("upstream_request_ids", MOST_ATTEMPTS, (item, name) =>
          commitment.textOf(item, name, LONGEST_ID),
        )
      : [],
    usage: ended || commitment.has("usage") ? usage(commitment) : NO_USAGE,
  };
  // Of a request whose outcome is in no batch yet, the plan is the leaf.
  return {
    ...of,
    ...committed(ended ? root : planned),
    promised: promised(root),
    content,
    ofPlan: ended && planned ? { ...of, ...committed(planned), promised: null, content: new Map(), ofPlan: null } : null,
  };
}
