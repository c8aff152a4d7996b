// `make prove-deploy`: builds the images, starts deploy/compose as it is, and holds it to what it promises. Needs Linux, root, and what
// scripts/containers installs; its images and containers are in a store of their own below .data, so nothing of the machine's is touched.
// IMAGES=built takes those of the last run. Every step has a limit. What this machine cannot do is printed as NOT PROVED, and is never counted as proved.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { NotHere, Promises, prove } from './promises.mjs';
import { images } from './prove-deploy/images.mjs';
import { drained, hardened, killed, nothingLost, verified } from './prove-deploy/router.mjs';
import { STACK, WORK, close, gone, prepare, reserve, serve, served, store, up } from './prove-deploy/stack.mjs';
import { another, exchanged } from './prove-deploy/upgrade.mjs';
import { deafen, delivered, found, listen, rules, sameNames, targets, traced } from './prove-deploy/watching.mjs';
import { buildStandIns } from './stand-ins.mjs';

const { parse } = createRequire(resolve('dashboards/package.json'))('yaml');

/** Killed one after another; the local chain forgets all by design, so it is not among them. */
const KILLED = ['providers', 'collector', 'traces', 'alertmanager', 'prometheus', 'postgres', 'router'];

const promises = new Promises();
const step = (...promised) => promises.step(...promised);
/** What the stack runs. */
let image = 'openledger:jvm';

async function watching(missing) {
  const absent = (name, of) => {
    if (missing.includes(name)) throw new NotHere(of);
  };
  const collected = () => absent('collector', 'no collector here; scripts/collector builds one');
  const kept = () => (collected(), absent('traces', 'no Jaeger here; scripts/jaeger builds one'));
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
  await step('what is pushed has the names of what is scraped', 70, async () => (collected(), sameNames()));
  await step('a trace is in the trace store', 70, async () => (kept(), traced()));
  await step("a board's link finds the traces that it is about", 40, async () => (kept(), found()));
}

/** There and back, to the same files as another image; and to the native executable, where there is one. */
async function upgrades() {
  const there = [];
  await step('another version of the image', 120, async () => void there.push(await another(image)));
  if (image === 'openledger:native') there.push('openledger:jvm');
  for (const other of there) {
    await step(`an upgrade under load, ${image} to ${other}`, 240, () => exchanged(image, other));
    await step(`a rollback under load, ${other} to ${image}`, 240, () => exchanged(other, image));
  }
}

async function main() {
  store();
  execFileSync('scripts/containers', ['--with', 'mmdebstrap', '--', 'true'], { stdio: 'inherit' });
  const services = parse(readFileSync(`${STACK}/compose.yaml`, 'utf8'), { merge: true }).services;
  await reserve();

  if (process.env.IMAGES === 'built') promises.notProved('the images', 'left out by IMAGES=built');
  else {
    const built = await images(promises);
    if (!built) return;
    image = built;
  }
  const names = Object.fromEntries(Object.entries(services).map(([name, one]) => [name, one.image]));
  let missing = [];
  if (!(await step('stand-ins under the names of the upstream images', 600, async () => void (missing = buildStandIns(names, join(WORK, 'images'))))))
    return;

  console.log('The stack');
  prepare();
  await serve();
  listen();
  if (!(await step('from nothing to a router that is ready', 300, () => up(image, missing)))) return;
  await watching(missing);

  console.log('Troubles');
  for (const name of KILLED) {
    if (!missing.includes(name)) await step(`${name}, killed by SIGKILL, comes back by itself`, 160, () => killed(name));
  }
  await upgrades();
  await step('nothing is lost', 180, nothingLost);
  await step('SIGTERM under load', 60, drained);
  await step('down leaves nothing', 130, () => gone(image));
}

await prove(promises, main, async () => {
  await close(image, promises.broken);
  deafen();
});
