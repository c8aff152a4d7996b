// Objectives, and the error budget left.

import { ornament, rect, line } from "./chart.js";
import { Table, byId, el, say } from "./dom.js";
import { percent, whole, wilson } from "./format.js";
import { objective } from "./series.js";

const BAR = 120;

export class Objectives {
  constructor() {
    this.table = new Table(byId("objectives-table"), "Objectives in the last hour", [
      ["Objective", ""],
      ["Good", "number"],
      ["Target", "number"],
      ["Error budget left", "bar"],
    ]);
  }

  show({ objectives, series }) {
    const all = objectives.map((slo) => ({ ...slo, now: objective(series, slo.name, slo.target) }));
    this.table.show(all.map((slo) => [slo.name, row(slo)]));
    say(byId("objectives-finding"), finding(all));
  }
}

function finding(all) {
  const counted = all.filter((slo) => slo.now);
  const overspent = counted.filter((slo) => slo.now.left < 0);
  if (counted.length === 0) {
    return "Nothing has been counted in the last hour.";
  }
  if (overspent.length === 0) {
    return counted.length === 1
      ? "The one objective that was counted is met."
      : `All ${counted.length} objectives that were counted are met.`;
  }
  return `${overspent.length} of ${counted.length} objectives ${
    overspent.length === 1 ? "has" : "have"
  } spent more than ${overspent.length === 1 ? "its" : "their"} error budget: ${overspent.map((slo) => title(slo.name)).join(", ")}.`;
}

const title = (slug) => slug.replaceAll("-", " ");

function row({ name, good, counted, target, now }) {
  const what = [title(name), el("small", {}, `of ${counted}: ${good}`)];
  if (!now) {
    return [what, "nothing counted", percent(target, 2), [bar(null)]];
  }
  const [low, high] = wilson(now.good, now.total);
  return [
    what,
    [
      percent(now.share, 2),
      el("small", {}, `${whole(now.good)} of ${whole(now.total)} (${percent(low, 2)} – ${percent(high, 2)})`),
    ],
    percent(target, 2),
    [bar(now.left), el("span", { class: now.left < 0 ? "bad" : null }, percent(now.left, 0))],
  ];
}

/** Full while nothing went wrong; what is overspent grows to the left of the zero, up to as much again. */
function bar(left) {
  const zero = BAR / 3;
  const parts = [rect(zero, 3, BAR - zero, 10, "track")];
  if (left !== null) {
    const most = BAR - zero;
    parts.push(
      left >= 0
        ? rect(zero, 3, most * Math.min(1, left), 10, left < 0.25 ? "warn" : "good")
        : rect(zero + Math.max(-zero, (most * left) / 2), 3, Math.min(zero, (-left * most) / 2), 10, "bad"),
    );
  }
  return ornament(BAR, 16, ...parts, line(zero, 0, zero, 16, "axis"));
}
