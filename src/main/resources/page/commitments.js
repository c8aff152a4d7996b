// What binds a leaf to a request, a leaf to a root, and a header to the chain. The same as openledger.commitment, to the byte:
// contracts/vectors holds both.

import { bigEndian, concat, fromHex, hex, utf8, word } from "./bytes.js";
import { keccak256 } from "./keccak.js";
import { sha256 } from "./sha256.js";

export const ZERO_HASH = "0x" + "00".repeat(32);
export const MOST_LEAVES = 1200;

/** What a leaf calls a request: 24 bytes of SHA-256(requestId(16) ‖ digest(32) ‖ salt(16)), and its number; the id without 0x, the others with. */
export function requestKey(id, digest, salt) {
  const name = fromHex("0x" + id);
  return hex(concat(sha256(concat(name, fromHex(digest), fromHex(salt))).slice(0, 24), name.slice(8)));
}

const UNKNOWN = "0x" + "ff".repeat(8);
const TOKENS = ["input", "cached", "cache_written", "output", "reasoning"];

/** Text behind its length of one byte. */
const short = (text) => concat(Uint8Array.of(utf8(text).length), utf8(text));

/** What the attempts took, in the one form that is committed to; a number that the provider does not say is absent. */
export function usageBytes({ attempts, priceTable }) {
  const each = attempts.map((usage) =>
    concat(
      Uint8Array.of(usage.attempt),
      ...TOKENS.map((name) => (usage[name] == null ? fromHex(UNKNOWN) : bigEndian(usage[name], 8))),
      short(usage.model ?? ""),
    ),
  );
  return concat(Uint8Array.of(1, attempts.length), ...each, fromHex(priceTable));
}

/** First 16 bytes of SHA-256("openledger outcome v2" ‖ salt ‖ response digest ‖ u8 attempts ‖ each id behind its length ‖ usage). */
export function outcomeCommitment(salt, responseDigest, upstreamRequestIds, usage) {
  const head = concat(utf8("openledger outcome v2"), fromHex(salt), fromHex(responseDigest));
  const ids = concat(Uint8Array.of(upstreamRequestIds.length), ...upstreamRequestIds.map(short));
  return hex(sha256(concat(head, ids, usageBytes(usage))).slice(0, 16));
}

/** The hash of an entry of the log (RFC 9162, 2.1.1). */
export function entryHash(leaf) {
  return sha256(concat(Uint8Array.of(0), leaf));
}

function nodeHash(left, right) {
  return sha256(concat(Uint8Array.of(1), left, right));
}

const LONGEST_PATH = 63;

/** The root that follows from the hash of an entry at a place (RFC 9162, 2.1.3.2); null if no log of this size has such a path. */
export function rootOf(hashOfEntry, index, size, path) {
  let at = BigInt(index);
  let last = BigInt(size) - 1n;
  if (at < 0n || at > last || path.length > LONGEST_PATH) {
    return null;
  }
  let hash = hashOfEntry;
  for (const neighbour of path) {
    if (last === 0n) {
      return null;
    }
    if ((at & 1n) === 1n || at === last) {
      hash = nodeHash(fromHex(neighbour), hash);
      while ((at & 1n) === 0n && at !== 0n) {
        at >>= 1n;
        last >>= 1n;
      }
    } else {
      hash = nodeHash(hash, fromHex(neighbour));
    }
    at >>= 1n;
    last >>= 1n;
  }
  return last === 0n ? hex(hash) : null;
}

const NUMBER = (value) => bigEndian(value, 32);
const BYTES = (text) => word(fromHex(text));

/** The members of a header in the order of its encoding, with their types and the least of each number; the version comes first. */
export const HEADER = [
  ["version", "uint256", 2],
  ["chain_id", "uint256", 1],
  ["registry", "address"],
  ["lane", "uint64", 1],
  ["sequence", "uint64", 1],
  ["previous_head", "bytes32"],
  ["policy_hash", "bytes32"],
  ["first_snapshot", "uint64", 0],
  ["last_snapshot", "uint64", 0],
  ["snapshot_root", "bytes32"],
  ["first_counter", "uint64", 1],
  ["last_counter", "uint64", 1],
  ["complete_through", "uint64", 0],
  ["count", "uint32", 1],
  ["outcomes", "uint32", 0],
  ["size", "uint64", 1],
  ["root", "bytes32"],
  ["records_root", "bytes32"],
  ["first_ms", "uint64", 0],
  ["last_ms", "uint64", 0],
];

/** abi.encode(header), 20 words. */
export function encodeHeader(header) {
  return concat(...HEADER.map(([name, type]) => (type.startsWith("uint") ? NUMBER : BYTES)(header[name])));
}

export function headOf(header) {
  return hex(keccak256(encodeHeader(header)));
}

/** What the registry keeps of a committed batch; the time is of the block, Unix seconds. */
export function recordOf(head, committedAt) {
  return hex(keccak256(concat(fromHex(head), NUMBER(committedAt))));
}

const text = (ascii) => keccak256(utf8(ascii));
const DOMAIN = text("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
const PROMISE = text(
  "Promise(uint64 lane,bytes32 requestKey,uint8 kind,bytes32 leafHash,uint64 signedAt,uint64 anchorBy)",
);

const HEAD = text("Head(uint64 lane,uint64 sequence,bytes32 head)");

export const KINDS = { PLAN: 1, OUTCOME: 2 };

/** The hash that a signature of typed data is of (EIP-712); the words of the data come behind the hash of its type. */
function typedDigest(chainId, registry, ...words) {
  const domain = keccak256(concat(DOMAIN, text("OpenLedger"), text("2"), NUMBER(chainId), BYTES(registry)));
  return hex(keccak256(concat(Uint8Array.of(0x19, 0x01), domain, keccak256(concat(...words)))));
}

export function promiseDigest(promise, chainId, registry) {
  return typedDigest(
    chainId,
    registry,
    PROMISE,
    NUMBER(promise.lane),
    BYTES(promise.requestKey),
    NUMBER(KINDS[promise.kind]),
    BYTES(promise.leafHash),
    NUMBER(promise.signedAt),
    NUMBER(promise.anchorBy),
  );
}

export function headDigest(header, head) {
  return typedDigest(header.chain_id, header.registry, HEAD, NUMBER(header.lane), NUMBER(header.sequence), BYTES(head));
}
