// What a release's signatures hold, and what they find.

import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { privateKey, signRelease, subjects, wrongWith } from './release.mjs';

const SOURCE = { tag: 'v1.2.3', commit: 'a'.repeat(40), tools: {} };
const pair = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const { privateKey: key, publicKey } = pair();
let folder;
const file = (name) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openledger-release-'));
  writeFileSync(file('a.tar'), 'a');
  writeFileSync(file('b.json'), '{}');
  signRelease(folder, key, SOURCE);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a release is as it was signed', () => {
  assert.deepEqual(wrongWith(folder, publicKey), []);
  const payload = JSON.parse(Buffer.from(JSON.parse(readFileSync(file('provenance.intoto.json'))).payload, 'base64'));
  assert.deepEqual(payload.subject, subjects(folder));
  assert.equal(payload.predicate.buildDefinition.resolvedDependencies[0].digest.gitCommit, SOURCE.commit);
});

test('a changed file, one more and one less are found', () => {
  appendFileSync(file('a.tar'), 'x');
  assert.match(wrongWith(folder, publicKey).join(), /a.tar is not the one in SHA256SUMS.*a.tar is not the one in provenance/);
  writeFileSync(file('a.tar'), 'a');
  writeFileSync(file('c.sh'), 'rm');
  assert.match(wrongWith(folder, publicKey).join(), /c.sh is not in SHA256SUMS/);
  rmSync(file('c.sh'));
  rmSync(file('b.json'));
  assert.match(wrongWith(folder, publicKey).join(), /b.json is missing/);
});

test('checksums that were made again do not pass without the key', () => {
  appendFileSync(file('a.tar'), 'x');
  const other = mkdtempSync(join(tmpdir(), 'openledger-release-'));
  try {
    for (const name of ['a.tar', 'b.json']) writeFileSync(join(other, name), readFileSync(file(name)));
    signRelease(other, pair().privateKey, SOURCE);
    for (const name of ['SHA256SUMS', 'provenance.intoto.json']) {
      const good = readFileSync(file(name));
      writeFileSync(file(name), readFileSync(join(other, name)));
      assert.equal(wrongWith(folder, publicKey).length > 0, true, name);
      writeFileSync(file(name), good);
    }
  } finally {
    rmSync(other, { recursive: true });
  }
});

test('the statement is signed with its type', () => {
  const envelope = JSON.parse(readFileSync(file('provenance.intoto.json')));
  writeFileSync(file('provenance.intoto.json'), JSON.stringify({ ...envelope, payloadType: 'text/plain' }));
  assert.match(wrongWith(folder, publicKey).join(), /is not signed with this key/);
});

test('a signing key in the repository is refused', () => {
  const pem = key.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(file('key.pem'), pem);
  assert.throws(() => privateKey(file('key.pem'), folder), /stands in the repository/);
  assert.ok(privateKey(file('key.pem'), new URL('.', import.meta.url).pathname));
});
