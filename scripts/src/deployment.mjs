// What deploy/compose says must fit together: every file that is mounted, every address, every uid, every variable. Pure but for reading files.
//   node scripts/src/deployment.mjs [root]    prints what does not, one a line, and fails if there is anything
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strangers, unknownKeys } from './configuration-keys.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const { parse } = createRequire(resolve(HERE, '../../dashboards/package.json'))('yaml');

const COMPOSE = 'deploy/compose';
/** What a container of ours may not do without saying why. */
const HARDENED = {
  read_only: (value) => value === true,
  cap_drop: (value) => value?.includes('ALL'),
  security_opt: (value) => value?.includes('no-new-privileges:true'),
  pids_limit: (value) => value > 0,
  mem_limit: (value) => Boolean(value),
};
/** What would give back what those take, or more; "no-new-privileges" is the only option of security_opt. */
const LOOSENED = ['privileged', 'cap_add', 'network_mode', 'pid', 'ipc', 'userns_mode', 'cgroup', 'devices', 'device_cgroup_rules', 'group_add'];
/** Users of upstream images that are no root, so that compose need not name one. Ours are 10001. */
const OWN_USER = /OPENLEDGER_|prometheus\/|grafana\//;
const VARIABLE = /\$\{([A-Z_]+)(?::?([-?])([^}]*))?\}/g;

/** Everything that does not fit, in sentences; none if all does. root: of a checkout. */
export function faults(root) {
  const stack = read(root);
  return [
    ...variables(stack),
    ...containers(stack),
    ...mounts(stack),
    ...prometheus(stack),
    ...alertmanager(stack),
    ...collector(stack),
    ...traces(stack),
    ...routers(stack),
    ...database(stack),
    ...grafana(stack),
    ...apart(stack),
  ];
}

function read(root) {
  const path = (name) => join(root, COMPOSE, name);
  const text = (name) => readFileSync(path(name), 'utf8');
  const example = Object.fromEntries(
    text('.env.example')
      .split('\n')
      .map((line) => line.match(/^([A-Z_]+)=(.*)$/))
      .filter(Boolean)
      .map(([, name, value]) => [name, value]),
  );
  const compose = parse(text('compose.yaml'), { merge: true });
  return { root, path, text, example, compose, services: compose.services, yaml: (name) => parse(text(name)) };
}

const filled = ({ example }, value) => String(value).replace(VARIABLE, (_, name, how, other) => example[name] ?? (how === '-' ? other : ''));

function variables({ text, example }) {
  const used = [...text('compose.yaml').matchAll(VARIABLE)];
  const names = new Set(used.map(([, name]) => name));
  return [
    ...[...names].filter((name) => !(name in example)).map((name) => `compose.yaml needs ${name}, which .env.example does not have`),
    ...Object.keys(example)
      .filter((name) => !name.startsWith('COMPOSE_') && !names.has(name))
      .map((name) => `.env.example has ${name}, which compose.yaml does not use`),
    ...used
      .filter(([, , how, words]) => how === '?' && !/\.env\.example/.test(words))
      .map(([, name]) => `compose.yaml does not say where ${name} has to be set`),
    ...used.filter(([, , how]) => !how).map(([, name]) => `compose.yaml does not say what becomes of it if ${name} is not set`),
  ];
}

function containers(stack) {
  const { services } = stack;
  return Object.entries(services).flatMap(([name, service]) => {
    const image = filled(stack, service.image);
    return [
      ...Object.entries(HARDENED)
        .filter(([key, holds]) => !holds(service[key]))
        .map(([key]) => `${name} is not hardened: ${key}`),
      ...LOOSENED.filter((key) => service[key]).map((key) => `${name} is not hardened: it has ${key}`),
      ...(service.security_opt ?? [])
        .filter((one) => !/^no-new-privileges/.test(one))
        .map((one) => `${name} is not hardened: security_opt has ${one}`),
      ...(service.restart ? [] : [`${name} is not started again when it dies: it has no restart`]),
      ...(service.user || OWN_USER.test(service.image) ? [] : [`${name} may run as root: it has no user`]),
      ...(/^(0|root)(:|$)/.test(service.user ?? '') ? [`${name} runs as root`] : []),
      ...(/:[\w.-]+$/.test(image) && !image.endsWith(':latest') ? [] : [`${name} has an image without a version: ${image}`]),
      ...(service.ports ?? [])
        .filter((port) => !port.startsWith('127.0.0.1:'))
        .map((port) => `${name} publishes ${port} to everybody; who wants that puts a proxy before it`),
      ...(service.ports ?? [])
        .filter((port) => !(service.expose ?? []).includes(port.split(':').at(-1)))
        .map((port) => `${name} publishes ${port} and does not expose it`),
      ...Object.entries(service.depends_on ?? {}).flatMap(([other, { condition, required }]) => waiting(stack, name, other, condition, required)),
    ];
  });
}

