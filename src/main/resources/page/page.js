// The page at /: asks the router again and again, and draws what it says. See index.html for what is where.

import { Refused, getJson, health, key, stream } from "./api.js";
import { Attribution } from "./attribution.js";
import { Batches } from "./batches.js";
import { Cohorts } from "./cohorts.js";
import { Table, byId, el, say } from "./dom.js";
import { Explorer } from "./explorer.js";
import { clock } from "./format.js";
import { Modes } from "./modes.js";
import { Objectives } from "./objectives.js";
import { Requests } from "./requests.js";
import { ofRoute } from "./series.js";
import { Stake } from "./stake.js";

const PAUSE_MILLIS = 2_000;
const LONGEST_PAUSE_MILLIS = 30_000;
const OWN_REQUESTS = 200;
const BATCHES = 42;

const explorer = new Explorer(nodes());
const objectives = new Objectives();
const modes = new Modes();
const attribution = new Attribution();
const cohorts = new Cohorts();
const batches = new Batches();
const stake = new Stake();
const requests = new Requests((id) => explorer.pick(id));
const checks = new Table(byId("health"), "Parts of the router", [
  ["Part", ""],
  ["Condition", ""],
  ["Details", ""],
]);

let session = new AbortController();
let fairness = null;
let own = [];

function nodes() {
  return document
    .querySelector('meta[name="openledger-nodes"]')
    .content.split(" ")
    .filter((url) => url);
}

const pause = (millis, signal) =>
  new Promise((done) => {
    const over = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", over);
      done();
    };
    const timer = setTimeout(over, millis);
    signal?.addEventListener("abort", over);
  });

const visible = () =>
  new Promise((done) => {
    if (!document.hidden) {
      done();
    } else {
      document.addEventListener("visibilitychange", done, { once: true });
    }
  });

/** Does something again and again while the tab is seen, slower while it fails. */
async function again(signal, task) {
  let wait = PAUSE_MILLIS;
  while (!signal.aborted) {
    await visible();
    try {
      await task();
      wait = PAUSE_MILLIS;
    } catch (why) {
      if (signal.aborted) {
        return;
      }
      if (!(why instanceof Refused)) {
        console.warn(why);
      }
      if (why.status === 401) {
        refuse(why.message);
        return;
      }
      say(byId("status"), why instanceof Refused ? why.message : "The connection to the router ended. Connecting again …");
      wait = Math.min(2 * wait, LONGEST_PAUSE_MILLIS);
    }
    await pause(wait, signal);
  }
}

function draw() {
  if (!fairness) {
    return;
  }
  const route = byId("route").value;
  const shown = { ...fairness, series: ofRoute(fairness.series, route) };
  objectives.show(shown);
  modes.show(shown);
  attribution.show(shown);
  cohorts.show(shown);
  drawOwn();
}

function drawOwn() {
  const shown = ofRoute(own, byId("route").value);
  modes.showOwn(shown);
  requests.show(shown);
}

function offerRoutes() {
  const select = byId("route");
  const known = new Set([...select.options].map((option) => option.value));
  const found = new Set(fairness.series.map((one) => one.route).filter((route) => !known.has(route)));
  select.append(...[...found].map((value) => el("option", { value }, value)));
}

function arrived(figures) {
  fairness = figures;
  byId("figures").hidden = false;
  byId("public").hidden = true;
  document.documentElement.dataset.updated = String(Date.now());
  say(byId("status"), `Live since ${since}.${routers(figures)}`);
  offerRoutes();
  draw();
}

/** Of whom the figures are, where there are several routers. */
function routers({ scope, replicas, of }) {
  if (scope === "cluster") {
    return replicas === of ? ` Figures of all ${of} routers.` : ` Figures of ${replicas} of ${of} routers; the others are not whole.`;
  }
  return of > 1 ? ` Figures of this router alone, of ${of}.` : "";
}

let since = "";

function open() {
  session = new AbortController();
  const { signal } = session;
  since = clock(Date.now()).slice(0, 8);
  held(true);
  if (linked) {
    explorer.pick(linked);
    linked = undefined;
  }
  say(byId("status"), "Loading …");
  again(signal, () => stream("v1/fairness/stream", signal, arrived));
  again(signal, async () => {
    own = (await getJson(`v1/decisions?limit=${OWN_REQUESTS}`, signal)).data;
    drawOwn();
  });
  again(signal, async () => {
    try {
      batches.show((await getJson(`v1/batches?limit=${BATCHES}`, signal)).data);
    } catch (why) {
      if (why.status !== 404) {
        throw why;
      }
      batches.none(why.message);
    }
  });
  if (isStaked()) {
    again(signal, showStake);
  } else {
    stake.none();
  }
}

/** Told with the page: a question that is answered with 404 would be an error in the browser's log, again and again. */
const isStaked = () => document.querySelector('meta[name="openledger-vault"]').content !== "";

async function showStake() {
  try {
    stake.show(await getJson("v1/stake", session.signal));
  } catch (why) {
    if (why.status !== 503) {
      throw why;
    }
    stake.unread(why.message);
  }
}

/** The key is wrong, or not good any more. */
function refuse(why) {
  close();
  say(byId("status"), why);
}

function close() {
  session.abort();
  key.forget();
  fairness = null;
  own = [];
  byId("figures").hidden = true;
  byId("public").hidden = false;
  held(false);
}

/** Whether there is a key to show figures with, or one to be entered. */
function held(there) {
  byId("key-fields").hidden = there;
  byId("forget").hidden = !there;
}

async function showHealth() {
  try {
    const { status, checks: all } = await health();
    checks.show(
      all.map(({ name, status: condition, data }) => [
        name,
        [
          name,
          condition,
          Object.entries(data ?? {})
            .map(([member, value]) => `${member.replaceAll("-", " ")}: ${value}`)
            .join(" · "),
        ],
      ]),
    );
    say(
      byId("health-finding"),
      status === "UP" ? "The router is up." : "Part of the router is down, or it is still starting.",
    );
  } catch {
    say(byId("health-finding"), "The router cannot be reached.");
  }
}

byId("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  session.abort();
  key.set(byId("key").value.trim());
  byId("key-form").reset();
  open();
  byId("forget").focus();
});
byId("forget").addEventListener("click", () => {
  close();
  say(byId("status"), "The key is forgotten.");
  byId("key").focus();
});
byId("route").addEventListener("change", draw);

/** The request that the address names is told as soon as there is a key to ask for it with. */
let linked = /^#receipt=([0-9a-f]{32})$/.exec(location.hash)?.[1];
if (key.get()) {
  open();
} else if (linked) {
  explorer.tell("Enter your key to see the request.");
}
(async () => {
  for (;;) {
    await visible();
    if (!byId("public").hidden) {
      await showHealth();
    }
    await pause(PAUSE_MILLIS);
  }
})();

