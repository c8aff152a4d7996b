// Every change of every member of genuine receipts, judged by the page's own code against a real node: it has to say what the command
// said, word for word. PageTest runs it; without a browser, because there are thousands.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Node, noEvidence, said } from "../../../../target/served-page/node.js";
import { UnreadableReceipt, readReceipt } from "../../../../target/served-page/receipt.js";
import { CONCLUSIONS, verify } from "../../../../target/served-page/verify.js";

const AT_ONCE = 16;
const node = new Node(process.env.OPENLEDGER_NODE);
const lane = Number(process.env.OPENLEDGER_OWN_LANE);
const lines = (file) =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const all = lines(process.env.OPENLEDGER_MEMBERS);

async function judge(text) {
  let receipt;
  try {
    receipt = readReceipt(text);
  } catch (why) {
    if (why instanceof UnreadableReceipt) {
      return { verdict: "OPEN", why: why.message };
    }
    throw why;
  }
  const evidence = await node.evidence(receipt);
  const ofPlan = receipt.ofPlan ? await node.evidence(receipt.ofPlan) : undefined;
  const { checks, verdict, members } = await verify(receipt, evidence, ofPlan, { lane });
  return {
    verdict,
    why: CONCLUSIONS[verdict],
    checks,
    proved: [...members.proved.keys()],
    unchecked: members.unchecked,
    word: Object.fromEntries([...members.word].map(([path, value]) => [path, value])),
  };
}

function expectedOf({ verdict, why, checks, proved, unchecked, routers_word: word }) {
  return checks
    ? {
        verdict,
        why,
        checks,
        proved: Object.keys(proved),
        unchecked,
        word: Object.fromEntries(Object.entries(word).map(([path, value]) => [path, value === null ? null : String(value)])),
      }
    : { verdict, why };
}

test("says of every change of every member what the command says", { timeout: 240_000 }, async () => {
  const verdicts = {};
  let next = 0;
  const worker = async () => {
    while (next < all.length) {
      const { name, receipt, expected } = all[next++];
      const found = await judge(receipt);
      assert.deepEqual(found, expectedOf(expected), name);
      verdicts[found.verdict] = (verdicts[found.verdict] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  // What is compared is not nothing.
  assert.ok(verdicts.BROKEN > 300 && verdicts.OPEN > 1000 && verdicts.HOLDS > 100, JSON.stringify(verdicts));
});

test("says of a promise's key what the command says, whatever the registry has of it", async () => {
  const findings = [];
  for (const { receipt, signs, until, expected } of lines(process.env.OPENLEDGER_KEYS)) {
    const read = readReceipt(receipt);
    const evidence = {
      ...noEvidence("it was not queried."),
      signerRetiredAt: said(signs ? Infinity : until),
      promiseSigner: said(read.promised.signer),
    };
    const { checks } = await verify(read, evidence);
    const { finding, text } = checks.find(({ subject }) => subject === "PROMISE");
    assert.equal(`${finding} ${text}`, expected);
    findings.push(finding);
  }
  assert.deepEqual(findings, ["FAILED", "FAILED", "PASSED", "PASSED", "PASSED"]);
});
