// The pictures in docs/pictures: where they come from, and whether they are of today.
//   node scripts/src/pictures.mjs page|board    takes the pictures of one kind, which "scripts/pictures" has had drawn
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesBelow } from './pages.mjs';

export const FOLDER = 'docs/pictures';
export const MANIFEST = `${FOLDER}/manifest.json`;

/** Each picture: how it is drawn, from which file it is taken, how much of its height, and which sources it shows. */
export const PICTURES = {
  'receipt.webp': { kind: 'page', from: 'target/page/receipt.png', shows: 'src/main/resources/page' },
  'story.webp': { kind: 'page', from: 'target/page/story.png', shows: 'src/main/resources/page' },
  'providers.webp': {
    kind: 'board',
    from: 'target/dashboards/providers.png',
    height: 1265,
    shows: 'dashboards/generated/providers.json',
  },
};

/** Where playwright-core is, for each kind: beside what has drawn it. */
const DRIVERS = { page: 'src/test/js/', board: 'dashboards/draw/' };
const QUALITY = 0.85;

const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** The digest of a file, or of all files below a folder with their names. */
export function digestOf(path) {
  if (!statSync(path).isDirectory()) return digest(readFileSync(path));
  const files = filesBelow(path).sort();
  return digest(files.map((file) => `${file} ${digest(readFileSync(join(path, file)))}\n`).join(''));
}

/** One sentence for each picture that is missing, changed, or older than what it shows. */
export function stale(root, pictures, manifest) {
  return Object.entries(pictures).flatMap(([name, { shows }]) => {
    const file = join(root, FOLDER, name);
    const noted = manifest[name];
    if (!existsSync(file) || !noted) return [`${name} is missing: run "make pictures"`];
    if (digestOf(file) !== noted.picture) return [`${name} is not the picture that was taken: run "make pictures"`];
    if (digestOf(join(root, shows)) !== noted.shows) return [`${name} is older than ${shows}, which it shows: run "make pictures"`];
    return [];
  });
}

/** Takes the pictures of a kind from what was drawn: as WebP, which is a third of the size. */
async function take(kind) {
  const { chromium } = createRequire(resolve(DRIVERS[kind], 'package.json'))('playwright-core');
  const browser = await chromium.launch({
    executablePath: process.env.OPENLEDGER_BROWSER ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage();
    const manifest = existsSync(MANIFEST) ? JSON.parse(readFileSync(MANIFEST, 'utf8')) : {};
    for (const [name, { from, height, shows }] of Object.entries(PICTURES).filter(([, one]) => one.kind === kind)) {
      const encoded = await page.evaluate(
        async ({ url, most, quality }) => {
          const image = new Image();
          image.src = url;
          await image.decode();
          const canvas = document.createElement('canvas');
          canvas.width = image.width;
          canvas.height = Math.min(image.height, most ?? image.height);
          canvas.getContext('2d').drawImage(image, 0, 0);
          return canvas.toDataURL('image/webp', quality).split(',')[1];
        },
        { url: `data:image/png;base64,${readFileSync(from).toString('base64')}`, most: height, quality: QUALITY },
      );
      writeFileSync(join(FOLDER, name), Buffer.from(encoded, 'base64'));
      manifest[name] = { picture: digestOf(join(FOLDER, name)), shows: digestOf(shows) };
      console.log(`${FOLDER}/${name}`);
    }
    const sorted = Object.fromEntries(Object.keys(PICTURES).map((name) => [name, manifest[name]]));
    writeFileSync(MANIFEST, JSON.stringify(sorted, null, 2) + '\n');
  } finally {
    await browser.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await take(process.argv[2]);
