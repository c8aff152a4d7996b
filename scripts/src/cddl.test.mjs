// docs/reference/leaf.cddl has the fields of the leaf that the vectors have, in their order and their lengths.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url).pathname;
const cddl = readFileSync(`${root}docs/reference/leaf.cddl`, 'utf8').replace(/;.*/g, '');
const fields = JSON.parse(readFileSync(`${root}contracts/vectors/leaves.json`, 'utf8')).fields;

/** The names in a rule's right side, with the rules that they stand for put in their place. */
function parts(rule) {
  const body = cddl.match(new RegExp(`^${rule} = (.*\\n(?:  .*\\n)*)`, 'm'))[1];
  return body.split(/\s*\.cat\s*/).flatMap((part) => {
    const name = part.trim();
    return name === 'common' || name === 'decision' ? parts(name) : [name];
  });
}

const lengthOf = (name) =>
  name.startsWith("h'") ? (name.length - 3) / 2 : Number(cddl.match(new RegExp(`^${name} = bstr \\.size (\\d+)$`, 'm'))?.[1] ?? 1);

for (const [kind, own] of [['plan', ['outcome']], ['outcome', ['turn', 'arrival', 'rank', 'open']]]) {
  test(`a ${kind} has the fields of the vectors`, () => {
    const words = { outcome: 'outcome-commitment', plan: 'plan-targets' };
    const expected = fields
      .filter(({ name }) => !own.includes(name))
      .map(({ name, bytes }) => [words[name] ?? name.replaceAll(' ', '-'), Number(bytes)]);
    const found = parts(kind).map((name) => [name === "h'01'" || name === "h'02'" ? 'kind' : name, lengthOf(name)]);
    assert.deepEqual(found, expected);
    assert.equal(found.reduce((sum, [, length]) => sum + length, 0), 96);
  });
}
