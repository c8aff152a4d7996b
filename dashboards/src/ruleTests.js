// Tests of the alerts with promtool: for each objective one budget that burns fast, one that burns slowly, one that lasts, and one that
// burns with too few events to say so.
import { runbookOf } from './rules.js';

const EVENTS_A_MINUTE = 600;
const WAY = { openledger_route: 'assistant', openledger_mode: 'confirmed', openledger_gate: 'dispatch' };

/** Bad events in times of what the target allows, when to look, and which burns are told by then. */
const WORLDS = [
  { name: 'burns fast', burn: 7, at: '2h', told: ['page', 'ticket'] },
  { name: 'burns slowly', burn: 1.5, at: '2h', told: ['ticket'] },
  { name: 'lasts', burn: 0.9, at: '2h', told: [] },
  { name: 'burns, but hardly anything was counted', burn: 30, at: '2h', told: [], scarce: true },
  // Long windows still show it (45 · 20 of 50 minutes); nobody is called for what is over.
  { name: 'burnt hard for 20 minutes half an hour ago', burn: 45, at: '50m', told: ['ticket'], until: 20, shown: 18 },
  { name: 'burnt for 20 minutes hours ago', burn: 7, at: '4h', told: [], until: 20 },
];

export function ruleTests(objectives, rulesFile) {
  return {
    rule_files: [rulesFile],
    evaluation_interval: '1m',
    tests: WORLDS.map((world) => test(world, objectives)),
  };
}

function test(world, { objectives, period, runbooks }) {
  return {
    name: world.name,
    interval: '1m',
    input_series: objectives.flatMap((objective) => series(world, objective)),
    alert_rule_test: objectives.map((objective) => expectation(world, objective, runbooks)),
    promql_expr_test:
      world.until || world.scarce ? [] : objectives.map((objective) => budget(world, objective, period)),
  };
}

function series({ burn, scarce, until }, { slug, target, 'least-events': least }) {
  // Two hours at this pace have nine tenths of what is needed.
  const pace = scarce ? (0.9 * least) / 120 : EVENTS_A_MINUTE;
  const bad = Math.min(1, burn * (1 - target / 100));
  const good = round(pace * (1 - bad));
  const values = until ? `0+${good}x${until} ${round(good * until + pace)}+${pace}x300` : `0+${good}x300`;
  const labels = label({ openledger_slo: slug, ...WAY });
  return [
    { series: `openledger_slo_events_total${labels}`, values: `0+${round(pace)}x320` },
    { series: `openledger_slo_good_total${labels}`, values },
  ];
}

function expectation({ at, burn, told, shown = burn }, objective, runbooks) {
  const alerts = Object.entries(objective.severities)
    .filter(([kind]) => told.includes(kind))
    .map(([kind, severity]) => ({
      exp_labels: { openledger_slo: objective.slug, ...WAY, severity, burn: kind === 'page' ? 'fast' : 'slow' },
      exp_annotations: {
        summary: `The budget of ${objective.slug} burns ${shown.toFixed(1)} times as fast as it lasts: route assistant, confirmed (gate dispatch)`,
        description: `The promise: ${objective.promise[0].toLowerCase()}${objective.promise.slice(1)}, for ${objective.target} % of what counts.`,
        runbook_url: runbookOf(objective, runbooks),
      },
    }));
  return { eval_time: at, alertname: objective.alert, exp_alerts: alerts };
}

/** A burn of b leaves 1 - b of a budget, whatever the length of what was seen. */
function budget({ burn, at }, { slug, target }, period) {
  return {
    expr: `round(slo:openledger_slo_budget_left:ratio${period}{openledger_slo="${slug}"}, 0.001)`,
    eval_time: at,
    exp_samples: [{ labels: label({ openledger_slo: slug, ...WAY }), value: Number((1 - burn).toFixed(3)) }],
  };
}

const round = (value) => Number(value.toFixed(6));

const label = (labels) =>
  `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}}`;
