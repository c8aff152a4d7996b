// Recorded receipts, genuine and forged: what `openledger verify` printed of each is printed here, to the byte.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { answerOf, behind, cosigned, forged, node, recorded, saying, staked, witnessed } from "./world.js";

const { exitCode, openledgerFetch, verifyReceipt } = await import("../index.js");
const CLI = fileURLToPath(new URL("../cli.js", import.meta.url));
const chain = await node();
const folder = mkdtempSync(join(tmpdir(), "openledger-verify-"));
after(() => {
  chain.close();
  rmSync(folder, { recursive: true });
});
const { RpcNode } = await import("../rpc.js");
const { verifyRead } = await import("../receipt.js");
const { UnreadableReceipt, readReceipt } = await import("../verifier/receipt.js");
const printer = await import("../printer.js");
const { logPins } = await import("../verifier/witnesses.js");
const OPTIONS = { "log-key": { type: "string" }, witness: { type: "string", multiple: true }, "witness-quorum": { type: "string" } };
const { lane, genuine } = recorded;
const rpc = new RpcNode(chain.url);

/** What the command prints, without a process for each. */
async function judged(text, pins = { lane }, known = rpc) {
  let receipt;
  try {
    receipt = readReceipt(text);
  } catch (why) {
    assert.ok(why instanceof UnreadableReceipt, why);
    return { code: 2, text: printer.unreadable(why), json: printer.jsonUnreadable(why) };
  }
  const found = { receipt, ...(await verifyRead(receipt, known, pins)) };
  return { code: exitCode(found.verdict), text: printer.text(found, {}), json: printer.json(found) };
}

const sha256 = (text) => createHash("sha256").update(text).digest("hex");

/** Runs the command; its exit code and what it printed. */
const command = (...options) =>
  new Promise((done) => {
    execFile(process.execPath, [CLI, ...options], (failure, out, err) => done({ code: failure?.code ?? 0, out, err }));
  });

const file = (name, text) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const pinned = ["--node", chain.url, "--lane", String(lane)];

test("prints of genuine receipts what openledger verify printed", async () => {
  for (const [i, { name, receipt, code, line, printed }] of genuine.entries()) {
    const path = file(`genuine-${i}`, receipt);
    const text = await command(path, ...pinned);
    assert.deepEqual(text, { code, out: printed, err: "" }, name);
    assert.equal((await command(path, ...pinned, "--json")).out, line, name);
    assert.equal(code, 0, name);
  }
});

test("prints of forged receipts what openledger verify printed, and never verifies one", async () => {
  assert.ok(recorded.forged.length > 40);
  for (const one of recorded.forged) {
    const { code, text, json } = await judged(forged(one));
    assert.equal(code, one.code, `${one.name}: ${text}`);
    assert.equal(sha256(`${text}\n`), one.printed_sha256, `${one.name}: ${one.why}\n${text}`);
    assert.equal(sha256(`${json}\n`), one.line_sha256, `${one.name}: ${one.why}\n${json}`);
  }
});

test("prints of receipts with a stake what openledger verify printed, whatever a node says of the vault", async () => {
  assert.ok(staked.length > 150);
  let answer;
  const other = await node((question) => answer(question));
  try {
    for (const one of staked) {
      answer = saying([...behind, ...one.answers]);
      const { code, text, json } = await judged(forged(one), { lane }, new RpcNode(other.url));
      assert.equal(code, one.code, `${one.name}: ${one.stake}\n${text}`);
      assert.equal(sha256(`${text}\n`), one.printed_sha256, `${one.name}: ${one.stake}\n${text}`);
      assert.equal(sha256(`${json}\n`), one.line_sha256, `${one.name}: ${one.stake}\n${json}`);
    }
  } finally {
    other.close();
  }
});

test("prints of receipts with cosignatures what openledger verify printed", async () => {
  assert.ok(witnessed.length > 80);
  for (const one of witnessed) {
    const { values } = parseArgs({ args: one.options, options: OPTIONS });
    const log = logPins(values["log-key"], values.witness, values["witness-quorum"] && Number(values["witness-quorum"]));
    const { code, text, json } = await judged(cosigned(one), { lane, log });
    assert.equal(code, one.code, `${one.name}: ${text}`);
    assert.equal(sha256(`${text}\n`), one.printed_sha256, `${one.name}: ${one.witnesses}\n${text}`);
    assert.equal(sha256(`${json}\n`), one.line_sha256, `${one.name}: ${one.witnesses}\n${json}`);
  }
});

test("witnesses are named on the command line, and only keys of witnesses", async () => {
  const [one] = witnessed;
  const path = file("cosigned", cosigned(one));
  const found = await command(path, ...pinned, ...one.options);
  assert.deepEqual([found.code, sha256(found.out)], [0, one.printed_sha256]);
  const [, key, , first] = one.options;
  for (const wrong of [["--witness", "x"], ["--witness", key], ["--log-key", key], ["--witness-quorum", "1"], ["--witness", first, "--witness-quorum", "2"]]) {
    const { code, out, err } = await command(path, ...pinned, ...wrong);
    assert.deepEqual([code, out], [2, ""], wrong.join(" "));
    assert.match(err, /Usage: /);
  }
  const pins = { lane, logKey: key, witnesses: [first] };
  assert.equal((await verifyReceipt(cosigned(one), { node: chain.url, pins })).verdict, "HOLDS");
  assert.throws(() => openledgerFetch(fetch, { node: chain.url, pins: { logKey: key } }), TypeError);
  await assert.rejects(verifyReceipt("{}", { pins: { witnesses: [key] } }), TypeError);
});

