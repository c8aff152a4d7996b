// What the manifests of deploy/kubernetes say must fit together: every name, port, label, file, address and bound that one of them has of another.
//   node scripts/src/manifests.mjs KUBECTL [overlay ...]    renders them and prints what does not, one a line, and fails if there is anything
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cluster, quantity } from './manifests/cluster.mjs';
import { asInCompose } from './manifests/compose.mjs';
import { network } from './manifests/network.mjs';
import { pods, sizes } from './manifests/pods.mjs';
import { references } from './manifests/references.mjs';
import { schema } from './manifests/schema.mjs';
import { routers } from './manifests/router.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const { parse, parseAllDocuments } = createRequire(resolve(HERE, '../../dashboards/package.json'))('yaml');

export const OVERLAYS = 'deploy/kubernetes/overlays';
/** What objects of Kubernetes look like, as an API server has told it. */
export const SCHEMA = 'scripts/src/manifests/schema.json';

/** Everything that does not fit in rendered objects, in sentences, each once; none if all does. context: of contextOf. */
export function faults(objects, context) {
  const world = cluster(objects);
  const shapes = schema(world, context);
  return [
    ...new Set([...shapes, ...[pods, sizes, references, network, routers, asInCompose].flatMap((part) => looked(part, world, context, shapes))]),
  ];
}

/** What has another shape than the API server wants cannot always be looked at further. */
function looked(part, world, context, shapes) {
  try {
    return part(world, context);
  } catch (e) {
    return shapes.length > 0 ? [] : [`they cannot be looked at: ${e.stack}`];
  }
}

/** What the manifests are held against: the files of a checkout that say the same in other words. */
export function contextOf(root, overlay) {
  const text = (path) => readFileSync(join(root, path), 'utf8');
  const properties = text('src/main/resources/application.properties');
  const property = (name) => properties.match(new RegExp(`^${name.replaceAll('.', '\\.')}=(.*)$`, 'm'))[1];
  const compose = parse(text('deploy/compose/compose.yaml'), { merge: true }).services;
  const own = join(OVERLAYS, overlay, 'README.md');
  const page = text('deploy/kubernetes/README.md') + (existsSync(join(root, own)) ? text(own) : '');
  const demo = text('deploy/compose/demo/router.env') + text('deploy/compose/demo/openledger.yaml');
  return {
    root,
    production: overlay !== 'demo',
    compose,
    given: givenBy(page),
    forwards: forwardsOf(page),
    handled: handledBy(page),
    page,
    reference: text('docs/reference/configuration.md'),
    metrics: text('docs/reference/metrics.md'),
    schema: JSON.parse(text(SCHEMA)),
    boards: readdirSync(join(root, 'dashboards/generated')).filter((name) => name.endsWith('.json')),
    rules: parse(text('dashboards/generated/openledger.rules.yaml')),
    adapter: parse(text('deploy/kubernetes/components/autoscaling/adapter.yaml')),
    images: Object.values(compose)
      .map(({ image }) => image)
      .filter((image) => !image.includes('$')),
    demoImages: ['openledger-simulator', compose.chain.image.split(':')[0]],
    known: [...demo.matchAll(/[0-9a-f]{64}/g)].map(([key]) => key),
    delay: property('quarkus.shutdown.delay'),
    timeout: property('quarkus.shutdown.timeout'),
    heap: quantity(
      text('deploy/jvm.options')
        .match(/^-Xmx(\d+m)$/m)[1]
        .replace('m', 'Mi'),
    ),
  };
}

/** Secrets that operators make by the commands of a page: name → keys. The last command that makes a Secret counts. */
export function givenBy(page) {
  const joined = page.replaceAll(/\\\n\s*/g, ' ');
  return new Map(
    [...joined.matchAll(/create secret generic ([\w-]+)([^\n]*)/g)].map(([, name, rest]) => [
      name,
      [...rest.matchAll(/--from-(?:file|literal)=([\w.-]+)=/g)].map(([, key]) => key),
    ]),
  );
}

/** What a page forwards from a cluster: namespace, Service and port. */
const forwardsOf = (page) =>
  [...page.matchAll(/-n ([\w-]+) port-forward service\/([\w-]+) (?:\d+:)?(\d+)/g)].map(([, namespace, service, port]) => ({
    namespace,
    service,
    port: Number(port),
  }));

/** What commands of a page do something to: namespace, kind and name. What is deleted need not be there. */
const handledBy = (page) =>
  [...page.matchAll(/-n ([\w-]+) (?:rollout \w+|scale) ([a-z]+)\/([\w-]+)/g)].map(([, namespace, kind, name]) => ({ namespace, kind, name }));

/** The objects of an overlay, as "kubectl apply -k" sends them. */
export function rendered(kubectl, folder) {
  const text = execFileSync(kubectl, ['kustomize', folder], { encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'pipe'] });
  return parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter(Boolean);
}

function main([kubectl, ...wanted]) {
  const overlays = wanted.length > 0 ? wanted : readdirSync(OVERLAYS);
  let wrong = 0;
  for (const overlay of overlays) {
    let found;
    try {
      found = faults(rendered(kubectl, join(OVERLAYS, overlay)), contextOf('.', overlay));
    } catch (e) {
      found = [e.stderr?.toString().trim() || `it cannot be read: ${e.message}`];
    }
    found.forEach((one) => console.error(`${OVERLAYS}/${overlay}: ${one}`));
    wrong += found.length;
  }
  if (wrong > 0) process.exit(1);
  console.log(`deploy/kubernetes fits together: ${overlays.join(', ')}.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
