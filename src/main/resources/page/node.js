// What a node of the chain says about a receipt: the questions of openledger.verifier.EvidenceReader, by JSON-RPC. A node that
// says nothing is silence with a reason, and never a failure.

import { concat, bigEndian, fromHex, hex, toBigInt, utf8, word } from "./bytes.js";
import { ZERO_HASH, encodeHeader, promiseDigest } from "./commitments.js";
import { HEADER_TYPE, committed, policies, policiesOf } from "./events.js";
import { gateOf } from "./gate.js";
import { keccak256 } from "./keccak.js";
import { NotALeaf, decode } from "./leaf.js";
import { recover } from "./signer.js";

const NOT_ANCHORED = "the receipt does not say that it is on chain";
const LONGEST_ANSWER_MILLIS = 10_000;
const LONGEST_MESSAGE = 200;
const NO_PROMISE = "the receipt has no promise";
const LARGEST_INT64 = (1n << 63n) - 1n;
const LARGEST_UINT64 = "0x" + "0".repeat(48) + "f".repeat(16);

export const said = (value) => ({ said: true, value });
export const silent = (why) => ({ said: false, why });

/** The node did not answer, or not what was asked. */
export class NodeSilence extends Error {}

/** All of it silent, for one reason. */
export function noEvidence(why) {
  const silence = silent(why);
  return {
    chainId: silence,
    registryCode: silence,
    batchRecord: silence,
    transaction: silence,
    committed: silence,
    canonical: silence,
    tags: silence,
    leafVerified: silence,
    upTo: silence,
    policies: silence,
    laneOwner: silence,
    signerRetiredAt: silence,
    promiseSigner: silence,
    headSignerRetiredAt: silence,
    gate: silence,
  };
}

/** A node at an address. */
export class Node {
  constructor(url) {
    this.url = url;
  }

  /** Answers to several questions, `[method, parameters]` each, in their order and in one trip if the node takes that. */
  async ask(...questions) {
    const all = questions.map(([method, params], id) => ({ jsonrpc: "2.0", id, method, params }));
    const together = await this.post(all);
    const answers = Array.isArray(together)
      ? together
      : await Promise.all(all.map((question) => this.post(question)));
    return all.map(
      ({ id, method }) =>
        answers.find((answer) => answer?.id === id) ?? {
          error: { message: `the node did not answer ${method}` },
        },
    );
  }

