// Words of which our queries are made.

/** What was chosen above the dashboard. */
export const CHOSEN = 'openledger_route=~"$route", openledger_mode=~"$mode"';
export const ROUTE = 'openledger_route=~"$route"';
/** The same for the metrics of the GenAI conventions, where a route is the requested model. */
export const MODEL = 'gen_ai_request_model=~"$route"';
const WAY = 'openledger_mode, openledger_gate';
const RATE = '$__rate_interval';
const RANGE = '$__range';

/** A mode and its gate as one word: "fast", "confirmed dispatch". */
export function byWay(expr) {
  return `label_replace(label_join(${expr}, "way", " ", "openledger_mode", "openledger_gate"), "way", "$1", "way", "(.*) none")`;
}

/** A way's sum of rates; more labels can be kept. */
export function rate(metric, of = CHOSEN, by = WAY) {
  return `${summed(by)} (rate(${metric}{${of}}[${RATE}]))`;
}

/** How many over the whole time that is looked at. */
export function increase(metric, of = CHOSEN, by = WAY) {
  return `${summed(by)} (increase(${metric}{${of}}[${RANGE}]))`;
}

const summed = (by) => (by === '' ? 'sum' : `sum by (${by})`);

/** A percentile of a histogram; over is rate or increase. */
export function quantile(share, histogram, of = CHOSEN, by = WAY, over = rate) {
  return `histogram_quantile(${share}, ${over(`${histogram}_bucket`, of, by === '' ? 'le' : `le, ${by}`)})`;
}

export function mean(histogram, of = CHOSEN, by = WAY, over = rate) {
  return `${over(`${histogram}_sum`, of, by)} / ${over(`${histogram}_count`, of, by)}`;
}

/** A counter that has never counted is not there: 0 then, as long as whatever witnesses that somebody measures is. */
export function orZero(expr, witness) {
  return `(${expr}) or (0 * (${witness}) unless on () (${expr}))`;
}
