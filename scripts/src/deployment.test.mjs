// The checks of deploy/compose find what they are there for: each fault here is planted in a copy, and has to be found by its sentence.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { faults } from './deployment.mjs';

const ROOT = new URL('../../', import.meta.url).pathname;
const COMPOSE = 'compose.yaml';
let copy;

before(() => {
  copy = mkdtempSync(join(tmpdir(), 'openledger-deployment-'));
  for (const part of ['deploy/compose', 'deploy/demo.yaml', 'dashboards/generated', 'docs/reference/configuration.md']) {
    mkdirSync(dirname(join(copy, part)), { recursive: true });
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  }
});

after(() => rmSync(copy, { recursive: true, force: true }));

test('what is in the repository fits together', () => {
  assert.deepEqual(faults(ROOT), []);
});

/** file (in deploy/compose), what stands there, what is put in its place (all of them if the first is a pattern with g), and the sentence. */
const PLANTED = [
  [COMPOSE, '${POSTGRES_PASSWORD:?choose', '${DATABASE_PASSWORD:?choose', /needs DATABASE_PASSWORD, which .env.example does not have/],
  ['.env.example', 'CHAIN_PORT=', 'SPARE_PORT=1\nCHAIN_PORT=', /has SPARE_PORT, which compose.yaml does not use/],
  [COMPOSE, ', see .env.example}', '}', /does not say where OPENLEDGER_IMAGE has to be set/],
  [COMPOSE, '${CHAIN_PORT:-8545}', '${CHAIN_PORT}', /what becomes of it if CHAIN_PORT is not set/],
  [COMPOSE, 'read_only: true', 'read_only: false', /router is not hardened: read_only/],
  [COMPOSE, 'cap_drop: [ALL]', 'cap_drop: [NET_RAW]', /grafana is not hardened: cap_drop/],
  [COMPOSE, 'mem_limit: 640m', 'memswap_limit: 640m', /router is not hardened: mem_limit/],
  [COMPOSE, 'mem_limit: 640m', 'mem_limit: 640m\n    privileged: true', /router is not hardened: it has privileged/],
  [COMPOSE, 'mem_limit: 640m', 'mem_limit: 640m\n    cap_add: [NET_ADMIN]', /router is not hardened: it has cap_add/],
  [COMPOSE, 'mem_limit: 640m', 'mem_limit: 640m\n    network_mode: host', /router is not hardened: it has network_mode/],
  [COMPOSE, '"no-new-privileges:true"]', '"no-new-privileges:true", "seccomp:unconfined"]', /not hardened: security_opt has seccomp:unconfined/],
  [COMPOSE, '  restart: unless-stopped\n', '', /router is not started again when it dies/],
  [COMPOSE, '    volumes: ["postgres:/var/lib/postgresql"]\n', '', /the volume postgres is mounted by nobody/],
  [COMPOSE, 'POSTGRES_USER: openledger', 'POSTGRES_USER: ledger', /asks the database as openledger, and its user is ledger/],
  [COMPOSE, 'POSTGRES_DB: openledger', 'POSTGRES_DB: ledger', /asks for the database at .*, and it is ledger/],
  [COMPOSE, '"-U", "openledger"', '"-U", "ledger"', /asked for its health otherwise than as openledger/],
  [COMPOSE, 'PASSWORD: ${POSTGRES_PASSWORD', 'PASSWORD: ${GRAFANA_PASSWORD', /the router's password is not that of the database/],
  [COMPOSE, '/etc/alertmanager/page.url:ro', '/etc/alertmanager/ticket.url:ro', /has .*page.url at .*ticket.url: those who are told are mixed up/],
  ['alertmanager/alertmanager.yml', '/etc/alertmanager/page.url', '/etc/alertmanager/ticket.url', /two receivers of alertmanager tell/],
  ['alertmanager/alertmanager.yml', /webhook_configs: .*page.*/, 'webhook_configs: []', /receiver pager tells nobody/],
  ['alertmanager/alertmanager.yml', `target_matchers: ['burn="slow"']`, `target_matchers: ['burn="fast"']`, /alertmanager keeps pages back/],
  ['alertmanager/alertmanager.yml', /    equal: .*\n/, '', /equal lacks alertname/],
  ['prometheus/prometheus.yml', /alerting:\n.*\n.*\n/, '', /prometheus tells no Alertmanager/],
  ['collector/config.yaml', 'http://traces:4318', 'https://traces:4318', /asks traces by TLS, which nothing here speaks/],
  ['grafana/provisioning/datasources/openledger.yaml', 'http://prometheus', 'https://prometheus', /asks prometheus by TLS/],
  [COMPOSE, 'user: "999:999"', 'user: "0:0"', /postgres runs as root/],
  [COMPOSE, /\n {4}user: "999:999"/, '', /postgres may run as root/],
  [COMPOSE, 'library/postgres:18', 'library/postgres', /postgres has an image without a version/],
  [COMPOSE, 'jaeger:2.13.0', 'jaeger:latest', /traces has an image without a version/],
  [COMPOSE, '"127.0.0.1:${PROMETHEUS_PORT:-9090}:9090"', '"${PROMETHEUS_PORT:-9090}:9090"', /prometheus publishes .* to everybody/],
  [COMPOSE, 'postgres: { condition', 'database: { condition', /router waits for database, which is no service/],
  [COMPOSE, 'chain: { condition: service_started }', 'chain: { condition: service_healthy }', /waits for ever: chain has no health check/],
  [COMPOSE, 'restart: "no"', 'restart: always', /waits for the end of registry, which is started again/],
  [COMPOSE, ', required: false', '', /router needs registry, which is not in the profile production/],
  [COMPOSE, './demo/fleet.yaml:', './demo/fleets.yaml:', /providers mounts .\/demo\/fleets.yaml, which is not there/],
  [COMPOSE, 'prometheus.yml:ro', 'prometheus.yml', /prometheus may write into/],
  ['.env.example', 'OPENLEDGER_ENV=./demo/router.env', 'OPENLEDGER_ENV=./demo/keys.env', /environment from .\/demo\/keys.env, which is not there/],
  [COMPOSE, 'prometheus:/prometheus', 'metrics:/prometheus', /mounts the volume metrics, which is not declared/],
  [COMPOSE, '/etc/prometheus/rules/openledger', '/etc/prometheus/alerts/openledger', /reads rules at .*, where nothing is mounted/],
  ['prometheus/prometheus.yml', 'router:9464', 'openledger:9464', /job openledger leads to openledger, which is no service/],
  ['prometheus/prometheus.yml', 'router:9464', 'router:9465', /leads to router:9465, which does not listen there/],
  ['prometheus/prometheus.yml', 'collector:8888', 'collector:8889', /gets the router's metrics twice/],
  ['prometheus/prometheus.yml', 'job_name: openledger', 'job_name: router', /does not scrape the router/],
  [
    'prometheus/prometheus.yml',
    /targets: \["alertmanager:9093"\] \}\]\n\nscrape/,
    'targets: ["alerts:9093"] }]\n\nscrape',
    /sends alerts: it leads to alerts/,
  ],
  ['alertmanager/alertmanager.yml', 'receiver: pager', 'receiver: phone', /alertmanager has no receiver phone/],
  [
    'alertmanager/alertmanager.yml',
    'severity="page"',
    'severity="critical"',
    /sends page and ticket to the same receiver|sends ticket and page to the same receiver/,
  ],
  ['alertmanager/alertmanager.yml', '/etc/alertmanager/page.url', '/etc/alertmanager/pager.url', /reads .*pager.url, which is not mounted/],
  ['alertmanager/alertmanager.yml', 'burn="slow"', 'speed="slow"', /inhibits by speed, which no alert has/],
  ['collector/config.yaml', 'exporters: [prometheus]', 'exporters: [prometeus]', /names prometeus, which is not among its exporters/],
  [
    'collector/config.yaml',
    '[memory_limiter, batch], exporters: [prometheus]',
    '[memory_limiter, batch], exporters: [otlphttp/traces]',
    /has prometheus among its exporters, and no pipeline uses it/,
  ],
  ['collector/config.yaml', 'http://traces:4318', 'http://traces:4317', /otlphttp\/traces leads to traces:4317/],
  ['collector/config.yaml', 'endpoint: "0.0.0.0:4318"', 'endpoint: "0.0.0.0:4319"', /collector exposes 4318, where nothing listens/],
  ['collector/builder.yaml', 'version: 0.165.0', 'version: 0.164.0', /builds 0.164.0, and compose.yaml runs 0.165.0/],
  ['collector/builder.yaml', /.*processor\/batchprocessor.*\n/, '', /builder.yaml lacks batch/],
  ['traces/config.yaml', 'traces: memory }', 'traces: disk }', /kept in disk, which is no store/],
  ['traces/config.yaml', '"0.0.0.0:16686"', '"0.0.0.0:16685"', /traces exposes 16686, where nothing listens/],
  ['demo/openledger.yaml', 'http://providers:9102/v1', 'http://providers:9109/v1', /provider east leads to providers:9109/],
  ['demo/openledger.yaml', 'http://chain:8545', 'http://127.0.0.1:8545', /the chain leads to router:8545|the chain leads to 127.0.0.1:8545/],
  ['demo/openledger.yaml', 'attempts: 3', 'attempts: 2', /differs from deploy\/demo.yaml in routes/],
  [
    'demo/openledger.yaml',
    'scrape:\n      host: 0.0.0.0',
    'scrape:\n      host: 127.0.0.1',
    /demo\/openledger.yaml listens where no other container can reach it/,
  ],
  ['production/openledger.yaml', 'postgresql://postgres:5432', 'postgresql://postgres:5433', /the database leads to postgres:5433/],
  [
    'production/openledger.yaml',
    'api-key-env: OPENAI',
    'key-env: OPENAI',
    /production\/openledger.yaml has openledger.providers.key-env, which is no key/,
  ],
  ['production/openledger.yaml', '- provider: openai', '- provider: openia', /has a target of the provider openia, which it does not have/],
  ['production/router.env.example', 'OPENAI_API_KEY=', 'OPENAI_KEY=', /wants OPENAI_API_KEY, which its environment does not have/],
  [
    'production/router.env.example',
    'OPENAI_API_KEY=',
    `OPENLEDGER_LOG_KEY=${'0d'.repeat(32)}\nOPENAI_API_KEY=`,
    /production knows a key of the demo/,
  ],
  ['demo/fleet.yaml', 'host: 0.0.0.0', 'host: 127.0.0.1', /demo\/fleet.yaml listens where/],
  ['demo/fleet.yaml', 'port: 9103', 'port: 9113', /providers expose 9103, where no provider/],
  [
    'grafana/provisioning/datasources/openledger.yaml',
    'uid: traces\n',
    'uid: jaeger\n',
    /exemplars lead to the data source traces, which is not provisioned/,
  ],
  ['grafana/provisioning/datasources/openledger.yaml', 'uid: alertmanager', 'uid: prometheus', /two data sources have the uid prometheus/],
  ['grafana/provisioning/datasources/openledger.yaml', 'type: prometheus\n', 'type: loki\n', /of type prometheus, which is not provisioned/],
  [
    'grafana/provisioning/datasources/openledger.yaml',
    'http://prometheus:9090',
    'http://prometheus:9091',
    /data source Prometheus leads to prometheus:9091/,
  ],
  ['grafana/provisioning/datasources/openledger.yaml', 'name: Prometheus', 'name: Metrics', /lists alerts of Prometheus, which is not provisioned/],
  [
    'grafana/provisioning/dashboards/openledger.yaml',
    '/etc/openledger/dashboards',
    '/etc/openledger/panels',
    /no board is mounted at \/etc\/openledger\/panels/,
  ],
  [COMPOSE, 'boards/start.json', 'boards/home.json', /first board is .*home.json, which is not mounted/],
  ['grafana/boards/start.json', '"uid": "openledger-start"', '"uid": "openledger-fairness"', /two boards have the uid openledger-fairness/],
  ['grafana/boards/start.json', '${traces}/search', '${spans}/search', /start.json uses \$spans, which it does not have/],
  ['grafana/boards/start.json', '"uid": "${datasource}"', '"uid": "mimir"', /asks a data source mimir of type prometheus/],
  ['.env.example', 'TRACES_PORT=16686', 'TRACES_PORT=9411', /does not lead to traces at its port 9411/],
  [COMPOSE, /(chain:\n.*\n {4}profiles: )\[demo\]/, '$1[demo, production]', /chain is started in production/],
  [COMPOSE, /(alertmanager:\n.*\n {4}profiles: )\[demo, production\]/, '$1[demo]', /alertmanager is not started in production/],
];

