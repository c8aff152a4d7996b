// Lets every mutant of the vault's sources run against the vault's tests, and fails if one survives. See "scripts/contracts mutants".
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EQUIVALENT } from './mutants/equivalent.mjs';
import { coinbase, schemata, SWITCH } from './mutants/schemata.mjs';

const CONTRACTS = fileURLToPath(new URL('../../contracts/', import.meta.url));
const COPIED = ['src', 'test', 'artifacts', 'vectors', 'solc', 'solc.cjs', 'package.json'];
const STAKE = 'src/stake';
/** A mutant may never end. */
const SECONDS = 120;
const LEAST = 40;
/** What is quick first; the rest sees only what has survived that. Sizes and gas are not those of the original. */
const ROUNDS = [
  ['--no-match-contract', 'Gas|Invariants|Vectors', '--no-match-test', 'test_size'],
  ['--match-contract', 'Invariants|Vectors'],
];

const [forge, only = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
const children = new Set();
function end(code) {
  for (const child of children) process.kill(-child.pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(130));

function run(parameters, number, seconds) {
  return new Promise((resolve) => {
    const child = spawn(forge, parameters, {
      cwd: folder,
      detached: true,
      env: {
        ...process.env,
        FOUNDRY_PROFILE: 'stake',
        FOUNDRY_CODE_SIZE_LIMIT: '1000000',
        FOUNDRY_GAS_LIMIT: '4000000000',
        FOUNDRY_BLOCK_COINBASE: coinbase(number),
        FOUNDRY_FUZZ_RUNS: '16',
        FOUNDRY_INVARIANT_RUNS: '8',
      },
    });
    children.add(child);
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (printed = (printed + bytes).slice(-20_000)));
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      process.kill(-child.pid, 'SIGKILL');
    }, seconds * 1000);
    child.on('close', (code) => {
      clearTimeout(timer);
      children.delete(child);
      resolve({ passes: code === 0, late, printed });
    });
  });
}

/** All sources of the vault in the copy with their mutants. */
function mutate() {
  const solc = createRequire(join(CONTRACTS, 'package.json'))('solc');
  const sources = {};
  for (const file of readdirSync(join(CONTRACTS, 'src'), { recursive: true })) {
    if (file.endsWith('.sol')) sources[`src/${file}`] = { content: readFileSync(join(CONTRACTS, 'src', file), 'utf8') };
  }
  const settings = { evmVersion: 'prague', outputSelection: { '*': { '': ['ast'] } } };
  const compiled = JSON.parse(solc.compile(JSON.stringify({ language: 'Solidity', sources, settings })));
  const all = [];
  const next = (() => {
    let id = 0;
    return () => ++id;
  })();
  for (const [file, { ast }] of Object.entries(compiled.sources)) {
    if (!file.startsWith(`${STAKE}/`)) continue;
    const { source, mutants } = schemata(file.slice(STAKE.length + 1), sources[file].content, ast, next, 'import {mutant} from "./Mutant.sol";');
    if (mutants.length === 0) continue;
    writeFileSync(join(folder, file), source);
    all.push(...mutants);
  }
  writeFileSync(join(folder, STAKE, 'Mutant.sol'), SWITCH);
  return all;
}

let endless = 0;
async function survives(number) {
  for (const round of ROUNDS) {
    const { passes, late } = await run(['test', '--fail-fast', '--threads', '1', ...round], number, SECONDS);
    if (late) endless += 1;
    if (!passes) return false;
  }
  return true;
}

function fail(words) {
  console.error(words);
  end(1);
}

const started = Date.now();
for (const name of COPIED) cpSync(join(CONTRACTS, name), join(folder, name), { recursive: true });
symlinkSync(join(CONTRACTS, 'node_modules'), join(folder, 'node_modules'));
writeFileSync(join(folder, 'foundry.toml'), readFileSync(join(CONTRACTS, 'foundry.toml'), 'utf8').replace(/^deny = .*$/m, ''));
const mutants = mutate();
console.log(`${mutants.length} mutants of ${STAKE}; compiling them ...`);
const built = await run(['build'], 0, 1200);
if (!built.passes) fail(`The mutants cannot be compiled:\n${built.printed}`);
for (const round of ROUNDS) {
  const { passes, printed } = await run(['test', ...round], 0, 600);
  if (!passes) fail(`The tests fail without a mutant:\n${printed}`);
}
console.log(`compiled, and the tests pass without one, after ${Math.round((Date.now() - started) / 1000)} s`);

const chosen = mutants.filter(({ name }) => name.includes(only));
const survivors = [];
let begun = 0;
let done = 0;
async function work() {
  while (begun < chosen.length) {
    const { id, name } = chosen[begun++];
    const known = EQUIVALENT.has(name);
    if (await survives(id)) {
      survivors.push(name);
      if (!known) console.log(`SURVIVES: ${name}`);
    } else if (known) {
      console.log(`IS KILLED, and not equivalent: ${name}`);
    }
    done += 1;
    if (done % 25 === 0) console.log(`${done} of ${chosen.length} after ${Math.round((Date.now() - started) / 1000)} s`);
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, work));
const unknown = survivors.filter((name) => !EQUIVALENT.has(name));
const gone = [...EQUIVALENT.keys()].filter((name) => name.includes(only) && !survivors.includes(name));
for (const name of gone) if (!chosen.some((one) => one.name === name)) console.log(`IS GONE: ${name}`);
const killed = chosen.length - survivors.length;
if (!only && killed < LEAST) fail(`Only ${killed} mutants were killed, of at least ${LEAST}.`);
console.log(
  `figure: ${killed} of ${killed + unknown.length} mutants killed (${endless} by running without an end), ${survivors.length - unknown.length} more are equivalent`,
);
end(unknown.length + gone.length === 0 ? 0 : 1);