function waiting({ services }, name, other, condition, required) {
  const awaited = services[other];
  if (!awaited) return [`${name} waits for ${other}, which is no service`];
  const healthy = awaited.healthcheck?.test || /OPENLEDGER_IMAGE/.test(awaited.image);
  const missing = services[name].profiles.filter((profile) => !awaited.profiles.includes(profile));
  return [
    ...(condition === 'service_healthy' && !healthy ? [`${name} waits for ever: ${other} has no health check`] : []),
    ...(condition === 'service_completed_successfully' && awaited.restart !== 'no'
      ? [`${name} waits for the end of ${other}, which is started again`]
      : []),
    ...(missing.length > 0 && required !== false ? [`${name} needs ${other}, which is not in the profile ${missing}`] : []),
  ];
}

/** Pairs of a file of the checkout and where a container has it. */
const bindings = (stack, service) => (service.volumes ?? []).map((one) => filled(stack, one).split(':')).filter(([from]) => /^[./]/.test(from));

function mounts(stack) {
  const { services, compose, path } = stack;
  return Object.entries(services)
    .flatMap(([name, service]) => [
      ...bindings(stack, service)
        .filter(([from]) => !existsSync(path(from)))
        .map(([from]) => `${name} mounts ${from}, which is not there`),
      ...bindings(stack, service)
        .filter(([, , how]) => how !== 'ro')
        .map(([from]) => `${name} may write into ${from}`),
      ...(service.env_file ?? [])
        .map((one) => filled(stack, one))
        .filter((file) => !existsSync(path(file)))
        .map((file) => `${name} takes its environment from ${file}, which is not there`),
      ...(service.volumes ?? [])
        .map((one) => one.split(':')[0])
        .filter((one) => /^[a-z]/.test(one) && !(one in compose.volumes))
        .map((one) => `${name} mounts the volume ${one}, which is not declared`),
    ])
    .concat(unmounted(stack));
}

/** A volume that nobody mounts was somebody's: what it kept is gone with the container now. */
const unmounted = ({ services, compose }) =>
  Object.keys(compose.volumes)
    .filter((volume) => !Object.values(services).some(({ volumes = [] }) => volumes.some((one) => one.startsWith(`${volume}:`))))
    .map((volume) => `the volume ${volume} is mounted by nobody`);

/** The router asks the database that there is, as the user that there is, with that user's password. */
function database({ services, yaml }) {
  const { POSTGRES_USER: user, POSTGRES_DB: name, POSTGRES_PASSWORD: password } = services.postgres.environment;
  const asked = ['demo', 'production'].flatMap((profile) => {
    const { username, reactive, jdbc } = yaml(`${profile}/openledger.yaml`).quarkus.datasource;
    const own = [reactive.url, jdbc.url].filter((url) => url.includes('//postgres:'));
    return [
      ...own.filter((url) => !url.endsWith(`/${name}`)).map((url) => `${profile}/openledger.yaml asks for the database at ${url}, and it is ${name}`),
      ...(own.length === 0 || username === user ? [] : [`${profile}/openledger.yaml asks the database as ${username}, and its user is ${user}`]),
    ];
  });
  const check = services.postgres.healthcheck.test.join(' ');
  return [
    ...asked,
    ...(services.router.environment.QUARKUS_DATASOURCE_PASSWORD === password ? [] : ["the router's password is not that of the database"]),
    ...(check.includes(`-U ${user} -d ${name}`) ? [] : [`postgres is asked for its health otherwise than as ${user} at ${name}: ${check}`]),
  ];
}

