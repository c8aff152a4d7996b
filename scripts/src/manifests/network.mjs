// Who may talk to whom: what the policies let out and in, held against the addresses that stand in configurations.
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesOf, portOf, selects, title } from './cluster.mjs';

const { parseAllDocuments } = createRequire(resolve(dirname(fileURLToPath(import.meta.url)), '../../../dashboards/package.json'))('yaml');

const PORTS = { http: 80, https: 443, ws: 80, wss: 443, postgresql: 5432, postgres: 5432, redis: 6379 };
const ADDRESS = /^(?:jdbc:)?([a-z][a-z0-9+.-]*):\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^/:?#\s]+)(?::(\d+))?/i;
const PAIR = /^([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?):(\d{1,5})$/i;
const SELF = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;
const EVERYWHERE = /^(0\.0\.0\.0|\[::\])$/;
/** Keys whose addresses are not asked by the pod that reads them: links for people, names that look like addresses, what browsers ask. */
const NOT_ASKED = new Set(['runbook_url', 'origin', 'page', 'cors', 'generatorURL', 'external_url']);
/** Reserved for addresses that lead nowhere (RFC 6761). */
const NOWHERE = /\.invalid$/;
/** The address at which clouds tell a pod who the node is. */
const METADATA = '169.254.169.254';
const PUBLIC = '1.1.1.1';
/** One address of each private network, and the private networks of IPv6. */
const PRIVATE = ['10.0.0.1', '100.64.0.1', '127.0.0.1', '172.16.0.1', '192.168.0.1'];
const PRIVATE_6 = ['fc00::/7', 'fe80::/10'];
const BLOCK = /^(\d{1,3}(\.\d{1,3}){3}\/([0-9]|[12]\d|3[0-2])|[0-9a-f:]*:[0-9a-f:]*\/\d{1,3})$/;

export function network(world, context) {
  const policies = world.ofKind('NetworkPolicy');
  const needs = world.pods.flatMap((pod) => needsOf(world, context, pod));
  return [
    ...policies.flatMap((policy) => ofPolicy(world, policy)),
    ...denied(world, policies),
    ...world.pods.flatMap((pod) => covered(policies, pod)),
    ...needs.flatMap((need) => met(world, policies, need)),
    ...scraping(world, policies),
    ...serving(world, policies),
    ...world.pods.flatMap((pod) => names(world, policies, needs, pod)),
    ...unneeded(world, policies, needs),
    ...world.pods.flatMap((pod) => listening(world, context, pod)),
  ];
}

// --- policies by themselves

const typesOf = ({ spec = {} }) => spec.policyTypes ?? ['Ingress', ...(spec.egress ? ['Egress'] : [])];
const rulesOf = (policy, way) => (typesOf(policy).includes(way) ? (policy.spec?.[way.toLowerCase()] ?? []) : []);
const peersOf = (rule, way) => rule[way === 'Ingress' ? 'from' : 'to'];
const empty = (selector) => selector !== undefined && Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;
const appliesTo = (policy, pod) => policy.metadata?.namespace === pod.namespace && selects(policy.spec?.podSelector ?? {}, pod.labels);

function ofPolicy(world, policy) {
  const of = title(policy);
  const own = world.pods.filter((pod) => appliesTo(policy, pod));
  const types = typesOf(policy);
  return [
    ...(own.length > 0 || empty(policy.spec?.podSelector) ? [] : [`${of} is about no pod`]),
    ...['Ingress', 'Egress']
      .filter((way) => policy.spec?.[way.toLowerCase()] && !types.includes(way))
      .map((way) => `${of} has ${way.toLowerCase()} rules that do not count: policyTypes lacks ${way}`),
    ...(policy.spec?.policyTypes ? [] : [`${of} has no policyTypes`]),
    ...types.filter((type) => !['Ingress', 'Egress'].includes(type)).map((type) => `${of} has the policyType ${type}, which is none`),
    ...(policy.spec?.podSelector ? [] : [`${of} has no podSelector`]),
    ...(empty(policy.spec?.podSelector ?? {}) && !onlyNames(policy) ? [`${of} opens every pod of the namespace`] : []),
    ...['Ingress', 'Egress'].flatMap((way) => rulesOf(policy, way).flatMap((rule) => ofRule(world, policy, own, way, rule))),
  ];
}

/** Every pod may look up names, and nothing else. */
const onlyNames = (policy) =>
  rulesOf(policy, 'Ingress').length === 0 && rulesOf(policy, 'Egress').every(({ ports }) => ports?.every(({ port }) => port === 53));

function ofRule(world, policy, own, way, rule) {
  const of = title(policy);
  const lets = way === 'Ingress' ? 'lets in' : 'lets out to';
  const peers = peersOf(rule, way);
  const reached = way === 'Ingress' ? own : world.pods.filter((pod) => (peers ?? []).some((peer) => isPeer(policy, peer, pod)));
  return [
    ...(peers?.length > 0 ? [] : [`${of} ${lets} everybody: a rule has no ${way === 'Ingress' ? 'from' : 'to'}`]),
    ...(rule.ports?.length > 0 ? [] : [`${of} ${lets} all ports: a rule has no ports`]),
    ...(rule.ports ?? [])
      .filter(({ port }) => typeof port === 'string' && !reached.some((pod) => portOf(pod, port) !== undefined))
      .map(({ port }) => `${of} names the port ${port}, which no pod of it has`),
    ...(rule.ports ?? []).filter(({ port }) => port === undefined).map(() => `${of} ${lets} all ports: a port has no number`),
    ...(peers ?? []).flatMap((peer) => ofPeer(world, policy, lets, peer)),
  ];
}

function ofPeer(world, policy, lets, { podSelector, namespaceSelector, ipBlock }) {
  const of = title(policy);
  if (ipBlock) return ofBlock(of, lets, ipBlock);
  if (!podSelector && !namespaceSelector) return [`${of} has a rule with a peer that is nobody`];
  const everywhere = namespaceSelector && empty(namespaceSelector) && (!podSelector || empty(podSelector));
  const own = !namespaceSelector && podSelector;
  const found = own ? world.podsIn(policy.metadata?.namespace, podSelector) : [];
  return [
    ...(everywhere ? [`${of} ${lets} every pod of the cluster`] : []),
    ...(own && empty(podSelector) ? [`${of} ${lets} every pod of the namespace`] : []),
    ...(own && !empty(podSelector) && found.length === 0
      ? [`${of} ${lets} pods with labels that none has: ${JSON.stringify(podSelector.matchLabels)}`]
      : []),
  ];
}

function ofBlock(of, lets, block) {
  const { cidr, except = [] } = block;
  if (![cidr, ...except].every((one) => BLOCK.test(one))) return [`${of} has a block of addresses that is none: ${[cidr, ...except]}`];
  const six = cidr === '::/0' ? PRIVATE_6.filter((one) => !except.includes(one)) : [];
  const four = inside(PUBLIC, block) ? PRIVATE.filter((one) => inside(one, block)) : [];
  return [
    ...(inside(METADATA, block) ? [`${of} ${lets} the metadata of the cloud (${METADATA}), where a pod can become the node`] : []),
    ...[...four, ...six].map((one) => `${of} ${lets} the internet and private networks (${one}) alike`),
  ];
}

/** Whatever is started in a namespace later is held too. */
function denied(world, policies) {
  const denies = (policy, way) => empty(policy.spec?.podSelector) && typesOf(policy).includes(way) && rulesOf(policy, way).length === 0;
  return [...world.namespaces.keys()].flatMap((namespace) =>
    ['Ingress', 'Egress']
      .filter((way) => !policies.some((policy) => policy.metadata?.namespace === namespace && denies(policy, way)))
      .map((way) => `Namespace ${namespace} has no policy that denies all ${way.toLowerCase()} of pods that no other policy is about`),
  );
}

function covered(policies, pod) {
  return ['Ingress', 'Egress']
    .filter((way) => !policies.some((policy) => appliesTo(policy, pod) && typesOf(policy).includes(way)))
    .map((way) => `${pod.title} is open: no policy bounds its ${way.toLowerCase()}`);
}

// --- what a policy allows

function isPeer(policy, { podSelector, namespaceSelector, ipBlock }, pod) {
  if (ipBlock) return false;
  const namespaced = namespaceSelector
    ? selects(namespaceSelector, { 'kubernetes.io/metadata.name': pod.namespace, ...pod.namespaceLabels })
    : policy.metadata?.namespace === pod.namespace;
  return namespaced && (!podSelector || selects(podSelector, pod.labels));
}

const allowsPort = ({ ports }, pod, port, protocol = 'TCP') =>
  !ports?.length ||
  ports.some(
    (one) =>
      (one.protocol ?? 'TCP') === protocol &&
      (one.port === undefined ||
        one.port === port ||
        (typeof one.port === 'string' && portOf(pod, one.port) === port) ||
        (one.port <= port && port <= one.endPort)),
  );

/** Whether policies let one pod through to a port of another: out of the first (way Egress), or into the second (way Ingress). */
function lets(policies, way, from, to, port) {
  const [self, other] = way === 'Egress' ? [from, to] : [to, from];
  const own = policies.filter((policy) => appliesTo(policy, self) && typesOf(policy).includes(way));
  if (own.length === 0) return true;
  return own.some((policy) =>
    rulesOf(policy, way).some((rule) => {
      const peers = peersOf(rule, way);
      return allowsPort(rule, to, port) && (!peers?.length || peers.some((peer) => isPeer(policy, peer, other)));
    }),
  );
}

const number = (address) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const inBlock = (address, cidr) => {
  const [base, bits] = String(cidr).split('/');
  if (base.includes(':') || address.includes(':')) return false;
  return Math.floor(number(address) / 2 ** (32 - bits)) === Math.floor(number(base) / 2 ** (32 - bits));
};
const inside = (address, { cidr, except = [] }) => inBlock(address, cidr) && !except.some((one) => inBlock(address, one));

/** Whether a pod is let out of the cluster on a port: to that address, or if it is known by name alone, to any. */
function letsOutside(policies, pod, host, port) {
  const own = policies.filter((policy) => appliesTo(policy, pod) && typesOf(policy).includes('Egress'));
  const literal = /^\d+\.\d+\.\d+\.\d+$/.test(host);
  return (
    own.length === 0 ||
    own.some((policy) =>
      rulesOf(policy, 'Egress').some(
        (rule) => allowsPort(rule, pod, port) && (!rule.to?.length || rule.to.some(({ ipBlock }) => ipBlock && (!literal || inside(host, ipBlock)))),
      ),
    )
  );
}

// --- what is needed

/** Every address that a configuration, an argument or a variable of a pod names: {pod, host, port, where}. */
function needsOf(world, context, pod) {
  const seen = new Map();
  for (const container of pod.all) {
    const said = [
      ...[...(container.command ?? []), ...(container.args ?? [])].map((value) => ['its arguments', value]),
      ...(container.env ?? []).filter(({ name }) => !NOT_ASKED.has(name)).map(({ name, value }) => [`the variable ${name}`, value]),
      ...[...filesOf(world, context, pod, container)].flatMap(([path, { text }]) => addressesIn(path, text).map((value) => [path, value])),
    ];
    for (const [where, value] of said) {
      const need = addressOf(value);
      if (need && !NOWHERE.test(need.host)) seen.set(`${need.host}:${need.port}`, { pod, where: `${pod.title} (${where})`, ...need });
    }
  }
  return [...seen.values()];
}

function addressOf(value) {
  if (typeof value !== 'string') return undefined;
  const text = value.replace(/^--?[a-z.-]+=/, '');
  const url = ADDRESS.exec(text);
  if (url) return { host: url[2], port: Number(url[3] ?? PORTS[url[1].toLowerCase()] ?? NaN) };
  const pair = PAIR.exec(text);
  return pair ? { host: pair[1], port: Number(pair[2]) } : undefined;
}

/** The values in a file that may be addresses: every text of a YAML file, a whole .url file. Boards (JSON) are read by browsers. */
function addressesIn(path, text) {
  if (text === undefined || path.endsWith('.json')) return [];
  if (/\.url$/.test(path)) return [text.trim()];
  if (!/\.ya?ml$/.test(path)) return [];
  return parsed(text).flatMap((document) => texts(document));
}

const read = new Map();

/** The documents of a YAML file; none if it is not YAML, which its reader says. Not to be changed: a text is read once. */
export function parsed(text) {
  if (!read.has(text)) {
    const documents = parseAllDocuments(text, { merge: true });
    read.set(text, documents.some?.(({ errors }) => errors.length > 0) ? [] : documents.map((one) => one.toJS()));
  }
  return read.get(text);
}

function texts(value) {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  const { names, port } = value;
  const found = Array.isArray(names) && Number.isInteger(port) ? names.map((name) => `${name}:${port}`) : [];
  return [
    ...found,
    ...Object.entries(value)
      .filter(([key]) => !NOT_ASKED.has(key))
      .flatMap(([, one]) => texts(one)),
  ];
}

/** A host as the cluster's DNS reads it: [Service, namespace], or undefined if it is outside. A name of one word is a Service. */
function serviceOf(host, namespace) {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host) || host.startsWith('[')) return undefined;
  const [name, where = namespace, svc, ...rest] = host.replace(/\.cluster\.local$/, '').split('.');
  if (!host.includes('.')) return [name, namespace];
  return svc === 'svc' && rest.length === 0 ? [name, where] : undefined;
}

