// Writes clients/vectors/receipts.json: genuine receipts and changed ones, what `openledger verify` printed of each, and all answers of
// the node that it takes. PageTest runs it with -Drecording.write=true.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { Node } from "../../../../target/served-page/node.js";
import { UnreadableReceipt, readReceipt } from "../../../../target/served-page/receipt.js";

const TO = new URL("../../../../clients/vectors/", import.meta.url);
const lines = (name) =>
  readFileSync(process.env[name], "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const sha256 = (text) => createHash("sha256").update(text).digest("hex");

class Recorder extends Node {
  answers = new Map();

  async post(body) {
    const all = await super.post(body);
    body.forEach(({ id, method, params }) => {
      const { result, error } = all.find((answer) => answer.id === id);
      this.answers.set(JSON.stringify([method, params]), error ? { error } : { result: result ?? null });
    });
    return all;
  }
}

/** A text as a part of another that is exchanged. */
function splice(from, to) {
  let start = 0;
  while (start < Math.min(from.length, to.length) && from[start] === to[start]) {
    start++;
  }
  let end = 0;
  while (end < Math.min(from.length, to.length) - start && from.at(-1 - end) === to.at(-1 - end)) {
    end++;
  }
  return { at: start, cut: from.length - start - end, put: to.slice(start, to.length - end) };
}

test("records", async () => {
  const node = new Recorder(process.env.OPENLEDGER_NODE);
  const genuine = [];
  const forged = [];
  for (const { name, receipt, expected, code, line, printed } of lines("OPENLEDGER_RECEIPTS")) {
    try {
      const read = readReceipt(receipt);
      await node.evidence(read);
      await (read.ofPlan && node.evidence(read.ofPlan));
    } catch (why) {
      if (!(why instanceof UnreadableReceipt)) {
        throw why;
      }
    }
    if (!name.startsWith("changed: ")) {
      genuine.push({ name, code, receipt, line, printed });
      continue;
    }
    const [of, change] = genuine
      .map((one, i) => [i, splice(one.receipt, receipt)])
      .reduce((least, one) => (one[1].put.length < least[1].put.length ? one : least));
    const wrong = expected.checks?.find(({ finding }) => ["FAILED", "MISROUTE", "UNCHECKED"].includes(finding));
    const why = wrong ? `${wrong.subject}: ${wrong.text}` : expected.why;
    forged.push({ name, of, ...change, code, why, line_sha256: sha256(line), printed_sha256: sha256(printed) });
  }
  const answers = [...node.answers].map(([question, answer]) => {
    const [method, params] = JSON.parse(question);
    return { method, params, ...answer };
  });
  mkdirSync(TO, { recursive: true });
  const lane = Number(process.env.OPENLEDGER_OWN_LANE);
  const all = { lane, genuine, forged, promises: lines("OPENLEDGER_PROMISES"), answers };
  writeFileSync(new URL("receipts.json", TO), JSON.stringify(all, null, 1) + "\n");
});
