// `make prove-kubernetes`: gives deploy/kubernetes to a real API server of Kubernetes, strict, with warnings as errors and the restricted profile of
// pod security. There is no node: what a scheduler, a kubelet or a network would do with the manifests is NOT PROVED, and printed as such.
import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { OVERLAYS, SCHEMA, rendered } from './manifests.mjs';
import { KINDS } from './manifests/cluster.mjs';
import { schemaOf } from './manifests/schema.mjs';
import { NotHere, Promises, freePort, need, prove, run, until } from './promises.mjs';
import { REFUSED } from './refused.mjs';

const { stringify } = createRequire(resolve('dashboards/package.json'))('yaml');

const WORK = resolve('target/prove-kubernetes');
const STRICT = ['--validate=strict', '--warnings-as-errors'];
/** The last two are production with one component more, in the same namespace: applied after it, as by somebody who changes their mind. */
const ORDER = ['demo', 'production', 'production-native', 'production-autoscaled'];

const promises = new Promises();
const servers = [];
/** Ends what still runs when somebody has had enough. */
const over = new AbortController();
let tools;

const kubectl = (parameters, seconds = 60) =>
  run(`${tools}/kubectl`, ['--kubeconfig', join(WORK, 'kubeconfig'), ...parameters], seconds, { signal: over.signal });

/** Starts a server that ends with this process, and that is killed if it does not end when it is asked to. */
function serve(name, parameters) {
  const log = openSync(join(WORK, `${name}.log`), 'w');
  const child = spawn(`${tools}/${name}`, parameters, { stdio: ['ignore', log, log], detached: true });
  const ended = new Promise((done) => child.once('exit', done).once('error', done));
  servers.push({ name, child, ended });
  ended.then(() => (servers.find((one) => one.child === child).over = true));
}

async function stopAll() {
  for (const { child, ended, over } of servers.reverse()) {
    if (over) continue;
    child.kill('SIGTERM');
    await Promise.race([ended, sleep(3000)]);
    // An API server waits for a minute for those who watch it.
    child.kill('SIGKILL');
    await ended;
  }
}

async function startServers() {
  const [client, peer, api] = [await freePort(), await freePort(), await freePort()];
  const token = randomBytes(16).toString('hex');
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const secret = (name, text) => writeFileSync(join(WORK, name), text, { mode: 0o600 });
  secret('accounts.key', privateKey);
  secret('accounts.pub', publicKey);
  secret('tokens.csv', `${token},proof,proof,system:masters\n`);
  const at = (port) => `http://127.0.0.1:${port}`;
  serve('etcd', [
    ...['--name', 'proof', '--data-dir', join(WORK, 'etcd'), '--unsafe-no-fsync', '--log-level', 'warn'],
    ...['--listen-client-urls', at(client), '--advertise-client-urls', at(client)],
    ...['--listen-peer-urls', at(peer), '--initial-advertise-peer-urls', at(peer), '--initial-cluster', `proof=${at(peer)}`],
  ]);
  serve('kube-apiserver', [
    ...['--etcd-servers', at(client), '--bind-address', '127.0.0.1', '--advertise-address', '127.0.0.1', '--secure-port', String(api)],
    ...['--cert-dir', join(WORK, 'certificates'), '--token-auth-file', join(WORK, 'tokens.csv'), '--authorization-mode', 'RBAC,Node'],
    ...['--service-account-issuer', 'https://kubernetes.default.svc', '--service-account-key-file', join(WORK, 'accounts.pub')],
    ...['--service-account-signing-key-file', join(WORK, 'accounts.key'), '--service-cluster-ip-range', '10.0.0.0/24'],
  ]);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'proof', cluster: { server: `https://127.0.0.1:${api}`, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'proof', user: { token } }],
    contexts: [{ name: 'proof', context: { cluster: 'proof', user: 'proof' } }],
    'current-context': 'proof',
  };
  secret('kubeconfig', stringify(config));
  await until('the API server is ready', 60, async () => {
    const dead = servers.find(({ over }) => over);
    need(!dead, `${dead?.name} has ended: ${tail(dead?.name)}`);
    return (await kubectl(['get', '--raw', '/readyz'], 5)) === 'ok';
  });
  return JSON.parse(await kubectl(['version', '-o', 'json'])).serverVersion.gitVersion;
}

