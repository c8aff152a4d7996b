// Writes artifacts/RoutingBatchRegistry.json from what forge has built, or checks that it is still the same:
//   node artifact.js write | check
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

const NAME = 'RoutingBatchRegistry';
const here = (path) => new URL(path, import.meta.url);
const target = here(`artifacts/${NAME}.json`);

// Names and texts of the registry's sources, so that who has no compiler sees that an artifact is older than they are.
function sourceHash() {
  const hash = createHash('sha256');
  for (const file of readdirSync(here('src/')).filter((name) => name.endsWith('.sol')).sort()) {
    hash.update(`${file}\0`).update(readFileSync(here(`src/${file}`))).update('\0');
  }
  return hash.digest('hex');
}

function artifact() {
  const built = JSON.parse(readFileSync(here(`out/${NAME}.sol/${NAME}.json`), 'utf8'));
  const { compiler, settings } = built.metadata;
  return {
    contractName: NAME,
    solc: compiler.version.split('+')[0],
    settings: { evmVersion: settings.evmVersion, optimizerRuns: settings.optimizer.runs },
    sourceHash: sourceHash(),
    abi: built.abi,
    bytecode: built.bytecode.object,
    deployedBytecode: built.deployedBytecode.object,
  };
}

const text = `${JSON.stringify(artifact(), null, 2)}\n`;
if (process.argv[2] === 'write') {
  writeFileSync(target, text);
} else if (readFileSync(target, 'utf8') !== text) {
  console.error(`contracts/artifacts/${NAME}.json is not what the sources make: run "scripts/contracts update".`);
  process.exit(1);
}