function met(world, policies, { pod, host, port, where }) {
  if (EVERYWHERE.test(host)) return [];
  if (!(port > 0)) return [`${where} leads to ${host} without a port`];
  if (SELF.test(host)) return portOf(pod, port) === undefined ? [`${where} leads to ${host}:${port}, and no container of the pod listens there`] : [];
  const named = serviceOf(host, pod.namespace);
  if (!named) return letsOutside(policies, pod, host, port) ? [] : [`${where} leads to ${host}:${port}, and no policy lets it out there`];
  const [name, namespace] = named;
  const service = world.find('Service', namespace, name);
  if (!service) {
    return world.namespaces.has(namespace) ? [`${where} leads to ${name}, which is no Service`] : foreign(policies, pod, namespace, port, where);
  }
  const entry = (service.spec?.ports ?? []).find((one) => one.port === port);
  if (!entry) return [`${where} leads to ${host}:${port}, which the Service does not have`];
  return world.podsIn(namespace, { matchLabels: service.spec?.selector ?? {} }).flatMap((target) => {
    const reached = portOf(target, entry.targetPort ?? port);
    if (reached === undefined) return [];
    return [
      ...(lets(policies, 'Egress', pod, target, reached) ? [] : [`${where} leads to ${host}:${port}, and no policy lets it out there`]),
      ...(lets(policies, 'Ingress', pod, target, reached) ? [] : [`${where} leads to ${host}:${port}, and no policy of ${target.title} lets it in`]),
    ];
  });
}

