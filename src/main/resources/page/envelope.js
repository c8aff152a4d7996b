// Reads a receipt in any form, also in the two that the log of a lane signs (openledger.commitment.verify.LogEnvelope): COSE Receipts (RFC 9942) on
// a statement (RFC 9943), and C2SP tlog-proof. Nothing in it counts before it is verified.

import { hex, readUtf8 } from "./bytes.js";
import { Cbor } from "./cbor.js";
import { NotANote, fromBase64, numberOf, readCheckpoint, readNote, require } from "./note.js";
import { LARGEST, NO_OBJECT, TOO_LONG, UnreadableReceipt, readReceipt } from "./receipt.js";

const SIGN1 = 18;
const MOST_RECEIPTS = 16;
const HEAD = "c2sp.org/tlog-proof@";
const LONGEST_PROOF = 264 << 10;
const LONGEST_PATH = 63;

/** By its form it is known; throws UnreadableReceipt if it is none. In JSON it has a `request`, as tlog-proof a `note`. */
export function readForm(bytes) {
  const isCose = bytes[0] === 0xd2;
  const isProof = readUtf8(bytes.slice(0, HEAD.length)) === HEAD;
  if (bytes.length > LARGEST) {
    throw new UnreadableReceipt(TOO_LONG);
  }
  const text = readUtf8(bytes);
  if (!isCose && !isProof) {
    if (text === null) {
      throw new UnreadableReceipt(NO_OBJECT);
    }
    return readReceipt(text);
  }
  try {
    return isCose ? statement(bytes) : proof(text);
  } catch (why) {
    throw why instanceof NotANote
      ? new UnreadableReceipt(
          `It begins like a ${isCose ? "COSE receipt" : "tlog-proof"}, and is none: it is cut off, changed, or not written in its one form.`,
        )
      : why;
  }
}

/** Whether a receipt is in one of the forms that a log signs. */
export const isLogged = ({ request }) => request === undefined;

/** Whether something is asked of the chain, of which a receipt that a log has signed says nothing. */
export const isOfChain = ({ chainId, registry, lane, laneOwner }) => (chainId ?? registry ?? lane ?? laneOwner) != null;

/** What was asked for and cannot be checked must not look as if it had been, whatever form it has. */
export function refuse(receipt, pins) {
  if (isLogged(receipt) && isOfChain(pins)) {
    throw new UnreadableReceipt(
      "It names no chain, so registry and lane cannot be checked: name the log alone, or get the receipt as JSON.",
    );
  }
}

/** The protected header of a COSE_Sign1, and what else it has. */
function sign1(bytes) {
  const rest = new Cbor(bytes);
  rest.tag(SIGN1);
  require(rest.array() === 4);
  return [rest.binary(), rest];
}

function statement(bytes) {
  const [header, all] = sign1(bytes);
  // No receipts, or a map with nothing else.
  const count = all.bytes[all.at] === 0xa0 ? all.map(0) && 0 : all.map(1).skip(394).array();
  require(count <= MOST_RECEIPTS);
  const receipts = Array.from({ length: count }, () => receipt(all.binary()));
  const payload = all.binary();
  const signature = all.binary();
  all.end();
  const claims = new Cbor(header).map(4).skip(1, -8, 3);
  const contentType = claims.text();
  const keyId = claims.skip(4).binary();
  const issuer = claims.skip(15).map(2).skip(1).text();
  const subject = claims.skip(2).text();
  claims.end();
  return { header, contentType, keyId, issuer, subject, payload, signature, receipts };
}

function receipt(bytes) {
  const [header, all] = sign1(bytes);
  require(all.map(1).skip(396).map(1).skip(-1).array() === 1);
  const place = inclusion(new Cbor(all.binary()));
  all.nothing();
  const signature = all.binary();
  all.end();
  const claims = new Cbor(header).map(4).skip(1, -8, 4);
  const keyId = claims.binary();
  const issuer = claims.skip(15).map(3).skip(1).text();
  claims.skip(2).text();
  claims.skip(6).integer();
  claims.skip(395, 1).end();
  return { header, keyId, issuer, signature, ...place };
}

function inclusion(all) {
  require(all.array() === 3);
  const size = all.integer();
  const index = all.integer();
  const path = Array.from({ length: all.array() }, () => hex(all.binary()));
  require(path.every(isHash));
  all.end();
  return { size, index, path };
}

const isHash = (text) => text.length === 66;

function proof(text) {
  const blank = text === null || text.length > LONGEST_PROOF ? -1 : text.indexOf("\n\n");
  require(blank >= 0);
  const [head, place = "", ...hashes] = text.slice(0, blank).split("\n");
  require(head === `${HEAD}v1` && place.startsWith("index ") && hashes.length <= LONGEST_PATH);
  const index = numberOf(place.slice(6));
  const path = hashes.map((hash) => hex(fromBase64(hash)));
  require(path.every(isHash));
  const note = readNote(text.slice(blank + 2));
  return { note, checkpoint: readCheckpoint(note.text), index, path };
}
