// What Grafana's server sets up before its components can be used: how options of fields are applied, and transformations.
import {
  dataLinksOverrideProcessor,
  displayNameOverrideProcessor,
  FieldConfigOptionsRegistry,
  identityOverrideProcessor,
  numberOverrideProcessor,
  standardFieldConfigEditorRegistry,
  standardTransformers,
  standardTransformersRegistry,
  stringOverrideProcessor,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
} from '@grafana/data';

const PROCESSORS = {
  unit: unitOverrideProcessor,
  min: numberOverrideProcessor,
  max: numberOverrideProcessor,
  decimals: numberOverrideProcessor,
  displayName: displayNameOverrideProcessor,
  thresholds: thresholdsOverrideProcessor,
  mappings: valueMappingsOverrideProcessor,
  color: identityOverrideProcessor,
  links: dataLinksOverrideProcessor,
  noValue: stringOverrideProcessor,
};

/** Options of single kinds of panels that our dashboards or their defaults have. */
const CUSTOM = [
  ...[
    'drawStyle',
    'lineWidth',
    'lineStyle',
    'lineInterpolation',
    'fillOpacity',
    'gradientMode',
    'showPoints',
    'pointSize',
  ],
  ...['spanNulls', 'insertNulls', 'stacking', 'thresholdsStyle', 'scaleDistribution', 'hideFrom', 'barAlignment'],
  ...['axisPlacement', 'axisLabel', 'axisSoftMin', 'axisSoftMax', 'axisGridShow', 'axisColorMode', 'axisCenteredZero'],
  ...['axisBorderShow', 'align', 'cellOptions', 'width', 'filterable'],
];

function item(id, process, more = {}) {
  return { id, path: id, name: id, process, shouldApply: () => true, editor: null, override: null, ...more };
}

const standard = () => Object.entries(PROCESSORS).map(([id, process]) => item(id, process));

export function setUp() {
  standardFieldConfigEditorRegistry.setInit(standard);
  // Some stand there twice, under an older name as well.
  const transformers = new Map(Object.values(standardTransformers).map((one) => [one.id, one]));
  standardTransformersRegistry.setInit(() =>
    [...transformers.values()].map((one) => ({ id: one.id, name: one.name, transformation: async () => one })),
  );
}

export const registry = new FieldConfigOptionsRegistry(() => [
  ...standard(),
  ...CUSTOM.map((id) => item(`custom.${id}`, identityOverrideProcessor, { path: id, isCustom: true })),
]);

const LINES = {
  drawStyle: 'line',
  lineWidth: 1,
  fillOpacity: 0,
  lineInterpolation: 'linear',
  pointSize: 5,
  showPoints: 'auto',
  stacking: { mode: 'none', group: 'A' },
  axisPlacement: 'auto',
  thresholdsStyle: { mode: 'off' },
  hideFrom: { legend: false, tooltip: false, viz: false },
  scaleDistribution: { type: 'linear' },
  barAlignment: 0,
};

/** A panel's options of fields with the defaults that the server would add. */
export function fieldConfig(panel) {
  const { defaults = {}, overrides = [] } = structuredClone(panel.fieldConfig ?? {});
  if (panel.type === 'timeseries') {
    defaults.custom = { ...LINES, ...defaults.custom };
    if (defaults.custom.stacking.mode !== 'none') defaults.custom.stacking.group ??= 'A';
  }
  defaults.color ??= { mode: panel.type === 'timeseries' ? 'palette-classic' : 'thresholds' };
  defaults.thresholds.steps = defaults.thresholds.steps.map((step) => ({ ...step, value: step.value ?? -Infinity }));
  for (const { properties } of overrides) {
    for (const property of properties.filter(({ id }) => id === 'thresholds')) {
      property.value.steps = property.value.steps.map((step) => ({ ...step, value: step.value ?? -Infinity }));
    }
  }
  return { defaults, overrides };
}
