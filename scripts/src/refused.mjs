// Faults that an API server has to refuse: what is planted, and what it says.

const container = (workload) => workload.spec.template.spec.containers[0];
const address = (workload) => container(workload).env.find(({ valueFrom }) => valueFrom?.fieldRef);
const of = (fault, said, plant) => ({ fault, said, plant });
const change = (kind, name, how) => (find) => {
  const object = find(kind, name);
  how(object);
  return object;
};
const router = (how) => change('Deployment', 'router', how);
const pod = (how) => (find, podOf) => {
  const made = podOf(find('Deployment', 'router'));
  how(made.spec);
  return made;
};

export const REFUSED = [
  of(
    'a misspelled field',
    /unknown field .*readOnlyRootFileSystem/,
    router((set) => (container(set).securityContext.readOnlyRootFileSystem = true)),
  ),
  of(
    'a quantity that is none',
    /quantit/,
    router((set) => (container(set).resources.limits.memory = '640Mb')),
  ),
  of(
    'more requested than the limit',
    /must be less than or equal to memory limit/,
    router((set) => (container(set).resources.requests.memory = '2Gi')),
  ),
  of(
    'a port name that is too long',
    /must be no more than 15/,
    router((set) => (container(set).ports[0].name = 'the-port-for-http')),
  ),
  of(
    'a mount without a volume',
    /volumeMounts\[0\].name: Not found/,
    router((set) => (container(set).volumeMounts[0].name = 'nothing')),
  ),
  of(
    'a selector that misses its pods',
    /selector.*does not match|immutable|Forbidden/,
    router((set) => (set.spec.template.metadata.labels['app.kubernetes.io/name'] = 'other')),
  ),
  of(
    'a field that no pod has',
    /fieldPath/,
    router((set) => (address(set).valueFrom.fieldRef.fieldPath = 'status.podAddress')),
  ),
  of(
    'routers that may be away for a rollout, and none more',
    /maxUnavailable.*may not be 0 when `maxSurge` is 0/,
    router((set) => (set.spec.strategy.rollingUpdate.maxSurge = 0)),
  ),
  of(
    'bounds of a rollout that stops all first',
    /rollingUpdate.*may not be specified when strategy/,
    router((set) => (set.spec.strategy.type = 'Recreate')),
  ),
  of(
    'less time for progress than until a router counts as ready',
    /progressDeadlineSeconds.*must be greater than minReadySeconds/,
    router((set) => (set.spec.progressDeadlineSeconds = 5)),
  ),
  of(
    'a headless name in place of a workload',
    /unknown field .*serviceName/,
    router((set) => (set.spec.serviceName = 'router')),
  ),
  of(
    'a window of calm that is too long',
    /stabilizationWindowSeconds/,
    change('HorizontalPodAutoscaler', 'router', ({ spec }) => (spec.behavior.scaleDown.stabilizationWindowSeconds = 3601)),
  ),
  of(
    'root allowed',
    /runAsNonRoot/,
    router((set) => (set.spec.template.spec.securityContext.runAsNonRoot = false)),
  ),
  of(
    'privileges allowed',
    /allowPrivilegeEscalation/,
    router((set) => delete container(set).securityContext.allowPrivilegeEscalation),
  ),
  of(
    'capabilities kept',
    /capabilities/,
    router((set) => delete container(set).securityContext.capabilities),
  ),
  of(
    'no seccomp profile',
    /seccompProfile/,
    router((set) => delete set.spec.template.spec.securityContext.seccompProfile),
  ),
  of(
    'the network of the node',
    /hostNetwork|host namespaces/,
    router((set) => (set.spec.template.spec.hostNetwork = true)),
  ),
  of(
    'a folder of the node',
    /hostPath|restricted volume types/,
    router((set) => set.spec.template.spec.volumes.push({ name: 'node', hostPath: { path: '/' } })),
  ),
  of(
    'a pod that is not hardened',
    /violates PodSecurity "restricted/,
    pod((spec) => delete spec.containers[0].securityContext),
  ),
  of(
    'a pod as root',
    /violates PodSecurity "restricted/,
    pod((spec) => (spec.securityContext.runAsUser = 0)),
  ),
  of(
    'a pod with an account that nobody made',
    /serviceaccount .*not found/,
    pod((spec) => (spec.serviceAccountName = 'routers')),
  ),
  of(
    'two bounds of disruption',
    /mutually exclusive|cannot be both set/,
    change('PodDisruptionBudget', 'router', ({ spec }) => (spec.minAvailable = 1)),
  ),
  of(
    'a version that is gone',
    /no matches for kind/,
    change('PodDisruptionBudget', 'router', (budget) => (budget.apiVersion = 'policy/v1beta1')),
  ),
  of(
    'a policy for a block that is none',
    /cidr/i,
    change('NetworkPolicy', 'router', ({ spec }) => (spec.egress[0].to[0].ipBlock.cidr = '0.0.0.0/33')),
  ),
  of(
    'an exception outside of its block',
    /except/,
    change('NetworkPolicy', 'router-to-database', ({ spec }) => (spec.egress[0].to[0].ipBlock.except = ['11.0.0.0/8'])),
  ),
  of(
    'a policy with a field that it has not',
    /unknown field .*endpoints/,
    change('NetworkPolicy', 'router', ({ spec }) => (spec.egress[0].endpoints = [])),
  ),
  of(
    'two ports of one name',
    /Duplicate value/,
    change('Service', 'router', ({ spec }) => spec.ports.push({ ...spec.ports[0], port: 8081 })),
  ),
  of(
    'more at least than at most',
    /maxReplicas|minReplicas/,
    change('HorizontalPodAutoscaler', 'router', ({ spec }) => (spec.maxReplicas = 1)),
  ),
  of(
    'an interval that is none',
    /interval/,
    change('PodMonitor', 'router', ({ spec }) => (spec.podMetricsEndpoints[0].interval = '15 s')),
  ),
  of(
    'a misspelled monitor',
    /unknown field .*podMetricEndpoints/,
    change('PodMonitor', 'router', ({ spec }) => (spec.podMetricEndpoints = spec.podMetricsEndpoints)),
  ),
  of(
    'a rule without an expression',
    /expr/,
    change('PrometheusRule', 'openledger', ({ spec }) => delete spec.groups[0].rules[0].expr),
  ),
];
