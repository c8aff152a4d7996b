// The wrapped fetch against a router that keeps its promises, or does not, over real HTTP.

import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { answerOf, bodyOf, node, recorded, serve } from "./world.js";

const { requestKey } = await import("../verifier/commitments.js");
const { requestDigest } = await import("../promise.js");

const { openledgerFetch, readPromise, checkPromise } = await import("../index.js");
const { lane, promises, genuine } = recorded;
const [kept] = promises;
const promise = readPromise(kept.header);
const { signer } = checkPromise(kept.header, kept.body, { nonce: kept.nonce, now: promise.signedAt });

/** A receipt that has a promise, and the header of that promise: the request has the same body, and no nonce. */
const signed = genuine.find(({ name }) => name === "signed").receipt;
const signedHeader = () => {
  const { request, promise: own, commitment } = JSON.parse(signed);
  const { lane: of, anchor_by, signed_at, chain_id, registry, signature, request_key, leaf_hash } = own;
  const strings = Object.entries({ signature, registry, request, request_key, leaf_hash, salt: commitment.salt });
  const code = own.kind === "PLAN" ? 1 : 2;
  return [
    `lane=${of}, anchor_by=${anchor_by}, signed_at=${signed_at}, kind=${code}, chain_id=${chain_id}`,
    ...strings.map(([name, value]) => `${name}="${value}"`),
  ].join(", ");
};
const chain = await node();

/** What the fake router does next. */
let script;
const seen = [];
const router = await serve(async (request, response) => {
  seen.push({ url: request.url, headers: request.headers, body: await bodyOf(request) });
  const { status = 200, headers = {}, body = "{}" } = request.method === "GET" ? script.receipt : script.answer;
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body);
});
after(() => {
  chain.close();
  router.close();
});

let clock;
let told;
beforeEach(() => {
  seen.length = 0;
  told = [];
  clock = (promise.signedAt + 1) * 1000;
  script = {
    answer: { headers: { "openledger-promise": kept.header, "openledger-request": promise.request }, body: '{"id":"an answer"}' },
    receipt: { status: 404 },
  };
});
const wrap = (options = {}) =>
  openledgerFetch(fetch, {
    node: chain.url,
    pins: { lane },
    signer,
    every: 0,
    onUnproved: (entry) => told.push(entry),
    now: () => clock,
    ...options,
  });