  async post(body) {
    let answer;
    try {
      answer = await fetch(this.url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        credentials: "omit",
        referrerPolicy: "no-referrer",
        redirect: this.redirect,
        signal: AbortSignal.timeout(LONGEST_ANSWER_MILLIS),
      });
      return await this.read(answer);
    } catch {
      throw this.unheard(answer);
    }
  }

  /** The JSON of an answer. A program, which is no page, has other bounds and other words. */
  read(answer) {
    return answer.json();
  }

  unheard(answer) {
    return new NodeSilence(
      answer
        ? `the node answers ${answer.status} and no JSON.`
        : "the node cannot be reached from this page, or does not allow pages to ask it.",
    );
  }

  /** All that it can testify about a receipt. */
  async evidence(receipt) {
    try {
      return await this.testify(receipt);
    } catch (why) {
      if (why instanceof NodeSilence) {
        return noEvidence(why.message);
      }
      throw why;
    }
  }

  async testify(receipt) {
    const { header, anchor, promised, signedHead } = receipt;
    const call = (data) => ["eth_call", [{ to: header.registry, data: hex(data) }, "latest"]];
    const route = routeOf(receipt);
    const questions = [
      ["eth_chainId", []],
      ["eth_getCode", [header.registry, "latest"]],
      call(calldata("batchRecord(uint64,uint64)", number(header.lane), number(header.sequence))),
      call(calldata("laneOf(uint64)", number(header.lane))),
      ["eth_getBlockByNumber", ["latest", false]],
      ["eth_getBlockByNumber", ["safe", false]],
      ["eth_getBlockByNumber", ["finalized", false]],
    ];
    if (anchor) {
      questions.push(call(verifyLeaf(receipt)), ["eth_getTransactionReceipt", [anchor.transaction]]);
    }
    if (route !== null) {
      questions.push(call(calldata("routeOf(uint64,uint16)", number(header.lane), number(route))));
    }
    for (const { signer } of [promised, signedHead].filter(Boolean)) {
      questions.push(call(calldata("signerRetiredAt(uint64,address)", number(header.lane), word(fromHex(signer)))));
    }
    const [chainId, code, record, laneOf, latest, safe, finalized, ...rest] = await this.ask(...questions);
    const verified = anchor && rest.shift();
    const sent = anchor && rest.shift();
    const budget = route !== null && rest.shift();
    const retired = (signed, none) => {
      const answer = signed && rest.shift();
      return answer ? hear(() => retiredAt(answer)) : silent(none);
    };
    const transaction = anchor ? await heard(() => this.inclusion(anchor.transaction)) : silent(NOT_ANCHORED);
    return {
      chainId: hear(() => toNumber("eth_chainId", chainId.result)),
      registryCode: hear(() => {
        const found = bytes("eth_getCode", code);
        return found.length === 0 ? ZERO_HASH : hex(keccak256(found));
      }),
      batchRecord: hear(() => {
        const answer = bytes("batchRecord", record);
        return answer.length === 0 ? ZERO_HASH : hex(words("batchRecord", answer, 1)[0]);
      }),
      transaction,
      committed: anchor ? hear(() => committed(header, sent)) : silent(NOT_ANCHORED),
      canonical:
        transaction.said && transaction.value
          ? await heard(() => this.canonical(transaction.value.number))
          : silent("no block is known to have the transaction"),
      tags: hear(() => tags(latest, safe, finalized)),
      leafVerified: anchor ? hear(() => truth("verifyLeaf", bytes("verifyLeaf", verified))) : silent(NOT_ANCHORED),
      upTo: route === null ? silent("the leaf names no route") : hear(() => upTo(budget)),
      policies: await this.policies(receipt),
      laneOwner: owner(laneOf),
      signerRetiredAt: retired(promised, NO_PROMISE),
      promiseSigner: signer(receipt),
      headSignerRetiredAt: retired(signedHead, "the receipt has no signed head"),
      gate: await heard(() => gateOf(this, receipt, laneOf, latest)),
    };
  }

  /** All that the lane has published; only a record needs them. */
  async policies({ header, content }) {
    return content.size === 0
      ? silent("nothing in the receipt needs them")
      : heard(async () => policies((await this.ask(policiesOf(header)))[0]));
  }

  /** The block of a transaction; null if it is in none. */
  async inclusion(hash) {
    const receipt = orNone("the receipt", (await this.ask(["eth_getTransactionReceipt", [hash]]))[0]);
    if (receipt === null || receipt.blockNumber == null) {
      return null;
    }
    if (hashOf("receipt.transactionHash", receipt.transactionHash) !== hash) {
      throw malformed("receipt.transactionHash");
    }
    const block = {
      number: toNumber("receipt.blockNumber", receipt.blockNumber),
      hash: receipt.blockHash == null ? ZERO_HASH : hashOf("receipt.blockHash", receipt.blockHash),
    };
    // Most nodes write the block's time beside each event.
    const stamp = receipt.logs?.[0]?.blockTimestamp;
    if (stamp != null) {
      return { ...block, timeSeconds: toNumber("logs.blockTimestamp", stamp) };
    }
    const found = (await this.ask(["eth_getBlockByHash", [block.hash, false]]))[0].result;
    return { ...block, timeSeconds: found ? toNumber("block.timestamp", found.timestamp) : 0 };
  }

  /** The hash of the chain's block of that number; null if there is none yet. */
  async canonical(height) {
    const asked = ["eth_getBlockByNumber", ["0x" + height.toString(16), false]];
    const block = orNone("a block", (await this.ask(asked))[0]);
    return block === null ? null : hashOf("block.hash", block.hash);
  }
}

export function hear(reading) {
  try {
    return said(reading());
  } catch (why) {
    return silence(why);
  }
}

export const heard = (reading) => reading().then(said, silence);

function silence(why) {
  if (why instanceof NodeSilence) {
    return silent(why.message);
  }
  throw why;
}

export const malformed = (member) => new NodeSilence(`a node's answer is malformed: ${member}`);

