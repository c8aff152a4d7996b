// Draws the dashboards in Chromium and fails unless every panel shows something:
//   node pictures.js prometheus-address from to interval folder
import { createReadStream, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { exceptions } from '../src/exceptions.js';

const [prometheus, from, to, interval, out] = process.argv.slice(2);
const PAGE = fileURLToPath(new URL('../../target/dashboards/page/', import.meta.url));
const GENERATED = fileURLToPath(new URL('../generated/', import.meta.url));
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json' };
const LIMIT = 60_000;

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://page');
  const wanted = normalize(pathname === '/' ? '/index.html' : pathname);
  const file = wanted.endsWith('.json') ? join(GENERATED, wanted) : join(PAGE, wanted);
  if (!existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
  createReadStream(file).pipe(response);
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const address = `http://127.0.0.1:${server.address().port}`;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
});
let bad = 0;
try {
  mkdirSync(out, { recursive: true });
  for (const name of readdirSync(GENERATED).filter((file) => file.endsWith('.json'))) {
    bad += await draw(name);
  }
} finally {
  await browser.close();
  server.close();
}
process.exit(bad > 0 ? 1 : 0);

/** Draws one; how many of its panels are not as they should be. */
async function draw(name) {
  const page = await browser.newPage({ viewport: { width: 1632, height: 1000 } });
  const troubles = [];
  page.on('pageerror', (error) => troubles.push(`page: ${error.message}`));
  const query = new URLSearchParams({ prometheus, dashboard: `/${name}`, from, to, interval });
  await page.goto(`${address}/?${query}`);
  await page
    .waitForFunction(
      () => {
        const panels = [...document.querySelectorAll('[data-panel]')];
        return panels.length > 0 && panels.every(({ dataset }) => dataset.state !== 'loading');
      },
      null,
      { timeout: LIMIT },
    )
    .catch(() => troubles.push('some panels were still loading after a minute'));
  // Canvases are painted a little later than their frames.
  await page.waitForTimeout(1500);
  const states = await page.$$eval('[data-panel]', (all) => all.map(({ dataset }) => ({ ...dataset })));
  for (const { panel, state, why } of states) {
    const excused = state === 'no data' && exceptions(name, panel).length > 0;
    if (state !== 'drawn' && !excused) troubles.push(`${panel}: ${state} ${why}`);
  }
  const picture = join(out, name.replace('.json', '.png'));
  await page.screenshot({ path: picture, fullPage: true });
  await page.close();
  console.log(
    `  ${picture}: ${states.filter(({ state }) => state === 'drawn').length} of ${states.length} panels drawn`,
  );
  troubles.forEach((trouble) => console.error(`  FAILED ${name}: ${trouble}`));
  return troubles.length;
}
