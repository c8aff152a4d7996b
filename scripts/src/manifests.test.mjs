// The checks of deploy/kubernetes find what they are there for: each fault here is planted in what an overlay renders to, and has to be found by
// its sentence. Where there is no kubectl, nothing can be rendered, and the tests are skipped by name.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { OVERLAYS, contextOf, faults, givenBy, rendered } from './manifests.mjs';
import { addressesOf } from './manifests/addresses.mjs';
import { quantity, seconds, selects, subPathPattern } from './manifests/cluster.mjs';
import { numbersIn } from './manifests/lanes.mjs';

const ROOT = new URL('../../', import.meta.url).pathname;
const OVERLAY = readdirSync(join(ROOT, OVERLAYS));

function kubectl() {
  try {
    return execFileSync(join(ROOT, 'scripts/kubectl'), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch (e) {
    if (e.status === 3) return undefined;
    throw e;
  }
}

const program = kubectl();
const skip = program ? false : 'this machine has no kubectl';
const manifests = Object.fromEntries(program ? OVERLAY.map((name) => [name, rendered(program, join(ROOT, OVERLAYS, name))]) : []);
const contexts = Object.fromEntries(OVERLAY.map((name) => [name, contextOf(ROOT, name)]));

for (const name of OVERLAY) {
  test(`what ${name} renders to fits together`, { skip }, () => {
    assert.deepEqual(faults(manifests[name], contexts[name]), []);
  });
}

/** Objects of an overlay by kind and by the beginning of their name, which a hash may follow. */
const finder = (objects) => (kind, name) => {
  const found = objects.find((one) => one.kind === kind && (one.metadata.name === name || one.metadata.name.replace(/-[a-z0-9]{10}$/, '') === name));
  assert.ok(found, `there is no ${kind} ${name}`);
  return found;
};
const podSpec = (workload) => workload.spec.template.spec;
const first = (workload) => podSpec(workload).containers[0];
const router = (of) => of('Deployment', 'router');
const variable = (of, name) => first(router(of)).env.find((one) => one.name === name);
const port = (of, name) => first(router(of)).ports.find((one) => one.name === name);
const volume = (workload, name) => podSpec(workload).volumes.find((one) => one.name === name);
const rename = (from, to) => (map, key) => (map.data[key] = map.data[key].replaceAll(from, to));

/** Edits a file of a ConfigMap: what stands there has to be there. */
function edit(map, key, from, to) {
  assert.ok(map.data[key].includes(from), `${from} does not stand in ${key}`);
  rename(from, to)(map, key);
}

const configured = (of, from, to) => edit(of('ConfigMap', 'openledger'), 'openledger.yaml', from, to);

const rule = (of, policy, way, at = 0) => of('NetworkPolicy', policy).spec[way][at];

/** overlay, what is planted, the sentence. */
const PLANTED = [
  // objects
  ['demo', (of, all) => all.push(structuredClone(of('Service', 'chain'))), /Service openledger-demo\/chain is there twice/],
  ['demo', (of) => delete of('Service', 'chain').metadata.namespace, /Service chain has no namespace/],
  ['demo', (of) => (of('Service', 'chain').metadata.namespace = 'chains'), /Service chain is in the namespace chains, which nobody makes/],
  [
    'production',
    (of) => delete of('Namespace', 'openledger').metadata.labels['pod-security.kubernetes.io/enforce'],
    /does not enforce the restricted profile/,
  ],
  [
    'production',
    (of) => (of('Namespace', 'openledger').metadata.labels['pod-security.kubernetes.io/enforce'] = 'baseline'),
    /does not enforce the restricted/,
  ],
  [
    'production',
    (of) => (of('PodDisruptionBudget', 'router').apiVersion = 'policy/v1beta1'),
    /PodDisruptionBudget router has the apiVersion policy\/v1beta1/,
  ],
  ['production', (of) => (of('PodDisruptionBudget', 'router').kind = 'DisruptionBudget'), /is of a kind that nobody here knows/],
  ['production', (of) => (of('Service', 'router').metadata.name = 'The_Router'), /Service The_Router has a name that is none/],
  ['production', (of) => (router(of).spec.template.metadata.labels.team = 'a b'), /has the label team=a b, which is no label/],
  // ConfigMaps and Secrets
  [
    'production',
    (of) => (volume(router(of), 'config').configMap.name = 'openledger'),
    /wants the ConfigMap openledger \(the volume config\), which nobody makes/,
  ],
  ['production', (of) => (volume(router(of), 'keys').secret.secretName = 'openledger-key'), /wants the Secret openledger-key .*, which nobody makes/],
  [
    'production',
    (of) => (variable(of, 'QUARKUS_DATASOURCE_PASSWORD').valueFrom.secretKeyRef.key = 'pass'),
    /wants pass of the Secret openledger-database .*, which it does not have/,
  ],
  [
    'production',
    (of) => (volume(router(of), 'keys').secret.items = [{ key: 'open-ai', path: 'openai' }]),
    /wants open-ai of the Secret openledger-keys/,
  ],
  ['demo', (of) => (first(of('Deployment', 'grafana')).env[0].valueFrom.secretKeyRef.name = 'admin'), /Deployment grafana wants the Secret admin/],
  ['demo', (of) => (first(router(of)).envFrom[0].secretRef.name = 'keys'), /wants the Secret keys \(the environment of router\)/],
  [
    'demo',
    (of) => (volume(of('Deployment', 'grafana'), 'boards').projected.sources[0].configMap.name = 'boards'),
    /grafana wants the ConfigMap boards/,
  ],
  [
    'demo',
    (of) => (first(of('StatefulSet', 'prometheus')).volumeMounts[0].subPath = 'config.yml'),
    /mounts config.yml of config, which it does not have/,
  ],
  [
    'production',
    (of) => (first(router(of)).volumeMounts.find(({ name }) => name === 'keys').subPathExpr = 'first-$(PART)'),
    /mounts by the variable PART/,
  ],
  [
    'production',
    (of) => (first(router(of)).volumeMounts.find(({ name }) => name === 'keys').subPathExpr = 'key-$(OPENLEDGER_LANE_SEED)'),
    /mounts key-\S+ of keys/,
  ],
  [
    'demo',
    (of, all) => all.push({ ...structuredClone(of('ConfigMap', 'fleet')), metadata: { name: 'spare', namespace: 'openledger-demo' } }),
    /ConfigMap spare is used by no pod/,
  ],
  ['demo', (of) => (of('ConfigMap', 'fleet').data.more = 'x'.repeat(300_000)), /ConfigMap fleet-\S+ has \d+ bytes: "kubectl apply" takes/],
  ['production', (of) => (podSpec(router(of)).imagePullSecrets = [{ name: 'registry' }]), /wants the Secret registry \(imagePullSecrets\)/],
  // files and configuration
  [
    'production',
    (of) => (first(router(of)).args[2] = '/etc/openledger/router.yaml'),
    /starts with \/etc\/openledger\/router.yaml, which is not mounted/,
  ],
  ['demo', (of) => (first(of('Deployment', 'collector')).args[1] = '/etc/otelcol/collector.yaml'), /wants the file \/etc\/otelcol\/collector.yaml/],
  [
    'production',
    (of) => edit(of('ConfigMap', 'openledger'), 'openledger.yaml', '/run/secrets/openledger/openai', '/run/secrets/openledger/azure'),
    /wants the file \/run\/secrets\/openledger\/azure/,
  ],
  [
    'production',
    (of) => (first(router(of)).volumeMounts = first(router(of)).volumeMounts.filter(({ name }) => name !== 'keys')),
    /wants the file \/run\/secrets\/openledger\/openai/,
  ],
  [
    'demo',
    (of) => edit(of('ConfigMap', 'prometheus'), 'prometheus.yml', 'rules/*.rules.yaml', 'rules/*.alerts.yaml'),
    /wants the file \/etc\/prometheus\/rules\/\*.alerts.yaml/,
  ],
  [
    'demo',
    (of) => edit(of('ConfigMap', 'alertmanager'), 'alertmanager.yml', 'page.url', 'pager.url'),
    /wants the file \/etc\/alertmanager\/pager.url/,
  ],
  [
    'demo',
    (of) => (first(of('Deployment', 'grafana')).env[1].value = '/etc/openledger/boards/home.json'),
    /wants the file \/etc\/openledger\/boards\/home.json/,
  ],
  [
    'production',
    (of) => edit(of('ConfigMap', 'openledger'), 'openledger.yaml', 'api-key-file', 'key-file'),
    /has openledger.providers.key-file, which is no key/,
  ],
  [
    'demo',
    (of) => edit(of('ConfigMap', 'openledger'), 'openledger.yaml', 'OPENLEDGER_LOG_KEY', 'LOG_KEY'),
    /has key-env: LOG_KEY, and the container has no such variable/,
  ],
  [
    'demo',
    (of) => edit(of('ConfigMap', 'openledger'), 'openledger.yaml', 'origin: demo', 'origin: ${SITE}'),
    /uses \$\{SITE\}, which the container does not have/,
  ],
  ['production', (of) => configured(of, '  cluster:\n', '  lane: 1\n  cluster:\n'), /Deployment router has both lane and lanes/],
  // lanes
  ['production', (of) => Object.assign(router(of), { kind: 'StatefulSet' }), /leaves the router of a dead node unreplaced/],
  [
    'production',
    (of) => first(router(of)).env.push({ name: 'OPENLEDGER_LANE', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }),
    /has the variable OPENLEDGER_LANE, which beats openledger.yaml/,
  ],
  ['production', (of) => configured(of, 'lanes: 1-8', 'lanes: 1-2,7'), /has up to 2 routers, and 3 lanes \(1-2,7\): a rollout needs twice as many/],
  ['production', (of) => configured(of, 'lanes: 1-8', 'lanes: 1 to 8'), /has up to 2 routers, and NaN lanes/],
  ['production', (of) => configured(of, '  lanes: 1-8\n', ''), /has up to 2 routers, and one lane/],
  ['production', (of) => (router(of).spec.replicas = 5), /has up to 5 routers, and 8 lanes/],
  ['production-autoscaled', (of) => (of('HorizontalPodAutoscaler', 'router').spec.maxReplicas = 8), /has up to 8 routers, and 8 lanes/],
  ['demo', (of) => (router(of).spec.replicas = 2), /has up to 2 routers, and one lane/],
  ['demo', (of) => (router(of).spec.strategy = { type: 'RollingUpdate' }), /has one lane, and starts a router before the old one has ended/],
  ['production', (of) => (router(of).spec.strategy = { type: 'Recreate' }), /stops all routers at a rollout/],
  ['production', (of) => (router(of).spec.strategy.rollingUpdate.maxUnavailable = 1), /does not replace routers one after the other/],
  ['production', (of) => delete router(of).spec.strategy, /does not replace routers one after the other/],
  ['production', (of) => (first(router(of)).startupProbe.failureThreshold = 120), /is killed after 240 s of waiting for a lane/],
  ['production', (of) => delete router(of).spec.progressDeadlineSeconds, /counts as failed after 600 s .*, and a start may last 1805 s/],
  ['production', (of) => delete router(of).spec.minReadySeconds, /goes on with a rollout at the first answer of a new router/],
  [
    'production',
    (of) => configured(of, 'lane-keys-env: OPENLEDGER_LANE_SEED', 'key-file: /run/secrets/openledger/openai'),
    /all would commit with one key \(settlement.key-file\)/,
  ],
  [
    'production',
    (of) => configured(of, 'lane-keys-env: OPENLEDGER_LANE_SEED', 'key-envs: { 1: OPENLEDGER_LANE_SEED }'),
    /has 8 lanes, and 1 of them have a key/,
  ],
  ['production', (of) => configured(of, '  cluster:\n', '  log: { origin: example.com/log }\n  cluster:\n'), /all their logs would have one name/],
  ['production', (of) => configured(of, 'lane-keys-env: OPENLEDGER', 'lane-keys-env: LANE'), /has lane-keys-env: LANE_LANE_SEED, and the container/],
  [
    'production',
    (of) => configured(of, 'lane-keys-env: OPENLEDGER_LANE_SEED', 'key-envs: { 1: NO_SUCH }'),
    /has 1: NO_SUCH, and the container has no such variable/,
  ],
  // one budget
  ['production', (of) => configured(of, 'enabled: true', 'enabled: false'), /has up to 2 routers, and each gives a resend a budget of its own/],
  [
    'production',
    (of) => (variable(of, 'OPENLEDGER_CLUSTER_INTERNAL_HOST').valueFrom.fieldRef.fieldPath = 'status.hostIP'),
    /does not make OPENLEDGER_CLUSTER_INTERNAL_HOST of the address of its pod/,
  ],
  [
    'production',
    (of) => configured(of, 'enabled: true\n', 'enabled: true\n    internal: { host: router }\n'),
    /has one internal.host for all of its pods/,
  ],
  ['production', (of) => configured(of, '    key-env: OPENLEDGER_CLUSTER_KEY\n', ''), /has a cluster, and no secret of it/],
  [
    'production',
    (of) => (variable(of, 'OPENLEDGER_CLUSTER_KEY').valueFrom.secretKeyRef.name = 'openledger-clusters'),
    /wants the Secret openledger-clusters .*, which nobody makes/,
  ],
  ['production', (of) => (variable(of, 'OPENLEDGER_LANE_SEED').valueFrom.secretKeyRef.key = 'lane-1'), /wants lane-1 of the Secret openledger-lanes/],
  [
    'production',
    (of) => configured(of, 'enabled: true\n', 'enabled: true\n    internal: { port: 8082 }\n'),
    /lets other routers ask at 8082, and has no port of that number with the name internal/,
  ],
  ['production', (of) => (port(of, 'internal').containerPort = 8082), /has the port 8082, where its configuration does not let it listen/],
  ['production', (of) => configured(of, 'first-call: durable', 'first-call: eager'), /may make a call beyond the budget when it crashes/],
  ['production', (of) => delete podSpec(router(of)).enableServiceLinks, /gets variables made of Services' names/],
  // draining and health
  ['production', (of) => (podSpec(router(of)).terminationGracePeriodSeconds = 120), /is killed after 120 s .* and may drain for 151 s/],
  ['demo', (of) => delete podSpec(router(of)).terminationGracePeriodSeconds, /is killed after 30 s .* and may drain for 41 s/],
  ['production', (of) => edit(of('ConfigMap', 'openledger'), 'openledger.yaml', 'timeout: 2M', 'timeout: 10M'), /may drain for 631 s/],
  ['production', (of) => delete first(router(of)).lifecycle, /stops to take requests before balancers know/],
  ['production', (of) => (first(router(of)).lifecycle.preStop = { exec: { command: ['sleep', '5'] } }), /whose image has nothing that could run/],
  [
    'production',
    (of) => (first(router(of)).livenessProbe.httpGet.path = '/q/health/ready'),
    /has a livenessProbe that does not ask \/q\/health\/live/,
  ],
  ['production', (of) => (first(router(of)).startupProbe.failureThreshold = 10), /is killed when its start takes longer than 20 s/],
  ['production', (of) => delete first(router(of)).readinessProbe, /container router has no readinessProbe/],
  [
    'demo',
    (of) => (first(of('Deployment', 'collector')).readinessProbe.httpGet.port = 'ready'),
    /has a readinessProbe at port ready, which the container does not have/,
  ],
  ['demo', (of) => (first(of('Deployment', 'chain')).livenessProbe.tcpSocket.port = 8546), /has a livenessProbe at port 8546/],
  ['demo', (of) => (first(of('Deployment', 'traces')).readinessProbe.timeoutSeconds = 30), /may last longer than its period/],
  // Services
  ['production', (of) => (of('Service', 'router').spec.selector['app.kubernetes.io/name'] = 'router'), /Service router selects no pod/],
  [
    'production',
    (of) => (of('Service', 'router').spec.ports[0].targetPort = 'web'),
    /Service router leads port 8080 to web, which Deployment router does not have/,
  ],
  ['production', (of) => (of('Service', 'router').spec.ports[0].targetPort = 8082), /leads port 8080 to 8082/],
  ['production', (of) => (of('Service', 'router').spec.ports[0].targetPort = 8081), /Service router leads to 8081 of Deployment router, where/],
  ['demo', (of) => (of('StatefulSet', 'postgres').spec.serviceName = 'database'), /has the headless Service database, which nobody makes/],
  ['demo', (of) => (of('StatefulSet', 'postgres').spec.serviceName = 'router'), /names the Service router, which is not headless/],
  ['production', (of) => (of('Service', 'router').spec.type = 'LoadBalancer'), /is of type LoadBalancer/],
  ['production', (of) => (of('Service', 'router').spec.publishNotReadyAddresses = true), /leads clients to pods that are not ready/],
  ['demo', (of) => (of('Service', 'postgres').spec.ports[0].port = 5433), /Service postgres is headless: port 5433 is not led/],
  ['demo', (of) => delete of('Service', 'collector').spec.ports[0].name, /has port 4318 without a name/],
  // selectors
  [
    'production',
    (of) => (router(of).spec.selector.matchLabels['app.kubernetes.io/name'] = 'router'),
    /selects labels that its own pods have not got/,
  ],
  [
    'demo',
    (of) => (of('Deployment', 'traces').spec.template.metadata.labels['app.kubernetes.io/name'] = 'collector'),
    /Deployment collector also selects the pods of Deployment traces/,
  ],
  [
    'production',
    (of) => (podSpec(router(of)).topologySpreadConstraints[1].labelSelector.matchLabels = { app: 'router' }),
    /spreads over kubernetes.io\/hostname by labels/,
  ],
  [
    'production',
    (of) => delete podSpec(router(of)).topologySpreadConstraints[1].matchLabelKeys,
    /spreads over kubernetes.io\/hostname together with pods that a rollout is about to end/,
  ],
  ['production', (of) => delete podSpec(router(of)).topologySpreadConstraints, /does not spread them over nodes/],
  // budgets and scaling
  [
    'production',
    (of) => (of('PodDisruptionBudget', 'router').spec.selector.matchLabels = { app: 'router' }),
    /PodDisruptionBudget router protects no pod/,
  ],
  ['production', (of) => (of('PodDisruptionBudget', 'router').spec.maxUnavailable = 0), /can never be satisfied/],
  [
    'production',
    (of) => Object.assign(of('PodDisruptionBudget', 'router').spec, { maxUnavailable: undefined, minAvailable: 2 }),
    /can never be satisfied/,
  ],
  [
    'production',
    (of) => Object.assign(of('PodDisruptionBudget', 'router').spec, { maxUnavailable: undefined, minAvailable: '80%' }),
    /can never be satisfied/,
  ],
  ['production', (of) => (of('PodDisruptionBudget', 'router').spec.minAvailable = 1), /has both minAvailable and maxUnavailable/],
  ['production', (of) => (of('PodDisruptionBudget', 'router').spec.maxUnavailable = 2), /protects nothing/],
  ['production', (of, all) => all.splice(all.indexOf(of('PodDisruptionBudget', 'router')), 1), /has no PodDisruptionBudget/],
  [
    'production-autoscaled',
    (of) => (of('HorizontalPodAutoscaler', 'router').spec.scaleTargetRef.kind = 'StatefulSet'),
    /scales StatefulSet router, which nobody makes/,
  ],
  ['production-autoscaled', (of) => (router(of).spec.replicas = 2), /whose replicas are set back by every apply/],
  ['production-autoscaled', (of) => (of('HorizontalPodAutoscaler', 'router').spec.minReplicas = 5), /at most 4 replicas and at least 5/],
  [
    'production-autoscaled',
    (of) => (of('HorizontalPodAutoscaler', 'router').spec.metrics[0].pods.metric.name = 'in_flight'),
    /measures in_flight, for which adapter.yaml has no rule/,
  ],
  // monitoring
  ['production', (of) => (of('PodMonitor', 'router').spec.selector.matchLabels = { app: 'router' }), /PodMonitor router selects no pod/],
  [
    'production',
    (of) => (of('PodMonitor', 'router').spec.podMetricsEndpoints[0].port = 'prometheus'),
    /scrapes port prometheus, which Deployment router does not have/,
  ],
  ['production', (of) => delete of('PodMonitor', 'router').spec.jobLabel, /calls the job of Deployment router otherwise/],
  ['production', (of) => (of('PodMonitor', 'router').spec.namespaceSelector = { matchNames: ['default'] }), /PodMonitor router selects no pod/],
  ['production', (of) => of('PrometheusRule', 'openledger').spec.groups.pop(), /is not dashboards\/generated\/openledger.rules.yaml/],
  [
    'production',
    (of) => (of('PrometheusRule', 'openledger').spec.groups.at(-1).rules[0].annotations.runbook_url = 'OpenLedgerAvailability.md'),
    /has a runbook_url that is no address/,
  ],
  // hardening
  ['production', (of) => (podSpec(router(of)).serviceAccountName = 'routers'), /runs as the ServiceAccount routers, which nobody makes/],
  [
    'production',
    (of) => delete podSpec(router(of)).automountServiceAccountToken && (of('ServiceAccount', 'router').automountServiceAccountToken = true),
    /gets a token of the API server/,
  ],
  ['demo', (of) => (podSpec(of('StatefulSet', 'postgres')).securityContext.runAsUser = 999), /its user is not above 10000 \(runAsUser 999\)/],
  ['demo', (of) => (podSpec(of('StatefulSet', 'postgres')).securityContext.fsGroup = 0), /its files' group is not above 10000 \(fsGroup 0\)/],
  ['demo', (of) => (first(of('Deployment', 'chain')).securityContext.runAsUser = 0), /Deployment chain, container chain .* \(runAsUser 0\)/],
  ['production', (of) => delete podSpec(router(of)).securityContext.runAsGroup, /runAsGroup is missing/],
  ['production', (of) => (podSpec(router(of)).securityContext.runAsNonRoot = false), /it may run as root/],
  ['production', (of) => (first(router(of)).securityContext.readOnlyRootFilesystem = false), /its root can be written/],
  ['production', (of) => delete first(router(of)).securityContext.allowPrivilegeEscalation, /it may gain privileges/],
  ['production', (of) => (first(router(of)).securityContext.capabilities.add = ['NET_ADMIN']), /it has the capabilities NET_ADMIN/],
  [
    'demo',
    (of) => (podSpec(router(of)).initContainers[0].securityContext.capabilities.drop = []),
    /container registry is not hardened: it keeps capabilities/,
  ],
  ['production', (of) => delete podSpec(router(of)).securityContext.seccompProfile, /it has no seccomp profile/],
  ['production', (of) => (podSpec(router(of)).hostNetwork = true), /is not hardened: hostNetwork/],
  ['production', (of) => (port(of, 'http').hostPort = 8080), /it takes port 8080 of the node/],
  ['production', (of) => podSpec(router(of)).volumes.push({ name: 'node', hostPath: { path: '/' } }), /of the kind hostPath, which is not allowed/],
  ['production', (of) => first(router(of)).env.push({ name: 'OPENAI_API_KEY', value: 'sk-1' }), /has OPENAI_API_KEY in the manifest/],
  [
    'production',
    (of) => (first(router(of)).securityContext.readOnlyRootFileSystem = true),
    /has the field spec.template.spec.containers\[0\].securityContext.readOnlyRootFileSystem, which Kubernetes does not know/,
  ],
  ['production', (of) => (podSpec(router(of)).terminationGracePeriod = 160), /has the field spec.template.spec.terminationGracePeriod, which/],
  // resources, images, volumes, ports
  ['production', (of) => delete first(router(of)).resources.limits.memory, /has no resources.limits.memory/],
  ['production', (of) => delete first(router(of)).resources.requests['ephemeral-storage'], /has no resources.requests.ephemeral-storage/],
  ['demo', (of) => delete first(of('Deployment', 'providers')).resources, /container providers has no resources.requests.cpu/],
  ['production', (of) => (first(router(of)).resources.limits.memory = '1GB'), /resources.limits.memory 1GB, which is no quantity/],
  ['production', (of) => (first(router(of)).resources.requests.memory = '2Gi'), /requests more memory than its limit/],
  ['production', (of) => (first(router(of)).resources.limits.memory = '600Mi'), /the JVM's heap alone may take 512Mi of it/],
  ['production', (of) => delete volume(router(of), 'tmp').emptyDir.sizeLimit, /has the volume tmp without a sizeLimit/],
  ['production', (of) => (volume(router(of), 'tmp').emptyDir.sizeLimit = '1Gi'), /emptyDirs may take more than its limits of ephemeral-storage/],
  ['production', (of) => (first(router(of)).image = 'registry.example.com/openledger'), /has an image without a version/],
  ['production', (of) => (first(router(of)).image = 'registry.example.com/openledger:latest'), /has an image without a version/],
  [
    'demo',
    (of) => (first(of('StatefulSet', 'postgres')).image = 'docker.io/library/postgres:17'),
    /runs docker.io\/library\/postgres:17, and deploy\/compose runs/,
  ],
  ['production', (of) => delete first(router(of)).imagePullPolicy, /has no imagePullPolicy/],
  ['production', (of) => (first(router(of)).volumeMounts.at(-1).name = 'temporary'), /mounts temporary at \/tmp, and the pod has no such volume/],
  [
    'production',
    (of) => podSpec(router(of)).volumes.push({ name: 'spare', emptyDir: { sizeLimit: '1Mi' } }),
    /has the volume spare, which no container mounts/,
  ],
  ['production', (of) => (first(router(of)).volumeMounts.at(-1).mountPath = '/etc/openledger'), /mounts two volumes at \/etc\/openledger/],
  ['production', (of) => (port(of, 'metrics').name = 'http'), /has two ports http/],
  ['production', (of) => (port(of, 'metrics').name = 'metrics-of-router'), /no name of a port/],
  ['demo', (of) => (first(of('Deployment', 'grafana')).ports[0].containerPort = 80), /listens at 80, which needs a capability/],
  ['demo', (of) => (of('Deployment', 'chain').spec.replicas = 0), /has no replicas/],
  // the network
  [
    'production',
    (of, all) => all.splice(all.indexOf(of('NetworkPolicy', 'router-to-database')), 1),
    /leads to postgres.example.com:5432, and no policy lets it out/,
  ],
  ['production', (of) => (rule(of, 'router', 'egress').ports[0].port = 8443), /leads to api.openai.com:443, and no policy lets it out/],
  [
    'production',
    (of) => edit(of('ConfigMap', 'openledger'), 'openledger.yaml', 'https://rpc.example.com', 'http://rpc.example.com:8545'),
    /leads to rpc.example.com:8545, and no policy/,
  ],
  [
    'production',
    (of) => edit(of('ConfigMap', 'openledger'), 'openledger.yaml', 'postgres.example.com', '172.40.0.5'),
    /leads to 172.40.0.5:5432, and no policy lets it out/,
  ],
  [
    'demo',
    (of) => edit(of('ConfigMap', 'openledger'), 'openledger.yaml', 'http://chain:8545', 'http://node:8545'),
    /leads to node, which is no Service/,
  ],
  [
    'demo',
    (of) => edit(of('ConfigMap', 'openledger'), 'openledger.yaml', 'postgres:5432', 'postgres:5433'),
    /leads to postgres:5433, which the Service does not have/,
  ],
  [
    'demo',
    (of) => edit(of('ConfigMap', 'openledger'), 'openledger.yaml', '- http://chain:8545', '- http://127.0.0.1:8545'),
    /leads to 127.0.0.1:8545, and no container of the pod listens there/,
  ],
  ['demo', (of) => (rule(of, 'router-to-chain', 'egress').ports[0].port = 8546), /leads to chain:8545, and no policy lets it out there/],
  [
    'demo',
    (of) => (rule(of, 'collector', 'ingress').from[0].podSelector.matchLabels['app.kubernetes.io/component'] = 'proxy'),
    /collector:4318, and no policy of Deployment collector lets it in/,
  ],
  ['demo', (of) => of('NetworkPolicy', 'grafana').spec.egress.pop(), /leads to traces:16686, and no policy lets it out there/],
  [
    'demo',
    (of, all) => all.splice(all.indexOf(of('NetworkPolicy', 'router-metrics')), 1),
    /leads to router-metrics:9464, and no policy of Deployment router lets it in/,
  ],
  [
    'demo',
    (of) => edit(of('ConfigMap', 'collector'), 'config.yaml', 'http://traces:4318', 'http://tempo:4318'),
    /leads to tempo, which is no Service/,
  ],
  [
    'demo',
    (of) => edit(of('ConfigMap', 'grafana-datasources'), 'openledger.yaml', 'prometheus:9090', 'prometheus:9091'),
    /leads to prometheus:9091, which the Service does not have/,
  ],
  [
    'demo',
    (of) => edit(of('ConfigMap', 'prometheus'), 'prometheus.yml', 'names: [router-metrics]', 'names: [lanes]'),
    /leads to lanes, which is no Service/,
  ],
  ['demo', (of) => (podSpec(router(of)).initContainers[0].args[3] = 'http://anvil:8545'), /leads to anvil, which is no Service/],
  [
    'demo',
    (of) => edit(of('ConfigMap', 'openledger'), 'openledger.yaml', 'http://collector:4318', 'http://collector.monitoring.svc:4318'),
    /leads to the namespace monitoring, port 4318, and no policy/,
  ],
  [
    'production',
    (of, all) => all.splice(all.indexOf(of('NetworkPolicy', 'names')), 1),
    /asks others by name, and no policy lets it out to the cluster's DNS \(UDP 53\)/,
  ],
  ['production', (of) => rule(of, 'names', 'egress').ports.pop(), /cluster's DNS \(TCP 53\)/],
  [
    'production',
    (of, all) => all.splice(all.indexOf(of('NetworkPolicy', 'router-metrics')), 1),
    /has Deployment router scraped at 9464, and no policy lets another namespace in/,
  ],
  ['production', (of) => (rule(of, 'router-metrics', 'ingress').ports[0].port = 'metric'), /names the port metric, which no pod of it has/],
  ['production', (of) => (of('NetworkPolicy', 'router').spec.ingress = []), /serves nobody: no policy lets clients in/],
  ['production', (of) => delete rule(of, 'router', 'ingress').from, /lets in everybody: a rule has no from/],
  ['production', (of) => delete rule(of, 'router', 'egress').to, /lets out to everybody: a rule has no to/],
  ['production', (of) => delete rule(of, 'router', 'egress').ports, /lets out to all ports/],
  ['production', (of) => (rule(of, 'router', 'ingress').from = [{ namespaceSelector: {} }]), /lets in every pod of the cluster/],
  ['demo', (of) => (rule(of, 'postgres', 'ingress').from = [{ podSelector: {} }]), /lets in every pod of the namespace/],
  [
    'demo',
    (of) => rule(of, 'postgres', 'ingress').from.push({ podSelector: { matchLabels: { app: 'backup' } } }),
    /lets in pods with labels that none has/,
  ],
  ['production', (of) => rule(of, 'router', 'egress').to[0].ipBlock.except.splice(3, 1), /lets out to the metadata of the cloud/],
  ['production', (of) => (of('NetworkPolicy', 'router').spec.policyTypes = ['Ingress']), /has egress rules that do not count/],
  ['production', (of) => (of('NetworkPolicy', 'router').spec.podSelector.matchLabels = { app: 'router' }), /NetworkPolicy router is about no pod/],
  [
    'production',
    (of, all) => all.splice(all.indexOf(of('NetworkPolicy', 'router-to-router')), 1),
    /forwards requests to its other pods at 8081, and no policy lets it out there/,
  ],
  [
    'production',
    (of) => (of('NetworkPolicy', 'router-to-router').spec.ingress = []),
    /forwards requests to its other pods at 8081, and no policy lets it in there/,
  ],
  ['production', (of) => rule(of, 'router', 'ingress').ports.push({ port: 'internal' }), /lets others than routers ask Deployment router at 8081/],
  [
    'demo',
    (of) => {
      configured(of, 'openledger:\n', 'openledger:\n  cluster: { enabled: true, key-env: OPENLEDGER_LANE_KEY }\n');
      first(router(of)).ports.push({ name: 'internal', containerPort: 8081 });
      rule(of, 'router-metrics', 'ingress').ports.push({ port: 'internal' });
    },
    /NetworkPolicy router-metrics lets others than routers ask Deployment router at 8081/,
  ],
  [
    'production',
    (of) =>
      configured(of, 'url: postgresql://postgres.example.com:5432/openledger', 'url: postgresql://a.example.com/o,postgresql://b.example.com:5433/o'),
    /leads to b.example.com:5433, and no policy lets it out/,
  ],
  [
    'production',
    (of) => configured(of, 'url: jdbc:postgresql://postgres.example.com:5432/', 'url: jdbc:postgresql://a.example.com:5432,10.0.0.9:5434/'),
    /leads to 10.0.0.9:5434, and no policy lets it out/,
  ],
  [
    'demo',
    (of, all) => ['deny-all', 'chain'].forEach((name) => all.splice(all.indexOf(of('NetworkPolicy', name)), 1)),
    /Deployment chain is open: no policy bounds its ingress/,
  ],
  [
    'demo',
    (of) => {
      rule(of, 'postgres', 'ingress').from.push({ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'grafana' } } });
      of('NetworkPolicy', 'grafana').spec.egress.push(rule(of, 'router-to-postgres', 'egress'));
    },
    /Deployment grafana may reach StatefulSet postgres at port 5432, and nothing here asks/,
  ],
  [
    'demo',
    (of) => edit(of('ConfigMap', 'openledger'), 'openledger.yaml', 'scrape:\n      host: 0.0.0.0', 'scrape:\n      host: 127.0.0.1'),
    /has the port 9464, where its configuration does not let it listen/,
  ],
  [
    'demo',
    (of) => edit(of('ConfigMap', 'fleet'), 'fleet.yaml', 'port: 9103', 'port: 9113'),
    /Deployment providers has the port 9103, where its configuration/,
  ],
  [
    'demo',
    (of) => edit(of('ConfigMap', 'collector'), 'config.yaml', '"0.0.0.0:4318"', '"127.0.0.1:4318"'),
    /Deployment collector has the port 4318, where its configuration/,
  ],
  // production
  [
    'production',
    (of, all) => all.push({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'openledger-keys', namespace: 'openledger' }, data: {} }),
    /production makes the Secret openledger-keys/,
  ],
  [
    'production',
    (of) =>
      edit(
        of('ConfigMap', 'openledger'),
        'openledger.yaml',
        'key-file: /run/secrets/openledger/first-tenant',
        'key-sha256: 62de3c208f1daa5da2c0cac4cb042413ff4baa535827e3375532692c1109e989',
      ),
    /production knows a key of the demo/,
  ],
  ['production', (of) => (first(router(of)).image = 'openledger-simulator:jvm'), /production runs openledger-simulator, which is for the demo/],
  ['production', (of) => (router(of).spec.replicas = 1), /has one router in production/],
];

PLANTED.push(
  ['production', (of) => rule(of, 'router', 'egress').ports.push({ port: 22 }), /lets out to the internet at port 22, and all/],
  ['production', (of) => (rule(of, 'router', 'egress').ports[0].endPort = 65535), /lets out to the internet at port 443 to 65535/],
  [
    'production',
    (of) => rule(of, 'router-metrics', 'ingress').from.push({ ipBlock: rule(of, 'router', 'egress').to[0].ipBlock }),
    /NetworkPolicy router-metrics lets the internet in/,
  ],
  [
    'production',
    (of) => edit(of('ConfigMap', 'openledger'), 'openledger.yaml', '- provider: openai', '- provider: openia'),
    /has a target of the provider openia, which it does not have/,
  ],
  ['production', (of) => (first(router(of)).command = ['/bin/sh', '-c']), /is started with \/bin\/sh,-c, in place of what the router's image starts/],
  [
    'production',
    (of) => first(router(of)).env.push({ name: 'QUARKUS_HTTP_PORT', value: '9090' }),
    /has the variable QUARKUS_HTTP_PORT, which beats openledger.yaml/,
  ],
  [
    'demo',
    (of) => edit(of('ConfigMap', 'prometheus'), 'prometheus.yml', 'alerting:\n  alertmanagers:', 'x-alerting:\n  alertmanagers:'),
    /prometheus.yml tells no Alertmanager/,
  ],
  ['demo', (of) => edit(of('ConfigMap', 'prometheus'), 'prometheus.yml', 'rule_files:', 'rules:'), /prometheus.yml reads no rules/],
  [
    'demo',
    (of) => edit(of('ConfigMap', 'prometheus'), 'prometheus.yml', 'job_name: openledger', 'job_name: openledger\n    scheme: https'),
    /the job openledger asks by TLS/,
  ],
  [
    'production',
    (of) => (rule(of, 'router-metrics', 'ingress').from[0].namespaceSelector.matchLabels = { name: 'monitoring' }),
    /names namespaces with name=monitoring, and README.md says of none/,
  ],
  [
    'production',
    (of) => (rule(of, 'router', 'ingress').from[0].namespaceSelector.matchLabels['openledger-client'] = 'yes'),
    /names namespaces with openledger-client=yes/,
  ],
  [
    'demo',
    (of, all) => all.forEach((one) => (one.kind === 'Namespace' ? (one.metadata.name = 'demo') : (one.metadata.namespace = 'demo'))),
    /README.md forwards ports from the namespace openledger-demo, and this makes demo/,
  ],
  [
    'demo',
    (of) => (first(of('StatefulSet', 'postgres')).volumeMounts[0].mountPath = '/var/lib/postgresql/data'),
    /StatefulSet postgres has nothing at \/var\/lib\/postgresql,/,
  ],
  ['production', (of) => (router(of).spec.replica = 2), /Deployment router has the field spec.replica, which Kubernetes does not know/],
  [
    'production',
    (of) => (of('PodDisruptionBudget', 'router').spec.unhealthyPodsEvictionPolicy = 'AlwaysAllow'),
    /has the field spec.unhealthyPodsEvictionPolicy/,
  ],
  [
    'demo',
    (of) => (of('Service', 'router-metrics').spec.publishNotReadyAdresses = true),
    /Service router-metrics has the field spec.publishNotReadyAdresses/,
  ],
  ['production', (of) => (of('PodMonitor', 'router').spec.podMetricEndpoints = []), /PodMonitor router has the field spec.podMetricEndpoints/],
  ['production', (of) => (rule(of, 'router', 'egress').endpoints = []), /NetworkPolicy router has the field spec.egress\[0\].endpoints/],
  ['production', (of) => (router(of).spec.replicas = '2'), /has "2" at .spec.replicas, where an integer has to be/],
  ['production', (of) => (first(router(of)).securityContext.readOnlyRootFilesystem = 'true'), /where a boolean has to be/],
  ['production', (of) => (first(router(of)).args = 'serve'), /has no list at .spec.template.spec.containers\[0\].args/],
  [
    'production',
    (of) => delete podSpec(router(of)).topologySpreadConstraints[0].topologyKey,
    /lacks the field spec.template.spec.topologySpreadConstraints\[0\].topologyKey/,
  ],
  [
    'production',
    (of) => delete of('PrometheusRule', 'openledger').spec.groups[0].rules[0].expr,
    /PrometheusRule openledger lacks the field spec.groups\[0\].rules\[0\].expr/,
  ],
  ['production', (of) => (podSpec(router(of)).securityContext.runAsUser = '10001'), /its user is not above 10000/],
  ['production', (of) => (first(router(of)).image = 'registry.example.com/openledger:1@sha256:0123'), /has an image without a version/],
  [
    'demo',
    (of) => (of('StatefulSet', 'prometheus').spec.updateStrategy = { rollingUpdate: { partition: 2 } }),
    /is updated in part: the pods below 2 stay/,
  ],
  [
    'production',
    (of) => rule(of, 'router', 'ingress').ports.push({ port: 'metrics' }),
    /lets those who may ask Deployment router also read its metrics/,
  ],
  [
    'production',
    (of) => {
      of('ConfigMap', 'openledger').metadata.name = 'openledger';
      volume(router(of), 'config').configMap.name = 'openledger';
    },
    /whose name has no hash/,
  ],
  [
    'demo',
    (of) => (first(of('Deployment', 'grafana')).volumeMounts[0].mountPath = '/etc/grafana/provisioning/sources'),
    /grafana does not see \/etc\/grafana\/provisioning\/datasources\/openledger.yaml/,
  ],
  ['demo', (of) => delete first(of('StatefulSet', 'prometheus')).volumeMounts[0].subPath, /wants the file \/etc\/prometheus\/prometheus.yml/],
  ['production', (of) => (of('NetworkPolicy', 'router').spec.policyTypes[1] = 'egress'), /has the policyType egress, which is none/],
  [
    'production',
    (of) => delete podSpec(router(of)).topologySpreadConstraints[0].labelSelector.matchLabels,
    /spreads over topology.kubernetes.io\/zone by labels/,
  ],
  ['production', (of) => (first(router(of)).readinessProbe.httpGet.scheme = 'HTTPS'), /has a readinessProbe that speaks TLS/],
  ['production', (of) => (of('PodMonitor', 'router').spec.podMetricsEndpoints[0].scheme = 'https'), /scrapes by https, and metrics are without TLS/],
  ['demo', (of) => (of('Service', 'postgres').spec.ports[0].protocol = 'UDP'), /Service postgres has port 5432 for UDP/],
  [
    'demo',
    (of) => (first(of('Deployment', 'chain')).ports[0].protocol = 'UDP'),
    /Service chain has port 8545 for TCP, and Deployment chain does not/,
  ],
  ['production', (of) => (of('Service', 'router').spec.internalTrafficPolicy = 'Local'), /leads to pods of the same node alone/],
  ['production', (of) => delete podSpec(router(of)).securityContext.fsGroup, /cannot read the volume keys: its files are root's/],
  ['demo', (of) => delete podSpec(of('StatefulSet', 'postgres')).securityContext.fsGroup, /claims volumes that its user cannot write/],
  [
    'production',
    (of) => delete variable(of, 'QUARKUS_DATASOURCE_PASSWORD').valueFrom.secretKeyRef,
    /has the variable QUARKUS_DATASOURCE_PASSWORD without a value/,
  ],
  ['production', (of) => (of('PodDisruptionBudget', 'router').spec.selector = {}), /PodDisruptionBudget router selects every pod/],
  ['production', (of) => (router(of).spec.selector = {}), /Deployment router selects every pod/],
  ['production', (of) => (of('NetworkPolicy', 'router').spec.podSelector = {}), /NetworkPolicy router opens every pod of the namespace/],
  [
    'production',
    (of, all) => all.splice(all.indexOf(of('NetworkPolicy', 'deny-all')), 1),
    /Namespace openledger has no policy that denies all ingress/,
  ],
  ['production', (of) => of('NetworkPolicy', 'deny-all').spec.policyTypes.pop(), /has no policy that denies all egress/],
  ['production', (of) => rule(of, 'router', 'egress').to[0].ipBlock.except.shift(), /the internet and private networks \(10.0.0.1\) alike/],
  ['production', (of) => delete rule(of, 'router', 'egress').to[1].ipBlock.except, /the internet and private networks \(fc00::\/7\) alike/],
  ['production', (of) => (rule(of, 'router-to-database', 'egress').to[0].ipBlock.cidr = '10.0.0.0/80'), /has a block of addresses that is none/],
  ['production', (of) => (rule(of, 'router-metrics', 'ingress').from[0] = {}), /has a rule with a peer that is nobody/],
  [
    'production-autoscaled',
    (of) => delete of('HorizontalPodAutoscaler', 'router').spec.behavior.scaleDown,
    /is scaled down at once, or by several routers/,
  ],
  [
    'production-autoscaled',
    (of) => (of('HorizontalPodAutoscaler', 'router').spec.behavior.scaleDown.stabilizationWindowSeconds = 60),
    /is scaled down at once, or by several/,
  ],
  [
    'production-autoscaled',
    (of) => (of('HorizontalPodAutoscaler', 'router').spec.behavior.scaleDown.policies[0].value = 2),
    /scaled down at once, or by several routers/,
  ],
  ['production', (of) => (router(of).metadata.name = 'routers'), /README.md has a command for deployment\/router, which is not there/],
  [
    'production-autoscaled',
    (of) => delete of('HorizontalPodAutoscaler', 'router').spec.metrics[0].pods.target.averageValue,
    /without a value to aim at/,
  ],
  ['production', (of) => (of('PodMonitor', 'router').spec.podMetricsEndpoints[0].interval = '15 s'), /has 15 s, which is no duration/],
  ['production', (of) => (first(router(of)).livenessProbe.failureThreshold = 1), /is killed after 5 s of silence/],
  [
    'demo',
    (of) =>
      podSpec(of('Deployment', 'grafana'))
        .volumes.find(({ name }) => name === 'boards')
        .projected.sources.pop(),
    /does not see the board settlement.json/,
  ],
  ['demo', (of) => first(of('Deployment', 'chain')).command.splice(5, 2), /Deployment chain is not started with --chain-id, as in deploy\/compose/],
  ['demo', (of) => first(of('StatefulSet', 'prometheus')).args.pop(), /does not get the argument --enable-feature=exemplar-storage/],
  ['demo', (of) => (first(of('Deployment', 'grafana')).env[2].value = 'true'), /does not get the variable GF_ANALYTICS_REPORTING_ENABLED as in/],
  [
    'demo',
    (of) => (first(of('StatefulSet', 'postgres')).volumeMounts[0].mountPath = '/var/lib/pgsql'),
    /StatefulSet postgres has nothing at \/var\/lib\/postgresql/,
  ],
  ['demo', (of) => (first(of('Deployment', 'grafana')).ports[0].containerPort = 3001), /Deployment grafana does not have the port 3000/],
  ['demo', (of) => delete podSpec(of('StatefulSet', 'postgres')).terminationGracePeriodSeconds, /StatefulSet postgres gets 30 s to stop/],
  [
    'production',
    (of, all) => all.push({ ...structuredClone(of('ServiceAccount', 'router')), metadata: { name: 'spare', namespace: 'openledger' } }),
    /ServiceAccount spare is used by no pod/,
  ],
  ['demo', (of) => (of('Service', 'grafana').spec.ports[0].port = 3001), /README.md forwards port 3000 of the Service grafana, which is not there/],
  ['production', (of, all) => all.splice(all.indexOf(of('PodMonitor', 'router')), 1), /nobody scrapes the router/],
  ['production', (of, all) => all.splice(all.indexOf(of('PrometheusRule', 'openledger')), 1), /no rules are there: nothing alerts/],
  ['production', (of, all) => all.splice(all.indexOf(of('ConfigMap', 'openledger-board-latency')), 1), /the board latency.json is in no ConfigMap/],
  ['demo', (of) => edit(of('ConfigMap', 'prometheus'), 'prometheus.yml', 'job_name: openledger', 'job_name: router'), /nobody scrapes the router/],
  [
    'demo',
    (of) => edit(of('ConfigMap', 'prometheus'), 'prometheus.yml', '"collector:8888"', '"collector:8888", "collector:8889"'),
    /scrapes the router's metrics a second time/,
  ],
  ['production', (of) => (first(router(of)).image = 'openledger:0.1.0-jvm'), /runs openledger:0.1.0-jvm, which names no registry/],
);

test('enough faults of different kinds are tried', () => {
  assert.ok(new Set(PLANTED.map(([, , sentence]) => sentence.source)).size > 100);
});

for (const [overlay, plant, sentence] of PLANTED) {
  test(`found in ${overlay}: ${sentence.source}`, { skip }, () => {
    const objects = structuredClone(manifests[overlay]);
    plant(finder(objects), objects);
    const found = faults(objects, contexts[overlay]);
    assert.ok(
      found.some((one) => sentence.test(one)),
      `not found; instead: ${found.join('; ') || 'nothing'}`,
    );
    assert.ok(found.length <= 12, `told as ${found.length}: ${found.join('; ')}`);
  });
}

/** What is broken badly is still told as a fault, and does not break the check. */
for (const [what, plant] of [
  ['no spec', (of) => delete router(of).spec],
  ['no template', (of) => delete router(of).spec.template],
  ['no containers', (of) => delete podSpec(router(of)).containers],
  ['a mount without a path', (of) => delete first(router(of)).volumeMounts[0].mountPath],
  ['a block without addresses', (of) => delete of('NetworkPolicy', 'router').spec.egress[0].to[0].ipBlock.cidr],
  ['no metadata', (of) => (of('Service', 'router').metadata = undefined)],
  ['a policy without a spec', (of) => delete of('NetworkPolicy', 'router').spec],
  ['a configuration that is not YAML', (of) => (of('ConfigMap', 'openledger').data['openledger.yaml'] = '{ a: [')],
  ['an empty configuration', (of) => (of('ConfigMap', 'openledger').data['openledger.yaml'] = '')],
]) {
  test(`found: ${what}`, { skip }, () => {
    const objects = structuredClone(manifests.production);
    plant(finder(objects));
    assert.notDeepEqual(faults(objects, contexts.production), []);
  });
}

test('a copy of an overlay may have what the page tells of, but nothing of a version that is none', { skip }, () => {
  const made = (kind, apiVersion) => ({ kind, apiVersion, metadata: { name: 'router-of-mine', namespace: 'openledger' }, spec: {} });
  const found = (...more) => faults([...structuredClone(manifests.production), ...more], contexts.production);
  assert.deepEqual(found(made('Ingress', 'networking.k8s.io/v1'), made('ExternalSecret', 'external-secrets.io/v1beta1')), []);
  assert.match(found(made('Ingress', 'extensions/v1beta1')).join(), /is of a kind that nobody here knows/);
});

test('every component is part of an overlay, so that it is looked at', () => {
  const used = OVERLAY.map((name) => readFileSync(join(ROOT, OVERLAYS, name, 'kustomization.yaml'), 'utf8')).join('\n');
  for (const component of readdirSync(join(ROOT, 'deploy/kubernetes/components'))) assert.match(used, new RegExp(`components/${component}$`, 'm'));
});

test('quantities and durations are read as Kubernetes and Quarkus read them', () => {
  assert.equal(quantity('500m'), 0.5);
  assert.equal(quantity('1Gi'), 2 ** 30);
  assert.ok(Number.isNaN(quantity('640Mb')));
  assert.deepEqual(['10S', '2M', 'PT1M30S', '500ms', '7', '1m'].map(seconds), [10, 120, 90, 0.5, 7, 60]);
  assert.ok(Number.isNaN(seconds('soon')));
});

test('lanes are counted as the router counts them, and each server of a list is an address', () => {
  assert.deepEqual(['1-8', '1-4,7', '5', ' 1 - 2 '].map(numbersIn), [8, 5, 1, 2]);
  assert.ok(['', '8-1,', 'all', '1-'].map(numbersIn).every(Number.isNaN));
  const at = (...hosts) => hosts.map(([host, port]) => ({ host, port }));
  assert.deepEqual(addressesOf('postgresql://a:5433/o,postgresql://b/o'), at(['a', 5433], ['b', 5432]));
  assert.deepEqual(addressesOf('jdbc:postgresql://u:p@a:1,[::1]:2/o?targetServerType=primary'), at(['a', 1], ['[::1]', 2]));
  assert.deepEqual(addressesOf('https://x.example/a,b?c=d:1'), at(['x.example', 443]));
  assert.deepEqual([addressesOf('one:80'), addressesOf('a, b'), addressesOf(7)], [at(['one', 80]), [], []]);
});

test('selectors select as in Kubernetes', () => {
  assert.ok(selects({}, { a: 'b' }));
  assert.ok(!selects(undefined, { a: 'b' }));
  assert.ok(selects({ matchExpressions: [{ key: 'a', operator: 'In', values: ['b', 'c'] }] }, { a: 'b' }));
  assert.ok(!selects({ matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] }, { a: 'b' }));
  assert.ok(subPathPattern('lane-$(NUMBER)').test('lane-12'));
  assert.ok(!subPathPattern('lane-$(NUMBER)').test('lane-12/x'));
  assert.ok(!subPathPattern('prometheus.yml').test('prometheusXyml'));
});

test('Secrets are those that the page makes', () => {
  const page = 'kubectl create secret generic a --from-file=x=f \\\n  --from-literal=y=1\nkubectl create secret generic b';
  assert.deepEqual(
    [...givenBy(page)],
    [
      ['a', ['x', 'y']],
      ['b', []],
    ],
  );
});
