// Queries that have nothing to show in the proof, with the reason.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const all = parse(readFileSync(new URL('../exceptions.yaml', import.meta.url), 'utf8'));
for (const { dashboard, panel, query, reason } of all) {
  if (!dashboard || !panel || !query || !reason) {
    throw new Error(`exceptions.yaml: an exception names dashboard, panel, query and reason: ${panel}`);
  }
}

/** Those of a panel. */
export function exceptions(dashboard, panel) {
  return all.filter((one) => one.dashboard === dashboard && one.panel === panel);
}
