// Asks Prometheus what Grafana would ask it, and makes Grafana's frames of the answer.
import { FieldType, toDataFrame, transformDataFrame } from '@grafana/data';
import { filled } from '../src/expressions.js';

/** Frames of a panel, transformed as it says. */
export async function load(panel, { dashboard, prometheus, from, to, interval, width }) {
  const several = panel.targets.length > 1;
  const answers = await Promise.all(
    panel.targets.map((target) => ask(target, { dashboard, prometheus, from, to, interval, width, several })),
  );
  const frames = answers.flat();
  if (frames.length === 0 || !panel.transformations?.length) return frames;
  return new Promise((resolve, reject) =>
    transformDataFrame(panel.transformations, frames).subscribe({ next: resolve, error: reject }),
  );
}

async function ask(target, { dashboard, prometheus, from, to, interval, width, several }) {
  const step = Math.max(5, Math.ceil((to - from) / Math.min(width, 400)));
  const expr = filled(target.expr, dashboard, { range: to - from, interval: Math.max(interval, step + 5) });
  const url = new URL(target.instant ? '/api/v1/query' : '/api/v1/query_range', prometheus);
  const parameters = target.instant ? { time: to } : { start: Math.ceil(from / step) * step, end: to, step };
  Object.entries({ query: expr, ...parameters }).forEach(([name, value]) => url.searchParams.set(name, value));
  const answer = await (await fetch(url)).json();
  if (answer.status !== 'success') throw new Error(`${answer.error}: ${expr}`);
  const series = answer.data.result.filter(({ values, value }) => (values ?? [value]).some(([, v]) => isFinite(v)));
  if (series.length === 0) return [];
  return target.format === 'table'
    ? [tableOf(series, target.refId, several)]
    : series.map((one) => lineOf(one, target, step));
}

function tableOf(series, refId, several) {
  const labels = [...new Set(series.flatMap(({ metric }) => Object.keys(metric)))].filter(
    (name) => name !== '__name__',
  );
  return toDataFrame({
    refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: series.map(({ value }) => value[0] * 1000) },
      ...labels.map((name) => ({ name, type: FieldType.string, values: series.map(({ metric }) => metric[name]) })),
      {
        name: several ? `Value #${refId}` : 'Value',
        type: FieldType.number,
        values: series.map(({ value }) => Number(value[1])),
      },
    ],
  });
}

function lineOf({ metric, values, value }, { legendFormat, refId }, step) {
  const points = values ?? [value];
  const name = legendFormat.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label) => metric[label] ?? '');
  return toDataFrame({
    refId,
    name,
    fields: [
      {
        name: 'Time',
        type: FieldType.time,
        values: points.map(([time]) => time * 1000),
        config: { interval: step * 1000 },
      },
      {
        name: 'Value',
        type: FieldType.number,
        labels: metric,
        values: points.map(([, v]) => (isFinite(v) ? Number(v) : null)),
        config: { displayNameFromDS: name },
      },
    ],
  });
}
