// Each pod by itself: that it runs hardened, with bounds, with what it mounts, and with probes that ask where something listens.
import { portOf, quantity, selects, sourcesOf, twice } from './cluster.mjs';

const SMALLEST_USER = 10_001;
const PATIENCE = 15;
const MAP_LIMIT = 2 ** 20;

/** The volumes that the restricted profile allows, without those of no use here. */
const VOLUMES = ['configMap', 'secret', 'emptyDir', 'projected', 'downwardAPI', 'persistentVolumeClaim', 'ephemeral', 'csi'];
const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'];
const SECRET_NAME = /(PASSWORD|PASSWD|TOKEN|SECRET|_KEY|APIKEY|CREDENTIAL)S?$/i;

export function pods(world, context) {
  return world.pods.flatMap((pod) => [...ofPod(world, pod), ...pod.all.flatMap((container) => ofContainer(world, context, pod, container))]);
}

function ofPod(world, pod) {
  const { spec, title } = pod;
  const account = world.find('ServiceAccount', pod.namespace, spec.serviceAccountName ?? 'default');
  const token = spec.automountServiceAccountToken ?? account?.automountServiceAccountToken;
  const said = (holds, sentence) => (holds ? [`${title} ${sentence}`] : []);
  const names = pod.all.map(({ name }) => name);
  const ports = pod.ports.map(({ name }) => name).filter(Boolean);
  const mounted = pod.all.flatMap(({ volumeMounts }) => (volumeMounts ?? []).map(({ name }) => name));
  const claims = (pod.owner.spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name);
  const volumes = [...(spec.volumes ?? []).map(({ name }) => name), ...claims];
  return [
    ...['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace'].filter((key) => spec[key]).map((key) => `${title} is not hardened: ${key}`),
    ...said((spec.securityContext?.sysctls ?? []).length > 0, 'is not hardened: it sets sysctls'),
    ...said(token !== false, 'gets a token of the API server: automountServiceAccountToken is not false'),
    ...said(JSON.stringify(spec.volumes ?? []).includes('serviceAccountToken'), 'gets a token of the API server by a volume'),
    ...said(
      spec.serviceAccountName && spec.serviceAccountName !== 'default' && !account,
      `runs as the ServiceAccount ${spec.serviceAccountName}, which nobody makes`,
    ),
    ...said(pod.containers.length === 0, 'has no container'),
    ...said(
      names.some((name) => !name),
      'has a container without a name',
    ),
    ...said(spec.enableServiceLinks !== false, "gets variables made of Services' names (enableServiceLinks), which programs may take for their own"),
    ...said(claims.length > 0 && !spec.securityContext?.fsGroup, 'claims volumes that its user cannot write: it has no fsGroup'),
    ...said(pod.owner.spec?.replicas === 0, 'has no replicas: nothing runs'),
    ...said(
      spec.priorityClassName && !spec.priorityClassName.startsWith('system-'),
      `has the PriorityClass ${spec.priorityClassName}, which nobody makes`,
    ),
    ...said(spec.dnsPolicy && spec.dnsPolicy !== 'ClusterFirst', `looks names up outside of the cluster: dnsPolicy ${spec.dnsPolicy}`),
    ...said(Boolean(spec.nodeName), 'is bound to one node by nodeName'),
    ...twice(names).map((name) => `${title} has two containers ${name}`),
    ...twice(ports).map((name) => `${title} has two ports ${name}`),
    ...twice(volumes).map((name) => `${title} has two volumes ${name}`),
    ...volumes.filter((name) => !mounted.includes(name)).map((name) => `${title} has the volume ${name}, which no container mounts`),
    ...(spec.volumes ?? []).flatMap((volume) => ofVolume(pod, volume)),
    ...spreading(pod),
    ...owning(world, pod),
  ];
}

const unreadable = ({ secret, configMap, projected }) => {
  const mode = (secret ?? configMap ?? projected)?.defaultMode;
  return mode !== undefined && (mode & 0o004) === 0;
};

