// The router's own needs: its lane (lanes.mjs), the files and variables that its configuration names, time to drain, and nothing of the demo in production.
import { strangers, unknownKeys } from '../configuration-keys.mjs';
import { parsed } from './addresses.mjs';
import { environmentOf, filesOf, quantity, seconds, selects } from './cluster.mjs';
import { HOST, lanes } from './lanes.mjs';

/** What wiring.StopDeadline allows after requests have ended, in seconds. */
const LAST_WORK = 25;
/** What Kubernetes gives a pod that says nothing. */
const GRACE = 30;
const MIGRATES = 60;
const HEALTH = { startupProbe: '/q/health/started', readinessProbe: '/q/health/ready', livenessProbe: '/q/health/live' };

export function routers(world, context) {
  const found = world.pods.flatMap((pod) => pod.containers.filter(serves).map((container) => ({ pod, container })));
  return [
    ...(found.length > 0 ? [] : ['there is no router: no container has the arguments serve and --config']),
    ...found.flatMap(({ pod, container }) => [
      ...health(pod, container),
      ...memory(context, pod, container),
      ...started(pod, container),
      ...company(world, pod),
      ...configured(world, context, pod, container),
    ]),
    ...world.pods.flatMap((pod) => pod.all.flatMap((container) => files(world, context, pod, container))),
    ...(context.production ? apart(world, context) : []),
  ];
}

const argument = ({ args = [] }, name) => args.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? args[args.indexOf(name) + 1];
const serves = ({ args = [] }) => args[0] === 'serve' && args.some((one) => /^--config(=|$)/.test(one));

function health({ title }, container) {
  const { startupProbe, lifecycle } = container;
  const lasts = (startupProbe?.periodSeconds ?? 10) * (startupProbe?.failureThreshold ?? 3) + (startupProbe?.initialDelaySeconds ?? 0);
  const hooks = [lifecycle?.preStop?.exec, lifecycle?.postStart?.exec, ...Object.keys(HEALTH).map((probe) => container[probe]?.exec)];
  return [
    ...Object.entries(HEALTH)
      .filter(([probe, path]) => container[probe]?.httpGet?.path !== path)
      .map(([probe, path]) => `${title} has a ${probe} that does not ask ${path}`),
    ...(startupProbe && lasts < MIGRATES
      ? [`${title} is killed when its start takes longer than ${lasts} s: a migration or a busy node takes up to ${MIGRATES} s`]
      : []),
    ...(hooks.some(Boolean) ? [`${title} runs a command in the router's container, whose image has nothing that could run`] : []),
  ];
}

/** Variables that beat the file, which is what is checked here and reviewed; what Secrets and the pod itself have is known. */
function started({ title }, { command, env = [] }) {
  return [
    ...(command ? [`${title} is started with ${command}, in place of what the router's image starts`] : []),
    ...env
      .filter(({ name, value, valueFrom }) => /^(QUARKUS|OPENLEDGER)_/.test(name) && (value !== undefined || (valueFrom?.fieldRef && name !== HOST)))
      .map(({ name }) => `${title} has the variable ${name}, which beats openledger.yaml: put it there`),
  ];
}

function memory({ heap, images }, { title }, { image, resources }) {
  const limit = quantity(resources?.limits?.memory);
  const native = /native/.test(image ?? '');
  return native || !(limit < heap * 1.5)
    ? []
    : [`${title} has a limit of ${resources.limits.memory}, and the JVM's heap alone may take ${heap / 2 ** 20}Mi of it`];
}

/** What several routers need, and what one does not. */
function company(world, pod) {
  const protectedBy = world
    .ofKind('PodDisruptionBudget')
    .filter((one) => one.metadata?.namespace === pod.namespace && selects(one.spec?.selector, pod.labels));
  return [
    ...(pod.most > 1 && protectedBy.length === 0 ? [`${pod.title} has no PodDisruptionBudget: all its pods may be evicted at once`] : []),
    ...(protectedBy.length > 1 ? [`${pod.title} has two PodDisruptionBudgets, and then none of its pods can be evicted`] : []),
  ];
}

function configured(world, context, pod, container) {
  const path = argument(container, '--config');
  const file = filesOf(world, context, pod, container).get(path);
  if (!file?.text) return [`${pod.title} starts with ${path}, which is not mounted`];
  const [config] = parsed(file.text);
  const hashed = file.kind !== 'ConfigMap' || /-[a-z0-9]{10}$/.test(file.name);
  if (!config?.openledger) return [`${pod.title}: ${path} is no configuration of the router`];
  return [
    ...unknownKeys(config, context.reference).map((key) => `${pod.title}: ${path} has ${key}, which is no key of the router`),
    ...(hashed
      ? []
      : [`${pod.title} starts with the ConfigMap ${file.name}, whose name has no hash: a change rolls nothing out, and cannot be taken back`]),
    ...draining(context, pod, container, config),
    ...named(world, context, pod, container, config, path),
    ...(environmentOf(world, context, pod, container).has('QUARKUS_DATASOURCE_PASSWORD') ? [] : [`${pod.title} has no QUARKUS_DATASOURCE_PASSWORD`]),
    ...(config.quarkus?.http?.host === '0.0.0.0'
      ? []
      : [`${pod.title}: ${path} lets the router listen where neither probes nor clients reach it (quarkus.http.host)`]),
    ...lanes(world, context, pod, container, config.openledger),
    ...strangers(config.openledger).map((name) => `${pod.title}: ${path} has a target of the provider ${name}, which it does not have`),
  ];
}

