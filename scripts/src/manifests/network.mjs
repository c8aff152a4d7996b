// Who may talk to whom: what the policies let out and in, held against the addresses that stand in configurations.
import { EVERYWHERE, SELF, listensAt, needsOf, parsed, serviceOf } from './addresses.mjs';
import { filesOf, portOf, selects, title } from './cluster.mjs';
import { internalPort } from './lanes.mjs';
import { SYSTEM, allowsPort, appliesTo, covered, denied, isPeer, lets, letsOutside, namespacesOf, ofPolicy, rulesOf } from './policies.mjs';

export function network(world, context) {
  const policies = world.ofKind('NetworkPolicy');
  const needs = world.pods.flatMap((pod) => needsOf(world, context, pod));
  return [
    ...policies.flatMap((policy) => [...ofPolicy(world, policy), ...namespacesOf(world, context, policy)]),
    ...denied(world, policies),
    ...world.pods.flatMap((pod) => covered(policies, pod)),
    ...needs.flatMap((need) => met(world, policies, need)),
    ...scraping(world, policies),
    ...serving(world, policies),
    ...world.pods.flatMap((pod) => forwarding(world, context, policies, pod)),
    ...world.pods.flatMap((pod) => names(world, policies, needs, pod)),
    ...unneeded(world, policies, needs),
    ...world.pods.flatMap((pod) => listening(world, context, pod)),
  ];
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

/** Routers of a cluster ask each other at a port of its own, and nobody else comes near it: whoever does could try to pass for a router. */
function forwarding(world, context, policies, pod) {
  const configs = pod.containers.flatMap((container) => [...filesOf(world, context, pod, container)]).filter(([path]) => /\.ya?ml$/.test(path));
  const ports = configs.flatMap(([, { text }]) => parsed(text ?? '')).map((config) => internalPort(config?.openledger ?? {}));
  const others = (policy, { podSelector, namespaceSelector }) =>
    !podSelector || namespaceSelector || world.podsIn(policy.metadata?.namespace, podSelector).some((other) => other !== pod);
  return [...new Set(ports.filter(Boolean))].flatMap((port) => [
    ...(lets(policies, 'Egress', pod, pod, port)
      ? []
      : [`${pod.title} forwards requests to its other pods at ${port}, and no policy lets it out there`]),
    ...(lets(policies, 'Ingress', pod, pod, port)
      ? []
      : [`${pod.title} forwards requests to its other pods at ${port}, and no policy lets it in there`]),
    ...policies
      .filter((policy) => appliesTo(policy, pod))
      .filter((policy) =>
        rulesOf(policy, 'Ingress').some((rule) => allowsPort(rule, pod, port) && (rule.from ?? []).some((peer) => others(policy, peer))),
      )
      .map((policy) => `${title(policy)} lets others than routers ask ${pod.title} at ${port}, where routers forward requests`),
    ...world
      .ofKind('Service')
      .filter(({ metadata, spec }) => metadata?.namespace === pod.namespace && selects(spec?.selector && { matchLabels: spec.selector }, pod.labels))
      .filter(({ spec }) => (spec.ports ?? []).some((one) => portOf(pod, one.targetPort ?? one.port) === port))
      .map((service) => `${title(service)} leads to ${port} of ${pod.title}, where routers ask each other by their own addresses`),
  ]);
}

/** Who asks anything by its name asks the cluster's DNS first, by UDP and, for long answers, by TCP. */
function names(world, policies, needs, pod) {
  const asks = needs.some((need) => need.pod === pod && !SELF.test(need.host) && !EVERYWHERE.test(need.host) && !/^[\d.]+$/.test(need.host));
  const dns = { namespace: SYSTEM, labels: { 'k8s-app': 'kube-dns' }, ports: [] };
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