function ofVolume({ title, spec }, volume) {
  const [kind] = Object.keys(volume).filter((key) => key !== 'name');
  return [
    ...(VOLUMES.includes(kind) ? [] : [`${title} has the volume ${volume.name} of the kind ${kind ?? 'emptyDir by default'}, which is not allowed`]),
    ...(unreadable(volume) && !spec.securityContext?.fsGroup
      ? [`${title} cannot read the volume ${volume.name}: its files are root's and nobody else's, and the pod has no fsGroup`]
      : []),
    ...(volume.emptyDir && !(quantity(volume.emptyDir.sizeLimit) > 0) ? [`${title} has the volume ${volume.name} without a sizeLimit`] : []),
    ...(kind === 'secret' && !volume.secret.secretName ? [`${title} has the volume ${volume.name} of a Secret without secretName`] : []),
  ];
}

function spreading({ title, spec, labels, most, owner }) {
  const constraints = spec.topologySpreadConstraints ?? [];
  return [
    ...constraints
      .filter(({ labelSelector }) => !labelSelector?.matchLabels || !selects(labelSelector, labels))
      .map(({ topologyKey }) => `${title} spreads over ${topologyKey} by labels that its pods have not got`),
    // Else the old pods decide where the new ones go, and then they are gone.
    ...constraints
      .filter(({ matchLabelKeys }) => owner.kind === 'Deployment' && !matchLabelKeys?.includes('pod-template-hash'))
      .map(({ topologyKey }) => `${title} spreads over ${topologyKey} together with pods that a rollout is about to end (matchLabelKeys)`),
    ...(most > 1 && !constraints.some(({ topologyKey }) => topologyKey === 'kubernetes.io/hostname')
      ? [`${title} has ${most} pods and does not spread them over nodes`]
      : []),
  ];
}

/** A workload finds its own pods, and no other's. */
function owning(world, pod) {
  const selector = pod.owner.spec?.selector;
  if (pod.ends || pod.owner.kind === 'Pod') return [];
  if (Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions ?? []).length === 0) return [`${pod.title} selects every pod`];
  const others = world.pods.filter((other) => other !== pod && other.namespace === pod.namespace && selects(selector, other.labels));
  return [
    ...(selects(selector, pod.labels) ? [] : [`${pod.title} selects labels that its own pods have not got`]),
    ...others.map((other) => `${pod.title} also selects the pods of ${other.title}`),
  ];
}

function ofContainer(world, context, pod, container) {
  const where = `${pod.title}, container ${container.name}`;
  const security = { ...pod.spec.securityContext, ...container.securityContext };
  return [
    ...hardened(where, security),
    ...image(where, pod, container, context),
    ...resources(where, pod, container),
    ...mounts(where, pod, container),
    ...environment(where, container),
    ...ports(where, container),
    ...(pod.containers.includes(container) && !pod.ends ? probes(where, pod, container) : []),
  ];
}

const above = (id) => Number.isInteger(id) && id >= SMALLEST_USER;

function hardened(where, security) {
  const drops = security.capabilities?.drop ?? [];
  const group = (name) => security[name] !== undefined && !above(security[name]);
  const wrong = [
    [security.runAsNonRoot !== true, 'it may run as root (runAsNonRoot)'],
    [!above(security.runAsUser), `its user is not above 10000 (runAsUser ${security.runAsUser ?? 'is missing'})`],
    [!above(security.runAsGroup), `its group is not above 10000 (runAsGroup ${security.runAsGroup ?? 'is missing'})`],
    [group('fsGroup'), `its files' group is not above 10000 (fsGroup ${security.fsGroup})`],
    [(security.supplementalGroups ?? []).some((one) => !above(one)), 'a group of it is not above 10000 (supplementalGroups)'],
    [!['RuntimeDefault', 'Localhost'].includes(security.seccompProfile?.type), 'it has no seccomp profile'],
    [security.allowPrivilegeEscalation !== false, 'it may gain privileges (allowPrivilegeEscalation)'],
    [security.privileged === true, 'it is privileged'],
    [security.readOnlyRootFilesystem !== true, 'its root can be written (readOnlyRootFilesystem)'],
    [!drops.includes('ALL'), 'it keeps capabilities (capabilities.drop)'],
    [(security.capabilities?.add ?? []).length > 0, `it has the capabilities ${security.capabilities?.add}`],
    [security.procMount && security.procMount !== 'Default', `procMount is ${security.procMount}`],
    [security.appArmorProfile?.type === 'Unconfined', 'AppArmor does not hold it'],
  ];
  return wrong.filter(([holds]) => holds).map(([, what]) => `${where} is not hardened: ${what}`);
}