const post = (wrapped, options = {}) =>
  wrapped(`${router.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: "Bearer a key", "openledger-nonce": kept.nonce, "content-type": "application/json" },
    body: kept.body,
    ...options,
  });
const open = { receipt: { body: JSON.stringify({ request: promise.request, level: "RECORDED" }) } };

test("asks for a promise, checks it, and leaves the answer as it is", async () => {
  const wrapped = wrap();
  const answer = await post(wrapped);
  assert.deepEqual(await answer.json(), { id: "an answer" });
  assert.equal(seen[0].headers["openledger-receipt"], "signed");
  assert.equal(seen[0].headers.authorization, "Bearer a key");
  assert.equal(seen[0].body, kept.body);
  assert.deepEqual(wrapped.counts(), { checked: 1, proved: 0, unproved: 0, pending: 1 });
  assert.deepEqual(wrapped.unproved(), []);
});

test("takes a Request, bytes and an Anthropic path as well", async () => {
  const wrapped = wrap();
  const headers = { "x-api-key": "a key", "openledger-nonce": kept.nonce };
  await wrapped(new Request(`${router.url}/v1/messages`, { method: "POST", headers, body: kept.body }));
  await post(wrapped, { body: new TextEncoder().encode(kept.body) });
  assert.deepEqual(seen.map(({ body }) => body), [kept.body, kept.body]);
  assert.deepEqual(told, []);
  // Both promises are the same one.
  assert.deepEqual(wrapped.counts(), { checked: 2, proved: 0, unproved: 0, pending: 1 });
});

test("leaves alone what is no inference", async () => {
  const wrapped = wrap();
  script = { receipt: { status: 200 }, answer: {} };
  await wrapped(`${router.url}/v1/models`);
  await wrapped(`${router.url}/v1/files`, { method: "POST", body: new FormData() });
  assert.equal(seen[0].headers["openledger-receipt"], undefined);
  assert.deepEqual(wrapped.counts(), { checked: 0, proved: 0, unproved: 0, pending: 0 });
});

test("reports at once an answer without a promise, with another's, or by another signer", async () => {
  const wrapped = wrap();
  script.answer.headers = { "openledger-request": promise.request };
  await post(wrapped);
  script.answer.headers = { "openledger-promise": "none" };
  await post(wrapped);
  script.answer.headers = { "openledger-promise": kept.header };
  await post(wrapped, { body: kept.body + " " });
  await post(wrap({ signer: `0x${"12".repeat(20)}` }));
  assert.deepEqual(
    told.map(({ why }) => /no promise|could not sign|another body|as expected/.exec(why)[0]),
    ["no promise", "could not sign", "another body", "as expected"],
  );
  assert.equal(wrapped.unproved().length, 3);
  assert.doesNotMatch(JSON.stringify(told), /a key/);
});

test("reports an answer to a stream, whose bytes it does not have", async () => {
  const body = new Blob([kept.body]).stream();
  await post(wrap(), { body, duplex: "half" });
  assert.match(told[0].why, /was a stream/);
  assert.equal(seen[0].body, kept.body);
});

test("an error before there is a record promises nothing", async () => {
  const wrapped = wrap();
  script.answer = { status: 401, body: "{}" };
  assert.equal((await post(wrapped)).status, 401);
  assert.deepEqual(told, []);
});

test("waits while the request is in no batch, and reports what was never proved by its time", async () => {
  const wrapped = wrap();
  await post(wrapped);
  script.receipt = open.receipt;
  await wrapped.prove();
  assert.equal(seen.at(-1).url, `/v1/receipts/${promise.request}`);
  assert.equal(seen.at(-1).headers.authorization, "Bearer a key");
  assert.equal(wrapped.counts().pending, 1);
  clock = (promise.anchorBy + 1) * 1000;
  await wrapped.prove();
  assert.equal(told.length, 1);
  assert.equal(told[0].request, promise.request);
  assert.equal(told[0].promise.anchorBy, promise.anchorBy);
  assert.match(told[0].why, /in no batch yet/);
  assert.deepEqual(wrapped.counts(), { checked: 1, proved: 0, unproved: 1, pending: 0 });
});

test("a router that hides the receipt, or gives another's, never proves its promise", async () => {
  for (const receipt of [{ status: 404 }, { status: 302, headers: { location: "/v1/receipts/elsewhere" } }, { status: 500, body: "x".repeat(2 << 20) }, { body: signed }, { body: "no JSON" }]) {
    told = [];
    clock = (promise.signedAt + 1) * 1000;
    const wrapped = wrap();
    await post(wrapped);
    script.receipt = receipt;
    await wrapped.prove();
    assert.equal(wrapped.counts().pending, 1);
    clock = (promise.anchorBy + 1) * 1000;
    await wrapped.prove();
    assert.equal(told.length, 1);
  }
});

test("keeps so many promises and no more, and reports the rest", async () => {
  const wrapped = wrap({ most: 0 });
  await post(wrapped);
  assert.match(told[0].why, /wait for their proof: 0/);
  assert.equal(wrapped.counts().pending, 0);
});

test("a promise is proved by the receipt and the chain", async () => {
  const wrapped = wrap();
  script.answer.headers = { "openledger-promise": signedHeader() };
  clock = (JSON.parse(signed).promise.signed_at + 1) * 1000;
  await post(wrapped, { headers: {} });
  assert.deepEqual([wrapped.counts().pending, told], [1, []]);
  script.receipt = { body: signed };
  await wrapped.prove();
  assert.deepEqual([wrapped.counts(), told], [{ checked: 1, proved: 1, unproved: 0, pending: 0 }, []]);
});

test("a promise whose key never was the lane's is reported, whatever the receipt proves", async () => {
  const never = await node((asked) => {
    const { data = "" } = asked.params[0] ?? {};
    // The only call with a lane and an account.
    return asked.method === "eth_call" && data.endsWith(signer.slice(2))
      ? { id: asked.id, result: "0x" + "00".repeat(32) }
      : answerOf(asked);
  });
  const wrapped = wrap({ node: never.url });
  script.answer.headers = { "openledger-promise": signedHeader() };
  clock = (JSON.parse(signed).promise.signed_at + 1) * 1000;
  await post(wrapped, { headers: {} });
  script.receipt = { body: signed };
  await wrapped.prove();
  clock += 9_999;
  await wrapped.prove();
  assert.deepEqual([wrapped.counts().pending, told], [1, []]);
  clock += 1;
  await wrapped.prove();
  never.close();
  assert.equal(told[0].verdict, "BROKEN");
  assert.match(told[0].why, /never was a signing key/);
});

test("a look that refutes convicts nobody if a later one proves", async () => {
  const wrapped = wrap();
  script.answer.headers = { "openledger-promise": signedHeader() };
  clock = (JSON.parse(signed).promise.signed_at + 1) * 1000;
  await post(wrapped, { headers: {} });
  script.receipt = { body: signed.replace(/"status":"[A-Z_]+"/, '"status":"REJECTED"') };
  await wrapped.prove();
  clock += 60_000;
  script.receipt = { body: signed };
  await wrapped.prove();
  assert.deepEqual([wrapped.counts(), told], [{ checked: 1, proved: 1, unproved: 0, pending: 0 }, []]);
});

test("a plan's leaf alone proves nothing: the outcome has to follow it", async () => {
  const whole = genuine.find(({ name }) => name === "confirmed, gate response").receipt;
  const { leaf, proof, batch, transaction, history, urls, followed_plan, ...alone } = JSON.parse(whole);
  const { request, commitment } = alone;
  const of = promises[1];
  assert.equal(commitment.digest, requestDigest(of.body));
  const members = {
    request,
    request_key: requestKey(request, commitment.digest, commitment.salt),
    leaf_hash: "0x" + "00".repeat(32),
    salt: commitment.salt,
  };
  // Whoever that signature is of now is the lane's signer.
  const header = of.header.replace(/(\w+)="[^"]*"/g, (old, name) => (name in members ? `${name}="${members[name]}"` : old));
  const own = checkPromise(header, of.body, { now: readPromise(header).signedAt }).signer;
  const trusting = await node((asked) =>
    asked.method === "eth_call" && asked.params[0].data.endsWith(own.slice(2))
      ? { id: asked.id, result: "0x" + "00".repeat(24) + "ff".repeat(8) }
      : answerOf(asked),
  );
  const ask = async (receipts) => {
    told = [];
    clock = (promise.signedAt + 1) * 1000;
    const wrapped = wrap({ node: trusting.url, signer: own });
    script.answer.headers = { "openledger-promise": header };
    await post(wrapped, { headers: {}, body: of.body });
    for (const receipt of receipts) {
      script.receipt = { body: receipt };
      await wrapped.prove();
    }
    return wrapped;
  };
  assert.equal((await ask([JSON.stringify(alone), whole])).counts().proved, 1);
  const wrapped = await ask([JSON.stringify(alone)]);
  assert.deepEqual(wrapped.counts(), { checked: 1, proved: 0, unproved: 0, pending: 1 });
  clock = (readPromise(header).anchorBy + 1) * 1000;
  await wrapped.prove();
  trusting.close();
  assert.deepEqual(
    told.map(({ why, verdict }) => [verdict, why]),
    [["OPEN", "The plan's leaf is on chain, but the outcome's is in no batch yet."]],
  );
});

test("knows an inference however it is spelled, and reports one that it did not know", async () => {
  const wrapped = wrap();
  for (const path of ["/v1//chat/completions", "/v1/chat/completions/", "/v1/%63hat/completion%73", "/v1/messages/count_tokens"]) {
    await wrapped(router.url + path, { method: "POST", headers: { "openledger-nonce": kept.nonce }, body: kept.body });
    assert.equal(seen.at(-1).headers["openledger-receipt"], "signed", path);
    assert.equal(seen.at(-1).url, path);
  }
  assert.deepEqual(told, []);
  await wrapped(`${router.url}/v1/new`, { method: "POST", body: "{}" });
  script.answer.status = 400;
  await wrapped(`${router.url}/v1/new`, { method: "POST", body: "{}" });
  assert.deepEqual(
    told.map(({ why }) => why),
    ["The answer has no promise."],
  );
});

test("looks by itself, and stops once nothing waits", async () => {
  const proved = new Promise((done) => {
    const wrapped = wrap({ every: 5, onUnproved: done });
    script.answer.headers = { "openledger-promise": kept.header };
    script.receipt = { status: 404 };
    post(wrapped).then(() => {
      clock = (promise.anchorBy + 1) * 1000;
    });
  });
  // The timer alone would let the process end.
  const alive = setInterval(() => {}, 1000);
  assert.equal((await proved).request, promise.request);
  clearInterval(alive);
});

test("needs a node, and a signer that is an account", () => {
  assert.throws(() => openledgerFetch(fetch, {}), TypeError);
  assert.throws(() => wrap({ signer: "0x12" }), /signer must be 0x/);
});
