// Keys and signatures of Ed25519 (RFC 8032). The browser verifies, and refuses less than is refused here: other ways to write a point or
// a number, and keys whose signatures mean nothing.

import { toBigInt } from "./bytes.js";
import { modulo, power } from "./signer.js";

const P = 2n ** 255n - 19n;
/** Order of the group that the base point makes. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = -121665n * power(121666n, P - 2n, P);

const littleEndian = (bytes) => toBigInt(Uint8Array.from(bytes).reverse());
const ordinateOf = (bytes) => littleEndian(bytes) & (2n ** 255n - 1n);

/** Whether 32 bytes are a key whose signatures mean something: of a point of small order everybody has signed everything. */
export function isKey(bytes) {
  const y = ordinateOf(bytes);
  const [u, v] = [y * y - 1n, D * y * y + 1n];
  // Of order 1 to 4 if y or u is 0, of order 8 if x² is -y²; on the curve if x², which is u/v, has a root.
  const isSmall = modulo(y * u * (u + v * y * y), P) === 0n;
  return bytes.length === 32 && y < P && !isSmall && power(modulo(u * v, P), (P - 1n) / 2n, P) === 1n;
}

/** Whether a signature of a message is by a key. */
export async function verifies(key, message, signature) {
  if (signature.length !== 64 || ordinateOf(signature.slice(0, 32)) >= P || littleEndian(signature.slice(32)) >= L) {
    return false;
  }
  const known = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", known, signature, message);
}
