// How our dashboards are built: every panel has a question, a unit and a way to read it; every query is filtered by what was chosen above.
import barGauge from '@grafana/grafana-foundation-sdk/bargauge';
import common from '@grafana/grafana-foundation-sdk/common';
import dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import stat from '@grafana/grafana-foundation-sdk/stat';
import table from '@grafana/grafana-foundation-sdk/table';
import text from '@grafana/grafana-foundation-sdk/text';
import timeSeries from '@grafana/grafana-foundation-sdk/timeseries';
import { readObjectives } from './objectives.js';

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const GREEN = 'green';

/** One thing has one colour on all dashboards. */
const COLOURS = [
  ['fast', 'blue'],
  ['response', 'green'],
  ['dispatch', 'purple'],
  ['SLOW', 'blue'],
  ['SELECTIVE', 'red'],
  ['MISSED', 'orange'],
  ['SERVED|served', 'green'],
  ['FELL_BACK', 'yellow'],
  ['EXHAUSTED|INTERRUPTED|TIMED_OUT', 'red'],
  ['UNCONFIRMED', 'orange'],
  ['NO_CAPACITY', 'yellow'],
  ['RATE_LIMITED', 'orange'],
];

/** A choice among the values that a label has. */
export function choice(name, label, metric, within = '') {
  return new dashboard.QueryVariableBuilder(name)
    .label(name)
    .datasource(DATASOURCE)
    .query(`label_values(${metric}${within}, ${label})`)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: 'All', value: '$__all' });
}

export const ROUTES = choice('route', 'openledger_route', 'openledger_requests_total');
export const MODES = choice('mode', 'openledger_mode', 'openledger_requests_total', '{openledger_route=~"$route"}');

/** An address that links lead to. */
function address(name, label, value) {
  return new dashboard.TextBoxVariableBuilder(name).label(label).defaultValue(value);
}

export function board({ uid, title, about, variables }, ...panels) {
  const built = new dashboard.DashboardBuilder(title)
    .uid(uid)
    .description(about)
    .tags(['openledger'])
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' })
    .timezone('utc')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .withVariable(new dashboard.DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'));
  variables.forEach((variable) => built.withVariable(variable));
  built
    .withVariable(address('openledger', 'Router', 'http://127.0.0.1:8080'))
    .withVariable(address('traces', 'Traces (Jaeger)', 'http://127.0.0.1:16686'))
    .link(
      new dashboard.DashboardLinkBuilder('Other dashboards')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags(['openledger'])
        .includeVars(true)
        .keepTime(true),
    );
  panels.forEach((panel) => (panel.row ? built.withRow(new dashboard.RowBuilder(panel.row)) : built.withPanel(panel)));
  return built.build();
}

export const row = (title) => ({ row: title });

/** What is between the panels for those who see them for the first time. */
export function note(content) {
  return new text.PanelBuilder()
    .title('')
    .mode(text.TextMode.Markdown)
    .content(content)
    .span(24)
    .height(3)
    .transparent(true);
}

/** Lines over time. */
export function lines(spec) {
  const panel = described(new timeSeries.PanelBuilder(), { height: 9, ...spec })
    .lineWidth(spec.stacked ? 1 : 2)
    .fillOpacity(spec.stacked ? 60 : 0)
    .showPoints(common.VisibilityMode.Never)
    .spanNulls(false)
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    );
  if (spec.stacked) {
    panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal));
  }
  if (spec.steps) {
    panel.thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed));
  }
  if (spec.log) {
    panel.scaleDistribution(
      new common.ScaleDistributionConfigBuilder().type(common.ScaleDistribution.Log).log(spec.log),
    );
  }
  COLOURS.forEach(([names, color]) =>
    panel.overrideByRegexp(`.*\\b(${names})\\b.*`, [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }]),
  );
  panel.overrideByRegexp('.* p50', [{ id: 'custom.lineWidth', value: 1 }]);
  // What chance alone would show, and pins gone stale, are there to be compared with.
  panel.overrideByRegexp('.*(chance alone|gone stale)', [
    { id: 'custom.lineStyle', value: { fill: 'dash', dash: [6, 6] } },
    { id: 'custom.lineWidth', value: 1 },
  ]);
  return panel;
}

/** One number, or a few. */
export function number(spec) {
  return described(new stat.PanelBuilder(), { height: 5, ...spec })
    .graphMode(spec.graph === false ? common.BigValueGraphMode.None : common.BigValueGraphMode.Area)
    .colorMode(common.BigValueColorMode.Value)
    .textMode(spec.names ? common.BigValueTextMode.ValueAndName : common.BigValueTextMode.Auto)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']));
}

