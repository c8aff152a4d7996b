// Signed notes, checkpoints and keys (C2SP signed-note, tlog-checkpoint, tlog-cosignature), read as openledger.commitment.log does.

import { concat, hex, toBigInt, utf8 } from "./bytes.js";
import { isKey, verifies } from "./ed25519.js";
import { sha256 } from "./sha256.js";

/** The text is no note, checkpoint or key; of a key the message says why. */
export class NotANote extends Error {}

export const LONGEST_NOTE = 256 << 10;

const MOST_SIGNATURES = 64;
const LONGEST_LINE = 255;
const LONGEST_KEY = 1024;
const ID_BYTES = 4;
const OWNERS = { 1: "log", 4: "witness" };
const NAME = /^[^\p{White_Space}\u0000-\u001f\u007f+]+$/u;
const LINE = /^\u2014 ([^ ]+) ([A-Za-z0-9+/]+={0,2})$/;
const NUMBER = /^(?:0|[1-9][0-9]{0,18})$/;
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;
const HALF = /\p{Cs}/u;

export function require(holds, message = "it is no note") {
  if (!holds) {
    throw new NotANote(message);
  }
}

const isName = (text) => text.length <= LONGEST_LINE && NAME.test(text);

/** Bytes of base64 in its one form. */
export function fromBase64(text) {
  let raw = null;
  try {
    raw = atob(text);
  } catch {
    // Said below.
  }
  require(raw !== null && btoa(raw) === text, "its base64 has another form");
  return Uint8Array.from(raw, (character) => character.charCodeAt(0));
}

/** Reads a verifier key, `<name>+<id in hex>+<kind and key in base64>`. */
export function readKey(text) {
  const [, name, id, base64] = (text.length <= LONGEST_KEY && /^([^+]*)\+([^+]*)\+(.*)$/s.exec(text)) || [];
  require(base64 !== undefined, "a key is <name>+<id>+<key>");
  const material = fromBase64(base64);
  require(material.length === 33, "only Ed25519 keys are known here");
  const owner = OWNERS[material[0]];
  require(owner, "only keys of logs and witnesses are known here");
  require(isName(name) && !HALF.test(name), "such a name is none");
  require(isKey(material.slice(1)), "anybody could sign with such a key");
  const known = hex(sha256(concat(utf8(`${name}\n`), material)).slice(0, ID_BYTES)).slice(2);
  require(id === known, "its id is not that of its name and key");
  return { name, owner, id, key: material.slice(1) };
}

function signature(line) {
  const [, name, base64] = LINE.exec(line) ?? [];
  require(name !== undefined && isName(name));
  const raw = fromBase64(base64);
  require(raw.length > ID_BYTES);
  return { name, id: hex(raw.slice(0, ID_BYTES)).slice(2), bytes: raw.slice(ID_BYTES) };
}

/** Reads a signed note. Nothing in it counts before `standing` says that a known key has signed it. */
export function readNote(note) {
  const blank = note.length > LONGEST_NOTE ? -1 : note.lastIndexOf("\n\n");
  require(blank >= 0 && blank + 2 < note.length && note.endsWith("\n"));
  const lines = note.slice(blank + 2, -1).split("\n");
  require(lines.length <= MOST_SIGNATURES);
  const text = note.slice(0, blank + 1);
  require(!CONTROL.test(text) && !HALF.test(text));
  return { text, signatures: lines.map(signature) };
}

/** A size or an index, in its one form. */
export function numberOf(digits) {
  require(NUMBER.test(digits) && BigInt(digits) < 2n ** 63n);
  return BigInt(digits);
}

const EMPTY_ROOT = hex(sha256(new Uint8Array(0)));

/** Reads the text of a note that is a checkpoint. */
export function readCheckpoint(text) {
  const [origin, size, base64, end, ...more] = text.split("\n");
  require(end === "" && more.length === 0);
  require(origin !== "" && origin.length <= LONGEST_LINE);
  const root = hex(fromBase64(base64));
  require(root.length === EMPTY_ROOT.length && (size !== "0" || root === EMPTY_ROOT));
  return { origin, size: numberOf(size), root };
}

/** When a witness has signed by its own clock, Unix seconds. */
export const secondsOf = ({ bytes }) => toBigInt(bytes.slice(0, 8));

async function isBy({ owner, key }, one, text) {
  if (owner === "log") {
    return verifies(key, utf8(text), one.bytes);
  }
  const seconds = secondsOf(one);
  return (
    one.bytes.length > 8 &&
    seconds < 2n ** 63n &&
    verifies(key, utf8(`cosignature/v1\ntime ${seconds}\n${text}`), one.bytes.slice(8))
  );
}

/** What a known key has to do with a note: it has SIGNED it, is ABSENT, or one of its signatures is FORGED; of a witness the first `seconds`. */
export async function standing({ text, signatures }, key) {
  const its = signatures.filter(({ name, id }) => name === key.name && id === key.id);
  if (its.length === 0) {
    return { standing: "ABSENT" };
  }
  for (const one of its) {
    if (!(await isBy(key, one, text))) {
      return { standing: "FORGED" };
    }
  }
  const all = its.map(secondsOf);
  return { standing: "SIGNED", seconds: all.reduce((least, one) => (one < least ? one : least)) };
}
