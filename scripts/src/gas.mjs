// Writes the tables of gas in documents from the snapshots of the contracts' tests, or checks that they are still the same:
//   node gas.mjs write | check
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const snapshot = (name) => JSON.parse(readFileSync(here(`contracts/snapshots/${name}.json`), 'utf8'));
const gas = { ...snapshot('GasTest'), ...snapshot('VaultGasTest') };
const LEAVES = 1200;

const number = (value) => Math.round(value).toLocaleString('en-US');
/** Gas of each entry of the snapshots that is named. */
const of = (...names) =>
  names
    .map((name) => {
      if (!(name in gas)) throw new Error(`no snapshot has "${name}"`);
      return number(gas[name]);
    })
    .join(', ');
const each = (name, many, what) => `${of(name)} (${number(gas[name] / many)} ${what})`;

const BEHIND = 'commitBatch, 1200 leaves, behind the vault';
const TABLES = {
  registry: [
    'transaction',
    ['`commitBatch`, 1,200 leaves', each('commitBatch, 1200 leaves', LEAVES, 'a decision')],
    ['the same, first of a lane', of('commitBatch, first of a lane')],
    ['the same, with a gate that writes two words', of('commitBatch, gate that keeps a word and a count')],
    ['`commitBatchWithData`, 1,200 leaves', each('commitBatchWithData, 1200 leaves', LEAVES, 'a decision')],
    ['`openLane`', of('openLane')],
    ['`rotateCommitter`', of('rotateCommitter')],
    ['`setSigner`', of('setSigner')],
    ['`publishPolicy`, one route', of('publishPolicy, one route')],
    ['`verifyLeaf` in a log of 10^3 leaves (10 neighbours), execution alone', of('verifyLeaf, log of 10^3, without call data')],
    ['the same, 10^6 leaves (19 neighbours)', of('verifyLeaf, log of 10^6, without call data')],
    ['the same, 10^9 leaves (23 neighbours)', of('verifyLeaf, log of 10^9, without call data')],
  ],
  vault: [
    'transaction',
    ['`commitBatch` behind the vault', each(BEHIND, LEAVES, 'a decision')],
    ['the same, with stake by volume', of(`${BEHIND}, stake by volume`)],
    ['`proveLeaf`', of('proveLeaf')],
    ['`provePair`', of('provePair')],
    ['`proveTwice`', of('proveTwice')],
    ['`proveOvertaken`', of('proveOvertaken')],
    ['`proveDiffers`', of('proveDiffers')],
    ['`proveForked`', of('proveForked')],
    ['`proveEquivocation`', of('proveEquivocation')],
    ['`openOmitted`, `answerOmitted`', of('openOmitted', 'answerOmitted')],
    ['`openWithheld`, `answerWithheld`', of('openWithheld', 'answerWithheld')],
    ['`openPlanMissing`, `answerPlanMissing`', of('openPlanMissing', 'answerPlanMissing')],
    ['`openOutcomeMissing`, `answerOutcomeMissing`', of('openOutcomeMissing', 'answerOutcomeMissing')],
    ['`openCounterMissing`, `answerOutcomeMissing`', of('openCounterMissing', 'answerOutcomeMissing, of a counter')],
    ['`openRecordWithheld`, `answerRecordWithheld` with 4,096 bytes', of('openRecordWithheld', 'answerRecordWithheld, 4096 bytes')],
    ['`answerMany`, 10 leaves', each('answerMany, 10 leaves', 10, 'an answer')],
    ['`conclude`', of('conclude')],
    ['`deposit`, `askWithdrawal`, `withdraw`', of('deposit', 'askWithdrawal', 'withdraw')],
    ['`deposit`, `conclude` where the stake is a token', of('deposit, of a token', 'conclude, of a token')],
    ['deployment of the vault, with its rule book', of('deployment of StakeVault')],
    ['deployment of `Answers`', of('deployment of Answers')],
  ],
  costs: [
    'on chain',
    ['a decision in batches of 1,200, with a stake at risk', number(gas[BEHIND] / LEAVES)],
    ['a batch, without and with a stake', of('commitBatch, 1200 leaves', BEHIND)],
    ['to open a lane', of('openLane')],
    ['to prove that one leaf breaks a rule', of('proveLeaf')],
    ['to ask for a leaf that is kept back, and to show it', of('openWithheld', 'answerWithheld')],
    ['to show ten of them at once, each', number(gas['answerMany, 10 leaves'] / 10)],
    ['to win such a game', of('conclude')],
    ['to put stake at risk, to ask for it back, to get it', of('deposit', 'askWithdrawal', 'withdraw')],
    ['to deploy registry and vault, which anybody may do once', of('deployment of RoutingBatchRegistry', 'deployment of StakeVault')],
  ],
};
const FILES = { 'contracts/README.md': ['registry', 'vault'], 'README.md': ['costs'] };

const table = ([head, ...rows]) => [`| ${head} | gas |`, '| --- | ---: |', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');

const action = process.argv[2];
for (const [file, names] of Object.entries(FILES)) {
  const text = readFileSync(here(file), 'utf8');
  let made = text;
  for (const name of names) {
    const block = new RegExp(`<!-- gas: ${name} -->\n[^]*?<!-- end -->`);
    if (!block.test(made)) throw new Error(`${file} has no place for the table "${name}"`);
    made = made.replace(block, `<!-- gas: ${name} -->\n${table(TABLES[name])}\n<!-- end -->`);
  }
  if (action === 'write') {
    writeFileSync(here(file), made);
  } else if (made !== text) {
    console.error(`The gas in ${file} is not that of contracts/snapshots: run "scripts/contracts update".`);
    process.exit(1);
  }
}
