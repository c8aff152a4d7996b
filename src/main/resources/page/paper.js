// What can be checked of a receipt without any chain.

import { fromHex } from "./bytes.js";
import { MOST_LEAVES, answerCommitment, headOf, requestCommitment, rootOf } from "./commitments.js";
import { UNREADABLE, failed, passed, skipped } from "./finding.js";
import { record } from "./told.js";

export function paper(receipt, leaf, add) {
  const readable = !leaf.unreadable;
  add(
    "LEAF",
    readable
      ? passed("The leaf has the form of version 1.")
      : failed(`These are not the bytes of a leaf (${leaf.unreadable}).`),
  );
  add("COMMITMENT", readable ? commitment(receipt, leaf) : UNREADABLE);
  add("REQUEST", skipped("No copy of the request was given."));
  add("ANSWER", readable ? answer(receipt, leaf) : UNREADABLE);
  add("RESPONSE", skipped("No copy of the answer was given."));
  add("STORY", readable ? record(receipt, leaf) : UNREADABLE);
  add("BATCH", readable ? batch(receipt, leaf) : UNREADABLE);
  add("PROOF", proof(receipt));
  add("HEADER", header(receipt));
}

function commitment({ request, digest, salt }, leaf) {
  const recomputed = requestCommitment(request, digest, salt);
  return recomputed === leaf.request
    ? passed("Id, digest and salt of the receipt give the commitment in the leaf.")
    : failed(
        `Id, digest and salt give ${recomputed}, but the leaf is about ${leaf.request}` +
          ": another request's leaf, or one of the three is changed.",
      );
}

function answer({ salt, responseDigest, upstreamRequestIds }, leaf) {
  if (!leaf.ended) {
    return skipped("The leaf is a plan; there was no answer yet.");
  }
  const recomputed = answerCommitment(salt, responseDigest, upstreamRequestIds);
  return recomputed === leaf.ended.answer
    ? passed("Response digest and the providers' names of the calls give the commitment in the leaf.")
    : failed(
        `Response digest and the providers' names of the calls give ${recomputed}` +
          `, but the leaf has ${leaf.ended.answer}.`,
      );
}

function batch({ counter, header }, leaf) {
  if (counter < BigInt(header.first_counter) || counter > BigInt(header.last_counter)) {
    return failed(
      `The request has number ${counter}, but the batch goes from ${header.first_counter} to ${header.last_counter}.`,
    );
  }
  if (leaf.timeMillis < header.first_ms || leaf.timeMillis > header.last_ms) {
    return failed(
      `The leaf's time ${leaf.timeMillis} is not between the header's ${header.first_ms} and ${header.last_ms}.`,
    );
  }
  return passed("The request's number and time lie in the batch's range.");
}

function proof({ leaf, proof: { index, count, siblings }, header }) {
  if (count !== header.count) {
    return failed(`The proof is for ${count} leaves, but the header says ${header.count}.`);
  }
  if (index < 0 || index >= header.count) {
    return failed(`There is no index ${index} in a batch of ${header.count} leaves.`);
  }
  if (header.count > MOST_LEAVES) {
    return failed(`A batch has at most ${MOST_LEAVES} leaves, not ${header.count}.`);
  }
  const leads = (from) => rootOf(fromHex(leaf), from, count, siblings) === header.root;
  if (leads(index)) {
    return passed(`Leaf ${index} of ${count} leads to the header's root.`);
  }
  for (let other = 0; other < header.count; other++) {
    if (leads(other)) {
      return failed(`The index is wrong: the proof leads to the header's root from ${other}, not from ${index}.`);
    }
  }
  return failed(
    `Leaf and siblings do not lead to the header's root ${header.root}: the leaf, a sibling or the root is changed.`,
  );
}

function header({ header, head }) {
  const recomputed = headOf(header);
  return recomputed === head
    ? passed("The header has the hash that the receipt names.")
    : failed(
        `The header has the hash ${recomputed}, but the receipt names ${head}: the header is changed.`,
      );
}
