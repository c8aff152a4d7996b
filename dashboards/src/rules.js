// Recording rules and alerts of the objectives.
import { longWindows, windows } from './objectives.js';

const EVENTS = 'openledger_slo_events_total';
const GOOD = 'openledger_slo_good_total';
/** All that is kept apart: who reads a figure of two gates together reads neither. */
export const BY = 'openledger_slo, openledger_route, openledger_mode, openledger_gate';
/** The shortest window; the period's figures are made of its rates. */
const BASE = '5m';

const sum = (of) => `sum by (${BY}) (${of})`;
const selector = (slug) => `{openledger_slo="${slug}"}`;

/** Share of good events as a number without binary noise. */
const share = (percent) => Number((percent / 100).toFixed(6));

export function rules(objectives) {
  // One group, in this order: alerts see what the same evaluation has recorded.
  const burn = [...targets(objectives), ...burning(objectives), ...alerts(objectives)];
  return {
    groups: [{ name: 'openledger-burn', interval: '30s', rules: burn }, budgets(objectives), conditions(objectives)],
  };
}

function targets({ objectives }) {
  return objectives.map(({ slug, target }) => ({
    record: 'slo:openledger_slo_target:ratio',
    expr: `vector(${share(target)})`,
    labels: { openledger_slo: slug },
  }));
}

/** How many times as fast as it lasts: bad share / share that may be bad. Without events there is no figure, rather than a good one. */
function burnOf(bad, events) {
  return `clamp_min(${bad} / (${events} > 0), 0)\n/ on (openledger_slo) group_left ()\n(1 - slo:openledger_slo_target:ratio)`;
}

function burning(objectives) {
  const rates = windows(objectives).map((window) => ({
    record: `slo:openledger_slo_burn:rate${window}`,
    expr: burnOf(
      `(${sum(`rate(${EVENTS}[${window}])`)} - ${sum(`rate(${GOOD}[${window}])`)})`,
      sum(`rate(${EVENTS}[${window}])`),
    ),
  }));
  const counts = longWindows(objectives).map((window) => ({
    record: `slo:openledger_slo_events:increase${window}`,
    expr: sum(`increase(${EVENTS}[${window}])`),
  }));
  return [...rates, ...counts];
}

/** The period is made of recorded rates, weighed by events: reading raw samples of 30 days each time would be too much. */
function budgets({ period }) {
  const over = (of) => `sum_over_time(slo:openledger_slo_${of}:rate${BASE}[${period}])`;
  return {
    name: 'openledger-budget',
    interval: '1m',
    rules: [
      { record: `slo:openledger_slo_events:rate${BASE}`, expr: sum(`rate(${EVENTS}[${BASE}])`) },
      {
        record: `slo:openledger_slo_bad:rate${BASE}`,
        expr: `clamp_min(${sum(`rate(${EVENTS}[${BASE}])`)} - ${sum(`rate(${GOOD}[${BASE}])`)}, 0)`,
      },
      { record: `slo:openledger_slo_good:ratio${period}`, expr: `1 - ${over('bad')} / (${over('events')} > 0)` },
      {
        record: `slo:openledger_slo_budget_left:ratio${period}`,
        expr: `1 -\n(1 - slo:openledger_slo_good:ratio${period})\n/ on (openledger_slo) group_left ()\n(1 - slo:openledger_slo_target:ratio)`,
      },
    ],
  };
}

function alerts(objectives) {
  return objectives.objectives.flatMap((objective) =>
    Object.entries(objective.severities).map(([burn, severity]) => alert(objective, burn, severity, objectives)),
  );
}

function alert(objective, burn, severity, { burns, runbooks }) {
  const of = selector(objective.slug);
  const pairs = burns[burn].windows.map(
    ({ long, short, above }) =>
      `(\n  slo:openledger_slo_burn:rate${long}${of} > ${above}\n  and slo:openledger_slo_burn:rate${short}${of} > ${above}` +
      `\n  and slo:openledger_slo_events:increase${long}${of} >= ${objective['least-events']}\n)`,
  );
  const where =
    'route {{ $labels.openledger_route }}, {{ $labels.openledger_mode }} (gate {{ $labels.openledger_gate }})';
  return {
    alert: objective.alert,
    expr: pairs.join('\nor\n'),
    for: burns[burn].for,
    labels: { severity, burn: burn === 'page' ? 'fast' : 'slow' },
    annotations: {
      summary: `The budget of ${objective.slug} burns {{ $value | printf "%.1f" }} times as fast as it lasts: ${where}`,
      description: `The promise: ${lowerFirst(objective.promise)}, for ${objective.target} % of what counts.`,
      runbook_url: runbookOf(objective, runbooks),
    },
  };
}

/** Where the runbook of an alert can be read. */
export const runbookOf = ({ alert }, runbooks) => runbooks.replace('{alert}', alert);

const lowerFirst = (text) => text[0].toLowerCase() + text.slice(1);

function conditions({ conditions, runbooks }) {
  return {
    name: 'openledger-conditions',
    rules: conditions.map(({ alert, expr, for: length, severity, summary }) => ({
      alert,
      expr,
      for: length,
      labels: { severity },
      annotations: { summary, runbook_url: runbookOf({ alert }, runbooks) },
    })),
  };
}
