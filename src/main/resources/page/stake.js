// What is at stake: what stands behind the next batch, the games that are open with the time that is left, and penalties.

import { Chart, label, line, picture, rect } from "./chart.js";
import { Table, byId, el, say } from "./dom.js";
import { count, short, whole } from "./format.js";

const TOP = 18;
const THICK = 16;
const SHARES = 10_000n;
const BPS = 100;
/** Anybody can ask for as much as they put up bonds for. */
const MOST_ROWS = 10;

export class Stake {
  constructor() {
    this.chart = new Chart(byId("stake-chart"), draw);
    this.amounts = new Table(byId("stake-amounts"), "At the vault, for this router's lane", [
      ["What", ""],
      ["Amount", "number"],
    ]);
    this.games = new Table(byId("stake-games"), "What was asked for in 30 days: what is open, then the newest", [
      ["Charge", ""],
      ["Answer", ""],
      ["Time left", "number"],
    ]);
    this.penalties = new Table(byId("stake-penalties"), "Penalties of 30 days, newest first", [
      ["Fault", ""],
      ["Batch", "number"],
      ["Taken", "number"],
      ["Of it the reporter's", "number"],
    ]);
  }

  show(stake) {
    // The clock of the chain stands still where no blocks come, and that of this browser may be behind.
    const now = Math.max(stake.as_of, Math.floor(Date.now() / 1000));
    byId("stake-view").hidden = false;
    say(byId("stake-finding"), finding(stake, now));
    byId("stake-as-of").classList.toggle("old", stake.stale);
    say(byId("stake-as-of"), seen(stake));
    this.chart.show(stake);
    this.amounts.show(amounts(stake));
    this.games.show(urgentFirst(stake.games).map((game) => [game.id, row(game, now)]));
    this.penalties.show(stake.penalties.slice(0, MOST_ROWS).map((penalty) => [penalty.transaction + penalty.subject, penaltyRow(penalty)]));
    byId("stake-games").hidden = stake.games.length === 0;
    byId("stake-penalties").hidden = stake.penalties.length === 0;
    this.terms(stake);
  }

  /** They never change, but a router can be configured for another vault. */
  terms({ vault, terms }) {
    if (this.vault !== vault) {
      this.vault = vault;
      byId("stake-terms").replaceChildren(...sentences(terms).map((text) => el("li", {}, text)));
      say(byId("stake-vault"), vault);
    }
  }

  /** The lane has no vault. */
  none() {
    byId("stake-none").hidden = false;
    say(byId("stake-finding"), "Nothing is at stake: this router's lane has no vault.");
  }

  /** There is a vault, but not what it has, for a reason. */
  unread(why) {
    byId("stake-view").hidden = true;
    say(byId("stake-finding"), why);
  }
}

function finding(stake, now) {
  const { active, required, is_gate: isGate, short_until: until, open_games: open, answer_by: nearest, penalties } = stake;
  return [
    behind(ether(active), ether(required), isGate, BigInt(active) < BigInt(required), until, now),
    open > 0 ? `${capital(count(open, "game"))} ${open === 1 ? "is" : "are"} open; the next answer is due ${due(nearest - now)}.` : "No game is open.",
    `${penalties.length > 0 ? capital(count(penalties.length, "penalty", "penalties")) : "No penalty"} in 30 days.`,
  ].join(" ");
}

/** Whoever reads it has to see that it may be over. */
const seen = ({ stale, as_of: seconds, block }) =>
  stale
    ? `This is old: the router has read no new block of the chain since ${moment(seconds)}, so all of it may be over.`
    : `As of ${moment(seconds)}, block ${whole(block)}.`;

