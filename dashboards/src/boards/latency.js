// How long requests take, by mode and gate, and where the time goes.
import { board, lines, MODES, note, number, row, ROUTES, STORIES, traces } from '../board.js';
import { byWay, CHOSEN, mean, MODEL, orZero, quantile, rate, ROUTE } from '../query.js';

const MODEL_CHOSEN = `${MODEL}, openledger_mode=~"$mode"`;
const SLOW = traces('openledger.mode=confirmed');

const percentiles = (histogram, of, ...shares) =>
  shares.map((share) => ({
    expr: byWay(quantile(share, histogram, of)),
    legend: `{{way}} p${Math.round(share * 100)}`,
    exemplar: true,
  }));

const parts = {
  'hold for a plan': 'openledger_request_hold_seconds_sum',
  'wait for the chain': 'openledger_request_confirm_seconds_sum',
  'wait for the journal': 'openledger_request_journal_seconds_sum',
  ourselves: 'openledger_request_overhead_seconds_sum',
};
const REQUESTS = rate('openledger_request_duration_seconds_count', CHOSEN, '');
const partSum = (metric) => orZero(rate(metric, CHOSEN, ''), REQUESTS);

export default board(
  {
    uid: 'openledger-latency',
    title: 'OpenLedger: latency and modes',
    about: 'How long requests take in each mode, where the time goes, and what became of them.',
    variables: [ROUTES, MODES],
  },
  note(
    'Percentiles are estimated from buckets. A line is a mode and, for `confirmed`, its gate: **response** calls the provider at once and holds the answer ' +
      'until the plan is on chain, **dispatch** calls nobody before. Points of a line lead to receipts and traces; exemplars (if the data source shows them) to one trace each.',
  ),
  row('How long does a request take?'),
  lines({
    title: 'How long until the end of the answer?',
    about: 'From arrival to the last byte, half of all requests and 95 of 100 below.',
    unit: 's',
    min: 0,
    queries: percentiles('openledger_request_duration_seconds', CHOSEN, 0.5, 0.95),
    links: [...STORIES, SLOW],
  }),
  lines({
    title: 'How long until an answer begins?',
    about:
      'From arrival until the first content could go out: what somebody who reads a stream waits for. In gate response the provider’s own time hides the chain’s.',
    unit: 's',
    min: 0,
    queries: percentiles('gen_ai_server_time_to_first_token_seconds', MODEL_CHOSEN, 0.5, 0.95),
  }),
  lines({
    title: 'Where does a mean request spend its time?',
    about:
      'Seconds of the mean request, of all modes chosen. Providers and back-off is what is left when all our own waits are taken away; ourselves is the router’s own work.',
    unit: 's',
    min: 0,
    stacked: true,
    queries: [
      {
        expr: `(${rate('openledger_request_duration_seconds_sum', CHOSEN, '')} - (${Object.values(parts).map(partSum).join(') - (')})) / ${REQUESTS}`,
        legend: 'providers and back-off',
      },
      ...Object.entries(parts).map(([legend, metric]) => ({ expr: `(${partSum(metric)}) / ${REQUESTS}`, legend })),
    ],
  }),
  lines({
    title: 'How much do we add ourselves?',
    about: 'What is neither a provider’s time nor a wait on purpose. The promise is 10 ms (dashed) for 99 of 100.',
    unit: 's',
    min: 0,
    steps: [[0.01, 'red']],
    queries: percentiles('openledger_request_overhead_seconds', CHOSEN, 0.5, 0.99),
  }),
  row('What does "confirmed" wait for?'),
  lines({
    title: 'How long are requests held until they have a plan?',
    about:
      'Until the end of their epoch (100 ms), and while nothing is free longer: that is the queue of confirmed mode.',
    unit: 's',
    min: 0,
    queries: percentiles('openledger_request_hold_seconds', `${ROUTE}`, 0.5, 0.95),
  }),
  lines({
    title: 'How long do they wait for nothing but the chain?',
    about: 'All else was ready. What gate response hides behind the provider is not in here, and that is its point.',
    unit: 's',
    min: 0,
    queries: percentiles('openledger_request_confirm_seconds', `${ROUTE}`, 0.5, 0.95),
  }),
  lines({
    title: 'How long from a pinned plan to its level?',
    about:
      'From the pin until the level that was waited for, by level and gate, whether or not anything else took longer.',
    unit: 's',
    min: 0,
    queries: [0.5, 0.95].map((share) => ({
      expr: quantile(share, 'openledger_plans_confirmation_seconds', ROUTE, 'openledger_level, openledger_gate'),
      legend: `{{openledger_level}}, gate {{openledger_gate}} p${share * 100}`,
    })),
  }),
  lines({
    title: 'How many end elsewhere than announced?',
    about:
      'Share of requests that ended at another target than was selected first, or planned for that attempt. Dashed, for comparison: places of plans that met a closed or full target, for each plan.',
    unit: 'percentunit',
    min: 0,
    queries: [
      {
        expr: byWay(
          `(${rate('openledger_target_changes_total', `${CHOSEN}, openledger_announced="no"`)} or 0 * ${rate('openledger_requests_total')}) / ${rate('openledger_requests_total')}`,
        ),
        legend: '{{way}}',
      },
      {
        expr:
          `(${rate('openledger_plans_stale_total', ROUTE, 'openledger_gate')} or 0 * ${rate('openledger_plans_pinned_total', ROUTE, 'openledger_gate')}) / ` +
          rate('openledger_plans_pinned_total', ROUTE, 'openledger_gate'),
        legend: 'confirmed {{openledger_gate}}: pins gone stale',
      },
    ],
  }),
  row('What became of them?'),
  lines({
    title: 'How many requests, in which mode?',
    about: 'Finished requests a second. The mode is the client’s choice, else its key’s, else the route’s.',
    unit: 'reqps',
    min: 0,
    stacked: true,
    queries: [{ expr: byWay(rate('openledger_requests_total')), legend: '{{way}}' }],
    links: STORIES,
  }),
  lines({
    title: 'How did they end?',
    about:
      'SERVED by the best tier, FELL_BACK to a lower one, EXHAUSTED (nobody served), UNCONFIRMED (the plan was late and the client wanted no answer then), CANCELLED by the client, REJECTED for their own fault, INTERRUPTED by a crash, TIMED_OUT by the deadline of their route.',
    unit: 'reqps',
    min: 0,
    stacked: true,
    queries: [
      { expr: rate('openledger_requests_total', CHOSEN, 'openledger_status'), legend: '{{openledger_status}}' },
    ],
    links: [...STORIES, traces('openledger.status=FELL_BACK')],
  }),
  lines({
    title: 'How many attempts does a request take?',
    about: 'Attempts spent for each finished request, refused slots included; of all gates.',
    unit: 'none',
    decimals: 2,
    min: 0,
    queries: [
      {
        expr: `${rate('openledger_attempts_total', CHOSEN, 'openledger_mode')} / ${rate('openledger_requests_total', CHOSEN, 'openledger_mode')}`,
        legend: '{{openledger_mode}}',
      },
    ],
  }),
  lines({
    title: 'Why did attempts not serve?',
    about:
      'Triggers a second. NO_CAPACITY and STORM_GUARD are our own refusals, all others a provider’s doing. One request may have several.',
    unit: 'suffix:/s',
    min: 0,
    stacked: true,
    queries: [
      {
        expr: rate('openledger_attempts_total', `${CHOSEN}, openledger_trigger!="NONE"`, 'openledger_trigger'),
        legend: '{{openledger_trigger}}',
      },
    ],
    links: [...STORIES, traces('error.type=RATE_LIMITED')],
  }),
  number({
    title: 'How many were sent again?',
    about:
      'Resends in the time above: those that joined the ledger of their first try, and those that only look so, by kind. None gets a second budget.',
    unit: 'short',
    decimals: 0,
    height: 7,
    graph: false,
    names: true,
    queries: [
      {
        expr: orZero(
          `sum by (openledger_resend) (increase(openledger_resends_total{${ROUTE}}[$__range]))`,
          `label_replace(sum(increase(openledger_requests_total{${ROUTE}}[$__range])), "openledger_resend", "none yet", "", "")`,
        ),
        legend: '{{openledger_resend}}',
        instant: true,
      },
    ],
  }),
  number({
    title: 'How many were turned away at the door?',
    about:
      'Refused before there was anything to decide, in the time above, by reason: a key’s rate or concurrency, a full router, a full journal, too many held, a chain that lags. Of all routes, since most have none yet.',
    unit: 'short',
    decimals: 0,
    height: 7,
    graph: false,
    names: true,
    queries: [
      {
        expr: orZero(
          'sum by (openledger_refusal) (increase(openledger_refusals_total[$__range])) > 0',
          'label_replace(sum(increase(openledger_requests_total[$__range])), "openledger_refusal", "none yet", "", "")',
        ),
        legend: '{{openledger_refusal}}',
        instant: true,
      },
    ],
  }),
  lines({
    title: 'How long does the mean request take?',
    about: 'Mean duration by mode and gate. The mean moves with the few slow ones that percentiles hide.',
    unit: 's',
    min: 0,
    span: 24,
    height: 8,
    queries: [{ expr: byWay(mean('openledger_request_duration_seconds')), legend: '{{way}}' }],
  }),
);
