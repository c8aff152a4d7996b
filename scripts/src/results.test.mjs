import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureOf, format, judge, parse, updated } from './results.mjs';

const PROOFS = ['chaos', 'soak', 'native'];
const passed = { commit: 'aaaaaaaaaa', date: '2026-11-28', verdict: 'passed', figure: '21 kills, nothing lost' };
const rows = (entries) => new Map(Object.entries(entries));
const NOTHING_SINCE = () => 0;

test('what is written is read again, in the order of the proofs', () => {
  const text = format(PROOFS, rows({ soak: { ...passed, figure: 'a | b' }, chaos: passed }));
  const read = parse(text);
  assert.deepEqual([...read.keys()], PROOFS);
  assert.deepEqual(read.get('chaos'), passed);
  assert.equal(read.get('soak').figure, 'a | b');
  assert.equal(read.get('native').verdict, 'not run');
  assert.equal(format(PROOFS, read), text);
});

test('a row of another shape or verdict is refused', () => {
  const text = format(PROOFS, rows({ chaos: passed }));
  assert.throws(() => parse(text.replace('passed', 'well')), /not a row/);
  assert.throws(() => parse(text.replace('| 2026-11-28 ', '')), /not a row/);
});

test('one proof writes its own row only', () => {
  const before = rows({ chaos: passed, soak: passed });
  const after = updated(before, 'soak', { ...passed, verdict: 'failed' });
  assert.deepEqual(after.get('chaos'), passed);
  assert.equal(after.get('soak').verdict, 'failed');
});

test('what could not be run leaves an earlier verdict alone', () => {
  const skipped = { ...passed, verdict: 'skipped', figure: 'no native-image' };
  assert.equal(updated(rows({ native: passed }), 'native', skipped).get('native').verdict, 'passed');
  assert.equal(
    updated(rows({ native: { ...passed, verdict: 'failed' } }), 'native', skipped).get('native').verdict,
    'failed',
  );
  assert.equal(updated(rows({ native: { verdict: 'not run' } }), 'native', skipped).get('native').verdict, 'skipped');
  assert.equal(updated(rows({}), 'native', skipped).get('native').verdict, 'skipped');
});

test('a failed row is a failure, and nothing else is', () => {
  const all = parse(format(PROOFS, rows({ chaos: passed, soak: { ...passed, verdict: 'failed', figure: '3 lost' } })));
  const { failed, notes } = judge(PROOFS, all, NOTHING_SINCE);
  assert.deepEqual(failed, ['soak failed at aaaaaaaaaa: 3 lost']);
  assert.deepEqual(notes, ['native: not run']);
});

test('rows older than 150 commits are named, and of unknown age too', () => {
  const all = rows({
    chaos: { ...passed, commit: 'old' },
    soak: { ...passed, commit: 'edge' },
    native: { ...passed, commit: 'gone+' },
  });
  const { failed, notes } = judge(PROOFS, all, (commit) => ({ old: 151, edge: 150 })[commit]);
  assert.deepEqual(failed, []);
  assert.deepEqual(notes, ['chaos: 151 commits old', 'native: its age is not known, gone+ is not in this clone']);
});

test('a proof without a row, or a row without a proof, is a failure', () => {
  const { failed } = judge(PROOFS, rows({ chaos: passed, soak: passed, other: passed }), NOTHING_SINCE);
  assert.deepEqual(failed, ['other is in the table and no proof', 'native is a proof and not in the table']);
});

test('the last figure counts', () => {
  assert.equal(figureOf('figure: 1\nsomething\n  figure: 2 of 3 \nend'), '2 of 3');
  assert.equal(figureOf('no figures: none'), '');
});
