// Receipts in the two forms that a log signs: what `openledger verify` says of each is said here, to the byte.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bytesChanged, envelope, enveloped, logged, misuses, recorded } from "./world.js";

const { exitCode, verifyReceipt } = await import("../index.js");
const { verifyBytes } = await import("../receipt.js");
const printer = await import("../printer.js");
const { fromHex } = await import("../verifier/bytes.js");
const { logPins } = await import("../verifier/witnesses.js");

const CLI = fileURLToPath(new URL("../cli.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "openledger-verify-"));
after(() => rmSync(folder, { recursive: true }));
const OPTIONS = {
  "log-key": { type: "string" },
  leaf: { type: "string" },
  witness: { type: "string", multiple: true },
  "witness-quorum": { type: "string" },
};
const named = (name) => logged.find((one) => one.name === name);
const [COSE, PROOF] = [named("COSE"), named("tlog-proof")];

const sha256 = (text) => createHash("sha256").update(text).digest("hex");

function asked(options) {
  const { values } = parseArgs({ args: options, options: OPTIONS });
  const log = logPins(values["log-key"], values.witness, values["witness-quorum"] && Number(values["witness-quorum"]));
  return { log, leaf: values.leaf && fromHex(values.leaf) };
}

const judged = (bytes, { log, leaf }) => verifyBytes(bytes, null, { log }, leaf, () => {});

const command = (name, bytes, ...options) =>
  new Promise((done) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    execFile(process.execPath, [CLI, path, ...options], (failure, out, err) => done({ code: failure?.code ?? 0, out, err }));
  });

test("prints of receipts that a log has signed what openledger verify printed", async () => {
  assert.ok(logged.length > 140);
  for (const one of logged) {
    const found = await judged(envelope(one), asked(one.options));
    const { unreadable } = found;
    assert.equal(exitCode(found.verdict), one.code, one.name);
    if (unreadable) {
      assert.equal(unreadable.message, one.why, one.name);
    } else {
      assert.deepEqual(found.checks, one.checks, one.name);
    }
    const text = unreadable ? printer.unreadable(unreadable) : printer.text(found, {});
    const json = unreadable ? printer.jsonUnreadable(unreadable) : printer.json(found);
    assert.equal(sha256(`${text}\n`), one.printed_sha256, `${one.name}\n${text}`);
    assert.equal(sha256(`${json}\n`), one.line_sha256, `${one.name}\n${json}`);
  }
});

test("the command verifies them with the key of the log, and refuses what they do not say", async () => {
  for (const one of [COSE, PROOF, named("COSE by another log"), named("tlog-proof, two of three"), named("COSE twice")]) {
    const { code, out, err } = await command("one", envelope(one), ...one.options);
    assert.deepEqual([code, sha256(out), err], [one.code, one.printed_sha256, ""], one.name);
    assert.equal(sha256((await command("one", envelope(one), ...one.options, "--json")).out), one.line_sha256, one.name);
  }
  for (const { form, options, says } of misuses) {
    const bytes = form === "JSON" ? recorded.genuine[0].receipt : enveloped(form);
    const { code, out, err } = await command("misuse", bytes, ...options);
    assert.deepEqual([code, out], [2, ""], options.join(" "));
    assert.equal(err.split("\n")[0], says, options.join(" "));
  }
  const two = [join(folder, "one"), "--leaf", PROOF.options[3]];
  assert.match((await command("other", envelope(PROOF), ...two)).err, /^--leaf needs exactly one receipt/);
});

test("among several each is known by its form", async () => {
  const rows = mkdtempSync(join(folder, "rows-"));
  for (const [i, one] of [COSE, PROOF, named("COSE by another log")].entries()) {
    writeFileSync(join(rows, `${i}.json`), envelope(one));
  }
  const path = join(folder, "cut");
  const { code, out } = await command("cut", envelope(named("COSE twice")), rows, ...COSE.options);
  assert.equal(code, 1);
  assert.deepEqual(out.split("\n").map((line) => line.slice(0, 21).trimEnd()), [
    "cut  NOT CHECKED  -",
    "0.json  VERIFIED",
    "1.json  NOT CHECKED",
    "2.json  REFUTED",
    "4 receipts: 1 verifie",
    "",
  ]);
  const pinned = await command("pinned", envelope(COSE), path, ...COSE.options, "--lane", "1");
  assert.equal(pinned.code, 2);
  assert.match(pinned.out, /^pinned {2}NOT CHECKED {2}- {13}It names no chain, so registry and lane cannot be checked/);
});

test("a program gives their bytes, or their text", async () => {
  const pins = { logKey: COSE.options[1] };
  const cose = await verifyReceipt(envelope(COSE), { pins });
  assert.deepEqual([cose.verified, cose.proved.status, cose.readable, cose.checks.length], [true, "SERVED", true, 4]);
  const proof = envelope(PROOF);
  const leaf = PROOF.options[3];
  for (const given of [proof, proof.toString(), Uint8Array.from(proof).buffer]) {
    const { verdict, proved } = await verifyReceipt(given, { pins, leaf });
    assert.deepEqual([verdict, proved.index, proved.log_size], ["HOLDS", "200", "300"]);
  }
  assert.equal((await verifyReceipt(proof, { pins })).verdict, "OPEN");
  assert.equal((await verifyReceipt(envelope(COSE))).verdict, "OPEN");
  const pinned = await verifyReceipt(envelope(COSE), { pins: { ...pins, lane: 1 } });
  assert.deepEqual([pinned.verdict, pinned.readable], ["OPEN", false]);
  const json = await verifyReceipt(recorded.genuine[0].receipt, { pins: { ...pins, anyLane: true } });
  assert.match(json.why, /for COSE and tlog-proof; this receipt is JSON/);
  await assert.rejects(verifyReceipt(proof, { pins, leaf: "0x12" }), TypeError);
  await assert.rejects(verifyReceipt(7, { pins }), TypeError);
});

test("no bit of them can be another, unless nothing else is proved", async () => {
  for (const one of [COSE, PROOF]) {
    const what = asked(one.options);
    const genuine = envelope(one);
    const { proved } = await judged(genuine, what);
    assert.ok(Object.keys(proved).length > 10);
    let held = 0;
    for (const bytes of bytesChanged(genuine, 8)) {
      const found = await judged(bytes, what);
      if (found.verdict === "HOLDS") {
        held++;
        // The size is not signed, and not proved.
        assert.deepEqual(found.proved, proved);
      }
    }
    assert.ok(one === PROOF ? held === 0 : held < 16, `${held}`);
  }
});

test("bytes of any kind have a verdict", async () => {
  const what = asked(PROOF.options);
  for (const one of [COSE, PROOF]) {
    const genuine = envelope(one);
    for (let length = 0; length < genuine.length; length++) {
      assert.equal((await judged(genuine.subarray(0, length), what)).verdict, "OPEN", `${length}`);
    }
    for (let i = 0; i < 2000; i++) {
      const other = Uint8Array.from(genuine);
      const at = 1 + Math.floor(Math.random() * (other.length - 1));
      other.set(randomBytes(Math.min(1 + (i % 8), other.length - at)), at);
      const { verdict, proved } = await judged(other, what);
      assert.ok(["OPEN", "BROKEN", "HOLDS"].includes(verdict));
      assert.equal(proved?.status ?? "SERVED", "SERVED");
    }
  }
});
