// The same program runs alike in both stacks: what a service of deploy/compose is started with, a workload of that name is started with too.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, seconds, title } from './cluster.mjs';

export function asInCompose(world, context) {
  const { compose } = context;
  return world.pods.flatMap((pod) => {
    const name = pod.owner.metadata?.name;
    const service = compose[name];
    const container = pod.containers.find((one) => one.name === name) ?? pod.containers[0];
    return service && container ? [...alike(pod, container, service), ...sameFiles(world, context, pod, container, service)] : [];
  });
}

function alike(pod, container, service) {
  const of = title(pod.owner);
  const words = (list) => (list ?? []).map(String);
  const missing = (ours, theirs) => {
    const rest = words(ours);
    return words(theirs).filter((word) => {
      const at = rest.indexOf(word);
      if (at >= 0) rest.splice(0, at + 1);
      return at < 0;
    });
  };
  const paths = (container.volumeMounts ?? []).map(({ mountPath }) => String(mountPath));
  const env = new Map((container.env ?? []).map((one) => [one.name, one.value]));
  const grace = pod.spec.terminationGracePeriodSeconds ?? 30;
  return [
    ...missing(container.command, service.entrypoint).map((word) => `${of} is not started with ${word}, as in deploy/compose`),
    ...missing(container.args, service.command).map((word) => `${of} does not get the argument ${word}, as in deploy/compose`),
    ...Object.entries(service.environment ?? {})
      .filter(([name, value]) => !env.has(name) || (!String(value).includes('${') && env.get(name) !== String(value)))
      .map(([name]) => `${of} does not get the variable ${name} as in deploy/compose`),
    ...[
      ...(service.volumes ?? []).filter((volume) => /^[a-z]/.test(volume)).map((volume) => volume.split(':')[1]),
      ...(service.tmpfs ?? []).map((one) => one.split(':')[0]),
    ]
      .filter((target) => !paths.some((path) => path === target || target.startsWith(`${path}/`)))
      .map((target) => `${of} has nothing at ${target}, as in deploy/compose`),
    ...(service.expose ?? [])
      .filter((port) => !pod.ports.some(({ containerPort }) => containerPort === Number(port)))
      .map((port) => `${of} does not have the port ${port}, as in deploy/compose`),
    ...(service.stop_grace_period && grace < seconds(service.stop_grace_period)
      ? [`${of} gets ${grace} s to stop, and ${service.stop_grace_period} in deploy/compose`]
      : []),
  ];
}

/** Every configuration that Compose mounts is where the program looks for it. */
function sameFiles(world, context, pod, container, { volumes = [] }) {
  const there = filesOf(world, context, pod, container);
  const wanted = volumes
    .map((volume) => volume.replace(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1').split(':'))
    .filter(([from]) => /^\.\.?\//.test(from))
    .flatMap(([from, to]) => filesAt(join(context.root, 'deploy/compose', from)).map((path) => to + path));
  return wanted.filter((path) => !there.has(path)).map((path) => `${title(pod.owner)} does not see ${path}, as in deploy/compose`);
}

/** The files that a program reads in a folder: configurations and boards, and no rules beside boards. */
function filesAt(path) {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [''];
  const files = readdirSync(path, { recursive: true }).map(String);
  const boards = files.filter((file) => file.endsWith('.json'));
  return (boards.length > 0 ? boards : files.filter((file) => /\.ya?ml$/.test(file) && !file.endsWith('kustomization.yaml'))).map(
    (file) => `/${file}`,
  );
}
