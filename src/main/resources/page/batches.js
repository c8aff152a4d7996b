// Batches on their way to finality: each goes from level to level, as the evidence allows.

import { Chart, label, line, picture, rect } from "./chart.js";
import { Table, byId, say, svg } from "./dom.js";
import { clock, count, short, whole } from "./format.js";
import { LEVELS } from "./receipt.js";

const TOP = 34;
const SQUARE = 15;
const LANES = 6;

export class Batches {
  constructor() {
    this.chart = new Chart(byId("batches-chart"), draw);
    this.table = new Table(byId("batches-table"), "Newest batches of this router's lane", [
      ["Batch", "number"],
      ["Level", ""],
      ["Leaves", "number"],
      ["Last leaf", "number"],
      ["Block", "number"],
      ["Transaction", ""],
    ]);
  }

  show(data) {
    this.chart.show(data);
    this.table.show(
      data.map((batch) => [
        batch.sequence,
        [
          String(batch.sequence),
          batch.level,
          whole(batch.count),
          clock(batch.last_ms),
          batch.transaction?.block_number == null ? "–" : whole(batch.transaction.block_number),
          batch.transaction ? short(batch.transaction.hash) : "–",
        ],
      ]),
    );
    say(byId("batches-finding"), finding(data));
  }

  /** There are none, for a reason. */
  none(why) {
    this.table.show([]);
    this.chart.show([]);
    say(byId("batches-finding"), why);
  }
}

function finding(data) {
  if (data.length === 0) {
    return "No batch has been cut yet.";
  }
  const newest = data[0];
  const waiting = newest.requests_without_leaf;
  return (
    `${count(newest.sequence, "batch", "batches")} so far; the newest, with ${count(newest.count, "leaf", "leaves")}, is ${newest.level}. ` +
    (waiting === 0 ? "Every request up to it has its outcome leaf." : `${count(waiting, "request")} up to it without an outcome leaf yet.`)
  );
}

/** A column for each level, and in it a square for each batch, the newest on top. */
function draw(data, width) {
  const column = width / LEVELS.length;
  const wide = Math.max(1, Math.min(LANES, Math.floor((column - 6) / (SQUARE + 3))));
  const columns = LEVELS.map((level) => data.filter((batch) => batch.level === level));
  const tallest = Math.max(1, ...columns.map((batches) => Math.ceil(batches.length / wide)));
  const height = TOP + tallest * (SQUARE + 3) + 6;
  const narrow = column < 92;
  return picture(
    "Batches by level: " + LEVELS.map((level, i) => `${level} ${columns[i].length}`).join(", "),
    width,
    height,
    line(0, TOP - 6, width, TOP - 6, "axis"),
    ...columns.flatMap((batches, i) => [
      label(
        i * column + column / 2,
        narrow && i % 2 === 0 ? 10 : 23,
        LEVELS[i],
        batches.length > 0 ? "level" : "level none",
        "middle",
      ),
      ...batches.map((batch, k) => {
        const x = i * column + column / 2 - (Math.min(wide, batches.length) * (SQUARE + 3)) / 2 + (k % wide) * (SQUARE + 3);
        const y = TOP + Math.floor(k / wide) * (SQUARE + 3);
        const square = rect(x, y, SQUARE, SQUARE, `batch level-${i}`);
        square.append(svg("title", {}, `batch ${batch.sequence}, ${count(batch.count, "leaf", "leaves")}`));
        return square;
      }),
    ]),
  );
}