/** A node's words, fit to be shown: printable ASCII, not long. */
function cleaned(message) {
  return typeof message === "string"
    ? message.slice(0, LONGEST_MESSAGE).replace(/[^ -~]/g, "?")
    : "without a reason";
}

/** What a node has, null if nothing; a refusal must not pass for nothing. */
export function orNone(what, answer) {
  if (answer.error) {
    throw new NodeSilence(`a node refuses ${what}: ${cleaned(answer.error.message)}`);
  }
  return answer.result ?? null;
}

export function bytes(what, answer) {
  const value = fromHex(orNone(what, answer));
  if (!value) {
    throw malformed(what);
  }
  return value;
}

export function toNumber(member, text) {
  const value = typeof text === "string" && /^0x[0-9a-fA-F]{1,64}$/.test(text) ? BigInt(text) : null;
  if (value === null || value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw malformed(member);
  }
  return Number(value);
}

export function hashOf(member, text) {
  const value = fromHex(text);
  if (value?.length !== 32) {
    throw malformed(member);
  }
  return hex(value);
}

export function words(what, answer, atLeast) {
  if (answer.length % 32 !== 0 || answer.length < 32 * atLeast) {
    throw malformed(what);
  }
  return Array.from({ length: answer.length / 32 }, (_, i) => answer.slice(32 * i, 32 * i + 32));
}

const truth = (what, answer) =>
  answer.length !== 0 && toNumber(what, hex(words(what, answer, 1)[0])) === 1;

function tags(latest, safe, finalized) {
  const height = (answer) =>
    answer.result == null ? null : toNumber("block.number", answer.result.number);
  if (height(latest) === null) {
    throw malformed("the newest block");
  }
  return { latest: height(latest), safe: height(safe), finalized: height(finalized) };
}

/** Cumulative attempts of each tier, best first: a byte each, the first in the lowest; none if there is no such route. */
function upTo(answer) {
  const result = bytes("routeOf", answer);
  const packed = result.length === 0 ? 0n : toBigInt(words("routeOf", result, 2)[0]);
  if (packed > LARGEST_INT64) {
    throw malformed("routeOf");
  }
  const tiers = [];
  for (let left = packed; left !== 0n; left >>= 8n) {
    tiers.push(Number(left & 0xffn));
  }
  return tiers;
}

/** Until when a key signs: 0 if it never did, Infinity while it does, else Unix seconds. */
function retiredAt(answer) {
  const value = hex(words("signerRetiredAt", bytes("signerRetiredAt", answer), 1)[0]);
  return value === LARGEST_UINT64 ? Infinity : toNumber("signerRetiredAt", value);
}

function owner(answer) {
  const account = hear(() => hex(words("laneOf", bytes("laneOf", answer), 5)[0].slice(12)));
  return account.said && /^0x0*$/.test(account.value) ? silent("nobody has opened the lane") : account;
}

function signer({ promised }) {
  if (!promised) {
    return silent(NO_PROMISE);
  }
  const account = recover(promiseDigest(promised, promised.chainId, promised.registry), promised.signature);
  return said(account);
}

function routeOf(receipt) {
  try {
    return decode(fromHex(receipt.leaf)).route;
  } catch (why) {
    if (why instanceof NotALeaf) {
      return null;
    }
    throw why;
  }
}

export const number = (value) => bigEndian(value, 32);

export function calldata(signature, ...parts) {
  return concat(keccak256(utf8(signature)).slice(0, 4), ...parts);
}

/** verifyLeaf(header, committedAt, leaf, index, path): 20 + 4 words, then what the two offsets point to. */
function verifyLeaf({ header, anchor, leaf, proof }) {
  const head = 32 * 24;
  const leafBytes = fromHex(leaf);
  const path = proof.path.map(fromHex);
  return calldata(
    `verifyLeaf(${HEADER_TYPE},uint64,bytes,uint64,bytes32[])`,
    encodeHeader(header),
    number(anchor.committedAt),
    number(head),
    number(proof.index),
    number(head + 32 + leafBytes.length),
    number(leafBytes.length),
    leafBytes,
    number(path.length),
    ...path.map(word),
  );
}
