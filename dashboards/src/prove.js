// Asks a Prometheus for every query and every variable of every dashboard, and fails unless each returns data:
//   node src/prove.js prometheus-address from to interval
// from and to in seconds since 1970; interval: seconds that rates are taken over.
import { readdirSync, readFileSync } from 'node:fs';
import { exceptions } from './exceptions.js';
import { filled, panels, variables } from './expressions.js';

const [prometheus, ...times] = process.argv.slice(2);
const [from, to, interval] = times.map(Number);
const generated = new URL('../generated/', import.meta.url);
let asked = 0;
let failed = 0;

async function ask(path, parameters) {
  const url = new URL(path, prometheus);
  Object.entries(parameters).forEach(([name, value]) => url.searchParams.set(name, value));
  const answer = await (await fetch(url)).json();
  if (answer.status !== 'success') throw new Error(answer.error);
  return answer.data;
}

/** How many series have a number. */
async function series({ expr, instant }, dashboard) {
  const query = filled(expr, dashboard, { range: to - from, interval });
  const { result } = instant
    ? await ask('/api/v1/query', { query, time: to })
    : await ask('/api/v1/query_range', { query, start: from, end: to, step: 5 });
  return result.filter(({ value, values }) => (values ?? [value]).some(([, v]) => isFinite(v))).length;
}

async function values({ query }, dashboard) {
  const [, metric, label] = /^label_values\((.*), (\w+)\)$/.exec(query.query ?? query);
  const of = filled(metric, dashboard, { range: to - from, interval });
  return (await ask(`/api/v1/label/${label}/values`, { 'match[]': of, start: from, end: to })).length;
}

/** How many series of a query's metrics have exemplars. */
async function exemplars({ expr }, dashboard) {
  const query = filled(expr, dashboard, { range: to - from, interval });
  return (await ask('/api/v1/query_exemplars', { query, start: from, end: to })).length;
}

/** A rule that cannot be evaluated says so nowhere else. */
async function rulesAreWell() {
  const { groups } = await ask('/api/v1/rules', {});
  const all = groups.flatMap(({ rules }) => rules);
  const ill = all.filter(({ health }) => health !== 'ok');
  ill.forEach(({ name, health, lastError }) => console.error(`  FAILED rule ${name}: ${health} ${lastError ?? ''}`));
  console.log(`  ${all.length} rules, ${ill.length} not evaluated`);
  all
    .filter(({ state }) => state === 'firing')
    .forEach(({ name, labels }) => console.log(`  firing: ${name} (${labels.severity})`));
  return ill.length === 0 && all.length > 0;
}

async function expectSome(what, count, excuse) {
  asked++;
  let found;
  let why = 'no data';
  try {
    found = await count();
  } catch (e) {
    why = e.message;
  }
  if (found > 0) {
    if (excuse) console.log(`  note: ${what} has data here after all; exceptions.yaml says: ${excuse.reason}`);
  } else if (excuse) {
    console.log(`  empty, as expected: ${what} (${excuse.reason})`);
  } else {
    failed++;
    console.error(`  FAILED ${what}: ${why}`);
  }
}

for (const name of readdirSync(generated).filter((file) => file.endsWith('.json'))) {
  const dashboard = JSON.parse(readFileSync(new URL(name, generated), 'utf8'));
  for (const variable of variables(dashboard).filter(({ type }) => type === 'query')) {
    await expectSome(`${name}: variable ${variable.name}`, () => values(variable, dashboard));
  }
  for (const panel of panels(dashboard)) {
    for (const target of panel.targets ?? []) {
      const excuse = exceptions(name, panel.title).find(({ query }) => query === target.refId);
      await expectSome(`${name}: ${panel.title} [${target.refId}]`, () => series(target, dashboard), excuse);
      if (target.exemplar) {
        await expectSome(`${name}: ${panel.title} [${target.refId}], exemplars`, () => exemplars(target, dashboard));
      }
    }
  }
}
console.log(`  ${asked} queries and variables, ${failed} failed`);
const rulesWell = await rulesAreWell();
console.log(`figure: ${asked} queries and variables, ${failed} failed; rules ${rulesWell ? '' : 'not '}all evaluated`);
process.exit(rulesWell && failed === 0 ? 0 : 1);
