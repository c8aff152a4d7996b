import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { anchorOf, filesBelow } from './pages.mjs';

const files = filesBelow('.');
const pages = files.filter((file) => file.endsWith('.md'));
const textOf = new Map(pages.map((page) => [page, readFileSync(page, 'utf8')]));

/** Links of a page to files of the repository: [file, anchor]. */
const linksOf = (page) =>
  [...textOf.get(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((link) => link[1])
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => link.split('#'))
    .map(([file, anchor]) => [file === '' ? page : normalize(join(dirname(page), file)), anchor]);

const anchorsOf = (page) => [...textOf.get(page).matchAll(/^#+ (.*)$/gm)].map((heading) => anchorOf(heading[1]));

test('every link leads somewhere', () => {
  const broken = pages.flatMap((page) =>
    linksOf(page)
      .filter(([file, anchor]) => !existsSync(file) || (anchor && textOf.has(file) && !anchorsOf(file).includes(anchor)))
      .map(([file, anchor]) => `${page}: ${file}${anchor ? '#' + anchor : ''}`),
  );
  assert.deepEqual(broken, []);
});

test('every page of the documentation is found from its front page', () => {
  const seen = new Set(['docs/README.md']);
  for (const page of seen) {
    linksOf(page)
      .filter(([file]) => textOf.has(file))
      .forEach(([file]) => seen.add(file));
  }
  assert.deepEqual(
    pages.filter((page) => page.startsWith('docs/') && !seen.has(page)),
    [],
  );
});

test('every page that code or configuration names is there', () => {
  const texts = files.filter((file) => /\.(java|sol|js|mjs|yaml|properties)$/.test(file) && !file.includes('/vectors/'));
  const missing = texts.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?<![\w/.])docs\/[\w/-]+\.md/g)]
      .map((name) => name[0])
      .filter((name) => !existsSync(name))
      .map((name) => `${file}: ${name}`),
  );
  assert.deepEqual(missing, []);
});
