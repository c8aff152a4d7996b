// What an exchange of the router counts as a request that was neither answered nor sent away.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fault, longest } from './prove-deploy/upgrade.mjs';

const ANSWER = {
  status: 200,
  whole: true,
  headers: { 'openledger-request': '1-2' },
  body: JSON.stringify({ choices: [{ finish_reason: 'stop' }] }),
};

test('answered whole, sent away with a time to come again, or never taken', () => {
  for (const one of [ANSWER, { status: 503, whole: true, headers: { 'retry-after': '1' } }, { status: 0, code: 'ECONNREFUSED' }]) {
    assert.equal(fault(one), undefined);
  }
});

test('everything else is a fault', () => {
  const faults = {
    'half an answer': [
      { ...ANSWER, whole: false },
      { ...ANSWER, headers: {} },
      { ...ANSWER, body: '{"choices":[{}]}' },
    ],
    '503 without Retry-After': [{ status: 503, whole: true, headers: {} }],
    'status 500': [{ status: 500, whole: true, headers: {} }],
    ECONNRESET: [{ status: 0, code: 'ECONNRESET' }],
    'no answer, though it was taken': [{ status: 0, code: 'no answer, though it was taken' }],
  };
  for (const [said, all] of Object.entries(faults)) for (const one of all) assert.equal(fault(one), said);
});

test('a connection may break where no router runs, and nowhere else', () => {
  const nobody = { from: 1000, to: 2000 };
  const broken = (sent) => fault({ sent, status: 0, code: 'ECONNRESET' }, nobody);
  assert.deepEqual([999, 1000, 1999, 2000].map(broken), ['ECONNRESET', undefined, undefined, 'ECONNRESET']);
  const alone = (sent, code) => fault({ sent, status: 0, code }, nobody);
  assert.equal(alone(1500, 'NOT_CONNECTED'), undefined);
  assert.equal(alone(2000, 'NOT_CONNECTED'), 'NOT_CONNECTED');
  assert.equal(alone(1500, 'no answer, though it was taken'), 'no answer, though it was taken');
});

test('the time without answers is the longest between two of them', () => {
  const at = (end) => ({ end });
  assert.deepEqual(longest([at(1660), at(100), at(160), at(1700)]), { from: 160, to: 1660, ms: 1500 });
  assert.equal(longest([at(100)]).ms, 0);
});
