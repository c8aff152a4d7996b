// The providers: what they bear, how they answer, and what we refuse for their sake.
import { bars, board, choice, lines, MODES, note, number, row, ROUTES, STORIES, traces } from '../board.js';
import { CHOSEN, MODEL, orZero, quantile, rate, ROUTE } from '../query.js';

const TARGETS = choice('target', 'openledger_target', 'openledger_target_slots');
const TARGET = 'openledger_target=~"$target"';
const CALLED = 'gen_ai_provider_name, gen_ai_response_model';
const byTarget = (metric) => `sum by (openledger_target) (${metric}{${TARGET}})`;

export default board(
  {
    uid: 'openledger-providers',
    title: 'OpenLedger: providers and capacity',
    about: 'How much each provider bears, how it answers, and what is refused because of it.',
    variables: [ROUTES, MODES, TARGETS],
  },
  note(
    'A **target** is one model at one provider. How many calls it may have in flight (its slots) follows what it refuses; a provider’s `Retry-After` closes it for exactly so long. ' +
      'When the best tier is short of slots, somebody has to be last: who, is on the fairness dashboard.',
  ),
  row('How much room is there?'),
  lines({
    title: 'How many calls may each target have?',
    about: 'Slots, as the limit adapts: down after refusals, back up with answers. Of all routers together.',
    unit: 'short',
    log: 10,
    queries: [{ expr: byTarget('openledger_target_slots'), legend: '{{openledger_target}}' }],
  }),
  lines({
    title: 'How many of them are used?',
    about:
      'Calls in flight, claimed slots included, of the slots there are. At 100 % the next request is refused a slot; above, the limit fell while calls were in flight.',
    unit: 'percentunit',
    min: 0,
    steps: [[1, 'red']],
    queries: [
      {
        expr: `${byTarget('openledger_target_in_flight')} / (${byTarget('openledger_target_slots')} > 0)`,
        legend: '{{openledger_target}}',
      },
    ],
  }),
  bars({
    title: 'Which targets are open?',
    about: 'Share of the time above in which a target could be called: its circuit closed, and no Retry-After running.',
    unit: 'percentunit',
    decimals: 1,
    min: 0,
    max: 1,
    steps: [
      [null, 'red'],
      [0.9, 'orange'],
      [0.99, 'green'],
    ],
    height: 8,
    queries: [
      {
        expr: `sort(avg by (openledger_target) (avg_over_time(openledger_target_open_ratio{${TARGET}}[$__range])))`,
        legend: '{{openledger_target}}',
        instant: true,
      },
    ],
  }),
  lines({
    title: 'How often is there no slot?',
    about:
      'Attempts a second that we refused ourselves: no free slot, closed, or the storm guard. Each spends an attempt of the budget.',
    unit: 'suffix:/s',
    min: 0,
    stacked: true,
    height: 8,
    queries: [
      {
        expr: orZero(
          rate(
            'openledger_attempts_total',
            `${CHOSEN}, openledger_trigger=~"NO_CAPACITY|STORM_GUARD"`,
            'openledger_tier, openledger_trigger',
          ),
          `label_replace(label_replace(${rate('openledger_attempts_total', CHOSEN, '')}, "openledger_trigger", "none yet", "", ""), "openledger_tier", "any tier", "", "")`,
        ),
        legend: '{{openledger_tier}}: {{openledger_trigger}}',
      },
    ],
  }),
  row('How do they answer?'),
  lines({
    title: 'How many calls, and how do they end?',
    about: 'Calls of all providers a second, by the trigger with which they failed, or served.',
    unit: 'suffix:/s',
    min: 0,
    stacked: true,
    queries: [
      {
        expr: `label_replace(${rate('gen_ai_client_operation_duration_seconds_count', MODEL, 'error_type')}, "error_type", "served", "error_type", "")`,
        legend: '{{error_type}}',
      },
    ],
    links: [...STORIES, traces('error.type=SERVER_ERROR')],
  }),
  lines({
    title: 'Which provider refuses how much?',
    about:
      'Share of calls that did not serve, whatever the trigger. In congestion the better ones of a market refuse together.',
    unit: 'percentunit',
    min: 0,
    max: 1,
    queries: [
      {
        expr:
          `(${rate('gen_ai_client_operation_duration_seconds_count', `${MODEL}, error_type!=""`, 'gen_ai_provider_name')} or ` +
          `0 * ${rate('gen_ai_client_operation_duration_seconds_count', MODEL, 'gen_ai_provider_name')}) / ` +
          rate('gen_ai_client_operation_duration_seconds_count', MODEL, 'gen_ai_provider_name'),
        legend: '{{gen_ai_provider_name}}',
      },
    ],
  }),
  lines({
    title: 'How long do they take?',
    about: 'Whole calls that served, to the end of the answer, 95 of 100 below.',
    unit: 's',
    min: 0,
    queries: [
      {
        expr: quantile(0.95, 'gen_ai_client_operation_duration_seconds', `${MODEL}, error_type=""`, CALLED),
        legend: '{{gen_ai_provider_name}}/{{gen_ai_response_model}} p95',
        exemplar: true,
      },
    ],
    links: STORIES,
  }),
  lines({
    title: 'How long until they begin to answer?',
    about: 'Calls that served, to the first content; half and 95 of 100 below.',
    unit: 's',
    min: 0,
    queries: [0.5, 0.95].map((share) => ({
      expr: quantile(share, 'gen_ai_client_operation_time_to_first_chunk_seconds', MODEL, CALLED),
      legend: `{{gen_ai_provider_name}}/{{gen_ai_response_model}} p${share * 100}`,
    })),
  }),
  lines({
    title: 'Which target does the router take to be fast?',
    about: 'Its own smoothed time to first content, by which fast mode chooses between equals.',
    unit: 's',
    min: 0,
    queries: [
      {
        expr: `max by (openledger_target) (openledger_target_latency_seconds{${TARGET}})`,
        legend: '{{openledger_target}}',
      },
    ],
  }),
  lines({
    title: 'How many tokens a second go through?',
    about: 'Tokens of whole answers, as the providers count them. What they cost is in your contracts.',
    unit: 'short',
    min: 0,
    stacked: true,
    queries: [
      {
        expr: rate('gen_ai_client_token_usage_sum', MODEL, 'gen_ai_response_model, gen_ai_token_type'),
        legend: '{{gen_ai_response_model}}: {{gen_ai_token_type}}',
      },
    ],
  }),
  row('What protects them, and us?'),
  lines({
    title: 'How much of the retries is left?',
    about:
      'The storm guard of mode fast: retries may be 20 % of the requests and 10 a second. Near 0, what is left goes to those who had least.',
    unit: 'percentunit',
    min: 0,
    max: 1,
    queries: [
      {
        expr: `min by (openledger_route) (openledger_storm_guard_left_ratio{${ROUTE}})`,
        legend: '{{openledger_route}}',
      },
    ],
  }),
  lines({
    title: 'Does the journal keep up?',
    about: 'Bytes of records that are not durable yet. No answer leaves before its record is.',
    unit: 'bytes',
    min: 0,
    queries: [{ expr: 'sum(openledger_journal_pending_bytes)', legend: 'pending' }],
  }),
  lines({
    title: 'How many wait without a provider working for them?',
    about:
      'Confirmed requests that wait for their plan: more than the slots there are means a wait of more than one turn. And those kept for whoever sends again: by idempotency key, or because the client has gone.',
    unit: 'short',
    min: 0,
    queries: [
      { expr: 'sum(openledger_held)', legend: 'held for a plan' },
      { expr: 'sum(openledger_resends_kept)', legend: 'kept for a resend' },
    ],
  }),
  number({
    title: 'Is the journal open?',
    about: '100 %: it takes intents and reaches its database. Else requests are turned away, and somebody is paged.',
    unit: 'percentunit',
    decimals: 0,
    span: 6,
    height: 9,
    graph: false,
    steps: [
      [null, 'red'],
      [1, 'green'],
    ],
    queries: [{ expr: 'min(openledger_journal_open_ratio)', legend: 'open' }],
  }),
  number({
    title: 'How many attempts went to another target?',
    about: 'Of the attempts spent, the share at another target than the attempt before, in the time above.',
    unit: 'percentunit',
    decimals: 1,
    span: 6,
    height: 9,
    graph: false,
    queries: [
      {
        expr: `sum(increase(openledger_reroutes_total{${CHOSEN}}[$__range])) / sum(increase(openledger_attempts_total{${CHOSEN}}[$__range]))`,
        legend: 'rerouted',
        instant: true,
      },
    ],
  }),
);
