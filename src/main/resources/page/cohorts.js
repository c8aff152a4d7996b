// Who falls back: 64 cohorts of tenants, and how far apart they are beside what chance alone would show.

import { Chart, dot, label, line, picture, rect, steps } from "./chart.js";
import { Table, byId, el, say } from "./dom.js";
import { count, percent, times, whole, wilson } from "./format.js";
import { cohorts, nameOf } from "./series.js";

const HEIGHT = 200;
const LEFT = 44;
const BOTTOM = 24;

/** Member, title, unit, what it is, how it is written. */
const FIGURES = [
  ["disparity", "Disparity ratio", "times", "the worst cohort's share against the best's", times],
  ["attempts_distance", "Attempts distance", "attempts", "of a cohort from the rest, at most", times],
  ["congestion_parity", "Congestion parity", "points", "of a cohort against the rest at equal load, at most", times],
  ["jain", "Jain index", "", "of best-tier shares; close to 1 even if cohorts are far apart", (value) => value.toFixed(4)],
  ["variance", "Cohorts' share of the variance", "", "of falling back, beside the shortage for all", percent],
];

export class Cohorts {
  constructor() {
    this.chart = new Chart(byId("cohorts-chart"), draw);
    this.figures = new Table(byId("cohorts-figures"), "How far apart the cohorts are", [
      ["Figure", ""],
      ["Route and mode", ""],
      ["Measured", "number"],
      ["By chance", "number"],
      ["Beyond chance", "number"],
    ]);
    this.table = new Table(byId("cohorts-table"), "Cohorts since the start", [
      ["Cohort", "number"],
      ["Requests", "number"],
      ["Not by the best tier", "number"],
      ["Share", "number"],
    ]);
  }

  show({ series, your_cohort: own, window_seconds: seconds }) {
    const all = cohorts(series);
    this.chart.show({ all, own });
    this.table.show(
      all
        .filter((one) => one.requests > 0)
        .map((one) => [
          one.cohort,
          [
            one.cohort === own ? `${one.cohort}, yours` : String(one.cohort),
            whole(one.requests),
            whole(one.denied),
            percent(one.denied / one.requests),
          ],
        ]),
    );
    const rows = series.flatMap(figuresOf);
    this.figures.show(rows.map(({ key, cells }) => [key, cells]));
    say(byId("cohorts-finding"), finding(all, rows));
    say(
      byId("cohorts-note"),
      `Each mark is a cohort since the start, with its 95 % interval; the line is all of them together` +
        (Number.isInteger(own) ? `, and the ring is yours, cohort ${own}` : "") +
        `. The figures are of the last ${seconds / 60} minutes. “By chance”: a fair lottery stays below this value 99 times of 100 ` +
        `among requests that came at the same time, while the best tier was as busy. So sending at a busy time does not count as being treated worse, and ` +
        `only a value beyond chance is a finding; cohorts with few requests are not compared.`,
    );
  }
}

function figuresOf(series) {
  const where = `${series.route}, ${nameOf(series)}`;
  return FIGURES.filter(([name]) => series.window?.[name]).map(([name, title, unit, what, write]) => {
    const figure = series.window[name];
    const { value, floor, excess } = figure.cohort ?? figure;
    return {
      key: `${name} ${where}`,
      excess,
      cells: [[title, el("small", {}, what)], where, `${write(value)} ${unit}`.trim(), write(floor), excess > 0 ? write(excess) : "nothing"],
    };
  });
}

function finding(all, rows) {
  const requests = all.reduce((sum, one) => sum + one.requests, 0);
  if (requests === 0) {
    return "No cohort has had a request yet.";
  }
  const cohorts = all.filter((one) => one.requests > 0).length;
  const there = `${cohorts === 1 ? "One cohort" : `${cohorts} cohorts`} with ${count(requests, "request")}.`;
  if (rows.length === 0 || cohorts === 1) {
    return `${there} Too few in the last minutes to compare them.`;
  }
  const beyond = rows.filter((row) => row.excess > 0).length;
  return beyond === 0
    ? `${there} They differ no more than chance would make them.`
    : `${there} ${count(beyond, "figure")} of ${rows.length} beyond chance.`;
}

function draw({ all, own }, width) {
  const requests = all.reduce((sum, one) => sum + one.requests, 0);
  const denied = all.reduce((sum, one) => sum + one.denied, 0);
  const known = all.filter((one) => one.requests > 0);
  const ticks = steps(Math.min(1, Math.max(0.05, ...known.map((one) => wilson(one.denied, one.requests)[1]))));
  const most = ticks.at(-1);
  const x = (cohort) => LEFT + ((cohort + 0.5) / all.length) * (width - LEFT);
  const y = (share) => HEIGHT - BOTTOM - (share / most) * (HEIGHT - BOTTOM - 10);
  const radius = width < 500 ? 2 : 3;
  return picture(
    "Share of each cohort's requests that were not served by the best tier",
    width,
    HEIGHT,
    ...ticks.flatMap((tick) => [
      line(LEFT, y(tick), width, y(tick), "grid"),
      label(LEFT - 6, y(tick) + 4, `${Math.round(1000 * tick) / 10} %`, "tick", "end"),
    ]),
    ...[0, 16, 32, 48, 63].map((cohort) => label(x(cohort), HEIGHT - 6, String(cohort), "tick", "middle")),
    ...known.flatMap((one) => {
      const [low, high] = wilson(one.denied, one.requests);
      return [
        line(x(one.cohort), y(low), x(one.cohort), y(high), "range cohort"),
        dot(x(one.cohort), y(one.denied / one.requests), radius, "point cohort"),
      ];
    }),
    ...all.filter((one) => one.requests === 0).map((one) => rect(x(one.cohort) - 1, y(0) - 1, 2, 2, "empty")),
    requests > 0 && line(LEFT, y(denied / requests), width, y(denied / requests), "mean"),
    all[own]?.requests > 0 && dot(x(own), y(all[own].denied / all[own].requests), radius + 4, "ring"),
  );
}