/** An image has a version, and where Compose runs the same, it is the same. */
function image(where, pod, { image, imagePullPolicy }, { images }) {
  const [, repository, version] = /^(.*?)((?::[\w][\w.-]*)?(?:@sha256:[0-9a-f]{64})?)$/.exec(image ?? '') ?? [];
  const other = images.find((one) => one.startsWith(`${repository}:`));
  return [
    ...(repository && version && !repository.includes('@') && !/:latest$/.test(image) ? [] : [`${where} has an image without a version: ${image}`]),
    ...(['IfNotPresent', 'Always'].includes(imagePullPolicy) ? [] : [`${where} has no imagePullPolicy that can be relied on: ${imagePullPolicy}`]),
    ...(other && other !== image ? [`${where} runs ${image}, and deploy/compose runs ${other}`] : []),
  ];
}

function resources(where, pod, { resources }) {
  const { requests = {}, limits = {} } = resources ?? {};
  const given = [
    ['requests', 'cpu'],
    ['requests', 'memory'],
    ['requests', 'ephemeral-storage'],
    ['limits', 'memory'],
    ['limits', 'ephemeral-storage'],
  ];
  const values = { requests, limits };
  const directories = (pod.spec.volumes ?? [])
    .filter(({ emptyDir }) => emptyDir && emptyDir.medium !== 'Memory')
    .reduce((sum, { emptyDir }) => sum + (quantity(emptyDir.sizeLimit) || 0), 0);
  const disk = pod.containers.reduce((sum, one) => sum + (quantity(one.resources?.limits?.['ephemeral-storage']) || 0), 0);
  return [
    ...given.filter(([of, name]) => !(name in values[of])).map(([of, name]) => `${where} has no resources.${of}.${name}`),
    ...Object.entries(values).flatMap(([of, all]) =>
      Object.entries(all)
        .filter(([, value]) => !(quantity(value) > 0))
        .map(([name, value]) => `${where} has resources.${of}.${name} ${value}, which is no quantity`),
    ),
    ...Object.keys(requests)
      .filter((name) => quantity(requests[name]) > quantity(limits[name]))
      .map((name) => `${where} requests more ${name} than its limit`),
    // Millibytes are allowed, and never meant.
    ...[requests.memory, limits.memory].filter((one) => /m$/.test(one ?? '')).map((one) => `${where} has ${one} of memory, which is less than bytes`),
    ...(directories > disk ? [`${where}: the pod's emptyDirs may take more than its limits of ephemeral-storage`] : []),
  ];
}

function mounts(where, pod, { volumeMounts = [] }) {
  const claims = (pod.owner.spec?.volumeClaimTemplates ?? []).map(({ metadata }) => ({ name: metadata?.name }));
  const volumes = [...(pod.spec.volumes ?? []), ...claims];
  const paths = volumeMounts.map(({ mountPath }) => String(mountPath).replace(/\/$/, ''));
  return [
    ...volumeMounts
      .filter(({ name }) => !volumes.some((volume) => volume.name === name))
      .map(({ name, mountPath }) => `${where} mounts ${name} at ${mountPath}, and the pod has no such volume`),
    ...twice(paths).map((path) => `${where} mounts two volumes at ${path}`),
    ...volumeMounts.filter(({ mountPath }) => !/^\/./.test(mountPath ?? '')).map(({ name }) => `${where} mounts ${name} at no absolute path`),
    ...volumeMounts
      .filter(({ name, readOnly }) => !readOnly && sourcesOf(volumes.find((volume) => volume.name === name) ?? {}).length > 0)
      .map(({ name }) => `${where} mounts ${name} not readOnly, and it is configuration`),
  ];
}

