// Verifies a receipt that a log signs: that a leaf is in the log that a key is of (openledger.commitment.verify.LogVerification). It trusts the key,
// which never comes from the receipt, and asks no chain.

import { bigEndian, concat, fromHex, hex, utf8 } from "./bytes.js";
import { entryHash, rootOf } from "./commitments.js";
import { verifies } from "./ed25519.js";
import { failed, passed, readLeaf, unchecked, verdictOf } from "./finding.js";
import { shown } from "./json.js";
import { readable } from "./paper.js";
import { proved, utc } from "./told.js";
import { CONCLUSIONS, NOT_PROVED, SUBJECTS } from "./verify.js";
import { NOT_INCLUDED, cosigned, notOfTheLog } from "./witnesses.js";

const INCLUDED = "The leaf is in the log";
const SUBJECT = /^urn:openledger:request:([0-7][0-9a-f]{15})([0-9a-f]{16})$/;
const NO_LANE = "0".repeat(16);

export const LOG_CONCLUSIONS = { ...CONCLUSIONS, HOLDS: "VERIFIED: the leaf is in the log that the key is of." };

export const NOT_PROVED_BY_LOG = [
  NOT_PROVED[0],
  "that the leaf is about your request and your answer: the receipt in JSON has what they are bound with",
  "that the log shows everybody the same leaves, unless named witnesses have cosigned it: compare its checkpoints with those of others, or on the chain",
  "that names, budget and tiers are the published ones: the receipt in JSON is held against the chain",
];

/**
 * Verifies what readEnvelope read.
 *
 * @param pins of logPins; without the key nothing is checked that counts
 * @param leaf bytes that must be the leaf; a tlog-proof says nothing without them
 */
export async function verifyLogged(envelope, pins, leaf = null) {
  const checks = [];
  const add = (title, found) => checks.push({ title, ...found });
  const log = await (envelope.note ? proof : statement)(envelope, pins, leaf, add);
  const verdict = verdictOf(checks);
  return { checks, verdict, proved: verdict === "HOLDS" ? { ...log, ...members(envelope.payload ?? leaf) } : {} };
}

const noKey = (origin) =>
  unchecked(`No key of the log was given. The receipt says that it is of ${shown(origin)}, which anybody can write.`);

async function proof({ note, checkpoint, index, path }, pins, leaf, add) {
  const { origin, size, root } = checkpoint;
  add(
    SUBJECTS.LEAF,
    leaf ? readable(readLeaf(hex(leaf))) : unchecked("No leaf was given, and a proof does not contain it."),
  );
  let included = unchecked("Without the leaf, the path begins nowhere.");
  if (leaf) {
    const leads = rootOf(entryHash(leaf), index, size, path) === root;
    included = leads ? passed(`Leaf ${index} of ${size} leads to the checkpoint's root.`) : NOT_INCLUDED;
  }
  add(INCLUDED, included);
  const signed = pins.key
    ? ((await notOfTheLog(note, checkpoint, pins.key)) ?? passed("The checkpoint is signed by the given key."))
    : noKey(origin);
  add("The log has signed it", signed);
  if (pins.witnesses.length > 0) {
    add(SUBJECTS.WITNESSES, await cosigned(note, pins));
  }
  return { log: origin, log_size: `${size}`, log_root: root, index: `${index}` };
}

async function statement({ contentType, subject, issuer, payload, receipts, ...signed }, { key, witnesses }, given, add) {
  const leaf = readLeaf(hex(payload));
  add(
    SUBJECTS.LEAF,
    contentType === "application/vnd.openledger.leaf"
      ? readable(leaf)
      : failed(`The statement is no leaf, but ${shown(contentType)}.`),
  );
  if (given) {
    const same = hex(given) === hex(payload);
    add(
      "The leaf is the given one",
      same ? passed("They have the same bytes.") : failed("The statement has another leaf."),
    );
  }
  add("It is about this request", about(subject, leaf));
  const by = key && (await isBy(key, issuer, signed, payload));
  const not = by ? "" : "not ";
  const told = `The signature of the statement is ${not}by the given key.`;
  add("The issuer has signed the leaf", key ? (by ? passed : failed)(told) : noKey(issuer));
  if (receipts.length === 0) {
    add(INCLUDED, failed("The statement has no receipt of a log."));
  }
  const log = { log: issuer };
  for (const receipt of receipts) {
    const root = rootOf(entryHash(payload), receipt.index, receipt.size, receipt.path);
    add(INCLUDED, await included(receipt, root, key));
    log.log_root = root;
  }
  if (witnesses.length > 0) {
    add(
      SUBJECTS.WITNESSES,
      unchecked("This form cannot carry cosignatures: get the receipt as JSON or as tlog-proof."),
    );
  }
  return log;
}

function about(subject, { counter }) {
  const [, lane, number] = SUBJECT.exec(subject) ?? [];
  return lane !== undefined && lane !== NO_LANE && BigInt(`0x${number}`) === counter
    ? passed("The request that the statement names has the number that the leaf has.")
    : failed(`The statement names another request than the leaf: ${shown(subject)}.`);
}

async function included({ issuer, index, size, ...signed }, root, key) {
  if (root === null) {
    return failed(`No log of ${size} leaves has such a path for leaf ${index}.`);
  }
  if (!key) {
    return noKey(issuer);
  }
  // Other sizes can share the path, and with them the index changes.
  return (await isBy(key, issuer, signed, fromHex(root)))
    ? passed(
        "The leaf leads to a root that the given key has signed. At which place, " +
          `leaf ${index} of ${size}, is not signed.`,
      )
    : failed(
        "Leaf and path do not lead to a root that the given key has signed: one of them is changed, or of another log.",
      );
}

/** Whether it is signed by a key whose owner is the issuer; its header is that of this key, as it was read in its one form. */
const isBy = (key, issuer, { header, keyId, signature }, payload) =>
  key.name === issuer && hex(keyId) === `0x${key.id}` && verifies(key.key, signed(header, payload), signature);

/** What is signed (RFC 9052, 4.4), CBOR: a list of four. */
const signed = (header, payload) =>
  concat(Uint8Array.of(0x84, 0x6a), utf8("Signature1"), binary(header), Uint8Array.of(0x40), binary(payload));

function binary(bytes) {
  const { length } = bytes;
  const size = length < 24 ? 0 : length < 1 << 8 ? 1 : length < 1 << 16 ? 2 : 4;
  const head = Uint8Array.of(0x40 + (size ? 24 + Math.log2(size) : length));
  return concat(head, bigEndian(length, size), bytes);
}

/** What a leaf says, under the names that receipts in JSON have. */
function members(bytes) {
  const leaf = readLeaf(hex(bytes));
  const { ended, planned } = leaf;
  const all = Object.entries({
    request_key: leaf.request,
    counter: leaf.counter,
    kind: ended ? "OUTCOME" : "PLAN",
    ...proved(leaf),
    ...(ended
      ? { total_ms: ended.totalMillis }
      : { planned: utc(leaf.timeMillis), snapshot: leaf.snapshot, turn: planned.turn }),
  });
  return Object.fromEntries(all.filter(([, value]) => value !== "").map(([name, value]) => [name, String(value)]));
}