function behind(active, required, isGate, isShort, until, now) {
  if (!isGate) {
    return `The vault is not the gate of this router's lane, so the lane commits without a stake; ${active} lie there for it.`;
  }
  if (!isShort) {
    return `${active} stand behind the next batch; the vault requires ${required}.`;
  }
  return until > now
    ? `Only ${active} stand behind the next batch, and ${required} are required: the lane may commit for ${time(until - now, 2)}.`
    : `Only ${active} stand behind the next batch, and ${required} are required: the lane cannot commit.`;
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

const due = (seconds) => (seconds > 0 ? `within ${time(seconds, 2)}` : "now: its time is over");

function amounts({ active, required, leaving, leaving_until: until, locked }) {
  const rows = [
    ["Active", "behind the next batch", active],
    ["Required", "for the lane to commit", required],
    ["Leaving", `not behind new batches; can be lost until ${until ? `${moment(until)} at the latest` : "its delay is over"}`, leaving],
    ["Locked", "what open games may take", locked],
  ];
  return rows
    .filter(([what, , amount]) => amount !== "0" || what === "Active" || what === "Required")
    .map(([what, means, amount]) => [what, [[what, el("small", {}, means)], ether(amount)]]);
}

function urgentFirst(games) {
  const isOpen = ({ state }) => state === "OPEN";
  const open = games.filter(isOpen).sort((a, b) => a.deadline - b.deadline);
  return [...open, ...games.filter((game) => !isOpen(game))].slice(0, MOST_ROWS);
}

function row(game, now) {
  const left = game.deadline - now;
  return [
    [game.meaning, el("small", {}, `asks for ${asked(game)}; transaction ${game.transaction}`)],
    { OPEN: left > 0 ? "none yet" : "none in time", ANSWERED: "given", LOST: "none in time" }[game.state],
    game.state === "OPEN" ? time(Math.max(0, left), 2) : "–",
  ];
}

/** What has to be shown, which a game has as a number or as the key of a request. */
function asked({ fault, subject }) {
  switch (fault) {
    case "WITHHELD":
      return `leaf ${whole(BigInt(subject))} of the log`;
    case "RECORD_WITHHELD":
      return `the record of leaf ${whole(BigInt(subject))}`;
    case "OUTCOME_MISSING":
      return `the outcome of request ${whole(BigInt(subject))}`;
    case "PLAN_MISSING":
      return `the plan of request ${short(subject)}`;
    default:
      return `the leaf that was promised of request ${short(subject)}`;
  }
}

function penaltyRow(penalty) {
  return [
    [penalty.meaning, el("small", {}, `transaction ${penalty.transaction}`)],
    penalty.sequence === 0 ? "–" : whole(penalty.sequence),
    ether(penalty.taken),
    ether(penalty.reward),
  ];
}

/** As `openledger stake terms` says it. */
function sentences(terms) {
  const perLeaf =
    terms.stake_per_leaf === "0"
      ? ""
      : `, or ${ether(terms.stake_per_leaf)} for each leaf of the last ${time(terms.volume_window)} if that is more`;
  return [
    `The lane commits with at least ${ether(terms.floor)}${perLeaf}.`,
    `A leaf that breaks a rule costs ${ether(terms.leaf_penalty)}, for at most ${count(terms.most_per_batch, "leaf", "leaves")} of a batch.`,
    `What is promised or asked for, and not shown, costs ${ether(terms.promise_penalty)}.`,
    `Of a penalty, ${terms.reporter_bps / BPS} % are the reporter's, and the rest is burned.`,
    `A batch can be challenged for ${time(terms.window)}, and an answer has to come within ${time(terms.response)}.`,
    `A promise has to be kept within ${time(terms.anchor_most)}.`,
    `What leaves stays at risk for ${time(terms.delay)}.`,
    `A lane that a penalty makes short commits for ${time(terms.grace)}.`,
    `Whoever asks puts up ${ether(terms.bond)} at least.`,
  ];
}

/** Active and leaving stake as one bar, and a line at what is required. */
function draw({ active, required, leaving }, width) {
  const [now, least, going] = [active, required, leaving].map(BigInt);
  const most = [now + going, least, 1n].reduce((a, b) => (a > b ? a : b));
  const x = (amount) => (width * Number((amount * SHARES) / most)) / Number(SHARES);
  const at = Math.min(width - 1, Math.max(1, x(least)));
  return picture(
    `${ether(active)} active, ${ether(required)} required, ${ether(leaving)} leaving`,
    width,
    TOP + THICK + 4,
    rect(0, TOP, width, THICK, "track"),
    rect(0, TOP, x(now), THICK, now < least ? "bad" : "good"),
    rect(x(now), TOP, x(going), THICK, "slow"),
    line(at, TOP - 4, at, TOP + THICK + 4, "axis"),
    label(at, 11, "required", "tick", at > width / 2 ? "end" : "start"),
  );
}

/** Wei as people read them: in ether, to the last digit. */
export function ether(text) {
  const digits = text.padStart(19, "0");
  const rest = digits.slice(-18).replace(/0+$/, "");
  return `${digits.slice(0, -18)}${rest && `.${rest}`} ETH`;
}

/** Seconds in words; with `most` only its largest parts. */
export function time(seconds, most = 4) {
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
  const first = parts.findIndex(([number]) => number > 0);
  const words = parts.slice(first, first + most).filter(([number]) => number > 0);
  return first < 0 ? "0 s" : words.map(([number, unit]) => `${number} ${unit}`).join(" ");
}

const moment = (seconds) => `${new Date(1000 * seconds).toISOString().slice(0, 16).replace("T", " ")} UTC`;
