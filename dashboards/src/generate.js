// Makes everything in generated/ from the sources, or checks that it is what they make:
//   node src/generate.js update | check
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import fairness from './boards/fairness.js';
import latency from './boards/latency.js';
import providers from './boards/providers.js';
import settlement from './boards/settlement.js';
import { boardMaps, kustomization, prometheusRule } from './kubernetes.js';
import { readObjectives } from './objectives.js';
import { rules } from './rules.js';
import { ruleTests } from './ruleTests.js';

const OUT = new URL('../generated/', import.meta.url);
const NOTE = '# Made by "scripts/dashboards update" from slos.yaml; changes here are lost.\n';
const yaml = (value) => NOTE + stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

const BOARDS = { fairness, latency, settlement, providers };

function files() {
  const objectives = readObjectives();
  return {
    'openledger.rules.yaml': yaml(rules(objectives)),
    'objectives.test.yaml': yaml(ruleTests(objectives, 'openledger.rules.yaml')),
    ...Object.fromEntries(Object.entries(BOARDS).map(([name, board]) => [`${name}.json`, json(board)])),
    'kustomization.yaml': yaml(boardMaps(Object.keys(BOARDS))),
    'operator/prometheusrule.yaml': yaml(prometheusRule(rules(objectives))),
    'operator/kustomization.yaml': yaml(kustomization({ resources: ['prometheusrule.yaml'] })),
  };
}

function update(made) {
  mkdirSync(new URL('operator/', OUT), { recursive: true });
  Object.entries(made).forEach(([name, text]) => writeFileSync(new URL(name, OUT), text));
}

function check(made) {
  const there = existsSync(OUT)
    ? readdirSync(OUT, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, path, name }) => relative(fileURLToPath(OUT), join(parentPath ?? path, name)))
    : [];
  const differ = Object.entries(made)
    .filter(([name, text]) => !there.includes(name) || readFileSync(new URL(name, OUT), 'utf8') !== text)
    .map(([name]) => name);
  const foreign = there.filter((name) => !(name in made));
  if (differ.length + foreign.length > 0) {
    const what = [...differ, ...foreign].map((name) => `dashboards/generated/${name}`).join(', ');
    throw new Error(`Not what the sources make: ${what}. Run "scripts/dashboards update".`);
  }
}

try {
  (process.argv[2] === 'update' ? update : check)(files());
} catch (e) {
  console.error(e.message);
  process.exit(1);
}
