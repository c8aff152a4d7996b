// The tenant's own last requests.

import { Table, byId, el, say } from "./dom.js";
import { clock, count, millis, whole } from "./format.js";
import { nameOf } from "./series.js";

const SHOWN = 12;

export class Requests {
  /** @param onPick is given the id of a request whose story is wanted */
  constructor(onPick) {
    this.onPick = onPick;
    this.buttons = new Map();
    this.shown = [];
    this.table = new Table(byId("requests-table"), "Newest first", [
      ["Arrived", "number"],
      ["Route", "spare"],
      ["Mode", ""],
      ["Ended", ""],
      ["By", ""],
      ["Attempts", "number spare"],
      ["Time", "number"],
      ["Timeline", ""],
    ]);
  }

  show(decisions) {
    // Who has walked into the list with the keyboard is not to have it move away.
    const shown = this.held() ? this.shown : decisions.slice(0, SHOWN);
    this.shown = shown;
    this.buttons = new Map(shown.map(({ request }) => [request, this.buttons.get(request) ?? this.button(request)]));
    this.table.show(shown.map((one) => [one.request, this.row(one)]));
    const denied = decisions.filter(({ status }) => status === "FELL_BACK" || status === "EXHAUSTED").length;
    say(
      byId("requests-finding"),
      decisions.length === 0
        ? "You have made no request yet, or its record has expired."
        : `Of your last ${count(decisions.length, "request")} ${denied === 0 ? "none" : whole(denied)} fell back or ` +
            `${denied === 1 ? "was" : "were"} exhausted. Each tenant sees only its own requests.`,
    );
  }

  held() {
    return byId("requests-table").contains(document.activeElement);
  }

  row(one) {
    const why = one.attribution && one.attribution !== "NONE" ? one.attribution : null;
    return [
      clock(one.arrival),
      one.route,
      nameOf(one) + (one.released ? ", released" : ""),
      why ? [one.status, el("small", {}, why)] : one.status,
      one.target ?? "nobody",
      `${one.attempts} of ${one.budget}`,
      one.time_ms ? millis(one.time_ms.total) : "–",
      [this.buttons.get(one.request)],
    ];
  }

  button(id) {
    const button = el("button", { type: "button", class: "quiet", "aria-label": `Show the timeline of request ${id}` }, "Show");
    button.addEventListener("click", () => this.onPick(id));
    return button;
  }
}
