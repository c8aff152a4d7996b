// Of those that did not get the best tier: was the system slow, or selective?

import { Chart, label, picture, rect } from "./chart.js";
import { Table, byId, el, say } from "./dom.js";
import { count, percent, whole } from "./format.js";
import { byMode } from "./series.js";

const WORDS = ["slow", "selective", "missed"];
const ROW = 44;

export class Attribution {
  constructor() {
    this.chart = new Chart(byId("attribution-chart"), draw);
    this.table = new Table(byId("attribution-table"), "Requests that fell back or were exhausted", [
      ["Mode", ""],
      ["Requests", "number"],
      ["Slow", "number"],
      ["Selective", "number"],
      ["Missed", "number"],
      ["Overtaken by", "number"],
    ]);
  }

  show({ series, window_seconds: seconds }) {
    const modes = byMode(series);
    this.chart.show(modes);
    this.table.show(
      modes.map((mode) => [
        mode.name,
        [
          [el("span", { class: `mark ${mode.kind}` }), mode.name],
          whole(mode.requests),
          ...WORDS.map((word) => whole(mode[word])),
          whole(mode.overtakes),
        ],
      ]),
    );
    say(byId("attribution-finding"), finding(modes, seconds / 60));
  }
}

function finding(modes, minutes) {
  const total = (member) => modes.reduce((sum, mode) => sum + mode[member], 0);
  const denied = total("denied");
  const start = `In the last ${minutes} minutes `;
  if (total("requests") === 0) {
    return `${start}there were no requests.`;
  }
  if (denied === 0) {
    return `${start}all ${whole(total("requests"))} requests got the best tier, were rejected for a fault of their own or were cancelled.`;
  }
  const reasons = [
    [total("slow"), "because the system was slow"],
    [total("selective"), `while ${count(total("overtakes"), "later request")} got it`],
    [total("missed"), "although a view showed a free slot"],
  ];
  const parts = reasons.filter(([number]) => number > 0).map(([number, why]) => `${whole(number)} ${why}`);
  return `${start}${whole(denied)} of ${count(total("requests"), "request")} did not get the best tier: ${parts.join(", ")}.`;
}

/** A bar for each mode, as long as its share of denials, in the parts they are attributed to. */
function draw(modes, width) {
  const shown = modes.filter((mode) => mode.requests > 0);
  const most = Math.max(0.01, ...shown.map((mode) => mode.denied / mode.requests));
  const room = width - 64;
  const parts = shown.flatMap((mode, i) => {
    const top = i * ROW;
    let x = 0;
    const bars = WORDS.map((word) => {
      const length = ((mode[word] / mode.requests) * room) / most;
      const bar = rect(x, top + 18, length, 14, word);
      x += length;
      return bar;
    });
    return [
      label(0, top + 12, `${mode.name}: ${whole(mode.denied)} of ${whole(mode.requests)}`, "title"),
      rect(0, top + 18, room, 14, "track"),
      ...bars,
      label(room + 8, top + 29, percent(mode.denied / mode.requests), "value"),
    ];
  });
  return picture("Share of requests not served by the best tier, by what it is attributed to", width, Math.max(1, shown.length * ROW), ...parts);
}
