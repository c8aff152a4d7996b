// The page's own keccak-256, leaves, proofs, headers and signatures against contracts/vectors, which Java and Solidity are held
// against as well. PageTest puts the files as the router serves them into target/served-page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { bigEndian, concat, fromHex, hex, utf8 } from "../../../../target/served-page/bytes.js";
import {
  answerCommitment,
  encodeHeader,
  headOf,
  promiseDigest,
  recordOf,
  requestCommitment,
  rootOf,
} from "../../../../target/served-page/commitments.js";
import { keccak256 } from "../../../../target/served-page/keccak.js";
import { NotALeaf, decode } from "../../../../target/served-page/leaf.js";
import { recover } from "../../../../target/served-page/signer.js";

const vectors = (name) =>
  JSON.parse(readFileSync(new URL(`../../../../contracts/vectors/${name}.json`, import.meta.url), "utf8"));
const LEAF = 96;

/** The leaves of a case, which are in the file only if they are few. */
function leaves({ seed, count }) {
  return Array.from({ length: Number(count) }, (_, i) =>
    concat(...[0, 1, 2].map((w) => keccak256(concat(fromHex(seed), bigEndian(i, 32), bigEndian(w, 32))))),
  );
}

test("keccak-256 is keccak-256 and not SHA-3, at every length around a block", () => {
  assert.equal(hex(keccak256(utf8(""))), "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  assert.equal(hex(keccak256(utf8("abc"))), "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
  // SHA-3 differs in its padding alone, so with that exchanged it must come out of the same permutation.
  for (const length of [0, 1, 134, 135, 136, 137, 271, 272, 1000]) {
    const message = new Uint8Array(length).map((_, i) => (7 * i + length) & 0xff);
    assert.equal(hex(keccak256(message, 0x06)), "0x" + createHash("sha3-256").update(message).digest("hex"), `${length}`);
  }
});

test("whole batches of leaves have their hash", () => {
  for (const one of vectors("trees").cases) {
    assert.equal(hex(keccak256(concat(...leaves(one)))), one.leaves_hash, one.name);
  }
});

test("a proof leads to the root if it is one, and else does not", () => {
  const proofs = vectors("trees").cases.flatMap((one) => one.proofs.map((proof) => ({ ...proof, root: one.root })));
  assert.ok(proofs.some(({ valid }) => valid) && proofs.some(({ valid }) => !valid));
  for (const { leaf, index, count, siblings, root, valid, why } of proofs) {
    assert.equal(rootOf(fromHex(leaf), Number(index), Number(count), siblings) === root, valid, why);
  }
});

test("headers have their encoding, head and record", () => {
  for (const one of vectors("headers").cases) {
    const header = { ...one, first_ms: one.first_millis, last_ms: one.last_millis };
    assert.equal(hex(encodeHeader(header)), one.encoded, one.name);
    assert.equal(headOf(header), one.head, one.name);
    assert.equal(recordOf(one.head, one.committed_at), one.record, one.name);
  }
});

test("leaves are read, and what is none is refused by the field", () => {
  const { cases, invalid } = vectors("leaves");
  for (const one of cases) {
    const leaf = decode(fromHex(one.encoded));
    assert.equal(fromHex(one.encoded).length, LEAF);
    assert.equal(leaf.request, one.request, one.name);
    if (one.name.startsWith("trigger ")) {
      assert.equal(`trigger ${leaf.trigger}`, one.name);
    }
    assert.equal(String(leaf.cohort), one.cohort, one.name);
    assert.equal(String(leaf.route), one.route, one.name);
    assert.equal(String(leaf.budget), one.budget, one.name);
    assert.equal(String(leaf.attempts), one.attempts, one.name);
    assert.equal(String(leaf.timeMillis), one.time_millis, one.name);
    assert.equal(String(leaf.snapshot), one.snapshot, one.name);
    assert.equal(String(leaf.selectedTier), one.selected_tier, one.name);
    assert.equal(String(leaf.selectedTarget), one.selected_target, one.name);
    assert.deepEqual(leaf.plan.map(String), one.plan.filter((target) => target !== "65535"), one.name);
    if (one.kind === "1") {
      assert.deepEqual(
        Object.values(leaf.planned).map(String),
        [one.turn, one.deficit, one.rank, one.open],
        one.name,
      );
    } else {
      const { servedTier, servedTarget, resends, totalMillis, answer } = leaf.ended;
      assert.deepEqual(
        [servedTier, servedTarget, resends, totalMillis, answer].map(String),
        [one.served_tier, one.served_target, one.resends, one.total_millis, one.answer],
        one.name,
      );
    }
  }
  for (const { name, encoded, field } of invalid) {
    assert.throws(
      () => decode(fromHex(encoded)),
      (why) => why instanceof NotALeaf && why.message.startsWith(`${field}:`),
      name,
    );
  }
});

test("requests, answers and promises have their commitments", () => {
  const { requests, answers, promises } = vectors("commitments");
  for (const one of requests) {
    assert.equal(requestCommitment(one.request_id.slice(2), one.digest, one.salt), one.commitment, one.name);
  }
  for (const one of answers) {
    assert.equal(answerCommitment(one.salt, one.response_digest, one.upstream_request_ids), one.commitment, one.name);
  }
  for (const one of promises) {
    const promise = {
      request: one.request_id.slice(2),
      commitment: one.request_commitment,
      leafHash: one.leaf_hash,
      anchorBy: one.anchor_by,
    };
    assert.equal(promiseDigest(promise, one.chain_id, one.registry), one.digest);
  }
});