/** Pods of a namespace that somebody else makes. */
function foreign(policies, pod, namespace, port, where) {
  const there = { namespace, labels: {}, ports: [] };
  const anyPod = policies.filter((policy) => appliesTo(policy, pod));
  const open = anyPod.some((policy) =>
    rulesOf(policy, 'Egress').some(
      (rule) =>
        allowsPort(rule, there, port) &&
        (rule.to ?? []).some(({ namespaceSelector }) => namespaceSelector && isPeer(policy, { namespaceSelector }, there)),
    ),
  );
  return open ? [] : [`${where} leads to the namespace ${namespace}, port ${port}, and no policy lets it out there`];
}

/** Who scrapes by a PodMonitor is in another namespace: somebody has to be let in at that port. */
function scraping(world, policies) {
  return world.ofKind('PodMonitor').flatMap((monitor) =>
    world.podsIn(monitor.metadata?.namespace, monitor.spec?.selector).flatMap((pod) =>
      (monitor.spec?.podMetricsEndpoints ?? [])
        .map(({ port }) => portOf(pod, port))
        .filter((port) => port !== undefined && !someoneFromElsewhere(policies, pod, port))
        .map((port) => `${title(monitor)} has ${pod.title} scraped at ${port}, and no policy lets another namespace in there`),
    ),
  );
}

