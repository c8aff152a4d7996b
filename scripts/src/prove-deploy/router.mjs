// The router in its container, and what becomes of it and of its records when something dies or it is told to end.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { need, run, until } from '../promises.mjs';
import { LANE, WORK, answered, authorised, chat, container, get, inspect, pidOf, podman, ports, router, served } from './stack.mjs';

const REGISTRY = '0x713136f2e3782652c1ac3e713b9e202a21375583';
const MEMORY = 640 * 1024 * 1024;
const UID = '10001';

export async function hardened() {
  const pid = await pidOf('router');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name) => status.match(new RegExp(`^${name}:\\s+(.*)$`, 'm'))[1];
  need(
    field('Uid')
      .split(/\s+/)
      .every((uid) => uid === UID) && field('Gid').split(/\s+/)[0] === UID,
    `uid ${field('Uid')}`,
  );
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) need(/^0+$/.test(field(set)), `${set} ${field(set)}`);
  need(field('NoNewPrivs') === '1', 'it may get new privileges');
  need(field('Seccomp') === '2', `seccomp ${field('Seccomp')}`);
  const root = readFileSync(`/proc/${pid}/mountinfo`, 'utf8')
    .split('\n')
    .find((line) => line.split(' ')[4] === '/');
  need(root.split(' ')[5].split(',').includes('ro'), 'its root can be written');
  const limit = memoryLimit(pid);
  need(limit === MEMORY, `memory limit ${limit}`);
  return `uid ${UID}, no capabilities, seccomp, read-only root, ${MEMORY >> 20} MB`;
}

function memoryLimit(pid) {
  const groups = readFileSync(`/proc/${pid}/cgroup`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(':'));
  const one = groups.find(([, controllers]) => controllers.split(',').includes('memory'));
  const file = one ? `/sys/fs/cgroup/memory${one[2]}/memory.limit_in_bytes` : `/sys/fs/cgroup${groups[0][2]}/memory.max`;
  return Number(readFileSync(file, 'utf8'));
}

export async function verified() {
  const id = answered.at(-1);
  const receipt = join(WORK, 'receipt.json');
  const answer = await until('FINALIZED', 60, async () => {
    const one = await get(router(`/v1/receipts/${id}?wait=FINALIZED&timeout=20s`), authorised);
    return JSON.stringify(one).includes('"FINALIZED"') && one;
  });
  writeFileSync(receipt, JSON.stringify(answer));
  const node = `http://127.0.0.1:${ports.CHAIN_PORT}`;
  const said = await run('java', [
    '--sun-misc-unsafe-memory-access=allow',
    '-jar',
    'target/production/quarkus-app/quarkus-run.jar',
    'verify',
    receipt,
    '--rpc',
    node,
    '--registry',
    REGISTRY,
    '--lane',
    LANE,
  ]);
  need(/^VERIFIED/m.test(said), said.slice(-300));
}

export async function killed(name) {
  const pid = await pidOf(name);
  const begin = Date.now();
  process.kill(pid, 'SIGKILL');
  await until(`${name} runs again`, 60, async () => {
    const now = await pidOf(name);
    return now > 0 && now !== pid;
  });
  await until('a request is served', 90, async () => {
    await served('fast');
    return true;
  });
  return `${((Date.now() - begin) / 1000).toFixed(1)} s to the next answer`;
}

export async function nothingLost() {
  for (const id of answered) {
    await until(`receipt ${id}`, 60, async () =>
      JSON.stringify(await get(router(`/v1/receipts/${id}?wait=FINALIZED&timeout=20s`), authorised)).includes('"FINALIZED"'),
    );
  }
  return `${answered.length} of ${answered.length} answers are FINALIZED`;
}

/** Requests at an even pace, a stop in their middle. Those that were sent before it have to be served. */
export async function drained() {
  const requests = [];
  let stopping;
  let told = Infinity;
  for (let i = 0; i < 60; i++) {
    if (i === 30) {
      told = Date.now();
      stopping = podman('stop', '--time', '30', container('router'));
    }
    const sent = Date.now();
    requests.push(
      chat('fast').then(
        ({ status }) => ({ sent, status }),
        (e) => ({ sent, status: 0, code: e.cause?.code }),
      ),
    );
    await sleep(50);
  }
  const all = await Promise.all(requests);
  await stopping;
  const before = all.filter(({ sent }) => sent < told);
  const lost = before.filter(({ status }) => status !== 200);
  const after = (holds) => all.filter(({ sent, ...one }) => sent >= told && holds(one)).length;
  need(lost.length === 0, `${lost.length} of ${before.length} that were sent before it failed: ${JSON.stringify(lost[0])}`);
  const code = await inspect('router', '{{.State.ExitCode}}');
  need(code === '143', `exit code ${code}`);
  const later = `${after(({ status }) => status === 200)} served, ${after(({ status }) => status === 503)} answered 503`;
  return `0 of ${before.length} failed; of those sent later ${later}, ${after(({ status }) => status === 0)} not connected`;
}
