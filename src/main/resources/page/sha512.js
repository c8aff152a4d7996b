// SHA-512 (FIPS 180-4), with numbers of any size: it hashes the short messages of signatures. The tests hold it against Node's.

import { isPrime } from "./sha256.js";

const BLOCK = 128;
const MASK = 2n ** 64n - 1n;

/** The first 64 bits of the fractional parts of roots of the first primes: cube roots for the rounds, square roots to begin with. */
const ROUNDS = fractions(80, 3n);
const START = fractions(8, 2n);

function fractions(count, degree) {
  const found = [];
  for (let n = 2; found.length < count; n++) {
    if (isPrime(n)) {
      found.push(root(BigInt(n) << (64n * degree), degree) & MASK);
    }
  }
  return found;
}

/** The whole part of a root, which is below 2^72. */
function root(value, degree) {
  let [low, high] = [0n, 1n << 72n];
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    [low, high] = middle ** degree <= value ? [middle, high] : [low, middle];
  }
  return low;
}

const turn = (word, by) => (word >> by) | ((word << (64n - by)) & MASK);

/** The hash of a message, 64 bytes. */
export function sha512(message) {
  const padded = new Uint8Array(Math.ceil((message.length + 17) / BLOCK) * BLOCK);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n);
  let state = START;
  for (let at = 0; at < padded.length; at += BLOCK) {
    state = compressed(state, view, at);
  }
  const hash = new DataView(new ArrayBuffer(64));
  state.forEach((word, i) => hash.setBigUint64(8 * i, word));
  return new Uint8Array(hash.buffer);
}

function compressed(state, view, at) {
  const words = Array.from({ length: 16 }, (_, i) => view.getBigUint64(at + 8 * i));
  for (let i = 16; i < ROUNDS.length; i++) {
    const [x, y] = [words[i - 15], words[i - 2]];
    const small = turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n);
    const large = turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n);
    words.push((words[i - 16] + small + words[i - 7] + large) & MASK);
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < ROUNDS.length; i++) {
    const chosen = (e & f) ^ (~e & MASK & g);
    const first = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + chosen + ROUNDS[i] + words[i];
    const most = (a & b) ^ (a & c) ^ (b & c);
    const second = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + most;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) & MASK, c, b, a, (first + second) & MASK];
  }
  return [a, b, c, d, e, f, g, h].map((word, i) => (state[i] + word) & MASK);
}
