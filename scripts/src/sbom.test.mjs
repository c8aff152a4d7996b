import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLibrary } from './approved.mjs';
import { billOfMaterials, licenceCounts, licences } from './sbom.mjs';

const component = (name, hash, more = {}) => ({
  type: 'library',
  'bom-ref': `ref-${name}`,
  group: 'org.some',
  name,
  version: '1.0',
  purl: `pkg:maven/org.some/${name}@1.0?type=jar`,
  hashes: [{ alg: 'SHA-256', content: hash }],
  licenses: [{ license: { id: 'Apache-2.0' } }],
  ...more,
});
const resolved = () => ({
  specVersion: '1.6',
  metadata: { timestamp: '2026-11-28T16:53:36Z', component: { 'bom-ref': 'root' } },
  components: [
    component('b', 'hash of b', { licenses: [{ expression: 'MIT OR BSD-3-Clause' }] }),
    component('a', 'hash of a'),
    component('test-only', 'x'),
  ],
  dependencies: [
    { ref: 'root', dependsOn: ['ref-b', 'ref-a', 'ref-test-only'] },
    { ref: 'ref-test-only', dependsOn: ['ref-a'] },
    { ref: 'ref-a' },
  ],
});
const libraries = ['org.some:b::jar:1.0', 'org.some:a::jar:1.0'].map(parseLibrary);
const hashes = (file) => ({ 'org.some.a-1.0.jar': 'hash of a', 'org.some.b-1.0.jar': 'hash of b' })[file];

test('the bill has what is in the package and nothing else, in one order', () => {
  const bill = billOfMaterials(resolved(), libraries, hashes);
  assert.deepEqual(
    bill.components.map(({ name }) => name),
    ['a', 'b'],
  );
  assert.deepEqual(bill.dependencies, [
    { ref: 'ref-a', dependsOn: [] },
    { ref: 'root', dependsOn: ['ref-a', 'ref-b'] },
  ]);
  assert.match(bill.serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('the same package has the same bill, whenever it is written', () => {
  const later = resolved();
  later.metadata.timestamp = '2027-01-01T00:00:00Z';
  later.components.reverse();
  later.dependencies.reverse();
  assert.equal(
    JSON.stringify(billOfMaterials(later, [...libraries].reverse(), hashes)),
    JSON.stringify(billOfMaterials(resolved(), libraries, hashes)),
  );
});

test('a file that is not what was resolved, or was not resolved, is refused', () => {
  assert.throws(() => billOfMaterials(resolved(), libraries, () => 'another'), /is not the file/);
  assert.throws(() => billOfMaterials(resolved(), [parseLibrary('org.some:c::jar:1.0')], hashes), /did not resolve/);
});

test('every library has a line with its licences', () => {
  const bill = billOfMaterials(resolved(), libraries, hashes);
  assert.equal(licences(bill), 'org.some:a\t1.0\tApache-2.0\norg.some:b\t1.0\tMIT OR BSD-3-Clause\n');
  assert.deepEqual(licenceCounts(bill), [
    ['Apache-2.0', 1],
    ['MIT OR BSD-3-Clause', 1],
  ]);
});
