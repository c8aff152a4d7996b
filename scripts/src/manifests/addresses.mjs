// The addresses in configurations: which a program asks, and at which it listens.
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesOf } from './cluster.mjs';
import { internalPort } from './lanes.mjs';

const { parseAllDocuments } = createRequire(resolve(dirname(fileURLToPath(import.meta.url)), '../../../dashboards/package.json'))('yaml');

const PORTS = { http: 80, https: 443, ws: 80, wss: 443, postgresql: 5432, postgres: 5432, redis: 6379 };
const ADDRESS = /^(?:jdbc:)?([a-z][a-z0-9+.-]*):\/\/(?:[^@/]*@)?([^/?#\s]+)/i;
const HOST = /^(\[[^\]]+\]|[^:\s]+)(?::(\d+))?/;
/** Between addresses of several servers; in a JDBC address the servers stand side by side. */
const NEXT = /,(?=[a-z][a-z0-9+.-]*:\/\/)/i;
const PAIR = /^([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?):(\d{1,5})$/i;
/** Addresses that are the pod itself, and those at which it lets all of them ask. */
export const SELF = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;
export const EVERYWHERE = /^(0\.0\.0\.0|\[::\])$/;
/** Keys whose addresses are not asked by the pod that reads them: links for people, names that look like addresses, what browsers ask. */
const NOT_ASKED = new Set(['runbook_url', 'origin', 'page', 'cors', 'generatorURL', 'external_url']);
/** Reserved for addresses that lead nowhere (RFC 6761). */
const NOWHERE = /\.invalid$/;

/** Every address that a configuration, an argument or a variable of a pod names: {pod, host, port, where}. */
export function needsOf(world, context, pod) {
  const seen = new Map();
  for (const container of pod.all) {
    const said = [
      ...[...(container.command ?? []), ...(container.args ?? [])].map((value) => ['its arguments', value]),
      ...(container.env ?? []).filter(({ name }) => !NOT_ASKED.has(name)).map(({ name, value }) => [`the variable ${name}`, value]),
      ...[...filesOf(world, context, pod, container)].flatMap(([path, { text }]) => addressesIn(path, text).map((value) => [path, value])),
    ];
    for (const [where, value] of said) {
      for (const need of addressesOf(value).filter(({ host }) => !NOWHERE.test(host))) {
        seen.set(`${need.host}:${need.port}`, { pod, where: `${pod.title} (${where})`, ...need });
      }
    }
  }
  return [...seen.values()];
}

/** Every host and port that a text leads to: of one address, or of several servers. */
export function addressesOf(value) {
  if (typeof value !== 'string') return [];
  const text = value.replace(/^--?[a-z.-]+=/, '');
  const urls = text.split(NEXT).map((one) => ADDRESS.exec(one));
  if (urls[0]) {
    return urls.filter(Boolean).flatMap(([, scheme, hosts]) =>
      hosts
        .split(',')
        .map((one) => HOST.exec(one))
        .filter(Boolean)
        .map(([, host, port]) => ({ host, port: Number(port ?? PORTS[scheme.toLowerCase()] ?? NaN) })),
    );
  }
  const pair = PAIR.exec(text);
  return pair ? [{ host: pair[1], port: Number(pair[2]) }] : [];
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
export function serviceOf(host, namespace) {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host) || host.startsWith('[')) return undefined;
  const [name, where = namespace, svc, ...rest] = host.replace(/\.cluster\.local$/, '').split('.');
  if (!host.includes('.')) return [name, namespace];
  return svc === 'svc' && rest.length === 0 ? [name, where] : undefined;
}

/** Ports at which a configuration lets its program listen for other pods; undefined for a program that is not known. */
export function listensAt(config) {
  if (config?.openledger) {
    const { http = {} } = config.quarkus ?? {};
    const { scrape = {} } = config.openledger.telemetry ?? {};
    const open = [http.host === '0.0.0.0' && (http.port ?? 8080), scrape.host === '0.0.0.0' && (scrape.port ?? 9464)];
    return [...open, internalPort(config.openledger)].filter(Boolean);
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
