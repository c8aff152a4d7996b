// Reads JSON more strictly than JSON.parse, as the command does: a member may stand there once, depth and numbers are bounded, and a
// number stays what was written. Beside the tree it gives the flat list of all members by their paths
// (openledger.commitment.verify.ReceiptContent).

const DEEPEST = 16;
const LONGEST_NUMBER = 32;
const MOST_DIGITS = 40;
const LONGEST_SHOWN = 120;
const PLAIN = /^[a-z0-9_]{1,40}$/;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/** The text is none that is read here. */
export class NotJson extends Error {}

/** A number with a fraction or an exponent, written out. */
export class Decimal {
  constructor(text) {
    this.text = text;
  }
}

/** Foreign text as it may be shown: printable ASCII, not long. */
export function shown(text) {
  const cut = text.slice(0, LONGEST_SHOWN).replace(/[^ -~]/g, "?");
  return text.length > LONGEST_SHOWN ? `${cut}...` : cut;
}

/** A member's path below a parent, which is empty for the outermost. A name that no receipt has is quoted: it meets no other. */
export function pathOf(parent, name) {
  const step = PLAIN.test(name) ? name : `"${shown(name)}"`;
  return parent === "" ? step : `${parent}.${step}`;
}

/** The tree of a text; throws NotJson. */
export function parse(text) {
  const reader = new Reader(text);
  reader.space();
  if (reader.at === text.length) {
    return null;
  }
  const value = reader.value(0);
  reader.space();
  if (reader.at !== text.length) {
    throw new NotJson();
  }
  return value;
}

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) {
      throw new NotJson();
    }
    this.at = pattern.lastIndex;
    return found[0];
  }

  space() {
    this.match(SPACE);
  }

  /** Whether that character is next; if so it is passed. */
  takes(character) {
    this.space();
    const found = this.text[this.at] === character;
    this.at += found ? 1 : 0;
    return found;
  }

  expect(character) {
    if (!this.takes(character)) {
      throw new NotJson();
    }
  }

  value(depth) {
    if (depth > DEEPEST) {
      throw new NotJson();
    }
    this.space();
    switch (this.text[this.at]) {
      case "{":
        return this.object(depth + 1);
      case "[":
        return this.array(depth + 1);
      case '"':
        return JSON.parse(this.match(STRING));
      case "t":
        return this.word("true", true);
      case "f":
        return this.word("false", false);
      case "n":
        return this.word("null", null);
      default:
        return number(this.match(NUMBER));
    }
  }

  word(text, value) {
    if (!this.text.startsWith(text, this.at)) {
      throw new NotJson();
    }
    this.at += text.length;
    return value;
  }

  object(depth) {
    if (depth > DEEPEST) {
      throw new NotJson();
    }
    const object = Object.create(null);
    this.expect("{");
    if (this.takes("}")) {
      return object;
    }
    do {
      this.space();
      const name = JSON.parse(this.match(STRING));
      if (Object.hasOwn(object, name)) {
        throw new NotJson();
      }
      this.expect(":");
      object[name] = this.value(depth);
    } while (this.takes(","));
    this.expect("}");
    return object;
  }

  array(depth) {
    if (depth > DEEPEST) {
      throw new NotJson();
    }
    const array = [];
    this.expect("[");
    if (this.takes("]")) {
      return array;
    }
    do {
      array.push(this.value(depth));
    } while (this.takes(","));
    this.expect("]");
    return array;
  }
}

/** A whole number as a Number if that holds it exactly, else as a BigInt. */
function number(text) {
  if (text.length > LONGEST_NUMBER) {
    throw new NotJson();
  }
  if (!/[.eE]/.test(text)) {
    const whole = BigInt(text);
    return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
  }
  const [mantissa, exponent = "0"] = text.toLowerCase().split("e");
  const sign = mantissa.startsWith("-") ? "-" : "";
  const [before, behind = ""] = mantissa.replace("-", "").split(".");
  let digits = (before + behind).replace(/^0+/, "");
  if (digits === "") {
    return new Decimal("0");
  }
  let scale = BigInt(behind.length) - BigInt(exponent);
  const kept = digits.replace(/0+$/, "");
  scale -= BigInt(digits.length - kept.length);
  digits = kept;
  if (scale > MOST_DIGITS || scale < -MOST_DIGITS) {
    throw new NotJson();
  }
  const places = Number(scale);
  if (places <= 0) {
    return new Decimal(sign + digits + "0".repeat(-places));
  }
  const padded = digits.padStart(places + 1, "0");
  return new Decimal(`${sign}${padded.slice(0, -places)}.${padded.slice(-places)}`);
}

/** All members and elements by their paths, `{kind, text}` each, in their order; of a container the text is how many it has. */
export function flatten(root) {
  const values = new Map();
  const members = (parent, object) => {
    for (const [name, value] of Object.entries(object)) {
      add(pathOf(parent, name), value);
    }
  };
  const add = (path, value) => {
    if (!values.has(path)) {
      values.set(path, flat(value));
    }
    if (Array.isArray(value)) {
      value.forEach((item, i) => add(`${path}[${i}]`, item));
    } else if (values.get(path).kind === "object" && flat(value).kind === "object") {
      members(path, value);
    }
  };
  members("", root);
  return values;
}

function flat(value) {
  if (value === null) {
    return { kind: "null", text: "" };
  }
  if (Array.isArray(value)) {
    return { kind: "array", text: String(value.length) };
  }
  if (value instanceof Decimal) {
    return { kind: "decimal", text: value.text };
  }
  switch (typeof value) {
    case "string":
      return { kind: "text", text: value };
    case "boolean":
      return { kind: "truth", text: String(value) };
    case "object":
      return { kind: "object", text: String(Object.keys(value).length) };
    default:
      return { kind: "number", text: String(value) };
  }
}
