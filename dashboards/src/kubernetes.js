// The same boards and rules for Kubernetes: what deploy/kubernetes takes from generated/.

/** What "kubectl kustomize" reads in a folder. */
export const kustomization = (of) => ({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', ...of });

/**
 * Each board in a ConfigMap of its own, because "kubectl apply" keeps a copy of an object in it and all four would be too large for that.
 * Their names have no hash: a board whose name changes would be in Grafana twice.
 */
export function boardMaps(names) {
  return kustomization({
    generatorOptions: { disableNameSuffixHash: true, labels: { grafana_dashboard: '1' } },
    configMapGenerator: names.map((name) => ({ name: `openledger-board-${name}`, files: [`${name}.json`] })),
  });
}

/** The rules as the Prometheus operator takes them. */
export function prometheusRule({ groups }) {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'openledger', labels: { 'app.kubernetes.io/name': 'openledger' } },
    spec: { groups },
  };
}