/** Whether a container has that file of its own: mounted itself, or in a folder that is. Globs count if the folder is there. */
function sees(stack, name, file) {
  const wanted = file.includes('*') ? dirname(file) : file;
  return bindings(stack, stack.services[name]).some(
    ([from, to]) =>
      to === wanted ||
      (file.includes('*') && dirname(to) === wanted) ||
      (wanted.startsWith(`${to}/`) && existsSync(stack.path(join(from, wanted.slice(to.length + 1))))),
  );
}

/** What is wrong with an address "host:port" that a container asks; 127.0.0.1 is itself. */
function address(stack, self, where, text) {
  const [, host, port] = text.match(/^(?:[a-z]+(?::[a-z]+)?:\/\/)?([^/:]+):(\d+)/) ?? [];
  if (!host) return [`${where} has no host and port: ${text}`];
  const service = stack.services[host === '127.0.0.1' ? self : host];
  if (!service) return [`${where} leads to ${host}, which is no service`];
  if (/^(https|wss):/.test(text)) return [`${where} asks ${host} by TLS, which nothing here speaks: ${text}`];
  return (service.expose ?? []).includes(port) ? [] : [`${where} leads to ${host}:${port}, which does not listen there`];
}

function prometheus(stack) {
  const config = stack.yaml('prometheus/prometheus.yml');
  if (!config.alerting?.alertmanagers) return ['prometheus tells no Alertmanager: it has no alerting'];
  const targets = config.scrape_configs.flatMap(({ job_name, static_configs }) =>
    static_configs.flatMap(({ targets }) => targets.map((target) => [job_name, target])),
  );
  const jobs = new Set(targets.map(([job]) => job));
  return [
    ...config.rule_files
      .filter((file) => !sees(stack, 'prometheus', file))
      .map((file) => `prometheus reads rules at ${file}, where nothing is mounted`),
    ...targets.flatMap(([job, target]) => address(stack, 'prometheus', `prometheus' job ${job}`, target)),
    ...config.alerting.alertmanagers.flatMap(({ static_configs }) =>
      static_configs.flatMap(({ targets }) => targets.flatMap((target) => address(stack, 'prometheus', 'prometheus sends alerts: it', target))),
    ),
    ...(jobs.has('openledger') ? [] : ['prometheus does not scrape the router']),
    ...targets
      .filter(([, target]) => target === 'collector:8889')
      .map(() => "prometheus gets the router's metrics twice: from it, and from the collector"),
  ];
}

function alertmanager(stack) {
  const { route, receivers, inhibit_rules } = stack.yaml('alertmanager/alertmanager.yml');
  const rules = parse(readFileSync(join(stack.root, 'dashboards/generated/openledger.rules.yaml'), 'utf8')).groups.flatMap(({ rules }) => rules);
  const severities = new Set(rules.filter(({ alert }) => alert).map(({ labels }) => labels.severity));
  const alerts = rules.filter(({ alert }) => alert);
  const labels = new Set(alerts.flatMap(({ labels }) => Object.keys(labels)));
  const files = receivers.flatMap(({ webhook_configs }) => (webhook_configs ?? []).map(({ url_file }) => url_file)).filter(Boolean);
  const mounted = bindings(stack, stack.services.alertmanager).filter(([, to]) => to.endsWith('.url'));
  const matches = (matchers, { labels: its }) => matchers.every((one) => its[one.split('=')[0]] === one.split('"')[1]);
  const names = receivers.map(({ name }) => name);
  const receiverOf = (severity) => route.routes.find(({ matchers }) => matchers.includes(`severity="${severity}"`))?.receiver ?? route.receiver;
  const used = [route.receiver, ...route.routes.map(({ receiver }) => receiver)];
  return [
    ...used.filter((name) => !names.includes(name)).map((name) => `alertmanager has no receiver ${name}`),
    ...(new Set([...severities].map(receiverOf)).size === severities.size
      ? []
      : [`alertmanager sends ${[...severities].join(' and ')} to the same receiver`]),
    ...files.filter((file) => !sees(stack, 'alertmanager', file)).map((file) => `alertmanager reads ${file}, which is not mounted`),
    ...twice(files).map((file) => `two receivers of alertmanager tell the address in ${file}`),
    ...mounted
      .filter(([from, to]) => from.split('/').at(-1) !== to.split('/').at(-1))
      .map(([from, to]) => `alertmanager has ${from} at ${to}: those who are told are mixed up`),
    ...receivers
      .filter((one) => !Object.entries(one).some(([key, configs]) => key.endsWith('_configs') && configs?.length > 0))
      .map(({ name }) => `alertmanager's receiver ${name} tells nobody`),
    ...inhibit_rules
      .filter(({ target_matchers }) => alerts.some((alert) => alert.labels.severity === 'page' && matches(target_matchers, alert)))
      .map(({ target_matchers }) => `alertmanager keeps pages back: those with ${target_matchers}`),
    ...inhibit_rules
      .filter(({ equal }) => !equal?.includes('alertname'))
      .map(({ source_matchers }) => `alertmanager keeps alerts back because of another one (${source_matchers}): equal lacks alertname`),
    ...inhibit_rules
      .flatMap(({ source_matchers, target_matchers }) => [...source_matchers, ...target_matchers])
      .map((matcher) => matcher.split('=')[0])
      .filter((label) => !labels.has(label))
      .map((label) => `alertmanager inhibits by ${label}, which no alert has`),
  ];
}

