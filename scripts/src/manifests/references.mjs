// Everything that names something else: that the other is there, and has what is wanted of it.
import { isDeepStrictEqual } from 'node:util';
import { parsed } from './addresses.mjs';
import { KINDS, THEIRS, filesOf, keysOf, portOf, quantity, selects, sourcesOf, subPathPattern, title, twice } from './cluster.mjs';

const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const CLUSTER_WIDE = ['Namespace'];
const MODES = ['ReadWriteOnce', 'ReadWriteOncePod', 'ReadOnlyMany', 'ReadWriteMany'];

export function references(world, context) {
  return [
    ...objects(world),
    ...namespaces(world),
    ...maps(world, context),
    ...unused(world),
    ...accounts(world),
    ...services(world),
    ...statefulSets(world),
    ...budgets(world),
    ...autoscalers(world, context),
    ...monitors(world),
    ...rules(world, context),
    ...watched(world, context),
    ...told(world, context),
  ];
}

/** What README.md tells people to type has to work. */
function told(world, { forwards, handled, production }) {
  const own = forwards.filter(({ namespace }) => world.namespaces.has(namespace));
  const names = [...new Set(forwards.map(({ namespace }) => namespace))];
  return [
    ...(own.length > 0 || production ? [] : [`README.md forwards ports from the namespace ${names}, and this makes ${[...world.namespaces.keys()]}`]),
    ...own
      .filter(({ namespace, service, port }) => !world.find('Service', namespace, service)?.spec?.ports?.some((one) => one.port === port))
      .map(({ service, port }) => `README.md forwards port ${port} of the Service ${service}, which is not there`),
    ...handled
      .filter(({ namespace }) => world.namespaces.has(namespace))
      .filter(({ namespace, kind, name }) => !world.pods.some(({ owner }) => owner.kind.toLowerCase() === kind && isCalled(owner, namespace, name)))
      .map(({ kind, name }) => `README.md has a command for ${kind}/${name}, which is not there`),
  ];
}

const isCalled = ({ metadata }, namespace, name) => metadata?.name === name && metadata?.namespace === namespace;

/** The router is scraped, its rules are there, and so are its boards: by the operator, or by a Prometheus and a Grafana of our own. */
function watched(world, context) {
  const { boards } = context;
  const grafanas = world.pods.filter(({ labels }) => labels['app.kubernetes.io/name'] === 'grafana');
  const configs = world.ofKind('ConfigMap').map(({ data }) => data ?? {});
  const prometheus = configs.flatMap((data) => (data['prometheus.yml'] ? parsed(data['prometheus.yml']) : []));
  const scrapes = configs.flatMap((data) => (data['prometheus.yml'] ? (parsed(data['prometheus.yml'])[0]?.scrape_configs ?? []) : []));
  const files = configs.flatMap((data) => Object.keys(data));
  return [
    ...(world.ofKind('PodMonitor').length > 0 || scrapes.some(({ job_name: job }) => job === 'openledger') ? [] : ['nobody scrapes the router']),
    ...scrapes
      .filter((scrape) => JSON.stringify(scrape).includes(':8889'))
      .map(({ job_name: job }) => `the job ${job} scrapes the router's metrics a second time, at the collector: boards would add them up`),
    ...(world.ofKind('PrometheusRule').length > 0 || files.some((file) => file.endsWith('.rules.yaml'))
      ? []
      : ['no rules are there: nothing alerts']),
    ...prometheus.filter(({ alerting }) => !alerting?.alertmanagers?.length).map(() => 'prometheus.yml tells no Alertmanager: it has no alerting'),
    ...prometheus.filter(({ rule_files: read }) => !read?.length).map(() => 'prometheus.yml reads no rules: it has no rule_files'),
    ...scrapes
      .filter(({ scheme = 'http', metrics_path: path = '/metrics' }) => scheme !== 'http' || path !== '/metrics')
      .map(({ job_name: job }) => `the job ${job} asks by TLS, or elsewhere than at /metrics, where nothing answers`),
    ...boards.filter((board) => !files.includes(board)).map((board) => `the board ${board} is in no ConfigMap`),
    ...grafanas.flatMap((pod) => {
      const seen = pod.containers.flatMap((container) => [...filesOf(world, context, pod, container).keys()]);
      return boards
        .filter((board) => !seen.some((path) => path.endsWith(`/${board}`)))
        .map((board) => `${pod.title} does not see the board ${board}`);
    }),
  ];
}

