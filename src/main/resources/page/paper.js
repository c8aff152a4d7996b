// What can be checked of a receipt without any chain.

import { fromHex } from "./bytes.js";
import { MOST_LEAVES, entryHash, headOf, outcomeCommitment, requestKey, rootOf } from "./commitments.js";
import { number, outside } from "./faults.js";
import { UNREADABLE, failed, passed, skipped } from "./finding.js";
import { record } from "./told.js";

export function paper(receipt, leaf, add) {
  const isLeaf = !leaf.unreadable;
  add("LEAF", readable(leaf));
  add("COMMITMENT", isLeaf ? commitment(receipt, leaf) : UNREADABLE);
  add("REQUEST", skipped("No copy of the request was given."));
  add("ANSWER", isLeaf ? answer(receipt, leaf) : UNREADABLE);
  add("RESPONSE", skipped("No copy of the answer was given."));
  add("STORY", isLeaf ? record(receipt, leaf) : UNREADABLE);
  add("BATCH", isLeaf ? batch(receipt, leaf) : UNREADABLE);
  add("PROOF", proof(receipt));
  add("HEADER", header(receipt));
}

export const readable = ({ unreadable }) =>
  unreadable
    ? failed(`These are not the bytes of a leaf (${unreadable}).`)
    : passed("The leaf has the form of version 2.");

function commitment({ request, digest, salt }, leaf) {
  const recomputed = requestKey(request, digest, salt);
  return recomputed === leaf.request
    ? passed("Id, digest and salt of the receipt give the commitment in the leaf.")
    : failed(
        `Id, digest and salt give ${recomputed}, but the leaf is about ${leaf.request}` +
          ": another request's leaf, or one of the three is changed.",
      );
}

function answer({ salt, responseDigest, upstreamRequestIds, usage }, leaf) {
  if (!leaf.ended) {
    return skipped("The leaf is a plan; there was no answer yet.");
  }
  const recomputed = outcomeCommitment(salt, responseDigest, upstreamRequestIds, usage);
  return recomputed === leaf.ended.outcome
    ? passed("Response digest, the providers' names of the calls and what these took give the commitment in the leaf.")
    : failed(
        `Response digest, the providers' names of the calls and what these took give ${recomputed}` +
          `, but the leaf has ${leaf.ended.outcome}.`,
      );
}

function batch({ counter, header }, leaf) {
  const breach = number(counter, header) ?? outside(leaf, header);
  return breach ? failed(breach.why) : passed("The request's number and time lie in the batch's range.");
}

function proof({ leaf, proof: { index, size, path }, header }) {
  if (size !== header.size) {
    return failed(`The proof is for a log of ${size} leaves, but the header says ${header.size}.`);
  }
  if (header.count > MOST_LEAVES || header.count > header.size) {
    return failed(
      `A batch has at most ${MOST_LEAVES} leaves, and not more than the log: ${header.count} of ${header.size}.`,
    );
  }
  const first = BigInt(header.size) - BigInt(header.count);
  const last = BigInt(header.size) - 1n;
  if (BigInt(index) < first || BigInt(index) > last) {
    return failed(`Leaf ${index} of the log is not in this batch, which has those from ${first} to ${last}.`);
  }
  const leads = (from) => rootOf(entryHash(fromHex(leaf)), from, size, path) === header.root;
  if (leads(index)) {
    return passed(`Leaf ${index} of ${size} leads to the header's root.`);
  }
  for (let other = first; other <= last; other++) {
    if (leads(other)) {
      return failed(`The index is wrong: the proof leads to the header's root from ${other}, not from ${index}.`);
    }
  }
  return failed(
    `Leaf and path do not lead to the header's root ${header.root}: the leaf, a hash of the path or the root is changed.`,
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