const someoneFromElsewhere = (policies, pod, port) =>
  policies
    .filter((policy) => appliesTo(policy, pod))
    .some((policy) =>
      rulesOf(policy, 'Ingress').some(
        (rule) => allowsPort(rule, pod, port) && (rule.from ?? []).some(({ namespaceSelector, ipBlock }) => namespaceSelector || ipBlock),
      ),
    );

/** A router that no client may reach is of no use, and its metrics are for nobody who is only a client. */
function serving(world, policies) {
  const routers = world.pods.filter((pod) => pod.labels['app.kubernetes.io/component'] === 'router' && portOf(pod, 'http') !== undefined);
  const both = (pod, rule) => ['http', 'metrics'].every((name) => allowsPort(rule, pod, portOf(pod, name)));
  return routers.flatMap((pod) => [
    ...(someoneFromElsewhere(policies, pod, portOf(pod, 'http')) ? [] : [`${pod.title} serves nobody: no policy lets clients in at its port http`]),
    ...policies
      .filter((policy) => appliesTo(policy, pod) && rulesOf(policy, 'Ingress').some((rule) => both(pod, rule)))
      .map((policy) => `${title(policy)} lets those who may ask ${pod.title} also read its metrics`),
  ]);
}

/** Who asks anything by its name asks the cluster's DNS first, by UDP and, for long answers, by TCP. */
function names(world, policies, needs, pod) {
  const asks = needs.some((need) => need.pod === pod && !SELF.test(need.host) && !EVERYWHERE.test(need.host) && !/^[\d.]+$/.test(need.host));
  const dns = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' }, ports: [] };
  const missing = ['UDP', 'TCP'].filter(
    (protocol) =>
      !policies.some(
        (policy) =>
          appliesTo(policy, pod) &&
          rulesOf(policy, 'Egress').some((rule) => allowsPort(rule, dns, 53, protocol) && (rule.to ?? []).some((peer) => isPeer(policy, peer, dns))),
      ),
  );
  return asks ? missing.map((protocol) => `${pod.title} asks others by name, and no policy lets it out to the cluster's DNS (${protocol} 53)`) : [];
}

