// The table of docs/results/proofs.md. Pure: text in, text out.

export const VERDICTS = ['passed', 'failed', 'skipped', 'not run'];
export const OLD_COMMITS = 150;

const HEAD = `# The long proofs

Written by \`make proofs\`; \`make proofs PROOF=chaos\` runs one of them and writes its row.
\`make test\` fails while a row says *failed*, and prints the rows that are older than ${OLD_COMMITS} commits.
A commit with a + had changes beside it that were not committed.

| proof | commit | date | verdict | figure |
| --- | --- | --- | --- | --- |
`;

const NOTHING = '–';

/** The rows of the table, by proof; throws if a row is not one. */
export function parse(text) {
  const rows = new Map();
  for (const line of text
    .split('\n')
    .filter((one) => one.startsWith('| '))
    .slice(2)) {
    const cells = line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('\\|', '|'));
    const [proof, commit, date, verdict, figure] = cells;
    if (cells.length !== 5 || !VERDICTS.includes(verdict)) throw new Error(`not a row of the proofs: ${line}`);
    rows.set(proof, { commit, date, verdict, figure });
  }
  return rows;
}

/** The whole file: one row a proof, in the order of the proofs. */
export function format(proofs, rows) {
  const line = (proof) => {
    const row = rows.get(proof) ?? { verdict: 'not run' };
    const cells = [proof, row.commit, row.date, row.verdict, row.figure];
    return `| ${cells.map((cell) => (cell || NOTHING).replaceAll('|', '\\|')).join(' | ')} |\n`;
  };
  return HEAD + proofs.map(line).join('');
}

/** The rows after a run. What was not run says so only where nothing better is known. */
export function updated(rows, proof, row) {
  const known = rows.get(proof);
  if (row.verdict === 'skipped' && ['passed', 'failed'].includes(known?.verdict)) return rows;
  return new Map(rows).set(proof, row);
}

/** The last figure in what a proof has printed, or nothing. */
export function figureOf(printed) {
  return [...printed.matchAll(/^\s*figure: (.+?)\s*$/gm)].at(-1)?.[1] ?? '';
}

/**
 * What the rows say. commitsSince: by commit, how many commits came after it, or undefined where that cannot be known.
 * Lines of failed and unknown make `make test` fail, those of notes are only printed.
 */
export function judge(proofs, rows, commitsSince) {
  const failed = [];
  const notes = [];
  for (const proof of rows.keys()) {
    if (!proofs.includes(proof)) failed.push(`${proof} is in the table and no proof`);
  }
  for (const proof of proofs) {
    const row = rows.get(proof);
    if (!row) failed.push(`${proof} is a proof and not in the table`);
    else if (row.verdict === 'failed') failed.push(`${proof} failed at ${row.commit}: ${row.figure}`);
    else if (row.verdict !== 'passed') notes.push(`${proof}: ${row.verdict}`);
    else {
      const commits = commitsSince(row.commit.replace('+', ''));
      if (commits === undefined) notes.push(`${proof}: its age is not known, ${row.commit} is not in this clone`);
      else if (commits > OLD_COMMITS) notes.push(`${proof}: ${commits} commits old`);
    }
  }
  return { failed, notes };
}
