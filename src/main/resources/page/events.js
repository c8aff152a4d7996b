// What the registry's events say of a lane: its batches, and its policies with full text (openledger.verifier.LaneEvents).

import { bigEndian, fromHex, hex, toBigInt, utf8 } from "./bytes.js";
import { HEADER, headOf } from "./commitments.js";
import { keccak256 } from "./keccak.js";
import { hashOf, malformed, orNone } from "./node.js";

const WHAT = "the lane's events";
const topic = (signature) => hex(keccak256(utf8(signature)));
/** The type of a batch's header. */
export const HEADER_TYPE = `(${HEADER.map(([, type]) => type)})`;
const POLICY_PUBLISHED = topic("PolicyPublished(uint64,bytes32,bytes,(uint16,uint8[])[])");
const BATCH_COMMITTED = topic(`BatchCommitted(uint64,uint64,bytes32,${HEADER_TYPE},uint64)`);
const MOST_TOPICS = 4;
const MOST_TIERS = 8;
const MOST_ROUTES = 0xffff;
const WORD = 32;
const wordOf = (value) => hex(bigEndian(value, WORD));
const UTF_8 = new TextDecoder();

/** All policies in one question, oldest first. */
export function policiesOf({ registry, lane }) {
  const topics = [POLICY_PUBLISHED, wordOf(lane)];
  return ["eth_getLogs", [{ address: registry, fromBlock: "0x0", toBlock: "latest", topics }]];
}

/** Whether a transaction has the event of this batch. */
export function committed(header, answer) {
  const receipt = orNone("the receipt", answer);
  const expected = [BATCH_COMMITTED, wordOf(header.lane), wordOf(header.sequence), headOf(header)];
  return list(receipt?.logs).some(
    (log) =>
      typeof log?.address === "string" &&
      log.address.toLowerCase() === header.registry &&
      JSON.stringify(log.topics) === JSON.stringify(expected),
  );
}

function all(answer) {
  const events = orNone(WHAT, answer);
  if (!Array.isArray(events)) {
    throw malformed(WHAT);
  }
  return events;
}

function topicAt({ topics }, place) {
  if (!Array.isArray(topics) || topics.length > MOST_TOPICS || place >= topics.length) {
    throw malformed(WHAT);
  }
  return hashOf(WHAT, topics[place]);
}

/** Every policy, oldest first. */
export function policies(answer) {
  return all(answer)
    .filter((event) => topicAt(event, 0) === POLICY_PUBLISHED)
    .map(policy);
}

function policy(event) {
  const data = new Data(fromHex(event.data));
  const text = data.text(data.offset(0, 0));
  if (hex(keccak256(text)) !== topicAt(event, 2)) {
    throw malformed(WHAT);
  }
  return { budgets: budgets(data), routes: routes(UTF_8.decode(text)) };
}

function budgets(data) {
  const list = data.offset(0, 1);
  return Array.from({ length: data.count(list) }, (_, i) => {
    const element = data.offset(list + WORD, i);
    const numbers = data.offset(element, 1);
    const tiers = data.count(numbers);
    if (tiers > MOST_TIERS) {
      throw malformed(WHAT);
    }
    return {
      route: Math.min(data.number(element), MOST_ROUTES),
      upTo: Array.from({ length: tiers }, (_, tier) => data.number(numbers + WORD * (1 + tier))),
    };
  });
}

const list = (value) => (Array.isArray(value) ? value : []);
const word = (value) => (typeof value === "string" ? value : "");

/** A text that is no policy as we know them has no routes that a name could be of. */
function routes(text) {
  let policy;
  try {
    policy = JSON.parse(text);
  } catch {
    return [];
  }
  return list(policy?.routes).map((route) => ({
    name: word(route?.name),
    tiers: list(route?.tiers).map((tier) => ({
      name: word(tier?.name),
      upTo: Number.isInteger(tier?.up_to) ? tier.up_to : 0,
      targets: list(tier?.targets).map((target) => `${word(target?.provider)}/${word(target?.model)}`),
    })),
  }));
}

/** The data of an event: values, and offsets to what has no fixed size. Everything in it can be wrong. */
class Data {
  constructor(bytes) {
    if (!bytes) {
      throw malformed(WHAT);
    }
    this.bytes = bytes;
  }

  number(at) {
    const value = at < 0 || at > this.bytes.length - WORD ? null : toBigInt(this.bytes.slice(at, at + WORD));
    if (value === null || value > 0x7fffffffn) {
      throw malformed(WHAT);
    }
    return Number(value);
  }

  /** Where the value at a place of what begins at the base points to. */
  offset(base, place) {
    const at = base + this.number(base + WORD * place);
    if (at > this.bytes.length) {
      throw malformed(WHAT);
    }
    return at;
  }

  /** Elements of a list, of which each has a word at least. */
  count(at) {
    const count = this.number(at);
    if (count > this.bytes.length / WORD) {
      throw malformed(WHAT);
    }
    return count;
  }

  text(at) {
    const length = this.number(at);
    if (length > this.bytes.length - at - WORD) {
      throw malformed(WHAT);
    }
    return this.bytes.slice(at + WORD, at + WORD + length);
  }
}