/** What a collector's pipelines name and its sections do not have, and the other way about. */
function pipelines(name, config) {
  const kinds = ['receivers', 'processors', 'exporters'];
  const named = Object.values(config.service.pipelines).flatMap((pipeline) =>
    kinds.flatMap((kind) => (pipeline[kind] ?? []).map((one) => [kind, one])),
  );
  return [
    ...named.filter(([kind, one]) => !(one in config[kind])).map(([kind, one]) => `${name} names ${one}, which is not among its ${kind}`),
    ...kinds.flatMap((kind) =>
      Object.keys(config[kind])
        .filter((one) => !named.some(([where, other]) => where === kind && other === one))
        .map((one) => `${name} has ${one} among its ${kind}, and no pipeline uses it`),
    ),
    ...config.service.extensions
      .filter((one) => !(one in config.extensions))
      .map((one) => `${name} starts the extension ${one}, which it does not have`),
  ];
}

/** Where a collector listens, so that what is exposed is true. */
function listening(stack, name, ports) {
  return stack.services[name].expose.filter((port) => !ports.includes(Number(port))).map((port) => `${name} exposes ${port}, where nothing listens`);
}

const portOf = (endpoint) => Number(endpoint.split(':').at(-1));
const ownPort = (config) => config.service.telemetry.metrics.readers[0].pull.exporter.prometheus.port;

function collector(stack) {
  const config = stack.yaml('collector/config.yaml');
  const builder = stack.yaml('collector/builder.yaml');
  const built = ['receivers', 'processors', 'exporters', 'extensions'].flatMap((kind) => builder[kind].map(({ gomod }) => gomod));
  const parts = ['receivers', 'processors', 'exporters', 'extensions'].flatMap((kind) =>
    Object.keys(config[kind]).map((one) => one.split('/')[0].replaceAll('_', '')),
  );
  const version = filled(stack, stack.services.collector.image).split(':').at(-1);
  return [
    ...pipelines('collector', config),
    ...Object.entries(config.exporters)
      .filter(([name]) => name.startsWith('otlphttp'))
      .flatMap(([name, { endpoint }]) => address(stack, 'collector', `the collector's ${name}`, endpoint)),
    ...parts
      .filter((part) => !built.some((module) => module.includes(`/${part}`)))
      .map((part) => `builder.yaml lacks ${part}, which the collector's configuration uses`),
    ...(builder.dist.version === version ? [] : [`builder.yaml builds ${builder.dist.version}, and compose.yaml runs ${version}`]),
    ...listening(stack, 'collector', [
      portOf(config.receivers.otlp.protocols.http.endpoint),
      portOf(config.exporters.prometheus.endpoint),
      ownPort(config),
    ]),
  ];
}

function traces(stack) {
  const config = stack.yaml('traces/config.yaml');
  const stores = Object.keys(config.extensions.jaeger_storage.backends);
  const used = [config.extensions.jaeger_query.storage.traces, config.exporters.jaeger_storage_exporter.trace_storage];
  return [
    ...pipelines('traces', config),
    ...used.filter((store) => !stores.includes(store)).map((store) => `traces are kept in ${store}, which is no store`),
    ...listening(stack, 'traces', [
      portOf(config.receivers.otlp.protocols.http.endpoint),
      portOf(config.extensions.jaeger_query.http.endpoint),
      ownPort(config),
    ]),
  ];
}

