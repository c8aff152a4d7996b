import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pagesBelow } from './pages.mjs';
import { FOLDER, MANIFEST, PICTURES, digestOf, stale } from './pictures.mjs';

const LARGEST = 300_000;

test('every picture is of today', () => {
  assert.deepEqual(stale('.', PICTURES, JSON.parse(readFileSync(MANIFEST, 'utf8'))), []);
});

test('every picture is small, is made by a command, and stands in a page', () => {
  const texts = pagesBelow('.').map(({ text }) => text);

  for (const name of readdirSync(FOLDER).filter((file) => file !== 'manifest.json')) {
    assert.ok(name in PICTURES, `${name} is made by nothing`);
    assert.ok(statSync(join(FOLDER, name)).size < LARGEST, `${name} is too large`);
    assert.ok(texts.some((text) => text.includes(`pictures/${name}`)), `${name} stands in no page`);
  }
});

test('a picture is stale once it, or something that it shows, is another', () => {
  const root = mkdtempSync(join(tmpdir(), 'pictures-'));
  try {
    const pictures = { 'a.webp': { shows: 'shown' } };
    mkdirSync(join(root, FOLDER), { recursive: true });
    mkdirSync(join(root, 'shown'));
    writeFileSync(join(root, FOLDER, 'a.webp'), 'picture');
    writeFileSync(join(root, 'shown/one.js'), 'one');
    const manifest = { 'a.webp': { picture: digestOf(join(root, FOLDER, 'a.webp')), shows: digestOf(join(root, 'shown')) } };
    assert.deepEqual(stale(root, pictures, manifest), []);

    writeFileSync(join(root, 'shown/two.js'), 'two');
    assert.deepEqual(stale(root, pictures, manifest), ['a.webp is older than shown, which it shows: run "make pictures"']);

    writeFileSync(join(root, FOLDER, 'a.webp'), 'another');
    assert.deepEqual(stale(root, pictures, manifest), ['a.webp is not the picture that was taken: run "make pictures"']);
    assert.deepEqual(stale(root, pictures, {}), ['a.webp is missing: run "make pictures"']);
  } finally {
    rmSync(root, { recursive: true });
  }
});