/** Bars beside each other. */
export function bars(spec) {
  return described(new barGauge.PanelBuilder(), { height: 9, ...spec })
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']));
}

/**
 * A table whose queries are its columns.
 *
 * columns: name → { expr, unit, decimals, steps }; keys: label → heading; wide: the width of the first key, pixels; sorted: the column
 * whose least value comes first
 */
export function columns({ keys, columns, wide, sorted, ...spec }) {
  const names = Object.keys(columns);
  const queries = names.map((name) => ({ expr: columns[name].expr, instant: true, table: true }));
  const panel = described(new table.PanelBuilder(), { height: 9, unit: 'short', ...spec, queries });
  const headings = Object.fromEntries(names.map((name, at) => [`Value #${refId(at)}`, name]));
  const order = [...Object.keys(keys), ...names.map((_, at) => `Value #${refId(at)}`)];
  // With one query its column is called Value.
  const renamed = { ...headings, ...keys, ...(names.length === 1 ? { Value: names[0] } : {}) };
  panel.withTransformation({ id: 'merge', options: {} }).withTransformation({
    id: 'organize',
    options: {
      excludeByName: { Time: true },
      indexByName: Object.fromEntries(order.map((name, at) => [name, at])),
      renameByName: renamed,
    },
  });
  Object.values(keys).forEach((heading, at) =>
    panel.overrideByName(heading, [{ id: 'custom.width', value: at === 0 && wide ? wide : 100 }]),
  );
  if (sorted) {
    panel.sortBy([new common.TableSortByFieldStateBuilder().displayName(sorted).desc(false)]);
  }
  for (const name of names) {
    const { unit, decimals, steps } = columns[name];
    panel.overrideByName(name, [
      { id: 'unit', value: unit },
      ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
      ...(steps === undefined
        ? []
        : [
            { id: 'thresholds', value: { mode: 'absolute', steps: colours(steps) } },
            { id: 'custom.cellOptions', value: { type: 'color-text' } },
          ]),
    ]);
  }
  return panel;
}

function described(panel, { title, about, unit, span = 12, height, queries, steps, decimals, min, max, links = [] }) {
  if (!title || !about || !unit) {
    throw new Error(`A panel has a title, a unit and says how to read it: ${title}`);
  }
  panel.title(title).description(about).datasource(DATASOURCE).unit(unit).span(span).height(height);
  if (decimals !== undefined) panel.decimals(decimals);
  if (min !== undefined) panel.min(min);
  if (max !== undefined) panel.max(max);
  panel.thresholds(
    new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps(colours(steps ?? [])),
  );
  if (links.length > 0) panel.dataLinks(links.map((link) => ({ build: () => ({ ...link, targetBlank: true }) })));
  queries.forEach((query, at) => panel.withTarget(target(query, at)));
  return panel;
}

function target({ expr, legend, instant, table: asTable, exemplar }, at) {
  const built = new prometheus.DataqueryBuilder()
    .refId(refId(at))
    .expr(expr)
    .legendFormat(legend ?? '__auto');
  if (asTable) built.format(prometheus.PromQueryFormat.Table);
  if (exemplar) built.exemplar(true);
  return instant ? built.instant() : built.range();
}

const refId = (at) => String.fromCharCode(65 + at);

/** [value, colour] from below; green before the first, unless that is from null. */
const colours = (steps) =>
  [...(steps[0]?.[0] === null ? [] : [[null, GREEN]]), ...steps].map(([value, color]) => ({ value, color }));

const { runbooks } = readObjectives();

/** What to do if the alert of that name would fire. */
export function runbook(alert) {
  return { title: 'What to do', url: runbooks.replace('{alert}', alert) };
}

/** Where the stories of single requests are. */
export const STORIES = [
  { title: 'Look up a receipt', url: '${openledger}/' },
  {
    title: 'Decisions of that time (asks for a key)',
    url: '${openledger}/v1/decisions?from=${__from:date:iso}&to=${__to:date:iso}',
  },
];

/** Traces of requests that ended so; annotation: attribute=value. */
export function traces(annotation) {
  const [attribute, value] = annotation.split('=');
  return {
    title: 'Traces of such requests',
    // Jaeger counts microseconds.
    url:
      '${traces}/search?service=openledger&tags=' +
      encodeURIComponent(JSON.stringify({ [attribute]: value })) +
      '&start=${__from}000&end=${__to}000&lookback=custom&limit=50',
  };
}
