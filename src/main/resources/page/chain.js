// A receipt against what a node said of the chain, and against what its owner insists on.

import { stake } from "./backing.js";
import { fromHex, hex } from "./bytes.js";
import { KINDS, ZERO_HASH, entryHash, headDigest, headOf, recordOf, requestKey } from "./commitments.js";
import { failed, misroute, passed, readLeaf, skipped, unchecked } from "./finding.js";
import { LEVELS } from "./receipt.js";
import { recover } from "./signer.js";

/** The registry that ships with this page: its address follows from its code (openledger.commitment.verify.RegistryCode). */
export const REGISTRY = "0x713136f2e3782652c1ac3e713b9e202a21375583";
export const REGISTRY_CODE = "0x84aff0dc19d420c7390767143ae73141cb0ed4bcba20d5e8282f3aaf7a123fc1";

/** A promise is for an hour at most; seconds. */
export const LONGEST_PROMISE = 3600;

const reaches = (level, other) => LEVELS.indexOf(level) >= LEVELS.indexOf(other);

const NOT_THERE = unchecked("The receipt names no transaction: its batch is not on chain yet.");

/** Adds the checks; how far the leaf has come, null if it is not shown to be on chain. */
export function chain(receipt, evidence, pins, add) {
  const record = recorded(receipt, evidence);
  const place = block(receipt, evidence);
  const reached = reachedBy(evidence, record, place);
  const behind = stake(receipt, evidence);
  add("CHAIN", rightChain(receipt, evidence, pins));
  add("REGISTRY", registry(receipt, evidence, pins));
  add("LANE", lane(receipt, evidence, pins));
  add("RECORDED", record);
  add("REGISTRY_PROOF", registryProof(evidence));
  add("BLOCK", place);
  add("LEVEL", level(receipt.level, reached, behind.over));
  add("PROMISE", promise(receipt, evidence));
  add("SIGNED_HEAD", signedHead(receipt, evidence));
  add("STAKE", behind.finding);
  return reached;
}

function rightChain({ header }, { chainId }, pins) {
  if (pins.chainId != null && pins.chainId !== header.chain_id) {
    return failed(`The batch is for chain ${header.chain_id}, not for chain ${pins.chainId} as expected.`);
  }
  if (!chainId.said) {
    return unchecked(`The node did not return its chain id: ${chainId.why}`);
  }
  return chainId.value === header.chain_id
    ? passed(`Batch and node are both of chain ${chainId.value}.`)
    : failed(`The batch is for chain ${header.chain_id}, but the node is on chain ${chainId.value}.`);
}

function registry({ header }, { registryCode }, pins) {
  const at = header.registry;
  if (pins.registry != null && pins.registry !== at) {
    return failed(`The batch is for registry ${at}, not for ${pins.registry} as expected.`);
  }
  if (!registryCode.said) {
    return unchecked(`It is not known whether there is a registry: ${registryCode.why}`);
  }
  if (registryCode.value === ZERO_HASH) {
    return failed(`There is no contract at ${at} on the node's chain.`);
  }
  if (pins.registry != null) {
    return passed(`There is a contract at ${at}, as expected.`);
  }
  if (registryCode.value !== REGISTRY_CODE) {
    return failed(`The contract at ${at} is not the registry that this verifier knows: its code differs.`);
  }
  return at === REGISTRY
    ? passed(`The contract at ${at} is the registry that this verifier knows: its code, at the address that follows from it.`)
    : unchecked(
        `The contract at ${at} has the registry's code, but not the address that follows from that code ` +
          `(${REGISTRY}), so its initial state is not known: name it if you trust it.`,
      );
}

function lane({ lane: own, header: { lane: number } }, { laneOwner }, pins) {
  if (own !== BigInt(number)) {
    return failed(`The request is of lane ${own}, but the batch is of lane ${number}.`);
  }
  if (pins.lane != null && pins.lane !== number) {
    return failed(`The batch is of lane ${number}, not of lane ${pins.lane} as expected.`);
  }
  if (pins.laneOwner != null) {
    return owner(number, laneOwner, pins.laneOwner);
  }
  if (pins.lane != null) {
    return passed(`Request and batch are both of lane ${number}, as expected.`);
  }
  return pins.anyLane
    ? passed(`Request and batch are both of lane ${number}; any lane was accepted, so its owner is not checked.`)
    : unchecked(
        `Request and batch are both of lane ${number}, which anybody can have opened: ` +
          "name the lane that you expect, or its owner.",
      );
}

