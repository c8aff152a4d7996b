// Whether enough of the named witnesses have cosigned a log with the receipt's leaf (openledger.commitment.verify.WitnessCheck). What the
// receipt says of a quorum is the router's word and decides nothing.

import { fromHex } from "./bytes.js";
import { entryHash, rootOf } from "./commitments.js";
import { failed, passed, unchecked } from "./finding.js";
import { shown } from "./json.js";
import { NotANote, readCheckpoint, readKey, readNote, standing } from "./note.js";

/** The end of the year 9999, Unix seconds: a later time is no date for everybody. */
const LAST_DATE = 253402300799n;

const NONE = unchecked(
  "The receipt has no checkpoint that a witness can have cosigned. If it is young, get it again later.",
);
export const NOT_INCLUDED = failed(
  "Leaf, index and path do not lead to the checkpoint's root: one of them is changed, or of another log.",
);
const UNREADABLE = unchecked("The checkpoint of the receipt cannot be read: it is no signed note of a log.");

function keyOf(text, owner) {
  const no = `This is no key of a ${owner}`;
  let key;
  try {
    key = readKey(text.trim());
  } catch (why) {
    throw why instanceof NotANote ? new NotANote(`${no}: ${why.message}.`) : why;
  }
  if (key.owner !== owner) {
    throw new NotANote(`${no}, but of a ${key.owner}.`);
  }
  return key;
}

/**
 * What the verifier knows of the log and its witnesses: their keys, and how many must have cosigned, all unless it is said. Throws
 * NotANote for what is none.
 */
export function logPins(logKey, witnesses = [], quorum = witnesses.length) {
  const named = witnesses.map((text) => keyOf(text, "witness"));
  // Under two names it would count twice.
  if (new Set(named.map(({ key }) => String(key))).size !== named.length) {
    throw new NotANote("Two witnesses have one key.");
  }
  if (!Number.isInteger(quorum) || quorum < Math.min(1, named.length) || quorum > named.length) {
    throw new NotANote("A quorum is 1 to the number of witnesses.");
  }
  if ((logKey != null || named.length > 0) && !globalThis.crypto?.subtle) {
    throw new NotANote("Signatures can be checked only on a page that came with TLS, or from this machine.");
  }
  return { key: logKey == null ? null : keyOf(logKey, "log"), witnesses: named, quorum };
}

/** Unix seconds for a person. */
export const timeOf = (seconds) =>
  seconds > LAST_DATE ? `Unix second ${seconds}` : new Date(1000 * Number(seconds)).toISOString().replace(".000Z", "Z");

/** Passed if there are enough cosignatures, unchecked if not: there can be more later. A false one refutes all. */
export async function cosigned(note, { witnesses, quorum }) {
  const by = [];
  for (const witness of witnesses) {
    const { standing: found, seconds } = await standing(note, witness);
    if (found === "FORGED") {
      return failed(`The cosignature of ${witness.name} is not by the given key: one of them is changed, or the checkpoint is.`);
    }
    if (found === "SIGNED") {
      by.push(`${witness.name} at ${timeOf(seconds)}`);
    }
  }
  const found =
    `The checkpoint has cosignatures of ${by.length} of ${witnesses.length} named witnesses` +
    `${by.length === 0 ? "" : `: ${by.join(", ")}`}.`;
  return by.length >= quorum
    ? passed(found)
    : unchecked(`${found} The quorum is ${quorum}. If the receipt is young, get it again later.`);
}

/** Why a checkpoint is not the log's; undefined if it is. */
export async function notOfTheLog(note, { origin }, key) {
  if (key.name !== origin) {
    return failed(`The checkpoint is of the log ${shown(origin)}, the given key of ${key.name}.`);
  }
  return {
    ABSENT: failed("The checkpoint has no signature by the given key."),
    FORGED: failed("The signature of the checkpoint is not by the given key: one of them is changed."),
  }[(await standing(note, key)).standing];
}

function misplaced({ leaf, proof, header, witnessed }, { size, root }) {
  const ofBatch = BigInt(header.size);
  if (size < ofBatch) {
    return failed(`The checkpoint is of a log of ${size} leaves, but the header says ${ofBatch}.`);
  }
  if (size === ofBatch && root !== header.root) {
    return failed(
      `Checkpoint and header have different roots for a log of ${size} leaves: one of them is changed, or of another log.`,
    );
  }
  return rootOf(entryHash(fromHex(leaf)), proof.index, size, witnessed.inclusion) === root
    ? null
    : NOT_INCLUDED;
}

/** Without the key of the log it stays open which log it was: witnesses cosign those of others too. */
export async function witnesses(receipt, pins) {
  if (!receipt.witnessed) {
    return NONE;
  }
  let note;
  let checkpoint;
  try {
    note = readNote(receipt.witnessed.checkpoint);
    checkpoint = readCheckpoint(note.text);
  } catch (why) {
    if (why instanceof NotANote) {
      return UNREADABLE;
    }
    throw why;
  }
  const found = await cosigned(note, pins);
  if (found.finding === "FAILED") {
    return found;
  }
  const wrong = (pins.key && (await notOfTheLog(note, checkpoint, pins.key))) ?? misplaced(receipt, checkpoint);
  if (wrong || found.finding !== "PASSED") {
    return wrong ?? found;
  }
  const leads = `${found.text} Leaf ${receipt.proof.index} of ${checkpoint.size} leads to its root.`;
  return pins.key
    ? passed(`${leads} The given key of the log has signed it.`)
    : unchecked(
        `${leads} Which log it is of is not known: it calls itself ${shown(checkpoint.origin)}. Name the key of the log.`,
      );
}
