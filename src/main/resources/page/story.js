// What became of one request, on a time line and as a list.

import { Chart, label, line, picture, rect, steps } from "./chart.js";
import { byId, el, say } from "./dom.js";
import { clock, millis } from "./format.js";
import { NotANote, readNote, secondsOf } from "./note.js";

const ROW = 34;
/** A time and an Ed25519 signature. */
const COSIGNATURE_BYTES = 72;
const SPLIT = [
  ["admit", "admitted"],
  ["hold", "held for its plan"],
  ["backoff", "back-off"],
  ["upstream", "at providers"],
  ["journal", "journal"],
  ["confirm", "waiting for the chain"],
  ["stream", "streamed"],
];

export class Story {
  constructor() {
    this.chart = new Chart(byId("story-chart"), draw);
  }

  /** Throws if this is no receipt. */
  show(receipt) {
    const items = events(receipt).map(([when, what, detail]) =>
      el("li", {}, el("span", { class: "when" }, when), el("span", {}, what, detail ? el("small", {}, detail) : null)),
    );
    byId("story").hidden = false;
    say(byId("story-title"), `Request ${receipt.request}`);
    byId("story-list").replaceChildren(...items);
    this.chart.show(receipt);
  }

  hide() {
    this.chart.show(undefined);
    byId("story").hidden = true;
  }
}

const served = (attempt) => attempt.trigger === "NONE";

/** `[when, what, more]` each, in the order in which they came; when is in milliseconds from the arrival. */
function events(receipt) {
  const told = unsorted(receipt).map(([at, ...rest]) => [at ?? Infinity, ...rest]);
  return told
    .sort((a, b) => (a[0] === b[0] ? 0 : a[0] - b[0]))
    .map(([at, ...rest], i) => [i === 0 ? clock(receipt.arrival) : at === Infinity ? "" : `+${millis(at)}`, ...rest]);
}

function unsorted(receipt) {
  const times = receipt.time_ms;
  const list = [
    [
      0,
      `arrived: ${receipt.operation} on route ${receipt.route}, mode ${receipt.mode}${receipt.gate ? `, gate ${receipt.gate}` : ""}`,
      `a budget of ${receipt.budget} attempts, as for every request of the route`,
    ],
  ];
  if (times) {
    list.push([times.admit, "admitted", null]);
  }
  if (receipt.plan) {
    list.push([
      times?.hold == null ? 0 : times.admit + times.hold,
      `pinned from snapshot ${receipt.snapshot}, turn ${receipt.turn}`,
      `its plan: ${receipt.plan.join(", then ")}`,
    ]);
  }
  for (const attempt of receipt.attempt_list ?? []) {
    list.push([
      attempt.start_ms,
      `attempt ${attempt.number} of ${receipt.budget}: ${attempt.target ?? "no target"}${attempt.tier ? ` (${attempt.tier})` : ""}`,
      [
        `${served(attempt) ? "served" : attempt.trigger} after ${millis(attempt.duration_ms)}`,
        attempt.http_status ? `status ${attempt.http_status}` : "",
        attempt.connection ? `connection: ${attempt.connection}` : "",
        attempt.sent_again ? "sent again because a reused connection broke" : "",
        attempt.model ? `model ${attempt.model}` : "",
        attempt.tokens ? tokens(attempt.tokens) : "",
        attempt.left_out ? `left out: ${attempt.left_out.join(", ")}` : "",
      ]
        .filter((part) => part)
        .join(", "),
    ]);
  }
  const details = [
    receipt.attribution && receipt.attribution !== "NONE"
      ? `attributed: ${receipt.attribution}${receipt.overtakes ? `, overtaken by ${receipt.overtakes}` : ""}`
      : "",
    times?.confirm >= 0.05 ? `waited ${millis(times.confirm)} for the chain after all else was ready` : "",
  ];
  list.push([
    times?.total,
    `ended: ${receipt.status}${receipt.tier ? `, by tier ${receipt.tier}` : ""}${receipt.released ? ", released unconfirmed" : ""}`,
    details.filter((detail) => detail).join("; "),
  ]);
  list.push(...history(receipt.planned, "plan", receipt.arrival), ...history(receipt, "outcome", receipt.arrival));
  list.push(...cosigned(receipt.planned, "plan", receipt.arrival), ...cosigned(receipt, "outcome", receipt.arrival));
  return list;
}