function draining({ delay, timeout }, pod, { lifecycle }, config) {
  const sleep = lifecycle?.preStop?.sleep?.seconds;
  const shutdown = config.quarkus?.shutdown ?? {};
  const needs = (sleep ?? 0) + seconds(shutdown.delay ?? delay) + seconds(shutdown.timeout ?? timeout) + LAST_WORK;
  const grace = pod.spec.terminationGracePeriodSeconds ?? GRACE;
  return [
    ...(sleep > 0 ? [] : [`${pod.title} stops to take requests before balancers know: it has no preStop.sleep`]),
    ...(needs <= grace ? [] : [`${pod.title} is killed after ${grace} s (terminationGracePeriodSeconds), and may drain for ${needs} s`]),
  ];
}

/** Every value below a key that ends like that: [key, value]. */
function valuesOf(value, ending) {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, one]) => (key.endsWith(ending) && typeof one === 'string' ? [[key, one]] : valuesOf(one, ending)));
}

function named(world, context, pod, container, config, path) {
  const variables = environmentOf(world, context, pod, container);
  const named = valuesOf(config.openledger, '-env').concat(Object.entries(config.openledger.settlement?.['key-envs'] ?? {}));
  const missing = named.filter(([, name]) => !variables.has(name));
  const expressions = [...JSON.stringify(config).matchAll(/\$\{([A-Z][A-Z0-9_]*)\}/g)].map(([, name]) => name);
  return [
    ...missing.map(([key, name]) => `${pod.title}: ${path} has ${key}: ${name}, and the container has no such variable`),
    ...[...new Set(expressions)]
      .filter((name) => !variables.has(name))
      .map((name) => `${pod.title}: ${path} uses \${${name}}, which the container does not have`),
  ];
}

/** Whatever an argument or a configuration names as a file below a folder that is mounted has to be in it. */
function files(world, context, pod, container) {
  const there = filesOf(world, context, pod, container);
  const mounts = (container.volumeMounts ?? []).map(({ mountPath }) => mountPath).filter(Boolean);
  const roots = [
    '/run/secrets',
    '/etc/openledger',
    ...mounts.filter((path) => [...there.keys()].some((file) => file === path || file.startsWith(`${path}/`))),
  ];
  const arguments_ = [...(container.args ?? []), ...(container.env ?? []).map(({ value }) => value)].map((value) =>
    String(value ?? '').replace(/^--?[\w.-]+=/, ''),
  );
  const values = [...there]
    .filter(([path]) => /\.ya?ml$/.test(path))
    .flatMap(([path, { text }]) => parsed(text ?? '').flatMap((one) => paths(one).map((value) => [path, value])));
  const wanted = [...arguments_.map((value) => ['its arguments', value]), ...values].filter(([, value]) => /^\/[\w./*-]+$/.test(value));
  return [...new Map(wanted.map(([where, value]) => [value, where]))]
    .filter(([value]) => roots.some((root) => value === root || value.startsWith(`${root}/`)) && !has(there, mounts, value))
    .map(([value, where]) => `${pod.title}, container ${container.name} wants the file ${value} (${where}), which is not mounted`);
}

function paths(value) {
  if (typeof value === 'string') return [value];
  return value === null || typeof value !== 'object' ? [] : Object.values(value).flatMap(paths);
}

function has(there, mounts, path) {
  if (path.includes('*')) {
    const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`);
    return [...there.keys()].some((file) => pattern.test(file));
  }
  // A folder that is mounted may be named, a file that should be in it may not be that folder.
  return there.has(path) || (mounts.includes(path) && !/\.\w+$/.test(path));
}

/** Nothing of the demo, whose keys everybody knows, is in what production starts from; and no secret stands in it. */
function apart(world, { known, demoImages }) {
  const text = JSON.stringify(world.objects.filter(({ kind }) => kind !== 'Secret'));
  const images = world.pods.flatMap((pod) => pod.all.map(({ image }) => image));
  return [
    ...world.ofKind('Secret').map(({ metadata }) => `production makes the Secret ${metadata?.name}: secrets are named, and made elsewhere`),
    ...known.filter((one) => text.includes(one)).map((one) => `production knows a key of the demo: ${one.slice(0, 8)}…`),
    ...demoImages.filter((one) => images.some((image) => image?.includes(one))).map((one) => `production runs ${one}, which is for the demo`),
    ...images
      .filter((image) => !/^[^/]*[.:][^/]*\//.test(image ?? ''))
      .map((image) => `production runs ${image}, which names no registry: nodes would ask Docker Hub for it`),
    ...world.pods
      .filter((pod) => pod.containers.some(serves) && pod.least < 2)
      .map((pod) => `${pod.title} has one router in production: whoever drains its node stops all`),
  ];
}
