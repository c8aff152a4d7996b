// What binds a leaf to a request, a leaf to a root, and a header to the chain. The same as openledger.commitment, to the byte:
// contracts/vectors holds both.

import { bigEndian, concat, fromHex, hex, utf8, word } from "./bytes.js";
import { keccak256 } from "./keccak.js";

export const ZERO_HASH = "0x" + "00".repeat(32);
export const MOST_LEAVES = 1200;

/** keccak256(requestId(16) ‖ digest(32) ‖ salt(16)); the id without 0x, the others with. */
export function requestCommitment(id, digest, salt) {
  return hex(keccak256(concat(fromHex("0x" + id), fromHex(digest), fromHex(salt))));
}

/** First 16 bytes of keccak256(salt ‖ response digest ‖ each id behind its length). */
export function answerCommitment(salt, responseDigest, upstreamRequestIds) {
  const ids = upstreamRequestIds.map(utf8).map((id) => concat(Uint8Array.of(id.length), id));
  return hex(keccak256(concat(fromHex(salt), fromHex(responseDigest), ...ids)).slice(0, 16));
}

export function leafHash(leaf) {
  return keccak256(concat(Uint8Array.of(0), leaf));
}

function nodeHash(left, right) {
  return keccak256(concat(Uint8Array.of(1), left, right));
}

/** The root that follows from a leaf at a place (RFC 9162, 2.1.3.2); null if no tree of this size has such a proof. */
export function rootOf(leaf, index, count, siblings) {
  if (index < 0 || index >= count || siblings.length > 31) {
    return null;
  }
  let at = index;
  let last = count - 1;
  let hash = leafHash(leaf);
  for (const sibling of siblings) {
    if (last === 0) {
      return null;
    }
    if ((at & 1) === 1 || at === last) {
      hash = nodeHash(fromHex(sibling), hash);
      while ((at & 1) === 0 && at !== 0) {
        at >>= 1;
        last >>= 1;
      }
    } else {
      hash = nodeHash(hash, fromHex(sibling));
    }
    at >>= 1;
    last >>= 1;
  }
  return last === 0 ? hex(hash) : null;
}

const NUMBER = (value) => bigEndian(value, 32);
const BYTES = (text) => word(fromHex(text));

/** The members of a header in the order of its encoding; the version comes first. */
const HEADER = [
  ["version", NUMBER],
  ["chain_id", NUMBER],
  ["registry", BYTES],
  ["lane", NUMBER],
  ["sequence", NUMBER],
  ["previous_head", BYTES],
  ["policy_hash", BYTES],
  ["first_snapshot", NUMBER],
  ["last_snapshot", NUMBER],
  ["snapshot_root", BYTES],
  ["first_counter", NUMBER],
  ["last_counter", NUMBER],
  ["count", NUMBER],
  ["outcomes", NUMBER],
  ["root", BYTES],
  ["leaves_hash", BYTES],
  ["records_hash", BYTES],
  ["first_ms", NUMBER],
  ["last_ms", NUMBER],
];

/** abi.encode(header), 19 words. */
export function encodeHeader(header) {
  return concat(...HEADER.map(([name, encode]) => encode(header[name])));
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
  "Promise(uint64 lane,uint128 requestId,bytes32 requestCommitment,bytes32 leafHash,uint64 anchorBy)",
);

/** The hash that a promise's signature is of (EIP-712). */
export function promiseDigest(promise, chainId, registry) {
  const domain = keccak256(concat(DOMAIN, text("OpenLedger"), text("1"), NUMBER(chainId), BYTES(registry)));
  const id = fromHex("0x" + promise.request);
  const struct = keccak256(
    concat(PROMISE, word(id.slice(0, 8)), word(id), BYTES(promise.commitment), BYTES(promise.leafHash), NUMBER(promise.anchorBy)),
  );
  return hex(keccak256(concat(Uint8Array.of(0x19, 0x01), domain, struct)));
}
