// Who signed a hash: public key recovery on secp256k1 (SEC 1, 4.1.6), with numbers of any size. Takes some milliseconds.

import { bigEndian, concat, fromHex, hex, toBigInt } from "./bytes.js";
import { keccak256 } from "./keccak.js";

const P = 2n ** 256n - 2n ** 32n - 977n;
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const G = {
  x: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
  y: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
  z: 1n,
};

export function modulo(value, by) {
  const rest = value % by;
  return rest < 0n ? rest + by : rest;
}

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

const mod = (value) => modulo(value, P);

// Points are x / z² and y / z³, so that no sum needs an inverse; z is 0 at infinity.
const INFINITY = { x: 1n, y: 1n, z: 0n };

function double({ x, y, z }) {
  const square = mod(y * y);
  const s = mod(4n * x * square);
  const m = mod(3n * x * x);
  const doubled = mod(m * m - 2n * s);
  return { x: doubled, y: mod(m * (s - doubled) - 8n * square * square), z: mod(2n * y * z) };
}

function add(a, b) {
  if (a.z === 0n || b.z === 0n) {
    return a.z === 0n ? b : a;
  }
  const aa = mod(a.z * a.z);
  const bb = mod(b.z * b.z);
  const u = mod(a.x * bb);
  const s = mod(a.y * bb * b.z);
  const h = mod(b.x * aa - u);
  const r = mod(b.y * aa * a.z - s);
  if (h === 0n) {
    return r === 0n ? double(a) : INFINITY;
  }
  const cube = mod(h * h * h);
  const v = mod(u * h * h);
  const x = mod(r * r - cube - 2n * v);
  return { x, y: mod(r * (v - x) - s * cube), z: mod(h * a.z * b.z) };
}

/** The sum of two points, each times a number, in one pass over the bits of both; null at infinity. */
function sum(a, timesA, b, timesB) {
  const both = add(a, b);
  let at = INFINITY;
  for (let bit = 255n; bit >= 0n; bit--) {
    at = double(at);
    const [withA, withB] = [(timesA >> bit) & 1n, (timesB >> bit) & 1n];
    if (withA || withB) {
      at = add(at, withA && withB ? both : withA ? a : b);
    }
  }
  if (at.z === 0n) {
    return null;
  }
  const inverted = inverse(at.z, P);
  const square = mod(inverted * inverted);
  return { x: mod(at.x * square), y: mod(at.y * square * inverted) };
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
  const nonce = { x: r, y: (root & 1n) === BigInt(v - 27) ? root : P - root, z: 1n };
  const inverseR = inverse(r, N);
  const key = sum(G, modulo(-toBigInt(fromHex(digest)) * inverseR, N), nonce, modulo(s * inverseR, N));
  return key && hex(keccak256(concat(bigEndian(key.x, 32), bigEndian(key.y, 32))).slice(12));
}
