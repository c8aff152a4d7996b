// Holds a receipt against itself, against what a node says and against what its owner insists on; nothing is believed of the
// router. The checks of `openledger verify` (openledger.commitment.verify.ReceiptVerification), in its order and its words: a test runs
// both over the same receipts and compares every line.

import { chain } from "./chain.js";
import { readLeaf, verdictOf } from "./finding.js";
import { Members } from "./members.js";
import { names } from "./names.js";
import { noEvidence } from "./node.js";
import { paper } from "./paper.js";
import { absentPlan, alone, pair, worst } from "./plan.js";
import { rules } from "./rules.js";
import { witnesses } from "./witnesses.js";

export const SUBJECTS = {
  MEMBERS: "Every member is known",
  LEAF: "The leaf can be read",
  COMMITMENT: "The leaf is about this request",
  REQUEST: "The request is the one that was sent",
  ANSWER: "The leaf is about this answer",
  RESPONSE: "The answer is the one that was received",
  STORY: "The record says what the leaf says",
  BATCH: "The leaf belongs to this batch",
  PROOF: "The leaf is in the batch, at this place",
  HEADER: "The header has this hash",
  WITNESSES: "Witnesses have cosigned the log",
  NAMES: "The names are the published ones",
  ATTEMPTS: "No more attempts than the budget",
  BUDGET: "The budget is the published one",
  FALL_BACK: "No fall-back before better tiers were spent",
  EXHAUSTION: "Not given up before the budget was spent",
  END: "The end agrees with who served",
  PLAN: "The plan was committed too",
  PAIR: "The end follows the plan",
  CHAIN: "It is the right chain",
  REGISTRY: "It is the right registry",
  LANE: "It is the right lane",
  RECORDED: "The registry has this header",
  REGISTRY_PROOF: "The registry itself accepts the proof",
  BLOCK: "The block is part of the chain",
  LEVEL: "It has reached the claimed level",
  PROMISE: "The promise was kept",
  SIGNED_HEAD: "The lane has signed the header",
  STAKE: "A stake stands behind it",
};

export const CONCLUSIONS = {
  HOLDS: "VERIFIED: every check that matters has passed, according to the node.",
  OPEN: "NOT CHECKED: nothing is wrong, but not everything that matters could be checked.",
  MISROUTED: "MISROUTED: the receipt is genuine, and proves a breach of the published rules.",
  BROKEN: "REFUTED: the receipt does not prove what it says.",
};

export const MEANINGS = {
  RECORDED: "It is in the router's journal: the router's word alone.",
  ACCEPTED: "The router has signed that the leaf will be on chain by a certain time.",
  PRECONFIRMED: "A node has announced the transaction, but its block can still be dropped.",
  SEQUENCED:
    "It is in the chain as the sequencer has it. This trusts the sequencer: until the block is on L1, a reorg can take it away.",
  SAFE: "The block follows from data on L1; a reorg of L1 can still take it away.",
  FINALIZED: "The block follows from data on an L1 block that is final: nobody can change it any more.",
  SETTLED: "Final, and the time to challenge it has passed.",
};

export const NOT_PROVED = [
  "that a time-out or an error of a provider, which a trigger names, really happened",
  "that the provider ran the model that it names",
  "in which order requests arrived, and that none was left out: compare the counters of the lane's batches",
  "that the node tells the truth about its chain: ask one that you trust",
];

/**
 * Verifies a receipt.
 *
 * @param receipt what readReceipt read
 * @param evidence what a node said of it
 * @param ofPlan what a node said of receipt.ofPlan, if there is one
 * @param pins chainId, registry, lane and laneOwner that it must be of; without a registry only the one that ships with this page
 *     will do, without a lane or its owner it stays open, unless anyLane; log is of logPins
 */
export async function verify(receipt, evidence, ofPlan = noEvidence("it was not queried for the plan."), pins = {}) {
  const checks = [];
  const add = (subject, found) => checks.push({ subject, title: SUBJECTS[subject], ...found });
  const leaf = readLeaf(receipt.leaf);
  const members = new Members(receipt.content);
  add("MEMBERS", members.finding());
  paper(receipt, leaf, add);
  if (pins.log?.witnesses.length > 0) {
    add("WITNESSES", await witnesses(receipt, pins.log));
  }
  const { found, proved } = names(receipt, leaf, evidence.policies);
  add("NAMES", found);
  rules(leaf, evidence.upTo, add);
  const plan = receipt.ofPlan && (await verify(receipt.ofPlan, ofPlan, undefined, pins));
  add("PLAN", plan ? worst(plan) : absentPlan(leaf));
  add("PAIR", receipt.ofPlan ? pair(receipt, leaf) : alone(leaf, evidence.upTo));
  const reached = chain(receipt, evidence, pins, add);
  const verdict = verdictOf(checks);
  return { checks, reached, verdict, members: members.account(checks, proved, reached, plan) };
}
