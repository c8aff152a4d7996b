// Rendered manifests as something that can be asked: what pods there will be, what selects them, what is in their files.

/** What a copy of an overlay may add, and which versions it has: how requests get in, and who makes Secrets. Nobody here looks inside. */
export const THEIRS = {
  Ingress: /^networking\.k8s\.io\/v1$/,
  HTTPRoute: /^gateway\.networking\.k8s\.io\/v1/,
  Gateway: /^gateway\.networking\.k8s\.io\/v1/,
  Certificate: /^cert-manager\.io\/v1$/,
  ExternalSecret: /^external-secrets\.io\/v1/,
  SealedSecret: /^bitnami\.com\/v1/,
};

/** Kinds with a template of pods. */
const WORKLOADS = { StatefulSet: 'apps/v1', Deployment: 'apps/v1', DaemonSet: 'apps/v1', Job: 'batch/v1', CronJob: 'batch/v1' };
/** Every kind that is known here, with the version that the API server has of it. */
export const KINDS = {
  ...WORKLOADS,
  Pod: 'v1',
  Namespace: 'v1',
  ServiceAccount: 'v1',
  ConfigMap: 'v1',
  Secret: 'v1',
  Service: 'v1',
  PodDisruptionBudget: 'policy/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  PodMonitor: 'monitoring.coreos.com/v1',
  PrometheusRule: 'monitoring.coreos.com/v1',
};

/** How an object is called in a sentence. */
export const title = ({ kind, metadata }) => `${kind} ${metadata?.name ?? 'without a name'}`;

const templateOf = ({ kind, spec, metadata }) => {
  if (kind === 'Pod') return { metadata, spec };
  return kind === 'CronJob' ? spec?.jobTemplate?.spec?.template : spec?.template;
};

/** What is asked of manifests: objects by kind, and the pods that they make. */
export function cluster(objects) {
  const ofKind = (kind) => objects.filter((one) => one.kind === kind);
  const pods = objects.filter(templateOf).map((owner) => podOf(owner, ofKind('HorizontalPodAutoscaler')));
  const namespaces = new Map(ofKind('Namespace').map(({ metadata }) => [metadata?.name, metadata?.labels ?? {}]));
  return {
    objects,
    ofKind,
    pods,
    namespaces,
    find: (kind, namespace, name) => ofKind(kind).find(({ metadata }) => metadata?.name === name && metadata?.namespace === namespace),
    podsIn: (namespace, selector) => pods.filter((pod) => pod.namespace === namespace && selects(selector, pod.labels)),
  };
}

function podOf(owner, autoscalers) {
  const { metadata, spec } = templateOf(owner);
  const scaled = autoscalers.find(({ spec: its }) => its?.scaleTargetRef?.kind === owner.kind && its?.scaleTargetRef?.name === owner.metadata?.name);
  const wanted = owner.spec?.replicas ?? 1;
  const containers = spec?.containers ?? [];
  return {
    owner,
    title: title(owner),
    namespace: owner.metadata?.namespace,
    labels: metadata?.labels ?? {},
    spec: spec ?? {},
    containers,
    all: [...(spec?.initContainers ?? []), ...containers],
    least: scaled?.spec?.minReplicas ?? (scaled ? 1 : wanted),
    most: scaled?.spec?.maxReplicas ?? wanted,
    ports: containers.flatMap(({ ports }) => ports ?? []),
    ends: ['Job', 'CronJob'].includes(owner.kind),
  };
}

/** Whether a label selector selects these labels; an empty one selects everything, none selects nothing. */
export function selects(selector, labels) {
  if (!selector) return false;
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return equal && (selector.matchExpressions ?? []).every((one) => expressed(one, labels));
}

function expressed({ key, operator, values = [] }, labels) {
  switch (operator) {
    case 'In':
      return values.includes(labels[key]);
    case 'NotIn':
      return !values.includes(labels[key]);
    case 'Exists':
      return key in labels;
    case 'DoesNotExist':
      return !(key in labels);
    default:
      return false;
  }
}

/** The number of a pod's port that is named by its name or its number; undefined if the pod has not got it. */
export const portOf = (pod, port) => pod.ports.find(({ name, containerPort }) => name === port || containerPort === port)?.containerPort;

