// For product teams: what was promised, whether it was kept, and what it costs.
import { board, bars, columns, lines, MODES, note, number, row, ROUTES, STORIES, traces } from '../board.js';
import { byWay, CHOSEN, increase, mean, orZero, quantile, rate, ROUTE } from '../query.js';

const SLOW_OR_SELECTIVE = 'openledger_status=~"FELL_BACK|EXHAUSTED"';
const LOST = `${CHOSEN}, ${SLOW_OR_SELECTIVE}`;
const WAY = 'openledger_mode, openledger_gate';
const BUDGET_STEPS = [
  [null, 'red'],
  [0, 'orange'],
  [0.25, 'green'],
];
const LOST_TRACES = traces('openledger.status=FELL_BACK');

/** A figure of the router's own window of 5 minutes, beside what chance alone would show. */
function againstChance(
  figure,
  floor = `${figure.replace(/_ratio$/, '')}_floor${figure.endsWith('_ratio') ? '_ratio' : ''}`,
) {
  const worst = (name) => byWay(`max by (${WAY}) (${name}{${CHOSEN}})`);
  return [
    { expr: worst(figure), legend: '{{way}}' },
    { expr: worst(floor), legend: '{{way}}: chance alone' },
  ];
}

/** Over five minutes: some of what is counted is rare. */
const ofObjective = (slug) =>
  byWay(
    `sum by (${WAY}) (rate(openledger_slo_good_total{${CHOSEN}, openledger_slo="${slug}"}[5m])) / sum by (${WAY}) (rate(openledger_slo_events_total{${CHOSEN}, openledger_slo="${slug}"}[5m]))`,
  );

/** By way, over the whole time that is looked at. */
const share = (good, all) => byWay(`(${good}) / (${all})`);

