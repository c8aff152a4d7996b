// Results as `openledger verify` prints them, to the byte.

import { shown } from "./verifier/json.js";
import { LOG_CONCLUSIONS, NOT_PROVED_BY_LOG } from "./verifier/logged.js";
import { CONCLUSIONS, MEANINGS, NOT_PROVED } from "./verifier/verify.js";

const LONGEST_LINE = 400;
const FIRST_NAMES = 3;
const MEMBER = /^([^.[]+)(?:\[[0-9]+\])?\.(.+)$/s;
const MARKS = { PASSED: "ok", FAILED: "REFUTED", MISROUTE: "MISROUTE", UNCHECKED: "open", SKIPPED: "-" };
const WORDS = { HOLDS: "VERIFIED", OPEN: "NOT CHECKED", MISROUTED: "MISROUTED", BROKEN: "REFUTED" };
/** The finding that a verdict rests on. */
export const DECIDES = { BROKEN: "FAILED", MISROUTED: "MISROUTE", OPEN: "UNCHECKED" };
const SHOWS_NOTHING = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** Text of others as one line of a terminal: what shows nothing by itself is written as its escape. */
export function line(foreign) {
  const clean = foreign.replace(SHOWS_NOTHING, (points) =>
    [...Array(points.length).keys()].map((i) => "\\u" + points.charCodeAt(i).toString(16).padStart(4, "0")).join(""),
  );
  return clean.length > LONGEST_LINE ? clean.slice(0, LONGEST_LINE) + "..." : clean;
}

const item = (what) => `  - ${what}`;

export function text({ receipt, checks, reached, verdict, members, proved }, { all }) {
  const of = receipt ? `of request ${receipt.request}, which claims to be ${receipt.level}` : "that a log has signed";
  const out = [`Receipt ${of}`, ""];
  for (const { title, finding, text: found } of checks) {
    out.push(`  ${MARKS[finding].padEnd(9)} ${title}`, `            ${line(found)}`);
  }
  out.push("", (receipt ? CONCLUSIONS : LOG_CONCLUSIONS)[verdict]);
  if (reached) {
    out.push(`Level by the evidence: ${reached}. ${MEANINGS[reached]}`);
  }
  out.push("");
  if (receipt) {
    out.push(...(all ? eachWord(members.word) : groupsOf(members.word)), "");
    out.push("Not proved, by this receipt or any other:", ...NOT_PROVED.map(item));
    return out.join("\n");
  }
  if (verdict === "HOLDS") {
    out.push("Proved, if the key is the log's:");
    out.push(...Object.entries(proved).map(([name, value]) => item(`${name}: ${line(value)}`)), "");
  }
  out.push("Not proved, by this receipt or any other of its form:", ...NOT_PROVED_BY_LOG.map(item));
  return out.join("\n");
}

function eachWord(word) {
  return [
    "The router's word, which nothing here proves:",
    ...[...word].map(([path, value]) => `  - ${path}: ${value === null ? "none" : shown(value)}`),
  ];
}

function groupsOf(word) {
  const groups = new Map();
  for (const path of word.keys()) {
    const [, group = "", name = path] = MEMBER.exec(path) ?? [];
    groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  const lines = [...groups.keys()].sort().map((group) => {
    const names = groups.get(group);
    const distinct = [...new Set(names)];
    const more = distinct.length > FIRST_NAMES ? ", …" : "";
    return `  - ${group === "" ? "the receipt itself" : group}: ${names.length} (${distinct.slice(0, FIRST_NAMES).join(", ")}${more})`;
  });
  return [`The router's word, which nothing here proves (${word.size} members; --all lists them):`, ...lines];
}

export function unreadable(why) {
  return line(`The receipt cannot be checked. ${why.message}`);
}

/** One of several. */
export function row(name, { checks = [], reached, verdict }, why) {
  const made = checks.find(({ finding }) => finding === DECIDES[verdict]);
  const reason = why?.message ?? (made ? `${made.title}: ${made.text}` : "");
  return `${line(name)}  ${WORDS[verdict].padEnd(11)}  ${(reached ?? "-").padEnd(12)}  ${line(reason)}`.trimEnd();
}

const total = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);

export function totals(counts) {
  return (
    `${total(counts)} receipts: ${counts.HOLDS} verified, ${counts.BROKEN} refuted, ` +
    `${counts.MISROUTED} misrouted, ${counts.OPEN} not checked`
  );
}

/** As Jackson writes it: ASCII, and upper-case digits in escapes. */
const string = (value) =>
  JSON.stringify(value).replace(/\\(?:u([0-9a-f]{4})|.)|[\u0080-\uffff]/g, (part, digits) => {
    if (digits !== undefined) {
      return "\\u" + digits.toUpperCase();
    }
    return part.length === 1 ? "\\u" + part.charCodeAt(0).toString(16).padStart(4, "0").toUpperCase() : part;
  });
const object = (members) => `{${members.map(([name, json]) => `${string(name)}:${json}`).join(",")}}`;
const array = (items) => `[${items.join(",")}]`;

function value({ kind, text: it }) {
  switch (kind) {
    case "number":
    case "decimal":
    case "array":
    case "truth":
      return it;
    case "text":
      return string(it);
    default:
      return "null";
  }
}

const strings = (members) => object(Object.entries(members).map(([name, is]) => [name, string(is)]));

export function json({ receipt, checks, reached, verdict, members, proved }, file) {
  const at = (path) => value(receipt.content.get(path));
  return object([
    ...named(file),
    ["verdict", string(verdict)],
    ["why", string((receipt ? CONCLUSIONS : LOG_CONCLUSIONS)[verdict])],
    ...(reached ? [["reached", string(reached)], ["meaning", string(MEANINGS[reached])]] : []),
    ["checks", array(checks.map(strings))],
    ...(receipt
      ? [
          ["proved", object([...members.proved.keys()].map((path) => [path, at(path)]))],
          ["unchecked", array(members.unchecked.map(string))],
          ["routers_word", object([...members.word].map(([path, is]) => [path, is === null ? "null" : at(path)]))],
        ]
      : [["proved", strings(proved)]]),
    ["not_proved", array((receipt ? NOT_PROVED : NOT_PROVED_BY_LOG).map(string))],
  ]);
}

const named = (file) => (file === undefined ? [] : [["file", string(file)]]);

/** The reader names the member before its reason. */
export const memberOf = ({ message }) => /^([a-z0-9_.[\]]+): /.exec(message)?.[1] ?? "";

export function jsonUnreadable(why, file) {
  return object([
    ...named(file),
    ["verdict", string("OPEN")],
    ["member", string(memberOf(why))],
    ["why", string(why.message)],
  ]);
}

export function jsonTotals(counts) {
  return object([
    ["receipts", total(counts)],
    ["verified", counts.HOLDS],
    ["refuted", counts.BROKEN],
    ["misrouted", counts.MISROUTED],
    ["not_checked", counts.OPEN],
  ]);
}
