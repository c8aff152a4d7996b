// What watches the router: targets, rules, alerts at their webhooks, names of metrics, and traces.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { need, until } from '../promises.mjs';
import { SUBNET, get, inspect, ports, served } from './stack.mjs';

const alarms = [];
let hook;

/** Takes what Alertmanager sends. */
export function listen() {
  hook = createServer((request, answer) => {
    let body = '';
    request.on('data', (bytes) => (body += bytes));
    request.on('end', () => {
      alarms.push({ path: request.url, body });
      answer.end();
    });
  });
  const bind = () => hook.listen(ports.HOOK, `${SUBNET}.1`);
  // The address is there once the network is.
  hook.on('error', () => setTimeout(bind, 500).unref());
  bind();
}

export function deafen() {
  hook?.close();
  hook?.closeAllConnections();
}

const prometheus = (path) => get(`http://127.0.0.1:${ports.PROMETHEUS_PORT}/api/v1/${path}`);

export async function targets(missing) {
  return until('every target up', 60, async () => {
    const { data } = await prometheus('targets');
    const down = data.activeTargets.filter(({ health, labels }) => health !== 'up' && !missing.includes(labels.job));
    need(data.activeTargets.length >= 4, `only ${data.activeTargets.length} targets`);
    need(down.length === 0, down.map(({ labels, lastError }) => `${labels.job} ${lastError}`).join(', '));
    return `${data.activeTargets.filter(({ health }) => health === 'up').length} up`;
  });
}

export async function rules() {
  return until('every rule ok', 90, async () => {
    const { data } = await prometheus('rules');
    const all = data.groups.filter(({ name }) => name !== 'proof').flatMap((group) => group.rules);
    const bad = all.filter(({ health }) => health !== 'ok');
    need(all.length > 30 && bad.length === 0, `${bad.length} of ${all.length} are ${bad[0]?.health}`);
    return `${all.length} rules ok`;
  });
}

const alarmsAt = (path) => alarms.filter((one) => one.path === path).flatMap(({ body }) => JSON.parse(body).alerts);

export async function delivered() {
  await until(
    'a page and a ticket',
    90,
    () => alarmsAt('/page').length > 0 && alarmsAt('/ticket').some(({ labels }) => labels.alertname === 'ProofTicket'),
  );
  const wrong = alarmsAt('/page')
    .filter(({ labels }) => labels.severity !== 'page')
    .concat(alarmsAt('/ticket').filter(({ labels }) => labels.severity !== 'ticket'));
  need(wrong.length === 0, `at the wrong hook: ${JSON.stringify(wrong[0])}`);
  // It burns fast and slowly: only the page about it is sent.
  need(!alarmsAt('/ticket').some(({ labels }) => labels.alertname === 'ProofPage'), 'the ticket beside a page was not kept back');
}

const families = (text) =>
  new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name).filter((name) => !/^(target|otel_scope)_info$/.test(name)));

export async function sameNames() {
  const address = await inspect('router', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}');
  return until('the same names', 60, async () => {
    const scraped = families(await get(`http://${address}:9464/metrics`));
    const pushed = families(await get(`http://127.0.0.1:${ports.COLLECTOR_PORT}/metrics`));
    const differ = [...scraped].filter((name) => !pushed.has(name)).concat([...pushed].filter((name) => !scraped.has(name)));
    need(scraped.size > 30 && differ.length === 0, `different: ${differ.slice(0, 5)}`);
    return `${scraped.size} names`;
  });
}

export async function traced() {
  const trace = randomBytes(16).toString('hex');
  await served('fast', { traceparent: `00-${trace}-${randomBytes(8).toString('hex')}-01` });
  return until('the trace', 60, async () => {
    const { data } = await get(`http://127.0.0.1:${ports.TRACES_PORT}/api/traces/${trace}`);
    return data[0].spans.length > 0 && `${data[0].spans.length} spans`;
  });
}

/** What Jaeger's page asks when somebody follows the link of a board to traces of confirmed requests. */
export async function found() {
  const board = readFileSync('dashboards/generated/latency.json', 'utf8');
  const [link] = board.match(/\$\{traces\}\/search\?[^"]*openledger\.mode[^"]*confirmed[^"]*/);
  const query = link
    .replace('${traces}/search', '')
    .replace('${__from}', Date.now() - 3_600_000)
    .replace('${__to}', Date.now() + 60_000);
  return until('a confirmed request', 30, async () => {
    const { data } = await get(`http://127.0.0.1:${ports.TRACES_PORT}/api/traces${query}`);
    return data.length > 0 && `${data.length} found`;
  });
}
