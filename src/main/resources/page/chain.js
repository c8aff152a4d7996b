// A receipt against what a node said of the chain, and against what its owner insists on.

import { fromHex, hex } from "./bytes.js";
import { ZERO_HASH, headOf, leafHash, recordOf } from "./commitments.js";
import { failed, passed, skipped, unchecked } from "./finding.js";
import { LEVELS } from "./receipt.js";

const reaches = (level, other) => LEVELS.indexOf(level) >= LEVELS.indexOf(other);

const NOT_THERE = unchecked("The receipt names no transaction: its batch is not on chain yet.");

/** Adds the checks; how far the leaf has come, null if it is not shown to be on chain. */
export function chain(receipt, evidence, pins, add) {
  const record = recorded(receipt, evidence);
  const place = block(receipt, evidence);
  const reached = reachedBy(evidence, record, place);
  add("CHAIN", rightChain(receipt, evidence, pins));
  add("REGISTRY", registry(receipt, evidence, pins));
  add("LANE", lane(receipt, pins));
  add("RECORDED", record);
  add("REGISTRY_PROOF", registryProof(evidence));
  add("BLOCK", place);
  add("LEVEL", level(receipt.level, reached));
  add("PROMISE", promise(receipt, evidence));
  return reached;
}

function rightChain({ header }, { chainId }, pins) {
  if (pins.chainId != null && pins.chainId !== header.chain_id) {
    return failed(`The batch is for chain ${header.chain_id}, not for chain ${pins.chainId} as expected.`);
  }
  if (!chainId.said) {
    return unchecked(`The node did not say which chain it is on: ${chainId.why}`);
  }
  return chainId.value === header.chain_id
    ? passed(`Batch and node are both of chain ${chainId.value}.`)
    : failed(`The batch is for chain ${header.chain_id}, but the node is on chain ${chainId.value}.`);
}

function registry({ header }, { registry: there }, pins) {
  if (pins.registry != null && pins.registry !== header.registry) {
    return failed(`The batch is for registry ${header.registry}, not for ${pins.registry} as expected.`);
  }
  if (!there.said) {
    return unchecked(`It is not known whether there is a registry: ${there.why}`);
  }
  return there.value
    ? passed(
        `There is a contract at ${header.registry}` +
          (pins.registry == null ? "; whether it is the right one only you can say." : ", as expected."),
      )
    : failed(`There is no contract at ${header.registry} on the node's chain.`);
}

function lane({ lane: own, header }, pins) {
  if (own !== BigInt(header.lane)) {
    return failed(`The request is of lane ${own}, but the batch is of lane ${header.lane}.`);
  }
  if (pins.lane != null && pins.lane !== header.lane) {
    return failed(`The batch is of lane ${header.lane}, not of lane ${pins.lane} as expected.`);
  }
  return passed(`Request and batch are both of lane ${header.lane}.`);
}

function recorded({ header, anchor }, { batchRecord }) {
  if (!anchor) {
    return NOT_THERE;
  }
  const which = `batch ${header.sequence} of lane ${header.lane}`;
  if (!batchRecord.said) {
    return unchecked(`The registry was not heard: ${batchRecord.why}`);
  }
  if (batchRecord.value === ZERO_HASH) {
    return failed(`The registry has no ${which}.`);
  }
  return batchRecord.value === recordOf(headOf(header), anchor.committedAt)
    ? passed(`The registry has this header as ${which}.`)
    : failed(
        `What the registry has as ${which} is another header, or was committed at another time than ` +
          `${anchor.committedAt}. If there was a reorg since, get the receipt again.`,
      );
}

function registryProof({ leafVerified }) {
  if (!leafVerified.said) {
    return unchecked(`The registry was not asked: ${leafVerified.why}`);
  }
  return leafVerified.value
    ? passed("The registry's own check of leaf and proof says yes.")
    : failed("The registry's own check of leaf and proof says no.");
}

function block({ anchor }, { transaction, canonical }) {
  if (!anchor) {
    return NOT_THERE;
  }
  if (!transaction.said) {
    return unchecked(`The node did not say where the transaction is: ${transaction.why}`);
  }
  const seen = transaction.value;
  if (!seen) {
    return failed(
      `The node has transaction ${anchor.transaction} in no block: dropped, or never sent to this chain.`,
    );
  }
  if (seen.timeSeconds !== anchor.committedAt) {
    return failed(
      `The transaction's block is of ${seen.timeSeconds}` +
        `, but the receipt says that the batch was committed at ${anchor.committedAt}.`,
    );
  }
  if (!canonical.said) {
    return unchecked(`The node did not name the chain's block ${seen.number}: ${canonical.why}`);
  }
  if (canonical.value === null) {
    return unchecked(
      `Block ${seen.number} is announced but not part of the chain yet; it can still be dropped.`,
    );
  }
  if (canonical.value !== seen.hash) {
    return failed(
      `The transaction is in block ${seen.hash}, but the chain's block ${seen.number}` +
        ` is ${canonical.value}: a reorg took it away.`,
    );
  }
  return passed(
    anchor.blockHash === seen.hash
      ? `The transaction's block ${seen.number} is the chain's block of that number.`
      : `The transaction is in the chain's block ${seen.number}; the receipt still names the block of before a reorg.`,
  );
}

function reachedBy({ transaction, canonical, tags }, record, place) {
  if (!transaction.said || !transaction.value) {
    return null;
  }
  if (canonical.said && canonical.value === null && place.finding === "UNCHECKED") {
    return "PRECONFIRMED";
  }
  if (record.finding !== "PASSED" || place.finding !== "PASSED") {
    return null;
  }
  const { number } = transaction.value;
  if (tags.said && (tags.value.finalized ?? -1) >= number) {
    return "FINALIZED";
  }
  return tags.said && (tags.value.safe ?? -1) >= number ? "SAFE" : "SEQUENCED";
}

/** A node can lag behind another, so less than was claimed is no proof of a lie. */
function level(claimed, reached) {
  if (!reached) {
    return unchecked(`The receipt claims ${claimed}; by what the node says the leaf is not on chain.`);
  }
  if (reaches(reached, claimed)) {
    return passed(`It is ${reached} by the evidence; the receipt claims ${claimed}.`);
  }
  if (claimed === "SETTLED" && reached === "FINALIZED") {
    return passed("It is FINALIZED by the evidence; that the time to challenge it has passed is for you to judge.");
  }
  return unchecked(`The receipt claims ${claimed}, but by what this node says it is only ${reached}.`);
}

function promise({ promised, anchor, leaf }, { promiseSigner, committer }) {
  if (!promised) {
    return skipped("The receipt is not signed; none was asked for.");
  }
  // Request and commitment of the promise are made from the receipt itself, so here they cannot be another's.
  if (promised.leafHash !== ZERO_HASH && promised.leafHash !== hex(leafHash(fromHex(leaf)))) {
    return failed("What was signed is another leaf than the one in the batch.");
  }
  if (anchor && anchor.committedAt > promised.anchorBy) {
    return failed(`It was promised by ${promised.anchorBy} and committed at ${anchor.committedAt}: too late.`);
  }
  if (!promiseSigner.said) {
    return unchecked("Who signed the promise could not be found out.");
  }
  if (!committer.said) {
    return unchecked(
      `The promise was signed by ${promiseSigner.value}; whether that is the lane's account is not known: ${committer.why}`,
    );
  }
  return committer.value === promiseSigner.value
    ? passed("The lane's account signed the promise, and it was kept.")
    : failed(
        `The promise was signed by ${promiseSigner.value}, but the lane's account is ${committer.value}.`,
      );
}
