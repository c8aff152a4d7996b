// What network policies let through, and what is wrong with one by itself.
import { portOf, selects, title } from './cluster.mjs';

/** The label that every namespace has by itself. */
const NAME = 'kubernetes.io/metadata.name';
/** Where a cluster's own DNS is. */
export const SYSTEM = 'kube-system';
/** The address at which clouds tell a pod who the node is. */
const METADATA = '169.254.169.254';
const PUBLIC = '1.1.1.1';
/** One address of each private network, and the private networks of IPv6. */
const PRIVATE = ['10.0.0.1', '100.64.0.1', '127.0.0.1', '172.16.0.1', '192.168.0.1'];
const PRIVATE_6 = ['fc00::/7', 'fe80::/10'];
const BLOCK = /^(\d{1,3}(\.\d{1,3}){3}\/([0-9]|[12]\d|3[0-2])|[0-9a-f:]*:[0-9a-f:]*\/\d{1,3})$/;

const typesOf = ({ spec = {} }) => spec.policyTypes ?? ['Ingress', ...(spec.egress ? ['Egress'] : [])];
export const rulesOf = (policy, way) => (typesOf(policy).includes(way) ? (policy.spec?.[way.toLowerCase()] ?? []) : []);
const peersOf = (rule, way) => rule[way === 'Ingress' ? 'from' : 'to'];
const empty = (selector) => selector !== undefined && Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;
export const appliesTo = (policy, pod) => policy.metadata?.namespace === pod.namespace && selects(policy.spec?.podSelector ?? {}, pod.labels);

export function ofPolicy(world, policy) {
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
    ...((peers ?? []).some(({ ipBlock }) => ipBlock && inside(PUBLIC, ipBlock)) ? ofInternet(of, way, rule) : []),
  ];
}

/** The internet is asked by TLS, and asks nobody here: an ingress does. */
function ofInternet(of, way, { ports = [] }) {
  if (way === 'Ingress') return [`${of} lets the internet in: who wants that puts an ingress with TLS before it`];
  return ports
    .filter(({ port, endPort = port }) => port !== 443 || endPort !== 443)
    .map(
      ({ port, endPort }) =>
        `${of} lets out to the internet at port ${endPort ? `${port} to ${endPort}` : port}, and all that is asked there is at 443`,
    );
}

/** A namespace has the label of its name, and others if somebody gives it them: README.md says who. */
export function namespacesOf({ namespaces }, { page }, policy) {
  const labels = ['Ingress', 'Egress']
    .flatMap((way) => rulesOf(policy, way).flatMap((rule) => peersOf(rule, way) ?? []))
    .flatMap(({ namespaceSelector }) => Object.entries(namespaceSelector?.matchLabels ?? {}));
  const known = ([key, value]) =>
    key === NAME
      ? value === SYSTEM || namespaces.has(value) || page.includes(`\`${value}\``)
      : new RegExp(`label namespace \\S+ ${key}=${value}\\b`).test(page);
  return labels
    .filter((label) => !known(label))
    .map(([key, value]) => `${title(policy)} names namespaces with ${key}=${value}, and README.md says of none that it has that`);
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
export function denied(world, policies) {
  const denies = (policy, way) => empty(policy.spec?.podSelector) && typesOf(policy).includes(way) && rulesOf(policy, way).length === 0;
  return [...world.namespaces.keys()].flatMap((namespace) =>
    ['Ingress', 'Egress']
      .filter((way) => !policies.some((policy) => policy.metadata?.namespace === namespace && denies(policy, way)))
      .map((way) => `Namespace ${namespace} has no policy that denies all ${way.toLowerCase()} of pods that no other policy is about`),
  );
}

export function covered(policies, pod) {
  return ['Ingress', 'Egress']
    .filter((way) => !policies.some((policy) => appliesTo(policy, pod) && typesOf(policy).includes(way)))
    .map((way) => `${pod.title} is open: no policy bounds its ${way.toLowerCase()}`);
}

export function isPeer(policy, { podSelector, namespaceSelector, ipBlock }, pod) {
  if (ipBlock) return false;
  const namespaced = namespaceSelector ? selects(namespaceSelector, { [NAME]: pod.namespace }) : policy.metadata?.namespace === pod.namespace;
  return namespaced && (!podSelector || selects(podSelector, pod.labels));
}

export const allowsPort = ({ ports }, pod, port, protocol = 'TCP') =>
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
export function lets(policies, way, from, to, port) {
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
export function letsOutside(policies, pod, host, port) {
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