/** What objects a volume is made of: kind, name, which keys become which files (all if undefined), and whether it may be missing. */
export function sourcesOf(volume) {
  const one = (kind, name, { items, optional } = {}) => ({ kind, name, items, optional });
  const direct = [
    volume.configMap && one('ConfigMap', volume.configMap.name, volume.configMap),
    volume.secret && one('Secret', volume.secret.secretName ?? volume.secret.name, volume.secret),
  ];
  const projected = (volume.projected?.sources ?? []).flatMap(({ configMap, secret }) => [
    configMap && one('ConfigMap', configMap.name, configMap),
    secret && one('Secret', secret.name, secret),
  ]);
  return [...direct, ...projected].filter(Boolean);
}

/** The keys of a ConfigMap or Secret; of a Secret that somebody else makes, those that the README makes. Undefined if there is none. */
export function keysOf({ find }, { given }, kind, namespace, name) {
  const object = find(kind, namespace, name);
  if (object) return Object.keys({ ...object.data, ...object.stringData, ...object.binaryData });
  return kind === 'Secret' ? given.get(name) : undefined;
}

const textOf = (object, key) => {
  const value = object?.stringData?.[key] ?? object?.data?.[key];
  return object?.kind === 'Secret' && object.stringData?.[key] === undefined && value !== undefined ? Buffer.from(value, 'base64').toString() : value;
};

/**
 * The files that a container sees from ConfigMaps and Secrets: path → {text, kind}, text undefined where somebody else makes the Secret. A path may
 * have a variable of the container in it: "$(PART)" stands for anything.
 */
export function filesOf(world, context, pod, container) {
  const files = new Map();
  for (const mount of (container.volumeMounts ?? []).filter(({ mountPath }) => mountPath)) {
    const volume = (pod.spec.volumes ?? []).find(({ name }) => name === mount.name);
    for (const source of volume ? sourcesOf(volume) : []) {
      const object = world.find(source.kind, pod.namespace, source.name);
      const keys = keysOf(world, context, source.kind, pod.namespace, source.name) ?? [];
      const named = (source.items ?? keys.map((key) => ({ key, path: key }))).filter(({ key }) => keys.includes(key));
      for (const { key, path } of named) {
        const file = { text: textOf(object, key), kind: source.kind, name: source.name, key };
        const sub = mount.subPath ?? mount.subPathExpr;
        if (sub === undefined) files.set(`${mount.mountPath}/${path}`, file);
        else if (subPathPattern(sub).test(path)) files.set(mount.mountPath, { ...file, keys: [...(files.get(mount.mountPath)?.keys ?? []), key] });
      }
    }
  }
  return files;
}

/** What a subPath, or a subPathExpr with variables in it, can be. */
export const subPathPattern = (sub) => new RegExp(`^${sub.replace(/[.*+?^${}|[\]\\]/g, '\\$&').replace(/\\\$\([^)]*\)/g, '[^/]+')}$`);

/** Names of a container's environment, without the values. undefined stands for a Secret that nobody knows. */
export function environmentOf(world, context, pod, container) {
  const from = (container.envFrom ?? []).flatMap(({ prefix = '', secretRef, configMapRef }) => {
    const [kind, reference] = secretRef ? ['Secret', secretRef] : ['ConfigMap', configMapRef];
    return (keysOf(world, context, kind, pod.namespace, reference?.name) ?? []).map((key) => prefix + key);
  });
  return new Set([...from, ...(container.env ?? []).map(({ name }) => name)]);
}

const UNITS = { '': 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/** The number that a quantity of Kubernetes is; NaN if it is none. */
export function quantity(value) {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(String(value ?? '')) ?? [];
  return number === undefined ? NaN : Number(number) * (UNITS[unit] ?? NaN);
}

const SECONDS = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Seconds of a duration as Quarkus reads it: 10S, 2M, PT1M30S, 500ms, or a number of seconds. */
export function seconds(value) {
  const text = String(value).toLowerCase().replace(/^pt/, '');
  if (/^\d+$/.test(text)) return Number(text);
  const parts = [...text.matchAll(/(\d+)(ms|s|m|h)/g)];
  return parts.map(([part]) => part).join('') === text && parts.length > 0
    ? parts.reduce((sum, [, number, unit]) => sum + Number(number) * SECONDS[unit], 0)
    : NaN;
}

export const twice = (values) => [...new Set(values.filter((value, at) => values.indexOf(value) !== at))];
