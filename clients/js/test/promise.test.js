// Promises that a real router sent, and changed ones.

import assert from "node:assert/strict";
import { test } from "node:test";
import { recorded } from "./world.js";

const { MalformedPromise, checkPromise, readPromise } = await import("../index.js");
const { lane, promises } = recorded;
const registry = JSON.parse(recorded.genuine[0].receipt).batch.registry;

const at = ({ header }) => readPromise(header).signedAt + 1;
const check = (one, options, header = one.header) =>
  checkPromise({ "openledger-promise": header }, one.body, { nonce: one.nonce, now: at(one), ...options });
const { signer } = check(promises[0]);

test("a promise is checked with the body that was sent and nothing else", () => {
  assert.deepEqual(promises.map(({ header }) => readPromise(header).kind), ["OUTCOME", "PLAN"]);
  for (const one of promises) {
    const found = check(one, { signer, pins: { lane, registry } });
    assert.deepEqual([found.finding, found.signer], ["PASSED", signer], found.text);
    assert.equal(check(one).finding, "UNCHECKED");
    assert.match(check(one).text, /name the signer/);
    assert.equal(checkPromise(new Headers({ "openledger-promise": one.header }), new TextEncoder().encode(one.body), {
      nonce: one.nonce,
      now: at(one),
      signer: signer.toUpperCase().replace("0X", "0x"),
    }).finding, "PASSED");
  }
});

test("a promise for another body, nonce, lane, chain, registry, signer or answer is refuted", () => {
  const [one] = promises;
  const failed = (found, why) => {
    assert.equal(found.finding, "FAILED", found.text);
    assert.match(found.text, why);
  };
  failed(check({ ...one, body: one.body + " " }), /another body/);
  failed(check({ ...one, nonce: "" }), /another body/);
  failed(check(one, { pins: { lane: lane + 1 } }), /not of lane/);
  failed(check(one, { pins: { chainId: 1 } }), /on chain/);
  failed(check(one, { pins: { registry: `0x${"12".repeat(20)}` } }), /registry/);
  failed(check(one, { signer: `0x${"12".repeat(20)}` }), /was signed by/);
  failed(
    checkPromise({ "openledger-promise": one.header, "openledger-request": "0".repeat(32) }, one.body, { nonce: one.nonce, now: at(one) }),
    /the answer is of request/,
  );
  failed(check(one, { now: at(one) - 7200 }), /more than an hour from now/);
});

test("a promise that was due long ago is refuted: it may be an old one, of an equal body", () => {
  const [one] = promises;
  const { anchorBy } = readPromise(one.header);
  assert.equal(check(one, { signer, now: anchorBy + 300 }).finding, "PASSED");
  const { finding, text } = check(one, { signer, now: anchorBy + 301 });
  assert.deepEqual([finding, text], ["FAILED", `The promise was due by ${anchorBy}, more than five minutes ago.`]);
});

test("no change of a promise's header passes", () => {
  for (const one of promises) {
    for (const [, value] of one.header.matchAll(/="?(?:0x)?([0-9a-f]+)/g)) {
      const last = one.header.indexOf(value) + value.length - 1;
      const header = one.header.slice(0, last) + (one.header[last] === "1" ? "2" : "1") + one.header.slice(last + 1);
      assert.equal(check(one, { signer, pins: { lane, registry } }, header).finding, "FAILED", header);
    }
    const late = one.header.replace(/anchor_by=\d+/, `anchor_by=${readPromise(one.header).signedAt + 3601}`);
    assert.match(check(one, {}, late).text, /an hour at most/);
  }
});

test("what is no promise is refuted, and one that is missing is not checked", () => {
  const [one] = promises;
  const members = one.header.split(", ");
  const malformed = [
    "",
    "x",
    "0".repeat(5000),
    `${one.header}, lane=1`,
    `${one.header}, surprise=1`,
    one.header.replace("kind=2", "kind=3"),
    one.header.replace(/lane=\d+/, "lane=99999999999999999999"),
    ...members.map((gone) => members.filter((member) => member !== gone).join(", ")),
  ];
  for (const header of malformed) {
    assert.match(check(one, {}, header).text, /cannot be read/, header);
    assert.throws(() => readPromise(header), MalformedPromise);
  }
  assert.equal(checkPromise({}, one.body).finding, "UNCHECKED");
  assert.equal(check(one, {}, "none").finding, "UNCHECKED");
});