export default board(
  {
    uid: 'openledger-fairness',
    title: 'OpenLedger: fairness',
    about: 'Whether retries are the same for everybody, what was promised about it, and what it costs.',
    variables: [ROUTES, MODES],
  },
  note(
    '**Retry behaviour must not become a hidden form of privilege.** Above: what we promised and how much of each 30-day budget is left. ' +
      'Below: whether anybody is treated differently, beside what *chance alone* would show among requests that came at the same time and load (dashed; only what is above it says something); ' +
      'whether those who lost the best tier met a **slow** system or a **selective** one; and what the mode `confirmed` costs and buys.',
  ),
  row('Do we keep our promises?'),
  bars({
    title: 'How much of each error budget is left?',
    about:
      'Of what may go wrong in 30 days, how much has not yet. 100 %: nothing has. Below 0: more than was allowed. Shown is the worst of the chosen ' +
      'routes and modes; the table beside has each.',
    unit: 'percentunit',
    decimals: 1,
    min: 0,
    max: 1,
    steps: BUDGET_STEPS,
    span: 10,
    height: 11,
    queries: [
      {
        expr: `sort(min by (openledger_slo) (slo:openledger_slo_budget_left:ratio30d{${CHOSEN}}))`,
        legend: '{{openledger_slo}}',
        instant: true,
      },
    ],
  }),
  columns({
    title: 'Where does each promise stand?',
    about:
      'Good: share of what counts that was good in 30 days. Left: of the budget. Burn: how many times as fast as it lasts the budget went in the last hour; ' +
      'above 14.4 (or 6 for six hours) somebody is paged, above 1 for three days somebody gets a ticket.',
    span: 14,
    height: 11,
    wide: 210,
    sorted: 'left',
    links: STORIES,
    keys: { openledger_slo: 'promise', openledger_route: 'route', openledger_mode: 'mode', openledger_gate: 'gate' },
    columns: {
      good: { expr: `slo:openledger_slo_good:ratio30d{${CHOSEN}}`, unit: 'percentunit', decimals: 3 },
      left: {
        expr: `slo:openledger_slo_budget_left:ratio30d{${CHOSEN}}`,
        unit: 'percentunit',
        decimals: 1,
        steps: BUDGET_STEPS,
      },
      burn: {
        expr: `slo:openledger_slo_burn:rate1h{${CHOSEN}}`,
        unit: 'suffix:×',
        decimals: 1,
        steps: [
          [1, 'orange'],
          [6, 'red'],
        ],
      },
    },
  }),
  lines({
    title: 'How fast are the budgets burning?',
    about:
      'Over the last five minutes, the worst of the chosen routes and modes. 1: the budget lasts exactly 30 days. Dashed: what pages if it goes on (6 and 14.4).',
    unit: 'suffix:×',
    span: 18,
    min: 0,
    steps: [
      [1, 'yellow'],
      [6, 'orange'],
      [14.4, 'red'],
    ],
    queries: [
      { expr: `max by (openledger_slo) (slo:openledger_slo_burn:rate5m{${CHOSEN}})`, legend: '{{openledger_slo}}' },
    ],
  }),
  number({
    title: 'How many promises does nobody measure?',
    about:
      'Objectives of which nothing was counted lately: twins need probes that are switched on, replays a router that settles, and the promises about plans the mode confirmed. ' +
      'What is not measured is not kept, only unknown.',
    unit: 'none',
    span: 6,
    height: 9,
    graph: false,
    steps: [[1, 'orange']],
    queries: [
      {
        expr: orZero(
          'count(slo:openledger_slo_target:ratio unless on (openledger_slo) (slo:openledger_slo_events:increase3d > 0))',
          'count(slo:openledger_slo_target:ratio)',
        ),
        legend: 'promises',
        instant: true,
      },
    ],
  }),

  row('Is anybody treated differently?'),
  lines({
    title: 'Does one cohort fall back more often than chance explains?',
    about:
      'How many times as often the worst-off cohort of tenants falls back as the best-off, over 5 minutes and cohorts of at least 1,000 requests. Read it against the dashed line ' +
      'only: a fair lottery among requests that came at the same time and load stays below it 99 times in 100.',
    unit: 'suffix:×',
    min: 1,
    queries: againstChance('openledger_fairness_disparity_ratio'),
  }),
  lines({
    title: 'In the same congestion, has everybody the same chance?',
    about:
      'Points of a hundred by which a cohort falls back more or less often than the others when the best tier is equally busy (mean over five steps of utilisation; the most unlike cohort). ' +
      'Below the dashed line: chance, among requests that came at the same time and load.',
    unit: 'suffix: pp',
    min: 0,
    queries: againstChance('openledger_fairness_congestion_parity'),
  }),
  lines({
    title: 'Does everybody get as many attempts?',
    about:
      'How far the attempts of the most unlike cohort are from those of the others (Wasserstein-1, in attempts). Below the dashed line: chance, among requests that came at the same time and load.',
    unit: 'none',
    decimals: 2,
    min: 0,
    queries: againstChance('openledger_fairness_attempts_distance'),
  }),
  lines({
    title: 'Do identical twins get the same tier?',
    about:
      'Of the pairs of identical probes that were sent together, the share whose two got the same tier. What differs is neither the request nor the tenant: it is luck, or timing.',
    unit: 'percentunit',
    max: 1,
    queries: [{ expr: ofObjective('twins-agree'), legend: '{{way}}' }],
  }),
  lines({
    title: 'Who falls back: does the moment decide, or the lot?',
    about:
      'Of the variance of [fell back] in 5 minutes, the share that lies between seconds: then the providers were scarce, for everybody. The rest lies within seconds: some got a slot and others did not, at the same time.',
    unit: 'percentunit',
    min: 0,
    max: 1,
    span: 8,
    queries: [
      {
        expr: byWay(`max by (${WAY}) (openledger_fairness_variance_ratio{${CHOSEN}, openledger_part="between"})`),
        legend: '{{way}}',
      },
    ],
  }),
  lines({
    title: 'Of the lot: how much does the cohort explain?',
    about:
      'Of the variance of [fell back], the share that the tenant’s cohort explains. Above the dashed line it is evidence of unfairness; below, a fair lottery among requests that came at the same time and load looks the same.',
    unit: 'percentunit',
    min: 0,
    span: 8,
    queries: [
      {
        expr: byWay(`max by (${WAY}) (openledger_fairness_variance_ratio{${CHOSEN}, openledger_part="cohort"})`),
        legend: '{{way}}',
      },
      {
        expr: byWay(`max by (${WAY}) (openledger_fairness_variance_ratio{${CHOSEN}, openledger_part="cohort_floor"})`),
        legend: '{{way}}: chance alone',
      },
    ],
  }),
  lines({
    title: 'How even are the best-tier shares?',
    about:
      'Jain’s index of the cohorts’ best-tier shares; 1 is even. It hides more than it shows (0.998 where one cohort falls back nearly twice as often as another): never the headline. Chance alone stays above the dashed line, among requests that came at the same time and load.',
    unit: 'none',
    decimals: 4,
    max: 1,
    span: 8,
    queries: againstChance('openledger_fairness_jain_ratio'),
  }),
  bars({
    title: 'Which cohorts fall back most?',
    about:
      'Of the requests of each cohort of tenants, the share that fell back or was exhausted, the ten highest of those with at least 30 requests in the time above. Cohorts are keyed anew each week, and none is a tenant.',
    unit: 'percentunit',
    decimals: 1,
    min: 0,
    span: 24,
    height: 9,
    steps: [],
    queries: [
      {
        expr:
          `sort_desc(topk(10, ${increase('openledger_cohort_denied_total', CHOSEN, 'openledger_cohort')} / ` +
          `(${increase('openledger_cohort_requests_total', CHOSEN, 'openledger_cohort')} > 30)))`,
        legend: '{{openledger_cohort}}',
        instant: true,
      },
    ],
  }),

  row('Is everybody in it?'),
  lines({
    title: 'Are all routers in these figures?',
    about:
      'Of a cluster: routers that serve, and those of them that are measured here; routers whose requests should be in the figures of fairness, and those whose are. Who has died is missing for five minutes, until what it had counted last is over. A router that is alone says nothing here but that it is measured.',
    unit: 'none',
    decimals: 0,
    min: 0,
    queries: [
      { expr: 'max(openledger_cluster_members)', legend: 'serve' },
      { expr: 'count(openledger_policy_info)', legend: 'measured' },
      { expr: 'max(openledger_fairness_replicas_expected)', legend: 'expected' },
      { expr: 'min(openledger_fairness_replicas)', legend: 'counted' },
    ],
  }),
  lines({
    title: 'Do all routers follow one policy?',
    about:
      'Routers by the hash of the policy that they follow. More than one line for longer than a reload takes: somebody has another.',
    unit: 'none',
    decimals: 0,
    min: 0,
    queries: [
      { expr: 'count by (openledger_policy_hash) (openledger_policy_info)', legend: '{{openledger_policy_hash}}' },
    ],
  }),

  row('When the budget was spent: slow, or selective?'),
  lines({
    title: 'How many lose the best tier?',
    about: 'Share of finished requests that fell back to a lower tier or were exhausted.',
    unit: 'percentunit',
    min: 0,
    queries: [
      {
        expr: byWay(`${rate('openledger_requests_total', LOST)} / ${rate('openledger_requests_total')}`),
        legend: '{{way}}',
      },
    ],
    links: [...STORIES, LOST_TRACES],
  }),
  lines({
    title: 'Was the system slow, or selective?',
    about:
      'Of those who lost the best tier: SLOW, nobody later got it and no view showed room. SELECTIVE, a later request got it meanwhile. MISSED, there was room and we did not see it. Only SLOW is nobody’s privilege.',
    unit: 'reqps',
    stacked: true,
    min: 0,
    queries: [
      {
        expr: rate('openledger_requests_total', LOST, 'openledger_attribution'),
        legend: '{{openledger_attribution}}',
      },
    ],
    links: [...STORIES, traces('openledger.attribution=SELECTIVE')],
  }),
  number({
    title: 'Of those who lost it, how many were overtaken?',
    about: 'SELECTIVE share of the requests that fell back or were exhausted, in the time above, by mode and gate.',
    unit: 'percentunit',
    decimals: 1,
    height: 7,
    graph: false,
    names: true,
    steps: [
      [0.1, 'orange'],
      [0.5, 'red'],
    ],
    queries: [
      {
        expr: share(
          increase('openledger_requests_total', `${LOST}, openledger_attribution="SELECTIVE"`) +
            ` or 0 * ${increase('openledger_requests_total', LOST)}`,
          increase('openledger_requests_total', LOST),
        ),
        legend: '{{way}}',
        instant: true,
      },
    ],
  }),
  number({
    title: 'And by how many others each?',
    about:
      'Later requests that got the best tier, for each request that lost it. "At least one" says less the more requests there are; this does not.',
    unit: 'none',
    decimals: 1,
    height: 7,
    graph: false,
    names: true,
    queries: [
      {
        expr: share(
          increase('openledger_overtakes_total') + ` or 0 * ${increase('openledger_requests_total', LOST)}`,
          increase('openledger_requests_total', LOST),
        ),
        legend: '{{way}}',
        instant: true,
      },
    ],
  }),

  row('The price tag: what does "confirmed" cost, and what does it buy?'),
  columns({
    title: 'What does each way cost, and buy?',
    about:
      'Over the time above; median and 95 % are estimates from buckets. Moved unannounced: ended at another target than selected, or planned, first. It costs time (and gas and tokens, below); it buys that fewer are overtaken and nobody moves unannounced. Compare rows under the same load only.',
    span: 24,
    height: 6,
    keys: { openledger_mode: 'mode', openledger_gate: 'gate' },
    columns: {
      requests: { expr: increase('openledger_requests_total'), unit: 'short', decimals: 0 },
      mean: { expr: mean('openledger_request_duration_seconds', CHOSEN, WAY, increase), unit: 's', decimals: 3 },
      median: {
        expr: quantile(0.5, 'openledger_request_duration_seconds', CHOSEN, WAY, increase),
        unit: 's',
        decimals: 3,
      },
      '95 % below': {
        expr: quantile(0.95, 'openledger_request_duration_seconds', CHOSEN, WAY, increase),
        unit: 's',
        decimals: 3,
      },
      'lost best tier': {
        expr: `(${increase('openledger_requests_total', LOST)}) / (${increase('openledger_requests_total')})`,
        unit: 'percentunit',
        decimals: 1,
      },
      'of them overtaken': {
        expr: `(${increase('openledger_requests_total', `${LOST}, openledger_attribution="SELECTIVE"`)}) / (${increase('openledger_requests_total', LOST)})`,
        unit: 'percentunit',
        decimals: 1,
      },
      'moved unannounced': {
        expr: `(${increase('openledger_target_changes_total', `${CHOSEN}, openledger_announced="no"`)} or 0 * ${increase('openledger_requests_total')}) / (${increase('openledger_requests_total')})`,
        unit: 'percentunit',
        decimals: 2,
      },
    },
  }),
  lines({
    title: 'How much longer does a confirmed request take?',
    about:
      'Mean time from arrival to the end of the answer, less that of fast requests of the same route and time. Part of it is the wait for the chain, part the even retry grid.',
    unit: 's',
    queries: [
      {
        expr: byWay(
          `${mean('openledger_request_duration_seconds', `${ROUTE}, openledger_mode="confirmed"`)} - on () group_left () (${mean('openledger_request_duration_seconds', `${ROUTE}, openledger_mode="fast"`, '')})`,
        ),
        legend: '{{way}}',
      },
    ],
  }),
  lines({
    title: 'Are plans confirmed in time?',
    about: 'Of the plans pinned, the share that reached its level within the time its request allows.',
    unit: 'percentunit',
    max: 1,
    queries: [{ expr: ofObjective('confirmed-in-time'), legend: '{{way}}' }],
  }),
  lines({
    title: 'How much gas does a leaf cost?',
    about:
      'Gas of all our transactions for each leaf that was batched. A fast request has one leaf, a confirmed one has two, and its plans do not wait for full batches.',
    unit: 'short',
    min: 0,
    queries: [
      {
        expr: 'sum(rate(openledger_settlement_gas_total[$__rate_interval])) / sum(rate(openledger_settlement_leaves_total[$__rate_interval]))',
        legend: 'gas a leaf',
      },
    ],
  }),
  number({
    title: 'How many answers were paid for and thrown away?',
    about:
      'Answers of providers that no client got because their plan was late (gate response, on_unconfirmed fail), in the time above. Tokens are an estimate: so many times the mean output of an answer.',
    unit: 'short',
    decimals: 0,
    span: 12,
    height: 9,
    graph: false,
    names: true,
    queries: [
      {
        expr: orZero(
          `sum(increase(openledger_answers_thrown_away_total{${ROUTE}}[$__range]))`,
          `sum(increase(openledger_plans_pinned_total{${ROUTE}}[$__range]))`,
        ),
        legend: 'answers',
        instant: true,
      },
      {
        expr:
          '(' +
          orZero(
            `sum(increase(openledger_answers_thrown_away_total{${ROUTE}}[$__range]))`,
            `sum(increase(openledger_plans_pinned_total{${ROUTE}}[$__range]))`,
          ) +
          ') * ' +
          'sum(increase(gen_ai_client_token_usage_sum{gen_ai_request_model=~"$route", gen_ai_token_type="output"}[$__range])) / ' +
          'sum(increase(gen_ai_client_token_usage_count{gen_ai_request_model=~"$route", gen_ai_token_type="output"}[$__range]))',
        legend: 'tokens (estimate)',
        instant: true,
      },
    ],
  }),
);
