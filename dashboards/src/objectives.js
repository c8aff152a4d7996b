// Reads slos.yaml and refuses what would make alerts that cannot fire or cannot be read.
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86400 };
const SEVERITIES = ['page', 'ticket'];

/** Seconds of a Prometheus duration with one unit, such as 30m. */
export function seconds(duration) {
  const [, number, unit] = /^(\d+)([smhd])$/.exec(duration) ?? [];
  if (!unit) {
    throw new Error(`"${duration}" is no duration such as 30m`);
  }
  return Number(number) * SECONDS[unit];
}

/** What the file says, checked; throws with all that is wrong. */
export function readObjectives(file = new URL('../slos.yaml', import.meta.url)) {
  const said = parse(readFileSync(file, 'utf8'));
  const wrong = [
    ...said.objectives.flatMap((objective) => faults(objective, said)),
    ...twice(said),
    ...unexplained(said),
    ...unreachable(said),
  ];
  if (wrong.length > 0) {
    throw new Error(`slos.yaml: ${wrong.join('; ')}`);
  }
  return said;
}

function faults({ slug, target, severities, ...objective }, { burns }) {
  const wrong = [];
  if (!(target > 0 && target < 100)) {
    wrong.push(`${slug}: a target is between 0 and 100 %, without either`);
  }
  if (!(objective['least-events'] >= 1)) {
    wrong.push(`${slug}: least-events is at least 1`);
  }
  for (const [burn, severity] of Object.entries(severities)) {
    if (!burns[burn] || !SEVERITIES.includes(severity)) {
      wrong.push(`${slug}: ${burn}: ${severity} is neither of the burns nor a severity`);
      continue;
    }
    for (const { above } of burns[burn].windows) {
      // Everything bad burns 1 / (1 - target) times; a budget this large can never burn so fast.
      if (above * (1 - target / 100) >= 1) {
        wrong.push(`${slug}: a burn of ${above} cannot be reached with a target of ${target} %`);
      }
    }
  }
  return wrong;
}

function twice({ objectives, conditions }) {
  const names = [...objectives, ...conditions].map(({ alert }) => alert);
  return names.filter((name, at) => names.indexOf(name) !== at).map((name) => `${name} is there twice`);
}

function unexplained({ objectives, conditions }) {
  return [...objectives, ...conditions]
    .map(({ alert }) => alert)
    .filter((alert) => !existsSync(new URL(`../../docs/runbooks/${alert}.md`, import.meta.url)))
    .map((alert) => `${alert} has no runbook docs/runbooks/${alert}.md`);
}

/** Somebody who was woken follows the link: it has to be one. */
function unreachable({ runbooks }) {
  return URL.canParse(runbooks) && runbooks.split('{alert}').length === 2
    ? []
    : ['runbooks is no web address with {alert} in it'];
}

/** Windows over which rates are recorded as they are, short ones first; the period's is made of recorded rates. */
export function windows({ burns }) {
  const all = Object.values(burns).flatMap((burn) => burn.windows.flatMap(({ long, short }) => [long, short]));
  return [...new Set(all)].sort((a, b) => seconds(a) - seconds(b));
}

/** Windows that have to hold enough events before somebody is told. */
export function longWindows({ burns }) {
  const all = Object.values(burns).flatMap((burn) => burn.windows.map(({ long }) => long));
  return [...new Set(all)].sort((a, b) => seconds(a) - seconds(b));
}
