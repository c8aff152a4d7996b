// See scripts/proofs.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { figureOf, format, judge, parse, updated } from './results.mjs';
import { runProof } from './proof.mjs';

const RESULTS = 'docs/results/proofs.md';
const LOGS = 'target/proofs';
const LOCK = `${LOGS}/running`;

/** Each is a list of targets of the Makefile, with a limit in minutes: about three times what it takes on two quiet cores. */
const PROOFS = {
  chaos: { targets: ['chaos'], minutes: 30 },
  'chaos-chain': { targets: ['chaos-chain'], minutes: 30 },
  'prove-cluster': { targets: ['prove-cluster'], minutes: 40 },
  'prove-limits': { targets: ['prove-limits'], minutes: 40 },
  'prove-contracts': { targets: ['prove-contracts'], minutes: 90 },
  'prove-database': { targets: ['prove-database'], minutes: 30 },
  'prove-dashboards': { targets: ['prove-dashboards'], minutes: 30 },
  'prove-defence': { targets: ['prove-defence'], minutes: 25 },
  'prove-deploy': { targets: ['prove-deploy'], minutes: 60, needs: noContainers },
  'prove-fairness': { targets: ['prove-fairness'], minutes: 25 },
  'prove-honest': { targets: ['prove-honest'], minutes: 20 },
  'prove-kubernetes': { targets: ['prove-kubernetes'], minutes: 45, needs: noApiServer },
  'prove-log': { targets: ['prove-log'], minutes: 20, needs: noOtherLogs },
  'prove-memory': { targets: ['prove-memory'], minutes: 20 },
  'prove-replay': { targets: ['prove-replay'], minutes: 30 },
  'prove-resends': { targets: ['prove-resends'], minutes: 30 },
  'prove-settlement': { targets: ['prove-settlement'], minutes: 30 },
  'prove-stake': { targets: ['prove-stake'], minutes: 20 },
  'prove-slots': { targets: ['prove-slots'], minutes: 30 },
  'prove-stream': { targets: ['prove-stream'], minutes: 25 },
  attack: { targets: ['attack'], minutes: 45 },
  soak: { targets: ['soak', 'SECONDS=180'], minutes: 20 },
  native: { targets: ['native', 'native-smoke'], minutes: 60, needs: noNativeImage },
};

function noNativeImage() {
  const home = process.env.GRAALVM_HOME;
  if (!home) return 'GRAALVM_HOME is not set';
  return existsSync(`${home}/bin/native-image`) ? '' : 'GRAALVM_HOME has no native-image';
}

function noContainers() {
  if (process.platform !== 'linux' || process.getuid() !== 0) return 'containers are run as root on Linux';
  const folders = (process.env.PATH ?? '').split(':');
  return ['podman', 'apt-get'].some((program) => folders.some((folder) => existsSync(`${folder}/${program}`))) ? '' : 'there is no podman on the PATH';
}

function noApiServer() {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/local/go/bin'];
  const missing = ['go', 'apt-get'].filter((program) => !folders.some((folder) => existsSync(`${folder}/${program}`)));
  return missing.length ? `there is no ${missing.join(' and no ')} on the PATH` : '';
}

function noOtherLogs() {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/local/go/bin'];
  const missing = ['go', 'python3', 'ssh-agent'].filter((program) => !folders.some((folder) => existsSync(`${folder}/${program}`)));
  return missing.length ? `there is no ${missing.join(' and no ')} on the PATH` : '';
}

/** Why a proof cannot be run here, or nothing. */
function obstacle({ targets, needs }) {
  const makefile = readFileSync('Makefile', 'utf8');
  const missing = targets.find((target) => !target.includes('=') && !new RegExp(`^${target}:`, 'm').test(makefile));
  return missing ? `there is no "make ${missing}"` : (needs?.() ?? '');
}

const names = Object.keys(PROOFS);
const read = () => (existsSync(RESULTS) ? parse(readFileSync(RESULTS, 'utf8')) : new Map());

