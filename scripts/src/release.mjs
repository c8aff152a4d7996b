// Checksums, a statement of where a release comes from, and signatures of both; see scripts/release.
//   node scripts/src/release.mjs sign DIR KEY TAG | check DIR PUB
import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const SUMS = 'SHA256SUMS';
const SIGNATURE = `${SUMS}.sig`;
const STATEMENT = 'provenance.intoto.json';
const OURS = [SUMS, SIGNATURE, STATEMENT];
const TYPE = 'application/vnd.in-toto+json';

const digest = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Each file of a release with its digest, by name; what this makes is not among them. */
export function subjects(folder) {
  return readdirSync(folder)
    .filter((name) => !OURS.includes(name))
    .sort()
    .map((name) => ({ name, digest: { sha256: digest(join(folder, name)) } }));
}

const sums = (files) => files.map(({ name, digest }) => `${digest.sha256}  ${name}\n`).join('');

/** An in-toto statement with the predicate of SLSA's provenance, version 1: what was made, of which commit, by which commands. */
export function statement(files, { tag, commit, tools }) {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: files,
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'https://openledger.example/release/v1',
        externalParameters: { tag, command: 'scripts/release build' },
        internalParameters: tools,
        resolvedDependencies: [{ uri: 'git+https://openledger.example/openledger', digest: { gitCommit: commit } }],
      },
      runDetails: { builder: { id: 'https://openledger.example/release/by-hand' } },
    },
  };
}

/** What DSSE signs in place of a payload: its type and length before it, so that nothing else has the same bytes. */
const encoded = (payload) => Buffer.concat([Buffer.from(`DSSEv1 ${TYPE.length} ${TYPE} ${payload.length} `), payload]);

/** Reads a private key, which must not stand in the repository: there it would be one commit away from everybody. */
export function privateKey(file, repository) {
  const path = realpathSync(file);
  if (path.startsWith(realpathSync(repository) + sep)) throw new Error(`${file} stands in the repository: keep the signing key elsewhere`);
  return createPrivateKey({ key: readFileSync(path), passphrase: process.env.OPENLEDGER_RELEASE_PASSPHRASE });
}

/** Writes checksums, statement and signatures into the folder. */
export function signRelease(folder, key, source) {
  const files = subjects(folder);
  if (files.length === 0) throw new Error(`there is nothing in ${folder}`);
  const list = Buffer.from(sums(files));
  const payload = Buffer.from(JSON.stringify(statement(files, source)));
  const keyid = keyId(createPublicKey(key));
  writeFileSync(join(folder, SUMS), list);
  writeFileSync(join(folder, SIGNATURE), `${sign('sha256', list, key).toString('base64')}\n`);
  const envelope = {
    payloadType: TYPE,
    payload: payload.toString('base64'),
    signatures: [{ keyid, sig: sign('sha256', encoded(payload), key).toString('base64') }],
  };
  writeFileSync(join(folder, STATEMENT), `${JSON.stringify(envelope)}\n`);
  return files.length;
}

const keyId = (key) =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');

/** What is wrong with a release, in sentences; none if all holds. */
export function wrongWith(folder, key) {
  const files = subjects(folder);
  const list = readFileSync(join(folder, SUMS));
  const envelope = JSON.parse(readFileSync(join(folder, STATEMENT), 'utf8'));
  const payload = Buffer.from(envelope.payload, 'base64');
  const signed = (bytes, signature) => verify('sha256', bytes, key, Buffer.from(signature, 'base64'));
  if (!signed(list, readFileSync(join(folder, SIGNATURE), 'utf8'))) return [`${SIGNATURE} is not of this key, or not of ${SUMS}`];
  if (envelope.payloadType !== TYPE || !envelope.signatures.some(({ sig }) => signed(encoded(payload), sig)))
    return [`${STATEMENT} is not signed with this key`];
  const listed = new Map(
    list
      .toString()
      .trim()
      .split('\n')
      .map((line) => line.split('  ').reverse()),
  );
  const stated = new Map(JSON.parse(payload.toString()).subject.map(({ name, digest }) => [name, digest.sha256]));
  const there = new Map(files.map(({ name, digest }) => [name, digest.sha256]));
  return [SUMS, STATEMENT].flatMap((where, at) => {
    const known = [listed, stated][at];
    return [
      ...[...known]
        .filter(([name, sha256]) => there.get(name) !== sha256)
        .map(([name]) => `${name} is ${there.has(name) ? 'not the one' : 'missing, which is'} in ${where}`),
      ...[...there.keys()].filter((name) => !known.has(name)).map((name) => `${name} is not in ${where}`),
    ];
  });
}

const said = (command, ...parameters) =>
  execFileSync(command, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    .trim()
    .split('\n')[0];

function main([what, folder, key, tag]) {
  if (what === 'sign') {
    const tools = { java: said('java', '--version'), node: process.version, buildah: said('buildah', '--version') };
    const count = signRelease(folder, privateKey(key, '.'), { tag, commit: said('git', 'rev-parse', 'HEAD'), tools });
    console.log(`${folder}: ${count} files, with ${OURS.join(', ')}`);
    return;
  }
  const wrong = wrongWith(folder, createPublicKey(readFileSync(key)));
  wrong.forEach((one) => console.error(one));
  if (wrong.length > 0) process.exit(1);
  console.log(`${folder}: every file is the one that was signed.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main(process.argv.slice(2));
  } catch (e) {
    console.error(e.message);
    process.exit(1);
  }
}
