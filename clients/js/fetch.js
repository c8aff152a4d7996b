// A fetch for the OpenAI and Anthropic SDKs that asks for a promise with each answer, checks it on the spot, and proves later that it was
// kept. An answer is never held back or changed: what is wrong is reported.

import { DECIDES } from "./printer.js";
import { HEADER, checkPromise } from "./promise.js";
import { address, pinned, verifyRead } from "./receipt.js";
import { RpcNode, textOf } from "./rpc.js";
import { bytesOf } from "./verifier/bytes.js";
import { readLeaf } from "./verifier/finding.js";
import { NodeSilence } from "./verifier/node.js";
import { UnreadableReceipt, readReceipt } from "./verifier/receipt.js";

const PATH = /^(.*)\/v1\/(chat\/completions|completions|embeddings|responses|messages(\/count_tokens)?)$/;
const UNRESERVED = /%(4[1-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a]|3\d|2[de]|5f|7e)/gi;
const CREDENTIALS = ["authorization", "x-api-key", "api-key"];
const LARGEST_RECEIPT = 1 << 20;
const LONGEST_MILLIS = 10_000;
const AT_ONCE = 4;
/** A node that is a block behind refutes what is genuine: a later look has to say it too. */
const SECOND_LOOK_MILLIS = 10_000;

/** Wraps a fetch; index.d.ts has the options. */
export function openledgerFetch(
  fetch,
  { node, pins, signer, most = 1000, every = 30_000, onUnproved = () => {}, now = Date.now } = {},
) {
  const expected = address("signer", signer);
  if (pins?.logKey != null && !pins.witnesses?.length) {
    throw new TypeError("The key of a log needs witnesses: nothing else of a receipt in JSON is held against it.");
  }
  const watch = new Watch({ fetch, node: new RpcNode(node), pins: pinned(pins), most, every, onUnproved, now });
  const wrapped = async (input, init = {}) => {
    const sent = await requestOf(input, init);
    if (!sent?.body) {
      const answer = await fetch(input, init);
      const request = answer.headers.get("openledger-request");
      if (sent) {
        watch.report({ request, status: answer.status, why: "The body was a stream, so no promise was checked." });
      } else if (answer.ok && request !== null) {
        watch.report({ request, status: answer.status, why: "The answer has no promise." });
      }
      return answer;
    }
    const answer = await fetch(input, { ...init, headers: sent.headers });
    const options = { pins, signer: expected, nonce: sent.headers.get("openledger-nonce") ?? "", now: now() / 1000 };
    watch.add(sent, answer, checkPromise(answer.headers, sent.body, options));
    return answer;
  };
  return Object.assign(wrapped, {
    /** Promises that are wrong or were not kept, oldest first. */
    unproved: () => [...watch.unproved],
    /** Numbers of answers: checked, proved, pending and unproved. */
    counts: () => ({ ...watch.counts, pending: watch.pending.size }),
    /** Looks for the proof of each promise that waits. */
    prove: () => watch.prove(),
    /** Ends the looks; what waits stays. */
    close: () => watch.stop(),
  });
}

/** A path as the router's routes compare it; URL has resolved dot segments. */
const normalized = (path) =>
  path
    .replace(UNRESERVED, (_, code) => String.fromCharCode(parseInt(code, 16)))
    .replace(/\/+/g, "/")
    .replace(/\/$/, "");

/** What of a call is checked; null if it is no inference. */
async function requestOf(input, init) {
  const isRequest = typeof Request === "function" && input instanceof Request;
  const url = new URL(isRequest ? input.url : input, globalThis.location?.href);
  const [, prefix] = PATH.exec(normalized(url.pathname)) ?? [];
  const method = init.method ?? (isRequest ? input.method : "GET");
  if (prefix === undefined || method.toUpperCase() !== "POST") {
    return null;
  }
  const body = init.body ?? (isRequest ? await input.clone().arrayBuffer() : null);
  if (typeof body !== "string" && !(body instanceof ArrayBuffer) && !ArrayBuffer.isView(body)) {
    return { body: null };
  }
  const headers = new Headers(init.headers ?? (isRequest ? input.headers : undefined));
  headers.set("openledger-receipt", "signed");
  // A copy: the caller may use its buffer again while the answer comes.
  return { body: bytesOf(body).slice(), headers, receipts: `${url.origin}${prefix}/v1/receipts/` };
}

