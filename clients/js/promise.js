// The promise that comes with an answer (`openledger-promise`): checked on the spot, with nothing but the body that was sent.

import { bytesOf, fromHex, hex, utf8, concat } from "./verifier/bytes.js";
import { KINDS, promiseDigest, requestKey } from "./verifier/commitments.js";
import { LONGEST_PROMISE, REGISTRY, elsewhere, misfit } from "./verifier/chain.js";
import { failed, passed, unchecked } from "./verifier/finding.js";
import { sha256 } from "./verifier/sha256.js";
import { recover } from "./verifier/signer.js";
import { address, pinned } from "./receipt.js";

export const HEADER = "openledger-promise";
const LONGEST_HEADER = 4096;
/** Seconds by which the clock here may be behind the router's, or before it. */
const MOST_SKEW = 300;
const LONG = 2n ** 63n - 1n;
const INTEGERS = ["lane", "anchor_by", "signed_at", "kind", "chain_id"];
const STRINGS = { signature: 65, registry: 20, request: null, request_key: 32, leaf_hash: 32, salt: 16 };

/** The header is no promise; the message names the member. */
export class MalformedPromise extends Error {}

/** Reads the header, a dictionary of RFC 9651: each member once, and no other. */
export function readPromise(header) {
  if (typeof header !== "string" || header.length > LONGEST_HEADER) {
    throw new MalformedPromise(`the header must have at most ${LONGEST_HEADER} characters`);
  }
  const found = new Map();
  for (const part of header.split(",")) {
    const [, name, text, digits] = /^[ \t]*([a-z_]+)=(?:"([0-9a-zA-Z]*)"|(\d{1,19}))[ \t]*$/.exec(part) ?? [];
    if (name === undefined || found.has(name) || !(INTEGERS.includes(name) || name in STRINGS)) {
      throw new MalformedPromise("the header must be a dictionary of RFC 9651, with each member of a promise once and no other");
    }
    found.set(name, text ?? BigInt(digits));
  }
  for (const name of INTEGERS) {
    const value = found.get(name);
    if (typeof value !== "bigint" || value > LONG) {
      throw new MalformedPromise(`${name} must be a whole number from 0 to ${LONG}`);
    }
  }
  for (const [name, length] of Object.entries(STRINGS)) {
    const value = found.get(name);
    const form = length === null ? /^[0-9a-f]{32}$/ : new RegExp(`^0x[0-9a-f]{${2 * length}}$`);
    if (typeof value !== "string" || !form.test(value)) {
      throw new MalformedPromise(
        length === null
          ? `${name} must be 32 lower-case hexadecimal digits`
          : `${name} must be 0x and ${2 * length} lower-case hexadecimal digits`,
      );
    }
  }
  const number = (name) => (found.get(name) <= Number.MAX_SAFE_INTEGER ? Number(found.get(name)) : found.get(name));
  const kind = Object.keys(KINDS).find((word) => KINDS[word] === number("kind"));
  if (!kind) {
    throw new MalformedPromise("kind must be 1 or 2");
  }
  return {
    lane: number("lane"),
    request: found.get("request"),
    requestKey: found.get("request_key"),
    kind,
    leafHash: found.get("leaf_hash"),
    signedAt: number("signed_at"),
    anchorBy: number("anchor_by"),
    chainId: number("chain_id"),
    registry: found.get("registry"),
    salt: found.get("salt"),
    signature: found.get("signature"),
  };
}

/** The value of a header among headers of any kind: those of fetch, a Map, an object, or the value itself. */
function valueOf(headers, name) {
  if (typeof headers === "string" || headers == null) {
    return name === HEADER ? headers : undefined;
  }
  if (typeof headers.get === "function") {
    return headers.get(name) ?? undefined;
  }
  const found = Object.entries(headers).find(([other]) => other.toLowerCase() === name);
  return found && String(found[1]);
}

/** SHA-256 of a body, and of that with a nonce if there is one. */
export function requestDigest(body, nonce = "") {
  const digest = sha256(bytesOf(body));
  return hex(nonce === "" ? digest : sha256(concat(digest, utf8(nonce))));
}

/** Checks the promise of an answer; index.d.ts has the arguments. */
export function checkPromise(headers, body, { pins, signer: expected, nonce = "", now = Date.now() / 1000 } = {}) {
  const wanted = pinned(pins);
  const wantedSigner = address("signer", expected);
  const header = valueOf(headers, HEADER);
  if (header === undefined || header === null) {
    return unchecked("The answer has no promise.");
  }
  if (header === "none") {
    return unchecked("The router could not sign a promise in time.");
  }
  let promise;
  try {
    promise = readPromise(header);
  } catch (why) {
    if (why instanceof MalformedPromise) {
      return failed(`The promise cannot be read: ${why.message}.`);
    }
    throw why;
  }
  const signer = recover(promiseDigest(promise, promise.chainId, promise.registry), promise.signature);
  const found =
    objection(promise, requestDigest(body, nonce), wanted, now) ??
    answered(promise, valueOf(headers, "openledger-request")) ??
    signed(signer, wantedSigner);
  return { ...found, promise, ...(signer && { signer }) };
}

function objection(promise, digest, { chainId, registry = REGISTRY, lane }, now) {
  const found =
    elsewhere(promise, lane ?? promise.lane, registry, chainId ?? promise.chainId) ??
    ofAnotherLane(promise) ??
    misfit(promise, requestKey(promise.request, digest, promise.salt));
  if (found) {
    return found;
  }
  if (promise.anchorBy < now - MOST_SKEW) {
    // It may be an old one, of an equal body.
    return failed(`The promise was due by ${promise.anchorBy}, more than five minutes ago.`);
  }
  return promise.anchorBy > now + LONGEST_PROMISE + MOST_SKEW
    ? failed(`The promise is due by ${promise.anchorBy}, more than an hour from now.`)
    : undefined;
}

const ofAnotherLane = ({ lane, request }) =>
  BigInt("0x" + request.slice(0, 16)) === BigInt(lane)
    ? null
    : failed(`The promise is of lane ${lane}, but its request ${request} is of another.`);

function answered({ request }, answer) {
  return answer !== undefined && answer !== request
    ? failed(`The promise is about request ${request}, but the answer is of request ${answer}.`)
    : undefined;
}

function signed(signer, expected) {
  if (!signer) {
    return failed("The promise's signature is not valid.");
  }
  if (expected === undefined) {
    return unchecked(
      `The promise was signed by ${signer}; whether that is a signing key of the lane is not known: name the signer that you expect.`,
    );
  }
  return signer === expected
    ? passed(`The promise is about this request, and ${signer} signed it, as expected.`)
    : failed(`The promise was signed by ${signer}, not by ${expected} as expected.`);
}