function objects({ objects }) {
  const keys = objects.map((one) => `${one.kind} ${one.metadata?.namespace ?? ''}/${one.metadata?.name}`);
  return [
    ...twice(keys).map((key) => `${key} is there twice`),
    ...objects
      .filter(({ kind, apiVersion }) => !(kind in KINDS) && !THEIRS[kind]?.test(apiVersion))
      .map((one) => `${title(one)} is of a kind that nobody here knows`),
    ...objects
      .filter(({ kind, apiVersion }) => kind in KINDS && apiVersion !== KINDS[kind])
      .map((one) => `${title(one)} has the apiVersion ${one.apiVersion}, which has no ${one.kind}`),
    ...objects.filter(({ metadata }) => !NAME.test(metadata?.name ?? '')).map((one) => `${title(one)} has a name that is none`),
    ...objects.flatMap((one) => labels(one)),
  ];
}

/** An account that is made is some pod's. */
function accounts(world) {
  const used = world.pods.map(({ namespace, spec }) => `${namespace}/${spec.serviceAccountName}`);
  return world
    .ofKind('ServiceAccount')
    .filter(({ metadata }) => !used.includes(`${metadata?.namespace}/${metadata?.name}`))
    .map((one) => `${title(one)} is used by no pod`);
}

function labels(object) {
  const all = { ...object.metadata?.labels, ...object.spec?.template?.metadata?.labels };
  return Object.entries(all)
    .filter(([, value]) => typeof value !== 'string' || !/^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/.test(value))
    .map(([key, value]) => `${title(object)} has the label ${key}=${value}, which is no label`);
}

function namespaces({ objects, namespaces }) {
  const enforce = 'pod-security.kubernetes.io/enforce';
  const bound = objects.filter(({ kind }) => !CLUSTER_WIDE.includes(kind));
  return [
    ...bound.filter(({ metadata }) => !metadata?.namespace).map((one) => `${title(one)} has no namespace`),
    ...bound
      .filter(({ metadata }) => metadata?.namespace && !namespaces.has(metadata.namespace))
      .map((one) => `${title(one)} is in the namespace ${one.metadata.namespace}, which nobody makes`),
    ...[...namespaces]
      .filter(([, labels]) => labels[enforce] !== 'restricted')
      .map(([name]) => `Namespace ${name} does not enforce the restricted profile of pod security`),
  ];
}

/** Each ConfigMap and Secret that a pod names, with the keys that it wants of it. */
function wanted(pod) {
  const volumes = (pod.spec.volumes ?? []).flatMap((volume) =>
    sourcesOf(volume).map((source) => ({ ...source, keys: (source.items ?? []).map(({ key }) => key), where: `the volume ${volume.name}` })),
  );
  const environment = pod.all.flatMap(({ name, env = [], envFrom = [] }) => {
    const where = `the environment of ${name}`;
    const single = env.flatMap(({ valueFrom: { configMapKeyRef, secretKeyRef } = {} }) => [
      configMapKeyRef && { kind: 'ConfigMap', ...configMapKeyRef, keys: [configMapKeyRef.key], where },
      secretKeyRef && { kind: 'Secret', ...secretKeyRef, keys: [secretKeyRef.key], where },
    ]);
    const whole = envFrom.flatMap(({ configMapRef, secretRef }) => [
      configMapRef && { kind: 'ConfigMap', ...configMapRef, keys: [], where },
      secretRef && { kind: 'Secret', ...secretRef, keys: [], where },
    ]);
    return [...single, ...whole].filter(Boolean);
  });
  const pulled = (pod.spec.imagePullSecrets ?? []).map(({ name }) => ({ kind: 'Secret', name, keys: [], where: 'imagePullSecrets' }));
  return [...volumes, ...environment, ...pulled];
}

function maps(world, context) {
  return world.pods.flatMap((pod) => [
    ...wanted(pod).flatMap(({ kind, name, keys, where, optional }) => {
      const there = keysOf(world, context, kind, pod.namespace, name);
      if (optional) return [];
      if (!there) return [`${pod.title} wants the ${kind} ${name} (${where}), which nobody makes`];
      return keys
        .filter((key) => !there.includes(key))
        .map((key) => `${pod.title} wants ${key} of the ${kind} ${name} (${where}), which it does not have`);
    }),
    ...pod.all.flatMap((container) => subPaths(world, context, pod, container)),
    ...pod.all.flatMap((container) => fields(pod, container)),
  ]);
}

