import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runProof } from './proof.mjs';

const folders = [];
const folder = () => {
  folders.push(mkdtempSync(join(tmpdir(), 'openledger-proofs-')));
  return folders.at(-1);
};
after(() => folders.forEach((made) => rmSync(made, { recursive: true, force: true })));
const shell = (script, options) =>
  runProof(['sh', '-c', script], { limitMs: 60_000, graceMs: 5_000, log: join(folder(), 'log'), ...options });
/** A process of another session, which writes its id to a file. */
const stranger = (file) =>
  `setsid sh -c 'echo $$ > ${file}; exec sleep 600' & while [ ! -s ${file} ]; do sleep 0.05; done`;
const AUTHOR = {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};
const onLinux = { skip: process.platform !== 'linux' };

const runs = (file) => {
  const pid = readFileSync(file, 'utf8').trim();
  try {
    // A process that nobody has waited for is a zombie: it has ended.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

async function until(condition) {
  while (!condition()) await sleep(50);
}

test('exit code and output are told, and the output is kept', async () => {
  const log = join(folder(), 'log');
  const { outcome, code, printed } = await shell('echo to out; echo figure: 7 >&2; exit 3', { log });
  assert.deepEqual([outcome, code], ['ended', 3]);
  assert.match(printed, /figure: 7/);
  assert.match(readFileSync(log, 'utf8'), /to out/);
});

test('a command that is not there has failed', async () => {
  const { outcome, code } = await runProof(['/no/such/command'], { limitMs: 60_000, log: join(folder(), 'log') });
  assert.equal(outcome, 'ended');
  assert.notEqual(code, 0);
});

test('what takes too long is ended with its children', onLinux, async () => {
  const file = join(folder(), 'pid');
  const { outcome } = await shell(`sh -c 'echo $$ > ${file}; exec sleep 600'`, { limitMs: 1_000 });
  assert.equal(outcome, 'timeout');
  assert.equal(runs(file), false);
});

test('what ignores the end is killed', onLinux, async () => {
  const file = join(folder(), 'pid');
  const { outcome } = await shell(`trap '' TERM; echo $$ > ${file}; while :; do sleep 1; done`, {
    limitMs: 500,
    graceMs: 500,
  });
  assert.equal(outcome, 'timeout');
  assert.equal(runs(file), false);
});

test('what is left behind in another session is found, told and ended', onLinux, async () => {
  const file = join(folder(), 'pid');
  const { outcome, code, left } = await shell(`${stranger(file)}; exit 0`);
  assert.deepEqual([outcome, code, left], ['ended', 0, 1]);
  assert.equal(runs(file), false);
});

test('an interrupted proof ends with all its processes', onLinux, async () => {
  const file = join(folder(), 'pid');
  const stop = new AbortController();
  const running = shell(`${stranger(file)}; sleep 600`, { abort: stop.signal });
  await until(() => existsSync(file) && readFileSync(file, 'utf8').trim() !== '');
  stop.abort();
  assert.equal((await running).outcome, 'aborted');
  assert.equal(runs(file), false);
});

/** A project with a Makefile of its own and the scripts of this one. */
function project(makefile) {
  const root = folder();
  mkdirSync(join(root, 'scripts'));
  cpSync(fileURLToPath(new URL('../proofs', import.meta.url)), join(root, 'scripts/proofs'));
  cpSync(fileURLToPath(new URL('.', import.meta.url)), join(root, 'scripts/src'), { recursive: true });
  writeFileSync(join(root, 'Makefile'), makefile);
  return root;
}

function start(root, ...parameters) {
  const { GRAALVM_HOME: _, ...env } = process.env;
  const child = spawn(join(root, 'scripts/proofs'), parameters, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (printed += bytes));
  return { child, done: once(child, 'close').then(([code]) => ({ code, printed })) };
}

const table = (root) => readFileSync(join(root, 'docs/results/proofs.md'), 'utf8');

test('all proofs run, one that fails does not stop the others, and the check fails for it', onLinux, async () => {
  const root = project(`chaos:
\t@echo figure: 26 kills
chaos-chain:
\t@echo figure: 2 lost; exit 1
soak:
\t@echo figure: $(SECONDS) s
prove-replay:
\t@echo nothing to tell
native:
native-smoke:
`);
  assert.equal((await start(root, 'run').done).code, 1);
  const written = table(root);
  assert.match(written, /^\| chaos \| no git \| \d{4}-\d\d-\d\d \| passed \| 26 kills \|$/m);
  assert.match(written, /^\| chaos-chain \| .* \| failed \| 2 lost \|$/m);
  assert.match(written, /^\| soak \| .* \| passed \| 180 s \|$/m);
  assert.match(written, /^\| prove-replay \| .* \| failed \| ended well without a figure \|$/m);
  assert.match(written, /^\| attack \| .* \| skipped \| there is no "make attack" \|$/m);
  assert.match(written, /^\| native \| .* \| skipped \| GRAALVM_HOME is not set \|$/m);

  const checked = await start(root, 'check').done;
  assert.equal(checked.code, 1);
  assert.match(checked.printed, /chaos-chain failed at no git: 2 lost/);
  assert.match(checked.printed, /chaos: its age is not known/);

  writeFileSync(join(root, 'Makefile'), 'chaos-chain:\n\t@echo figure: 0 lost\nprove-replay:\n\t@echo figure: 1\n');
  assert.equal((await start(root, 'run', 'chaos-chain').done).code, 0);
  assert.equal((await start(root, 'check').done).code, 1);
  assert.equal((await start(root, 'run', 'prove-replay').done).code, 0);
  assert.match(table(root), /^\| chaos \| .* \| passed \| 26 kills \|$/m);
  assert.equal((await start(root, 'check').done).code, 0);
});

test('a proof that nobody knows is refused', async () => {
  const { code, printed } = await start(project(''), 'run', 'nonsense').done;
  assert.equal(code, 2);
  assert.match(printed, /There is no proof nonsense/);
});

test('SIGINT ends the proof and all its processes, keeps its row, and lets the next run begin', onLinux, async () => {
  const file = join(folder(), 'pid');
  const root = project(`chaos:\n\t@${stranger(file).replaceAll('$', '$$')}; sleep 600\n`);
  const { child, done } = start(root, 'run', 'chaos');
  await until(() => existsSync(file) && readFileSync(file, 'utf8').trim() !== '');
  const second = await start(root, 'run', 'chaos').done;
  assert.equal(second.code, 2);
  assert.match(second.printed, /running already/);
  child.kill('SIGINT');
  assert.equal((await done).code, 130);
  assert.equal(runs(file), false);
  assert.equal(existsSync(join(root, 'docs/results/proofs.md')), false);
  writeFileSync(join(root, 'Makefile'), 'chaos:\n\t@echo figure: 1\n');
  assert.equal((await start(root, 'run', 'chaos').done).code, 0);
});

test(
  'a row has its commit, and its age is counted in commits; a shallow clone says that it does not know',
  onLinux,
  async () => {
    const root = project('chaos:\n\t@echo figure: 1\n');
    const sh = (script, cwd = root) =>
      execFileSync('sh', ['-ec', script], { cwd, env: { ...process.env, ...AUTHOR }, encoding: 'utf8' });
    sh('git init -q . && git add . && git commit -qm first');
    const first = sh('git rev-parse --short=10 HEAD').trim();
    assert.equal((await start(root, 'run', 'chaos').done).code, 0);
    assert.match(table(root), new RegExp(`^\\| chaos \\| ${first} \\|`, 'm'));

    sh('git add -A . && git commit -qm second && echo "# changed" >> Makefile');
    assert.equal((await start(root, 'run', 'chaos').done).code, 0);
    const second = sh('git rev-parse --short=10 HEAD').trim();
    assert.match(table(root), new RegExp(`^\\| chaos \\| ${second}\\+ \\|`, 'm'));

    sh('git add -A . && git commit -qm third && for i in $(seq 149); do git commit -q --allow-empty -m $i; done');
    assert.doesNotMatch((await start(root, 'check').done).printed, /chaos:/);
    sh('git commit -q --allow-empty -m 151');
    assert.match((await start(root, 'check').done).printed, /chaos: 151 commits old/);

    const clone = folder();
    sh(`git clone -q --depth 1 file://${root} ${clone}/shallow`);
    const { code, printed } = await start(join(clone, 'shallow'), 'check').done;
    assert.equal(code, 0);
    assert.match(printed, new RegExp(`chaos: its age is not known, ${second}\\+ is not in this clone`));
  },
);
