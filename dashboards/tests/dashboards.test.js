// What is committed, held against docs/reference/metrics.md, which is held against the code.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { fault, filled, panels, reads, variables } from '../src/expressions.js';
import { readObjectives } from '../src/objectives.js';

const generated = new URL('../generated/', import.meta.url);
const dashboards = readdirSync(generated)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, generated), 'utf8')));
const rules = parse(readFileSync(new URL('openledger.rules.yaml', generated), 'utf8')).groups.flatMap(
  ({ rules }) => rules,
);
const page = readFileSync(new URL('../../docs/reference/metrics.md', import.meta.url), 'utf8');

/** What 'prove' can draw; the rest nobody has looked at. */
const DRAWABLE = ['timeseries', 'stat', 'bargauge', 'table', 'text'];
const SUFFIX = { s: '_seconds', By: '_bytes', 1: '_ratio' };
const TIMES = { range: 3600, interval: 60 };

/** Prometheus' names of a metric as the page has it. */
function namesOf(name, kind, unit) {
  const base = name.replaceAll('.', '_') + (unit.startsWith('{') ? '' : (SUFFIX[unit] ?? `_${unit}`));
  if (kind === 'histogram') return ['_bucket', '_sum', '_count'].map((part) => base + part);
  return [kind === 'counter' ? `${base}_total` : base];
}

/** Metric → its labels. */
const exported = new Map(
  [...page.matchAll(/^\| `([a-z_.]+)` \| (counter|gauge|histogram), `(.+?)` \| .* \| (.*) \|$/gm)].flatMap(
    ([, name, kind, unit, attributes]) =>
      namesOf(name, kind, unit).map((metric) => [
        metric,
        [...attributes.matchAll(/`(.+?)`/g)].map(([, attribute]) => attribute.replaceAll('.', '_')),
      ]),
  ),
);
// An auditor is a process of its own, with figures of its own.
const auditors = readFileSync(new URL('../../docs/how-to/watch-a-lane.md', import.meta.url), 'utf8');
for (const [, metric, labels] of auditors.matchAll(/^\| `(openledger_audit_[a-z_]+)` \| .* \| (.*) \|$/gm)) {
  exported.set(
    metric,
    [...labels.matchAll(/`(.+?)`/g)].map(([, label]) => label),
  );
}
const recorded = new Map(rules.filter(({ record }) => record).map(({ record }) => [record, sloLabels()]));

function sloLabels() {
  return ['openledger_slo', 'openledger_route', 'openledger_mode', 'openledger_gate'];
}

function unknown(expr) {
  const { selectors, grouped } = reads(expr);
  const wrong = [];
  for (const { metric, labels } of selectors) {
    const its = exported.get(metric) ?? recorded.get(metric);
    if (!its) wrong.push(metric);
    else
      wrong.push(
        ...labels.filter((label) => label !== 'le' && !its.includes(label)).map((label) => `${metric}.${label}`),
      );
  }
  const any = new Set([...exported.values(), ...recorded.values()].flat().concat('le', 'way'));
  return [...wrong, ...grouped.filter((label) => !any.has(label))];
}

const queries = dashboards.flatMap((dashboard) =>
  panels(dashboard).flatMap((panel) => (panel.targets ?? []).map(({ expr }) => ({ dashboard, panel, expr }))),
);

test('the page of metrics can be read', () => {
  assert.ok(exported.has('openledger_requests_total'));
  assert.ok(exported.get('openledger_request_duration_seconds_bucket').includes('openledger_mode'));
  assert.deepEqual(exported.get('openledger_audit_misroutes_total'), ['fault']);
});

test('every query is well formed, its variables are there, and it reads metrics and labels that are exported', () => {
  for (const { dashboard, panel, expr } of queries) {
    const asked = filled(expr, dashboard, TIMES);
    assert.equal(fault(asked), undefined, `${panel.title}: ${asked}`);
    assert.doesNotMatch(asked.replaceAll('"$1"', ''), /\$/, panel.title);
    assert.deepEqual(unknown(asked), [], `${panel.title}: ${asked}`);
  }
});

test('every link to a runbook leads to one', () => {
  const links = dashboards.flatMap(panels).flatMap((panel) => panel.fieldConfig?.defaults.links ?? []);
  const named = links.map(({ url }) => /\/runbooks\/(\w+)\.html$/.exec(url)?.[1]).filter((alert) => alert);
  assert.ok(named.length > 5);
  for (const alert of named) {
    assert.ok(existsSync(new URL(`../../docs/runbooks/${alert}.md`, import.meta.url)), alert);
  }
});

test('no query relies on job, instance or the labels of a resource', () => {
  for (const { panel, expr } of queries) {
    assert.doesNotMatch(expr, /\b(job|instance|service_\w+|otel_scope_\w+)\b/, panel.title);
  }
});

test('every panel has a title that asks, a unit, a way to read it, and a form that can be drawn', () => {
  for (const panel of dashboards.flatMap(panels)) {
    assert.ok(DRAWABLE.includes(panel.type), `${panel.title}: ${panel.type}`);
    if (panel.type !== 'text') {
      assert.match(panel.title, /\?$/);
      assert.ok(panel.description.length > 40, panel.title);
      assert.ok(panel.fieldConfig.defaults.unit, panel.title);
      assert.ok(panel.targets.length > 0, panel.title);
    }
  }
});

test('panels lie beside each other and never on each other', () => {
  for (const { title, panels: all } of dashboards) {
    for (const [at, a] of all.entries()) {
      for (const b of all.slice(at + 1)) {
        const [p, q] = [a.gridPos, b.gridPos];
        const apart = p.x + p.w <= q.x || q.x + q.w <= p.x || p.y + p.h <= q.y || q.y + q.h <= p.y;
        assert.ok(apart, `${title}: ${a.title} and ${b.title}`);
      }
    }
  }
});

test('every dashboard can be filtered by route and mode, and leads to receipts and traces', () => {
  for (const dashboard of dashboards) {
    const names = variables(dashboard).map(({ name }) => name);
    ['datasource', 'route', 'mode', 'openledger', 'traces'].forEach((name) => assert.ok(names.includes(name), name));
    const read = JSON.stringify(dashboard.panels);
    names
      .filter((name) => name !== 'datasource')
      .forEach((name) =>
        assert.ok(read.includes(`$${name}`) || read.includes(`\${${name}`), `${dashboard.title}: $${name} is not used`),
      );
  }
});

test('every rule reads what is exported or recorded', () => {
  for (const { expr, record, alert } of rules) {
    assert.deepEqual(unknown(expr), [], record ?? alert);
  }
});

test('objectives and targets are those that are counted', () => {
  const counted = [...page.matchAll(/^\| `([a-z-]+)` \| .* \| (0\.\d+) \|$/gm)].map(([, slug, target]) => [
    slug,
    Number(target),
  ]);
  const ours = readObjectives().objectives.map(({ slug, target }) => [slug, Number((target / 100).toFixed(6))]);
  assert.deepEqual(ours, counted);
});