/** A file that is mounted alone has to be in what it is mounted from; else there is an empty folder in its place. */
function subPaths(world, context, pod, { name, volumeMounts = [], env = [] }) {
  return volumeMounts.flatMap((mount) => {
    const sub = mount.subPath ?? mount.subPathExpr;
    const volume = (pod.spec.volumes ?? []).find((one) => one.name === mount.name);
    const sources = volume ? sourcesOf(volume) : [];
    if (sub === undefined || sources.length === 0) return [];
    const files = sources.flatMap(({ kind, name: of, items }) =>
      items ? items.map(({ path }) => path) : (keysOf(world, context, kind, pod.namespace, of) ?? []),
    );
    const variables = mount.subPathExpr ? [...mount.subPathExpr.matchAll(/\$\(([^)]*)\)/g)].map(([, variable]) => variable) : [];
    return [
      ...(files.some((file) => subPathPattern(sub).test(file))
        ? []
        : [`${pod.title}, container ${name} mounts ${sub} of ${mount.name}, which it does not have`]),
      ...variables
        .filter((variable) => !env.some((one) => one.name === variable))
        .map((variable) => `${pod.title}, container ${name} mounts by the variable ${variable}, which it does not have`),
    ];
  });
}

/** Fields of a pod that its environment can be made of. */
function fields(pod, { name, env = [] }) {
  const known =
    /^(metadata\.(name|namespace|uid|labels\['[^']+'\]|annotations\['[^']+'\])|spec\.(nodeName|serviceAccountName)|status\.(hostIPs?|podIPs?))$/;
  return env
    .map(({ name: variable, valueFrom }) => [variable, valueFrom?.fieldRef?.fieldPath])
    .filter(([, path]) => path !== undefined && !known.test(path))
    .map(([variable, path]) => `${pod.title}, container ${name} makes ${variable} of ${path}, which is no field of a pod`);
}

/** Boards are for whoever looks for their label; everything else that is made is used by a pod. */
function unused(world) {
  return [...world.ofKind('ConfigMap'), ...world.ofKind('Secret')]
    .filter(({ metadata }) => !metadata?.labels?.grafana_dashboard)
    .filter(
      (object) =>
        !world.pods.some(
          (pod) =>
            pod.namespace === object.metadata?.namespace &&
            wanted(pod).some(({ kind, name }) => kind === object.kind && name === object.metadata?.name),
        ),
    )
    .map((object) => `${title(object)} is used by no pod`);
}

/** How a pod listens at a port; by TCP where it does not have the port, which is told elsewhere. */
const protocolOf = (pod, port) => pod.ports.find(({ name, containerPort }) => name === port || containerPort === port)?.protocol ?? 'TCP';

function services(world) {
  return world.ofKind('Service').flatMap((service) => {
    const { selector, ports = [], clusterIP, type, publishNotReadyAddresses, externalIPs, internalTrafficPolicy } = service.spec ?? {};
    const of = title(service);
    const pods = world.podsIn(service.metadata?.namespace, selector && { matchLabels: selector });
    const headless = clusterIP === 'None';
    return [
      ...(pods.length > 0 ? [] : [`${of} selects no pod`]),
      ...(pods.length > 1 ? [`${of} selects the pods of ${pods.map((pod) => pod.title).join(' and ')}`] : []),
      ...pods.flatMap((pod) =>
        ports
          .filter(({ port, targetPort = port }) => portOf(pod, targetPort) === undefined)
          .map(({ port, targetPort = port }) => `${of} leads port ${port} to ${targetPort}, which ${pod.title} does not have`),
      ),
      ...(headless
        ? pods.flatMap((pod) =>
            ports
              .filter(({ port, targetPort = port }) => portOf(pod, targetPort) !== undefined && portOf(pod, targetPort) !== port)
              .map(({ port, targetPort = port }) => `${of} is headless: port ${port} is not led to ${targetPort} of ${pod.title}`),
          )
        : []),
      ...(ports.length === 0 ? [`${of} has no port`] : []),
      ...twice(ports.map(({ name }) => name)).map((name) => `${of} has two ports ${name}`),
      ...twice(ports.map(({ port, protocol = 'TCP' }) => `${port}/${protocol}`)).map((port) => `${of} has port ${port} twice`),
      ...(ports.length > 1 ? ports.filter(({ name }) => !name).map(({ port }) => `${of} has port ${port} without a name`) : []),
      ...(type && type !== 'ClusterIP' ? [`${of} is of type ${type}: who wants it outside of the cluster puts an ingress with TLS before it`] : []),
      ...(externalIPs ? [`${of} takes the addresses ${externalIPs}`] : []),
      ...pods.flatMap((pod) =>
        ports
          .filter(({ port, targetPort = port, protocol = 'TCP' }) => protocolOf(pod, targetPort) !== protocol)
          .map(({ port, protocol = 'TCP' }) => `${of} has port ${port} for ${protocol}, and ${pod.title} does not listen by that`),
      ),
      ...(internalTrafficPolicy === 'Local' ? [`${of} leads to pods of the same node alone (internalTrafficPolicy)`] : []),
      ...(publishNotReadyAddresses && !headless ? [`${of} leads clients to pods that are not ready`] : []),
    ];
  });
}

