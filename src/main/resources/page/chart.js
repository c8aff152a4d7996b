// Small charts, drawn as wide as there is room. What they show is in a table or a sentence as well, so they say nothing to a
// screen reader but their name.

import { svg } from "./dom.js";

/** Draws again whenever there is more or less room. */
export class Chart {
  constructor(container, draw) {
    this.container = container;
    this.draw = draw;
    new ResizeObserver(() => {
      if (this.width !== Math.floor(container.clientWidth)) {
        this.again();
      }
    }).observe(container);
  }

  show(value) {
    this.value = value;
    this.again();
  }

  again() {
    this.width = Math.floor(this.container.clientWidth);
    if (this.value !== undefined && this.width > 0) {
      this.container.replaceChildren(this.draw(this.value, this.width));
    }
  }
}

export function picture(name, width, height, ...children) {
  return svg("svg", { role: "img", "aria-label": name, width, height, viewBox: `0 0 ${width} ${height}` }, ...children);
}

/** A picture beside a number that says the same. */
export function ornament(width, height, ...children) {
  return svg("svg", { "aria-hidden": "true", width, height, viewBox: `0 0 ${width} ${height}`, class: "ornament" }, ...children);
}

export const rect = (x, y, width, height, kind) =>
  svg("rect", { x: round(x), y: round(y), width: round(Math.max(0, width)), height: round(height), class: kind });

export const line = (x1, y1, x2, y2, kind) =>
  svg("line", { x1: round(x1), y1: round(y1), x2: round(x2), y2: round(y2), class: kind });

export const dot = (cx, cy, r, kind) => svg("circle", { cx: round(cx), cy: round(cy), r, class: kind });

export const label = (x, y, text, kind = "", anchor = "start") =>
  svg("text", { x: round(x), y: round(y), class: kind, "text-anchor": anchor }, text);

const round = (value) => Math.round(value * 10) / 10;

/** Three to five round steps from 0 to at least `most`. */
export function steps(most) {
  const rough = most / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((by) => by * power).find((by) => by >= rough);
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, i) => i * step);
}
