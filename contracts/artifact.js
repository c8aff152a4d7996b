// Writes artifacts/ from what forge has built, or checks that they are still the same:
//   node artifact.js write | check NAME...
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

const here = (path) => new URL(path, import.meta.url);
/** Where forge puts what it builds, and whose sources they are: the vault's have a profile of their own. */
const KINDS = {
  RoutingBatchRegistry: { out: 'out', folders: ['src/'] },
  StakeVault: { out: 'out-stake', folders: ['src/', 'src/stake/'] },
  RuleBook: { out: 'out-stake', folders: ['src/', 'src/stake/'] },
  Answers: { out: 'out-stake', folders: ['src/', 'src/stake/'] },
};

// Names and texts of the sources, so that who has no compiler sees that an artifact is older than they are.
function sourceHash(folders) {
  const hash = createHash('sha256');
  for (const folder of folders) {
    for (const file of readdirSync(here(folder)).filter((name) => name.endsWith('.sol')).sort()) {
      hash.update(`${file}\0`).update(readFileSync(here(`${folder}${file}`))).update('\0');
    }
  }
  return hash.digest('hex');
}

/** Where in the deployed code words stand that only its birth decides, from the first byte on. */
function immutables({ immutableReferences = {} }) {
  return Object.values(immutableReferences).flat().map(({ start }) => start).sort((a, b) => a - b);
}

function artifact(name) {
  const { out, folders } = KINDS[name];
  const built = JSON.parse(readFileSync(here(`${out}/${name}.sol/${name}.json`), 'utf8'));
  const { compiler, settings } = built.metadata;
  const words = immutables(built.deployedBytecode);
  return {
    contractName: name,
    solc: compiler.version.split('+')[0],
    settings: { evmVersion: settings.evmVersion, optimizerRuns: settings.optimizer.runs },
    sourceHash: sourceHash(folders),
    abi: built.abi,
    bytecode: built.bytecode.object,
    deployedBytecode: built.deployedBytecode.object,
    ...(words.length ? { immutables: words } : {}),
  };
}

const [action, ...names] = process.argv.slice(2);
for (const name of names) {
  const target = here(`artifacts/${name}.json`);
  const text = `${JSON.stringify(artifact(name), null, 2)}\n`;
  if (action === 'write') {
    writeFileSync(target, text);
  } else if (readFileSync(target, 'utf8') !== text) {
    console.error(`contracts/artifacts/${name}.json is not what the sources make: run "scripts/contracts update".`);
    process.exit(1);
  }
}