function statefulSets(world) {
  return world.ofKind('StatefulSet').flatMap((set) => {
    const { serviceName, volumeClaimTemplates = [], updateStrategy } = set.spec ?? {};
    const service = world.find('Service', set.metadata?.namespace, serviceName);
    const labels = set.spec?.template?.metadata?.labels ?? {};
    const of = title(set);
    return [
      ...(service ? [] : [`${of} has the headless Service ${serviceName}, which nobody makes`]),
      ...(service && service.spec?.clusterIP !== 'None' ? [`${of} names the Service ${serviceName}, which is not headless`] : []),
      ...(service && !selects({ matchLabels: service.spec?.selector }, labels)
        ? [`${of} names the Service ${serviceName}, which does not select its pods`]
        : []),
      ...(updateStrategy?.rollingUpdate?.partition > 0
        ? [`${of} is updated in part: the pods below ${updateStrategy.rollingUpdate.partition} stay as they are`]
        : []),
      ...(updateStrategy?.type === 'OnDelete' ? [`${of} is not updated until somebody deletes its pods`] : []),
      ...volumeClaimTemplates
        .filter(
          ({ spec }) =>
            !(quantity(spec?.resources?.requests?.storage) > 0) ||
            !spec?.accessModes?.length ||
            !spec.accessModes.every((mode) => MODES.includes(mode)),
        )
        .map(({ metadata }) => `${of} claims ${metadata?.name} without a size or a mode of access`),
    ];
  });
}

/** A selector that selects everything is a selector that somebody forgot. */
const everything = (of, selector) =>
  selector && Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0 ? [`${of} selects every pod`] : [];

const percent = (value) => (/^\d+%$/.test(value) ? Number(value.slice(0, -1)) / 100 : undefined);

function budgets(world) {
  return world.ofKind('PodDisruptionBudget').flatMap((budget) => {
    const { selector, minAvailable, maxUnavailable } = budget.spec ?? {};
    const of = title(budget);
    const pods = world.podsIn(budget.metadata?.namespace, selector);
    const count = pods.reduce((sum, pod) => sum + pod.least, 0);
    const kept = minAvailable === undefined ? undefined : Math.ceil((percent(minAvailable) ?? Number(minAvailable) / count) * count);
    const free = maxUnavailable === undefined ? undefined : (percent(maxUnavailable) ?? Number(maxUnavailable));
    return [
      ...(pods.length > 0 ? [] : [`${of} protects no pod`]),
      ...everything(of, selector),
      ...(minAvailable !== undefined && maxUnavailable !== undefined ? [`${of} has both minAvailable and maxUnavailable`] : []),
      ...(minAvailable === undefined && maxUnavailable === undefined ? [`${of} has neither minAvailable nor maxUnavailable`] : []),
      ...(pods.length > 0 && (kept >= count || free === 0)
        ? [`${of} can never be satisfied: none of ${count} pods may ever be evicted, so no node can be drained`]
        : []),
      ...(pods.length > 0 && free >= count && count > 1 ? [`${of} protects nothing: all ${count} pods may be evicted at once`] : []),
    ];
  });
}

