// Who signed a hash: public key recovery on secp256k1 (SEC 1, 4.1.6), with numbers of any size. Takes some milliseconds.

import { bigEndian, concat, fromHex, hex, toBigInt } from "./bytes.js";
import { keccak256 } from "./keccak.js";

const P = 2n ** 256n - 2n ** 32n - 977n;
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const G = {
  x: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
  y: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
};

export const modulo = (value, by) => ((value % by) + by) % by;

/** Euclid's; a zero has none, and none gets here. */
function inverse(value, by) {
  let [a, b, x, y] = [modulo(value, by), by, 1n, 0n];
  while (a !== 1n) {
    const q = b / a;
    [a, b, x, y] = [b % a, a, y - q * x, x];
  }
  return modulo(x, by);
}

export function power(base, exponent, by) {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; square = (square * square) % by, rest >>= 1n) {
    if (rest & 1n) {
      result = (result * square) % by;
    }
  }
  return result;
}

/** The sum of two points of the curve; null is the point at infinity. */
function add(a, b) {
  if (!a || !b) {
    return a ?? b;
  }
  if (a.x === b.x && modulo(a.y + b.y, P) === 0n) {
    return null;
  }
  const slope =
    a.x === b.x ? 3n * a.x * a.x * inverse(2n * a.y, P) : modulo(b.y - a.y, P) * inverse(b.x - a.x, P);
  const x = modulo(slope * slope - a.x - b.x, P);
  return { x, y: modulo(slope * (a.x - x) - a.y, P) };
}

function multiply(point, times) {
  let sum = null;
  for (let double = point, rest = times; rest > 0n; double = add(double, double), rest >>= 1n) {
    if (rest & 1n) {
      sum = add(sum, double);
    }
  }
  return sum;
}

/** The address whose signature (65 bytes: r, s, v) of a hash this is; null if it is nobody's. Only the lower s is taken. */
export function recover(digest, signature) {
  const bytes = fromHex(signature);
  if (!bytes || bytes.length !== 65) {
    return null;
  }
  const r = toBigInt(bytes.slice(0, 32));
  const s = toBigInt(bytes.slice(32, 64));
  const v = bytes[64];
  if (v < 27 || v > 28 || r === 0n || r >= N || s === 0n || s > N / 2n) {
    return null;
  }
  const square = modulo(r * r * r + 7n, P);
  const root = power(square, (P + 1n) / 4n, P);
  if ((root * root) % P !== square) {
    return null;
  }
  const nonce = { x: r, y: (root & 1n) === BigInt(v - 27) ? root : P - root };
  const inverseR = inverse(r, N);
  const key = add(
    multiply(G, modulo(-toBigInt(fromHex(digest)) * inverseR, N)),
    multiply(nonce, modulo(s * inverseR, N)),
  );
  return key && hex(keccak256(concat(bigEndian(key.x, 32), bigEndian(key.y, 32))).slice(12));
}