/** Both configurations of the router, and the fleet of the demo. */
function routers(stack) {
  const fleet = stack.yaml('demo/fleet.yaml');
  const ports = fleet.providers.map(({ port }) => String(port));
  const demo = stack.yaml('demo/openledger.yaml');
  const own = stack.services.router.expose;
  const page = readFileSync(join(stack.root, 'docs/reference/configuration.md'), 'utf8');
  const wrong = ['demo', 'production'].flatMap((profile) => {
    const config = stack.yaml(`${profile}/openledger.yaml`);
    const at = (key, value) => address(stack, 'router', `${profile}/openledger.yaml: ${key}`, value);
    return [
      ...at('the database', config.quarkus.datasource.reactive.url),
      ...at('the database', config.quarkus.datasource.jdbc.url.replace(/^jdbc:/, '')),
      ...at('telemetry.push.endpoint', config.openledger.telemetry.push.endpoint),
      ...(config.quarkus.http.host === '0.0.0.0' && config.openledger.telemetry.scrape.host === '0.0.0.0'
        ? []
        : [`${profile}/openledger.yaml listens where no other container can reach it`]),
      ...(own.includes(String(config.openledger.telemetry.scrape.port ?? 9464))
        ? []
        : [`${profile}/openledger.yaml is scraped at a port that the router does not expose`]),
      ...environment(stack, profile, config),
      ...strangers(config.openledger).map((name) => `${profile}/openledger.yaml has a target of the provider ${name}, which it does not have`),
      ...unknownKeys(config, page).map((key) => `${profile}/openledger.yaml has ${key}, which is no key of the router`),
    ];
  });
  const local = (text) => text.replaceAll('//127.0.0.1:', '//').replaceAll(/\/\/(providers|chain):/g, '//');
  const source = parse(local(readFileSync(join(stack.root, 'deploy/demo.yaml'), 'utf8')), { merge: true }).openledger;
  const copied = parse(local(stack.text('demo/openledger.yaml')), { merge: true }).openledger;
  // That of `make run` is its vault's, which the containers do without.
  for (const { settlement } of [source, copied]) delete settlement?.['challenge-window'];
  return [
    ...wrong,
    ...demo.openledger.providers.flatMap(({ name, 'base-url': url }) => address(stack, 'router', `the provider ${name}`, url)),
    ...demo.openledger.settlement['rpc-urls'].flatMap((url) => address(stack, 'router', 'the chain', url)),
    ...address(stack, 'router', 'the chain', demo.openledger.settlement['web-socket-url']),
    ...stack.services.providers.expose
      .filter((port) => !ports.includes(port))
      .map((port) => `providers expose ${port}, where no provider of the fleet listens`),
    ...(fleet.host === '0.0.0.0' ? [] : ['demo/fleet.yaml listens where no other container can reach it']),
    ...Object.keys(source)
      .filter((key) => JSON.stringify(source[key]) !== JSON.stringify(copied[key]))
      .map((key) => `demo/openledger.yaml differs from deploy/demo.yaml in ${key}`),
  ];
}

/** Variables that a configuration names are in the file that it gets its environment from. */
function environment({ text }, profile, config) {
  const given = text(profile === 'demo' ? 'demo/router.env' : 'production/router.env.example');
  const named = [...JSON.stringify(config).matchAll(/"[a-z-]*key-env":"([A-Z_]+)"/g)].map(([, name]) => name);
  return named
    .filter((name) => !new RegExp(`^${name}=`, 'm').test(given))
    .map((name) => `${profile}/openledger.yaml wants ${name}, which its environment does not have`);
}

