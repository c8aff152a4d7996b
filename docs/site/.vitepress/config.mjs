// The site of README and docs/. Its pages are the Markdown files where they are; "scripts/docs" builds it.
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { FOREIGN, anchorOf, bySection, filesBelow, llms, llmsFull, pagesBelow } from '../../../scripts/src/pages.mjs';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SITE = join(ROOT, 'docs/site');
const pages = pagesBelow(ROOT);
const icon = readFileSync(join(ROOT, 'src/main/resources/page/icon.svg'), 'utf8');
const addressOf = (path) => '/' + path.replace(/README\.md$/, '').replace(/\.md$/, '');

/** A title as it stands in the menu, where its part stands above it. */
function withoutPart(part, title) {
  const rest = title.startsWith(`${part} `) ? title.slice(part.length + 1) : title;
  return rest[0].toUpperCase() + rest.slice(1);
}

/** Files that are no pages, but to which pages link. They are copied into the site. */
const linked = new Set();

/** Makes links to README.md lead to the page of the folder, and links to other files to their copies. */
function links(md) {
  const page = md.renderer.rules.link_open;
  md.renderer.rules.link_open = (tokens, index, options, env, self) => {
    const href = tokens[index].attrGet('href');
    if (!/^([a-z]+:|#)/.test(href)) {
      const [path, anchor] = href.split('#');
      const file = normalize(join(dirname(env.realPath ?? env.path), path)).slice(ROOT.length);
      if (path.endsWith('README.md')) {
        tokens[index].attrSet('href', path.replace(/README\.md$/, 'index.md') + (anchor ? `#${anchor}` : ''));
      } else if (!path.endsWith('.md') && existsSync(ROOT + file) && statSync(ROOT + file).isFile()) {
        linked.add(file);
        tokens[index].attrSet('target', '_blank');
      }
    }
    return page(tokens, index, options, env, self);
  };
}

/** Diagrams are drawn in the browser, by the component Mermaid. */
function diagrams(md) {
  const code = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, ...others) =>
    tokens[index].info.trim() === 'mermaid'
      ? `<Mermaid source="${encodeURIComponent(tokens[index].content)}" />`
      : code(tokens, index, ...others);
}

/** Pages are not below this folder, where Vue is installed, so their imports of it are resolved as this folder's. */
const vueOfTheSite = {
  name: 'vue-of-the-site',
  enforce: 'pre',
  resolveId(source, importer, options) {
    return /^vue(\/|$)/.test(source) && importer?.endsWith('.md')
      ? this.resolve(source, join(SITE, 'package.json'), { ...options, skipSelf: true })
      : null;
  },
};

export default defineConfig({
  title: 'OpenLedger',
  description: pages.find(({ path }) => path === 'README.md').summary,
  lang: 'en',
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(icon)}` }]],
  srcDir: ROOT,
  srcExclude: FOREIGN.map((folder) => `**/${folder}/**`),
  rewrites: (path) => path.replace(/README\.md$/, 'index.md'),
  outDir: join(ROOT, 'target/site'),
  cacheDir: join(ROOT, 'target/site-cache'),
  markdown: {
    anchor: { slugify: anchorOf },
    config(md) {
      links(md);
      diagrams(md);
      // Vue would drop a line's end between two marked words.
      md.renderer.rules.softbreak = () => ' ';
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: 2,
    nav: bySection(pages)
      .filter(([title]) => !['Start', 'Project'].includes(title))
      .map(([text, [first, ...others]]) => ({
        text,
        link: addressOf((others.find(({ path }) => path.endsWith('README.md')) ?? first).path),
      })),
    sidebar: bySection(pages).map(([text, some]) => ({
      text,
      collapsed: !['Start', 'Tutorials', 'How to', 'Reference'].includes(text),
      items: some.map(({ path, title }) => ({ text: withoutPart(text, title), link: addressOf(path) })),
    })),
  },
  vite: {
    build: { chunkSizeWarningLimit: 4000 },
    plugins: [vueOfTheSite],
  },
  buildEnd({ outDir }) {
    const write = (path, text) => {
      mkdirSync(dirname(join(outDir, path)), { recursive: true });
      writeFileSync(join(outDir, path), text);
    };
    write('llms.txt', llms(pages));
    write('llms-full.txt', llmsFull(pages));
    pages.forEach(({ path, text }) => write(path, text));
    const pictures = filesBelow(join(ROOT, 'docs/pictures')).map((name) => `docs/pictures/${name}`);
    for (const file of [...linked, ...pictures]) {
      mkdirSync(dirname(join(outDir, file)), { recursive: true });
      copyFileSync(join(ROOT, file), join(outDir, file));
    }
  },
});