function autoscalers(world, { adapter, metrics }) {
  return world.ofKind('HorizontalPodAutoscaler').flatMap((scaler) => {
    const { scaleTargetRef: target = {}, minReplicas = 1, maxReplicas, metrics: measured = [] } = scaler.spec ?? {};
    const of = title(scaler);
    const scaled = world.find(target.kind, scaler.metadata?.namespace, target.name);
    const named = measured.filter(({ type }) => type === 'Pods').map(({ pods }) => pods?.metric?.name);
    const rules = adapter?.rules?.custom ?? [];
    const series = rules.flatMap((rule) => [...`${rule.seriesQuery} ${rule.metricsQuery}`.matchAll(/openledger_[a-z_]+/g)].map(([name]) => name));
    return [
      ...(scaled ? [] : [`${of} scales ${target.kind} ${target.name}, which nobody makes`]),
      ...(scaled && scaled.apiVersion !== target.apiVersion
        ? [`${of} scales ${target.kind} of ${target.apiVersion}, and it is of ${scaled.apiVersion}`]
        : []),
      ...(scaled && scaled.spec?.replicas !== undefined
        ? [`${of} scales ${target.kind} ${target.name}, whose replicas are set back by every apply`]
        : []),
      ...(maxReplicas >= minReplicas ? [] : [`${of} has at most ${maxReplicas} replicas and at least ${minReplicas}`]),
      ...(measured.length > 0 ? [] : [`${of} measures nothing`]),
      ...measured
        .filter((one) => !(quantity(Object.values(one.pods?.target ?? one.resource?.target ?? {}).find((value) => quantity(value) > 0)) > 0))
        .map(({ type }) => `${of} has a metric of type ${type} without a value to aim at`),
      ...named
        .filter((name) => !rules.some((rule) => rule.name?.as === name))
        .map((name) => `${of} measures ${name}, for which adapter.yaml has no rule`),
      ...[...new Set(series)]
        .filter((name) => !metrics.includes(`\`${name.replace('openledger_', 'openledger.')}\``) && !metrics.includes(`\`${dotted(name, metrics)}\``))
        .map((name) => `adapter.yaml reads ${name}, which the router does not export`),
    ];
  });
}

/** The name of a metric as the reference has it: of all that it lists, the one that becomes this. */
const dotted = (name, metrics) =>
  [...metrics.matchAll(/^\| `([a-z_.]+)` \|/gm)].map(([, one]) => one).find((one) => one.replaceAll('.', '_') === name);

function monitors(world) {
  return world.ofKind('PodMonitor').flatMap((monitor) => {
    const { selector, podMetricsEndpoints = [], jobLabel, namespaceSelector } = monitor.spec ?? {};
    const of = title(monitor);
    const own = monitor.metadata?.namespace;
    const elsewhere = namespaceSelector?.matchNames && !namespaceSelector.matchNames.includes(own);
    const pods = elsewhere ? [] : world.podsIn(own, selector);
    return [
      ...(pods.length > 0 ? [] : [`${of} selects no pod`]),
      ...(podMetricsEndpoints.length > 0 ? [] : [`${of} scrapes nothing`]),
      ...everything(of, selector),
      ...podMetricsEndpoints
        .flatMap(({ interval, scrapeTimeout }) => [interval, scrapeTimeout])
        .filter((one) => one !== undefined && !/^(\d+(ms|s|m|h))+$/.test(one))
        .map((one) => `${of} has ${one}, which is no duration`),
      ...pods.flatMap((pod) =>
        podMetricsEndpoints
          .filter(({ port, portNumber }) => portOf(pod, port ?? portNumber) === undefined)
          .map(({ port, portNumber }) => `${of} scrapes port ${port ?? portNumber}, which ${pod.title} does not have`),
      ),
      ...pods
        .filter((pod) => pod.labels[jobLabel] !== 'openledger')
        .map((pod) => `${of} calls the job of ${pod.title} otherwise than "openledger", as the boards do`),
      ...podMetricsEndpoints
        .filter(({ interval, scrapeTimeout }) => parseFloat(scrapeTimeout) > parseFloat(interval))
        .map(() => `${of} waits for an answer longer than until the next one`),
      ...podMetricsEndpoints
        .filter(({ scheme }) => scheme && scheme.toLowerCase() !== 'http')
        .map(({ scheme }) => `${of} scrapes by ${scheme}, and metrics are without TLS`),
      ...podMetricsEndpoints
        .filter(({ path = '/metrics' }) => path !== '/metrics')
        .map(({ path }) => `${of} scrapes ${path}, and metrics are at /metrics`),
    ];
  });
}

/** One source of rules, whoever reads them; and each alert leads to its runbook. */
function rules(world, { rules }) {
  return world.ofKind('PrometheusRule').flatMap((object) => {
    const groups = object.spec?.groups ?? [];
    const alerts = groups.flatMap((group) => group.rules ?? []).filter(({ alert }) => alert);
    return [
      ...(isDeepStrictEqual(groups, rules.groups)
        ? []
        : [`${title(object)} is not dashboards/generated/openledger.rules.yaml: run "scripts/dashboards update"`]),
      ...alerts
        .filter(({ annotations }) => !URL.canParse(annotations?.runbook_url ?? ''))
        .map(({ alert }) => `${title(object)}: ${alert} has a runbook_url that is no address`),
    ];
  });
}