for (const [file, from, to, sentence] of PLANTED) {
  test(`found: ${sentence.source}`, () => {
    const path = join(copy, 'deploy/compose', file);
    const good = readFileSync(path, 'utf8');
    const bad = good.replace(from, to);
    assert.notEqual(bad, good, `${from} does not stand in ${file}`);
    writeFileSync(path, bad);
    try {
      const found = faults(copy);
      assert.ok(
        found.some((one) => sentence.test(one)),
        `not found; instead: ${found.join('; ') || 'nothing'}`,
      );
    } finally {
      writeFileSync(path, good);
    }
  });
}

test('a fault in one place is not told as many', () => {
  const path = join(copy, 'deploy/compose/prometheus/prometheus.yml');
  const good = readFileSync(path, 'utf8');
  writeFileSync(path, good.replace('router:9464', 'router:9465'));
  const found = faults(copy);
  writeFileSync(path, good);
  assert.equal(found.length, 1);
});

test('the images are loaded where the release lies, before the folder is left', () => {
  const page = readFileSync(join(ROOT, 'deploy/compose/README.md'), 'utf8');
  assert.ok(page.indexOf('docker load') < page.indexOf('cd openledger/deploy/compose'));
});

test("the files with webhooks' addresses are to be read by the user that Alertmanager runs as", () => {
  assert.match(readFileSync(join(ROOT, 'deploy/compose/README.md'), 'utf8'), /chown 65534 FILE/);
});
