// The page's own keccak-256 and SHA-256, leaves, proofs, headers and signatures against contracts/vectors, which Java and Solidity are held
// against as well. PageTest puts the files as the router serves them into target/served-page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createHash, createPublicKey, verify as verifyByNode } from "node:crypto";
import { test } from "node:test";

const MODULES = process.env.OPENLEDGER_MODULES ?? "../../../../target/served-page/";
const { bigEndian, concat, fromHex, hex, utf8 } = await import(`${MODULES}bytes.js`);
const { encodeHeader, entryHash, headDigest, headOf, outcomeCommitment, promiseDigest, recordOf, requestKey, rootOf, usageBytes } = await import(
  `${MODULES}commitments.js`
);
const rules = await import(`${MODULES}faults.js`);
const { readLeaf } = await import(`${MODULES}finding.js`);
const { keccak256 } = await import(`${MODULES}keccak.js`);
const { FIELDS, NotALeaf, decode } = await import(`${MODULES}leaf.js`);
const { isKey, verifies } = await import(`${MODULES}ed25519.js`);
const { NotANote, readCheckpoint, readKey, readNote, standing } = await import(`${MODULES}note.js`);
const { sha256 } = await import(`${MODULES}sha256.js`);
const { logPins } = await import(`${MODULES}witnesses.js`);
const { recover } = await import(`${MODULES}signer.js`);

const vectors = (name) =>
  JSON.parse(readFileSync(new URL(`../../../../contracts/vectors/${name}.json`, import.meta.url), "utf8"));
const LEAF = 96;

test("keccak-256 is keccak-256 and not SHA-3, at every length around a block", () => {
  assert.equal(hex(keccak256(utf8(""))), "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  assert.equal(hex(keccak256(utf8("abc"))), "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
  // SHA-3 differs in its padding alone, so with that exchanged it must come out of the same permutation.
  for (const length of [0, 1, 134, 135, 136, 137, 271, 272, 1000]) {
    const message = new Uint8Array(length).map((_, i) => (7 * i + length) & 0xff);
    assert.equal(hex(keccak256(message, 0x06)), "0x" + createHash("sha3-256").update(message).digest("hex"), `${length}`);
  }
});

test("SHA-256 is Node's, at every length around a block", () => {
  for (const length of [0, 1, 3, 54, 55, 56, 57, 63, 64, 65, 97, 119, 120, 128, 1000]) {
    const message = new Uint8Array(length).map((_, i) => (7 * i + length) & 0xff);
    assert.equal(hex(sha256(message)), "0x" + createHash("sha256").update(message).digest("hex"), `${length}`);
  }
});

test("Ed25519 is that of RFC 8032, section 7.1, and takes nothing else", async () => {
  const bytes = (digits) => fromHex(`0x${digits}`);
  const vectorsOfTheStandard = [
    [
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ],
    [
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ],
    [
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ],
  ];
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  for (const [key, message, signature] of vectorsOfTheStandard) {
    assert.ok(isKey(bytes(key)));
    assert.ok(await verifies(bytes(key), bytes(message), bytes(signature)));
    assert.ok(!(await verifies(bytes(key), bytes(message + "00"), bytes(signature))));
    for (let bit = 0; bit < 512; bit += 7) {
      const other = bytes(signature);
      other[bit >> 3] ^= 1 << (bit & 7);
      assert.ok(!(await verifies(bytes(key), bytes(message), other)), `bit ${bit}`);
    }
    const s = BigInt(hex(bytes(signature).slice(32).reverse()));
    const larger = bigEndian(s + order, 32).reverse();
    assert.ok(!(await verifies(bytes(key), bytes(message), concat(bytes(signature).slice(0, 32), larger))));
    for (const length of [0, 31, 32, 63]) {
      assert.ok(!(await verifies(bytes(key), bytes(message), bytes(signature).slice(0, length))));
    }
    const info = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), bytes(key)]);
    const known = createPublicKey({ key: info, format: "der", type: "spki" });
    assert.ok(verifyByNode(null, bytes(message), known, bytes(signature)));
  }
  // Points of small order, and other ways to write a point.
  for (const none of [
    "00".repeat(32),
    `01${"00".repeat(31)}`,
    `ec${"ff".repeat(30)}7f`,
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    `ee${"ff".repeat(30)}7f`,
    `01${"00".repeat(30)}80`,
    "ff".repeat(32),
    `02${"00".repeat(31)}`,
  ]) {
    assert.ok(!isKey(bytes(none)), none);
  }
});

test("notes are signed by the keys that have signed them", async () => {
  const { notes, keys } = vectors("log");
  for (const { name, kind, key } of keys) {
    assert.deepEqual([readKey(key).name, readKey(key).owner], [name, kind === "NOTE" ? "log" : "witness"]);
  }
  for (const one of notes) {
    const note = readNote(one.note);
    for (const { key, standing: expected, seconds } of one.keys) {
      const found = await standing(note, readKey(key));
      const time = readKey(key).owner === "witness" && found.seconds !== undefined ? String(found.seconds) : "";
      assert.deepEqual([found.standing, time], [expected, seconds], one.why);
    }
    assert.equal(readCheckpoint(note.text).size, 300n);
  }
});

