import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coinbase, schemata } from './mutants/schemata.mjs';

/** A compiler's tree of `f`, by hand: offsets of what it names in the text. */
const at = (text, part, more = {}) => ({ src: `${text.indexOf(part)}:${part.length}:0`, ...more });

test('each place becomes a choice, the inner ones within the outer ones', () => {
  const text = 'pragma solidity 0.8.37;\nfunction f() { if (a + b < c) revert Bad(); x = y; p = q; for (;;++i) {} }';
  const sum = at(text, 'a + b', { nodeType: 'BinaryOperation', operator: '+', leftExpression: at(text, 'a '), rightExpression: at(text, 'b ') });
  sum.leftExpression.src = `${text.indexOf('a + b')}:1:0`;
  sum.rightExpression.src = `${text.indexOf('a + b') + 4}:1:0`;
  const right = { src: `${text.indexOf('c)')}:1:0`, nodeType: 'Identifier' };
  const less = at(text, 'a + b < c', { nodeType: 'BinaryOperation', operator: '<', leftExpression: sum, rightExpression: right });
  const branch = at(text, 'if (a + b < c) revert Bad()', {
    nodeType: 'IfStatement',
    condition: less,
    trueBody: at(text, 'revert Bad()', { nodeType: 'RevertStatement' }),
  });
  const assignment = (part, type) =>
    at(text, part, {
      nodeType: 'ExpressionStatement',
      expression: at(text, part, { nodeType: 'Assignment', leftHandSide: { typeDescriptions: { typeIdentifier: type } } }),
    });
  const step = at(text, '++i', { nodeType: 'ExpressionStatement', expression: at(text, '++i', { nodeType: 'UnaryOperation' }) });
  const loop = at(text, 'for (;;++i) {}', { nodeType: 'ForStatement', loopExpression: step });
  const all = [branch, assignment('x = y', 't_uint256'), assignment('p = q', 't_struct$_P_storage_ptr'), loop];
  const tree = {
    src: `0:${text.length}:0`,
    nodeType: 'SourceUnit',
    nodes: [at(text, text.slice(24), { nodeType: 'FunctionDefinition', name: 'f', statements: all })],
  };
  let id = 0;

  const { source, mutants } = schemata('F.sol', text, tree, () => ++id, 'import "x";');

  assert.equal(
    source,
    'pragma solidity 0.8.37;\nimport "x";\nfunction f() { if (!mutant(1) && ((mutant(2) ? ((mutant(4) ? (a) - (b) : (a) + (b))) <= (c) : ' +
      'mutant(3) ? ((mutant(4) ? (a) - (b) : (a) + (b))) >= (c) : ((mutant(4) ? (a) - (b) : (a) + (b))) < (c)))) revert Bad(); ' +
      'if (!mutant(5)) x = y; p = q; for (;;++i) {} }',
  );
  assert.deepEqual(
    mutants.map(({ name }) => name),
    [
      'F.sol f: if (a + b < c) revert Bad() => nothing',
      'F.sol f: a + b < c => <=',
      'F.sol f: a + b < c => >=',
      'F.sol f: a + b => -',
      'F.sol f: x = y => nothing',
    ],
  );
  assert.match(coinbase(5), /^0x[0-9a-f]{40}$/);
});

test('a source that a compiler counts in other units is refused', () => {
  assert.throws(() => schemata('F.sol', 'é', {}, () => 1, ''), /not ASCII/);
});

test('a mutant runs whose number is the coinbase, and no other', () => {
  const of = (number) => BigInt(coinbase(number));
  assert.equal(of(1) - of(0), 1n);
  assert.equal(of(748) - of(747), 1n);
});

test('in a chain of conditions each stands once', () => {
  const parts = ['a', 'b', 'c', 'd', 'e'];
  const text = `pragma solidity 0.8.37;\nfunction f() { return ${parts.join(' && ')}; }`;
  const start = text.indexOf('a && b');
  const name = (at) => ({ src: `${at}:1:0`, nodeType: 'Identifier' });
  const chain = parts.slice(1).reduce(
    (left, part, i) => ({
      nodeType: 'BinaryOperation',
      operator: '&&',
      src: `${start}:${5 * (i + 1) + 1}:0`,
      leftExpression: left,
      rightExpression: name(start + 5 * (i + 1)),
    }),
    name(start),
  );
  const tree = {
    src: `0:${text.length}:0`,
    nodeType: 'SourceUnit',
    nodes: [at(text, text.slice(24), { nodeType: 'FunctionDefinition', name: 'f', statements: [chain] })],
  };
  let id = 0;

  const { source, mutants } = schemata('F.sol', text, tree, () => ++id, 'import "x";');

  assert.equal(mutants.length, 4);
  assert.equal(source.split('(a)').length - 1, 1);
});
