import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bySection, describe, llms, llmsFull, pagesBelow } from './pages.mjs';

const page = (path, text) => ({ ...describe(path, text), text });

test('a page is described by its first heading and the first sentence of its prose', () => {
  const text = '# How to `use` it\n\n| a | b |\n| --- | --- |\n\n```sh\nrun. it.\n```\n\nAs *[the other](x.md)* does `*`,\nin version 1.2 too. More.\n';

  assert.deepEqual(describe('docs/how-to/operate.md', text), {
    path: 'docs/how-to/operate.md',
    section: 'How to',
    title: 'How to use it',
    summary: 'As the other does *, in version 1.2 too.',
  });
});

test('a label in bold is no sentence', () => {
  assert.equal(describe('README.md', '# A\n\n**What it means.** It burns. Fast.\n').summary, 'It burns.');
});

test('a page without a heading is refused', () => {
  assert.throws(() => describe('docs/README.md', 'Text.'), /docs\/README\.md has no heading/);
});

test('llms.txt has the form of llmstxt.org', () => {
  const pages = [
    page('CHANGELOG.md', '# Changes\n\nWhat changed.\n'),
    page('README.md', '# Product\n\nIt routes. Well.\n'),
    page('docs/tutorials/first-request.md', '# One\n\nLearn it:\n'),
  ];

  assert.equal(
    llms(pages),
    '# Product\n\n> It routes.\n\n## Start\n\n- [Product](README.md): It routes.\n\n' +
      '## Tutorials\n\n- [One](docs/tutorials/first-request.md): Learn it.\n\n## Project\n\n- [Changes](CHANGELOG.md): What changed.\n',
  );
  assert.match(llmsFull(pages), /^<!-- CHANGELOG\.md -->\n\n# Changes\n\nWhat changed\.\n\n<!-- README\.md -->\n/);
});

test('every page of the repository has a title, a first sentence and a section', () => {
  const pages = pagesBelow('.');

  assert.deepEqual(
    pages.filter(({ title, summary }) => title === '' || summary === '').map(({ path }) => path),
    [],
  );
  assert.equal(bySection(pages).flatMap(([, some]) => some).length, pages.length);
});