function owner(number, laneOwner, expected) {
  if (!laneOwner.said) {
    return unchecked(`Who owns lane ${number} is not known: ${laneOwner.why}`);
  }
  return laneOwner.value === expected
    ? passed(`Request and batch are both of lane ${number}, which ${expected} owns, as expected.`)
    : failed(`Lane ${number} belongs to ${laneOwner.value}, not to ${expected} as expected.`);
}

function recorded({ header, anchor }, { batchRecord }) {
  if (!anchor) {
    return NOT_THERE;
  }
  const which = `batch ${header.sequence} of lane ${header.lane}`;
  if (!batchRecord.said) {
    return unchecked(`The registry could not be read: ${batchRecord.why}`);
  }
  if (batchRecord.value === ZERO_HASH) {
    return failed(`The registry has no ${which}.`);
  }
  return batchRecord.value === recordOf(headOf(header), anchor.committedAt)
    ? passed(`The registry has this header as ${which}.`)
    : failed(
        `As ${which} the registry has another header, or another commit time than ` +
          `${anchor.committedAt}. If there was a reorg since, get the receipt again.`,
      );
}

function registryProof({ leafVerified }) {
  if (!leafVerified.said) {
    return unchecked(`The registry was not queried: ${leafVerified.why}`);
  }
  return leafVerified.value
    ? passed("The registry's own check accepts leaf and proof.")
    : failed("The registry's own check rejects leaf and proof.");
}

