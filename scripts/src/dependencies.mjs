// See scripts/dependencies.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { complaints, families, hasTwoNumbers, parseUpdates, renewed, representative, shipped } from './approved.mjs';
import { billOfMaterials, licenceCounts, licences } from './sbom.mjs';

const APPROVED = 'deploy/dependencies.json';
const BUILD = process.argv[2] === 'sbom' ? 'target/production' : 'target';
const PACKAGE = `${BUILD}/quarkus-app`;
const OLD_DAYS = 30;

function librariesOfPackage() {
  const lines = readFileSync(`${PACKAGE}/quarkus-app-dependencies.txt`, 'utf8').trim().split('\n');
  return shipped(
    lines,
    ['boot', 'main'].flatMap((folder) => readdirSync(`${PACKAGE}/lib/${folder}`)),
  );
}

const readApproved = () => JSON.parse(readFileSync(APPROVED, 'utf8'));

/** One line a family. */
function write(approved) {
  const { families: all, ...rest } = approved;
  const head = JSON.stringify({ ...rest, families: [] }, null, 2).replace(/\[\]\n}$/, '[\n');
  writeFileSync(APPROVED, `${head}${all.map((one) => `    ${JSON.stringify(one)}`).join(',\n')}\n  ]\n}\n`);
}

function check() {
  const approved = readApproved();
  const libraries = librariesOfPackage();
  const wrong = complaints(libraries, approved);
  wrong.forEach((one) => console.error(one));
  if (wrong.length > 0) {
    console.error(
      `The libraries of the package are not those of ${APPROVED}; "scripts/dependencies look-up" writes it anew (CONTRIBUTING.md).`,
    );
    process.exit(1);
  }
  const days = Math.floor((Date.now() - Date.parse(approved.lookedUp)) / 86_400_000);
  const behind = approved.families.filter(({ why }) => why).length;
  console.log(
    `${libraries.length} libraries are as approved, ${behind} of ${approved.families.length} lines behind for a reason.`,
  );
  if (days > OLD_DAYS) console.log(`They were looked up ${days} days ago: "scripts/dependencies look-up".`);
}

/** Newest patches, by group:artifact. Asks for one library a family. */
function ask(all, minor) {
  const folder = 'target/dependencies';
  mkdirSync(folder, { recursive: true });
  const wanted = all.filter(({ version }) => hasTwoNumbers(version) === minor);
  const dependencies = wanted.map(
    (family) =>
      `<dependency><groupId>${family.group}</groupId><artifactId>${representative(family)}</artifactId><version>${family.version}</version></dependency>`,
  );
  const pom = `${folder}/pom.xml`;
  writeFileSync(
    pom,
    `<project><modelVersion>4.0.0</modelVersion><groupId>look</groupId><artifactId>up</artifactId><version>1</version>
<dependencies>${dependencies.join('\n')}</dependencies></project>\n`,
  );
  const report = `${folder}/updates.txt`;
  writeFileSync(report, '');
  execFileSync(
    'mvn',
    [
      '-q',
      '-B',
      '-ntp',
      '-U',
      '-f',
      pom,
      'org.codehaus.mojo:versions-maven-plugin:2.18.0:display-dependency-updates',
      '-DallowMajorUpdates=false',
      `-DallowMinorUpdates=${minor}`,
      '-Dmaven.version.ignore=(?i).*[.-](alpha|beta|rc|cr|m)[-.]?[0-9]*',
      '-Dversions.outputFile=updates.txt',
      '-Dversions.outputLineWidth=250',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return parseUpdates(readFileSync(report, 'utf8'));
}

function lookUp() {
  const libraries = librariesOfPackage();
  const all = families(libraries);
  const newest = new Map([...ask(all, false), ...ask(all, true)]);
  const day = new Date().toISOString().slice(0, 10);
  write(renewed(libraries, readApproved(), (group, artifact) => newest.get(`${group}:${artifact}`), day));
  check();
}

function sbom() {
  const resolved = readdirSync(BUILD).find((file) => file.endsWith('-dependency-cyclonedx.json'));
  const hashes = new Map(
    ['boot', 'main'].flatMap((folder) =>
      readdirSync(`${PACKAGE}/lib/${folder}`).map((file) => [
        file,
        createHash('sha256')
          .update(readFileSync(`${PACKAGE}/lib/${folder}/${file}`))
          .digest('hex'),
      ]),
    ),
  );
  const bill = billOfMaterials(JSON.parse(readFileSync(`${BUILD}/${resolved}`, 'utf8')), librariesOfPackage(), (file) =>
    hashes.get(file),
  );
  mkdirSync('target/sbom', { recursive: true });
  const text = `${JSON.stringify(bill, null, 2)}\n`;
  writeFileSync('target/sbom/openledger.cdx.json', text);
  writeFileSync('target/sbom/licences.txt', licences(bill));
  for (const [name, count] of licenceCounts(bill)) console.log(`${String(count).padStart(4)}  ${name}`);
  console.log(
    `target/sbom/openledger.cdx.json: ${bill.components.length} libraries, sha256 ${createHash('sha256').update(text).digest('hex')}`,
  );
}

({ check, 'look-up': lookUp, sbom })[process.argv[2]]();
