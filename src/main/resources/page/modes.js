// What each way of settling costs, and what it buys.

import { dot, line, ornament } from "./chart.js";
import { Table, byId, el, say } from "./dom.js";
import { count, millis, percent, quantile, times, whole, wilson } from "./format.js";
import { byMode, nameOf } from "./series.js";

const PLOT = 150;

export class Modes {
  constructor() {
    this.own = [];
    this.table = new Table(byId("modes-table"), "Modes", [
      ["Mode", ""],
      ["Requests", "number"],
      ["Not by the best tier", "bar"],
      ["Attempts each", "number"],
      ["Your time, median", "number"],
      ["… 95th percentile", "number"],
      ["of it waiting for the chain", "number"],
    ]);
  }

  show({ series, window_seconds: seconds }) {
    this.figures = byMode(series);
    this.seconds = seconds;
    this.draw();
  }

  /** The tenant's own last requests, of the routes that are shown. */
  showOwn(decisions) {
    this.own = decisions;
    this.draw();
  }

  draw() {
    if (!this.figures) {
      return;
    }
    const most = Math.max(0.02, ...this.figures.map((mode) => wilson(mode.denied, mode.requests)[mode.requests ? 1 : 0]));
    const rows = this.figures.map((mode) => ({ ...mode, own: ownTimes(this.own, mode.name) }));
    this.table.show(rows.map((mode) => [mode.name, row(mode, most)]));
    say(byId("modes-finding"), finding(rows));
    say(
      byId("modes-note"),
      `Requests, attempts and tiers are of all tenants in the last ${this.seconds / 60} minutes; the bar is the ` +
        `95 % interval. Times are of your own last ${count(this.own.length, "request")}.`,
    );
  }
}

function ownTimes(decisions, name) {
  const own = decisions.filter((decision) => decision.time_ms && nameOf(decision) === name);
  const sorted = (values) => values.sort((a, b) => a - b);
  return own.length === 0
    ? null
    : {
        totals: sorted(own.map((decision) => decision.time_ms.total)),
        waits: sorted(own.map((decision) => (decision.time_ms.hold ?? 0) + (decision.time_ms.confirm ?? 0))),
      };
}

function row({ name, kind, requests, denied, attempts, own }, most) {
  return [
    [el("span", { class: `mark ${kind}` }), name],
    whole(requests),
    requests === 0 ? "none" : [plot(denied, requests, most, kind), percent(denied / requests)],
    attempts === null ? "–" : times(attempts),
    own ? millis(quantile(own.totals, 0.5)) : "–",
    own ? millis(quantile(own.totals, 0.95)) : "–",
    own && kind !== "fast" ? millis(quantile(own.waits, 0.5)) : "–",
  ];
}

function plot(good, total, most, kind) {
  const [low, high] = wilson(good, total);
  const x = (share) => 4 + (share / most) * (PLOT - 8);
  return ornament(
    PLOT,
    16,
    line(x(0), 15, PLOT - 4, 15, "axis"),
    line(x(low), 8, x(high), 8, `range ${kind}`),
    dot(x(good / total), 8, 3.5, `point ${kind}`),
  );
}

function finding(modes) {
  const fast = modes.find((mode) => mode.kind === "fast" && mode.requests > 0);
  const confirmed = modes.find((mode) => mode.kind === "confirmed" && mode.requests > 0);
  if (!fast || !confirmed) {
    const only = fast ?? confirmed ?? modes.find((mode) => mode.requests > 0);
    return only ? `All requests were ${only.name}, so there is nothing to compare.` : "There were no requests.";
  }
  const sides = [fast, confirmed].map((mode) => wilson(mode.denied, mode.requests));
  const differ = sides[0][1] < sides[1][0] || sides[1][1] < sides[0][0];
  const cost =
    fast.own && confirmed.own
      ? ` Your confirmed requests took ${millis(quantile(confirmed.own.totals, 0.5))}, your fast ones ${millis(quantile(fast.own.totals, 0.5))} (medians).`
      : "";
  return (
    `${percent(fast.denied / fast.requests)} of fast requests and ${percent(confirmed.denied / confirmed.requests)} of confirmed ones were not ` +
    `served by the best tier${differ ? "" : ", which may be chance"}.${cost}`
  );
}
