// The Markdown pages of the repository. The site and the tests of links read them here.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders that are made or installed, and no part of the project. */
export const FOREIGN = ['.git', '.data', 'node_modules', 'target', 'out', 'cache', 'lib'];

/** The parts of the site, in the order of its menu: title, and the pages that belong to it. */
export const SECTIONS = [
  ['Start', /^(README|docs\/README)\.md$/],
  ['Tutorials', /^docs\/tutorials\//],
  ['How to', /^docs\/how-to\//],
  ['Reference', /^docs\/reference\//],
  ['Runbooks', /^docs\/runbooks\//],
  ['Explanation', /^docs\/explanation\//],
  ['Results', /^docs\/results\//],
  ['Project', /./],
];

/** All files below a folder, without what is made or installed. */
export const filesBelow = (folder, path = '') =>
  readdirSync(join(folder, path), { withFileTypes: true }).flatMap((entry) => {
    const file = path === '' ? entry.name : `${path}/${entry.name}`;
    if (entry.isDirectory()) return FOREIGN.includes(entry.name) ? [] : filesBelow(folder, file);
    return [file];
  });

/** The anchor of a heading, as the common forges make it. */
export const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, '')
    .trim()
    .replaceAll(' ', '-');

/** A text without the marks that Markdown knows inside a line. */
const plain = (text) =>
  text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\*{1,2}(\S[^*`]*?)\*{1,2}/g, '$1')
    .replace(/`/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** Path, section, title and first sentence of a page. The title is its first heading. */
export function describe(path, text) {
  const [, title] = /^# (.*)$/m.exec(text) ?? [];
  if (!title) throw new Error(`${path} has no heading of the first level`);
  const prose = text
    .replace(/```[\s\S]*?```/g, '')
    .split(/\n\s*\n/)
    // A runbook's paragraphs begin with what they are about, in bold.
    .map((block) => block.trim().replace(/^\*\*[^*]*\.\*\*\s+/, ''))
    .find((block) => block !== '' && !/^([#|<-]|\d+\. )/.test(block));
  const sentence = /^.*?[.:?!](?=\s|$)/.exec(plain(prose ?? ''))?.[0] ?? plain(prose ?? '');
  const section = SECTIONS.find(([, pattern]) => pattern.test(path))[0];
  return { path, section, title: plain(title), summary: sentence.replace(/:$/, '.') };
}

/** All pages below a folder, by path. */
export const pagesBelow = (folder) =>
  filesBelow(folder)
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(folder, path), 'utf8');
      return { ...describe(path, text), text };
    });

/** The pages of each section that has some: [title, pages]. */
export const bySection = (pages) =>
  SECTIONS.map(([title]) => [title, pages.filter(({ section }) => section === title)]).filter(([, some]) => some.length > 0);

/** The list of the pages for language models, after llmstxt.org. Links lead to the Markdown of the pages. */
export function llms(pages) {
  const front = pages.find(({ path }) => path === 'README.md');
  const parts = bySection(pages).map(
    ([title, some]) =>
      `## ${title}\n\n` + some.map(({ path, title: name, summary }) => `- [${name}](${path}): ${summary}\n`).join(''),
  );
  return `# ${front.title}\n\n> ${front.summary}\n\n${parts.join('\n')}`;
}

/** The text of all pages, one after the other, each under its path. */
export const llmsFull = (pages) => pages.map(({ path, text }) => `<!-- ${path} -->\n\n${text.trim()}\n`).join('\n');
