// What a proof counts, and what it does not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { NotHere, Promises, need, run, until } from './promises.mjs';

/** Everything that is printed while something is done. */
async function printed(deed) {
  const lines = [];
  const log = console.log;
  console.log = (line) => lines.push(line);
  try {
    await deed();
  } finally {
    console.log = log;
  }
  return lines;
}

test('a promise is held, broken, late, or not to be had here', async () => {
  const promises = new Promises();
  let code;
  const lines = await printed(async () => {
    await promises.step('held', 5, async () => 'three of three');
    await promises.step('broken', 5, async () => need(false, 'two of three'));
    await promises.step('late', 0.05, () => sleep(5000, undefined, { ref: false }));
    await promises.step('not here', 5, async () => {
      throw new NotHere('no tool');
    });
    code = promises.end();
  });
  assert.match(lines[0], /proved +held: three of three/);
  assert.match(lines[1], /FAILED +broken: two of three/);
  assert.match(lines[2], /FAILED +late: not within 0.05 s/);
  assert.match(lines[3], /NOT PROVED +not here: no tool/);
  assert.equal(lines[4], 'figure: 1 proved, 1 not provable here, 2 failed');
  assert.equal(code, 1);
});

test('after an interruption nothing counts any more', async () => {
  const promises = new Promises();
  let code;
  const lines = await printed(async () => {
    promises.interrupt();
    await promises.step('later', 5, async () => 'done');
    code = promises.end();
  });
  assert.deepEqual([lines.at(-1), code], ['figure: 0 proved, 0 not provable here, 1 failed', 1]);
});

test('a command has a limit of time', async () => {
  await assert.rejects(run('sleep', ['5'], 0.05));
  assert.equal(await run('echo', ['here']), 'here');
});

test('what does not come is said with its last reason', async () => {
  await assert.rejects(
    until('ready', 0.2, () => {
      throw new Error('refused');
    }),
    /ready: not within 0.2 s \(refused\)/,
  );
});
