// Writes what the verifiers know of the code of a vault, the state of its hash: with that they find where a vault of some terms has to be.
// node scripts/src/vault-code.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { fromHex, hex } from '../../src/main/resources/page/bytes.js';
import { RATE, absorb } from '../../src/main/resources/page/keccak.js';

const ROOT = new URL('../../', import.meta.url);
const DIGITS = 100;

const { bytecode } = JSON.parse(readFileSync(new URL('contracts/artifacts/StakeVault.json', ROOT), 'utf8'));
const code = fromHex(bytecode);
const whole = code.length - (code.length % RATE);
const state = hex(absorb(code.slice(0, whole))).slice(2);
const rest = hex(code.slice(whole)).slice(2);
const rows = state.match(new RegExp(`.{${DIGITS}}`, 'g'));

function write(path, ...changes) {
  const file = new URL(path, ROOT);
  let text = readFileSync(file, 'utf8');
  for (const [pattern, value] of changes) {
    if (!pattern.test(text)) {
      throw new Error(`${path} has no ${pattern}`);
    }
    text = text.replace(pattern, (_, before) => before + value);
  }
  writeFileSync(file, text);
}

write(
  'src/main/java/openledger/commitment/stake/VaultCode.java',
  [/(STATE = """\n)[^"]*/, `${rows.map((row) => `            ${row}\n`).join('')}            `],
  [/(REST = ")[^"]*/, rest],
);
for (const path of ['src/main/resources/page/backing.js', 'clients/python/openledger_verify/backing.py']) {
  write(path, [/(VAULT_STATE =[\s(]*")[^"]*/, `0x${state}`], [/(VAULT_REST = ")[^"]*/, `0x${rest}`]);
}
