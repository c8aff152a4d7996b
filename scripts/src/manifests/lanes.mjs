// What routers need of Kubernetes for their lanes, alone and in company: enough of them, keys for all of them, and a way to each other.
import { environmentOf, portOf } from './cluster.mjs';

/** Lanes for each router that there may be: in a rollout the old ones still end what they have begun while the new ones serve. */
const LANES_EACH = 2;
/** Seconds until a lane that was left behind is final on chain, and free. */
const FREE_AFTER = 1800;
/** Seconds until a Deployment that gets nowhere is told so. */
const PROGRESS = 600;
/** Seconds for which fewer routers have to be enough before one is stopped. */
const CALM = 600;
/** The variable that has each router's own address. */
export const HOST = 'OPENLEDGER_CLUSTER_INTERNAL_HOST';
const ADDRESS = 'status.podIP';
/** Where routers reach each other if nothing else is said. */
const INTERNAL = 8081;

/** config: the part "openledger" of the file that the router starts with. */
export function lanes(world, context, pod, container, config) {
  return [
    ...workload(pod),
    ...('lanes' in config ? [...pool(pod, config), ...rollout(pod, container)] : alone(pod)),
    ...('lane' in config && 'lanes' in config ? [`${pod.title} has both lane and lanes`] : []),
    ...accounts(pod, config),
    ...company(world, context, pod, container, config),
    ...scaledDown(world, pod),
  ];
}

/** The port at which other routers may ask; undefined if a configuration has no cluster. */
export const internalPort = ({ cluster } = {}) => (cluster?.enabled === true ? (cluster.internal?.port ?? INTERNAL) : undefined);

/** How many numbers such as "1-4,9" are; NaN for what is no list of numbers. */
export function numbersIn(text) {
  return String(text)
    .split(',')
    .map((part) => /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(part))
    .reduce((sum, found) => sum + (found ? Math.max(0, Number(found[2] ?? found[1]) - Number(found[1]) + 1) : NaN), 0);
}

function workload({ title, owner }) {
  if (owner.kind === 'Deployment') return [];
  return [
    owner.kind === 'StatefulSet'
      ? `${title} leaves the router of a dead node unreplaced until somebody confirms that the node is dead: routers are a Deployment`
      : `${title} runs routers, and is no Deployment`,
  ];
}

/** A router that has one lane gets it only when the one before has ended. */
function alone({ title, owner, most }) {
  return [
    ...(most > 1 ? [`${title} has up to ${most} routers, and one lane (openledger.lanes)`] : []),
    ...(owner.kind === 'Deployment' && owner.spec?.strategy?.type !== 'Recreate'
      ? [`${title} has one lane, and starts a router before the old one has ended: it waits for ever (strategy Recreate)`]
      : []),
  ];
}

function pool({ title, most }, { lanes }) {
  const there = numbersIn(lanes);
  return there >= most * LANES_EACH ? [] : [`${title} has up to ${most} routers, and ${there} lanes (${lanes}): a rollout needs twice as many`];
}

function rollout({ title, owner }, { startupProbe }) {
  const { strategy, minReadySeconds = 0, progressDeadlineSeconds = PROGRESS } = owner.spec ?? {};
  const { maxSurge, maxUnavailable } = strategy?.rollingUpdate ?? {};
  const starts = (startupProbe?.periodSeconds ?? 10) * (startupProbe?.failureThreshold ?? 3) + (startupProbe?.initialDelaySeconds ?? 0);
  if (owner.kind !== 'Deployment') return [];
  return [
    ...(strategy?.type === 'Recreate' ? [`${title} stops all routers at a rollout (strategy Recreate)`] : []),
    ...(strategy?.type !== 'Recreate' && (maxUnavailable !== 0 || maxSurge !== 1)
      ? [`${title} does not replace routers one after the other (maxSurge 1, maxUnavailable 0)`]
      : []),
    ...(starts >= FREE_AFTER
      ? []
      : [`${title} is killed after ${starts} s of waiting for a lane (startupProbe), and one is free after ${FREE_AFTER} s`]),
    ...(progressDeadlineSeconds > starts + minReadySeconds
      ? []
      : [
          `${title} counts as failed after ${progressDeadlineSeconds} s (progressDeadlineSeconds), and a start may last ${starts + minReadySeconds} s`,
        ]),
    ...(minReadySeconds > 0 ? [] : [`${title} goes on with a rollout at the first answer of a new router (minReadySeconds)`]),
  ];
}

/** Each lane has an account of its own, and every router can use that of each, for it finishes the lanes of others. */
function accounts({ title }, { lanes: text, settlement, log }) {
  if (text === undefined) return [];
  const each = Object.keys(settlement?.['key-envs'] ?? {});
  const numbers = numbersIn(text);
  const one = ['key-env', 'key-file'].filter((key) => settlement?.[key]);
  return [
    ...one.map((key) => `${title} has several lanes, and all would commit with one key (settlement.${key})`),
    ...(settlement && one.length === 0 && !settlement['lane-keys-env'] && each.length < numbers
      ? [`${title} has ${numbers} lanes, and ${each.length} of them have a key (settlement.lane-keys-env)`]
      : []),
    ...(log?.origin ? [`${title} has several lanes, and all their logs would have one name (log.origin)`] : []),
  ];
}

/** What brings a request with a key to the router that answers for it. */
function company(world, context, pod, container, config) {
  const { title, most } = pod;
  const { cluster, resends } = config;
  const host = (container.env ?? []).find(({ name }) => name === HOST);
  const port = internalPort(config);
  const apart = most > 1 ? [`${title} has up to ${most} routers, and each gives a resend a budget of its own (openledger.cluster.enabled)`] : [];
  if (port === undefined) return apart;
  return [
    ...(host?.valueFrom?.fieldRef?.fieldPath === ADDRESS ? [] : [`${title} does not make ${HOST} of the address of its pod (${ADDRESS})`]),
    ...(cluster.internal?.host ? [`${title} has one internal.host for all of its pods, and each has an address of its own`] : []),
    ...(cluster['key-env'] && environmentOf(world, context, pod, container).has(cluster['key-env'])
      ? []
      : [`${title} has a cluster, and no secret of it (openledger.cluster.key-env)`]),
    ...(portOf(pod, port) === port && portOf(pod, 'internal') === port
      ? []
      : [`${title} lets other routers ask at ${port}, and has no port of that number with the name internal`]),
    ...(context.production && resends?.['first-call'] !== 'durable'
      ? [`${title} may make a call beyond the budget when it crashes (openledger.resends.first-call)`]
      : []),
  ];
}

/** A router that stops leaves a lane to the others until it is final: not with every breath of the load. */
function scaledDown(world, { namespace, title, owner }) {
  return world
    .ofKind('HorizontalPodAutoscaler')
    .filter(({ metadata, spec }) => metadata?.namespace === namespace && spec?.scaleTargetRef?.name === owner.metadata?.name)
    .map(({ spec }) => spec.behavior?.scaleDown ?? {})
    .filter(({ selectPolicy, policies, stabilizationWindowSeconds = 300 }) => {
      const slow = policies?.length > 0 && policies.every(({ type, value }) => type === 'Pods' && value === 1);
      return selectPolicy !== 'Disabled' && !(stabilizationWindowSeconds >= CALM && slow);
    })
    .map(() => `${title} is scaled down at once, or by several routers: each leaves a lane that others have to finish (behavior.scaleDown)`);
}
