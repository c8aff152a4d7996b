import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { problemsOf } from './site.mjs';

function problems(files, base) {
  const folder = mkdtempSync(join(tmpdir(), 'site-'));
  try {
    Object.entries(files).forEach(([path, text]) => writeFileSync(join(folder, path), text));
    return problemsOf(folder, base);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('links to pages, anchors, files and other hosts are good', () => {
  const files = {
    'index.html': '<a href="other.html#part">o</a> <a class="x" href="/list.txt">l</a> <a href="https://example.com/">e</a>',
    'other.html': '<link rel="icon" href="data:image/svg+xml,x"><h2 id="part">p</h2> <a href="./">home</a> <img src="one.png?v=1&amp;w=2">',
    'list.txt': '',
    'one.png': '',
  };

  assert.deepEqual(problems(files), []);
});

for (const [what, html, why] of [
  ['a page that is not there', '<a href="none.html">n</a>', 'index.html: none.html is not there'],
  ['a folder without a front page', '<a href="none/">n</a>', 'index.html: none/ is not there'],
  ['an anchor that is not there', '<a href="#none">n</a>', 'index.html: #none has no such anchor'],
  ['a picture that is not there', '<img alt="x" src="none.png">', 'index.html: none.png is not there'],
  ['a font of another host', '<link href="https://fonts.example/x.css">', 'index.html: https://fonts.example/x.css is loaded from elsewhere'],
  ['a script of another host', '<script src="//cdn.example/x.js">', 'index.html: //cdn.example/x.js is loaded from elsewhere'],
  ['nothing', 'empty', 'The site has no links at all.'],
]) {
  test(`a site with ${what} is refused`, () => {
    assert.deepEqual(problems({ 'index.html': html }), [why]);
  });
}

test('a style sheet that loads something of another host is refused', () => {
  assert.deepEqual(problems({ 'index.html': '<a href="#">t</a>', 'a.css': 'a{background:url(//h.example/x.png)}' }), [
    'a.css: loads something from elsewhere',
  ]);
});

test('links of a site below a base stay below it', () => {
  assert.deepEqual(problems({ 'index.html': '<a href="/base/">g</a> <a href="/index.html">b</a>' }, '/base/'), [
    'index.html: /index.html is not below the base of the site',
  ]);
});
