// `make prove-deploy`: builds the images, starts deploy/compose as it is, and holds it to what it promises. Needs Linux, root, and what
// scripts/containers installs; its images and containers are in a store of their own below .data, so nothing of the machine's is touched.
// IMAGES=built takes those of the last run. Every step has a limit. What this machine cannot do is printed as NOT PROVED, and is never counted as proved.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHook } from 'node:http';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { buildStandIns } from './stand-ins.mjs';

const { parse } = createRequire(resolve('dashboards/package.json'))('yaml');
const start = promisify(execFile);

const WORK = resolve('target/prove-deploy');
const STORE = resolve('.data/prove-deploy');
const PROJECT = 'openledger-proof';
const STACK = 'deploy/compose';
const KEY = 'sk-openledger-local';
const REGISTRY = '0x713136f2e3782652c1ac3e713b9e202a21375583';
const LANE = '1789581964105816';
const MEMORY = 640 * 1024 * 1024;
const UID = '10001';
/** Private, and different for two runs side by side. */
const SUBNET = `10.231.${process.pid % 250}`;
/** Killed one after another; the local chain forgets all by design, so it is not among them. */
const KILLED = ['providers', 'collector', 'traces', 'alertmanager', 'prometheus', 'postgres', 'router'];

const proved = [];
const notProved = [];
const failed = [];
const answered = [];
const ports = {};
let service;
let hook;
const alarms = [];

class NotHere extends Error {}

/** One promise: held, broken, or not to be had here, within so many seconds. Says how long it took. */
async function step(name, seconds, check) {
  const begin = Date.now();
  const abort = new AbortController();
  try {
    const late = sleep(seconds * 1000, undefined, { signal: abort.signal }).then(() => {
      throw new Error(`not within ${seconds} s`);
    });
    const figure = await Promise.race([check(), late]);
    const took = ((Date.now() - begin) / 1000).toFixed(1);
    proved.push(name);
    console.log(`  proved      ${name}${figure ? `: ${figure}` : ''} (${took} s)`);
    return true;
  } catch (e) {
    if (e instanceof NotHere) {
      notProved.push(name);
      console.log(`  NOT PROVED  ${name}: ${e.message}`);
    } else {
      failed.push(name);
      console.log(`  FAILED      ${name}: ${e.stderr?.toString().trim().split('\n').slice(-5).join(' / ') || e.message}`);
    }
    return false;
  } finally {
    abort.abort();
  }
}

const need = (holds, otherwise) => {
  if (!holds) throw new Error(otherwise);
};

async function run(command, parameters, seconds = 60, more = {}) {
  const { stdout } = await start(command, parameters, { timeout: seconds * 1000, killSignal: 'SIGKILL', maxBuffer: 1 << 26, ...more });
  return stdout.trim();
}

const podman = (...parameters) => run('podman', parameters);
const container = (name) => `${PROJECT}-${name}-1`;
const inspect = (name, format) => podman('inspect', container(name), '--format', format);
const pidOf = async (name) => Number(await inspect(name, '{{.State.Pid}}'));

async function until(what, seconds, holds) {
  const end = Date.now() + seconds * 1000;
  let last;
  do {
    try {
      const value = await holds();
      if (value) return value;
    } catch (e) {
      last = e;
    }
    await sleep(200);
  } while (Date.now() < end);
  throw new Error(`${what}: not within ${seconds} s${last ? ` (${last.message})` : ''}`);
}

async function get(url, headers = {}) {
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(70_000) });
  need(answer.ok, `${url} answers ${answer.status}`);
  return answer.headers.get('content-type')?.includes('json') ? answer.json() : answer.text();
}

const router = (path) => `http://127.0.0.1:${ports.OPENLEDGER_PORT}${path}`;
const authorised = { authorization: `Bearer ${KEY}` };

