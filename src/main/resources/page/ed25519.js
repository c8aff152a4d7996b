// Verification of Ed25519 signatures (RFC 8032), with numbers of any size: not every browser has it. Takes some milliseconds, and not
// always the same: what it is given is public.

import { concat, toBigInt } from "./bytes.js";
import { sha512 } from "./sha512.js";
import { modulo, power } from "./signer.js";

const P = 2n ** 255n - 19n;
/** Order of the group that the base point makes. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

const field = (value) => modulo(value, P);

const D = field(-121665n * power(121666n, P - 2n, P));
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n, P);

const littleEndian = (bytes) => toBigInt(bytes.slice().reverse());

/** A point of the curve, [x, y, z, t] with x/z, y/z and t = xy/z; null if these bytes are not the one way to write one. */
function decoded(bytes) {
  const whole = littleEndian(bytes);
  const y = whole & (2n ** 255n - 1n);
  if (y >= P) {
    return null;
  }
  const u = field(y * y - 1n);
  const v = field(D * y * y + 1n);
  let x = field(u * v ** 3n * power(field(u * v ** 7n), (P - 5n) / 8n, P));
  if (field(v * x * x) !== u) {
    x = field(x * ROOT_OF_MINUS_ONE);
    if (field(v * x * x) !== u) {
      return null;
    }
  }
  const sign = whole >> 255n;
  if (x === 0n && sign === 1n) {
    return null;
  }
  x = (x & 1n) === sign ? x : P - x;
  return [x, y, 1n, field(x * y)];
}

const NEUTRAL = [0n, 1n, 1n, 0n];
const BASE = decoded(Uint8Array.of(0x58, ...new Array(31).fill(0x66)));

/** Right for a point and itself as well (RFC 8032, 5.1.4). */
function sum([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = field((y1 - x1) * (y2 - x2));
  const b = field((y1 + x1) * (y2 + x2));
  const c = field(2n * D * t1 * t2);
  const d = field(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [field(e * f), field(g * h), field(f * g), field(e * h)];
}

const isSame = ([x1, y1, z1], [x2, y2, z2]) => field(x1 * z2 - x2 * z1) === 0n && field(y1 * z2 - y2 * z1) === 0n;

/** Whether 32 bytes are a key whose signatures mean something: of a point of small order everybody has signed everything. */
export function isKey(bytes) {
  const point = bytes.length === 32 && decoded(bytes);
  if (!point) {
    return false;
  }
  const twice = sum(point, point);
  const fourfold = sum(twice, twice);
  return !isSame(sum(fourfold, fourfold), NEUTRAL);
}

/** Whether a signature of a message is by a key. Refuses what is written in another way than its one. */
export function verifies(key, message, signature) {
  const point = decoded(key);
  const nonce = signature.length === 64 && decoded(signature.slice(0, 32));
  const s = littleEndian(signature.slice(32));
  if (!point || !nonce || s >= L) {
    return false;
  }
  const k = modulo(littleEndian(sha512(concat(signature.slice(0, 32), key, message))), L);
  const [x, y, z, t] = point;
  const minus = [field(-x), y, z, field(-t)];
  const steps = [NEUTRAL, BASE, minus, sum(BASE, minus)];
  let found = NEUTRAL;
  for (let bit = 252n; bit >= 0n; bit--) {
    found = sum(sum(found, found), steps[((s >> bit) & 1n) + 2n * ((k >> bit) & 1n)]);
  }
  return isSame(found, nonce);
}
