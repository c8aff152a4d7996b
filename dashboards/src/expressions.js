// What Grafana does to a query before Prometheus sees it, as far as our dashboards need it, and a look inside.
import { parser } from '@prometheus-io/lezer-promql';

/** All panels of a dashboard, without its rows. */
export function panels(dashboard) {
  const all = dashboard.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
  return all.filter(({ type }) => type !== 'row');
}

export const variables = (dashboard) => dashboard.templating.list;

/**
 * The expression with all variables at All.
 *
 * seconds: of the time looked at, and of the interval that rates are taken over
 */
export function filled(expr, dashboard, { range, interval }) {
  const values = Object.fromEntries(variables(dashboard).map((variable) => [variable.name, variable.allValue]));
  return expr.replace(/\$\{?(__\w+|[a-z]\w*)\}?/g, (whole, name) => {
    if (name === '__rate_interval') return `${interval}s`;
    if (name === '__range') return `${range}s`;
    return values[name] ?? whole;
  });
}

/** Where the syntax is wrong, or nothing. */
export function fault(expr) {
  let at;
  parser.parse(expr).iterate({
    enter: (node) => {
      if (node.type.isError) at ??= node.from;
    },
  });
  return at === undefined ? undefined : `syntax error at ${at}`;
}

/** Each metric that is read, with the labels that choose among its series; and the labels that are grouped or joined by. */
export function reads(expr) {
  const selectors = [];
  const grouped = [];
  const text = (node) => expr.slice(node.from, node.to);
  parser.parse(expr).iterate({
    enter: (node) => {
      if (node.name === 'VectorSelector') selectors.push({ metric: '', labels: [] });
      if (node.name === 'Identifier' && node.node.parent.name === 'VectorSelector')
        selectors.at(-1).metric = text(node);
      if (node.name === 'LabelName') {
        (insideMatcher(node.node) ? selectors.at(-1).labels : grouped).push(text(node));
      }
    },
  });
  return { selectors, grouped };
}

function insideMatcher(node) {
  for (let up = node.parent; up; up = up.parent) {
    if (up.name === 'LabelMatchers') return true;
  }
  return false;
}