function grafana(stack) {
  const { datasources } = stack.yaml('grafana/provisioning/datasources/openledger.yaml');
  const { providers } = stack.yaml('grafana/provisioning/dashboards/openledger.yaml');
  const uids = datasources.map(({ uid }) => uid);
  const home = stack.services.grafana.environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH;
  const boards = providers.flatMap(({ options: { path } }) => boardsAt(stack, path));
  const jumps = datasources.flatMap(({ jsonData }) => jsonData?.exemplarTraceIdDestinations ?? []);
  return [
    ...twice(uids).map((uid) => `two data sources have the uid ${uid}`),
    ...datasources.flatMap(({ name, url }) => address(stack, 'grafana', `the data source ${name}`, url)),
    ...(datasources.filter(({ isDefault }) => isDefault).length === 1 ? [] : ['not exactly one data source is the default']),
    ...jumps
      .filter(({ datasourceUid }) => !uids.includes(datasourceUid))
      .map(({ datasourceUid }) => `exemplars lead to the data source ${datasourceUid}, which is not provisioned`),
    ...providers
      .filter(({ options: { path } }) => boardsAt(stack, path).length === 0)
      .map(({ options: { path } }) => `no board is mounted at ${path}`),
    ...(sees(stack, 'grafana', home) ? [] : [`Grafana's first board is ${home}, which is not mounted`]),
    ...twice(boards.map(({ board }) => board.uid)).map((uid) => `two boards have the uid ${uid}`),
    ...boards.flatMap(({ file, board }) => references(stack, file, board, datasources)),
  ];
}

const twice = (values) => values.filter((value, at) => values.indexOf(value) !== at);

function boardsAt(stack, folder) {
  const [from] = bindings(stack, stack.services.grafana).find(([, to]) => to === folder) ?? [];
  if (!from || !existsSync(stack.path(from))) return [];
  return readdirSync(stack.path(from))
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ file, board: JSON.parse(readFileSync(stack.path(join(from, file)), 'utf8')) }));
}

/** Each variable and each data source that a board uses is there, and its links lead to where things are published. */
function references({ example }, file, board, datasources) {
  const variables = board.templating.list;
  const names = variables.map(({ name }) => name);
  const text = JSON.stringify(board);
  const used = [...text.matchAll(/"datasource":\{"type":"(\w+)","uid":"([^"]+)"\}/g)].map(([, type, uid]) => ({ type, uid }));
  const alerts = board.panels.filter(({ type }) => type === 'alertlist').map(({ options }) => options.datasource);
  const asked = [...text.matchAll(/\$\{(\w+)[}:]/g)].map(([, name]) => name).filter((name) => !/^__/.test(name));
  const published = { openledger: example.OPENLEDGER_PORT, traces: example.TRACES_PORT };
  return [
    ...used
      .filter(({ type, uid }) =>
        uid.startsWith('$') ? !datasources.some((one) => one.type === type) : !datasources.some((one) => one.uid === uid && one.type === type),
      )
      .map(({ type, uid }) => `${file} asks a data source ${uid} of type ${type}, which is not provisioned`),
    ...[...new Set(asked)].filter((name) => !names.includes(name)).map((name) => `${file} uses $${name}, which it does not have`),
    ...variables
      .filter(({ type }) => type === 'datasource')
      .filter(({ query }) => !datasources.some(({ type }) => type === query))
      .map(({ query }) => `${file} lets choose a data source of type ${query}, which is not provisioned`),
    ...alerts
      .filter((name) => !datasources.some((one) => one.name === name))
      .map((name) => `${file} lists alerts of ${name}, which is not provisioned`),
    ...Object.entries(published)
      .filter(([name, port]) => !variables.some((one) => one.name === name && one.query.endsWith(`:${port}`)))
      .map(([name, port]) => `${file} does not lead to ${name} at its port ${port}`),
  ];
}

/** Nothing of the demo, whose keys everybody knows, is in what production starts from. */
function apart({ text, services }) {
  const known = [...text('demo/router.env').matchAll(/=([0-9a-f]{64})$/gm)].map(([, key]) => key);
  const hashes = [...text('demo/openledger.yaml').matchAll(/key-sha256: ([0-9a-f]{64})/g)].map(([, hash]) => hash);
  const production = ['production/openledger.yaml', 'production/router.env.example'].map(text).join('\n');
  const demo = ['chain', 'registry', 'providers'];
  return [
    ...[...known, ...hashes].filter((one) => production.includes(one)).map((one) => `production knows a key of the demo: ${one.slice(0, 8)}…`),
    ...demo.filter((name) => services[name].profiles.join() !== 'demo').map((name) => `${name} is started in production`),
    ...Object.keys(services)
      .filter((name) => !demo.includes(name) && !services[name].profiles.includes('production'))
      .map((name) => `${name} is not started in production`),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wrong = faults(process.argv[2] ?? '.');
  wrong.forEach((one) => console.error(`deploy/compose: ${one}`));
  process.exit(wrong.length > 0 ? 1 : 0);
}