function tokens({ input, cached, output, reasoning }) {
  return `${input ?? "?"} tokens in${cached ? ` (${cached} cached)` : ""}, ${output ?? "?"} out${reasoning ? ` (${reasoning} reasoning)` : ""}`;
}

function history(node, what, arrival) {
  return (node?.history ?? []).map(({ level, at, block_number: block }) => [
    Math.max(0, Date.parse(at) - Date.parse(arrival)),
    `${what}: ${level}`,
    `batch ${node.batch?.sequence ?? "?"}${block == null ? "" : `, block ${block}`}`,
  ]);
}

/** Who has cosigned, if it is true; nobody if it is no note. */
function cosignatures(note) {
  try {
    return readNote(note).signatures.filter(({ bytes }) => bytes.length === COSIGNATURE_BYTES);
  } catch (why) {
    if (why instanceof NotANote) {
      return [];
    }
    throw why;
  }
}

/** By the clocks of the witnesses, as the router shows it. */
function cosigned(node, what, arrival) {
  const { quorum, met, checkpoint } = node?.witnessed ?? {};
  return cosignatures(checkpoint ?? "").map((one) => [
    Math.max(0, 1000 * Number(secondsOf(one)) - Date.parse(arrival)),
    `${what}: cosigned by witness ${one.name}`,
    `says the router; its quorum of ${quorum} is ${met ? "met" : "not met"}`,
  ]);
}

/** The split of the time as one bar, and under it each attempt where it was. */
function draw(receipt, width) {
  const attempts = receipt.attempt_list ?? [];
  const times = receipt.time_ms ?? { total: Math.max(1, ...attempts.map((one) => one.start_ms + one.duration_ms)) };
  const most = Math.max(times.total, ...attempts.map((one) => one.start_ms + one.duration_ms), 0.1);
  const x = (at) => 1 + (at / most) * (width - 2);
  const parts = [];
  let from = 0;
  for (const [member] of order(receipt)) {
    const length = times[member] ?? 0;
    parts.push(rect(x(from), 18, x(from + length) - x(from), 16, `time ${member}`));
    from += length;
  }
  const heights = attempts.map((_, i) => 52 + i * ROW);
  const bottom = 52 + attempts.length * ROW + 4;
  const marks = steps(most).filter((tick) => tick <= most);
  const spare = width < 500 ? 2 : 1;
  return picture(
    "Time line of the request",
    width,
    bottom + 18,
    ...marks.flatMap((tick, i) => [
      line(x(tick), 18, x(tick), bottom, "grid"),
      i % spare === 0 &&
        label(x(tick), bottom + 14, tick === 0 ? "0" : millis(tick), "tick", i === 0 ? "start" : x(tick) > width - 24 ? "end" : "middle"),
    ]),
    label(0, 12, captions(receipt, times), "title"),
    ...parts,
    ...attempts.flatMap((one, i) => {
      const start = x(one.start_ms);
      const text = `${one.number} ${one.target ?? ""} ${served(one) ? "served" : one.trigger}`;
      const late = start > width * 0.6;
      return [
        label(late ? x(one.start_ms + one.duration_ms) : start, heights[i] + 10, text, "value", late ? "end" : "start"),
        rect(start, heights[i] + 14, Math.max(2, x(one.start_ms + one.duration_ms) - start), 10, served(one) ? "good" : "bad"),
      ];
    }),
  );
}

/** With the gate `dispatch` the chain is waited for before any provider is called. */
function order(receipt) {
  const confirm = SPLIT.find(([member]) => member === "confirm");
  const others = SPLIT.filter((part) => part !== confirm);
  const at = receipt.gate === "dispatch" ? 2 : 5;
  return [...others.slice(0, at), confirm, ...others.slice(at)];
}

function captions(receipt, times) {
  const largest = order(receipt)
    .filter(([member]) => times[member] > 0)
    .sort((a, b) => times[b[0]] - times[a[0]])
    .slice(0, 2)
    .map(([member, words]) => `${words} ${millis(times[member])}`);
  return [`${millis(times.total)} in all`, ...largest].join(" · ");
}
