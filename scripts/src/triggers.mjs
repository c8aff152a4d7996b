// Writes the names of triggers for the Python client: node scripts/src/triggers.mjs. The JavaScript one takes them when it is built.
import { writeFileSync } from 'node:fs';
import { triggers } from '../../clients/js/build.js';

const TO = new URL('../../clients/python/openledger_verify/triggers.py', import.meta.url);

const names = triggers().split(', ').map((name) => `    "${name}",\n`);
writeFileSync(
  TO,
  `"""The names of openledger.routing.Trigger by code. Written by \`make generate\`."""\n\nTRIGGERS = (\n${names.join('')})\n`,
);