const tail = (name) =>
  name &&
  readFileSync(join(WORK, `${name}.log`), 'utf8')
    .trim()
    .split('\n')
    .slice(-2)
    .join(' / ')
    .slice(0, 400);

/** There is no controller that would make the account of a new namespace. */
async function namespace(object) {
  const { name } = object.metadata;
  await apply([object]);
  await kubectl(['get', 'serviceaccount', 'default', '-n', name]).catch(() => kubectl(['create', 'serviceaccount', 'default', '-n', name]));
}

function apply(objects, more = []) {
  const file = join(WORK, 'objects.yaml');
  writeFileSync(file, objects.map((one) => stringify(one)).join('---\n'));
  return kubectl(['apply', ...STRICT, ...more, '-f', file]);
}

const dry = (objects) => apply(objects, ['--dry-run=server']);

async function accepted(overlay, objects) {
  await namespace(objects.find(({ kind }) => kind === 'Namespace'));
  await dry(objects);
  // As README.md has it.
  const said = await kubectl(['apply', ...STRICT, '-k', join(OVERLAYS, overlay)]);
  return `${said.split('\n').length} objects`;
}

/** What of these objects a deed has changed in the store; "kubectl apply" also calls configured what it sent a patch for that says nothing new. */
async function changedBy(objects, deed) {
  const versions = async () => {
    const found = [];
    for (const namespace of new Set(objects.map(({ metadata }) => metadata.namespace).filter(Boolean))) {
      const kinds = [...new Set(objects.map(({ kind }) => kind).filter((kind) => kind !== 'Namespace'))].join(',');
      const { items } = JSON.parse(await kubectl(['get', kinds, '-n', namespace, '-o', 'json']));
      found.push(...items.map(({ kind, metadata }) => [`${kind} ${metadata.name}`, metadata.resourceVersion]));
    }
    return new Map(found);
  };
  const before = await versions();
  await deed();
  return [...(await versions())].filter(([name, version]) => before.get(name) !== version).map(([name]) => name);
}

async function unchanged(overlay, objects) {
  const changed = await changedBy(objects, () => kubectl(['apply', ...STRICT, '-k', join(OVERLAYS, overlay)]));
  need(changed.length === 0, changed.join(', '));
}

const workloads = (objects) => objects.filter(({ spec }) => spec?.template?.spec?.containers);

/** For templates the API server only warns; a pod itself is admitted or not. */
function podOf({ metadata, spec }) {
  const { template, volumeClaimTemplates = [] } = structuredClone(spec);
  const claims = volumeClaimTemplates.map(({ metadata: { name } }) => ({ name, persistentVolumeClaim: { claimName: `${name}-${metadata.name}-0` } }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template.metadata, name: `${metadata.name}-0`, namespace: metadata.namespace },
    spec: { ...template.spec, volumes: [...(template.spec.volumes ?? []), ...claims] },
  };
}

async function admitted(objects) {
  const pods = workloads(objects).map(podOf);
  await dry(pods);
  return `${pods.length} pods`;
}

/** An upgrade changes the routers and nothing else; the way back leads to what was there. */
async function upgraded(objects) {
  const image = (of) => of.replace(/:[^:@]+$/, ':0.2.0-jvm');
  const newer = structuredClone(objects);
  const container = newer.find(({ kind }) => kind === 'Deployment').spec.template.spec.containers[0];
  container.image = image(container.image);
  const there = await changedBy(objects, () => apply(newer));
  const back = await changedBy(objects, () => apply(objects));
  need(there.join() === 'Deployment router' && back.join() === there.join(), `${there} and then ${back}`);
  await unchanged('production', objects);
}

/** The commands of README.md that change running routers, and one that would leave them without an owner. */
async function changed() {
  const of = ['deployment/router', '-n', 'openledger'];
  await kubectl(['scale', ...of, '--replicas=3']);
  await kubectl(['scale', ...of, '--replicas=0']);
  await kubectl(['rollout', 'restart', ...of]);
  await kubectl(['apply', ...STRICT, '-k', join(OVERLAYS, 'production')]);
  const count = await kubectl(['get', ...of, '-o', 'jsonpath={.spec.replicas}']);
  need(count.trim() === '2', `apply leaves ${count} routers`);
  const labels = JSON.stringify({ spec: { selector: { matchLabels: { app: 'router' } } } });
  const refused = await kubectl(['patch', ...of, '--type', 'merge', '-p', labels]).then(
    () => false,
    (e) => /immutable|does not match/i.test(e.stderr),
  );
  need(refused, 'what selects running routers could be changed');
}

