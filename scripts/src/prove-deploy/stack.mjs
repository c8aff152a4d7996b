// The stack of deploy/compose as the proof starts it: its containers, ports and network, and how it is asked.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, need, run, until } from '../promises.mjs';

export const WORK = resolve('target/prove-deploy');
export const STACK = 'deploy/compose';
export const LANE = '1789581964105816';
/** Private, and different for two runs side by side. */
export const SUBNET = `10.231.${process.pid % 250}`;
const STORE = resolve('.data/prove-deploy');
const PROJECT = 'openledger-proof';
const KEY = 'sk-openledger-local';

export const ports = {};
/** The ids of all that was answered with 200. */
export const answered = [];
let service;
let compose;

export const podman = (...parameters) => run('podman', parameters);
export const container = (name) => `${PROJECT}-${name}-1`;
export const inspect = (name, format) => podman('inspect', container(name), '--format', format);
export const pidOf = async (name) => Number(await inspect(name, '{{.State.Pid}}'));

export async function get(url, headers = {}) {
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(70_000) });
  need(answer.ok, `${url} answers ${answer.status}`);
  return answer.headers.get('content-type')?.includes('json') ? answer.json() : answer.text();
}

export const router = (path) => `http://127.0.0.1:${ports.OPENLEDGER_PORT}${path}`;
export const authorised = { authorization: `Bearer ${KEY}` };

export async function chat(mode, more = {}) {
  const answer = await fetch(router('/v1/chat/completions'), {
    method: 'POST',
    headers: { ...authorised, 'content-type': 'application/json', 'openledger-mode': mode, ...more },
    body: JSON.stringify({ model: 'assistant', messages: [{ role: 'user', content: 'Hello!' }] }),
    signal: AbortSignal.timeout(60_000),
  });
  const body = await answer.text();
  if (answer.status === 200) answered.push(answer.headers.get('openledger-request'));
  return { status: answer.status, body };
}

export async function served(mode, more) {
  const { status, body } = await chat(mode, more);
  need(status === 200, `${mode}: ${status} ${body.slice(0, 200)}`);
}

// --- containers

function environment(image) {
  return {
    ...process.env,
    DOCKER_HOST: `unix://${STORE}/podman.sock`,
    COMPOSE_PROJECT_NAME: PROJECT,
    OPENLEDGER_IMAGE: image,
    PAGE_URL_FILE: join(WORK, 'page.url'),
    TICKET_URL_FILE: join(WORK, 'ticket.url'),
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
  };
}

/** As an operator types it, with this image of the router. */
export const composed = (image, parameters, seconds) =>
  run(compose, ['-f', `${STACK}/compose.yaml`, '-f', join(WORK, 'proof.yaml'), '--env-file', `${STACK}/.env.example`, ...parameters], seconds, {
    env: environment(image),
  });

/** What is added for the proof: a network whose addresses are known, and two alerts that always fire. */
export function prepare() {
  writeFileSync(join(WORK, 'page.url'), `http://${SUBNET}.1:${ports.HOOK}/page`);
  writeFileSync(join(WORK, 'ticket.url'), `http://${SUBNET}.1:${ports.HOOK}/ticket`);
  const rule = (alert, severity, burn) => ({ alert, expr: 'vector(1)', labels: { severity, burn }, annotations: { summary: 'of the proof' } });
  const rules = {
    groups: [
      {
        name: 'proof',
        interval: '5s',
        rules: [rule('ProofPage', 'page', 'fast'), rule('ProofPage', 'ticket', 'slow'), rule('ProofTicket', 'ticket', 'slow')],
      },
    ],
  };
  writeFileSync(join(WORK, 'proof.rules.yaml'), JSON.stringify(rules));
  const override = {
    services: { prometheus: { volumes: [`${WORK}/proof.rules.yaml:/etc/prometheus/rules/proof.rules.yaml:ro`] } },
    networks: { default: { ipam: { config: [{ subnet: `${SUBNET}.0/24`, gateway: `${SUBNET}.1` }] } } },
  };
  writeFileSync(join(WORK, 'proof.yaml'), JSON.stringify(override));
}

/** podman leaves health checks to systemd; without it nobody would ask, and Compose would wait for ever. */
async function askHealth(while_) {
  while (while_.running) {
    for (const name of ['postgres', 'router']) await podman('healthcheck', 'run', container(name)).catch(() => {});
    await sleep(1000);
  }
}

export async function up(image, missing) {
  const asking = { running: true };
  const asked = askHealth(asking);
  try {
    const without = missing.flatMap((name) => ['--scale', `${name}=0`]);
    await composed(image, ['up', '--detach', '--pull', 'never', ...without], 240);
  } finally {
    asking.running = false;
    await asked;
  }
  await until('ready', 60, async () => (await fetch(router('/q/health/ready'))).ok);
  await until('healthy', 30, async () => {
    await podman('healthcheck', 'run', container('router'));
    return true;
  });
}

export async function gone(image) {
  await composed(image, ['down', '--volumes', '--timeout', '30'], 120);
  const left = await podman('ps', '--all', '--filter', `label=com.docker.compose.project=${PROJECT}`, '--format', '{{.Names}}');
  const volumes = await podman('volume', 'ls', '--filter', `label=com.docker.compose.project=${PROJECT}`, '--format', '{{.Name}}');
  need(left === '' && volumes === '', `left: ${left} ${volumes}`);
}

export function store() {
  mkdirSync(STORE, { recursive: true });
  mkdirSync(WORK, { recursive: true });
  writeFileSync(join(STORE, 'storage.conf'), `[storage]\ndriver = "overlay"\ngraphroot = "${STORE}/images"\nrunroot = "${STORE}/run"\n`);
  process.env.CONTAINERS_STORAGE_CONF = join(STORE, 'storage.conf');
  if (!existsSync('/run/systemd/system')) process.env.CONTAINERS_CONF = resolve('deploy/image/containers.conf');
}

export async function serve() {
  const log = openSync(join(WORK, 'podman.log'), 'w');
  service = spawn('podman', ['system', 'service', '--time', '0', `unix://${STORE}/podman.sock`], { stdio: ['ignore', log, log] });
  await until('podman answers', 20, () => existsSync(`${STORE}/podman.sock`));
}

export async function reserve() {
  const root = execFileSync('scripts/forky', ['compose', 'docker-compose'], { encoding: 'utf8' }).trim();
  compose = `${root}/usr/libexec/docker/cli-plugins/docker-compose`;
  for (const name of [
    'OPENLEDGER_PORT',
    'CHAIN_PORT',
    'PROMETHEUS_PORT',
    'ALERTMANAGER_PORT',
    'COLLECTOR_PORT',
    'TRACES_PORT',
    'GRAFANA_PORT',
    'HOOK',
  ]) {
    ports[name] = await freePort();
  }
}

/** Stops what was started; what a container said last is printed if something failed. */
export async function close(image, broken) {
  if (broken && compose) {
    for (const name of ['router', 'registry', 'postgres']) {
      const log = await run('bash', ['-c', `podman logs --tail 15 ${container(name)} 2>&1 | cut -c1-400`]).catch(() => '');
      if (log) console.log(`--- ${name}\n${log}`);
    }
    if (!process.env.KEEP) await composed(image, ['down', '--volumes', '--timeout', '5'], 120).catch(() => {});
  }
  service?.kill('SIGTERM');
  rmSync(`${STORE}/podman.sock`, { force: true });
}
