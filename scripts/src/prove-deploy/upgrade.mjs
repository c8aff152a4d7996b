// An upgrade and the way back as docs/how-to/operate.md has them: the router's image is exchanged while requests come at an even pace.
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { need, until } from '../promises.mjs';
import { LANE, WORK, answered, authorised, composed, get, inspect, podman, router } from './stack.mjs';

const EVERY_MS = 50;
/** Requests before the exchange, and after the first answer of the new router. */
const AROUND_MS = 2000;
const PATIENCE_MS = 20_000;
const BODY = JSON.stringify({ model: 'assistant', messages: [{ role: 'user', content: 'Hello!' }] });

/** The same files with another label: there is no earlier release to take. */
export async function another(image) {
  const folder = join(WORK, 'next');
  const name = 'openledger:next';
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'Containerfile'), `FROM ${image}\nLABEL org.opencontainers.image.version="next"\n`);
  await podman('build', '--quiet', '--isolation', 'chroot', '--format', 'docker', '--pull=never', '--tag', name, folder);
  need((await idOf(name)) !== (await idOf(image)), 'it has the same ID');
  return name;
}

const idOf = (image) => podman('image', 'inspect', image, '--format', '{{.Id}}');

/** One request on a connection of its own, so that a connection that is refused is told from one that breaks. */
function ask() {
  const one = { sent: Date.now(), status: 0, bytes: 0 };
  return new Promise((done) => {
    const end = (what) => done(Object.assign(one, { end: Date.now() }, what));
    const headers = { ...authorised, 'content-type': 'application/json', 'openledger-mode': 'fast' };
    const asked = request(router('/v1/chat/completions'), { method: 'POST', agent: false, headers, timeout: PATIENCE_MS }, (answer) => {
      let body = '';
      answer.on('data', (bytes) => (body += bytes));
      answer.on('error', (e) => end({ code: `half an answer: ${e.code}` }));
      answer.on('end', () => end({ status: answer.statusCode, whole: answer.complete, headers: answer.headers, body }));
    });
    // Until then nobody has it: a packet to an address that is gone gets no answer at all, not even a refusal.
    asked.on('socket', (socket) => socket.once('connect', () => (one.connected = true)));
    asked.on('timeout', () =>
      asked.destroy(Object.assign(new Error('no answer'), { code: one.connected ? 'no answer, though it was taken' : 'NOT_CONNECTED' })),
    );
    asked.on('error', (e) => end({ code: e.code }));
    asked.end(BODY);
  });
}

/** Sends requests at an even pace until it is stopped; then it waits for their answers. */
function pace() {
  const under = [];
  const state = { running: true, served: 0 };
  const sending = (async () => {
    while (state.running) {
      under.push(
        ask().then((one) => {
          if (one.status === 200) state.served++;
          return one;
        }),
      );
      await sleep(EVERY_MS);
    }
  })();
  return {
    served: () => state.served,
    stop: async () => {
      state.running = false;
      await sending;
      return Promise.all(under);
    },
  };
}

/** Where no router runs, an engine's proxy may take a connection before it finds nobody behind it. */
const NOBODY = ['ECONNRESET', 'EHOSTUNREACH', 'NOT_CONNECTED'];

/** What is wrong with a request that was not answered whole, not sent away with a time to come again, and yet taken. */
export function fault({ sent, status, whole, headers, body, code }, nobody = longest([])) {
  if (code === 'ECONNREFUSED' || (NOBODY.includes(code) && sent >= nobody.from && sent < nobody.to)) return undefined;
  if (status === 503) return headers['retry-after'] && whole ? undefined : '503 without Retry-After';
  if (status !== 200) return code ?? `status ${status}`;
  return whole && headers['openledger-request'] && JSON.parse(body).choices?.[0].finish_reason ? undefined : 'half an answer';
}

/** The longest time between two of these answers. */
export function longest(answers) {
  const ends = answers.map(({ end }) => end).sort((a, b) => a - b);
  const gaps = ends.slice(1).map((to, i) => ({ from: ends[i], to, ms: to - ends[i] }));
  return gaps.reduce((most, gap) => (gap.ms > most.ms ? gap : most), { from: Infinity, to: Infinity, ms: 0 });
}

/** What a lane has in its log: how many leaves, and the hashes of the first ones. */
async function log() {
  const [origin, size] = (await get(router(`/log/${LANE}/checkpoint`))).split('\n');
  const width = Math.min(256, Number(size));
  const tile = await fetch(router(`/log/${LANE}/tile/0/000${width < 256 ? `.p/${width}` : ''}`));
  need(tile.ok, `the first tile of ${size} leaves: ${tile.status}`);
  return { origin, size: Number(size), first: Buffer.from(await tile.arrayBuffer()) };
}

/** From the image that runs to another one, by the command that is documented. */
export async function exchanged(from, to) {
  const before = await until('the log', 10, log);
  const load = pace();
  await sleep(AROUND_MS);
  await composed(to, ['up', '--detach', '--no-deps', '--pull', 'never', 'router'], 90);
  const there = load.served();
  await until('an answer of the other router', 60, () => load.served() > there);
  await sleep(AROUND_MS);
  const all = await load.stop();

  need((await inspect('router', '{{.Image}}')) === (await idOf(to)), `the router is not ${to}`);
  const nobody = longest(all.filter(({ status }) => status > 0));
  const bad = all.map((one) => fault(one, nobody)).filter(Boolean);
  need(bad.length === 0, `${bad.length} of ${all.length} are neither answered nor sent away: ${[...new Set(bad)]}`);
  const served = all.filter(({ status }) => status === 200);
  answered.push(...served.map(({ headers }) => headers['openledger-request']));

  const after = await until('the log has grown', 60, async () => {
    const now = await log();
    return now.size > before.size && now;
  });
  need(after.origin === before.origin, `the log is ${after.origin}, and was ${before.origin}`);
  need(after.first.subarray(0, before.first.length).equals(before.first), 'the log does not begin as it did');
  const away = all.filter(({ status }) => status === 503).length;
  const later = `${away} answered 503, ${all.length - served.length - away} not connected`;
  return `${(longest(served).ms / 1000).toFixed(1)} s without an answer; of ${all.length} requests ${served.length} answered, ${later}; leaves ${before.size} → ${after.size}`;
}