/** Every planted fault is refused, and for its own reason. */
async function refused(objects) {
  const accepted_ = [];
  for (const { fault, plant, said } of REFUSED) {
    const bad = structuredClone(objects.filter(({ kind }) => kind !== 'Namespace'));
    const planted = plant((kind, name) => bad.find((one) => one.kind === kind && one.metadata.name === name), podOf);
    const answer = await dry([planted]).then(
      () => 'accepted',
      (e) => `${e.stderr}`.trim(),
    );
    if (!said.test(answer)) accepted_.push(`${fault}: ${answer.slice(0, 200)}`);
  }
  need(accepted_.length === 0, accepted_.join('; '));
  return `${REFUSED.length} of ${REFUSED.length}`;
}

/** What "make test" knows of fields is what the server says; SCHEMA=write writes it anew. */
async function described() {
  const now = schemaOf(JSON.parse(await kubectl(['get', '--raw', '/openapi/v2'])), KINDS);
  if (process.env.SCHEMA === 'write') writeFileSync(SCHEMA, `${JSON.stringify(now).replaceAll(/"([\w.-]+)":\{"fields"/g, '\n"$1":{"fields"')}\n`);
  const kept = JSON.parse(readFileSync(SCHEMA, 'utf8'));
  need(isDeepStrictEqual(kept, now), `${SCHEMA} is of another version: SCHEMA=write make prove-kubernetes`);
  return `${Object.keys(now.definitions).length} definitions`;
}

/** What a release has is what was proved here. */
async function bundled(objects) {
  await run('scripts/deploy', ['bundle'], 60);
  await run('tar', ['-xzf', 'target/release/openledger-kubernetes.tar.gz', '-C', WORK]);
  const differ = ORDER.filter(
    (overlay) => !isDeepStrictEqual(rendered(`${tools}/kubectl`, join(WORK, 'openledger', OVERLAYS, overlay)), objects[overlay]),
  );
  need(differ.length === 0, `${differ} differ`);
}

async function main() {
  rmSync(WORK, { recursive: true, force: true });
  mkdirSync(WORK, { recursive: true });
  const there = await promises.step('an API server and its tools', 3600, async () => {
    try {
      tools = execFileSync('scripts/kubernetes', { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
    } catch (e) {
      throw e.status === 3 ? new NotHere('see the sentence above') : e;
    }
  });
  if (!there) return;
  if (!(await promises.step('etcd and kube-apiserver start', 90, startServers))) return;
  await promises.step("the Prometheus operator's resource definitions", 60, async () => {
    const folder = join(tools, 'crds');
    await kubectl(['apply', '--server-side', '-f', folder]);
    await kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s']);
    return `${readdirSync(folder).length} definitions`;
  });
  const objects = Object.fromEntries(ORDER.map((overlay) => [overlay, rendered(`${tools}/kubectl`, join(OVERLAYS, overlay))]));
  await promises.step('the schema that make test reads is the one of this server', 60, described);
  await promises.step('the bundle of a release renders to the same', 60, () => bundled(objects));
  for (const overlay of ORDER) {
    await promises.step(`${overlay} is accepted, tried and applied`, 60, () => accepted(overlay, objects[overlay]));
    await promises.step(`${overlay} applied again changes nothing`, 60, () => unchanged(overlay, objects[overlay]));
  }
  await promises.step("each workload's pod is admitted by the restricted profile", 60, () =>
    admitted(ORDER.slice(0, 2).flatMap((overlay) => objects[overlay])),
  );
  await kubectl(['delete', 'horizontalpodautoscaler', 'router', '-n', 'openledger']);
  await kubectl(['apply', '-k', join(OVERLAYS, 'production')]);
  await promises.step('an upgrade changes the routers alone, and the way back leads to what was there', 60, () => upgraded(objects.production));
  await promises.step('routers are scaled and restarted by the commands of README.md; what selects them stays', 30, changed);
  await promises.step('planted faults are refused', 120, () => refused(objects['production-autoscaled']));
  for (const one of ['pods are scheduled, started, probed and drained', 'policies hold on a network', 'rolling updates, evictions and scaling']) {
    promises.notProved(one, 'there is no node here');
  }
}

await prove(promises, main, () => {
  over.abort();
  return stopAll();
});
