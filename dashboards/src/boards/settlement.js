// The way to the chain: levels, delay, backlog, gas, reorgs.
import { board, columns, lines, MODES, note, number, row, ROUTES, runbook, STORIES, traces } from '../board.js';
import { byWay, CHOSEN, orZero, quantile, rate, ROUTE } from '../query.js';

const SETTLES = 'count(openledger_settlement_backlog_leaves)';
const of = (metric, by) => rate(metric, '', by);

/** So many in the time that is looked at; 0 if it never happened. */
const count = (metric) => orZero(`sum(increase(${metric}[$__range]))`, SETTLES);

/** Amounts are exported in gwei. */
const ether = (expr) => `${expr} / 1e9`;

export default board(
  {
    uid: 'openledger-settlement',
    title: 'OpenLedger: settlement',
    about: 'How decisions get on chain: how far, how fast, what waits, what it costs, and what the chain took back.',
    variables: [ROUTES, MODES],
  },
  note(
    'Every decision becomes a leaf, up to 1,200 leaves a batch, a batch a transaction. **SEQUENCED** trusts the sequencer and not yet L1; **SAFE** and **FINALIZED** follow L1. ' +
      'Nothing is lost while the chain is slow: leaves wait, and what a reorg took back is sent again. Route and mode filter what is about plans; batches are of all routes.',
  ),
  row('How does it stand now?'),
  number({
    title: 'How many decisions wait for the chain?',
    about: 'Leaves that are in no batch on chain yet. A saw-tooth is as it should be, a slope is not.',
    unit: 'short',
    decimals: 0,
    span: 6,
    queries: [{ expr: 'sum(openledger_settlement_backlog_leaves)', legend: 'leaves' }],
  }),
  number({
    title: 'How long has the oldest one waited?',
    about: 'A batch is cut after 30 s at the latest, so a minute is normal. After 10 min somebody gets a ticket.',
    unit: 's',
    decimals: 1,
    span: 6,
    steps: [
      [120, 'orange'],
      [600, 'red'],
    ],
    queries: [{ expr: 'max(openledger_settlement_backlog_age_seconds)', legend: 'age' }],
  }),
  number({
    title: 'Is the chain late?',
    about: 'How long what was sent has waited, or the chain has said nothing. 0: all is as it should be.',
    unit: 's',
    decimals: 1,
    span: 6,
    steps: [
      [5, 'orange'],
      [30, 'red'],
    ],
    queries: [{ expr: 'max(openledger_chain_lag_seconds)', legend: 'lag' }],
  }),
  number({
    title: 'Has the chain taken anything back?',
    about: 'Reorgs that put batches of ours back, and how many batches, in the time above. They were sent again.',
    unit: 'short',
    decimals: 0,
    span: 6,
    graph: false,
    names: true,
    steps: [[1, 'orange']],
    queries: [
      { expr: count('openledger_settlement_reorgs_total'), legend: 'reorgs', instant: true },
      { expr: count('openledger_settlement_demotions_total'), legend: 'batches put back', instant: true },
    ],
  }),
  row('How long until it is on chain?'),
  lines({
    title: 'How long from a decision to each level?',
    about: 'From the last leaf of a batch until the batch reached that level, half and 95 of 100 below.',
    unit: 's',
    min: 0,
    queries: [0.5, 0.95].map((share) => ({
      expr: quantile(share, 'openledger_settlement_level_duration_seconds', '', 'openledger_level'),
      legend: `{{openledger_level}} p${share * 100}`,
    })),
  }),
  lines({
    title: 'How long from a plan to its level?',
    about: 'The wait of confirmed requests, from the pin to the level they asked for; half and 95 of 100 below.',
    links: [...STORIES, traces('openledger.mode=confirmed')],
    unit: 's',
    min: 0,
    queries: [0.5, 0.95].map((share) => ({
      expr: quantile(share, 'openledger_plans_confirmation_seconds', ROUTE, 'openledger_gate, openledger_level'),
      legend: `gate {{openledger_gate}}, {{openledger_level}} p${share * 100}`,
    })),
  }),
  lines({
    title: 'Are plans confirmed in time?',
    about: 'Plans a second that reached their level in time, and those that did not, by what was done then.',
    unit: 'suffix:/s',
    min: 0,
    stacked: true,
    queries: [
      {
        expr: byWay(rate('openledger_slo_good_total', `${CHOSEN}, openledger_slo="confirmed-in-time"`)),
        legend: '{{way}}: in time',
      },
      {
        expr: orZero(
          rate('openledger_plans_unconfirmed_total', ROUTE, 'openledger_gate, openledger_on_unconfirmed'),
          `label_replace(label_replace(sum(rate(openledger_plans_pinned_total{${ROUTE}}[$__rate_interval])), "openledger_gate", "any", "", ""), "openledger_on_unconfirmed", "late", "", "")`,
        ),
        legend: 'gate {{openledger_gate}}: late, {{openledger_on_unconfirmed}}',
      },
    ],
  }),
  lines({
    title: 'Does the backlog grow?',
    about: 'Leaves that wait, and the age of the oldest in seconds.',
    unit: 'short',
    min: 0,
    queries: [
      { expr: 'sum(openledger_settlement_backlog_leaves)', legend: 'leaves' },
      { expr: 'max(openledger_settlement_backlog_age_seconds)', legend: 'seconds the oldest has waited' },
    ],
  }),
  row('What is sent, and what does it cost?'),
  lines({
    title: 'Why are batches cut?',
    about:
      'Batches a second by reason: full, plans that wait, or the age of the oldest leaf. Full ones are the cheapest.',
    unit: 'suffix:/s',
    min: 0,
    stacked: true,
    queries: [{ expr: of('openledger_settlement_batches_total', 'openledger_cut'), legend: '{{openledger_cut}}' }],
  }),
  lines({
    title: 'How many leaves has a batch?',
    about: 'Mean leaves of a batch by why it was cut. 1,200 is full.',
    unit: 'short',
    decimals: 0,
    min: 0,
    queries: [
      {
        expr: `${of('openledger_settlement_leaves_total', 'openledger_cut')} / ${of('openledger_settlement_batches_total', 'openledger_cut')}`,
        legend: '{{openledger_cut}}',
      },
    ],
  }),
  lines({
    title: 'How much gas does a leaf cost?',
    about: 'All gas that our transactions used, those that had no effect included, for each leaf.',
    unit: 'short',
    decimals: 0,
    min: 0,
    queries: [
      {
        expr: `${of('openledger_settlement_gas_total', '')} / ${of('openledger_settlement_leaves_total', '')}`,
        legend: 'gas a leaf',
      },
    ],
  }),
  lines({
    title: 'How many Gwei do we pay a minute?',
    about: 'Fees of our transactions, by what the transaction did: one without effect is wasted.',
    unit: 'short',
    min: 0,
    stacked: true,
    queries: [
      {
        expr: `60 * ${of('openledger_settlement_fees_Gwei_total', 'openledger_effect')}`,
        legend: '{{openledger_effect}}',
      },
    ],
  }),
  lines({
    title: 'How often do we send?',
    about:
      'Transactions a second: for the first time, again, or again with a higher fee. The last two mean that the chain does not take what we offer.',
    unit: 'suffix:/s',
    min: 0,
    stacked: true,
    queries: [
      { expr: of('openledger_settlement_sendings_total', 'openledger_sending'), legend: '{{openledger_sending}}' },
    ],
  }),
  lines({
    title: 'Does the chain make blocks?',
    about: 'New blocks a second as we see them. A flat zero is a chain, or a node, that stands still.',
    unit: 'suffix:/s',
    min: 0,
    queries: [{ expr: 'deriv(max(openledger_chain_block)[1m:5s])', legend: 'blocks' }],
  }),
  columns({
    title: 'What does settlement do now?',
    about:
      'How many routers’ sequencers are in which condition. WORKS: batches are cut and sent. WAITS_FOR_LANE: another router holds the lane. HALTED: it must not commit, and /q/health/ready says why. SHORT: it has too little at stake. NO_CHAIN, NO_STORE: no node, or the database, does not answer.',
    span: 12,
    height: 8,
    keys: { openledger_condition: 'condition' },
    wide: 180,
    columns: {
      routers: {
        expr: 'sum by (openledger_condition) (openledger_settlement_condition_ratio)',
        unit: 'none',
        decimals: 0,
        steps: [[1, 'blue']],
      },
    },
  }),
  columns({
    title: 'Did a lane change hands?',
    about:
      'Since the start of each router: a lane belongs to one of them, and goes to another only if that one is gone.',
    span: 12,
    height: 8,
    keys: { openledger_change: 'change' },
    columns: {
      times: {
        expr: 'sum by (openledger_change) (openledger_settlement_lane_changes_total)',
        unit: 'none',
        decimals: 0,
      },
    },
  }),
  row('What is at stake?'),
  number({
    title: 'How much of what is required is at stake?',
    about:
      'What stands behind the next batch, against what the vault requires. Below 100 % the lane cannot commit, or for a grace only. Empty: there is no vault.',
    unit: 'percentunit',
    decimals: 0,
    span: 6,
    steps: [
      [null, 'red'],
      [1, 'orange'],
      [1.1, 'green'],
    ],
    links: [runbook('OpenLedgerStakeShort')],
    queries: [{ expr: 'min(openledger_stake_active) / max(openledger_stake_required)', legend: 'of what is required' }],
  }),
  number({
    title: 'How long is there for the next answer?',
    about:
      'Until the most urgent game is lost. The router answers within minutes; below half of what the vault leaves, somebody is called. Empty: no game is open.',
    unit: 's',
    decimals: 0,
    span: 6,
    steps: [
      [null, 'red'],
      [43200, 'orange'],
      [86400, 'green'],
    ],
    links: [runbook('OpenLedgerChallengeUnanswered')],
    queries: [{ expr: 'min(openledger_stake_answer_deadline_seconds)', legend: 'left' }],
  }),
  number({
    title: 'Was the lane penalised?',
    about: 'Penalties of 30 days. Each is a fault that somebody has proved, or a question that was not answered.',
    unit: 'short',
    decimals: 0,
    span: 6,
    steps: [[1, 'red']],
    links: [runbook('OpenLedgerStakePenalised')],
    queries: [{ expr: 'sum(max by (openledger_fault) (openledger_stake_penalties))', legend: 'penalties' }],
  }),
  number({
    title: 'Is a promise overdue?',
    about: 'How long the oldest leaf that is not on chain has outlived what a promise of it allows. 0: none has.',
    unit: 's',
    decimals: 0,
    span: 6,
    steps: [
      [1, 'orange'],
      [300, 'red'],
    ],
    links: [runbook('OpenLedgerPromiseUnanchored')],
    queries: [{ expr: 'max(openledger_stake_promises_oldest_seconds)', legend: 'overdue' }],
  }),
  lines({
    title: 'How much stands behind the next batch?',
    about: 'Stake in ETH: what is active, what the vault requires, and what leaves, which backs older batches only.',
    unit: 'suffix: ETH',
    min: 0,
    queries: [
      { expr: ether('min(openledger_stake_active)'), legend: 'active' },
      { expr: ether('max(openledger_stake_required)'), legend: 'required' },
      { expr: ether('max(openledger_stake_leaving)'), legend: 'leaving' },
    ],
  }),
  lines({
    title: 'What has been asked of the lane?',
    about: 'Games of 30 days by where they stand. OPEN ones need an answer; a LOST one costs a penalty.',
    unit: 'short',
    decimals: 0,
    min: 0,
    links: [runbook('OpenLedgerChallengeUnanswered')],
    queries: [{ expr: 'max by (openledger_game) (openledger_stake_challenges)', legend: '{{openledger_game}}' }],
  }),
  columns({
    title: 'What became of our answers?',
    about:
      'Tries to answer in the time above, by what came of them. NONE: there is no answer that the contract would take.',
    span: 12,
    height: 8,
    keys: { openledger_result: 'result' },
    wide: 180,
    links: [runbook('OpenLedgerChallengeUnanswered')],
    columns: {
      tries: {
        expr: 'sum by (openledger_result) (increase(openledger_stake_answers_total[$__range]))',
        unit: 'none',
        decimals: 0,
      },
    },
  }),
  columns({
    title: 'What was the lane penalised for?',
    about: 'Penalties of 30 days by fault. GET /v1/stake, and the router’s page, have the transaction of each.',
    span: 12,
    height: 8,
    keys: { openledger_fault: 'fault' },
    wide: 240,
    links: [runbook('OpenLedgerStakePenalised')],
    columns: {
      penalties: {
        expr: 'max by (openledger_fault) (openledger_stake_penalties) > 0',
        unit: 'none',
        decimals: 0,
        steps: [[1, 'red']],
      },
    },
  }),
  row('What does an auditor find?'),
  number({
    title: 'Can the auditor see the lane?',
    about:
      'From "openledger audit --watch --metrics-port": 1 while it can read the chain and the lane’s data. Empty: none is scraped.',
    unit: 'short',
    decimals: 0,
    span: 6,
    steps: [
      [null, 'red'],
      [1, 'green'],
    ],
    queries: [{ expr: 'min(openledger_audit_up)', legend: 'sees it' }],
  }),
  number({
    title: 'How far is the auditor behind?',
    about: 'Batches on chain that it has not read. What is older than the vault’s window can be charged no more.',
    unit: 'short',
    decimals: 0,
    span: 6,
    steps: [
      [100, 'orange'],
      [1000, 'red'],
    ],
    queries: [{ expr: 'max(openledger_audit_lag_batches)', legend: 'batches' }],
  }),
  number({
    title: 'How many misroutes has it found?',
    about: 'Since the auditor’s start, in all batches that it has read. Each is printed with the call that proves it.',
    unit: 'short',
    decimals: 0,
    span: 6,
    steps: [[1, 'red']],
    queries: [
      {
        expr: orZero('sum(openledger_audit_misroutes_total)', 'sum(openledger_audit_batches_total)'),
        legend: 'misroutes',
      },
    ],
  }),
  number({
    title: 'What does auditing cost and bring?',
    about: 'Spent in 24 hours, bonds included, and what the vault holds for the auditor’s account.',
    unit: 'suffix: ETH',
    span: 6,
    graph: false,
    names: true,
    queries: [
      { expr: ether('max(openledger_audit_spent_gwei)'), legend: 'spent' },
      { expr: ether('max(openledger_audit_earned_gwei)'), legend: 'to be claimed' },
    ],
  }),
  columns({
    title: 'Which faults did the auditor find?',
    about: 'Misroutes since the auditor’s start, by fault. The list of faults says what each is.',
    span: 12,
    height: 8,
    keys: { fault: 'fault' },
    wide: 240,
    columns: {
      misroutes: {
        expr: 'sum by (fault) (openledger_audit_misroutes_total)',
        unit: 'none',
        decimals: 0,
        steps: [[1, 'red']],
      },
    },
  }),
  columns({
    title: 'What became of the auditor’s transactions?',
    about:
      'Proofs and games that it has sent since its start, by what became of them. Without --challenge none is sent.',
    span: 12,
    height: 8,
    keys: { result: 'result' },
    wide: 240,
    columns: {
      transactions: { expr: 'sum by (result) (openledger_audit_proofs_total)', unit: 'none', decimals: 0 },
    },
  }),
  row('Does the stream keep up?'),
  lines({
    title: 'How long do decisions wait for the stream?',
    about:
      'How long the oldest decision or level of a batch waits that is not in Kafka yet. 0 is none. Nothing else waits for it; the journal is kept meanwhile, up to openledger.stream.longest-lag.',
    unit: 's',
    min: 0,
    queries: [{ expr: 'max(openledger_stream_behind_seconds)', legend: 'longest wait' }],
  }),
  lines({
    title: 'How much is streamed, and how often does that fail?',
    about:
      'Decisions a second that are in Kafka, tries a second that came to nothing, and chunks of the journal a second that were deleted before they were streamed.',
    unit: 'short',
    min: 0,
    queries: [
      { expr: 'sum(rate(openledger_stream_decisions_total[$__rate_interval]))', legend: 'decisions' },
      { expr: 'sum(rate(openledger_stream_failures_total[$__rate_interval]))', legend: 'failed tries' },
      { expr: 'sum(rate(openledger_stream_lost_total[$__rate_interval]))', legend: 'lost chunks' },
    ],
  }),
);
