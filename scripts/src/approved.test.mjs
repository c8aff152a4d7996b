import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaints, families, hasTwoNumbers, parseUpdates, renewed, representative, shipped } from './approved.mjs';

const lines = [
  'io.netty:netty-common::jar:4.1.140.Final',
  'io.netty:netty-codec::jar:4.1.140.Final',
  'io.netty:netty-epoll:linux-x86_64:jar:4.1.137.Final',
  'org.yaml:snakeyaml::jar:2.7',
];
const files = [
  'io.netty.netty-codec-4.1.140.Final.jar',
  'io.netty.netty-common-4.1.140.Final.jar',
  'io.netty.netty-epoll-4.1.137.Final-linux-x86_64.jar',
  'org.yaml.snakeyaml-2.7.jar',
];
const libraries = shipped(lines, files);
const nothing = { lookedUp: '2026-01-01', unwanted: {}, families: [] };
const newest = (versions) => (group, artifact) => versions[`${group}:${artifact}`];
const approved = renewed(libraries, nothing, newest({}), '2026-11-28');

test('the package is what is on the disk', () => {
  assert.deepEqual(
    libraries.map(({ name }) => name),
    ['io.netty:netty-codec', 'io.netty:netty-common', 'io.netty:netty-epoll', 'org.yaml:snakeyaml'],
  );
  assert.equal(shipped(lines, files.slice(1)).length, 3);
  assert.throws(() => shipped(lines, ['smuggled-1.0.jar']), /smuggled/);
});

test('libraries of one group and version are one family', () => {
  const found = families(libraries);
  assert.deepEqual(
    found.map(({ group, version, artifacts }) => [group, version, artifacts.length]),
    [
      ['io.netty', '4.1.137.Final', 1],
      ['io.netty', '4.1.140.Final', 2],
      ['org.yaml', '2.7', 1],
    ],
  );
  assert.equal(representative(found[1]), 'netty-codec');
});

test('what is as approved has no complaints', () => assert.deepEqual(complaints(libraries, approved), []));

test('another version, an unknown library and one that is gone are told', () => {
  const changed = [...libraries.slice(1), { ...libraries[3], name: 'org.evil:new', version: '1' }].map((library) =>
    library.name === 'org.yaml:snakeyaml' ? { ...library, version: '2.5' } : library,
  );
  assert.deepEqual(complaints(changed, approved), [
    'org.yaml:snakeyaml is in the package as 2.5, approved is 2.7',
    'org.evil:new 1 is in the package and not approved',
    'io.netty:netty-codec is approved and not in the package',
  ]);
});

test('what is not wanted is told even when a look-up has approved it', () => {
  const why = { 'org.yaml:*': 'we read no YAML' };
  assert.deepEqual(complaints(libraries, { ...approved, unwanted: why }), [
    'org.yaml:snakeyaml is in the package again: we read no YAML',
  ]);
});

test('what is behind its line needs a reason, which ends with the next newer version', () => {
  const behind = renewed(libraries, approved, newest({ 'io.netty:netty-epoll': '4.1.140.Final' }), '2026-12-01');
  assert.match(
    complaints(libraries, behind).join(),
    /io.netty 4.1.137.Final is behind its line, whose newest is 4.1.140.Final/,
  );

  behind.families[0].why = 'no native files';
  assert.deepEqual(complaints(libraries, behind), []);
  const same = renewed(libraries, behind, newest({ 'io.netty:netty-epoll': '4.1.140.Final' }), '2026-12-02');
  assert.deepEqual(complaints(libraries, same), []);
  const newer = renewed(libraries, behind, newest({ 'io.netty:netty-epoll': '4.1.141.Final' }), '2026-12-03');
  assert.match(complaints(libraries, newer).join(), /whose newest is 4.1.141.Final/);
});

test('a reason without a need is told', () => {
  const idle = structuredClone(approved);
  idle.families[0].why = 'no native files';
  assert.match(complaints(libraries, idle).join(), /newest of its line and has a reason/);
});

test('versions of two numbers are of the line of their first', () => {
  assert.deepEqual(['2.7', '1.87', '2.21'].map(hasTwoNumbers), [true, true, true]);
  assert.deepEqual(['4.1.140.Final', '3.33.2', '1.57.0-alpha', '3.33.4.2'].map(hasTwoNumbers), [
    false,
    false,
    false,
    false,
  ]);
});

test('the report of the look-up is read, on one line and on two', () => {
  const report = `The following dependencies in Dependencies have newer versions:
  com.fasterxml:classmate ................................ 1.7.1 -> 1.7.3
  io.netty:netty-transport-native-epoll ...
                                          4.1.133.Final -> 4.1.140.Final
`;
  assert.deepEqual(Object.fromEntries(parseUpdates(report)), {
    'com.fasterxml:classmate': '1.7.3',
    'io.netty:netty-transport-native-epoll': '4.1.140.Final',
  });
});