async function chat(mode, more = {}) {
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

async function served(mode, more) {
  const { status, body } = await chat(mode, more);
  need(status === 200, `${mode}: ${status} ${body.slice(0, 200)}`);
}

function freePort() {
  return new Promise((done, wrong) => {
    const server = createServer().on('error', wrong);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

// --- images

const imageId = (name) => podman('image', 'inspect', name, '--format', '{{.Id}} {{.Size}}');

async function sameTwice() {
  const first = await imageId('openledger:jvm');
  await run('scripts/image', ['jvm'], 600);
  const second = await imageId('openledger:jvm');
  need(first === second, `${first} and then ${second}`);
  const [id, size] = second.split(' ');
  return `${(size / 1e6).toFixed(0)} MB, sha256:${id.slice(0, 12)}`;
}

async function sameBase() {
  const digest = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');
  await run('deploy/image/base', [join(WORK, 'base.tar')], 120);
  need(digest(join(WORK, 'base.tar')) === digest('target/image/base.tar'), 'the base is another one');
  return digest('target/image/base.tar').slice(0, 12);
}

async function nothingToRun() {
  const listed = await run('bash', ['-c', `id=$(podman create openledger:jvm) && podman export "$id" | tar -t; podman rm "$id" >/dev/null`], 120);
  const programs = listed.split('\n').filter((path) => /^(usr\/)?s?bin\/[^/]+$/.test(path));
  need(programs.length === 0, `it has ${programs.slice(0, 5)}`);
  for (const wanted of ['openledger.cdx.json', 'licences.txt', 'licences/INDEX', 'LICENSE', 'base-packages.txt']) {
    need(listed.includes(`usr/share/openledger/${wanted}\n`), `${wanted} is not in the image`);
  }
}

async function images() {
  console.log('Images');
  if (!(await step('the images are built', 1500, () => run('scripts/image', ['jvm', 'simulator'], 1500)))) return false;
  await step('built again, the image is the same', 600, sameTwice);
  await step('made again, the base is the same', 120, sameBase);
  await step('there is nothing in it that could be run, and licences and bill of materials are', 120, nothingToRun);
  await step('the native image', 300, async () => {
    const said = await run('scripts/image', ['native'], 300).catch((e) => {
      throw e.code === 3 ? new NotHere(e.stderr.trim()) : e;
    });
    image = 'openledger:native';
    return said;
  });
  return true;
}

// --- the stack

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

let compose;
let image;

const composed = (parameters, seconds) =>
  run(compose, ['-f', `${STACK}/compose.yaml`, '-f', join(WORK, 'proof.yaml'), '--env-file', `${STACK}/.env.example`, ...parameters], seconds, {
    env: environment(image),
  });

/** What is added for the proof: a network whose addresses are known, and two alerts that always fire. */
function prepare() {
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

async function up(missing) {
  const asking = { running: true };
  const asked = askHealth(asking);
  try {
    const without = missing.flatMap((name) => ['--scale', `${name}=0`]);
    await composed(['up', '--detach', '--pull', 'never', ...without], 240);
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

function listen() {
  hook = createHook((request, answer) => {
    let body = '';
    request.on('data', (bytes) => (body += bytes));
    request.on('end', () => {
      alarms.push({ path: request.url, body });
      answer.end();
    });
  });
  const bind = () => hook.listen(ports.HOOK, `${SUBNET}.1`);
  // The address is there once the network is.
  hook.on('error', () => setTimeout(bind, 500).unref());
  bind();
}

async function hardened() {
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

async function verified() {
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

const prometheus = (path) => get(`http://127.0.0.1:${ports.PROMETHEUS_PORT}/api/v1/${path}`);

async function targets(missing) {
  return until('every target up', 60, async () => {
    const { data } = await prometheus('targets');
    const down = data.activeTargets.filter(({ health, labels }) => health !== 'up' && !missing.includes(labels.job));
    need(data.activeTargets.length >= 4, `only ${data.activeTargets.length} targets`);
    need(down.length === 0, down.map(({ labels, lastError }) => `${labels.job} ${lastError}`).join(', '));
    return `${data.activeTargets.filter(({ health }) => health === 'up').length} up`;
  });
}

async function rules() {
  return until('every rule ok', 90, async () => {
    const { data } = await prometheus('rules');
    const all = data.groups.filter(({ name }) => name !== 'proof').flatMap((group) => group.rules);
    const bad = all.filter(({ health }) => health !== 'ok');
    need(all.length > 30 && bad.length === 0, `${bad.length} of ${all.length} are ${bad[0]?.health}`);
    return `${all.length} rules ok`;
  });
}

const alarmsAt = (path) => alarms.filter((one) => one.path === path).flatMap(({ body }) => JSON.parse(body).alerts);

async function delivered() {
  await until(
    'a page and a ticket',
    90,
    () => alarmsAt('/page').length > 0 && alarmsAt('/ticket').some(({ labels }) => labels.alertname === 'ProofTicket'),
  );
  const wrong = alarmsAt('/page')
    .filter(({ labels }) => labels.severity !== 'page')
    .concat(alarmsAt('/ticket').filter(({ labels }) => labels.severity !== 'ticket'));
  need(wrong.length === 0, `at the wrong hook: ${JSON.stringify(wrong[0])}`);
  // It burns fast and slowly: only the page about it is sent.
  need(!alarmsAt('/ticket').some(({ labels }) => labels.alertname === 'ProofPage'), 'the ticket beside a page was not kept back');
}

const families = (text) =>
  new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name).filter((name) => !/^(target|otel_scope)_info$/.test(name)));

async function sameNames() {
  const address = await inspect('router', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}');
  return until('the same names', 60, async () => {
    const scraped = families(await get(`http://${address}:9464/metrics`));
    const pushed = families(await get(`http://127.0.0.1:${ports.COLLECTOR_PORT}/metrics`));
    const differ = [...scraped].filter((name) => !pushed.has(name)).concat([...pushed].filter((name) => !scraped.has(name)));
    need(scraped.size > 30 && differ.length === 0, `different: ${differ.slice(0, 5)}`);
    return `${scraped.size} names`;
  });
}

async function traced() {
  const trace = randomBytes(16).toString('hex');
  await served('fast', { traceparent: `00-${trace}-${randomBytes(8).toString('hex')}-01` });
  return until('the trace', 60, async () => {
    const { data } = await get(`http://127.0.0.1:${ports.TRACES_PORT}/api/traces/${trace}`);
    return data[0].spans.length > 0 && `${data[0].spans.length} spans`;
  });
}

/** What Jaeger's page asks when somebody follows the link of a board to traces of confirmed requests. */
async function found() {
  const board = readFileSync('dashboards/generated/latency.json', 'utf8');
  const [link] = board.match(/\$\{traces\}\/search\?[^"]*openledger\.mode[^"]*confirmed[^"]*/);
  const query = link
    .replace('${traces}/search', '')
    .replace('${__from}', Date.now() - 3_600_000)
    .replace('${__to}', Date.now() + 60_000);
  return until('a confirmed request', 30, async () => {
    const { data } = await get(`http://127.0.0.1:${ports.TRACES_PORT}/api/traces${query}`);
    return data.length > 0 && `${data.length} found`;
  });
}

async function killed(name) {
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

async function nothingLost() {
  for (const id of answered) {
    await until(`receipt ${id}`, 60, async () =>
      JSON.stringify(await get(router(`/v1/receipts/${id}?wait=FINALIZED&timeout=20s`), authorised)).includes('"FINALIZED"'),
    );
  }
  return `${answered.length} of ${answered.length} answers are FINALIZED`;
}

/** Requests at an even pace, a stop in their middle. Those that were sent before it have to be served. */
async function drained() {
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

async function gone() {
  await composed(['down', '--volumes', '--timeout', '30'], 120);
  const left = await podman('ps', '--all', '--filter', `label=com.docker.compose.project=${PROJECT}`, '--format', '{{.Names}}');
  const volumes = await podman('volume', 'ls', '--filter', `label=com.docker.compose.project=${PROJECT}`, '--format', '{{.Name}}');
  need(left === '' && volumes === '', `left: ${left} ${volumes}`);
}

// --- all of it

function store() {
  mkdirSync(STORE, { recursive: true });
  mkdirSync(WORK, { recursive: true });
  writeFileSync(join(STORE, 'storage.conf'), `[storage]\ndriver = "overlay"\ngraphroot = "${STORE}/images"\nrunroot = "${STORE}/run"\n`);
  process.env.CONTAINERS_STORAGE_CONF = join(STORE, 'storage.conf');
  if (!existsSync('/run/systemd/system')) process.env.CONTAINERS_CONF = resolve('deploy/image/containers.conf');
}

async function serve() {
  const log = openSync(join(WORK, 'podman.log'), 'w');
  service = spawn('podman', ['system', 'service', '--time', '0', `unix://${STORE}/podman.sock`], { stdio: ['ignore', log, log] });
  await until('podman answers', 20, () => existsSync(`${STORE}/podman.sock`));
}

async function main() {
  store();
  execFileSync('scripts/containers', ['--with', 'mmdebstrap', '--', 'true'], { stdio: 'inherit' });
  const services = parse(readFileSync(`${STACK}/compose.yaml`, 'utf8'), { merge: true }).services;
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

  image = 'openledger:jvm';
  if (process.env.IMAGES === 'built') notProved.push('the images, left out by IMAGES=built');
  else if (!(await images())) return;
  const names = Object.fromEntries(Object.entries(services).map(([name, one]) => [name, one.image]));
  let missing = [];
  if (!(await step('stand-ins under the names of the upstream images', 600, async () => void (missing = buildStandIns(names, join(WORK, 'images'))))))
    return;
  const absent = (name, of) => {
    if (missing.includes(name)) throw new NotHere(of);
  };

  console.log('The stack');
  prepare();
  await serve();
  listen();
  if (!(await step('from nothing to a router that is ready', 300, () => up(missing)))) return;
  await step('Grafana with its boards', 1, async () =>
    absent('grafana', 'no package has a server of it; scripts/deploy check holds what its files refer to'),
  );
  await step('the router runs hardened', 10, hardened);
  await step('12 fast requests and a confirmed one', 60, async () => {
    for (let i = 0; i < 12; i++) await served('fast');
    await served('confirmed');
  });
  await step('a receipt becomes FINALIZED and is verified with the node alone', 120, verified);
  await step('Prometheus reaches every target', 60, () => targets(missing));
  await step('every rule is evaluated', 90, rules);
  await step('a page comes out at one webhook, a ticket at another, and no ticket beside its page', 100, delivered);
  await step(
    'what is pushed has the names of what is scraped',
    70,
    async () => (absent('collector', 'no collector here; scripts/collector builds one'), sameNames()),
  );
  await step(
    'a trace is in the trace store',
    70,
    async () => (absent('collector', 'no collector here'), absent('traces', 'no Jaeger here; scripts/jaeger builds one'), traced()),
  );
  await step(
    "a board's link finds the traces that it is about",
    40,
    async () => (absent('collector', 'no collector here'), absent('traces', 'no Jaeger here'), found()),
  );

  console.log('Troubles');
  for (const name of KILLED) {
    if (!missing.includes(name)) await step(`${name}, killed by SIGKILL, comes back by itself`, 160, () => killed(name));
  }
  await step('nothing is lost', 180, nothingLost);
  await step('SIGTERM under load', 60, drained);
  await step('down leaves nothing', 130, gone);
}

async function end() {
  if (failed.length > 0 && compose) {
    for (const name of ['router', 'registry', 'postgres']) {
      const log = await run('bash', ['-c', `podman logs --tail 15 ${container(name)} 2>&1 | cut -c1-400`]).catch(() => '');
      if (log) console.log(`--- ${name}\n${log}`);
    }
    if (!process.env.KEEP) await composed(['down', '--volumes', '--timeout', '5'], 120).catch(() => {});
  }
  hook?.close();
  hook?.closeAllConnections();
  service?.kill('SIGTERM');
  rmSync(`${STORE}/podman.sock`, { force: true });
  notProved.forEach((one) => console.log(`NOT PROVED on this machine: ${one}`));
  console.log(`figure: ${proved.length} proved, ${notProved.length} not provable here, ${failed.length} failed`);
  process.exit(failed.length > 0 ? 1 : 0);
}

for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => (failed.push('interrupted'), end()));
try {
  await main();
} catch (e) {
  failed.push(e.message);
  console.log(`FAILED: ${e.stderr ?? e.message}`);
}
await end();