test("keys that are none are refused", () => {
  const [log, , witness] = vectors("log").keys.map(({ key }) => key);
  for (const text of ["", "x", "a+b", log.slice(0, -1), `${log}=`, log.replace("+6b8e", "+6b8f"), ` ${log}`, log.replace("router", "r outer"), "a".repeat(2000)]) {
    assert.throws(() => readKey(text), NotANote, text);
  }
  assert.equal(logPins(log, [witness]).quorum, 1);
  assert.equal(logPins(null).witnesses.length, 0);
  for (const [key, named, quorum] of [[witness, []], [log, [log]], [log, [witness, witness]], [log, [witness], 2], [log, [witness], 0], [log, [], 1], [log, [witness], NaN]]) {
    assert.throws(() => logPins(key, named, quorum), NotANote);
  }
});

test("a proof leads to the root if it is one, and else does not", () => {
  const { inclusions } = vectors("log");
  assert.ok(inclusions.some(({ valid }) => valid) && inclusions.some(({ valid }) => !valid));
  for (const one of inclusions) {
    assert.equal(rootOf(fromHex(one.entry_hash), one.index, one.size, one.path) === one.root, one.valid, one.why);
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
    assert.equal(hex(entryHash(fromHex(one.encoded))), one.leaf_hash, one.name);
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
        [one.turn, one.arrival, one.rank, one.open],
        one.name,
      );
    } else {
      const { servedTier, servedTarget, resends, totalMillis, outcome } = leaf.ended;
      assert.deepEqual(
        [servedTier, servedTarget, resends, totalMillis, outcome].map(String),
        [one.served_tier, one.served_target, one.resends, one.total_millis, one.outcome],
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

test("the fields of leaves have the values that the vectors say", () => {
  const numbers = vectors("leaves").fields.filter(({ plan, outcome }) => plan !== "any" && outcome !== "any");
  assert.deepEqual(
    FIELDS.map((field) => ({ ...field, offset: String(field.offset), length: String(field.length) })),
    numbers.map(({ name, offset, bytes, plan, outcome }) => ({ name, offset, length: bytes, plan, outcome })),
  );
});

test("requests, outcomes, promises and heads have their commitments", () => {
  const { requests, outcomes, promises, heads } = vectors("commitments");
  for (const one of requests) {
    assert.equal(requestKey(one.request_id.slice(2), one.digest, one.salt), one.request_key, one.name);
  }
  for (const one of outcomes) {
    const known = (attempt) => Object.fromEntries(Object.entries(attempt).filter(([, value]) => value !== "-1"));
    const usage = { attempts: one.usage.map(known), priceTable: one.price_table };
    assert.equal(hex(usageBytes(usage)), one.usage_bytes, one.name);
    assert.equal(
      outcomeCommitment(one.salt, one.response_digest, one.upstream_request_ids, usage),
      one.commitment,
      one.name,
    );
  }
  for (const one of promises) {
    const promise = {
      lane: one.lane,
      requestKey: one.request_key,
      kind: one.kind === "1" ? "PLAN" : "OUTCOME",
      leafHash: one.leaf_hash,
      signedAt: one.signed_at,
      anchorBy: one.anchor_by,
    };
    assert.equal(promiseDigest(promise, one.chain_id, one.registry), one.digest);
  }
  for (const one of heads) {
    assert.equal(headDigest(one, one.head), one.digest);
  }
});

const CODES = Object.fromEntries(vectors("faults").faults.map(({ name, code }) => [name, Number(code)]));
const code = (breach) => (breach ? CODES[breach.fault] : 0);

/** All that a leaf alone breaks, by the rules of its route and its batch's header. */
function single(leaf, header, published) {
  if (leaf.unreadable) {
    return [{ fault: "OUT_OF_RANGE" }];
  }
  const own = leaf.planned
    ? [rules.foundation(leaf, published)]
    : [rules.end(leaf.ended), rules.fallBack(leaf, published), rules.exhaustion(leaf), rules.place(leaf)];
  return [rules.attempts(leaf), rules.budget(leaf, published), ...own, rules.outside(leaf, header)].filter(Boolean);
}

/** What a route was when a batch was committed: a route that is published later is none. */
const asOf = (upTo, publishedAt, committedAt) => (publishedAt === 0 || publishedAt > committedAt ? [] : upTo);

test("each leaf has the fault that the vectors say, or none", () => {
  let count = 0;
  for (const group of vectors("faults").singles) {
    const header = { ...group, first_ms: group.first_millis, last_ms: group.last_millis };
    const upTo = asOf(group.up_to.map(Number), Number(group.published_at), Number(group.committed_at));
    const faults = fromHex(group.faults);
    faults.forEach((fault, i) => {
      const leaf = readLeaf(`0x${group.leaves.slice(2 + 2 * LEAF * i, 2 + 2 * LEAF * (i + 1))}`);
      const found = single(leaf, header, { said: true, value: upTo }).map(code);
      assert.equal(found.length === 0 ? 0 : Math.min(...found), fault, `${group.name}, leaf ${i}`);
    });
    count += faults.length;
  }
  assert.ok(count > 2500);
});

test("a plan and its outcome prove what the vectors say", () => {
  const { pairs } = vectors("faults");
  for (const one of pairs) {
    const breach =
      rules.continued(readLeaf(one.plan), readLeaf(one.outcome)) ?? rules.late(one.plan_sequence, one.outcome_sequence);
    assert.equal(String(code(breach)), one.fault, one.outcome);
  }
  assert.ok(pairs.some(({ fault }) => fault === "0") && pairs.some(({ fault }) => fault !== "0"));
});