test("a folder is a row each and a last line with the totals, and the worst decides", async () => {
  const rows = mkdtempSync(join(folder, "rows-"));
  writeFileSync(join(rows, "a.json"), genuine[0].receipt);
  writeFileSync(join(rows, "b.json"), "{}");
  const open = await command(rows, ...pinned);
  assert.equal(open.code, 2);
  assert.equal(
    open.out,
    "a.json  VERIFIED     FINALIZED\n" +
      "b.json  NOT CHECKED  -             request: is missing\n" +
      "2 receipts: 1 verified, 0 refuted, 0 misrouted, 1 not checked\n",
  );
  writeFileSync(join(rows, "c.json"), forged(recorded.forged.find(({ code }) => code === 1)));
  const refuted = await command(rows, ...pinned, "--json");
  assert.equal(refuted.code, 1);
  const lines = refuted.out.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ verdict }) => verdict), ["HOLDS", "OPEN", "BROKEN", undefined]);
  assert.deepEqual(lines[3], { receipts: 3, verified: 1, refuted: 1, misrouted: 0, not_checked: 1 });
});

test("three lines verify an answer's receipt", async () => {
  const found = await verifyReceipt(genuine[0].receipt, { node: chain.url, pins: { lane } });
  assert.equal(found.verdict, "HOLDS");
  assert.equal(found.verified, true);
  assert.equal(exitCode(found.verdict), 0);
  assert.equal(found.proved.status, "SERVED");
  assert.ok("operation" in found.routersWord && !("operation" in found.proved));
});

test("nothing is taken from the receipt for what was not pinned", async () => {
  const { receipt } = genuine[0];
  const owner = { laneOwner: `0x${"12".repeat(20)}` };
  const verdicts = async (pins) => (await verifyReceipt(receipt, { node: chain.url, pins })).verdict;
  assert.equal(await verdicts({}), "OPEN");
  assert.equal(await verdicts({ anyLane: true }), "HOLDS");
  assert.equal(await verdicts({ lane: lane + 1 }), "BROKEN");
  assert.equal(await verdicts({ lane: String(lane) }), "HOLDS");
  assert.equal(await verdicts(owner), "BROKEN");
  assert.equal(await verdicts({ lane, chainId: 1 }), "BROKEN");
  assert.equal(await verdicts({ lane, registry: `0x${"12".repeat(20)}` }), "BROKEN");
  assert.equal((await verifyReceipt(receipt, { pins: { lane } })).verdict, "OPEN");
  await assert.rejects(verifyReceipt(receipt, { pins: { land: 1 } }), TypeError);
  await assert.rejects(verifyReceipt(receipt, { pins: { lane: "x" } }), TypeError);
});

test("a node that is silent, wrong or of another chain leaves checks open or refutes, and never fails", async () => {
  const verdict = async (answer) => {
    const other = await node(answer);
    try {
      return (await verifyReceipt(genuine[0].receipt, { node: other.url, pins: { lane } })).verdict;
    } finally {
      other.close();
    }
  };
  assert.equal(await verdict(() => "no answer"), "OPEN");
  assert.equal(await verdict(({ id }) => ({ id, error: { code: 1, message: "\u001b[2J" } })), "OPEN");
  const but = (method, result) => (asked) => (asked.method === method ? { id: asked.id, result } : answerOf(asked));
  assert.equal(await verdict(but("eth_call", { surprise: [] })), "OPEN");
  assert.equal(await verdict(but("eth_getLogs", [{ topics: 7 }])), "OPEN");
  assert.equal(await verdict(but("eth_chainId", "0x1")), "BROKEN");
  assert.equal(await verdict(but("eth_getTransactionReceipt", null)), "BROKEN");
  assert.equal((await verifyReceipt(genuine[0].receipt, { node: "http://127.0.0.1:1", pins: { lane } })).verdict, "OPEN");
});

test("what is no receipt is not checked, and says why", async () => {
  for (const text of ["", "{}", "[]", "{\"a\":1,\"a\":1}", "[".repeat(100000), genuine[0].receipt.replace('"salt"', '"salz"')]) {
    const { verdict, verified, readable, why } = await verifyReceipt(text, { pins: { lane } });
    assert.deepEqual({ verdict, verified, readable }, { verdict: "OPEN", verified: false, readable: false });
    assert.ok(why.length > 0);
  }
  assert.equal((await command(join(folder, "none"), ...pinned)).code, 2);
});

test("a wrong command line is code 2 with a reason", async () => {
  const path = file("one", genuine[0].receipt);
  for (const options of [[], [path, "--lane", "x"], [path, "--any-lane", "--lane", "1"], [path, "--surprise"], [path, "--node", "file:///x"]]) {
    const { code, out, err } = await command(...options);
    assert.deepEqual([code, out], [2, ""], options.join(" "));
    assert.match(err, /Usage: /);
  }
  assert.equal((await command("--help")).code, 0);
});
