// Bytes, and their text: 0x and lower-case hexadecimal digits.

const UTF_8 = new TextEncoder();

const STRICT_UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text that bytes are of, one for one; null if it is none. */
export function readUtf8(bytes) {
  try {
    return STRICT_UTF_8.decode(bytes);
  } catch {
    return null;
  }
}

export const utf8 = (text) => UTF_8.encode(text);

export function hex(bytes) {
  let text = "0x";
  for (const byte of bytes) {
    text += byte.toString(16).padStart(2, "0");
  }
  return text;
}

/** The bytes behind 0x; null if this is not the text of bytes. */
export function fromHex(text) {
  if (typeof text !== "string" || !/^0x([0-9a-fA-F]{2})*$/.test(text)) {
    return null;
  }
  return Uint8Array.from({ length: text.length / 2 - 1 }, (_, i) => parseInt(text.substr(2 * i + 2, 2), 16));
}

/** The bytes of a text, or of what has some. */
export function bytesOf(given) {
  if (typeof given === "string") {
    return utf8(given);
  }
  if (given instanceof ArrayBuffer) {
    return new Uint8Array(given);
  }
  if (ArrayBuffer.isView(given)) {
    return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  }
  throw new TypeError("there must be a text or bytes");
}

export function concat(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A number that is not negative, big-endian, in so many bytes. */
export function bigEndian(value, length) {
  const bytes = new Uint8Array(length);
  let rest = BigInt(value);
  for (let i = length - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

export function toBigInt(bytes) {
  return bytes.length === 0 ? 0n : BigInt(hex(bytes));
}

/** The end of a value filled up with zeros to the 32 bytes of a word of the contract's. */
export function word(bytes) {
  return concat(new Uint8Array(32 - bytes.length), bytes);
}