function block({ anchor }, { transaction, committed, canonical }) {
  if (!anchor) {
    return NOT_THERE;
  }
  if (!transaction.said) {
    return unchecked(`The place of the transaction is not known: ${transaction.why}`);
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
  if (!committed.said) {
    return unchecked(`The effect of the transaction is not known: ${committed.why}`);
  }
  if (!committed.value) {
    return failed(`Transaction ${anchor.transaction} is not the one that committed this batch.`);
  }
  if (!canonical.said) {
    return unchecked(`The node did not return the chain's block ${seen.number}: ${canonical.why}`);
  }
  if (canonical.value === null) {
    return unchecked(
      `Block ${seen.number} is announced but not part of the chain yet; it can still be dropped.`,
    );
  }
  if (canonical.value !== seen.hash) {
    return failed(
      `The transaction is in block ${seen.hash}, but the chain's block ${seen.number}` +
        ` is ${canonical.value}: a reorg removed it.`,
    );
  }
  if (anchor.blockHash !== seen.hash) {
    return unchecked(
      `The transaction is in the chain's block ${seen.number}; the receipt names another. ` +
        "If there was a reorg since, get the receipt again.",
    );
  }
  return anchor.blockNumber === seen.number
    ? passed(`The transaction's block ${seen.number} is the chain's block of that number.`)
    : failed(
        `The transaction is in the chain's block ${seen.number}, but the receipt names it as block ${anchor.blockNumber}.`,
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
function level(claimed, reached, over) {
  if (!reached) {
    return unchecked(`The receipt claims ${claimed}; by what the node says the leaf is not on chain.`);
  }
  if (reaches(reached, claimed)) {
    return passed(`It is ${reached} by the evidence; the receipt claims ${claimed}.`);
  }
  if (claimed === "SETTLED" && reached === "FINALIZED") {
    if (over === false) {
      return unchecked("The receipt claims SETTLED, but by the lane's vault the time to challenge it has not passed.");
    }
    return passed(
      over
        ? "It is FINALIZED by the evidence, and by the lane's vault the time to challenge it has passed."
        : "It is FINALIZED by the evidence; judge yourself whether the time to challenge it has passed.",
    );
  }
  return unchecked(`The receipt claims ${claimed}, but by what this node says it is only ${reached}.`);
}

/** Why a promise is of another lane or registry; null if it is not. */
export function elsewhere(promise, lane, registry, chainId) {
  if (promise.lane !== lane) {
    return failed(`The promise is of lane ${promise.lane}, not of lane ${lane}.`);
  }
  return promise.chainId === chainId && promise.registry === registry
    ? null
    : failed(
        `The promise is for registry ${promise.registry} on chain ${promise.chainId}` +
          `, not for ${registry} on chain ${chainId}.`,
      );
}

/** Why a promise is not for the request with this key, or for a longer time than a promise can be; null if it is. */
export function misfit({ requestKey: its, signedAt, anchorBy }, key) {
  if (its !== key) {
    return failed(`The promise is about another request or another body: it has the key ${its}, not ${key}.`);
  }
  return anchorBy < signedAt || BigInt(anchorBy) - BigInt(signedAt) > LONGEST_PROMISE
    ? failed(`The promise was signed at ${signedAt} and is due by ${anchorBy}: a promise is for an hour at most.`)
    : null;
}

function promise(receipt, { promiseSigner, signerRetiredAt }) {
  const { promised, header, request, digest, salt } = receipt;
  if (!promised) {
    return skipped("There is no promise in the receipt.");
  }
  const objection =
    elsewhere(promised, header.lane, header.registry, header.chain_id) ??
    misfit(promised, requestKey(request, digest, salt));
  if (objection) {
    return objection;
  }
  return signed("promise", promised, header.lane, promiseSigner, signerRetiredAt, (who) => kept(receipt, who));
}

/** A true signature of another header is not of this receipt. Nothing says when a head was signed, so a retired key counts. */
function signedHead({ header, signedHead: of }, { headSignerRetiredAt }) {
  if (!of) {
    return skipped("There is no signed head in the receipt.");
  }
  const signer = { said: true, value: recover(headDigest(header, headOf(header)), of.signature) };
  const genuine = (who) => passed(`${who} of batch ${header.sequence}.`);
  return signed("head", of, header.lane, signer, headSignerRetiredAt, genuine);
}

/** Whether a key of the lane has signed something; what else there is to find is `genuine`, by who signed. */
function signed(what, of, lane, signer, retiredAt, genuine) {
  if (!signer.said) {
    return unchecked(`The signer of the ${what} is not known: ${signer.why}`);
  }
  if (!signer.value) {
    return failed(`The ${what}'s signature is not valid.`);
  }
  const signedBy = `The ${what} was signed by ${signer.value}`;
  if (signer.value !== of.signer) {
    return failed(`${signedBy}, not by ${of.signer} as the receipt says.`);
  }
  if (!retiredAt.said) {
    return unchecked(`${signedBy}; whether that is a signing key of the lane is not known: ${retiredAt.why}`);
  }
  const until = retiredAt.value;
  if (until === 0) {
    return failed(`${signedBy}, which never was a signing key of lane ${lane}.`);
  }
  if (of.signedAt > until) {
    return failed(`${signedBy} at ${of.signedAt}, but that key was retired at ${until}.`);
  }
  return genuine(
    until === Infinity
      ? `The lane's signing key signed the ${what}`
      : `The key that was the lane's signing key until ${until} signed the ${what}`,
  );
}

/** A promise that was signed and not kept is genuine: it convicts the router, and refutes nothing. */
function kept({ promised, ofPlan, ...own }, whoSigned) {
  const isOf = ({ leaf }) => (Number(leaf.slice(68, 70)) === KINDS.PLAN ? "PLAN" : "OUTCOME") === promised.kind;
  const there = [own, ofPlan].find((leaf) => leaf && isOf(leaf));
  if (!there) {
    return unchecked(`${whoSigned}; it is about the request's ${promised.kind}, which the receipt does not have.`);
  }
  if (there.anchor && there.anchor.committedAt > promised.anchorBy) {
    return misroute(
      `${whoSigned}, due by ${promised.anchorBy}, but it was committed at ${there.anchor.committedAt}: too late.`,
    );
  }
  return promised.leafHash === ZERO_HASH || promised.leafHash === hex(entryHash(fromHex(there.leaf)))
    ? passed(`${whoSigned}, and it was kept.`)
    : misroute(`${whoSigned}, for another leaf than the one in the batch.`);
}
