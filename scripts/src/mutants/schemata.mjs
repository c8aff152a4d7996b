// All mutants of Solidity sources at once: each place that a rule changes becomes a choice between what stands there and what the rule
// makes of it, and the coinbase of the block is the number of the mutant that runs. So the sources are compiled once.

/** What a binary operator becomes. Of a comparison first the border, which for times is a second, then the sense. */
const OPERATORS = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '==': ['!='],
  '!=': ['=='],
  '&&': ['||'],
  '||': ['&&'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
};

/** Far from the precompiled contracts; it and its numbers are exact in JavaScript. */
const BASE = 0x6d7574000000;

/** The address that is the coinbase while a mutant runs. */
export const coinbase = (number) => `0x${(BASE + number).toString(16).padStart(40, '0')}`;

/** The switch, as a file beside the sources. A pure function may not ask for the block, so its type is changed on the way. */
export const SWITCH = `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

function mutant(uint256 number) pure returns (bool runs) {
    return _pure(_runs)(number);
}

function _runs(uint256 number) view returns (bool runs) {
    return uint256(uint160(address(block.coinbase))) == ${BASE} + number;
}

function _pure(function(uint256) view returns (bool) asks)
    pure
    returns (function(uint256) pure returns (bool) answers)
{
    assembly {
        answers := asks
    }
}
`;

function children(node) {
  return Object.values(node)
    .flat()
    .filter((value) => value && typeof value === 'object' && value.nodeType);
}

const oneLine = (text) => text.replace(/\s+/g, ' ').trim();

/**
 * The source with every mutant of it, and what they are.
 *
 * @param name of the file
 * @param text ASCII, because a compiler counts bytes
 * @param tree the compiler's, of that file
 * @param next gives the number of another mutant
 * @param library import of the switch
 */
export function schemata(name, text, tree, next, library) {
  if (/[^\x00-\x7f]/.test(text)) throw new Error(`${name} is not ASCII`);
  const mutants = [];
  const edits = [];
  const range = (node) => {
    const [start, length] = node.src.split(':').map(Number);
    return { from: start, to: start + length };
  };
  const seen = new Map();
  const number = (where, was, is) => {
    const id = next();
    const what = `${name} ${where}: ${oneLine(was)} => ${is}`;
    const times = (seen.get(what) ?? 0) + 1;
    seen.set(what, times);
    mutants.push({ id, name: times === 1 ? what : `${what} (${times})` });
    return id;
  };
  const visit = (node, where, depth) => {
    const { from, to } = range(node);
    const was = text.slice(from, to);
    if (node.nodeType === 'FunctionDefinition') where = node.name || node.kind;
    if (where && node.nodeType === 'BinaryOperation' && OPERATORS[node.operator]) {
      const [left, right] = [range(node.leftExpression), range(node.rightExpression)];
      const ids = OPERATORS[node.operator].map((operator) => [number(where, was, operator), operator]);
      edits.push({
        from,
        to,
        depth,
        render: (inner) => {
          const [l, r] = [inner(left.from, left.to), inner(right.from, right.to)];
          // The left side stands once, or a chain of them would double with each.
          if (node.operator === '&&') return `((${l}) ? (mutant(${ids[0][0]}) || (${r})) : (mutant(${ids[0][0]}) && (${r})))`;
          if (node.operator === '||') return `((${l}) ? (!mutant(${ids[0][0]}) || (${r})) : (!mutant(${ids[0][0]}) && (${r})))`;
          return `(${ids.map(([id, operator]) => `mutant(${id}) ? (${l}) ${operator} (${r}) : `).join('')}(${l}) ${node.operator} (${r}))`;
        },
      });
    }
    const reverts =
      node.nodeType === 'IfStatement' &&
      !node.falseBody &&
      (node.trueBody.nodeType === 'RevertStatement' || node.trueBody.statements?.every((one) => one.nodeType === 'RevertStatement'));
    if (reverts) {
      const condition = range(node.condition);
      const id = number(where, was, 'nothing');
      edits.push({ ...condition, depth, render: (inner) => `!mutant(${id}) && (${inner(condition.from, condition.to)})` });
    }
    // A pointer has to point at something.
    const effect =
      node.nodeType === 'ExpressionStatement' &&
      (node.expression.nodeType === 'Assignment' || node.expression.nodeType === 'UnaryOperation' || node.expression.nodeType === 'FunctionCall') &&
      where &&
      !/_ptr|tuple/.test(node.expression.leftHandSide?.typeDescriptions.typeIdentifier ?? '');
    if (effect) {
      const id = number(where, was, 'nothing');
      edits.push({ from, to, depth, render: (inner) => `if (!mutant(${id})) ${inner(from, to)}` });
    }
    // What a loop does at each end is no statement, and without it the loop has none.
    for (const child of children(node)) if (child !== node.loopExpression) visit(child, where, depth + 1);
  };
  visit(tree, '', 0);
  const outermost = (from, to, all) => {
    // Of edits that overlap, the outer one is first in depth; its render sees to those within.
    const tops = [];
    for (const edit of [...all].sort((a, b) => a.from - b.from || a.depth - b.depth)) {
      if (edit.from >= from && edit.to <= to && (tops.length === 0 || edit.from >= tops.at(-1).to)) tops.push(edit);
    }
    return tops;
  };
  const render = (from, to, all) => {
    let out = '';
    let at = from;
    for (const edit of outermost(from, to, all)) {
      const within = all.filter((one) => one.depth > edit.depth);
      out += text.slice(at, edit.from) + edit.render((start, end) => render(start, end, within));
      at = edit.to;
    }
    return out + text.slice(at, to);
  };
  const body = render(0, text.length, edits);
  return { source: body.replace(/^(pragma solidity .*;)$/m, `$1\n${library}`), mutants };
}