/** What is let through between pods that nothing here asks for. */
function unneeded(world, policies, needs) {
  const asked = new Set(
    needs.flatMap(({ pod, host, port }) => {
      const named = serviceOf(host, pod.namespace);
      const service = named && world.find('Service', named[1], named[0]);
      const entry = service?.spec?.ports?.find((one) => one.port === port);
      if (!entry) return [];
      return world
        .podsIn(named[1], { matchLabels: service.spec?.selector ?? {} })
        .map((target) => `${pod.title} → ${target.title}:${portOf(target, entry.targetPort ?? port)}`);
    }),
  );
  return world.pods.flatMap((from) =>
    world.pods
      .filter((to) => to !== from)
      .flatMap((to) =>
        to.ports
          .map(({ containerPort }) => containerPort)
          .filter((port) => bounded(policies, from, to) && lets(policies, 'Egress', from, to, port) && lets(policies, 'Ingress', from, to, port))
          .filter((port) => !asked.has(`${from.title} → ${to.title}:${port}`))
          .map((port) => `${from.title} may reach ${to.title} at port ${port}, and nothing here asks for that`),
      ),
  );
}

/** Pods that no policy bounds are told so once, and not for each other pod. */
const bounded = (policies, from, to) => covered(policies, from).length + covered(policies, to).length === 0;

// --- what listens

/** Ports at which a configuration lets its program listen for other pods; undefined for a program that is not known. */
function listensAt(config) {
  if (config?.openledger) {
    const { http = {} } = config.quarkus ?? {};
    const { scrape = {} } = config.openledger.telemetry ?? {};
    return [http.host === '0.0.0.0' && (http.port ?? 8080), scrape.host === '0.0.0.0' && (scrape.port ?? 9464)].filter(Boolean);
  }
  if (Array.isArray(config?.providers) && config.providers.every(({ port }) => port)) {
    return config.host === '0.0.0.0' ? config.providers.map(({ port }) => port) : [];
  }
  if (config?.service?.pipelines) {
    const open = JSON.stringify(config).matchAll(/"endpoint":"(?:0\.0\.0\.0|\[::\]):(\d+)"|"host":"(?:0\.0\.0\.0|\[::\])","port":(\d+)/g);
    return [...open].map(([, one, other]) => Number(one ?? other));
  }
  return undefined;
}

function listening(world, context, pod) {
  return pod.containers.flatMap((container) => {
    const configs = [...filesOf(world, context, pod, container)]
      .filter(([path]) => /\.ya?ml$/.test(path))
      .flatMap(([, { text }]) => parsed(text ?? ''));
    const listens = configs.map(listensAt).filter(Boolean);
    if (listens.length === 0) return [];
    return (container.ports ?? [])
      .filter(({ containerPort }) => !listens.flat().includes(containerPort))
      .map(({ containerPort }) => `${pod.title} has the port ${containerPort}, where its configuration does not let it listen for other pods`);
  });
}