function write(rows) {
  mkdirSync(dirname(RESULTS), { recursive: true });
  writeFileSync(RESULTS, format(names, rows));
}

function git(...parameters) {
  return execFileSync('git', parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

function commit() {
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', '.', `:!${RESULTS}`) !== '';
    return git('rev-parse', '--short=10', 'HEAD') + (changed ? '+' : '');
  } catch {
    return 'no git';
  }
}

/** Undefined where git cannot say: no git, or a clone that is not deep enough. */
function commitsSince(hash) {
  try {
    return Number(git('rev-list', '--count', `${hash}..HEAD`));
  } catch {
    return undefined;
  }
}

function check() {
  const { failed, notes } = judge(names, read(), commitsSince);
  notes.forEach((note) => console.log(`proof ${note}`));
  failed.forEach((one) => console.error(`proof ${one}`));
  if (failed.length > 0) {
    console.error(`See ${RESULTS}; "make proofs PROOF=..." runs one anew.`);
    process.exit(1);
  }
}

/** Two at once would take each other's ports. */
function lock() {
  mkdirSync(LOGS, { recursive: true });
  const other = existsSync(LOCK) ? Number(readFileSync(LOCK, 'utf8')) : 0;
  if (other > 0) {
    try {
      process.kill(other, 0);
      console.error(`Proofs are running already, as process ${other}.`);
      process.exit(2);
    } catch {
      // It was killed.
    }
  }
  writeFileSync(LOCK, `${process.pid}`);
}

function rowOf({ outcome, code, printed, left }, minutes, at) {
  const row = { commit: at, date: new Date().toISOString().slice(0, 10) };
  const figure = figureOf(printed);
  if (outcome === 'timeout') return { ...row, verdict: 'failed', figure: `was not done after ${minutes} minutes` };
  if (code !== 0) return { ...row, verdict: 'failed', figure: figure || `exit code ${code}` };
  if (left > 0) return { ...row, verdict: 'failed', figure: `left ${left} processes behind; ${figure}` };
  // A proof that has proved nothing has no figure.
  if (!figure) return { ...row, verdict: 'failed', figure: 'ended well without a figure' };
  return { ...row, verdict: 'passed', figure };
}

async function run(wanted) {
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no proof ${unknown.join(', ')}; there are ${names.join(', ')}.`);
    process.exit(2);
  }
  lock();
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => stop.abort());
  const results = [];
  for (const name of wanted) {
    const proof = PROOFS[name];
    const why = obstacle(proof);
    const at = commit();
    let row = { commit: at, date: new Date().toISOString().slice(0, 10), verdict: 'skipped', figure: why };
    if (!why) {
      console.log(`== ${name} (at most ${proof.minutes} minutes; ${LOGS}/${name}.log)`);
      const ended = await runProof(['make', '--no-print-directory', ...proof.targets], {
        limitMs: proof.minutes * 60_000,
        log: `${LOGS}/${name}.log`,
        abort: stop.signal,
        echo: (bytes) => process.stdout.write(bytes),
      });
      if (ended.outcome === 'aborted') break;
      row = rowOf(ended, proof.minutes, at);
    }
    // Read anew: somebody may have written another row meanwhile.
    write(updated(read(), name, row));
    results.push({ name, ...row });
  }
  rmSync(LOCK);
  console.log();
  results.forEach(({ name, verdict, figure }) => console.log(`${name}: ${verdict}, ${figure}`));
  if (stop.signal.aborted) {
    console.error('Interrupted; what had not ended keeps its row.');
    process.exit(130);
  }
  process.exit(results.some(({ verdict }) => verdict === 'failed') ? 1 : 0);
}

const [what, ...which] = process.argv.slice(2);
if (what === 'run') await run(which.length > 0 ? which : names);
else if (what === 'check') check();
else {
  console.error('usage: scripts/proofs run [proof ...] | check');
  process.exit(2);
}
