// Checks a built site: every link and every picture is there, anchors included, and nothing is loaded from elsewhere:
//   node scripts/src/site.mjs folder [--base /x/]
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Stands for the host of the site, which nobody knows while it is built. */
const HOST = 'http://site.invalid';

/** One sentence for each thing that is wrong with the site in a folder. */
export function problemsOf(folder, base = '/') {
  const text = (path) => readFileSync(join(folder, path), 'utf8');
  const files = readdirSync(folder, { recursive: true }).filter((path) => statSync(join(folder, path)).isFile());
  const htmls = files.filter((path) => path.endsWith('.html'));
  const anchors = new Map(htmls.map((path) => [path, new Set([...text(path).matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id))]));

  const wrong = (path, tag, reference) => {
    const url = new URL(reference, `${HOST}${base}${path}`);
    if (url.protocol === 'data:') return undefined;
    if (url.origin !== HOST) return tag === 'a' ? undefined : 'is loaded from elsewhere';
    if (!url.pathname.startsWith(base)) return 'is not below the base of the site';
    const at = decodeURI(url.pathname.slice(base.length));
    const file = at === '' || at.endsWith('/') ? `${at}index.html` : at;
    if (!existsSync(join(folder, file))) return 'is not there';
    const anchor = decodeURIComponent(url.hash.slice(1));
    return anchor && anchors.has(file) && !anchors.get(file).has(anchor) ? 'has no such anchor' : undefined;
  };

  const references = htmls.flatMap((path) =>
    [...text(path).matchAll(/<(\w+)\s[^>]*?\b(?:href|src)="([^"]*)"/g)].map(([, tag, reference]) => ({
      path,
      reference,
      why: wrong(path, tag, reference.replaceAll('&amp;', '&')),
    })),
  );
  const dead = references.filter(({ why }) => why).map(({ path, reference, why }) => `${path}: ${reference} ${why}`);
  const foreign = files
    .filter((path) => path.endsWith('.css') && /(?:url\(|@import\s*)["']?(?:https?:)?\/\//.test(text(path)))
    .map((path) => `${path}: loads something from elsewhere`);
  return [...new Set([...dead, ...foreign, ...(references.length === 0 ? ['The site has no links at all.'] : [])])];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, , base] = process.argv.slice(2);
  const problems = problemsOf(folder, base);
  problems.forEach((line) => console.error(line));
  process.exitCode = problems.length === 0 ? 0 : 1;
}