class Watch {
  constructor(settings) {
    Object.assign(this, settings);
    this.pending = new Map();
    this.unproved = [];
    this.counts = { checked: 0, proved: 0, unproved: 0 };
    this.timer = null;
    this.round = null;
  }

  add({ headers, receipts }, answer, { finding, text, promise, signer }) {
    this.counts.checked++;
    const request = promise?.request ?? answer.headers.get("openledger-request");
    const entry = { request, status: answer.status, promise, signer, why: text };
    if (!promise && !answer.ok && answer.headers.get(HEADER) === null) {
      // An error before there is a record promises nothing.
      return;
    }
    if (!promise || finding === "FAILED") {
      this.report(entry);
    } else if (this.pending.size >= this.most) {
      this.report({ ...entry, why: `As many promises as are kept wait for their proof: ${this.most}.` });
    } else {
      const credentials = CREDENTIALS.filter((name) => headers.has(name)).map((name) => [name, headers.get(name)]);
      if (!this.pending.has(promise.signature)) {
        this.pending.set(promise.signature, { entry, at: receipts + request, credentials });
      }
      this.start();
    }
  }

  report(entry) {
    this.counts.unproved++;
    this.unproved.push(entry);
    if (this.unproved.length > this.most) {
      this.unproved.shift();
    }
    try {
      this.onUnproved(entry);
    } catch (why) {
      // The caller's own mistake must not fail the answer that it is about.
      queueMicrotask(() => {
        throw why;
      });
    }
  }

  start() {
    if (this.every > 0 && this.timer === null) {
      this.timer = setInterval(() => this.prove(), this.every);
      this.timer.unref?.();
    }
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
  }

  /** One round at a time. */
  prove() {
    this.round ??= this.proveAll().finally(() => {
      this.round = null;
    });
    return this.round;
  }

  async proveAll() {
    const waiting = [...this.pending];
    const worker = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        await this.proveOne(...next);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (this.pending.size === 0) {
      this.stop();
    }
  }

  async proveOne(key, waiting) {
    const { entry, at, credentials } = waiting;
    const now = this.now();
    const isDue = now / 1000 > entry.promise.anchorBy;
    const { why, verdict } = await this.look(at, credentials, entry);
    waiting.refuted = verdict === "BROKEN" ? (waiting.refuted ?? now) : undefined;
    if (verdict === "HOLDS") {
      this.pending.delete(key);
      this.counts.proved++;
    } else if (isDue || verdict === "MISROUTED" || now - waiting.refuted >= SECOND_LOOK_MILLIS) {
      this.pending.delete(key);
      this.report({ ...entry, ...(verdict && { verdict }), why });
    }
  }

  /** What the receipt proves by now. */
  async look(at, credentials, { promise, signer }) {
    let receipt;
    try {
      const answer = await this.fetch(at, { headers: credentials, redirect: "error", signal: AbortSignal.timeout(LONGEST_MILLIS) });
      const text = await textOf(answer, LARGEST_RECEIPT);
      if (!answer.ok) {
        return { why: `The router answers ${answer.status} in place of the receipt.` };
      }
      receipt = readReceipt(text);
    } catch (why) {
      return { why: why instanceof UnreadableReceipt ? why.message : "The router gives no receipt." };
    }
    if (receipt.request !== promise.request) {
      return { why: `The receipt is of request ${receipt.request}.` };
    }
    let found;
    try {
      found = await verifyRead(receipt, this.node, this.pins, { ...promise, signer });
    } catch (why) {
      // Nothing that a router sends may end the looks, not even by a mistake of ours, or it would never be reported.
      return { why: why instanceof NodeSilence ? why.message : `The receipt could not be verified: ${why}.` };
    }
    const { verdict, checks } = found;
    // Of a promise of a plan it holds with the outcome's leaf only if that followed the plan.
    if (verdict === "HOLDS" && readLeaf(receipt.leaf).planned) {
      return { verdict: "OPEN", why: "The plan's leaf is on chain, but the outcome's is in no batch yet." };
    }
    const decisive = checks.find(({ finding }) => finding === DECIDES[verdict]);
    return { verdict, why: decisive && `${decisive.title}: ${decisive.text}` };
  }
}