function environment(where, { env = [] }) {
  return [
    ...twice(env.map(({ name }) => name)).map((name) => `${where} has the variable ${name} twice`),
    ...env
      .filter(({ name, value }) => value && SECRET_NAME.test(name) && !/^(\/|\$\()/.test(value))
      .map(({ name }) => `${where} has ${name} in the manifest: a secret is named by secretKeyRef`),
    ...env
      .filter(({ value, valueFrom }) => value === undefined && Object.keys(valueFrom ?? {}).length === 0)
      .map(({ name }) => `${where} has the variable ${name} without a value`),
    ...env.filter(({ value, valueFrom }) => value !== undefined && valueFrom).map(({ name }) => `${where} has ${name} with value and valueFrom`),
    ...env
      .filter(({ value }) => value !== undefined && typeof value !== 'string')
      .map(({ name }) => `${where} has ${name} with a value that is no text`),
  ];
}

function ports(where, { ports = [] }) {
  return ports.flatMap(({ name, containerPort, hostPort }) => [
    ...(Number.isInteger(containerPort) && containerPort > 0 && containerPort < 65536
      ? []
      : [`${where} has the port ${containerPort}, which is none`]),
    ...(containerPort < 1024 ? [`${where} listens at ${containerPort}, which needs a capability`] : []),
    ...(hostPort ? [`${where} is not hardened: it takes port ${hostPort} of the node`] : []),
    ...(name === undefined || (/^(?=.*[a-z])[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/.test(name) && !name.includes('--'))
      ? []
      : [`${where} has a port named ${name}, which is no name of a port (at most 15 of a-z, 0-9 and -)`]),
  ]);
}

/** Seconds that a container may be silent before it is killed. */
const patience = ({ periodSeconds = 10, failureThreshold = 3 }) => periodSeconds * failureThreshold;

function probes(where, pod, container) {
  const given = PROBES.filter((probe) => container[probe]);
  return [
    ...['readinessProbe', 'livenessProbe'].filter((probe) => !container[probe]).map((probe) => `${where} has no ${probe}`),
    ...given.flatMap((probe) => {
      const { httpGet, tcpSocket, exec, grpc } = container[probe];
      const asked = httpGet ?? tcpSocket ?? grpc;
      if (!asked && !exec) return [`${where} has a ${probe} that asks nothing`];
      const own = { ports: container.ports ?? [] };
      return [
        ...(asked && portOf(own, asked.port) === undefined
          ? [`${where} has a ${probe} at port ${asked.port}, which the container does not have`]
          : []),
        ...(asked?.scheme === 'HTTPS' ? [`${where} has a ${probe} that speaks TLS, and nothing here does`] : []),
        ...(asked?.host ? [`${where} has a ${probe} that asks another host: ${asked.host}`] : []),
        ...(exec && !(exec.command?.length > 0) ? [`${where} has a ${probe} that runs nothing`] : []),
      ];
    }),
    ...(container.livenessProbe && patience(container.livenessProbe) < PATIENCE
      ? [
          `${where} is killed after ${patience(container.livenessProbe)} s of silence (livenessProbe): a collection of garbage or a busy node takes longer`,
        ]
      : []),
    ...given
      .filter((probe) => (container[probe].timeoutSeconds ?? 1) > (container[probe].periodSeconds ?? 10))
      .map((probe) => `${where} has a ${probe} that may last longer than its period`),
  ];
}

/** ConfigMaps that no etcd takes, or no "kubectl apply", which keeps a copy of each object in it. */
export function sizes(world) {
  return [...world.ofKind('ConfigMap'), ...world.ofKind('Secret')].flatMap((object) => {
    const size = JSON.stringify(object).length;
    if (size > MAP_LIMIT) return [`${object.kind} ${object.metadata?.name} has more than 1 MiB`];
    return size > 2 ** 18 ? [`${object.kind} ${object.metadata?.name} has ${size} bytes: "kubectl apply" takes at most 262144`] : [];
  });
}
