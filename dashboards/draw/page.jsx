// Draws one dashboard with Grafana's own components. In the address: prometheus, dashboard (both addresses), from, to (seconds since
// 1970), interval (seconds that rates are taken over). Each panel says in data-state what became of it.
import {
  applyFieldOverrides,
  createTheme,
  dateTime,
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  LoadingState,
  renderMarkdown,
  ThemeContext,
  VizOrientation,
} from '@grafana/data';
import {
  BarGauge,
  BigValue,
  ErrorBoundaryAlert,
  GlobalStyles,
  PanelChrome,
  Table,
  TimeSeries,
  VizRepeater,
} from '@grafana/ui';
import { useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { variables } from '../src/expressions.js';
import { fieldConfig, registry, setUp } from './fields.js';
import { load } from './frames.js';

setUp();

const WIDTH = 1600;
const ROW = 38;
const GAP = 8;
const theme = createTheme({ colors: { mode: 'dark' } });
const asked = Object.fromEntries(new URLSearchParams(location.search));
const [from, to, interval] = [asked.from, asked.to, asked.interval].map(Number);
const timeRange = { from: dateTime(from * 1000), to: dateTime(to * 1000) };
timeRange.raw = { from: timeRange.from, to: timeRange.to };
const asIs = (text) => text;

function displayed(panel, frames) {
  return applyFieldOverrides({
    data: frames,
    fieldConfig: fieldConfig(panel),
    fieldConfigRegistry: registry,
    replaceVariables: asIs,
    theme,
    timeZone: 'utc',
  });
}

function Values({ panel, frames, width, height }) {
  const { options } = panel;
  const values = getFieldDisplayValues({
    fieldConfig: fieldConfig(panel),
    reduceOptions: { values: false, ...options.reduceOptions },
    replaceVariables: asIs,
    theme,
    data: frames,
    timeZone: 'utc',
    sparkline: panel.type === 'stat' && options.graphMode !== 'none',
  });
  const draw = ({ value: { display, sparkline, field, view, colIndex }, width, height, count, alignmentFactors }) =>
    panel.type === 'stat' ? (
      <BigValue
        count={count}
        value={display}
        sparkline={sparkline}
        colorMode={options.colorMode}
        graphMode={options.graphMode}
        textMode={options.textMode}
        alignmentFactors={alignmentFactors}
        width={width}
        height={height}
        theme={theme}
      />
    ) : (
      <BarGauge
        value={display}
        field={field}
        display={view?.getFieldDisplayProcessor(colIndex)}
        displayMode={options.displayMode}
        orientation={VizOrientation.Horizontal}
        alignmentFactors={alignmentFactors}
        showUnfilled={true}
        width={width}
        height={height}
        theme={theme}
      />
    );
  return (
    <VizRepeater
      getValues={() => values}
      renderValue={draw}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      source={frames}
      renderCounter={1}
      width={width}
      height={height}
      itemSpacing={GAP}
      orientation={panel.type === 'bargauge' ? VizOrientation.Horizontal : VizOrientation.Auto}
    />
  );
}

function Drawn({ panel, frames, width, height }) {
  const data = useMemo(() => displayed(panel, frames), [panel, frames]);
  switch (panel.type) {
    case 'timeseries':
      return (
        <TimeSeries
          frames={data}
          timeRange={timeRange}
          timeZone="utc"
          width={width}
          height={height}
          legend={panel.options.legend}
          options={panel.options}
        />
      );
    case 'table':
      return <Table data={data[0]} initialSortBy={panel.options.sortBy} width={width} height={height} />;
    default:
      return <Values panel={panel} frames={data} width={width} height={height} />;
  }
}

const DRAWABLE = ['timeseries', 'table', 'stat', 'bargauge'];

function Panel({ panel, dashboard }) {
  const { x, y, w, h } = panel.gridPos;
  const [width, height] = [(w / 24) * WIDTH - GAP, h * ROW - GAP];
  const [state, setState] = useState({ name: 'loading' });
  useEffect(() => {
    if (!DRAWABLE.includes(panel.type)) {
      setState({ name: 'error', why: `nobody can draw a panel of type ${panel.type}` });
      return;
    }
    load(panel, { dashboard, prometheus: asked.prometheus, from, to, interval, width })
      .then((frames) => setState(frames.length > 0 ? { name: 'drawn', frames } : { name: 'no data' }))
      .catch((e) => setState({ name: 'error', why: String(e) }));
  }, [panel]);
  const failed = (error) => {
    setState({ name: 'error', why: String(error) });
    return null;
  };
  return (
    <div
      style={{ position: 'absolute', left: (x / 24) * WIDTH, top: y * ROW }}
      data-panel={panel.title}
      data-state={state.name}
      data-why={state.why ?? ''}
    >
      <PanelChrome
        title={panel.title}
        description={panel.description}
        width={width}
        height={height}
        loadingState={LoadingState.Done}
        statusMessage={state.why}
      >
        {(innerWidth, innerHeight) =>
          state.name === 'drawn' ? (
            <ErrorBoundaryAlert onError={failed}>
              <Drawn panel={panel} frames={state.frames} width={innerWidth} height={innerHeight} />
            </ErrorBoundaryAlert>
          ) : (
            <div style={{ padding: 16, color: theme.colors.text.secondary }}>{state.why ?? state.name}</div>
          )
        }
      </PanelChrome>
    </div>
  );
}

function Note({ panel }) {
  const { x, y, w, h } = panel.gridPos;
  return (
    <div
      style={{
        position: 'absolute',
        left: (x / 24) * WIDTH,
        top: y * ROW,
        width: (w / 24) * WIDTH - GAP,
        height: h * ROW - GAP,
      }}
      className="markdown-html"
      dangerouslySetInnerHTML={{ __html: renderMarkdown(panel.options.content) }}
    />
  );
}

function Row({ panel }) {
  return <h4 style={{ position: 'absolute', left: 0, top: panel.gridPos.y * ROW + GAP }}>{panel.title}</h4>;
}

function Part({ panel, dashboard }) {
  if (panel.type === 'row') return <Row panel={panel} />;
  return panel.type === 'text' ? <Note panel={panel} /> : <Panel panel={panel} dashboard={dashboard} />;
}

function Dashboard() {
  const [dashboard, setDashboard] = useState();
  useEffect(() => {
    fetch(asked.dashboard)
      .then((answer) => answer.json())
      .then(setDashboard);
  }, []);
  if (!dashboard) return null;
  const parts = dashboard.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
  const height = Math.max(...parts.map(({ gridPos }) => (gridPos.y + gridPos.h) * ROW));
  const chosen = variables(dashboard).filter(({ type }) => type === 'query');
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <div style={{ padding: 16, background: theme.colors.background.canvas, color: theme.colors.text.primary }}>
        <h2>{dashboard.title}</h2>
        <p style={{ color: theme.colors.text.secondary }}>
          {chosen.map(({ name }) => `${name}: All`).join('   ')} · {new Date(from * 1000).toISOString()} to{' '}
          {new Date(to * 1000).toISOString()}
        </p>
        <div style={{ position: 'relative', width: WIDTH, height }}>
          {parts.map((panel, at) => (
            <Part key={at} panel={panel} dashboard={dashboard} />
          ))}
        </div>
      </div>
    </ThemeContext.Provider>
  );
}

createRoot(document.getElementById('root')).render(<Dashboard />);
