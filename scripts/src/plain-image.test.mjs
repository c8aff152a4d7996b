// Two builds of the same files are one image once the names of the build are out of it.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makePlain } from './plain-image.mjs';

function image(container, user = '10001') {
  const folder = mkdtempSync(join(tmpdir(), 'openledger-image-'));
  const config = JSON.stringify({
    container,
    config: { User: user, Hostname: container.slice(0, 12) },
    container_config: { Hostname: container },
    rootfs: { diff_ids: ['sha256:1'] },
  });
  const digest = createHash('sha256').update(config).digest('hex');
  writeFileSync(join(folder, digest), config);
  writeFileSync(
    join(folder, 'manifest.json'),
    JSON.stringify({ schemaVersion: 2, config: { digest: `sha256:${digest}`, size: config.length }, layers: [] }),
  );
  try {
    const id = makePlain(folder);
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    const text = readFileSync(join(folder, id), 'utf8');
    assert.equal(manifest.config.digest, `sha256:${id}`);
    assert.equal(manifest.config.size, text.length);
    assert.equal(createHash('sha256').update(text).digest('hex'), id);
    assert.deepEqual(JSON.parse(text).rootfs, { diff_ids: ['sha256:1'] });
    return id;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the container of a build is not part of the image', () => {
  assert.equal(image('a'.repeat(64)), image('b'.repeat(64)));
});

test('another user is another image', () => {
  assert.notEqual(image('a'.repeat(64)), image('a'.repeat(64), '0'));
});
