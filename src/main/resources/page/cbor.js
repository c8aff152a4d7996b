// Reads CBOR in its one deterministic form (RFC 8949, 4.2.1), one value after the other, as openledger.commitment.log.CborReader does. Takes no
// more memory than there are bytes, and goes no deeper than its caller does. Throws NotANote if something else stands there.

import { readUtf8, toBigInt } from "./bytes.js";
import { require } from "./note.js";

const [UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG] = Array(7).keys();
const NULL = 0xf6;

export class Cbor {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  integer() {
    return this.bytes[this.at] >> 5 === NEGATIVE ? -1n - this.head(NEGATIVE) : this.head(UNSIGNED);
  }

  binary(major = BYTES) {
    const length = this.count(major);
    this.at += length;
    return this.bytes.slice(this.at - length, this.at);
  }

  text() {
    const text = readUtf8(this.binary(TEXT));
    require(text !== null);
    return text;
  }

  /** How many elements follow. */
  array() {
    return this.count(ARRAY);
  }

  /** Passes the head of a map of so many entries. */
  map(entries) {
    require(this.count(MAP) === entries);
    return this;
  }

  /** Passes keys, or other numbers, that must stand here. */
  skip(...numbers) {
    for (const number of numbers) {
      require(this.integer() === BigInt(number));
    }
    return this;
  }

  tag(number) {
    require(this.head(TAG) === BigInt(number));
  }

  nothing() {
    require(this.bytes[this.at++] === NULL);
  }

  end() {
    require(this.at === this.bytes.length);
  }

  /** Elements, entries or bytes that follow: at least one byte each, so no more than are left. */
  count(major) {
    const count = this.head(major);
    require(count <= this.bytes.length - this.at);
    return Number(count);
  }

  head(major) {
    const first = this.bytes[this.at++];
    require(first >> 5 === major && this.at <= this.bytes.length);
    const low = first & 31;
    require(low < 28);
    if (low < 24) {
      return BigInt(low);
    }
    const size = 2 ** (low - 24);
    this.at += size;
    require(this.at <= this.bytes.length);
    const value = toBigInt(this.bytes.slice(this.at - size, this.at));
    // The shortest way to write it, and a number of 63 bits.
    require(value >= (size === 1 ? 24n : 1n << BigInt(4 * size)) && value < 1n << 63n);
    return value;
  }
}
